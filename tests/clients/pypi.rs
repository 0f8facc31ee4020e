//! Python packages: pip here, uv and poetry beside it.

mod poetry;
mod uv;

use serde_json::Value;

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

/// Both sample projects are ours.
const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "pypi"
domains = ["pypi.test.localhost"]
upstream = "REGISTRY/simple/"
packages = ["weir-demo-compass", "tideline-demo"]
"#;

const HOST: &str = "pypi.test.localhost";
const COMPASS: &str = "weir-demo-compass 2.1.0";
const TIDELINE: &str = "tideline-demo 0.3.0";

async fn user(client: Client) -> User {
    user_with(client, CONFIG).await
}

async fn user_with(client: Client, config: &str) -> User {
    let user = User::of("PyPI", client, config).await;
    let index = user.world.url(HOST, "/simple/");
    user.with_env("PIP_INDEX_URL", index.clone())
        // Both hosts, since pip keeps nothing that came over plain http from any other.
        .with_env("PIP_TRUSTED_HOST", format!("{HOST} 127.0.0.2"))
        .with_env("UV_DEFAULT_INDEX", index)
        .with_env("UV_PYTHON_DOWNLOADS", "never")
}

/// The upstream does not say that metadata lies beside the wheels (PEP 658).
fn without_metadata() -> String {
    CONFIG.replace("/simple/", "/bare/")
}

fn pip() -> Client {
    Client::from_setup("pip", "venv/bin/pip")
}

fn pip_23() -> Client {
    Client::from_setup("pip", "clients/pip23/bin/pip")
}

const INSTALL: [&str; 4] = ["install", "--target", "into", "weir-demo-compass"];

#[tokio::test]
async fn pip_installs_a_package_of_ours_and_one_of_others_from_one_index() {
    let ours = CONFIG.replace(r#", "tideline-demo""#, "");
    let user = user_with(pip(), &ours).await;
    user.runs(&INSTALL).await;
    assert!(user.has("into/weir_demo_compass") && user.has("into/tideline_demo"));
    let counted = user
        .is_counted("`install`, its dependency is not ours", &[COMPASS])
        .await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"weir-demo-compass | pypi | 2.1.0 | pip | linux | amd64 | CH | people | redirect");
}

/// What pip of any version does.
async fn pip_is_counted_once_a_package(pip: Client) {
    let mut user = user(pip).await;
    user.runs(&INSTALL).await;
    let counted = user.is_counted("`install`", &[COMPASS, TIDELINE]).await;
    assert_eq!(
        columns(&counted[0], &["ci", "audience"]),
        "unknown | people"
    );
    user.loses(".cache");
    user.comes_back_later();
    user.runs(&["download", "--dest", "wheels", "weir-demo-compass"])
        .await;
    user.is_counted("`download`", &[COMPASS, TIDELINE]).await;
    user.loses(".cache");
    user.comes_back_later();
    user.writes("requirements.txt", &pinned(&user).await);
    let by_hash = [
        "install",
        "--require-hashes",
        "--requirement",
        "requirements.txt",
        "--target",
        "by-hash",
    ];
    user.runs(&by_hash).await;
    user.is_counted("`install --require-hashes`", &[COMPASS, TIDELINE])
        .await;
    user.runs(&["index", "versions", "weir-demo-compass"]).await;
    user.is_counted("`index versions`", &[]).await;
    let said = user.fails(&["download", "weir-demo-compass==9.9"]).await;
    assert!(said.contains("No matching distribution"), "{said}");
    user.is_counted("`download` of a version that is not there", &[])
        .await;
}

/// Requirements as `pip-compile --generate-hashes` writes them.
async fn pinned(user: &User) -> String {
    let mut lines = Vec::new();
    for (project, version) in [COMPASS, TIDELINE].map(|name| name.split_once(' ').expect("two")) {
        let page = user
            .world
            .request("GET", HOST, &format!("/simple/{project}/"));
        let page = page.header("accept", "application/vnd.pypi.simple.v1+json");
        let page: Value = page
            .send()
            .await
            .expect("a page")
            .json()
            .await
            .expect("JSON");
        let files = page["files"].as_array().expect("files");
        let file = files.iter().find(|file| {
            file["filename"]
                .as_str()
                .is_some_and(|name| name.contains(version))
        });
        let hash = file.expect("a file")["hashes"]["sha256"].as_str();
        lines.push(format!(
            "{project}=={version} --hash=sha256:{}\n",
            hash.expect("a hash")
        ));
    }
    lines.concat()
}

#[tokio::test]
async fn pip_is_counted_once_a_package_whatever_it_is_asked() {
    pip_is_counted_once_a_package(pip()).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn pip_23_is_counted_once_a_package_whatever_it_is_asked() {
    pip_is_counted_once_a_package(pip_23()).await;
}

#[tokio::test]
async fn pip_in_a_build_service_says_so() {
    let user = user(pip()).await.with_env("CI", "true");
    user.runs(&INSTALL).await;
    let counted = user
        .is_counted("`install` in CI", &[COMPASS, TIDELINE])
        .await;
    for event in &counted {
        assert_eq!(columns(event, &["ci", "audience"]), "true | ci");
    }
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn pip_23_in_a_build_service_says_so() {
    let user = user(pip_23()).await.with_env("CI", "true");
    user.runs(&INSTALL).await;
    let counted = user
        .is_counted("`install` in CI", &[COMPASS, TIDELINE])
        .await;
    assert_eq!(columns(&counted[1], &["ci", "audience"]), "true | ci");
}

#[tokio::test]
async fn pip_that_has_a_wheel_asks_all_the_same_where_it_is() {
    let mut user = user(pip()).await;
    user.runs(&INSTALL).await;
    user.is_counted("`install`, cold cache", &[COMPASS, TIDELINE])
        .await;
    user.loses("into");
    user.comes_back_later();
    let said = user.runs(&INSTALL).await;
    assert!(said.contains("Using cached"), "{said}");
    // pip keeps wheels, but no redirects that led to them.
    user.is_counted("`install`, warm cache", &[COMPASS, TIDELINE])
        .await;
}

#[tokio::test]
async fn pip_reads_metadata_out_of_a_wheel_without_being_counted_for_it() {
    let mut user = user_with(pip(), &without_metadata()).await;
    user.runs(&INSTALL).await;
    user.is_counted("`install`, no PEP 658 upstream", &[COMPASS, TIDELINE])
        .await;
    user.loses("into");
    user.loses(".cache");
    user.comes_back_later();
    let mut fast: Vec<_> = INSTALL.into();
    fast.push("--use-feature=fast-deps");
    user.runs(&fast).await;
    user.is_counted(
        "`install --use-feature=fast-deps`, no PEP 658 upstream",
        &[COMPASS, TIDELINE],
    )
    .await;
}

#[tokio::test]
async fn what_pip_is_trusted_with_goes_to_the_gateway_and_no_further() {
    let user = user(pip()).await;
    let index = user.world.url(HOST, "/simple/");
    let index = index.replacen("http://", "http://ada:let-me-in@", 1);
    let user = user.with_env("PIP_INDEX_URL", index);
    user.runs(&INSTALL).await;
    user.is_counted(
        "`install` with a password in the index's address",
        &[COMPASS, TIDELINE],
    )
    .await;
    for request in user.world.registry.seen() {
        assert_eq!(request.authorization, None, "{request:?}");
    }
}
