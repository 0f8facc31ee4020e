//! yarn, pnpm, bun and deno: once a package, with lock files that can be moved.

use super::{COMPASS, HOST, TIDELINE, user};
use crate::client::Client;
use crate::user::User;

fn yarn_1() -> Client {
    Client::from_setup("yarn", "clients/yarn1/node_modules/.bin/yarn")
}

fn yarn_4() -> Client {
    Client::from_setup("yarn", "clients/yarn4/node_modules/.bin/yarn")
}

fn pnpm_10() -> Client {
    Client::from_setup("pnpm", "clients/pnpm10/node_modules/.bin/pnpm")
}

fn pnpm_12() -> Client {
    Client::from_setup("pnpm", "clients/pnpm12/node_modules/.bin/pnpm")
}

fn bun() -> Client {
    Client::from_setup("bun", "clients/bun/node_modules/.bin/bun")
}

fn deno() -> Client {
    Client::from_setup("deno", "clients/deno/node_modules/.bin/deno")
}

/// Adds both packages, and installs them again from the lock file, once with what is at `caches` lost
/// and once with it.
async fn is_counted_by_the_package(
    user: &mut User,
    client: &str,
    add: &[&str],
    install: &[&str],
    lock: &str,
    caches: &[&str],
) {
    user.runs(add).await;
    let counted = user
        .is_counted(&format!("`{}`", add[0]), &[COMPASS, TIDELINE])
        .await;
    for event in counted {
        assert_eq!(event["client"], client, "{event}");
    }
    assert!(user.has("node_modules/@acme/compass/index.js"));
    let locked = user.reads(lock);
    assert!(locked.contains("@acme/compass"), "{locked}");
    for cache in caches {
        user.loses(cache);
    }
    user.loses("node_modules");
    user.comes_back_later();
    user.runs(install).await;
    let install = install.join(" ");
    user.is_counted(&format!("`{install}`, cold cache"), &[COMPASS, TIDELINE])
        .await;
    user.loses("node_modules");
    user.runs(&install.split(' ').collect::<Vec<_>>()).await;
    user.is_counted(&format!("`{install}`, warm cache"), &[])
        .await;
    assert_eq!(user.reads(lock), locked);
}

fn keeps_its_lock_file_clean(user: &User, lock: &str) {
    let locked = user.reads(lock);
    assert!(!locked.contains(HOST), "{locked}");
}

/// Has the scope alone from the gateway, in a build service; only npm would say that.
async fn is_counted_for_a_scope(client: Client, package: &str) {
    let user = user(client).await.with_env("CI", "true");
    let (theirs, ours) = registries(&user);
    let settings = format!("registry={theirs}\n@acme:registry={ours}\n");
    user.writes(".npmrc", &settings);
    let settings = format!(
        "npmRegistryServer: \"{theirs}\"\nnpmScopes:\n  acme:\n    npmRegistryServer: \"{ours}\"\nunsafeHttpWhitelist: [\"{HOST}\", \"127.0.0.1\"]\nnodeLinker: node-modules\nenableTelemetry: false\n"
    );
    user.writes(".yarnrc.yml", &settings);
    let cache = user.home().join(".cache").display().to_string();
    let user = user.with_env("YARN_CACHE_FOLDER", cache);
    user.runs(&["add", package]).await;
    assert!(user.has("node_modules/@acme/compass/index.js"));
    let counted = user
        .is_counted("`add` in CI, the gateway has a scope alone", &[COMPASS])
        .await;
    assert_eq!(counted[0]["ci"], "unknown");
}

/// The stand-in's own address, and the gateway's.
fn registries(user: &User) -> (String, String) {
    let theirs = format!("{}/npm/", user.world.registry.addresses().registry);
    (theirs, user.world.url(HOST, "/"))
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn every_client_asks_the_gateway_for_a_scope_and_its_registry_for_the_rest() {
    for client in [yarn_1(), yarn_4(), pnpm_10(), pnpm_12(), bun()] {
        is_counted_for_a_scope(client, "@acme/compass").await;
    }
    is_counted_for_a_scope(deno(), "npm:@acme/compass").await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn yarn_1_is_counted_once_a_package() {
    let mut user = user(yarn_1()).await;
    // Otherwise root's cache is the machine's.
    let cache = user.home().join(".cache").display().to_string();
    user = user.with_env("YARN_CACHE_FOLDER", cache);
    let install = ["install", "--frozen-lockfile"];
    is_counted_by_the_package(
        &mut user,
        "yarn",
        &["add", "@acme/compass"],
        &install,
        "yarn.lock",
        &[".cache"],
    )
    .await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn yarn_4_is_counted_once_a_package_and_its_lock_file_names_no_gateway() {
    let mut user = user(yarn_4()).await;
    let registry = user.world.url(HOST, "/");
    let settings = format!(
        "npmRegistryServer: \"{registry}\"\nunsafeHttpWhitelist: [\"{HOST}\"]\nnodeLinker: node-modules\nenableTelemetry: false\n"
    );
    user.writes(".yarnrc.yml", &settings);
    is_counted_by_the_package(
        &mut user,
        "yarn",
        &["add", "@acme/compass"],
        &["install", "--immutable"],
        "yarn.lock",
        &[".yarn/berry"],
    )
    .await;
    keeps_its_lock_file_clean(&user, "yarn.lock");
}

async fn pnpm_is_counted_once_a_package(client: Client) {
    let mut user = user(client).await;
    is_counted_by_the_package(
        &mut user,
        "pnpm",
        &["add", "@acme/compass"],
        &["install", "--frozen-lockfile"],
        "pnpm-lock.yaml",
        &[".local/share/pnpm", ".cache/pnpm"],
    )
    .await;
    keeps_its_lock_file_clean(&user, "pnpm-lock.yaml");
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn pnpm_10_is_counted_once_a_package_and_its_lock_file_names_no_gateway() {
    pnpm_is_counted_once_a_package(pnpm_10()).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn pnpm_12_is_counted_once_a_package_and_its_lock_file_names_no_gateway() {
    pnpm_is_counted_once_a_package(pnpm_12()).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn bun_is_counted_once_a_package() {
    let mut user = user(bun()).await;
    is_counted_by_the_package(
        &mut user,
        "bun",
        &["add", "@acme/compass"],
        &["install", "--frozen-lockfile"],
        "bun.lock",
        &[".bun"],
    )
    .await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn deno_is_counted_once_a_package() {
    let mut user = user(deno()).await;
    is_counted_by_the_package(
        &mut user,
        "deno",
        &["add", "npm:@acme/compass"],
        &["install", "--frozen"],
        "deno.lock",
        &[".cache/deno"],
    )
    .await;
}
