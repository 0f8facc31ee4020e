//! Release archives at addresses such as a code host gives them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::answer::{Content, not_found};
use super::archive::{gzip, tar_of};

/// Owner of the sample project.
pub const OWNER: &str = "acme";
/// Name of the sample project and of its program.
pub const NAME: &str = "rocket";
/// Versions with archives, oldest first.
pub const VERSIONS: [&str; 4] = ["1.1.0", "1.2.3", "2.0.0", "2.1.0"];
/// Platforms with archives: operating system and architecture.
pub const PLATFORMS: [(&str, &str); 5] = [
    ("linux", "amd64"),
    ("linux", "arm64"),
    ("darwin", "amd64"),
    ("darwin", "arm64"),
    ("windows", "amd64"),
];

type Archives = Arc<HashMap<String, Content>>;

pub(super) fn router() -> Router {
    Router::new()
        .route(
            &format!("/{OWNER}/{NAME}/releases/download/{{tag}}/{{file}}"),
            get(download),
        )
        .route(&format!("/{OWNER}/{NAME}/releases/latest"), get(latest))
        .route(
            &format!("/gitlab/{OWNER}/{NAME}/-/releases/{{tag}}/downloads/{{file}}"),
            get(download),
        )
        .route(
            &format!("/gitlab/{OWNER}/{NAME}/-/releases/permalink/latest"),
            get(latest),
        )
        .with_state(archives())
}

/// To the newest release's own page, whose address ends in its tag.
async fn latest(asked: Uri) -> Response {
    let newest = VERSIONS[VERSIONS.len() - 1];
    let path = asked.path();
    let page = path
        .strip_suffix("permalink/latest")
        .map(|releases| format!("{releases}v{newest}"))
        .or_else(|| Some(format!("{}tag/v{newest}", path.strip_suffix("latest")?)));
    page.map_or_else(not_found, |page| Redirect::to(&page).into_response())
}

async fn download(
    Path((tag, file)): Path<(String, String)>,
    State(archives): State<Archives>,
    headers: HeaderMap,
) -> Response {
    archives
        .get(&format!("{tag}/{file}"))
        .map_or_else(not_found, |archive| archive.answer(&headers))
}

/// Every archive under `v{version}/{file}`.
fn archives() -> Archives {
    let releases = VERSIONS
        .iter()
        .flat_map(|&version| PLATFORMS.map(|platform| (version, platform)));
    let named = releases.map(|(version, (os, arch))| {
        let path = format!("v{version}/{NAME}-{os}-{arch}.tar.gz");
        let archive = archive(version, os, arch);
        (path, Content::new(archive, "application/gzip"))
    });
    Arc::new(named.collect())
}

/// A gzip-compressed tar with the program in it, the same bytes every time.
fn archive(version: &str, os: &str, arch: &str) -> Vec<u8> {
    let program = format!("#!/bin/sh\necho \"{NAME} {version} for {os}/{arch}: lift-off\"\n");
    let tar = tar_of(&[(
        &format!("{NAME}-{version}/{NAME}"),
        0o755,
        program.as_bytes(),
    )]);
    gzip(&tar)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn an_archive_holds_a_runnable_script_and_is_the_same_every_time() {
        let bytes = archive("1.2.3", "linux", "amd64");
        assert_eq!(bytes, archive("1.2.3", "linux", "amd64"));
        let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(bytes.as_slice()));
        let mut entry = tar.entries().unwrap().next().unwrap().unwrap();
        let mut script = String::new();
        entry.read_to_string(&mut script).unwrap();
        assert_eq!(entry.header().mode().unwrap(), 0o755);
        insta::assert_snapshot!(script, @r#"
        #!/bin/sh
        echo "rocket 1.2.3 for linux/amd64: lift-off"
        "#);
    }

    #[test]
    fn every_version_has_an_archive_for_every_platform() {
        let archives = archives();
        assert_eq!(archives.len(), VERSIONS.len() * PLATFORMS.len());
        assert!(archives.contains_key("v1.2.3/rocket-linux-amd64.tar.gz"));
    }
}
