//! Container images: skopeo.

use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::{columns, of_kind};

const CONFIG: &str = r#"
[geo]
local_country = "CH"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[package]]
name = "acme/vault"
kind = "oci"
domains = ["cr.test.localhost"]
image = "vault"
upstream = "REGISTRY/acme/vault"
private = true
"#;

async fn user() -> User {
    User::of("OCI", Client::of_the_system("skopeo"), CONFIG).await
}

fn address(user: &User, image: &str) -> String {
    let port = user.world.weir.gateway.port();
    format!("docker://cr.test.localhost:{port}/{image}")
}

#[tokio::test]
async fn skopeo_copies_an_image_and_looking_at_it_is_no_download() {
    let user = user().await;
    let image = address(&user, "server:1.2.3");
    user.runs(&["inspect", "--tls-verify=false", &image]).await;
    user.is_counted("`inspect`", &[]).await;
    let copy = [
        "--insecure-policy",
        "copy",
        "--src-tls-verify=false",
        &image,
        "oci:server:1.2.3",
    ];
    user.runs(&copy).await;
    let counted = user.is_counted("`copy`", &["acme/server 1.2.3"]).await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"acme/server | oci | 1.2.3 | skopeo | linux | amd64 | CH | people | redirect");
    let events = user.world.events().await;
    assert!(
        of_kind(&events, "inspect").len() >= 2,
        "reading what the tag names is an inspection"
    );
}

#[tokio::test]
async fn a_private_image_needs_the_users_own_sign_in_and_no_credential_goes_astray() {
    let user = user().await;
    let image = address(&user, "vault:1.0.0");
    user.fails(&["inspect", "--tls-verify=false", &image]).await;
    user.is_counted("`inspect` of a private image without signing in", &[])
        .await;
    let copy = [
        "--insecure-policy",
        "copy",
        "--src-tls-verify=false",
        "--src-creds",
        "pilot:let-me-in",
        &image,
        "oci:vault:1.0.0",
    ];
    user.runs(&copy).await;
    let counted = user
        .is_counted("`copy` of a private image", &["acme/vault 1.0.0"])
        .await;
    insta::assert_snapshot!(columns(&counted[0], &WHAT), @"acme/vault | oci | 1.0.0 | skopeo | linux | amd64 | CH | people | redirect");
    for request in user.world.registry.seen() {
        let basic = request
            .authorization
            .as_deref()
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
        assert!(
            !basic || request.path.starts_with("/token"),
            "credentials went to {}",
            request.path
        );
        assert!(
            request.header("x-forwarded-for").is_none(),
            "the client's address went upstream"
        );
        assert!(
            request.authorization.is_none() || !request.path.contains("storage"),
            "a token went to storage"
        );
    }
}
