//! JavaScript packages: npm here, the other clients beside it.

mod others;

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

/// Both sample packages are ours: one with a scope, one without.
const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[index]]
kind = "npm"
domains = ["npm.test.localhost"]
upstream = "REGISTRY/npm/"
packages = ["@acme/*", "tideline-demo"]
"#;

const HOST: &str = "npm.test.localhost";
const COMPASS: &str = "@acme/compass 2.1.0";
const TIDELINE: &str = "tideline-demo 0.3.0";

async fn user(client: Client) -> User {
    user_with(client, CONFIG).await
}

async fn user_with(client: Client, config: &str) -> User {
    let user = User::of("npm", client, config).await;
    let registry = user.world.url(HOST, "/");
    user.writes(".npmrc", &format!("registry={registry}\n"));
    user.writes("package.json", r#"{"name":"app","version":"1.0.0"}"#);
    user
}

fn npm() -> Client {
    Client::of_the_system("npm")
}

#[tokio::test]
async fn npm_installs_a_package_of_ours_and_one_of_others_from_one_registry() {
    let ours = CONFIG.replace(r#", "tideline-demo""#, "");
    let user = user_with(npm(), &ours).await;
    user.runs(&["install", "@acme/compass"]).await;
    assert!(user.has("node_modules/@acme/compass/index.js"));
    assert!(user.has("node_modules/tideline-demo/index.js"));
    let counted = user
        .is_counted("`install`, its dependency is not ours", &[COMPASS])
        .await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"@acme/compass | npm | 2.1.0 | npm | linux | amd64 | CH | people | redirect");
    assert_eq!(counted[0]["artifact"], "compass-2.1.0.tgz");
}

#[tokio::test]
async fn npm_is_counted_once_a_package_and_not_when_it_has_it_already() {
    let mut user = user(npm()).await;
    user.runs(&["install", "@acme/compass"]).await;
    user.is_counted("`install` with and without a scope", &[COMPASS, TIDELINE])
        .await;
    user.loses("node_modules");
    user.loses(".npm");
    user.comes_back_later();
    user.runs(&["ci"]).await;
    user.is_counted("`ci`, cold cache", &[COMPASS, TIDELINE])
        .await;
    user.loses("node_modules");
    user.runs(&["ci"]).await;
    user.is_counted("`ci`, warm cache", &[]).await;
    assert!(user.has("node_modules/tideline-demo/index.js"));
}

#[tokio::test]
async fn npm_looks_at_packages_without_being_counted() {
    let user = user(npm()).await;
    let said = user.runs(&["view", "@acme/compass", "version"]).await;
    assert!(said.contains("2.1.0"), "{said}");
    user.runs(&["view", "tideline-demo@latest"]).await;
    user.is_counted("`view`", &[]).await;
    user.runs(&["install", "@acme/compass@2.0.0"]).await;
    user.is_counted("`install` of a version", &["@acme/compass 2.0.0", TIDELINE])
        .await;
    // Exit code 1 says that something is outdated.
    let said = user.fails(&["outdated"]).await;
    assert!(said.contains("2.1.0"), "{said}");
    // The stand-in registry knows no advisories, as many do not.
    user.fails(&["audit"]).await;
    user.is_counted("`outdated`, `audit`", &[]).await;
    let said = user.fails(&["install", "@acme/none"]).await;
    assert!(said.contains("E404"), "{said}");
    user.is_counted("`install` of a package that is not there", &[])
        .await;
}

#[tokio::test]
async fn npm_asks_the_gateway_for_a_scope_and_its_registry_for_the_rest() {
    let user = user(npm()).await;
    let settings = format!(
        "registry={}/npm/\n@acme:registry={}\n",
        user.world.registry.addresses().registry,
        user.world.url(HOST, "/")
    );
    user.writes(".npmrc", &settings);
    user.runs(&["install", "@acme/compass"]).await;
    assert!(user.has("node_modules/tideline-demo/index.js"));
    user.is_counted("`install`, the gateway has a scope alone", &[COMPASS])
        .await;
}

#[tokio::test]
async fn npm_in_a_build_service_says_so() {
    let user = user(npm())
        .await
        .with_env("CI", "true")
        .with_env("GITHUB_ACTIONS", "true");
    user.runs(&["install", "tideline-demo"]).await;
    let counted = user.is_counted("`install` in CI", &[TIDELINE]).await;
    insta::assert_snapshot!(columns(&counted[0], &["client", "ci", "ci_name", "audience"]), @"npm | true | github-actions | ci");
}

#[tokio::test]
async fn what_npm_is_trusted_with_goes_to_the_gateway_and_no_further() {
    let user = user(npm()).await;
    let registry = user.world.url(HOST, "/");
    let address = registry.trim_start_matches("http:");
    let settings = format!("registry={registry}\n{address}:_authToken=let-me-in\n");
    user.writes(".npmrc", &settings);
    user.runs(&["install", "@acme/compass"]).await;
    user.is_counted("`install` with a token", &[COMPASS, TIDELINE])
        .await;
    for request in user.world.registry.seen() {
        assert_eq!(request.authorization, None, "{request:?}");
    }
}
