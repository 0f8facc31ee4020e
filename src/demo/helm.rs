//! Helm charts: a repository's list and the archives it leads to, one of them on another host.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;

use super::Addresses;
use super::answer::{Content, not_found};
use super::archive::{gzip, tar_of};
use super::seal::sha256_hex;

/// The sample chart.
pub const CHART: &str = "compass-chart";
/// Its versions, newest first. The list has the whole address of the first and a relative one of the other.
pub const VERSIONS: [&str; 2] = ["2.1.0+north.1", "2.0.0"];
/// A chart of somebody else's.
pub const OTHER_CHART: &str = "tideline";
/// Its only version.
pub const OTHER_VERSION: &str = "0.3.0";
/// Where the repository begins.
pub const ROOT: &str = "/helm/";

const ARCHIVES: &str = "/helm-files/";

#[derive(Default)]
struct Files(HashMap<String, Content>);

pub(super) fn router(addresses: &Addresses) -> Router {
    let mut files = Files::default();
    let mut list = "apiVersion: v1\nentries:\n".to_owned();
    writeln!(list, "  {CHART}:").expect("memory takes every write");
    let [new, old] = VERSIONS;
    let release = format!("{}{ARCHIVES}{CHART}-{new}.tgz", addresses.storage);
    list += &files.version(CHART, new, &release);
    list += &files.version(CHART, old, &format!("archives/{CHART}-{old}.tgz"));
    writeln!(list, "  {OTHER_CHART}:").expect("memory takes every write");
    let release = format!(
        "{}{ARCHIVES}{OTHER_CHART}-{OTHER_VERSION}.tgz",
        addresses.storage
    );
    list += &files.version(OTHER_CHART, OTHER_VERSION, &release);
    list += "generated: \"2026-07-01T12:00:00Z\"\n";
    let list = Content::new(list.into_bytes(), "text/yaml");
    files.0.insert("index.yaml".to_owned(), list);
    Router::new()
        .route(&format!("{ROOT}index.yaml"), get(index))
        .route(&format!("{ROOT}archives/{{file}}"), get(archive))
        .route(&format!("{ARCHIVES}{{file}}"), get(archive))
        .with_state(Arc::new(files))
}

async fn index(State(files): State<Arc<Files>>, headers: HeaderMap) -> Response {
    files.answer("index.yaml", &headers)
}

async fn archive(
    Path(file): Path<String>,
    State(files): State<Arc<Files>>,
    headers: HeaderMap,
) -> Response {
    files.answer(&file, &headers)
}

impl Files {
    fn answer(&self, file: &str, headers: &HeaderMap) -> Response {
        let file = self.0.get(file);
        file.map_or_else(not_found, |file| file.answer(headers))
    }

    /// Makes the archive of a version; the lines that list it at `url`, as Helm writes them.
    fn version(&mut self, name: &str, version: &str, url: &str) -> String {
        let archive = chart(name, version);
        let digest = sha256_hex(&archive);
        self.0.insert(
            format!("{name}-{version}.tgz"),
            Content::new(archive, "application/gzip"),
        );
        format!(
            "  - apiVersion: v2\n    created: \"2026-07-01T12:00:00Z\"\n    description: |-\n      Points north:\n      urls:\n      - nowhere else\n    digest: {digest}\n    name: {name}\n    type: application\n    urls:\n    - {url}\n    version: {version}\n"
        )
    }
}

fn chart(name: &str, version: &str) -> Vec<u8> {
    let chart = format!("apiVersion: v2\nname: {name}\nversion: {version}\ntype: application\n");
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{{{ .Release.Name }}}}-{name}\ndata:\n  north: {{{{ .Values.north | quote }}}}\n"
    );
    let files: [(&str, u32, &[u8]); 3] = [
        (&format!("{name}/Chart.yaml"), 0o644, chart.as_bytes()),
        (&format!("{name}/values.yaml"), 0o644, b"north: that way\n"),
        (
            &format!("{name}/templates/north.yaml"),
            0o644,
            template.as_bytes(),
        ),
    ];
    gzip(&tar_of(&files))
}
