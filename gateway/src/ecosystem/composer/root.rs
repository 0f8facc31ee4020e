//! `packages.json` on its way through.

use serde_json::{Map, Value, json};
use url::Url;

use super::{DISTS, INSTALLS, PACKAGES, dists};
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// The template of where documents of packages are, which the upstream tells under this name.
pub(super) const METADATA: &str = "metadata-url";
/// Other addresses that clients resolve against the host they were given.
const ADDRESSES: [&str; 6] = [
    "list",
    "metadata-changes-url",
    "providers-api",
    "providers-lazy-url",
    "providers-url",
    "search",
];

/// Brings metadata, archives and notices here; everything else leads where it led.
pub(super) fn rewrite(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let mut root: Value = serde_json::from_slice(source.body)
        .map_err(|_| Unreadable("a repository's packages.json is JSON"))?;
    let mut files = dists::in_packages(&root);
    let fields = root
        .as_object_mut()
        .ok_or(Unreadable("a repository's packages.json is an object"))?;
    let mount = source.mount();
    if let Some(template) = fields.get(METADATA).and_then(|url| absolute(source, url)) {
        files.insert(METADATA, template.into());
        let ours = format!("{mount}{PACKAGES}%package%.json");
        fields.insert(METADATA.to_owned(), ours.into());
        limit(fields, source);
    }
    fields.insert(
        "notify-batch".to_owned(),
        format!("{mount}{INSTALLS}").into(),
    );
    mirror(fields, mount);
    for name in ADDRESSES {
        lead_on(fields.get_mut(name), source);
    }
    let advisories = fields.get_mut("security-advisories");
    lead_on(
        advisories.and_then(|found| found.get_mut("api-url")),
        source,
    );
    Ok(Rewritten {
        body: root.to_string().into_bytes(),
        files,
    })
}

/// Names us as the first place to try for every archive. Of preferred mirrors the last is tried first.
fn mirror(fields: &mut Map<String, Value>, mount: &str) {
    let ours = json!({
        "dist-url": format!("{mount}{DISTS}%package%/%version%/%reference%.%type%"),
        "preferred": true,
    });
    match fields.get_mut("mirrors") {
        Some(Value::Array(mirrors)) => mirrors.push(ours),
        _ => {
            fields.insert("mirrors".to_owned(), json!([ours]));
        }
    }
}

/// Says which packages are to be had here, where the upstream does not: a client then asks its other
/// repositories alone for the rest.
fn limit(fields: &mut Map<String, Value>, source: &Source<'_>) {
    const PATTERNS: &str = "available-package-patterns";
    if fields.contains_key("available-packages") || fields.contains_key(PATTERNS) {
        return;
    }
    let ours = source.index.packages.iter().map(|pattern| &*pattern.0);
    fields.insert(PATTERNS.to_owned(), ours.collect());
}

/// Points an address that begins at the host's root at the upstream.
fn lead_on(address: Option<&mut Value>, source: &Source<'_>) {
    if let Some(address) = address
        && let Some(url) = absolute(source, address)
    {
        *address = url.as_str().into();
    }
}

/// Clients resolve against the repository's own address, wherever the document came from.
fn absolute(source: &Source<'_>, address: &Value) -> Option<Url> {
    source.index.upstream.join(address.as_str()?).ok()
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::index;

    fn rewritten(body: &str) -> Rewritten {
        let index = index(IndexKind::Composer, "/php/", &["acme/*", "other/one"]);
        let source = Source {
            index: &index,
            name: "packages.json",
            url: &index.upstream,
            base: "https://get.test/php",
            body: body.as_bytes(),
        };
        rewrite(&source).expect("a packages.json")
    }

    #[test]
    fn metadata_archives_and_notices_come_here_and_the_rest_goes_where_it_went() {
        let root = rewritten(
            r#"{"packages":[],"notify-batch":"https://up.test/downloads/","metadata-url":"/p2/%package%.json","search":"/search.json?q=%query%&type=%type%","security-advisories":{"metadata":true,"api-url":"/api/security-advisories/"},"list":"https://elsewhere.test/list.json"}"#,
        );
        assert_eq!(
            root.files[METADATA].to_string(),
            "https://up.test/p2/%package%.json"
        );
        insta::assert_snapshot!(String::from_utf8_lossy(&root.body), @r#"{"packages":[],"notify-batch":"/php/downloads/","metadata-url":"/php/p2/%package%.json","search":"https://up.test/search.json?q=%query%&type=%type%","security-advisories":{"metadata":true,"api-url":"https://up.test/api/security-advisories/"},"list":"https://elsewhere.test/list.json","available-package-patterns":["acme/*","other/one"],"mirrors":[{"dist-url":"/php/dist/%package%/%version%/%reference%.%type%","preferred":true}]}"#);
    }

    #[test]
    fn what_the_upstream_says_of_its_packages_and_mirrors_stays() {
        let root = rewritten(
            r#"{"packages":{"acme/small":{"1.0":{"version":"1.0","dist":{"type":"zip","url":"https://a.test/small.zip"}}}},"metadata-url":"p2/%package%.json","available-packages":["acme/compass"],"mirrors":[{"dist-url":"https://m.test/%package%.%type%","preferred":true}]}"#,
        );
        assert_eq!(
            root.files[METADATA].to_string(),
            "https://up.test/root/p2/%package%.json"
        );
        assert_eq!(
            root.files["acme/small/1.0.0.0/.zip"].to_string(),
            "https://a.test/small.zip",
            "a package may stand in the root itself"
        );
        insta::assert_snapshot!(String::from_utf8_lossy(&root.body), @r#"{"packages":{"acme/small":{"1.0":{"version":"1.0","dist":{"type":"zip","url":"https://a.test/small.zip"}}}},"metadata-url":"/php/p2/%package%.json","available-packages":["acme/compass"],"mirrors":[{"dist-url":"https://m.test/%package%.%type%","preferred":true},{"dist-url":"/php/dist/%package%/%version%/%reference%.%type%","preferred":true}],"notify-batch":"/php/downloads/"}"#);
    }

    #[test]
    fn what_is_no_repository_is_refused() {
        let index = index(IndexKind::Composer, "/", &[]);
        for body in ["", "[]", "<html>"] {
            let source = Source {
                index: &index,
                name: "packages.json",
                url: &index.upstream,
                base: "",
                body: body.as_bytes(),
            };
            assert!(rewrite(&source).is_err(), "{body}");
        }
    }
}
