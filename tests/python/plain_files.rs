//! An index of plain files, as any web server gives it.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::world::{World, of_kind};
use crate::{CONFIG, HOST, JSON, WHEEL, lines, original, run};

/// An index of plain files: a page in HTML with relative links, and no other form.
struct StaticIndex {
    child: Child,
    address: String,
}

impl StaticIndex {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new("python3")
            .args([
                "-u",
                "-m",
                "http.server",
                "0",
                "--bind",
                "127.0.0.1",
                "--directory",
            ])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("python3 is installed (`make setup`)");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a line");
        let address = line
            .split(['(', ')'])
            .nth(1)
            .expect("it says where it listens")
            .trim_end_matches('/')
            .to_owned();
        Self { child, address }
    }
}

impl Drop for StaticIndex {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn an_index_of_plain_files_serves_every_client() {
    let files = tempfile::tempdir().expect("a temporary folder");
    let index = StaticIndex::start(files.path());
    let world = World::start(&CONFIG.replace("REGISTRY", &index.address)).await;
    for folder in ["simple/weir-demo-compass", "pool"] {
        std::fs::create_dir_all(files.path().join(folder)).expect("a folder");
    }
    let original: Value = serde_json::from_str(&original(&world, JSON).await).expect("JSON");
    let listed = original["files"]
        .as_array()
        .expect("files")
        .iter()
        .find(|file| file["filename"] == WHEEL)
        .expect("the wheel");
    let url = listed["url"].as_str().expect("an address");
    for ending in ["", ".metadata"] {
        let bytes = world
            .http
            .get(format!("{url}{ending}"))
            .send()
            .await
            .expect("a file")
            .bytes()
            .await
            .expect("its bytes");
        std::fs::write(files.path().join(format!("pool/{WHEEL}{ending}")), bytes).expect("a file");
    }
    let sha256 = listed["hashes"]["sha256"].as_str().expect("a hash");
    let page = format!(
        "<!DOCTYPE html>\n<a href=\"../../pool/{WHEEL}#sha256={sha256}\" data-requires-python=\"&gt;=3.8\" data-core-metadata=\"true\">{WHEEL}</a><br>\n\
         <a href=\"../../pool/weir_demo_compass-2.0.1.tar.gz\" data-yanked=\"points south\">weir_demo_compass-2.0.1.tar.gz</a>\n"
    );
    std::fs::write(
        files.path().join("simple/weir-demo-compass/index.html"),
        page,
    )
    .expect("a page");

    let answer = crate::page(&world, &format!("{JSON}, text/html;q=0.1")).await;
    assert_eq!(
        answer.headers()["content-type"],
        "text/html; charset=utf-8",
        "there is no other form to give"
    );
    insta::assert_snapshot!(answer.text().await.expect("text").replace(sha256, "SHA256"), @r#"
    <!DOCTYPE html>
    <a href="/files/weir-demo-compass/weir_demo_compass-2.1.0-py3-none-any.whl#sha256=SHA256" data-requires-python="&gt;=3.8" data-core-metadata="true">weir_demo_compass-2.1.0-py3-none-any.whl</a><br>
    <a href="/files/weir-demo-compass/weir_demo_compass-2.0.1.tar.gz" data-yanked="points south">weir_demo_compass-2.0.1.tar.gz</a>
    "#);
    let here = world.url(HOST, "/simple/");
    let options = [
        "download",
        "--no-deps",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "--trusted-host",
        HOST,
        "--index-url",
        &here,
        "--dest",
        "wheels",
    ];
    run(
        "pip",
        world.folder.path(),
        &[&options[..], &["weir-demo-compass"]].concat(),
    )
    .await;
    run(
        "uv",
        world.folder.path(),
        &[
            "pip",
            "install",
            "--no-cache",
            "--no-deps",
            "--target",
            "into",
            "--index-url",
            &here,
            "weir-demo-compass",
        ],
    )
    .await;
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&of_kind(&events, "download")), @r"
    download | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | pip | GET | 302 | redirect
    download | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | uv | GET | 302 | redirect
    ");
}
