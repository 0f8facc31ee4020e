//! .NET packages: a service index of version 3, and the contents of packages on another host.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use serde_json::json;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::zip_of;

/// The sample package.
pub const PACKAGE: &str = "Acme.Compass";
/// Its versions, oldest first.
pub const VERSIONS: [&str; 2] = ["2.0.0", "2.1.0"];
/// A package of somebody else's that the sample package needs.
pub const OTHER_PACKAGE: &str = "Tideline.Demo";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the feed begins.
pub const ROOT: &str = "/nuget/";

const CONTENT: &str = "/nuget-files/";

#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(addresses: &Addresses) -> Router {
    let services = json!({
        "version": "3.0.0",
        "resources": [
            { "@id": format!("{}{ROOT}v3/query", addresses.registry), "@type": "SearchQueryService" },
            { "@id": format!("{}{CONTENT}", addresses.storage), "@type": "PackageBaseAddress/3.0.0" },
        ],
    });
    let services = Content::new(services.to_string().into_bytes(), "application/json");
    let mut files = Files::default();
    files.add(PACKAGE, &VERSIONS, Some((OTHER_PACKAGE, OTHER_VERSION)));
    files.add(OTHER_PACKAGE, &[OTHER_VERSION], None);
    let index = move |headers: HeaderMap| async move { services.answer(&headers) };
    Router::new()
        .route(&format!("{ROOT}v3/index.json"), get(index))
        .route(&format!("{CONTENT}{{*path}}"), get(content))
        .with_state(Arc::new(files))
}

/// Names and versions are in lower case here, and nowhere else.
async fn content(
    Path(path): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    let file = files.0.get(&path);
    file.map_or_else(not_found, |file| file.answer(&headers))
}

impl Files {
    fn add(&mut self, name: &str, versions: &[&str], needs: Option<(&str, &str)>) {
        let id = name.to_ascii_lowercase();
        for version in versions {
            let description = description(name, version, needs);
            let package = package(name, &description);
            let folder = format!("{id}/{version}");
            self.put(
                format!("{folder}/{id}.{version}.nupkg"),
                package,
                "application/octet-stream",
            );
            self.put(
                format!("{folder}/{id}.nuspec"),
                description.into_bytes(),
                "application/xml",
            );
        }
        let list = json!({ "versions": versions }).to_string().into_bytes();
        self.put(format!("{id}/index.json"), list, "application/json");
    }

    fn put(&mut self, path: String, bytes: Vec<u8>, media_type: &'static str) {
        self.0.insert(path, Content::new(bytes, media_type));
    }
}

fn description(name: &str, version: &str, needs: Option<(&str, &str)>) -> String {
    let needs =
        needs.map(|(id, version)| format!("<dependency id=\"{id}\" version=\"{version}\" />"));
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <package xmlns=\"http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd\"><metadata>\n\
         <id>{name}</id><version>{version}</version><authors>acme</authors><description>Points north.</description>\n\
         <dependencies><group targetFramework=\"netstandard2.0\">{}</group></dependencies>\n\
         </metadata></package>\n",
        needs.unwrap_or_default()
    )
}

/// The package as the Open Packaging Conventions have it. It holds no assembly: its dependency is all it is for.
fn package(name: &str, description: &str) -> Vec<u8> {
    const TYPES: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\" /><Default Extension=\"nuspec\" ContentType=\"application/octet\" /><Default Extension=\"_\" ContentType=\"application/octet\" /></Types>\n";
    let relations = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Type=\"http://schemas.microsoft.com/packaging/2010/07/manifest\" Target=\"/{name}.nuspec\" Id=\"R1\" /></Relationships>\n"
    );
    zip_of([
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", relations.as_bytes()),
        (format!("{name}.nuspec").as_str(), description.as_bytes()),
        ("lib/netstandard2.0/_._", b"".as_slice()),
    ])
}
