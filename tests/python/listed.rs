//! A project whose files the configuration lists, as pip and uv install it.

use serde_json::Value;

use crate::world::{World, of_kind};
use crate::{CONFIG, HOST, HTML, JSON, WHEEL, lines, original, run};

const LOADED: &str = "configuration loaded again";

/// A world that serves the sample project's wheel from a list, and the rest from the index if `beside` it.
async fn listing(beside: bool) -> World {
    let world = World::start("").await;
    let original: Value = serde_json::from_str(&original(&world, JSON).await).expect("JSON");
    let files = original["files"].as_array().expect("files");
    let wheel = files
        .iter()
        .find(|file| file["filename"] == WHEEL)
        .expect("the wheel");
    let project = format!(
        r#"
[[package]]
name = "Weir.Demo_Compass"
kind = "python"
domains = ["{HOST}"]
status = 307
  [[package.file]]
  url = {}
  hash = "sha256={}"
  requires_python = ">=3.8"
"#,
        wheel["url"],
        wheel["hashes"]["sha256"].as_str().expect("a hash")
    );
    let index = if beside { CONFIG } else { "" };
    world.configure(&format!("{project}{index}"));
    world.weir.wait_for_line(LOADED);
    world
}

#[tokio::test]
async fn pip_and_uv_install_what_is_listed() {
    let world = listing(false).await;
    let here = world.url(HOST, "/simple/");
    let pip = [
        "download",
        "--no-deps",
        "--no-cache-dir",
        "--disable-pip-version-check",
    ];
    let from = [
        "--trusted-host",
        HOST,
        "--index-url",
        &here,
        "--dest",
        "wheels",
    ];
    let uv = [
        "pip",
        "install",
        "--no-cache",
        "--no-deps",
        "--target",
        "into",
    ];
    let folder = world.folder.path();
    run(
        "pip",
        folder,
        &[&pip[..], &from, &["weir-demo-compass"]].concat(),
    )
    .await;
    run(
        "uv",
        folder,
        &[&uv[..], &["--index-url", &here, "weir_demo_compass"]].concat(),
    )
    .await;
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&of_kind(&events, "download")), @r#"
    download | Weir.Demo_Compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | pip | GET | 307 | redirect
    download | Weir.Demo_Compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | uv | GET | 307 | redirect
    "#);
}

#[tokio::test]
async fn pages_are_found_under_every_spelling_and_confirmed_by_their_tag() {
    let world = listing(false).await;
    for (path, accept, kind) in [
        ("/simple/weir-demo-compass/", JSON, JSON),
        ("/simple/Weir_Demo.Compass", HTML, HTML),
        ("/simple/", JSON, JSON),
        ("/simple", "*/*", "text/html; charset=utf-8"),
    ] {
        let ask = async |method: &str, tag: &str| {
            let request = world.request(method, HOST, path).header("accept", accept);
            let request = request.header("if-none-match", tag);
            request.send().await.expect("an answer")
        };
        let answer = ask("GET", "").await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &kind.parse().expect("a header")),
            "{path}"
        );
        let tag = answer.headers()["etag"].to_str().expect("text").to_owned();
        assert!(
            answer
                .text()
                .await
                .expect("text")
                .contains("weir-demo-compass")
        );
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            assert_eq!(ask("GET", &known).await.status(), 304, "{path} {known}");
        }
        assert_eq!(ask("HEAD", "").await.status(), 200);
        assert_eq!(ask("POST", "").await.status(), 405);
    }
}

#[tokio::test]
async fn a_file_is_sent_on_or_sized_up_and_one_that_is_not_listed_is_not_there() {
    let world = listing(false).await;
    let file = format!("/simple/Weir.Demo.Compass/{WHEEL}");
    let answer = world.get(HOST, &file).await;
    assert_eq!(answer.status(), 307);
    let target = answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let there = world.http.get(&target).send().await.expect("an answer");
    let length = there.headers()["content-length"].clone();
    let head = world
        .request("HEAD", HOST, &file)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &length)
    );
    for missing in [
        "/simple/weir-demo-compass/other-1.0.tar.gz",
        "/simple/tideline-demo/",
        "/files/weir-demo-compass/x",
    ] {
        assert_eq!(world.get(HOST, missing).await.status(), 404, "{missing}");
    }
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    download | Weir.Demo_Compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | GET | 307 | redirect
    check | Weir.Demo_Compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | HEAD | 200 | proxy
    broken_link | Weir.Demo_Compass |  |  |  | GET | 404 | none
    broken_link |  |  |  |  | GET | 404 | none
    broken_link |  |  |  |  | GET | 404 | none
    "#);
}

#[tokio::test]
async fn beside_an_index_the_list_comes_first_and_the_index_has_the_rest() {
    let world = listing(true).await;
    let listed = world.get(HOST, "/simple/weir-demo-compass/").await;
    let listed = listed.text().await.expect("text");
    assert!(
        listed.contains(WHEEL) && !listed.contains("2.0.0"),
        "{listed}"
    );
    assert_eq!(
        world.get(HOST, "/simple/tideline-demo/").await.status(),
        302
    );
    assert_eq!(world.get(HOST, "/simple/").await.status(), 200);
}
