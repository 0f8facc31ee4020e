//! apt updates and installs through the gateway: lists cost nothing, a package counts once.

mod world;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use axum::http::Uri;
use axum::response::{IntoResponse as _, Redirect, Response};
use tokio::net::TcpListener;
use tokio::process::Command;
use weir::demo::apt;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[index]]
kind = "apt"
domains = ["apt.test.localhost"]
upstream = "REGISTRY/apt/"
packages = ["demo-*"]

[[index]]
kind = "apt"
domains = ["get.test.localhost"]
path = "/debian/"
upstream = "REGISTRY/apt"
packages = ["demo-*"]

[[index]]
kind = "apt"
domains = ["through.test.localhost"]
upstream = "REGISTRY/apt/"
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

/// The sample package's newest version, as counted.
const COMPASS: &str = "demo-compass 2.1.0+north-1";

async fn installed() -> Installed {
    let mut version = client("apt-get", Path::new("/"));
    Installed::asked("apt", "apt", version.arg("--version")).await
}

/// An apt with a root of its own, where nothing is installed.
struct Apt {
    root: PathBuf,
}

impl Apt {
    /// An apt that takes what comes from `source` unsigned.
    fn trusting(folder: &Path, source: &str) -> Self {
        Self::new(folder, "trusted=yes", source)
    }

    fn new(folder: &Path, option: &str, source: &str) -> Self {
        let root = folder.join("root");
        for part in [
            "etc/apt/apt.conf.d",
            "etc/apt/preferences.d",
            "var/lib/dpkg",
            "var/lib/apt/lists/partial",
            "var/cache/apt/archives/partial",
        ] {
            std::fs::create_dir_all(root.join(part)).expect("a folder");
        }
        let source = format!("deb [{option}] {source} {} main\n", apt::SUITE);
        std::fs::write(root.join("etc/apt/sources.list"), source).expect("a file");
        std::fs::write(root.join("var/lib/dpkg/status"), "").expect("a file");
        let settings = format!(
            "Dir \"{0}\";\nDir::State::status \"{0}/var/lib/dpkg/status\";\n\
             APT::Architecture \"amd64\";\nAPT::Architectures {{ \"amd64\"; }};\nAPT::Sandbox::User \"root\";\n",
            root.display()
        );
        std::fs::write(root.join("apt.conf"), settings).expect("a file");
        Self { root }
    }

    fn get(&self, arguments: &[&str]) -> Command {
        let mut command = client("apt-get", &self.root);
        command.env("APT_CONFIG", self.root.join("apt.conf"));
        command.args(arguments);
        command
    }

    /// Downloads `package` and what it needs, as an installation would.
    async fn download(&self, package: &str) {
        run(&mut self.get(&["install", "--yes", "--download-only", package])).await;
    }

    /// What the file `name` holds that was downloaded, as dpkg says.
    async fn field(&self, name: &str, field: &str) -> String {
        let file = self.root.join("var/cache/apt/archives").join(name);
        run(client("dpkg-deb", &self.root)
            .arg("--field")
            .arg(file)
            .arg(field))
        .await
    }
}

fn lines(events: &[Event]) -> String {
    let lines: Vec<_> = events.iter().map(|event| columns(event, &WHAT)).collect();
    lines.join("\n")
}

