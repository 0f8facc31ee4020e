//! The service index on its way through ("Server API", service index).

use serde_json::Value;

use crate::ecosystem::document::files::Files;
use crate::ecosystem::document::{Rewritten, Source, Unreadable};

/// The service that packages are downloaded from.
pub(super) const CONTENT: &str = "PackageBaseAddress/3.0.0";

/// Says that the contents of packages are here. Where the upstream has them is told as [`CONTENT`].
pub(super) fn rewrite(source: &Source<'_>) -> Result<Rewritten, Unreadable> {
    let mut index: Value = serde_json::from_slice(source.body)
        .map_err(|_| Unreadable("a feed's service index is JSON"))?;
    let resources = index
        .get_mut("resources")
        .and_then(Value::as_array_mut)
        .ok_or(Unreadable("a feed's service index lists resources"))?;
    let ours = format!("{}{}", source.base, super::CONTENT);
    let mut files = Files::default();
    for resource in resources
        .iter_mut()
        .filter(|resource| has_content(resource))
    {
        let address = resource.get("@id").and_then(Value::as_str);
        let Some(url) = address.and_then(|address| source.url.join(address).ok()) else {
            continue;
        };
        // Of several, the first is the one that clients use first.
        if files.is_empty() {
            files.insert(CONTENT, url.into());
        }
        resource["@id"] = ours.clone().into();
    }
    Ok(Rewritten {
        body: index.to_string().into_bytes(),
        files,
    })
}

/// A resource has one type, or several.
fn has_content(resource: &Value) -> bool {
    match resource.get("@type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == CONTENT),
        Some(name) => name == CONTENT,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::index;

    fn rewritten(body: &str) -> Result<Rewritten, Unreadable> {
        let index = index(IndexKind::Nuget, "/nuget/", &["acme.*"]);
        rewrite(&Source {
            index: &index,
            name: "v3/index.json",
            url: &"https://up.test/root/v3/index.json"
                .parse()
                .expect("an address"),
            base: "https://get.test/nuget",
            body: body.as_bytes(),
        })
    }

    #[test]
    fn the_contents_of_packages_are_here_and_all_else_where_it_was() {
        let index = rewritten(
            r#"{"version":"3.0.0","resources":[{"@id":"https://s.test/query","@type":"SearchQueryService","comment":"ü"},{"@id":"https://c.test/v3-flatcontainer/","@type":"PackageBaseAddress/3.0.0"},{"@id":"/second/","@type":["PackageBaseAddress/3.0.0","Other"]},{"@id":"https://r.test/","@type":"RepositorySignatures/5.0.0"}]}"#,
        )
        .expect("a service index");
        insta::assert_snapshot!(String::from_utf8_lossy(&index.body), @r#"{"version":"3.0.0","resources":[{"@id":"https://s.test/query","@type":"SearchQueryService","comment":"ü"},{"@id":"https://get.test/nuget/v3/content/","@type":"PackageBaseAddress/3.0.0"},{"@id":"https://get.test/nuget/v3/content/","@type":["PackageBaseAddress/3.0.0","Other"]},{"@id":"https://r.test/","@type":"RepositorySignatures/5.0.0"}]}"#);
        assert_eq!(
            index.files[CONTENT].to_string(),
            "https://c.test/v3-flatcontainer/"
        );
    }

    #[test]
    fn what_is_no_service_index_is_refused() {
        for body in ["", "{}", "[]", r#"{"resources":{}}"#] {
            assert!(rewritten(body).is_err(), "{body}");
        }
    }
}
