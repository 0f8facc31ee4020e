//! Real clients against the stand-in registry of the demo: whatever it gets wrong, they notice.

use std::ffi::OsStr;
use std::future::pending;
use std::process::Output;

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Command;
use weir::demo::{Registry, Seen, files, oci, pypi};

/// A registry of its own for each test, and a folder to work in.
struct World {
    registry: Registry,
    folder: TempDir,
}

async fn world() -> World {
    let listener = TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("loopback has a free port");
    let registry = Registry::start(listener, pending()).await;
    World {
        registry: registry.expect("loopback has a second host"),
        folder: tempfile::tempdir().expect("temporary folders can be made"),
    }
}

impl World {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.registry.addresses().registry)
    }

    fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.to_str().expect("temporary paths are text").to_owned()
    }

    /// Runs a client in the folder, with nothing of the user's settings.
    async fn try_run<S: AsRef<OsStr>>(&self, program: &str, arguments: &[S]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .output()
            .await
            .unwrap_or_else(|error| panic!("cannot run {program} ({error}): run `make setup`"))
    }

    async fn run<S: AsRef<OsStr>>(&self, program: &str, arguments: &[S]) -> String {
        let output = self.try_run(program, arguments).await;
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} failed: {errors}");
        String::from_utf8(output.stdout).expect("clients print text")
    }

    /// Answer head of a request made by curl, without what differs from run to run.
    async fn head(&self, arguments: &[&str]) -> String {
        let head = self
            .run(
                "curl",
                &[&["-s", "-o", "body", "-D", "-"], arguments].concat(),
            )
            .await;
        let head = head
            .lines()
            .filter(|line| !line.to_lowercase().starts_with("date:"))
            .collect::<Vec<_>>()
            .join("\n");
        let addresses = self.registry.addresses();
        head.replace(&addresses.registry, "http://registry")
            .replace(&addresses.storage, "http://storage")
            .trim_end()
            .to_owned()
    }

    /// What the registry saw, as `METHOD path status`, digests and signatures shortened.
    fn seen(&self) -> String {
        let line =
            |seen: &Seen| format!("{} {} {}", seen.method, shortened(&seen.path), seen.status);
        let lines: Vec<_> = self.registry.seen().iter().map(line).collect();
        lines.join("\n")
    }
}

/// A Python client of the version that `make setup` pins.
fn pinned(program: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/.setup/venv/bin");
    format!("{folder}/{program}")
}

