//! JavaScript packages: npm.

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "npm"
domains = ["npm.test.localhost"]
upstream = "REGISTRY/npm/"
packages = ["@acme/*"]
"#;

const COMPASS: &str = "@acme/compass 2.1.0";

async fn user(client: Client) -> User {
    let user = User::of("npm", client, CONFIG).await;
    let registry = user.world.url("npm.test.localhost", "/");
    user.writes(".npmrc", &format!("registry={registry}\n"));
    user.writes("package.json", r#"{"name":"app","version":"1.0.0"}"#);
    user
}

fn npm() -> Client {
    Client::of_the_system("npm")
}

#[tokio::test]
async fn npm_installs_a_scoped_package_and_its_foreign_dependency() {
    let user = user(npm()).await;
    user.runs(&["install", "@acme/compass"]).await;
    assert!(user.has("node_modules/@acme/compass/index.js"));
    assert!(user.has("node_modules/tideline-demo/index.js"));
    let counted = user.is_counted("`install`", &[COMPASS]).await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"@acme/compass | npm | 2.1.0 | npm | linux | amd64 | CH | people | redirect");
    assert_eq!(counted[0]["artifact"], "compass-2.1.0.tgz");
}