#[tokio::test]
async fn an_update_is_no_download_and_an_installed_package_is_one() {
    let world = World::start(CONFIG).await;
    let apt = Apt::trusting(world.folder.path(), &world.url("apt.test.localhost", ""));
    let apt_here = installed().await;
    run(&mut apt.get(&["update"])).await;
    world.counts(&apt_here, "`update`", &[]).await;
    assert!(world.recorded().await.is_empty());
    apt.download(apt::PACKAGE).await;
    world.counts(&apt_here, "`install`", &[COMPASS]).await;
    run(&mut apt.get(&["update"])).await;
    world.counts(&apt_here, "`update` again", &[]).await;
    let seen = world.registry.seen();
    let updates = seen.iter().filter(|seen| seen.path.ends_with("/Release"));
    assert_eq!(
        updates.map(|seen| seen.status).collect::<Vec<_>>(),
        [200, 304]
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | apt | 2.1.0+north-1 | demo-compass_2.1.0+north-1_amd64.deb | apt | linux | amd64 | 302 | redirect");
    let file = format!("{}_1%3a2.1.0+north-1_amd64.deb", apt::PACKAGE);
    assert_eq!(apt.field(&file, "Version").await.trim(), apt::VERSIONS[1]);
}

#[tokio::test]
async fn an_older_version_is_counted_as_itself() {
    let world = World::start(CONFIG).await;
    let apt = Apt::trusting(world.folder.path(), &world.url("apt.test.localhost", ""));
    run(&mut apt.get(&["update"])).await;
    apt.download(&format!("{}={}", apt::PACKAGE, apt::VERSIONS[0]))
        .await;
    let older = "demo-compass 2.0.0~rc1-1";
    let downloads = world
        .counts(&installed().await, "`install` of a version", &[older])
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | apt | 2.0.0~rc1-1 | demo-compass_2.0.0~rc1-1_amd64.deb | apt | linux | amd64 | 302 | redirect");
}

#[tokio::test]
async fn an_archive_below_a_path_counts_what_is_asked_there() {
    let world = World::start(CONFIG).await;
    let apt = Apt::trusting(
        world.folder.path(),
        &world.url("get.test.localhost", "/debian"),
    );
    run(&mut apt.get(&["update"])).await;
    apt.download(apt::PACKAGE).await;
    let downloads = world
        .counts(
            &installed().await,
            "`install`, an archive below a path",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | apt | 2.1.0+north-1 | demo-compass_2.1.0+north-1_amd64.deb | apt | linux | amd64 | 302 | redirect");
}

#[tokio::test]
async fn an_archive_that_is_passed_through_needs_no_other_host() {
    let world = World::start(CONFIG).await;
    let apt = Apt::trusting(
        world.folder.path(),
        &world.url("through.test.localhost", ""),
    );
    run(&mut apt.get(&["update"])).await;
    apt.download(apt::PACKAGE).await;
    let downloads = world
        .counts(
            &installed().await,
            "`install`, an archive with `proxy`",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"demo-compass | apt | 2.1.0+north-1 | demo-compass_2.1.0+north-1_amd64.deb | apt | linux | amd64 | 200 | proxy");
}

#[tokio::test]
async fn a_package_goes_to_the_same_raw_path_and_its_length_is_told_here() {
    let world = World::start(CONFIG).await;
    let folder = format!("pool/main/d/{}", apt::PACKAGE);
    for name in [
        "demo-compass_2.1.0+north-1_amd64.deb",
        "demo-compass_2.1.0%2bnorth-1_amd64.deb",
    ] {
        let path = format!("/{folder}/{name}?part=1");
        let answer = world.get("apt.test.localhost", &path).await;
        let expected = format!("{}/apt{path}", world.registry.addresses().registry);
        assert_eq!(answer.headers()["location"], *expected);
        let original = world.http.get(&expected).send().await.expect("an answer");
        let length = original
            .bytes()
            .await
            .expect("the package")
            .len()
            .to_string();
        let head = world
            .request("HEAD", "apt.test.localhost", &path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (
                head.status().as_u16(),
                head.headers()["content-length"].to_str().ok()
            ),
            (200, Some(length.as_str()))
        );
    }
    let package = format!("/{folder}/demo-compass_2.1.0+north-1_amd64.deb");
    let requests = [
        (
            "HEAD",
            format!("/{folder}/demo-compass_9_amd64.deb"),
            ("accept", "*/*"),
        ),
        ("GET", package.clone(), ("range", "bytes=100-")),
        ("GET", package, ("dnt", "1")),
    ];
    for (method, path, (name, value)) in requests {
        let request = world.request(method, "apt.test.localhost", &path);
        request.header(name, value).send().await.expect("an answer");
    }
    let kinds: Vec<_> = world
        .recorded()
        .await
        .iter()
        .map(|event| columns(event, &["kind", "artifact", "method", "status"]))
        .collect();
    insta::assert_snapshot!(kinds.join("\n"), @r"
    download | demo-compass_2.1.0+north-1_amd64.deb | GET | 302
    check | demo-compass_2.1.0+north-1_amd64.deb | HEAD | 200
    download | demo-compass_2.1.0+north-1_amd64.deb | GET | 302
    check | demo-compass_2.1.0+north-1_amd64.deb | HEAD | 200
    broken_link | demo-compass_9_amd64.deb | HEAD | 404
    inspect | demo-compass_2.1.0+north-1_amd64.deb | GET | 302
    ");
}

/// The stand-in's archive once more, with a signature that it has not.
#[derive(Default)]
struct Signed {
    /// Where the archive is.
    archive: OnceLock<String>,
    in_release: OnceLock<String>,
}

impl Signed {
    /// Serves it; its address.
    async fn serve(self: Arc<Self>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answer = move |uri: Uri| async move { self.answer(uri.path()) };
        let router = axum::Router::new().fallback(answer);
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}/")
    }

    fn answer(&self, path: &str) -> Response {
        match self.in_release.get() {
            Some(signed) if path.ends_with("/InRelease") => signed.clone().into_response(),
            _ => {
                let archive = self.archive.get().expect("set before apt asks");
                Redirect::temporary(&format!("{archive}{path}")).into_response()
            }
        }
    }

    /// Signs the archive's `Release` with a new key; where the key is.
    async fn sign(&self, world: &World) -> PathBuf {
        let archive = format!("{}/apt", world.registry.addresses().registry);
        let release = format!("{archive}/dists/{}/Release", apt::SUITE);
        let release = world.http.get(release).send().await.expect("an answer");
        let (home, key) = (
            world.folder.path().join("gpg"),
            world.folder.path().join("key.gpg"),
        );
        std::fs::create_dir(&home).expect("a folder");
        std::fs::write(home.join("Release"), release.bytes().await.expect("it")).expect("a file");
        let gpg = |arguments: &[&str]| {
            let mut gpg = client("gpg", &home);
            gpg.args(["--homedir", ".", "--batch", "--passphrase", ""]);
            gpg.args(arguments);
            gpg
        };
        run(&mut gpg(&[
            "--quick-generate-key",
            "demo@demo.invalid",
            "ed25519",
            "sign",
        ]))
        .await;
        run(gpg(&["--export", "--output"]).arg(&key)).await;
        let signed = run(&mut gpg(&["--clearsign", "--output", "-", "Release"])).await;
        run(client("gpgconf", &home).args(["--homedir", ".", "--kill", "gpg-agent"])).await;
        self.archive.set(archive).expect("set once");
        self.in_release.set(signed).expect("set once");
        key
    }
}

/// apt takes the lists from where `InRelease` led it, and must ask for packages here all the same.
#[tokio::test]
#[ignore = "make test-clients"]
async fn a_signed_archive_stays_signed_and_its_packages_are_asked_for_here() {
    let signed = Arc::new(Signed::default());
    let upstream = Arc::clone(&signed).serve().await;
    let index =
        "[[index]]\nkind = \"apt\"\ndomains = [\"apt.test.localhost\"]\npackages = [\"demo-*\"]";
    let world = World::start(&format!("{index}\nupstream = \"{upstream}\"\n")).await;
    let key = signed.sign(&world).await;
    let option = format!("signed-by={}", key.display());
    let source = world.url("apt.test.localhost", "");
    let apt = Apt::new(world.folder.path(), &option, &source);
    let said = run(&mut apt.get(&["update"])).await;
    assert!(
        said.contains("InRelease") && !said.contains("Ign:"),
        "{said}"
    );
    apt.download(apt::PACKAGE).await;
    world
        .counts(
            &installed().await,
            "`update` and `install`, a signed archive",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(lines(&world.recorded().await), @"demo-compass | apt | 2.1.0+north-1 | demo-compass_2.1.0+north-1_amd64.deb | apt | linux | amd64 | 302 | redirect");
}
