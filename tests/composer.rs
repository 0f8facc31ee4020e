//! PHP packages through the gateway with the real Composer: archives are downloads, notices are
//! installs, and lock files hold the addresses that they would hold without us.

mod world;

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};
use tokio::process::Command;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "composer"
domains = ["get.test.localhost"]
path = "/composer/"
upstream = "REGISTRY/composer/"
packages = ["acme/*"]
"#;

const HOST: &str = "get.test.localhost";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind", "package", "version", "artifact", "client", "os", "ci", "method", "status",
        "answer",
    ];
    let lines: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    lines.join("\n")
}

/// A project in `folder` that needs `wanted`, and nothing from anywhere but the repository of ours.
fn project(world: &World, folder: &str, wanted: &Value) {
    let folder = world.folder.path().join(folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let manifest = json!({
        "repositories": [{ "type": "composer", "url": world.url(HOST, "/composer") }, { "packagist": false }],
        "require": wanted,
        "minimum-stability": "dev",
        "prefer-stable": true,
        "config": { "secure-http": false },
    });
    std::fs::write(folder.join("composer.json"), manifest.to_string()).expect("a project");
}

fn composer(world: &World, folder: &str, arguments: &[&str]) -> Command {
    let mut command = client("composer", &world.folder.path().join(folder));
    command
        .args(arguments)
        .args(["--no-interaction", "--no-progress"])
        .env("COMPOSER_HOME", world.folder.path().join("composer-home"))
        .env("COMPOSER_ALLOW_SUPERUSER", "1");
    command
}

async fn installed(world: &World) -> Installed {
    let mut version = composer(world, ".", &["--version"]);
    Installed::asked("Composer", "composer", &mut version).await
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Waits for as many install notices as that, and for all that was recorded before them.
async fn after_installs(world: &World, count: usize) -> Vec<Event> {
    world
        .wait_for(|events| of_kind(events, "install_ping").len() >= count)
        .await
}

#[tokio::test]
async fn an_install_is_one_download_and_from_a_warm_cache_a_notice_alone() {
    let world = World::start(CONFIG).await;
    project(&world, "app", &json!({ "acme/compass": "^2.0" }));
    run(&mut composer(&world, "app", &["update"])).await;
    let vendor = world.folder.path().join("app/vendor");
    assert!(vendor.join("acme/compass/src/code.php").exists());
    assert!(vendor.join("tideline/demo/src/code.php").exists());
    after_installs(&world, 1).await;
    let composer_here = installed(&world).await;
    let (download, notice) = ("acme/compass 2.1.0", "install_ping acme/compass 2.1.0");
    let events = world
        .counts(&composer_here, "`update`, cold cache", &[download, notice])
        .await;
    insta::assert_snapshot!(lines(&of_kind(&events, "download")), @"download | acme/compass | 2.1.0 | compass-2.1.0.zip | composer | linux | unknown | GET | 302 | redirect");
    insta::assert_snapshot!(lines(&of_kind(&events, "install_ping")), @"install_ping | acme/compass | 2.1.0 |  | composer | linux | unknown | POST | 200 | serve");

    std::fs::remove_dir_all(vendor).expect("what was installed");
    run(&mut composer(&world, "app", &["install"])).await;
    after_installs(&world, 2).await;
    world
        .counts(&composer_here, "`install`, warm cache", &[notice])
        .await;
}

#[tokio::test]
async fn a_lock_file_holds_the_archives_own_address_and_outlives_the_gateway() {
    let mut world = World::start(CONFIG).await;
    project(&world, "app", &json!({ "acme/compass": "2.0.0" }));
    run(&mut composer(&world, "app", &["update", "--no-install"])).await;
    let lock: Value = serde_json::from_str(&read(&world.folder.path().join("app/composer.lock")))
        .expect("a lock file is JSON");
    let storage = &world.registry.addresses().storage;
    for package in lock["packages"].as_array().expect("packages") {
        let url = package["dist"]["url"].as_str().expect("an address");
        assert!(url.starts_with(storage), "{url}");
        let mirror = package["dist"]["mirrors"][0]["url"].as_str().expect("one");
        assert!(
            mirror.starts_with(&world.url(HOST, "/composer/dist/")),
            "{mirror}"
        );
    }
    world.weir.kill();
    run(&mut composer(&world, "app", &["install"])).await;
    let installed = world
        .folder
        .path()
        .join("app/vendor/acme/compass/src/code.php");
    assert!(read(&installed).contains("2.0.0"));
}

#[tokio::test]
async fn a_build_service_and_a_branch_are_told() {
    let world = World::start(CONFIG).await;
    project(&world, "app", &json!({ "acme/compass": "dev-main" }));
    run(composer(&world, "app", &["update"]).env("CI", "true")).await;
    after_installs(&world, 1).await;
    let expected = [
        "acme/compass dev-main",
        "install_ping acme/compass dev-main",
    ];
    let events = world
        .counts(
            &installed(&world).await,
            "`update` in CI, a branch",
            &expected,
        )
        .await;
    insta::assert_snapshot!(lines(&of_kind(&events, "download")), @"download | acme/compass | dev-main | compass-dev-main.zip | composer | linux | true | GET | 302 | redirect");
    insta::assert_snapshot!(lines(&of_kind(&events, "install_ping")), @"install_ping | acme/compass | dev-main |  | composer | linux | true | POST | 200 | serve");
}

#[tokio::test]
async fn a_notice_is_answered_with_200_whatever_it_holds() {
    let world = World::start(CONFIG).await;
    let ours = r#"{"downloads":[{"name":"acme\/compass","version":"2.1.0.0"},{"name":"acme\/rose","version":"1.0.0.0-beta1"},{"name":"tideline\/demo","version":"0.3.0.0"}]}"#;
    for body in ["{".to_owned(), "x".repeat(100_000), ours.to_owned()] {
        let answer = world
            .request("POST", HOST, "/composer/downloads/")
            .body(body)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let silent = world
        .request("POST", HOST, "/composer/downloads/")
        .header("dnt", "1")
        .body(ours)
        .send();
    assert_eq!(silent.await.expect("an answer").status(), 200);
    let events = after_installs(&world, 2).await;
    insta::assert_snapshot!(lines(&events), @"
    install_ping | acme/compass | 2.1.0 |  |  |  | unknown | POST | 200 | serve
    install_ping | acme/rose | 1.0.0-beta1 |  |  |  | unknown | POST | 200 | serve
    ");
}

#[tokio::test]
async fn an_archive_that_is_not_there_is_no_download() {
    let world = World::start(CONFIG).await;
    for path in [
        "/composer/dist/acme/compass/9.9.9.0/00.zip",
        "/composer/dist/acme/rose/1.0.0.0/00.zip",
    ] {
        assert_eq!(world.get(HOST, path).await.status(), 404, "{path}");
    }
    let events = world.wait_for(|events| events.len() >= 2).await;
    insta::assert_snapshot!(lines(&events), @"
    broken_link | acme/compass | 9.9.9 | compass-9.9.9.zip |  |  | unknown | GET | 404 | none
    broken_link | acme/rose | 1.0.0 | rose-1.0.0.zip |  |  | unknown | GET | 404 | none
    ");
}

#[tokio::test]
async fn an_archive_is_sized_up_here_and_redirected_to_where_it_lies() {
    let world = World::start(CONFIG).await;
    let page = world.get(HOST, "/composer/p2/acme/compass.json").await;
    let location = page.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    let page: Value = world
        .http
        .get(location)
        .send()
        .await
        .expect("the upstream's page")
        .json()
        .await
        .expect("JSON");
    let dist = &page["packages"]["acme/compass"][0]["dist"];
    let reference = dist["reference"].as_str().expect("a reference");
    let path = format!("/composer/dist/acme/compass/2.1.0.0/{reference}.zip");
    let answer = world.get(HOST, &path).await;
    assert_eq!(
        (
            answer.status().as_u16(),
            answer.headers()["location"].to_str().ok()
        ),
        (302, dist["url"].as_str())
    );
    let sized = world
        .request("HEAD", HOST, &path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(sized.status(), 200);
    assert!(sized.headers()["content-length"] != "0");
    let downloads = world.downloads(1).await;
    assert_eq!(downloads.len(), 1);
}

#[tokio::test]
async fn an_account_goes_to_the_repository_and_no_further() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let account = folder.path().join("account");
    std::fs::write(&account, "pilot:let-me-in").expect("a file");
    std::fs::set_permissions(&account, Permissions::from_mode(0o600)).expect("a file of ours");
    let config = format!("{CONFIG}credentials_file = \"account\"\n");
    let world = World::start_in(folder, &config).await;
    project(&world, "app", &json!({ "acme/compass": "^2.0" }));
    run(&mut composer(&world, "app", &["update"])).await;
    after_installs(&world, 1).await;
    let expected = ["acme/compass 2.1.0", "install_ping acme/compass 2.1.0"];
    let events = world
        .counts(
            &installed(&world).await,
            "`update`, a private repository",
            &expected,
        )
        .await;
    insta::assert_snapshot!(lines(&of_kind(&events, "download")), @"download | acme/compass | 2.1.0 | compass-2.1.0.zip | composer | linux | unknown | GET | 200 | proxy");
    let seen = world.registry.seen();
    let accounts = |start: &str| {
        let asked = seen.iter().filter(|seen| seen.path.starts_with(start));
        let mut given: Vec<_> = asked.map(|seen| seen.authorization.as_deref()).collect();
        given.dedup();
        given
    };
    assert_eq!(accounts("/composer/"), [Some("Basic")], "{seen:#?}");
    assert_eq!(accounts("/composer-files/"), [None], "{seen:#?}");
}
