//! Files behind addresses of ours: curl here, wget and aria2 beside it.

mod downloaders;
mod web_server;

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path = "/through/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"
  proxy = true
  [[package.route]]
  path = "/locked/{version}"
  to   = "REGISTRY/v2/acme/vault/manifests/{version}"
  proxy = true
"#;

const FILE: &str = "linux-amd64.tar.gz";
const ROCKET: &str = "acme/rocket 1.2.3";

async fn user(client: Client) -> User {
    User::of("Files", client, CONFIG).await
}

fn curl() -> Client {
    Client::of_the_system("curl")
}

fn address(user: &User, path: &str) -> String {
    user.world.url("get.test.localhost", path)
}

fn release(user: &User) -> String {
    address(user, &format!("/rocket/1.2.3/{FILE}"))
}

#[tokio::test]
async fn curl_downloads_a_release_file_once() {
    let user = user(curl()).await;
    user.runs(&["-fsSLO", &release(&user)]).await;
    let counted = user.is_counted("`-L`", &[ROCKET]).await;
    assert_eq!(counted[0]["status"], 302);
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"acme/rocket | file | 1.2.3 | curl | linux | amd64 | CH | people | redirect");
    user.runs(&["-fsSLI", &release(&user)]).await;
    user.is_counted("`-I`", &[]).await;
    user.runs(&["-fsSL", "-C", "10", "-o", "rest", &release(&user)])
        .await;
    user.is_counted("`-C`, to go on where it stopped", &[])
        .await;
}

#[tokio::test]
async fn curl_that_does_not_follow_is_counted_for_what_it_asked() {
    let user = user(curl()).await;
    user.runs(&["-fsSO", &release(&user)]).await;
    user.is_counted("without `-L`: no file, but nobody can tell", &[ROCKET])
        .await;
}

#[tokio::test]
async fn curl_is_counted_for_a_file_that_comes_through_the_gateway() {
    let user = user(curl()).await;
    let streamed = address(&user, &format!("/through/1.2.3/{FILE}"));
    user.runs(&["-fsSO", &streamed]).await;
    let counted = user.is_counted("a route with `proxy`", &[ROCKET]).await;
    assert_eq!(counted[0]["status"], 200);
}

#[tokio::test]
async fn whoever_asks_not_to_be_counted_is_served_and_not_counted() {
    let user = user(curl()).await;
    for wish in ["DNT: 1", "Sec-GPC: 1"] {
        user.runs(&["-fsSLO", "-H", wish, &release(&user)]).await;
        assert!(user.has(FILE));
        user.loses(FILE);
        user.is_counted(&format!("`-H '{wish}'`"), &[]).await;
    }
    let stored = user.world.recorded().await;
    assert!(stored.is_empty(), "{stored:?}");
}

#[tokio::test]
async fn what_is_missing_or_forbidden_upstream_is_no_download() {
    let user = user(curl()).await;
    let missing = address(&user, &format!("/through/9.9.9/{FILE}"));
    let said = user.fails(&["-fsSO", &missing]).await;
    assert!(said.contains("404"), "{said}");
    user.is_counted("a route with `proxy`, upstream 404", &[])
        .await;
    let said = user
        .fails(&["-fsSO", &address(&user, "/locked/1.0.0")])
        .await;
    assert!(said.contains("401"), "{said}");
    user.is_counted("a route with `proxy`, upstream 401", &[])
        .await;
    let said = user.fails(&["-fsSO", &address(&user, "/none")]).await;
    assert!(said.contains("404"), "{said}");
    user.is_counted("no such route", &[]).await;
}

#[tokio::test]
async fn what_curl_is_trusted_with_goes_to_the_gateway_and_no_further() {
    let user = user(curl()).await;
    let password = ["-u", "ada:let-me-in", "-fsSLO"];
    user.runs(&[&password[..], &[&release(&user)]].concat())
        .await;
    user.is_counted("`-u`", &[ROCKET]).await;
    let streamed = address(&user, &format!("/through/1.2.3/{FILE}"));
    let cookie = ["-b", "session=let-me-in", &streamed];
    user.runs(&[&password[..], &cookie].concat()).await;
    user.is_counted("`-u -b`, a route with `proxy`", &[ROCKET])
        .await;
    let seen = user.world.registry.seen();
    // Weir asks whether the release is there, the client fetches it, and the streamed one comes through.
    assert_eq!(seen.len(), 3);
    for request in seen {
        assert_eq!(request.authorization, None, "{request:?}");
        assert_eq!(request.header("cookie"), None, "{request:?}");
    }
}
