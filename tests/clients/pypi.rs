//! Python packages: pip and uv.

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "pypi"
domains = ["pypi.test.localhost"]
upstream = "REGISTRY/simple/"
packages = ["weir-demo-compass"]
"#;

const COMPASS: &str = "weir-demo-compass 2.1.0";

async fn user(client: Client) -> User {
    let user = User::of("PyPI", client, CONFIG).await;
    let index = user.world.url("pypi.test.localhost", "/simple/");
    user.with_env("PIP_INDEX_URL", index.clone())
        .with_env("PIP_TRUSTED_HOST", "pypi.test.localhost")
        .with_env("UV_INDEX_URL", index)
}

fn pip() -> Client {
    Client::from_setup("pip", "venv/bin/pip")
}

fn uv() -> Client {
    Client::from_setup("uv", "venv/bin/uv")
}

#[tokio::test]
async fn pip_installs_a_package_and_its_foreign_dependency() {
    let user = user(pip()).await;
    user.runs(&["install", "--target", "into", "weir-demo-compass"])
        .await;
    assert!(user.has("into/weir_demo_compass") && user.has("into/tideline_demo"));
    let counted = user.is_counted("`install`", &[COMPASS]).await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"weir-demo-compass | pypi | 2.1.0 | pip | linux | amd64 | CH | people | redirect");
}

#[tokio::test]
async fn uv_installs_a_package_and_its_foreign_dependency() {
    let user = user(uv()).await;
    user.runs(&["pip", "install", "--target", "into", "weir-demo-compass"])
        .await;
    let counted = user.is_counted("`pip install`", &[COMPASS]).await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"weir-demo-compass | pypi | 2.1.0 | uv | linux | amd64 | CH | people | redirect");
}
