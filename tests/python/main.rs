//! Python packages: pages in the form that each client likes, links that lead here and nothing else
//! changed, files counted once by pip and uv, and lock files that outlive a restart.

#[path = "../world/mod.rs"]
mod world;

mod listed;
mod plain_files;

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use world::{Event, Weir, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "pypi"
domains = ["pypi.test.localhost"]
upstream = "REGISTRY/simple/"
packages = ["weir-demo-*"]
"#;

const HOST: &str = "pypi.test.localhost";
const PAGE: &str = "/simple/weir-demo-compass/";
const JSON: &str = "application/vnd.pypi.simple.v1+json";
const HTML: &str = "application/vnd.pypi.simple.v1+html";
const WHEEL: &str = "weir_demo_compass-2.1.0-py3-none-any.whl";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind", "package", "version", "artifact", "client", "method", "status", "answer",
    ];
    events
        .iter()
        .map(|event| columns(event, &what))
        .collect::<Vec<_>>()
        .join("\n")
}

async fn page(world: &World, accept: &str) -> reqwest::Response {
    world
        .request("GET", HOST, PAGE)
        .header("accept", accept)
        .send()
        .await
        .expect("a page")
}

/// The upstream's own page in the form `accept`.
async fn original(world: &World, accept: &str) -> String {
    let url = format!("{}{PAGE}", world.registry.addresses().registry);
    let answer = world
        .http
        .get(url)
        .header("accept", accept)
        .send()
        .await
        .expect("a page");
    answer.text().await.expect("text")
}

