//! dnf and zypper install through the gateway: lists cost nothing, a package counts once.

mod world;

use std::path::{Path, PathBuf};

use tokio::process::Command;
use weir::demo::rpm;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[index]]
kind = "rpm"
domains = ["rpm.test.localhost"]
upstream = "REGISTRY/rpm/"
packages = ["demo-*"]

[[index]]
kind = "rpm"
domains = ["get.test.localhost"]
path = "/rpm/"
upstream = "REGISTRY/rpm"
packages = ["demo-*"]

[[index]]
kind = "rpm"
domains = ["through.test.localhost"]
upstream = "REGISTRY/rpm/"
packages = ["demo-*"]
proxy = true
"#;

const WHAT: [&str; 9] = [
    "package",
    "ecosystem",
    "version",
    "artifact",
    "client",
    "os",
    "arch",
    "status",
    "answer",
];

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

/// The sample package's newest version, as counted.
const COMPASS: &str = "demo-compass 2.1.0^north-1";

async fn installed(program: &str) -> Installed {
    let mut version = client(program, Path::new("/"));
    Installed::asked("rpm", program, version.arg("--version")).await
}

/// A dnf with a root and a cache of its own, where nothing is installed.
struct Dnf {
    folder: PathBuf,
}

impl Dnf {
    /// `source` is a line of the repository's file: where it is.
    fn new(folder: &Path, source: &str) -> Self {
        let folder = folder.join("dnf");
        std::fs::create_dir_all(folder.join("repos")).expect("a folder");
        let settings = format!(
            "[main]\ncachedir={0}/cache\nlogdir={0}/log\npersistdir={0}/persist\nreposdir={0}/repos\nvarsdir={0}/vars\n\
             pluginpath={0}\ngpgcheck=0\nplugins=0\n\n[weir]\nname=weir\n{source}\n",
            folder.display()
        );
        std::fs::write(folder.join("dnf.conf"), settings).expect("a file");
        Self { folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut dnf = client("dnf", &self.folder);
        dnf.arg("--config").arg(self.folder.join("dnf.conf"));
        dnf.arg("--installroot").arg(self.folder.join("root"));
        dnf.args(["--releasever=1", "--forcearch=x86_64", "--assumeyes"]);
        dnf.args(arguments);
        dnf
    }

    /// Downloads `package` and what it needs, as an installation would.
    async fn download(&self, package: &str) {
        run(&mut self.command(&["install", "--downloadonly", package])).await;
    }
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn dnf_downloads_a_package_once_and_its_lists_are_no_downloads() {
    let world = World::start(CONFIG).await;
    let source = format!("baseurl={}", world.url("rpm.test.localhost", "/"));
    let dnf = Dnf::new(world.folder.path(), &source);
    let dnf_here = installed("dnf").await;
    run(&mut dnf.command(&["makecache"])).await;
    world.counts(&dnf_here, "`makecache`", &[]).await;
    assert!(world.recorded().await.is_empty());
    dnf.download(rpm::PACKAGE).await;
    world
        .counts(&dnf_here, "`install`, by `baseurl`", &[COMPASS])
        .await;
    run(&mut dnf.command(&["makecache", "--refresh"])).await;
    world.counts(&dnf_here, "`makecache --refresh`", &[]).await;
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | rpm | 2.1.0^north-1 | demo-compass-2.1.0^north-1.x86_64.rpm | dnf | linux | amd64 | 302 | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn dnf_finds_the_repository_by_its_list_of_mirrors() {
    let world = World::start(CONFIG).await;
    let list = world.url("get.test.localhost", "/rpm/mirrorlist?arch=$basearch");
    let dnf = Dnf::new(world.folder.path(), &format!("mirrorlist={list}"));
    dnf.download(rpm::PACKAGE).await;
    world
        .counts(
            &installed("dnf").await,
            "`install`, by `mirrorlist`",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | rpm | 2.1.0^north-1 | demo-compass-2.1.0^north-1.x86_64.rpm | dnf | linux | amd64 | 302 | redirect");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn what_dnf_installs_is_a_sound_package() {
    let world = World::start(CONFIG).await;
    let source = format!("baseurl={}", world.url("through.test.localhost", "/"));
    let dnf = Dnf::new(world.folder.path(), &source);
    run(&mut dnf.command(&["install", rpm::PACKAGE])).await;
    world
        .counts(
            &installed("dnf").await,
            "`install`, a repository with `proxy`",
            &[COMPASS],
        )
        .await;
    let program = dnf.folder.join("root/usr/bin").join(rpm::PACKAGE);
    let said = run(&mut client(program.to_str().expect("text"), &dnf.folder)).await;
    assert!(said.contains(rpm::VERSIONS[1]), "{said}");
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | rpm | 2.1.0^north-1 | demo-compass-2.1.0^north-1.x86_64.rpm | dnf | linux | amd64 | 200 | proxy");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn zypper_downloads_a_package_once() {
    let world = World::start(CONFIG).await;
    let folder = world.folder.path();
    let root = folder.join("root");
    std::fs::create_dir(&root).expect("a folder");
    let zypper = |arguments: &[&str]| {
        let mut zypper = client("zypper", folder);
        zypper.arg("--root").arg(&root);
        zypper.args(["--non-interactive", "--no-gpg-checks"]);
        zypper.args(arguments);
        zypper
    };
    let source = world.url("rpm.test.localhost", "/");
    run(&mut zypper(&["addrepo", &source, "weir"])).await;
    run(&mut zypper(&["refresh"])).await;
    let zypper_here = installed("zypper").await;
    world.counts(&zypper_here, "`refresh`", &[]).await;
    assert!(world.recorded().await.is_empty());
    run(&mut zypper(&["install", "--download-only", rpm::PACKAGE])).await;
    world.counts(&zypper_here, "`install`", &[COMPASS]).await;
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | rpm | 2.1.0^north-1 | demo-compass-2.1.0^north-1.x86_64.rpm | zypper | linux | amd64 | 302 | redirect");
}

#[tokio::test]
async fn a_list_of_mirrors_names_this_host_and_tells_how_old_an_installation_is() {
    let world = World::start(CONFIG).await;
    let mut found = Vec::new();
    for (host, path) in [
        ("rpm.test.localhost", "/mirrorlist"),
        (
            "get.test.localhost",
            "/rpm/mirrorlist?countme=2&arch=x86_64",
        ),
        ("get.test.localhost", "/rpm/none/mirrorlist?countme=2"),
    ] {
        let answer = world.get(host, path).await;
        let status = answer.status();
        found.push(format!(
            "{path} -> {status} {}",
            answer.text().await.expect("text").trim()
        ));
    }
    insta::assert_snapshot!(found.join("\n"), @r"
    /mirrorlist -> 200 OK http://rpm.test.localhost/
    /rpm/mirrorlist?countme=2&arch=x86_64 -> 200 OK http://get.test.localhost/rpm/
    /rpm/none/mirrorlist?countme=2 -> 404 Not Found not found upstream
    ");
    let events = world.recorded().await;
    let events: Vec<_> = events
        .iter()
        .map(|event| {
            columns(
                event,
                &["kind", "ecosystem", "package", "route", "props", "status"],
            )
        })
        .collect();
    insta::assert_snapshot!(events.join("\n"), @r#"
    metadata | rpm |  | mirrorlist | {"countme":"2"} | 200
    broken_link | rpm |  | mirrorlist | {"countme":"2"} | 404
    "#);
}

#[tokio::test]
async fn a_package_is_sent_on_by_its_raw_path_and_its_length_is_told_here() {
    let world = World::start(CONFIG).await;
    let registry = world.registry.addresses().registry.clone();
    let package = format!("/Packages/d/{}-2.1.0%5enorth-1.x86_64.rpm", rpm::PACKAGE);
    let answer = world.get("rpm.test.localhost", &package).await;
    assert_eq!(
        answer.headers()["location"],
        *format!("{registry}/rpm{package}")
    );
    for (path, status) in [(package.clone(), 200), (package.replace("2.1.0", "9"), 404)] {
        let look = world.request("HEAD", "rpm.test.localhost", &path);
        assert_eq!(look.send().await.expect("an answer").status(), status);
    }
    let other = format!(
        "/Packages/t/{}-{}-1.noarch.rpm",
        rpm::OTHER_PACKAGE,
        rpm::OTHER_VERSION
    );
    assert_eq!(world.get("rpm.test.localhost", &other).await.status(), 302);
    let kinds: Vec<_> = world
        .recorded()
        .await
        .iter()
        .map(|event| columns(event, &["kind", "version", "method", "status"]))
        .collect();
    insta::assert_snapshot!(kinds.join("\n"), @r"
    download | 2.1.0^north-1 | GET | 302
    check | 2.1.0^north-1 | HEAD | 200
    broken_link | 9^north-1 | HEAD | 404
    ");
}
