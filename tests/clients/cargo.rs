//! Rust crates: cargo, with the gateway as a registry and in place of the usual one.

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

/// Both sample crates are ours; one version has build metadata, whose `+` is a `%2B` in addresses.
const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "cargo"
domains = ["crates.test.localhost"]
upstream = "REGISTRY/crates-index/"
packages = ["demo-compass", "tideline-demo"]
"#;

const COMPASS: &str = "demo-compass 2.1.0+north.1";
const TIDELINE: &str = "tideline-demo 0.3.0";

fn cargo() -> Client {
    Client::of_the_system("cargo").tells_version_by(&["version"])
}

async fn user() -> User {
    let mut user = User::of("Cargo", cargo(), CONFIG).await;
    let home = user.home().join("cargo-home").display().to_string();
    user = user.with_env("CARGO_HOME", home);
    // rustup's stand-in for cargo finds the toolchain by these, as HOME is another.
    for name in ["RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Ok(value) = std::env::var(name) {
            user = user.with_env(name, value);
        }
    }
    user
}

/// A crate that needs the sample crate by `dependency`, and cargo's `settings` for it.
fn writes_a_crate(user: &User, dependency: &str, settings: &str) {
    let index = user.world.url("crates.test.localhost", "/");
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ndemo-compass = {dependency}\n"
    );
    user.writes("Cargo.toml", &manifest);
    user.writes("src/lib.rs", "");
    user.writes(".cargo/config.toml", &settings.replace("INDEX", &index));
}

const IN_PLACE_OF_THE_USUAL: &str =
    "[source.crates-io]\nreplace-with = \"weir\"\n[source.weir]\nregistry = \"sparse+INDEX\"\n";
const BESIDE_THE_USUAL: &str = "[registries.weir]\nindex = \"sparse+INDEX\"\n";

#[tokio::test]
async fn cargo_fetches_crates_in_place_of_its_usual_registry() {
    let mut user = user().await;
    writes_a_crate(&user, "\"2\"", IN_PLACE_OF_THE_USUAL);
    user.runs(&["fetch"]).await;
    let counted = user
        .is_counted("`fetch` by source replacement", &[COMPASS, TIDELINE])
        .await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"demo-compass | cargo | 2.1.0+north.1 | cargo |  |  | CH | people | redirect");
    let locked = user.reads("Cargo.lock");
    assert!(!locked.contains("test.localhost"), "{locked}");
    user.runs(&["fetch", "--locked"]).await;
    user.is_counted("`fetch --locked`, warm cache", &[]).await;
    user.loses("cargo-home");
    user.comes_back_later();
    user.runs(&["fetch", "--locked"]).await;
    user.is_counted("`fetch --locked`, cold cache", &[COMPASS, TIDELINE])
        .await;
}

#[tokio::test]
async fn cargo_fetches_crates_from_one_more_registry() {
    let user = user().await;
    let dependency = "{ version = \"2\", registry = \"weir\" }";
    writes_a_crate(&user, dependency, BESIDE_THE_USUAL);
    user.runs(&["update"]).await;
    user.is_counted("`update`", &[]).await;
    user.runs(&["fetch", "--locked"]).await;
    user.is_counted("`fetch` by registry", &[COMPASS, TIDELINE])
        .await;
    user.runs(&["update"]).await;
    user.is_counted("`update`, nothing new", &[]).await;
}
