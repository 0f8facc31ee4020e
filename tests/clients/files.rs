//! Files behind addresses of ours: curl, wget, aria2.

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
"#;

const FILE: &str = "linux-amd64.tar.gz";
const ROCKET: &str = "acme/rocket 1.2.3";

async fn user(client: Client) -> User {
    User::of("Files", client, CONFIG).await
}

fn curl() -> Client {
    Client::of_the_system("curl")
}

fn address(user: &User, version: &str) -> String {
    let path = format!("/rocket/{version}/{FILE}");
    user.world.url("get.test.localhost", &path)
}

#[tokio::test]
async fn curl_downloads_a_release_file_once() {
    let user = user(curl()).await;
    user.runs(&["-fsSLO", &address(&user, "1.2.3")]).await;
    let counted = user.is_counted("`-L`", &[ROCKET]).await;
    assert_eq!(counted[0]["status"], 302);
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"acme/rocket | file | 1.2.3 | curl | linux | amd64 | CH | people | redirect");
}
