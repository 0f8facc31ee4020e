//! Rust crates by the sparse index protocol.
//!
//! Only `config.json` is ours: it says where crates are downloaded, and we say here. Index files are
//! signed by their checksums and sent on; a download of any crate comes by, ours are counted.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;
use weir_event::Kind;

use crate::answer::Failure;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// Where crates are downloaded here.
const CRATES: &str = "/crates/";

/// What is asked of the registry.
#[derive(Clone, Debug)]
pub(crate) enum Ask<'a> {
    /// The index's own configuration.
    Config { index: &'a Index },
    /// A crate's archive.
    Crate {
        index: &'a Index,
        name: String,
        version: String,
    },
}

/// Decides a request on a cargo domain.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if path == "/config.json" {
        return Decision::uncounted(Plan::Cargo(Ask::Config { index }));
    }
    let Some(rest) = path.strip_prefix(CRATES) else {
        return index_file(head, path, index);
    };
    let Some((name, version)) = archive(rest) else {
        return Decision::new(
            Plan::Fail(Failure::UnknownPath),
            Fact::new(Kind::BrokenLink, "cargo", "", CRATES),
        );
    };
    let fact = index.counts(&name).then(|| fact(head, &name, &version));
    Decision {
        fact,
        ..Decision::uncounted(Plan::Cargo(Ask::Crate {
            index,
            name,
            version,
        }))
    }
}

fn fact<'a>(head: &Head<'a>, name: &str, version: &str) -> Fact<'a> {
    let mut fact = Fact::new(onward::of_file(head), "cargo", "", CRATES);
    fact.package = Cow::Owned(name.to_owned());
    fact.version = Cow::Owned(version.to_owned());
    fact.artifact = Cow::Owned(format!("{name}-{version}.crate"));
    fact
}

/// Index files go on to the upstream; reading one of ours is metadata.
fn index_file<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    let decision = onward::pass(head, index, path);
    let name = path.rsplit('/').next().unwrap_or_default();
    if !index.counts(name) {
        return decision;
    }
    let mut fact = Fact::new(onward::of_metadata(head), "cargo", "", "index");
    fact.package = Cow::Borrowed(name);
    Decision {
        fact: Some(fact),
        ..decision
    }
}

/// Name and version in `NAME/VERSION/NAME-VERSION.crate`; build metadata may come as `%2B`.
fn archive(rest: &str) -> Option<(String, String)> {
    let mut parts = rest
        .split('/')
        .map(|part| percent_decode_str(part).decode_utf8().ok());
    let (name, version, file) = (parts.next()??, parts.next()??, parts.next()??);
    let whole = parts.next().is_none() && file == format!("{name}-{version}.crate");
    let word = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte))
    };
    (whole && word(&name) && word(&version)).then(|| (name.into_owned(), version.into_owned()))
}

/// The `dl` that this host's `config.json` says.
pub(crate) fn download_template(base: &str) -> String {
    format!("{base}{CRATES}{{crate}}/{{version}}/{{crate}}-{{version}}.crate")
}

/// Expands an upstream's `dl` (cargo book, "Index Configuration").
pub(crate) fn expand(template: &str, name: &str, version: &str) -> String {
    const MARKERS: [&str; 5] = [
        "{crate}",
        "{version}",
        "{prefix}",
        "{lowerprefix}",
        "{sha256-checksum}",
    ];
    let version = version.replace('+', "%2B");
    if !MARKERS.iter().any(|marker| template.contains(marker)) {
        return format!("{template}/{name}/{version}/download");
    }
    let prefix = prefix(name);
    template
        .replace("{crate}", name)
        .replace("{version}", &version)
        .replace("{prefix}", &prefix)
        .replace("{lowerprefix}", &prefix.to_ascii_lowercase())
}

/// The folder of a crate in an index.
fn prefix(name: &str) -> String {
    match name.len() {
        0..=2 => name.len().to_string(),
        3 => format!("3/{}", &name[..1]),
        _ => format!("{}/{}", &name[..2], &name[2..4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_name_crate_and_version_even_with_build_metadata() {
        let read = |rest: &str| archive(rest).map(|(name, version)| format!("{name} {version}"));
        assert_eq!(
            read("rocket/1.0.0/rocket-1.0.0.crate").as_deref(),
            Some("rocket 1.0.0")
        );
        assert_eq!(
            read("rocket-sys/0.5.4%2B5.3.0/rocket-sys-0.5.4%2B5.3.0.crate").as_deref(),
            Some("rocket-sys 0.5.4+5.3.0")
        );
        for wrong in [
            "",
            "rocket",
            "rocket/1.0.0/other-1.0.0.crate",
            "rocket/1.0.0/rocket-1.0.0.crate/x",
            "a%2fb/1/a%2fb-1.crate",
        ] {
            assert_eq!(archive(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn download_addresses_follow_the_upstreams_template() {
        assert_eq!(
            expand("https://static.example/crates", "rocket", "1.0.0"),
            "https://static.example/crates/rocket/1.0.0/download"
        );
        assert_eq!(
            expand("https://x/{prefix}/{crate}-{version}", "Rocket", "1.0.0+b"),
            "https://x/Ro/ck/Rocket-1.0.0%2Bb"
        );
        assert_eq!(
            expand("https://x/{lowerprefix}/{crate}", "Abc", "1"),
            "https://x/3/a/Abc"
        );
    }
}
