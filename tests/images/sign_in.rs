//! Signing in to private images through the gateway, the ways that clients do.

use serde_json::Value;

use crate::HOST;
use crate::debian::DebianRegistry;
use crate::world::{World, columns, of_kind};

/// Private images of two registries: one with tokens, one with passwords only; and a public image.
const CONFIG: &str = r#"
[[package]]
name = "acme/vault"
kind = "oci"
domains = ["cr.test.localhost", "one.test.localhost"]
image = "vault"
upstream = "REGISTRY/acme/vault"
private = true

[[package]]
name = "acme/safe"
kind = "oci"
domains = ["cr.test.localhost"]
image = "safe"
upstream = "DEBIAN/policy"
private = true

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"
"#;

const BASIC: &str = "Basic cGlsb3Q6bGV0LW1lLWlu";
const WRONG: &str = "Basic cGlsb3Q6d3Jvbmc=";

async fn world() -> (World, DebianRegistry) {
    let debian = DebianRegistry::start_with_password();
    let world =
        World::start(&CONFIG.replace("DEBIAN", &format!("http://{}", debian.address))).await;
    let mut signed = reqwest::header::HeaderMap::new();
    signed.insert("authorization", BASIC.parse().expect("a header"));
    let pusher = reqwest::Client::builder()
        .default_headers(signed)
        .no_proxy()
        .build();
    debian.push_policy(&pusher.expect("a client")).await;
    (world, debian)
}

