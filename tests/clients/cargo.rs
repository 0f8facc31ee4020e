//! Rust crates: cargo, with the gateway as a registry and in place of the usual one.

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "cargo"
domains = ["crates.test.localhost"]
upstream = "REGISTRY/crates-index/"
packages = ["demo-compass"]
"#;

const COMPASS: &str = "demo-compass 2.1.0+north.1";

fn cargo() -> Client {
    Client::of_the_system("cargo").tells_version_by(&["version"])
}

async fn user() -> User {
    let mut user = User::of("Cargo", cargo(), CONFIG).await;
    let home = user.home().join("cargo-home");
    user = user.with_env("CARGO_HOME", home.display().to_string());
    // rustup's stand-in for cargo finds the toolchain by these, as HOME is another.
    for name in ["RUSTUP_HOME", "RUSTUP_TOOLCHAIN"] {
        if let Ok(value) = std::env::var(name) {
            user = user.with_env(name, value);
        }
    }
    user
}

/// A crate that needs the sample crate by `dependency`.
fn writes_a_crate(user: &User, dependency: &str, settings: &str) {
    let manifest = format!(
        "[package]\nname = \"app\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\ndemo-compass = {dependency}\n"
    );
    user.writes("Cargo.toml", &manifest);
    user.writes("src/lib.rs", "");
    user.writes(".cargo/config.toml", settings);
}

fn in_place_of_the_usual_registry(user: &User) -> String {
    let index = user.world.url("crates.test.localhost", "/");
    format!(
        "[source.crates-io]\nreplace-with = \"weir\"\n[source.weir]\nregistry = \"sparse+{index}\"\n"
    )
}

#[tokio::test]
async fn cargo_fetches_a_crate_in_place_of_its_usual_registry() {
    let user = user().await;
    writes_a_crate(&user, "\"2\"", &in_place_of_the_usual_registry(&user));
    user.runs(&["fetch"]).await;
    let counted = user
        .is_counted(
            "`fetch` by source replacement, version with `+`",
            &[COMPASS],
        )
        .await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"demo-compass | cargo | 2.1.0+north.1 | cargo |  |  | CH | people | redirect");
}
