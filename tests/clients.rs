//! Real package managers pull through the gateway, and each download is one event that says what it was.

mod world;

use std::path::Path;
use std::process::{Command, Output};

use world::{World, columns, of_kind};

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[package]]
name = "acme/vault"
kind = "oci"
domains = ["cr.test.localhost"]
image = "vault"
upstream = "REGISTRY/acme/vault"
private = true

[[index]]
kind = "pypi"
domains = ["pypi.test.localhost"]
upstream = "REGISTRY/simple/"
packages = ["weir-demo-compass"]

[[index]]
kind = "npm"
domains = ["npm.test.localhost"]
upstream = "REGISTRY/npm/"
packages = ["@acme/*"]

[[index]]
kind = "cargo"
domains = ["crates.test.localhost"]
upstream = "REGISTRY/crates-index/"
packages = ["demo-compass"]
"#;

const WHAT: [&str; 9] = [
    "package",
    "ecosystem",
    "version",
    "client",
    "os",
    "arch",
    "country",
    "audience",
    "answer",
];

/// Runs a client without the settings of the machine it runs on.
fn client(program: &str, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder);
    command
}

async fn run(mut command: Command) -> Output {
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic");
    let output = output.expect("the client is installed (`make setup`)");
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn venv_program(name: &str) -> String {
    format!("{}/.setup/venv/bin/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[tokio::test]
async fn curl_downloads_a_release_file_once() {
    let world = World::start(CONFIG).await;
    let mut curl = client("curl", world.folder.path());
    curl.args([
        "-fsSLO",
        &world.url("get.test.localhost", "/rocket/1.2.3/linux-amd64.tar.gz"),
    ]);
    run(curl).await;
    let mut tar = client("tar", world.folder.path());
    tar.args(["-tzf", "linux-amd64.tar.gz"]);
    run(tar).await;
    let downloads = world.downloads(1).await;
    assert_eq!(downloads.len(), 1);
    insta::assert_snapshot!(columns(&downloads[0], &WHAT), @"acme/rocket | file | 1.2.3 | curl | linux | amd64 | CH | people | redirect");
    assert_eq!(downloads[0]["status"], 302);
}

#[tokio::test]
async fn pip_and_uv_install_a_package_and_its_foreign_dependency() {
    let world = World::start(CONFIG).await;
    let index = world.url("pypi.test.localhost", "/simple/");
    for tool in ["pip", "uv"] {
        let target = format!("into-{tool}");
        let mut command = client(&venv_program(tool), world.folder.path());
        match tool {
            "pip" => command.args([
                "install",
                "--no-cache-dir",
                "--trusted-host",
                "pypi.test.localhost",
                "--target",
                &target,
            ]),
            _ => command.args(["pip", "install", "--no-cache", "--target", &target]),
        };
        run({
            command.args(["--index-url", &index, "weir-demo-compass"]);
            command
        })
        .await;
        assert!(
            world
                .folder
                .path()
                .join(&target)
                .join("weir_demo_compass")
                .exists()
        );
    }
    let downloads = world.downloads(2).await;
    let lines: Vec<_> = downloads
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    weir-demo-compass | pypi | 2.1.0 | pip | linux | amd64 | CH | people | redirect
    weir-demo-compass | pypi | 2.1.0 | uv | linux | amd64 | CH | people | redirect
    ");
}

#[tokio::test]
async fn npm_installs_a_scoped_package_and_its_foreign_dependency() {
    let world = World::start(CONFIG).await;
    let registry = world.url("npm.test.localhost", "/");
    let mut npm = client("npm", world.folder.path());
    npm.args([
        "install",
        "--no-audit",
        "--no-fund",
        "--cache",
        "npm-cache",
        "--prefix",
        "app",
        "--registry",
        &registry,
        "@acme/compass",
    ]);
    run(npm).await;
    assert!(
        world
            .folder
            .path()
            .join("app/node_modules/@acme/compass/index.js")
            .exists()
    );
    assert!(
        world
            .folder
            .path()
            .join("app/node_modules/tideline-demo/index.js")
            .exists()
    );
    let downloads = world.downloads(1).await;
    let lines: Vec<_> = downloads
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"@acme/compass | npm | 2.1.0 | npm | linux | amd64 | CH | people | redirect");
    assert_eq!(downloads[0]["artifact"], "compass-2.1.0.tgz");
}

#[tokio::test]
async fn cargo_fetches_a_crate_in_place_of_its_usual_registry() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path().join("app");
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    let index = world.url("crates.test.localhost", "/");
    write(
        ".cargo/config.toml",
        &format!(
            "[source.crates-io]\nreplace-with = \"weir\"\n[source.weir]\nregistry = \"sparse+{index}\"\n"
        ),
    );
    write(
        "Cargo.toml",
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ndemo-compass = \"2\"\n",
    );
    write("src/lib.rs", "");
    let mut cargo = client("cargo", &folder);
    cargo
        .arg("fetch")
        .env("CARGO_HOME", world.folder.path().join("cargo-home"));
    // rustup's proxy finds the toolchain by its own folder.
    for name in ["RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        cargo.env(name, std::env::var_os(name).unwrap_or_default());
    }
    run(cargo).await;
    let downloads = world.downloads(1).await;
    let lines: Vec<_> = downloads
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"demo-compass | cargo | 2.1.0+north.1 | cargo |  |  | CH | people | redirect");
}

