//! A site of two pages, and a browser that opens it: what a running gateway counts for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::world::client::{client, run};
use super::world::{Event, World, of_kind};

const CONFIG: &str = r#"
[[pixel]]
id = "docs"
domains = ["get.acme.example"]
package = "acme/rocket"
pages = ["docs.acme.example"]
"#;

/// A browser as people have it; one without a window says so by itself, and is a crawler then.
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

/// A site of two pages below `folder`.
pub(crate) struct Site {
    folder: TempDir,
    /// Where the generator leaves it.
    built: PathBuf,
    /// Its pages as a browser asks for them.
    pages: [&'static str; 2],
}

impl Site {
    /// A site of `files`, which its generator builds into the folder `built`.
    pub(crate) fn new(files: &[(&str, &str)], built: &str, pages: [&'static str; 2]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let built = folder.path().join(built);
        Self {
            folder,
            built,
            pages,
        }
    }

    /// Builds it by `program`.
    pub(crate) async fn build(self, program: &str, arguments: &[&str]) -> Self {
        run(client(program, self.folder.path()).args(arguments)).await;
        self
    }

    /// How often each page has `tag`.
    pub(crate) fn tags(&self, tag: &str) -> [usize; 2] {
        self.pages.map(|page| {
            let file = file_of(&self.built, page);
            let text = fs::read_to_string(file).expect("a page");
            text.matches(tag).count()
        })
    }
}

fn file_of(folder: &Path, page: &str) -> PathBuf {
    let path = folder.join(page.trim_start_matches('/'));
    if page.ends_with('/') {
        path.join("index.html")
    } else {
        path
    }
}

/// Serves a built site on a port of its own.
async fn serve(folder: PathBuf) -> u16 {
    async fn answer(State(folder): State<PathBuf>, asked: Uri) -> impl IntoResponse {
        let media = match asked.path().rsplit_once('.') {
            Some((_, "js")) => "text/javascript",
            Some((_, "css")) => "text/css",
            _ => "text/html",
        };
        let found = fs::read(file_of(&folder, asked.path()));
        let found = found.map_err(|_| StatusCode::NOT_FOUND);
        found.map(|bytes| ([(header::CONTENT_TYPE, media)], bytes))
    }
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0");
    let listener = listener.await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let site = Router::new().fallback(answer).with_state(folder);
    tokio::spawn(async move { axum::serve(listener, site).await });
    port
}

/// A browser that reads a page, until it is dropped. Names of the book are this machine's to it.
fn open(world: &World, site: u16, page: &str, home: &Path) -> Child {
    let gateway = world.weir.gateway.port();
    let names =
        format!("MAP docs.acme.example 127.0.0.1:{site}, MAP get.acme.example 127.0.0.1:{gateway}");
    let mut browser: Command = client("chromium", home);
    browser
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args(["--disable-sync", "--disable-features=HttpsUpgrades"])
        .arg(format!("--user-agent={AGENT}"))
        .arg(format!("--host-resolver-rules={names}"))
        .arg(format!("http://docs.acme.example{page}"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    browser.spawn().expect("chromium: run `make setup`")
}

/// Opens each page of a site once; what was counted for it.
pub(crate) async fn seen(site: &Site) -> Vec<String> {
    let world = World::start(CONFIG).await;
    let port = serve(site.built.clone()).await;
    for (number, page) in site.pages.into_iter().enumerate() {
        let home = world.folder.path().join(format!("home-{number}"));
        fs::create_dir(&home).expect("a folder");
        let mut browser = open(&world, port, page, &home);
        let wanted = number + 1;
        let told = |events: &[_]| of_kind(events, "view").len() >= wanted;
        world.wait_for(told).await;
        browser.kill().await.expect("a browser of ours");
    }
    // What was sent before this is stored before it.
    world.get("settled.test", "/settled").await;
    let settled = |events: &[Event]| events.iter().any(|event| event["route"] == "unknown host");
    let events = world.wait_for(settled).await;
    let views = of_kind(&events, "view").into_iter();
    views
        .map(|view| {
            let text = |name: &str| view[name].as_str().expect("a text").to_owned();
            ["package", "page", "client"].map(text).join(" ")
        })
        .collect()
}