/// A path without its query and with hexadecimal digests, or parts of them, as `…`.
fn shortened(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_digest = |word: &str| {
        (word.len() == 2 || word.len() >= 20) && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    path.split_inclusive(['/', ':'])
        .map(|part| {
            let word = part.trim_end_matches(['/', ':']);
            part.replace(word, if is_digest(word) { "…" } else { word })
        })
        .collect()
}

fn archive(version: &str) -> String {
    let (owner, name) = (files::OWNER, files::NAME);
    format!("/{owner}/{name}/releases/download/v{version}/{name}-linux-amd64.tar.gz")
}

#[tokio::test]
async fn curl_and_tar_unpack_a_program_that_runs() {
    let world = world().await;
    world
        .run("curl", &["-fsSLO", &world.url(&archive("1.2.3"))])
        .await;
    world
        .run("tar", &["-xzf", "rocket-linux-amd64.tar.gz"])
        .await;
    let said = world
        .run(&world.path("rocket-1.2.3/rocket"), &[""; 0])
        .await;
    insta::assert_snapshot!(said, @r"
        rocket 1.2.3 for linux/amd64: lift-off
        ");
}

#[tokio::test]
async fn a_head_of_an_archive_tells_what_a_get_would_bring() {
    let world = world().await;
    let url = world.url(&archive("1.2.3"));
    let head = world.head(&["-I", &url]).await;
    let get = world.head(&[&url]).await;
    assert_eq!(head, get);
    for name in [
        "content-length: ",
        "etag: ",
        "last-modified: ",
        "accept-ranges: bytes",
    ] {
        assert!(head.contains(name), "{name} is missing in {head}");
    }
}

#[tokio::test]
async fn curl_resumes_a_download_where_it_broke_off() {
    let world = world().await;
    let url = world.url(&archive("1.2.3"));
    world.run("curl", &["-fsS", "-o", "whole", &url]).await;
    let whole = std::fs::read(world.path("whole")).unwrap();
    std::fs::write(world.path("part"), &whole[..100]).unwrap();
    world
        .run("curl", &["-fsS", "-C", "-", "-o", "part", &url])
        .await;
    assert_eq!(std::fs::read(world.path("part")).unwrap(), whole);
    let seen = world.registry.seen();
    assert_eq!(seen[1].header("range"), Some("bytes=100-"));
    assert_eq!(seen[1].status, 206);
}

#[tokio::test]
async fn an_archive_that_does_not_exist_is_not_found() {
    let world = world().await;
    let head = world.head(&[&world.url(&archive("9.9.9"))]).await;
    insta::assert_snapshot!(head, @r"
        HTTP/1.1 404 Not Found
        content-type: text/plain; charset=utf-8
        content-length: 10
        ");
}

#[tokio::test]
async fn pip_installs_the_sample_project_and_what_it_needs() {
    let world = world().await;
    pip(&world, "install", pypi::PROJECT).await;
    let run = format!(
        "import {0}; {0}.main(); print({0}.__version__)",
        pypi::PROJECT.replace('-', "_")
    );
    let output = world
        .run(
            &pinned("python"),
            &[
                "-c",
                &format!("import sys; sys.path.insert(0, 'there'); {run}"),
            ],
        )
        .await;
    insta::assert_snapshot!(output, @r"
        north is that way
        2.1.0
        ");
    insta::assert_snapshot!(world.seen(), @r"
    GET /simple/weir-demo-compass/ 200
    GET /packages/…/…/…/weir_demo_compass-2.1.0-py3-none-any.whl.metadata 200
    GET /simple/tideline-demo/ 200
    GET /packages/…/…/…/tideline_demo-0.3.0-py3-none-any.whl.metadata 200
    GET /packages/…/…/…/weir_demo_compass-2.1.0-py3-none-any.whl 200
    GET /packages/…/…/…/tideline_demo-0.3.0-py3-none-any.whl 200
    ");
}

#[tokio::test]
async fn pip_passes_over_a_yanked_version() {
    let world = world().await;
    pip(&world, "install", "weir-demo-compass<2.1").await;
    assert!(
        world
            .folder
            .path()
            .join("there/weir_demo_compass-2.0.0.dist-info")
            .exists()
    );
}

/// Into the folder `there`, from the registry and from nowhere else.
async fn pip(world: &World, command: &str, requirement: &str) {
    let index = world.url("/simple/");
    world
        .run(
            &pinned("python"),
            &[
                "-m",
                "pip",
                "--isolated",
                "--disable-pip-version-check",
                command,
                "--no-cache-dir",
                "--quiet",
                "--index-url",
                &index,
                "--target",
                "there",
                requirement,
            ],
        )
        .await;
}

#[tokio::test]
async fn uv_installs_the_sample_project_and_what_it_needs() {
    let world = world().await;
    let index = world.url("/simple/");
    world
        .run(
            &pinned("uv"),
            &[
                "pip",
                "install",
                "--no-config",
                "--no-cache",
                "--system",
                "--default-index",
                &index,
                "--target",
                "there",
                pypi::PROJECT,
            ],
        )
        .await;
    assert!(
        world
            .folder
            .path()
            .join("there/weir_demo_compass-2.1.0.dist-info")
            .exists()
    );
    assert!(
        world
            .folder
            .path()
            .join("there/tideline_demo-0.3.0.dist-info")
            .exists()
    );
    let seen = world.seen();
    let wheels = seen.lines().filter(|line| line.ends_with(".whl 200"));
    assert_eq!(wheels.count(), 2, "{seen}");
}

#[tokio::test]
async fn an_index_page_comes_as_the_client_asks_for_it() {
    let world = world().await;
    let url = world.url("/simple/weir-demo-compass/");
    let json = "Accept: application/vnd.pypi.simple.v1+json, text/html;q=0.1";
    let head = world.head(&["-H", json, &url]).await;
    assert!(
        head.contains("content-type: application/vnd.pypi.simple.v1+json"),
        "{head}"
    );
    assert!(head.contains("vary: Accept"), "{head}");
    let head = world.head(&[&url]).await;
    assert!(head.contains("content-type: text/html"), "{head}");
    let head = world.head(&["-H", "Accept: image/png", &url]).await;
    assert!(head.starts_with("HTTP/1.1 406"), "{head}");
}

#[tokio::test]
async fn another_spelling_of_a_project_is_sent_to_its_page() {
    let world = world().await;
    for spelling in ["/simple/weir-demo-compass", "/simple/Weir.Demo_Compass/"] {
        let head = world.head(&[&world.url(spelling)]).await;
        assert!(
            head.contains("location: /simple/weir-demo-compass/"),
            "{head}"
        );
    }
}

#[tokio::test]
async fn skopeo_copies_the_image_of_its_platform() {
    let world = world().await;
    copy(&world, &["--override-arch=arm64"], oci::REPOSITORY, "1.2.3").await;
    // Layers come in parallel.
    let mut seen: Vec<_> = world.seen().lines().map(str::to_owned).collect();
    seen.sort();
    insta::assert_snapshot!(seen.join("\n"), @r"
        GET /storage/sha256:… 200
        GET /storage/sha256:… 200
        GET /storage/sha256:… 200
        GET /token 200
        GET /v2/ 401
        GET /v2/acme/rocket-server/blobs/sha256:… 307
        GET /v2/acme/rocket-server/blobs/sha256:… 307
        GET /v2/acme/rocket-server/blobs/sha256:… 307
        GET /v2/acme/rocket-server/manifests/1.2.3 200
        GET /v2/acme/rocket-server/manifests/sha256:… 200
        ");
    let to_storage = world.registry.seen();
    let mut to_storage = to_storage
        .iter()
        .filter(|seen| seen.path.starts_with("/storage/"));
    assert!(to_storage.all(|seen| seen.authorization.is_none()));
}

#[tokio::test]
async fn skopeo_copies_every_platform_and_the_attestation() {
    let world = world().await;
    copy(&world, &["--all"], oci::REPOSITORY, "latest").await;
    let stored = std::fs::read_dir(world.path("layout/blobs/sha256")).unwrap();
    // An index, three manifests, three configurations, two layers each for two platforms, a statement.
    assert_eq!(stored.count(), 1 + 3 + 3 + 4 + 1);
}

#[tokio::test]
async fn skopeo_lists_the_tags() {
    let world = world().await;
    let image = image(&world, oci::REPOSITORY, "");
    let tags = world
        .run(
            "skopeo",
            &[
                "list-tags",
                "--tls-verify=false",
                image.trim_end_matches(':'),
            ],
        )
        .await;
    for tag in oci::VERSIONS.iter().chain([&"latest"]) {
        assert!(
            tags.contains(&format!("\"{tag}\"")),
            "{tag} is missing in {tags}"
        );
    }
}

#[tokio::test]
async fn the_private_image_opens_for_its_owner_alone() {
    let world = world().await;
    let owner = format!("--src-creds={}:{}", oci::USER, oci::PASSWORD);
    copy(
        &world,
        &[&owner],
        oci::PRIVATE_REPOSITORY,
        oci::PRIVATE_VERSION,
    )
    .await;
    let image = image(&world, oci::PRIVATE_REPOSITORY, oci::PRIVATE_VERSION);
    for credentials in ["--src-no-creds", "--src-creds=pilot:wrong"] {
        let refused = world
            .try_run(
                "skopeo",
                &[
                    "copy",
                    "--src-tls-verify=false",
                    credentials,
                    &image,
                    "oci:elsewhere:x",
                ],
            )
            .await;
        assert!(!refused.status.success(), "{credentials} opened the image");
    }
}

/// Copies an image into the folder `layout`.
async fn copy(world: &World, options: &[&str], repository: &str, tag: &str) {
    let image = image(world, repository, tag);
    let fixed = ["copy", "--insecure-policy", "--src-tls-verify=false"];
    let ends = [image.as_str(), "oci:layout:x"];
    world
        .run("skopeo", &[&fixed, options, &ends].concat())
        .await;
}

fn image(world: &World, repository: &str, tag: &str) -> String {
    let registry = world.url("");
    format!(
        "docker://{}/{repository}:{tag}",
        registry.trim_start_matches("http://")
    )
}

#[tokio::test]
async fn a_client_without_a_token_is_told_where_to_get_one() {
    let world = world().await;
    let head = world.head(&[&world.url("/v2/")]).await;
    insta::assert_snapshot!(head, @r#"
        HTTP/1.1 401 Unauthorized
        content-type: application/json
        docker-distribution-api-version: registry/2.0
        www-authenticate: Bearer realm="http://registry/token",service="registry.demo"
        content-length: 86
        "#);
    let head = world
        .head(&[&world.url("/v2/acme/rocket-server/manifests/1.2.3")])
        .await;
    assert!(
        head.contains("scope=\"repository:acme/rocket-server:pull\""),
        "{head}"
    );
}

#[tokio::test]
async fn errors_are_json_and_writing_is_unsupported() {
    let world = world().await;
    let token = token(&world, oci::REPOSITORY).await;
    let base = world.url(&format!("/v2/{}", oci::REPOSITORY));
    for (method, path, expected) in [
        ("GET", "/manifests/9.9.9", "MANIFEST_UNKNOWN"),
        ("GET", "/blobs/sha256:00", "BLOB_UNKNOWN"),
        ("GET", "/referrers/sha256:00", "NOT_FOUND"),
        ("PUT", "/manifests/9.9.9", "UNSUPPORTED"),
    ] {
        world
            .head(&["-H", &token, "-X", method, &format!("{base}{path}")])
            .await;
        let body = std::fs::read_to_string(world.path("body")).unwrap();
        assert!(
            body.contains(&format!("\"code\":\"{expected}\"")),
            "{path}: {body}"
        );
    }
}

#[tokio::test]
async fn a_manifest_is_answered_with_its_own_media_type_and_digest() {
    let world = world().await;
    let token = token(&world, oci::REPOSITORY).await;
    let url = world.url("/v2/acme/rocket-server/manifests/1.2.3");
    let head = world.head(&["-H", &token, "-I", &url]).await;
    assert!(
        head.contains("content-type: application/vnd.oci.image.index.v1+json"),
        "{head}"
    );
    let digest = head
        .lines()
        .find_map(|line| line.strip_prefix("docker-content-digest: sha256:"))
        .expect("a manifest names its digest");
    world
        .run("curl", &["-fsS", "-H", &token, "-o", "manifest", &url])
        .await;
    let sum = world.run("sha256sum", &["manifest"]).await;
    assert!(sum.starts_with(digest), "{sum}");
}

/// An `Authorization` header with a token for `repository`.
async fn token(world: &World, repository: &str) -> String {
    let url = world.url(&format!("/token?scope=repository:{repository}:pull"));
    let answer = world.run("curl", &["-fsS", &url]).await;
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("tokens come in JSON");
    let token = answer["token"].as_str().expect("the answer holds a token");
    format!("Authorization: Bearer {token}")
}
