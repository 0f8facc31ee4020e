//! What one client asks for twice within moments is one download, and both requests are kept.

mod world;

use std::net::SocketAddr;
use std::process::Command;
use std::sync::{Arc, OnceLock};

use axum::Router;

use axum::http::{Uri, header::CONTENT_TYPE};
use axum::response::Redirect;
use axum::routing::get as answers;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use world::{World, columns};

const HOST: &str = "get.test";
const FILE: &str = "/rocket/1.2.3/linux-amd64.tar.gz";
const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path = "/nightly/{version}/rocket-linux-amd64.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-linux-amd64.tar.gz"
"#;

/// A GET of [`FILE`] with fields; the status of its answer.
async fn get(world: &World, fields: &[(&str, &str)]) -> u16 {
    ask(world, "GET", FILE, fields).await
}

async fn ask(world: &World, method: &str, path: &str, fields: &[(&str, &str)]) -> u16 {
    let mut request = world.request(method, HOST, path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer").status().as_u16()
}

/// Kind, status and agent of everything recorded.
async fn recorded(world: &World) -> String {
    let events = world.recorded().await;
    let lines = events.iter().map(|event| {
        let what = ["kind", "method", "status", "client", "client_version"];
        columns(event, &what)
            .trim_end_matches([' ', '|'])
            .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn the_same_file_twice_is_one_download_and_another_client_another() {
    let world = World::start(CONFIG).await;
    let curl = ("user-agent", "curl/8.9.1");
    get(&world, &[curl]).await;
    get(&world, &[curl]).await;
    get(&world, &[("user-agent", "curl/8.9.2")]).await;
    get(&world, &[curl, ("x-forwarded-for", "203.0.113.77")]).await;
    get(&world, &[curl, ("x-forwarded-for", "203.0.113.77")]).await;
    for build in ["1.2.3", "2.0.0"] {
        ask(
            &world,
            "GET",
            &format!("/nightly/{build}/rocket-linux-amd64.tar.gz"),
            &[curl],
        )
        .await;
    }
    insta::assert_snapshot!(recorded(&world).await, @r"
    download | GET | 302 | curl | 8.9.1
    repeat | GET | 302 | curl | 8.9.1
    download | GET | 302 | curl | 8.9.2
    download | GET | 302 | curl | 8.9.1
    repeat | GET | 302 | curl | 8.9.1
    download | GET | 302 | curl | 8.9.1
    download | GET | 302 | curl | 8.9.1
    ");
}

#[tokio::test]
async fn looks_before_and_after_the_file_leave_one_download() {
    let world = World::start(CONFIG).await;
    let uv = ("user-agent", "uv/0.13.8");
    ask(&world, "HEAD", FILE, &[uv]).await;
    get(&world, &[uv, ("range", "bytes=-100")]).await;
    get(&world, &[uv]).await;
    get(&world, &[uv]).await;
    insta::assert_snapshot!(recorded(&world).await, @r"
    check | HEAD | 200 | uv | 0.13.8
    inspect | GET | 302 | uv | 0.13.8
    download | GET | 302 | uv | 0.13.8
    repeat | GET | 302 | uv | 0.13.8
    ");
}

#[tokio::test]
async fn a_run_that_the_client_names_is_known_by_its_name_and_not_by_its_address() {
    let world = World::start(CONFIG).await;
    for (run, address) in [
        ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "203.0.113.77"),
        ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "2001:db8::77"),
        ("6fa459ea-ee8a-11ca-894e-db77e160355e", "203.0.113.77"),
    ] {
        let agent = ("user-agent", "NuGet xplat/6.12.0 (Linux)");
        let fields = [
            agent,
            ("x-nuget-session-id", run),
            ("x-forwarded-for", address),
        ];
        get(&world, &fields).await;
    }
    insta::assert_snapshot!(recorded(&world).await, @r"
    download | GET | 302 | nuget | 6.12.0
    repeat | GET | 302 | nuget | 6.12.0
    download | GET | 302 | nuget | 6.12.0
    ");
}

#[tokio::test]
async fn who_asks_not_to_be_counted_takes_no_download_from_anybody() {
    let world = World::start(CONFIG).await;
    get(&world, &[("dnt", "1")]).await;
    get(&world, &[]).await;
    get(&world, &[("sec-gpc", "1")]).await;
    insta::assert_snapshot!(recorded(&world).await, @"download | GET | 302");
}

/// An upstream that gives one answer after the other, each on a connection of its own; an empty one
/// breaks the connection.
async fn upstream(answers: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n")
                && socket
                    .read_buf(&mut head)
                    .await
                    .is_ok_and(|count| count > 0)
            {}
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn what_failed_first_is_a_download_when_it_is_there() {
    const MISSING: &str =
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    const WHOLE: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfile";
    let address = upstream(&[MISSING, WHOLE, "", WHOLE, WHOLE]).await;
    let route = |name: &str| {
        format!(
            "[[package.route]]\npath = \"/{name}/{{version}}\"\nto = \"http://{address}/\"\nproxy = true\n"
        )
    };
    let world = World::start(&format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"{HOST}\"]\n{}{}",
        route("published-late"),
        route("broken-once")
    ))
    .await;
    for (path, statuses) in [
        ("/published-late/1.0", &[404, 200][..]),
        ("/broken-once/1.0", &[502, 200, 200]),
    ] {
        for status in statuses {
            assert_eq!(ask(&world, "GET", path, &[]).await, *status, "{path}");
        }
    }
    insta::assert_snapshot!(recorded(&world).await, @r"
    broken_link | GET | 404
    download | GET | 200
    broken_link | GET | 502
    download | GET | 200
    repeat | GET | 200
    ");
}

/// A project page that says nothing of metadata beside the files (PEP 658), once it is written; other
/// paths lead to the registry.
#[derive(Clone, Default)]
struct PlainIndex {
    page: Arc<OnceLock<String>>,
    registry: Arc<OnceLock<String>>,
}

const PROJECT: &str = "/simple/weir-demo-compass/";
const JSON: &str = "application/vnd.pypi.simple.v1+json";

impl PlainIndex {
    async fn start(&self) -> SocketAddr {
        let (page, registry) = (Arc::clone(&self.page), Arc::clone(&self.registry));
        let text = move || async move { ([(CONTENT_TYPE, JSON)], page.wait().clone()) };
        let elsewhere = move |uri: Uri| async move {
            Redirect::temporary(&format!("{}{uri}", registry.wait()))
        };
        let routes = Router::new()
            .route(PROJECT, answers(text))
            .fallback(elsewhere);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, routes).await });
        address
    }

    async fn write(&self, world: &World) {
        let registry = world.registry.addresses().registry.clone();
        let page = world.http.get(format!("{registry}{PROJECT}"));
        let page = page.header("accept", JSON).send().await.expect("a page");
        let mut page: Value = page.json().await.expect("JSON");
        for file in page["files"].as_array_mut().expect("files") {
            let file = file.as_object_mut().expect("a file");
            file.retain(|key, _| !key.ends_with("metadata"));
        }
        self.page.set(page.to_string()).expect("written once");
        self.registry.set(registry).expect("written once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn uv_locks_and_installs_from_an_index_without_metadata_with_one_download() {
    const INDEX: &str = "pypi.test.localhost";
    let plain = PlainIndex::default();
    let upstream = plain.start().await;
    let world = World::start(&format!(
        "[[index]]\nkind = \"pypi\"\ndomains = [\"{INDEX}\"]\nupstream = \"http://{upstream}/simple/\"\npackages = [\"weir-demo-*\"]\n"
    ))
    .await;
    plain.write(&world).await;
    let project = world.folder.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    let manifest = format!(
        "[project]\nname = \"trip\"\nversion = \"0\"\nrequires-python = \">=3.8,<4\"\ndependencies = [\"weir-demo-compass\"]\n\
         [tool.uv]\npackage = false\n[[tool.uv.index]]\nurl = \"{}\"\ndefault = true\n",
        world.url(INDEX, "/simple/")
    );
    std::fs::write(project.join("pyproject.toml"), manifest).expect("a project");
    for arguments in [
        &["lock", "--no-cache"][..],
        &["sync", "--frozen", "--no-cache"],
    ] {
        let mut uv = Command::new(format!("{}/.setup/venv/bin/uv", env!("CARGO_MANIFEST_DIR")));
        uv.args(arguments)
            .current_dir(&project)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", world.folder.path())
            .env("UV_PYTHON_DOWNLOADS", "never");
        let output = tokio::task::spawn_blocking(move || uv.output());
        let output = output.await.expect("no panic");
        let output = output.expect("uv is installed (`make setup`)");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    insta::assert_snapshot!(recorded(&world).await, @r"
    metadata | GET | 200 | uv | 0.13.8
    check | HEAD | 200 | uv | 0.13.8
    inspect | GET | 206 | uv | 0.13.8
    download | GET | 302 | uv | 0.13.8
    ");
}
