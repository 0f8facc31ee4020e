//! Providers and modules through the gateway with the real Terraform, by https: each archive is one
//! download with its platform, and the sums' signature holds.

#[path = "../world/mod.rs"]
mod world;

mod terminator;

use serde_json::Value;
use terminator::Terminator;
use tokio::process::Command;
use world::client::{client, run};
use world::row::Installed;
use world::{Event, World, columns};

const CONFIG: &str = r#"
[[index]]
kind = "terraform"
domains = ["127.0.0.1"]
path = "/terraform/"
upstream = "REGISTRY"
packages = ["acme/*"]
"#;

/// Terraform takes a host for one where its name has a dot, and finds this one without help.
const HOST: &str = "127.0.0.1";
const RELEASE: &str = "/terraform/v1/providers/acme/compass/2.1.0/download/linux/arm64";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind",
        "package",
        "version",
        "artifact",
        "os",
        "arch",
        "client",
        "client_version",
        "method",
        "status",
        "answer",
    ];
    let lines: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    lines.join("\n")
}

/// A configuration that needs `wanted` from the gateway behind `tls`.
fn configuration(world: &World, wanted: &str) {
    let folder = world.folder.path().join("app");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("main.tf"), wanted).expect("a file");
}

fn terraform(world: &World, tls: &Terminator, arguments: &[&str]) -> Command {
    let mut command = client("terraform", &world.folder.path().join("app"));
    command
        .args(arguments)
        .env("SSL_CERT_FILE", &tls.certificate)
        .env("TF_CLI_CONFIG_FILE", "/dev/null")
        .env("CHECKPOINT_DISABLE", "1");
    command
}

