//! python-v1: pages and files, from a list and from an index.

use serde_json::json;

use crate::world::World;
use crate::{HOST, answers, lines, served};

/// One listed project and, on the same domain, one of an index; before them in Scarf's order, a rule for every path.
async fn world() -> World {
    served(&[
        json!({ "type": "file-v1", "incoming-path": "/{+path}", "outgoing-url": "https://www.test/{+path}" }),
        json!({
            "type": "python-v1", "package-name": "Acme.Rocket", "version": "1.0.tar.gz",
            "file-name": "acme_rocket-1.0.tar.gz", "requires-python": ">=3.8,<4", "gpg-sig": true,
            "hash-value": { "type": "md5", "hash": "00112233445566778899aabbccddeeff" },
            "backend-url": "https://files.test/one/acme_rocket-1.0.tar.gz",
        }),
        json!({
            "type": "python-v1", "package-name": "Acme.Rocket", "version": "1.1",
            "file-name": "acme_rocket-1.1.tar.gz",
            "backend-url": format!("https://files.test/two/17?x=1#sha256={}", "ab".repeat(32)),
        }),
        json!({
            "type": "python-v1", "package-name": "weir-demo-compass", "version": "2.1.0",
            "file-name": "weir_demo_compass-2.1.0-py3-none-any.whl", "backend-url": "https://files.test/x.whl",
            "backend-simple-index-url": "https://registry.test/simple/",
        }),
    ])
    .await
}

async fn page(world: &World, path: &str, accept: &str) -> String {
    let request = world.request("GET", HOST, path).header("accept", accept);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("text")
}

#[tokio::test]
async fn a_listed_project_has_pages_and_files() {
    let world = world().await;
    insta::assert_snapshot!(page(&world, "/simple/Acme.Rocket/", "text/html").await, @r#"
    <!DOCTYPE html>
    <meta name="pypi:repository-version" content="1.0">
    <title>Links for acme-rocket</title>
    <a href="/simple/acme-rocket/acme_rocket-1.0.tar.gz#md5=00112233445566778899aabbccddeeff" data-requires-python="&gt;=3.8,&lt;4" data-gpg-sig="true">acme_rocket-1.0.tar.gz</a><br>
    <a href="/simple/acme-rocket/acme_rocket-1.1.tar.gz#sha256=abababababababababababababababababababababababababababababababab">acme_rocket-1.1.tar.gz</a><br>
    "#);
    insta::assert_snapshot!(page(&world, "/simple/acme-rocket", "application/vnd.pypi.simple.v1+json").await, @r#"{"meta":{"api-version":"1.0"},"name":"acme-rocket","files":[{"filename":"acme_rocket-1.0.tar.gz","url":"/simple/acme-rocket/acme_rocket-1.0.tar.gz","hashes":{"md5":"00112233445566778899aabbccddeeff"},"requires-python":">=3.8,<4","gpg-sig":true},{"filename":"acme_rocket-1.1.tar.gz","url":"/simple/acme-rocket/acme_rocket-1.1.tar.gz","hashes":{"sha256":"abababababababababababababababababababababababababababababababab"}}]}"#);
    insta::assert_snapshot!(answers(&world, &[
        "/simple/Acme.Rocket/acme_rocket-1.0.tar.gz",
        "/simple/acme-rocket/acme_rocket-1.1.tar.gz",
        "/simple/acme-rocket/acme_rocket-1.2.tar.gz",
        "/elsewhere",
    ]).await, @r#"
    /simple/Acme.Rocket/acme_rocket-1.0.tar.gz -> 307 https://files.test/one/acme_rocket-1.0.tar.gz
    /simple/acme-rocket/acme_rocket-1.1.tar.gz -> 307 https://files.test/two/17?x=1
    /simple/acme-rocket/acme_rocket-1.2.tar.gz -> 404 -
    /elsewhere -> 307 https://www.test/elsewhere
    "#);
    let what = ["kind", "package", "version", "artifact", "status"];
    insta::assert_snapshot!(lines(&world.recorded().await, &what), @r#"
    metadata | Acme.Rocket |  |  | 200
    metadata | Acme.Rocket |  |  | 200
    download | Acme.Rocket | 1.0 | acme_rocket-1.0.tar.gz | 307
    download | Acme.Rocket | 1.1 | acme_rocket-1.1.tar.gz | 307
    broken_link | Acme.Rocket |  |  | 404
    download | 9d3c |  | elsewhere | 307
    "#);
}

#[tokio::test]
async fn an_index_that_the_rules_name_is_asked_itself() {
    let world = world().await;
    let listed = page(&world, "/simple/weir-demo-compass/", "text/html").await;
    assert!(
        listed.contains("2.0.0"),
        "also what the manifest does not list: {listed}"
    );
    let tag = world.get(HOST, "/simple/weir-demo-compass/").await;
    let tag = tag.headers()["etag"].to_str().expect("text").to_owned();
    let again = world
        .request("GET", HOST, "/simple/weir-demo-compass/")
        .header("if-none-match", tag);
    assert_eq!(again.send().await.expect("an answer").status(), 304);
}