/// What the token service says: status and document.
async fn token(world: &World, host: &str, query: &str, basic: Option<&str>) -> (u16, Value) {
    let mut request = world.request("GET", host, &format!("/v2/token?{query}"));
    if let Some(basic) = basic {
        request = request.header("authorization", basic);
    }
    let answer = request.send().await.expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

async fn token_by_form(world: &World, form: &str) -> (u16, Value) {
    let answer = world
        .request("POST", HOST, "/v2/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned())
        .send()
        .await
        .expect("an answer");
    let status = answer.status().as_u16();
    (status, answer.json().await.expect("JSON"))
}

/// The status of a manifest with a token.
async fn manifest(world: &World, image: &str, authorization: &str) -> reqwest::Response {
    world
        .request("GET", HOST, &format!("/v2/{image}"))
        .header("authorization", authorization)
        .send()
        .await
        .expect("an answer")
}

fn bearer(answer: &Value) -> String {
    format!("Bearer {}", answer["token"].as_str().expect("a token"))
}

#[tokio::test]
async fn a_client_without_a_token_is_told_where_to_get_one() {
    let (world, _debian) = world().await;
    for (path, scope) in [
        ("/v2/", ""),
        (
            "/v2/vault/manifests/1.0.0",
            ",scope=\"repository:vault:pull\"",
        ),
        ("/v2/safe/tags/list", ",scope=\"repository:safe:pull\""),
    ] {
        let answer = world.get(HOST, path).await;
        assert_eq!(answer.status(), 401, "{path}");
        let wanted = answer.headers()["www-authenticate"].to_str().expect("text");
        let realm = format!("http://{}/v2/token", world.weir.gateway);
        let host = format!("http://{HOST}/v2/token");
        assert_eq!(
            wanted.replace(&realm, &host),
            format!("Bearer realm=\"{host}\",service=\"{HOST}\"{scope}")
        );
    }
    assert_eq!(
        world.recorded().await.len(),
        0,
        "what was answered 401 is nothing"
    );
}

#[tokio::test]
async fn a_token_opens_what_the_upstream_says_and_stale_ones_are_asked_for_anew() {
    let (world, _debian) = world().await;
    let scope = "service=x&scope=repository:vault:pull,push&account=pilot&offline_token=true";
    assert_eq!(token(&world, HOST, scope, Some(WRONG)).await.0, 401);
    assert_eq!(token(&world, HOST, scope, None).await.0, 401);
    let (status, granted) = token(&world, HOST, scope, Some(BASIC)).await;
    assert_eq!(status, 200);
    let opened = manifest(&world, "vault/manifests/1.0.0", &bearer(&granted)).await;
    assert_eq!(opened.status(), 200);
    let stale = manifest(&world, "vault/manifests/1.0.0", "Bearer stale").await;
    assert_eq!(stale.status(), 401);
    assert!(stale.headers().contains_key("www-authenticate"));
    let digest = format!("vault/blobs/sha256:{}", "0".repeat(64));
    let stale = manifest(&world, &digest, "Bearer stale").await;
    assert_eq!(stale.status(), 401, "also where the answer is streamed");
    assert!(stale.headers().contains_key("www-authenticate"));
    let (status, public) = token(&world, HOST, "scope=repository:server:pull", None).await;
    assert_eq!(status, 200);
    let opened = manifest(&world, "server/manifests/1.2.3", &bearer(&public)).await;
    assert_eq!(opened.status(), 200);
    let kinds: Vec<_> = world
        .recorded()
        .await
        .iter()
        .map(|event| columns(event, &["kind", "package", "status"]))
        .collect();
    assert_eq!(
        kinds,
        ["inspect | acme/vault | 200", "inspect | acme/server | 200"]
    );
}

#[tokio::test]
async fn a_form_gets_a_token_and_one_to_come_again_with() {
    let (world, _debian) = world().await;
    let scope = "service=x&client_id=docker&scope=repository%3Avault%3Apull";
    let password = "grant_type=password&username=pilot&password=let-me-in&access_type=offline";
    let (status, granted) = token_by_form(&world, &format!("{password}&{scope}")).await;
    assert_eq!(status, 200);
    let opened = manifest(&world, "vault/manifests/1.0.0", &bearer(&granted)).await;
    assert_eq!(opened.status(), 200);
    let refresh = granted["refresh_token"].as_str().expect("a refresh token");
    let again = format!("grant_type=refresh_token&refresh_token={refresh}&{scope}");
    let (status, granted) = token_by_form(&world, &again).await;
    assert_eq!((status, granted["refresh_token"].is_null()), (200, true));
    let wrong = format!("grant_type=password&username=pilot&password=wrong&{scope}");
    assert_eq!(token_by_form(&world, &wrong).await.0, 401);
}

#[tokio::test]
async fn where_the_upstream_knows_passwords_only_they_are_the_token() {
    let (world, _debian) = world().await;
    let scope = "scope=repository:safe:pull";
    assert_eq!(token(&world, HOST, scope, Some(WRONG)).await.0, 401);
    let (status, granted) = token(&world, HOST, scope, Some(BASIC)).await;
    assert_eq!(status, 200);
    let form = format!("grant_type=password&username=pilot&password=let-me-in&{scope}");
    assert_eq!(
        token_by_form(&world, &form).await,
        (status, granted.clone())
    );
    for authorization in [&bearer(&granted), BASIC] {
        let opened = manifest(&world, "safe/manifests/1.0.0", authorization).await;
        assert_eq!(opened.status(), 200, "{authorization}");
    }
    let wrong = manifest(&world, "safe/manifests/1.0.0", WRONG).await;
    assert_eq!(wrong.status(), 401);
    let events = of_kind(&world.recorded().await, "inspect");
    assert_eq!(events.len(), 2, "{events:#?}");
}

#[tokio::test]
async fn credentials_alone_are_tried_at_the_only_registry_they_can_be_for() {
    let (world, _debian) = world().await;
    let login = "account=pilot&client_id=docker&offline_token=true&service=x";
    assert_eq!(
        token(&world, "one.test.localhost", login, Some(BASIC))
            .await
            .0,
        200
    );
    assert_eq!(
        token(&world, "one.test.localhost", login, Some(WRONG))
            .await
            .0,
        401
    );
    let asked = world.registry.seen().len();
    assert_eq!(token(&world, HOST, login, Some(WRONG)).await.0, 200);
    assert_eq!(
        world.registry.seen().len(),
        asked,
        "of two registries neither is told"
    );
}

#[tokio::test]
async fn a_password_goes_to_the_token_service_of_its_image_and_nowhere_else() {
    let (world, _debian) = world().await;
    let scopes = "scope=repository:vault:pull&scope=repository:safe:pull";
    let (_, granted) = token(&world, HOST, scopes, Some(BASIC)).await;
    manifest(&world, "vault/manifests/1.0.0", &bearer(&granted)).await;
    manifest(&world, "server/manifests/1.2.3", BASIC).await;
    for seen in world.registry.seen() {
        let basic = seen
            .authorization
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"));
        assert!(!basic || seen.path.starts_with("/token"), "{}", seen.path);
    }
}
