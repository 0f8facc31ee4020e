//! Lists of a channel's packages, and the address in them that says where the packages are.

use std::io::Read as _;

use rmpv::Value;
use rmpv::decode::read_value_with_max_depth;
use serde::Deserialize;
use url::Url;

use super::Listing;
use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// Largest index of shards, in bytes: the largest channels have about three million. Read, it takes
/// up to forty times as much.
const MAX_SHARDS: u64 = 8 * 1024 * 1024;
/// Deepest nesting of an index; two levels have a meaning.
const MAX_DEPTH: usize = 16;
/// The packages' address among a list's files.
pub(crate) const BASE: &str = "base_url";

/// What a list says of itself, as far as addresses go (CEP 15).
#[derive(Deserialize)]
struct Info<'i> {
    #[serde(borrow, default)]
    base_url: Option<&'i str>,
}

/// Where the packages are of the list at `url`, if that is not beside it. The list's beginning is
/// enough: those who write lists sort the keys, and `info` comes first.
pub(crate) fn base_of(beginning: &[u8], url: &Url) -> Option<Url> {
    resolve(base_url(beginning)?, url)
}

/// Points a list in one piece at us, if it says where its packages are.
pub(crate) fn repodata(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    if !source.body.trim_ascii_start().starts_with(b"{") {
        return Err(Unreadable("expected a list of packages in JSON"));
    }
    let mut body = source.body.to_vec();
    if let Some(written) = base_url(source.body).filter(|text| resolve(text, source.url).is_some())
    {
        let from = written.as_ptr() as usize - source.body.as_ptr() as usize;
        let here = here(source, Listing::Whole);
        body.splice(from..from + written.len(), here.bytes());
    }
    Ok(Rewritten {
        body,
        files: Files::default(),
    })
}

/// Points an index of shards at us for packages, and at the upstream for shards (CEP 16).
pub(crate) fn shards(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    const WHAT: Unreadable = Unreadable("expected an index of shards in MessagePack and Zstandard");
    let mut index = unpack(source.body).ok_or(WHAT)?;
    let info = get(&mut index, "info").ok_or(WHAT)?;
    let base = get(info, "base_url").and_then(|base| resolve(base.as_str()?, source.url));
    let packages = match base {
        Some(_) => here(source, Listing::Shards),
        None => format!("{}{}/", source.base, source.name),
    };
    set(info, "base_url", packages).ok_or(WHAT)?;
    let written = get(info, "shards_base_url").map_or(Some(""), |shards| shards.as_str());
    let shards = absolute(written.ok_or(WHAT)?, source.url).ok_or(WHAT)?;
    set(info, "shards_base_url", reachable(source, &shards)).ok_or(WHAT)?;
    Ok(Rewritten {
        body: pack(&index).ok_or(WHAT)?,
        files: base
            .map(|base| (BASE.to_owned(), base.into()))
            .into_iter()
            .collect(),
    })
}

/// The value of `info.base_url` where a document begins with `info`; borrowed from its bytes.
fn base_url(document: &[u8]) -> Option<&str> {
    let rest = document.trim_ascii_start().strip_prefix(b"{")?;
    let rest = rest.trim_ascii_start().strip_prefix(b"\"info\"")?;
    let rest = rest.trim_ascii_start().strip_prefix(b":")?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<Info<'_>>();
    values.next()?.ok()?.base_url
}

/// Where packages are by a list's `base_url`; none if that is where the list is.
fn resolve(base_url: &str, list: &Url) -> Option<Url> {
    let base = absolute(base_url, list)?;
    let web = matches!(base.scheme(), "http" | "https");
    (web && base != list.join(".").ok()?).then_some(base)
}

/// The folder that `written` names in the list at `list`.
fn absolute(written: &str, list: &Url) -> Option<Url> {
    let slash = if written.ends_with('/') { "" } else { "/" };
    let relative = if written.is_empty() { "." } else { written };
    list.join(&format!("{relative}{slash}")).ok()
}

/// Where clients get shards: from the upstream, or through us where files are passed through.
fn reachable(source: &Source<'_>, shards: &Url) -> String {
    let upstream = source.index.upstream.as_str();
    match shards.as_str().strip_prefix(upstream) {
        Some(below) if source.index.proxy => format!("{}/{below}", source.base),
        _ => shards.as_str().to_owned(),
    }
}

/// Where the packages of a list are here.
fn here(source: &Source<'_>, listing: Listing) -> String {
    format!("{}{}{}/", source.base, listing.prefix(), source.name)
}