async fn installed(world: &World, tls: &Terminator) -> Installed {
    let mut version = terraform(world, tls, &["version"]);
    Installed::asked("Terraform", "terraform", &mut version).await
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn init_is_one_download_of_a_provider_and_one_of_a_module() {
    let world = World::start(CONFIG).await;
    let tls = Terminator::start(&world).await;
    let host = tls.address.to_string();
    configuration(
        &world,
        &format!(
            "terraform {{\n  required_providers {{\n    compass = {{ source = \"{host}/acme/compass\" }}\n    demo = {{ source = \"{host}/tideline/demo\" }}\n  }}\n}}\n\nmodule \"rose\" {{\n  source = \"{host}/acme/rose/generic\"\n}}\n"
        ),
    );
    let said = run(&mut terraform(&world, &tls, &["init", "-no-color"])).await;
    assert!(said.contains("(self-signed, key ID"), "{said}");
    let app = world.folder.path().join("app");
    assert!(
        app.join(".terraform/modules/rose/rose-1.0.0/main.tf")
            .exists()
    );
    let lock = std::fs::read_to_string(app.join(".terraform.lock.hcl")).expect("a lock file");
    assert!(lock.contains("zh:") && lock.contains("2.1.0"), "{lock}");
    let terraform_here = installed(&world, &tls).await;
    let expected = ["acme/rose/generic 1.0.0", "acme/compass 2.1.0"];
    let downloads = world
        .counts(
            &terraform_here,
            "`init` with a provider and a module",
            &expected,
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"
    download | acme/rose/generic | 1.0.0 | rose-1.0.0.tar.gz |  |  | go-http-client | 1.1 | GET | 302 | redirect
    download | acme/compass | 2.1.0 | terraform-provider-compass_2.1.0_linux_amd64.zip | linux | amd64 | terraform | 1.11.4 | GET | 302 | redirect
    ");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn sums_for_other_platforms_are_downloads_of_theirs() {
    let world = World::start(CONFIG).await;
    let tls = Terminator::start(&world).await;
    let source = format!("{}/acme/compass", tls.address);
    configuration(
        &world,
        &format!(
            "terraform {{\n  required_providers {{\n    compass = {{\n      source = \"{source}\"\n      version = \"2.0.0\"\n    }}\n  }}\n}}\n"
        ),
    );
    let arguments = [
        "providers",
        "lock",
        "-platform=darwin_arm64",
        "-platform=windows_amd64",
    ];
    run(&mut terraform(&world, &tls, &arguments)).await;
    let terraform_here = installed(&world, &tls).await;
    let downloads = world
        .counts(
            &terraform_here,
            "`providers lock` for two platforms",
            &["acme/compass 2.0.0"; 2],
        )
        .await;
    insta::assert_snapshot!(lines(&downloads), @"
    download | acme/compass | 2.0.0 | terraform-provider-compass_2.0.0_darwin_arm64.zip | darwin | arm64 | terraform | 1.11.4 | GET | 302 | redirect
    download | acme/compass | 2.0.0 | terraform-provider-compass_2.0.0_windows_amd64.zip | windows | amd64 | terraform | 1.11.4 | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn a_module_in_a_git_repository_is_downloaded_when_its_source_is_asked_for() {
    let world = World::start(CONFIG).await;
    let path = "/terraform/v1/modules/acme/north/generic/1.0.0/download";
    let answer = world.get(HOST, path).await;
    assert_eq!(answer.status(), 204);
    assert_eq!(
        answer.headers()["x-terraform-get"],
        "git::https://code.acme.example/north?ref=v1.0.0"
    );
    let head = world
        .request("HEAD", HOST, path)
        .send()
        .await
        .expect("an answer");
    assert_eq!(head.status(), 204);
    let archive = "/terraform/archives/acme/north/generic/1.0.0/north.zip";
    assert_eq!(world.get(HOST, archive).await.status(), 404);
    let events = world.wait_for(|events| events.len() >= 3).await;
    insta::assert_snapshot!(lines(&events), @"
    download | acme/north/generic | 1.0.0 |  |  |  |  |  | GET | 204 | serve
    check | acme/north/generic | 1.0.0 |  |  |  |  |  | HEAD | 204 | serve
    broken_link | acme/north/generic | 1.0.0 | north.zip |  |  |  |  | GET | 404 | none
    ");
}

#[tokio::test]
async fn a_modules_archive_comes_by_with_what_the_client_makes_of_it() {
    let world = World::start(CONFIG).await;
    let path = "/terraform/v1/modules/acme/rose/generic/1.0.0/download";
    let answer = world.get(HOST, path).await;
    let source = answer.headers()["x-terraform-get"].to_str().expect("text");
    assert_eq!(
        source,
        "/terraform/archives/acme/rose/generic/1.0.0/rose-1.0.0.tar.gz//rose-1.0.0?archive=tar.gz"
    );
    let (archive, _) = source.split_once("//").expect("a folder within");
    let sized = world.request("HEAD", HOST, archive).send().await;
    assert_eq!(sized.expect("an answer").status(), 200);
    let sent = world.get(HOST, archive).await;
    let storage = &world.registry.addresses().storage;
    assert_eq!(
        sent.headers()["location"].to_str().ok(),
        Some(format!("{storage}/terraform-files/rose-1.0.0.tar.gz").as_str())
    );
    let events = world.wait_for(|events| events.len() >= 3).await;
    insta::assert_snapshot!(lines(&events), @"
    metadata | acme/rose/generic | 1.0.0 |  |  |  |  |  | GET | 204 | serve
    check | acme/rose/generic | 1.0.0 | rose-1.0.0.tar.gz |  |  |  |  | HEAD | 200 | proxy
    download | acme/rose/generic | 1.0.0 | rose-1.0.0.tar.gz |  |  |  |  | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn a_host_says_its_services_at_its_root_and_others_lead_past_us() {
    let world = World::start(CONFIG).await;
    let services = world.get(HOST, "/.well-known/terraform.json").await;
    let services: Value = services.json().await.expect("JSON");
    assert_eq!(services["providers.v1"], "/terraform/v1/providers/");
    let registry = &world.registry.addresses().registry;
    for (path, expected) in [
        (
            "/terraform/v1/providers/tideline/demo/0.3.0/download/linux/amd64",
            "/terraform/v1/providers/tideline/demo/0.3.0/download/linux/amd64",
        ),
        (
            "/terraform/v1/providers/acme/compass/versions?x=%2f",
            "/terraform/v1/providers/acme/compass/versions?x=%2f",
        ),
    ] {
        let answer = world.get(HOST, path).await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()["location"].to_str().ok()
            ),
            (302, Some(format!("{registry}{expected}").as_str()))
        );
    }
}

#[tokio::test]
async fn of_a_release_the_keys_and_sums_stay_and_sizes_and_sums_are_no_downloads() {
    let world = World::start(CONFIG).await;
    let registry = &world.registry.addresses().registry;
    let theirs = world.http.get(format!("{registry}{RELEASE}")).send().await;
    let theirs: Value = theirs.expect("the release").json().await.expect("JSON");
    let ours: Value = world.get(HOST, RELEASE).await.json().await.expect("JSON");
    for field in ["filename", "shasum", "signing_keys", "os", "arch"] {
        assert_eq!(ours[field], theirs[field], "{field}");
    }
    for field in ["download_url", "shasums_url", "shasums_signature_url"] {
        let path = ours[field].as_str().expect("a path");
        let sized = world
            .request("HEAD", HOST, path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(sized.status(), 200, "{path}");
        assert_ne!(sized.headers()["content-length"], "0");
        let answer = world.get(HOST, path).await;
        assert_eq!(
            answer.headers()["location"].to_str().ok(),
            theirs[field].as_str()
        );
    }
    let missing = "/terraform/files/acme/compass/9.9.9/linux/arm64/x.zip";
    assert_eq!(world.get(HOST, missing).await.status(), 404);
    let events = world.wait_for(|events| events.len() >= 8).await;
    insta::assert_snapshot!(lines(&events), @"
    metadata | acme/compass | 2.1.0 |  | linux | arm64 |  |  | GET | 200 | proxy
    check | acme/compass | 2.1.0 | terraform-provider-compass_2.1.0_linux_arm64.zip | linux | arm64 |  |  | HEAD | 200 | proxy
    download | acme/compass | 2.1.0 | terraform-provider-compass_2.1.0_linux_arm64.zip | linux | arm64 |  |  | GET | 302 | redirect
    check | acme/compass | 2.1.0 | SHA256SUMS | linux | arm64 |  |  | HEAD | 200 | proxy
    metadata | acme/compass | 2.1.0 | SHA256SUMS | linux | arm64 |  |  | GET | 302 | redirect
    check | acme/compass | 2.1.0 | SHA256SUMS.sig | linux | arm64 |  |  | HEAD | 200 | proxy
    metadata | acme/compass | 2.1.0 | SHA256SUMS.sig | linux | arm64 |  |  | GET | 302 | redirect
    broken_link | acme/compass | 9.9.9 | x.zip | linux | arm64 |  |  | GET | 404 | none
    ");
}