/// Runs a client without the settings of the machine it runs on.
async fn run(program: &str, folder: &Path, arguments: &[&str]) {
    let mut command = Command::new(format!(
        "{}/.setup/venv/bin/{program}",
        env!("CARGO_MANIFEST_DIR")
    ));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .env("UV_PYTHON_DOWNLOADS", "never");
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic");
    let output = output.expect("the client is installed (`make setup`)");
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn a_page_comes_in_the_form_that_the_client_likes_best() {
    let world = World::start(CONFIG).await;
    let pip = format!("{JSON}, {HTML}; q=0.1, text/html; q=0.01");
    let mut forms = Vec::new();
    for accept in [
        pip.as_str(),
        HTML,
        "text/html",
        "*/*",
        "text/html;q=0.2, application/vnd.pypi.simple.latest+json",
        &format!("{JSON};q=0, text/html"),
    ] {
        let answer = page(&world, accept).await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()["vary"].to_str().ok()
            ),
            (200, Some("accept, accept-encoding"))
        );
        forms.push(format!(
            "{accept} -> {}",
            answer.headers()["content-type"].to_str().expect("text")
        ));
    }
    insta::assert_snapshot!(forms.join("\n"), @r"
    application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01 -> application/vnd.pypi.simple.v1+json
    application/vnd.pypi.simple.v1+html -> application/vnd.pypi.simple.v1+html
    text/html -> text/html; charset=utf-8
    */* -> text/html; charset=utf-8
    text/html;q=0.2, application/vnd.pypi.simple.latest+json -> application/vnd.pypi.simple.v1+json
    application/vnd.pypi.simple.v1+json;q=0, text/html -> text/html; charset=utf-8
    ");
}

#[tokio::test]
async fn on_a_page_nothing_but_the_links_to_files_is_changed() {
    let world = World::start(CONFIG).await;
    let mut expected: Value = serde_json::from_str(&original(&world, JSON).await).expect("JSON");
    for file in expected["files"].as_array_mut().expect("files") {
        file["url"] = format!(
            "/files/weir-demo-compass/{}",
            file["filename"].as_str().expect("a name")
        )
        .into();
    }
    let served: Value = page(&world, JSON).await.json().await.expect("JSON");
    assert_eq!(served, expected);
    let withdrawn = served["files"]
        .as_array()
        .expect("files")
        .iter()
        .find(|file| file["yanked"] != false);
    let withdrawn = withdrawn.expect("a withdrawn file");
    assert!(
        withdrawn["requires-python"].is_string() && withdrawn["core-metadata"].is_object(),
        "{withdrawn}"
    );

    let storage = format!("{}/packages/", world.registry.addresses().storage);
    let html = original(&world, "text/html").await;
    let links = html
        .split(storage.as_str())
        .map(|part| match part.find("weir_demo_compass-") {
            // What stands before the name is where the upstream's storage keeps it.
            Some(at) if part[..at].len() == 67 => {
                format!("/files/weir-demo-compass/{}", &part[at..])
            }
            _ => part.to_owned(),
        });
    assert_eq!(
        page(&world, "text/html").await.text().await.expect("text"),
        links.collect::<String>()
    );
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again_and_each_form_has_its_own_tag() {
    let world = World::start(CONFIG).await;
    let mut tags = Vec::new();
    for accept in [JSON, HTML] {
        let tag = page(&world, accept).await.headers()["etag"].clone();
        for known in [
            tag.to_str().expect("text").to_owned(),
            format!("\"other\", W/{}", tag.to_str().expect("text")),
        ] {
            let again = world
                .request("GET", HOST, PAGE)
                .header("accept", accept)
                .header("if-none-match", known)
                .send()
                .await
                .expect("an answer");
            assert_eq!(
                (again.status().as_u16(), &again.headers()["etag"]),
                (304, &tag)
            );
        }
        tags.push(tag);
    }
    assert_ne!(tags[0], tags[1]);
    let events = world.recorded().await;
    let unchanged: Vec<_> = events
        .iter()
        .filter(|event| event["status"] == 304)
        .map(|event| event["kind"].clone())
        .collect();
    assert_eq!(unchanged, ["check"; 4]);
}

#[tokio::test]
async fn every_spelling_of_a_name_is_served_without_a_detour() {
    let world = World::start(CONFIG).await;
    for name in [
        "weir-demo-compass/",
        "weir-demo-compass",
        "Weir_Demo.Compass/",
        "weir--demo__compass",
    ] {
        assert_eq!(
            world.get(HOST, &format!("/simple/{name}")).await.status(),
            200,
            "{name}"
        );
    }
    assert_eq!(world.get(HOST, "/simple/").await.status(), 200);
    let packages: Vec<_> = world
        .recorded()
        .await
        .iter()
        .map(|event| columns(event, &["kind", "package"]))
        .collect();
    assert_eq!(packages, ["metadata | weir-demo-compass"; 4]);
}

#[tokio::test]
async fn projects_of_others_go_to_the_upstream_uncounted_and_what_is_missing_is_a_broken_link() {
    let world = World::start(CONFIG).await;
    let foreign = world.get(HOST, "/simple/Tideline.Demo/").await;
    let there = format!(
        "{}/simple/tideline-demo/",
        world.registry.addresses().registry
    );
    assert_eq!(
        (
            foreign.status().as_u16(),
            foreign.headers()["location"].to_str().ok()
        ),
        (302, Some(there.as_str()))
    );
    assert_eq!(world.recorded().await, Vec::<Event>::new());
    let missing = [
        "/simple/weir-demo-none/",
        "/simple/-/",
        "/files/weir-demo-compass/weir_demo_compass-9.9.9-py3-none-any.whl",
        "/files/weir-demo-compass/none.whl.metadata",
        "/files/tideline-demo/tideline_demo-0.3.0-py3-none-any.whl",
        "/files/weir-demo-compass/deeper/x.whl",
    ];
    for path in missing {
        let answer = world.get(HOST, path).await;
        assert_eq!(
            (answer.status().as_u16(), answer.headers().get("location")),
            (404, None),
            "{path}"
        );
    }
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    broken_link | weir-demo-none |  |  |  | GET | 404 | none
    broken_link |  |  |  |  | GET | 404 | none
    broken_link | weir-demo-compass | 9.9.9 | weir_demo_compass-9.9.9-py3-none-any.whl |  | GET | 404 | none
    broken_link | weir-demo-compass |  | none.whl |  | GET | 404 | none
    broken_link |  |  |  |  | GET | 404 | none
    broken_link |  |  |  |  | GET | 404 | none
    ");
}

#[tokio::test]
async fn a_file_is_a_redirect_to_the_upstreams_and_looking_at_it_is_not() {
    let world = World::start(CONFIG).await;
    let path = format!("/files/weir-demo-compass/{WHEEL}");
    let file = world.get(HOST, &path).await;
    let location = file.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        location.starts_with(&world.registry.addresses().storage) && location.ends_with(WHEEL),
        "{location}"
    );
    let bytes = world
        .http
        .get(&location)
        .send()
        .await
        .expect("the file")
        .bytes()
        .await
        .expect("its bytes");
    let metadata = world.get(HOST, &format!("{path}.metadata")).await;
    assert_eq!(
        metadata.headers()["location"].to_str().ok(),
        Some(format!("{location}.metadata").as_str())
    );
    let head = world
        .request("HEAD", HOST, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        (
            head.status().as_u16(),
            head.headers()["content-length"].to_str().ok()
        ),
        (200, Some(bytes.len().to_string().as_str()))
    );
    let tail = world
        .request("GET", HOST, &path)
        .header("range", "bytes=-100")
        .send()
        .await
        .expect("an answer");
    assert_eq!(tail.status(), 302);
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    download | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | GET | 302 | redirect
    metadata | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | GET | 302 | redirect
    check | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | HEAD | 200 | proxy
    inspect | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl |  | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn pip_downloads_each_version_once() {
    let world = World::start(CONFIG).await;
    let index = world.url(HOST, "/simple/");
    for version in ["2.0.0", "2.1.0"] {
        let wanted = format!("weir-demo-compass=={version}");
        let options = [
            "download",
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--trusted-host",
            HOST,
            "--index-url",
            &index,
            "--dest",
            "wheels",
        ];
        run(
            "pip",
            world.folder.path(),
            &[&options[..], &[&wanted]].concat(),
        )
        .await;
    }
    insta::assert_snapshot!(lines(&of_kind(&world.recorded().await, "download")), @r"
    download | weir-demo-compass | 2.0.0 | weir_demo_compass-2.0.0-py3-none-any.whl | pip | GET | 302 | redirect
    download | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | pip | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn a_lock_file_of_uv_downloads_once_and_works_after_a_restart() {
    // The lock file names the port, so it must be the same afterwards.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|socket| socket.local_addr())
        .expect("a port")
        .port();
    let listeners = format!(
        "[gateway]\nhttp = [\"127.0.0.1:{port}\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n"
    );
    let mut world = World::start(&format!("{listeners}{CONFIG}")).await;
    let project = world.folder.path().join("project");
    std::fs::create_dir(&project).expect("a folder");
    let manifest = format!(
        "[project]\nname = \"trip\"\nversion = \"0\"\nrequires-python = \">=3.8,<4\"\ndependencies = [\"weir-demo-compass\"]\n\
         [tool.uv]\npackage = false\n[[tool.uv.index]]\nurl = \"{}\"\ndefault = true\n",
        world.url(HOST, "/simple/")
    );
    std::fs::write(project.join("pyproject.toml"), manifest).expect("a project");
    run("uv", &project, &["lock", "--no-cache"]).await;
    let lock = std::fs::read_to_string(project.join("uv.lock")).expect("a lock file");
    assert!(
        lock.contains(&world.url(HOST, &format!("/files/weir-demo-compass/{WHEEL}"))),
        "{lock}"
    );
    assert_eq!(
        of_kind(&world.recorded().await, "download"),
        Vec::<Event>::new(),
        "locking reads metadata only"
    );

    world.weir.terminate();
    world.weir = Weir::start(world.folder.path());
    run("uv", &project, &["sync", "--frozen", "--no-cache"]).await;
    assert!(project.join(".venv").is_dir());
    insta::assert_snapshot!(lines(&of_kind(&world.recorded().await, "download")), @"download | weir-demo-compass | 2.1.0 | weir_demo_compass-2.1.0-py3-none-any.whl | uv | GET | 302 | redirect");
}