fn unpack(body: &[u8]) -> Option<Value> {
    let mut packed = Vec::new();
    let decoder = zstd::Decoder::new(body).ok()?;
    let length = decoder.take(MAX_SHARDS + 1).read_to_end(&mut packed).ok()? as u64;
    let whole = length <= MAX_SHARDS;
    whole.then(|| read_value_with_max_depth(&mut packed.as_slice(), MAX_DEPTH).ok())?
}

fn pack(index: &Value) -> Option<Vec<u8>> {
    let mut packed = Vec::new();
    rmpv::encode::write_value(&mut packed, index).ok()?;
    zstd::encode_all(packed.as_slice(), zstd::DEFAULT_COMPRESSION_LEVEL).ok()
}

fn get<'v>(map: &'v mut Value, key: &str) -> Option<&'v mut Value> {
    let Value::Map(entries) = map else {
        return None;
    };
    let found = entries
        .iter_mut()
        .find(|(name, _)| name.as_str() == Some(key));
    found.map(|(_, value)| value)
}

fn set(map: &mut Value, key: &str, text: String) -> Option<()> {
    if let Some(value) = get(map, key) {
        *value = text.into();
        return Some(());
    }
    let Value::Map(entries) = map else {
        return None;
    };
    entries.push((key.into(), text.into()));
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use weir_config::catalogue::{Index, IndexKind};

    use super::*;
    use crate::ecosystem::trace::index;

    const LIST: &str = "https://up.test/root/linux-64/repodata.json";

    /// Reads `body`, found at [`LIST`], with `rewrite`.
    fn read(
        rewrite: impl Fn(&Source<'_>) -> Result<Rewritten, Unreadable>,
        body: &[u8],
    ) -> Result<Rewritten, Unreadable> {
        read_in(
            &index(IndexKind::Conda, "/conda/", &["rocket"]),
            rewrite,
            body,
        )
    }

    fn read_in(
        index: &Index,
        rewrite: impl Fn(&Source<'_>) -> Result<Rewritten, Unreadable>,
        body: &[u8],
    ) -> Result<Rewritten, Unreadable> {
        rewrite(&Source {
            index,
            name: "/linux-64",
            url: &LIST.parse().expect("an address"),
            base: "https://get.test/conda",
            body,
        })
    }

    fn list(base_url: &str) -> String {
        format!(
            "{{\"info\": {{\"base_url\": {base_url}, \"subdir\": \"linux-64\"}}, \"packages\": {{}}}}"
        )
    }

    #[test]
    fn only_an_address_that_is_not_the_lists_own_is_elsewhere() {
        let written = [
            "\"https://files.test/pool\"",
            "\"../../pool/\"",
            "\"/pool/\"",
            "\"\"",
            "\".\"",
            "\"./\"",
            "\"https://up.test/root/linux-64/\"",
            "\"ftp://files.test/\"",
            "null",
            "7",
        ];
        let found: Vec<_> = written
            .iter()
            .map(|written| {
                let base = base_of(list(written).as_bytes(), &LIST.parse().expect("an address"));
                format!(
                    "{written} -> {}",
                    base.map_or("beside".to_owned(), |base| base.to_string())
                )
            })
            .collect();
        insta::assert_snapshot!(found.join("\n"), @r#"
        "https://files.test/pool" -> https://files.test/pool/
        "../../pool/" -> https://up.test/pool/
        "/pool/" -> https://up.test/pool/
        "" -> beside
        "." -> beside
        "./" -> beside
        "https://up.test/root/linux-64/" -> beside
        "ftp://files.test/" -> beside
        null -> beside
        7 -> beside
        "#);
    }

    #[test]
    fn the_beginning_of_a_list_is_enough() {
        let whole = list("\"https://files.test/pool/\"");
        let url = LIST.parse().expect("an address");
        let cut = &whole.as_bytes()[..whole.len() - 4];
        assert_eq!(
            base_of(cut, &url).map(String::from).as_deref(),
            Some("https://files.test/pool/")
        );
        assert_eq!(base_of(&cut[..20], &url), None);
    }

    #[test]
    fn in_a_list_nothing_but_the_address_of_packages_is_changed() {
        let body = list("\"https://files.test/pool/\"");
        let rewritten = read(repodata, body.as_bytes()).expect("a list");
        insta::assert_snapshot!(String::from_utf8_lossy(&rewritten.body), @r#"{"info": {"base_url": "https://get.test/conda/files/repodata/linux-64/", "subdir": "linux-64"}, "packages": {}}"#);
        let beside = list("\"\"");
        assert_eq!(
            read(repodata, beside.as_bytes()).expect("a list").body,
            beside.as_bytes()
        );
        assert!(read(repodata, b"not a list").is_err());
    }

    /// What becomes of the `info` of an index of shards, and where its packages are.
    fn reread(info: &serde_json::Value, proxy: bool) -> Result<String, Unreadable> {
        let mut channel = index(IndexKind::Conda, "/conda/", &["rocket"]);
        channel.proxy = proxy;
        let text = |value: &serde_json::Value| Value::from(value.as_str().expect("text"));
        let entries = info.as_object().expect("an object");
        let info = entries
            .iter()
            .map(|(key, value)| (key.as_str().into(), text(value)));
        let shards = Value::Map(vec![("rocket".into(), Value::Binary(vec![7; 32]))]);
        let index = Value::Map(vec![
            ("info".into(), Value::Map(info.collect())),
            ("shards".into(), shards.clone()),
        ]);
        let rewritten = read_in(&channel, super::shards, &pack(&index).expect("bytes"))?;
        let mut index = unpack(&rewritten.body).expect("an index");
        assert_eq!(get(&mut index, "shards"), Some(&mut shards.clone()));
        let base = rewritten
            .files
            .get(BASE)
            .map_or("beside".to_owned(), ToString::to_string);
        Ok(format!("{} {base}", get(&mut index, "info").expect("info")))
    }

    #[test]
    fn an_index_of_shards_leads_here_for_packages_and_upstream_for_shards() {
        let cases = [
            json!({ "subdir": "linux-64", "base_url": "", "shards_base_url": "" }),
            json!({ "base_url": "https://files.test/pool", "shards_base_url": "./shards/" }),
            json!({ "base_url": "../pool/", "shards_base_url": "https://shards.test/s/" }),
            json!({ "subdir": "linux-64" }),
        ];
        let found: Vec<_> = cases
            .iter()
            .map(|info| reread(info, false).expect("an index"))
            .collect();
        insta::assert_snapshot!(found.join("\n"), @r#"
        {"subdir": "linux-64", "base_url": "https://get.test/conda/linux-64/", "shards_base_url": "https://up.test/root/linux-64/"} beside
        {"base_url": "https://get.test/conda/files/shards/linux-64/", "shards_base_url": "https://up.test/root/linux-64/shards/"} https://files.test/pool/
        {"base_url": "https://get.test/conda/files/shards/linux-64/", "shards_base_url": "https://shards.test/s/"} https://up.test/root/pool/
        {"subdir": "linux-64", "base_url": "https://get.test/conda/linux-64/", "shards_base_url": "https://up.test/root/linux-64/"} beside
        "#);
    }

    #[test]
    fn shards_of_the_upstream_come_through_us_where_files_do() {
        let below = json!({ "base_url": "", "shards_base_url": "./shards/" });
        let other = json!({ "base_url": "", "shards_base_url": "https://shards.test/s/" });
        let found = [below, other].map(|info| reread(&info, true).expect("an index"));
        insta::assert_snapshot!(found.join("\n"), @r#"
        {"base_url": "https://get.test/conda/linux-64/", "shards_base_url": "https://get.test/conda/linux-64/shards/"} beside
        {"base_url": "https://get.test/conda/linux-64/", "shards_base_url": "https://shards.test/s/"} beside
        "#);
    }

    #[test]
    fn what_is_no_index_of_shards_is_refused() {
        let no_info = pack(&Value::Map(vec![("shards".into(), Value::Nil)])).expect("bytes");
        let no_map = pack(&Value::Map(vec![("info".into(), 7.into())])).expect("bytes");
        let filling = Value::Binary(vec![0; MAX_SHARDS as usize]);
        let info = ("info".into(), Value::Map(Vec::new()));
        let large = pack(&Value::Map(vec![info, ("filling".into(), filling)])).expect("bytes");
        let deep = (0..20).fold(Value::Nil, |inner, _| {
            Value::Map(vec![("info".into(), inner)])
        });
        let deep = pack(&deep).expect("bytes");
        for body in [&b""[..], b"{}", &no_info, &no_map, &large, &deep] {
            assert!(read(super::shards, body).is_err());
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>, text in ".{0,40}") {
            let _ = read(super::shards, &body);
            let packed = zstd::encode_all(body.as_slice(), 1).expect("bytes");
            let _ = read(super::shards, &packed);
            let _ = read(repodata, &body);
            let _ = read(repodata, list(&format!("\"{text}")).as_bytes());
        }
    }
}
