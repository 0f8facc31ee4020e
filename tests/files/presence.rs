//! A redirect counts if there was something to download.

use crate::world::{World, of_kind};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  [[package.route]]
  path = "/private/{file}"
  to   = "REGISTRY/v2/acme/vault/manifests/{file}"
  [[package.route]]
  path = "/dead/{file}"
  to   = "http://127.0.0.1:9/{file}"
"#;

const HOST: &str = "get.test.localhost";
const FILE: &str = "/rocket/1.2.3/rocket-linux-amd64.tar.gz";

/// How often the stand-in registry was asked for something by `method`.
fn asked(world: &World, method: &str) -> usize {
    let seen = world.registry.seen();
    seen.iter().filter(|seen| seen.method == method).count()
}

#[tokio::test]
async fn what_is_missing_or_refused_upstream_is_a_broken_link_and_no_download() {
    let world = World::start(CONFIG).await;
    for path in [
        "/rocket/9.9.9/none.tar.gz",
        "/rocket/9.9.9/none.tar.gz",
        "/private/file",
    ] {
        assert_eq!(world.get(HOST, path).await.status(), 404, "{path}");
    }
    let events = world.wait_for(|events| events.len() == 3).await;
    assert_eq!(of_kind(&events, "broken_link").len(), 3);
    assert_eq!(
        asked(&world, "HEAD"),
        2,
        "what is known to be missing is not asked for again"
    );
}

#[tokio::test]
async fn a_file_is_asked_for_once_and_then_known() {
    let world = World::start(CONFIG).await;
    for agent in ["a/1", "b/1", "c/1"] {
        let request = world.request("GET", HOST, FILE).header("user-agent", agent);
        assert_eq!(request.send().await.expect("an answer").status(), 302);
    }
    world.downloads(3).await;
    assert_eq!(asked(&world, "HEAD"), 1);
}

#[tokio::test]
async fn a_host_that_does_not_answer_stops_no_download() {
    let world = World::start(CONFIG).await;
    assert_eq!(world.get(HOST, "/dead/file.zip").await.status(), 302);
    assert_eq!(world.downloads(1).await.len(), 1);
}

#[tokio::test]
async fn a_client_that_has_the_file_checks_and_downloads_nothing() {
    let world = World::start(CONFIG).await;
    let whole = world
        .request("HEAD", HOST, FILE)
        .send()
        .await
        .expect("an answer");
    let etag = whole.headers()["etag"].clone();
    let request = world
        .request("GET", HOST, FILE)
        .header("if-none-match", etag);
    assert_eq!(request.send().await.expect("an answer").status(), 304);
    let request = world
        .request("GET", HOST, FILE)
        .header("if-none-match", "\"other\"");
    assert_eq!(request.send().await.expect("an answer").status(), 302);
    let events = world.wait_for(|events| events.len() == 3).await;
    assert_eq!(of_kind(&events, "check").len(), 2);
    assert_eq!(of_kind(&events, "download").len(), 1);
}

#[tokio::test]
async fn nobody_is_asked_where_the_operator_does_not_want_it() {
    let world = World::start_with(CONFIG, &[("WEIR_GATEWAY__VERIFY_FILES", "false")]).await;
    assert_eq!(
        world.get(HOST, "/rocket/9.9.9/none.tar.gz").await.status(),
        302
    );
    assert_eq!(world.downloads(1).await.len(), 1);
    assert_eq!(asked(&world, "HEAD"), 0);
}