#[tokio::test]
async fn skopeo_copies_an_image_and_looking_at_it_is_no_download() {
    let world = World::start(CONFIG).await;
    let image = format!(
        "docker://cr.test.localhost:{}/server:1.2.3",
        world.weir.gateway.port()
    );
    let mut inspect = client("skopeo", world.folder.path());
    inspect.args(["inspect", "--tls-verify=false", &image]);
    run(inspect).await;
    let mut copy = client("skopeo", world.folder.path());
    copy.args([
        "--insecure-policy",
        "copy",
        "--src-tls-verify=false",
        &image,
        "oci:server:1.2.3",
    ]);
    run(copy).await;
    let downloads = world.downloads(1).await;
    assert_eq!(downloads.len(), 1, "{downloads:#?}");
    insta::assert_snapshot!(columns(&downloads[0], &WHAT), @"acme/server | oci | 1.2.3 | skopeo | linux | amd64 | CH | people | redirect");
    let events = world.events().await;
    assert!(
        of_kind(&events, "inspect").len() >= 2,
        "reading what the tag names is an inspection"
    );
}

#[tokio::test]
async fn a_private_image_needs_the_users_own_sign_in_and_no_credential_goes_astray() {
    let world = World::start(CONFIG).await;
    let image = format!(
        "docker://cr.test.localhost:{}/vault:1.0.0",
        world.weir.gateway.port()
    );
    let mut anonymous = client("skopeo", world.folder.path());
    anonymous.args(["inspect", "--tls-verify=false", &image]);
    let refused = tokio::task::spawn_blocking(move || anonymous.output())
        .await
        .expect("no panic")
        .expect("skopeo runs");
    assert!(!refused.status.success());
    let mut copy = client("skopeo", world.folder.path());
    copy.args([
        "--insecure-policy",
        "copy",
        "--src-tls-verify=false",
        "--src-creds",
        "pilot:let-me-in",
        &image,
        "oci:vault:1.0.0",
    ]);
    run(copy).await;
    let downloads = world.downloads(1).await;
    assert_eq!(downloads.len(), 1);
    insta::assert_snapshot!(columns(&downloads[0], &WHAT), @"acme/vault | oci | 1.0.0 | skopeo | linux | amd64 | CH | people | redirect");
    for request in world.registry.seen() {
        let basic = request
            .authorization
            .as_deref()
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
        assert!(
            !basic || request.path.starts_with("/token"),
            "credentials went to {}",
            request.path
        );
        assert!(
            request.header("x-forwarded-for").is_none(),
            "the client's address went upstream"
        );
        assert!(
            request.authorization.is_none() || !request.path.contains("storage"),
            "a token went to storage"
        );
    }
}
