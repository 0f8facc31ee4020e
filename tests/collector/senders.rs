//! Who may send events: holders of tokens, named pages, and nobody twice.

use std::os::unix::fs::PermissionsExt as _;

use crate::world::World;
use crate::{CONFIG, HOST, TYPED, lines};

const GUARDED: &str = r#"
[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/guarded"
  status = 200
  tokens_file = "tokens"
"#;

#[tokio::test]
async fn a_route_with_tokens_takes_events_from_their_holders_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, "first-secret\nsecond-secret\n").expect("a file");
    std::fs::set_permissions(&tokens, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    let world = World::start_in(folder, GUARDED).await;
    let send = async |method, token: Option<&str>| {
        let mut request = world.request(method, HOST, "/-/guarded?n=1");
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let answer = request.send().await.expect("an answer");
        let challenge = answer
            .headers()
            .get("www-authenticate")
            .map(|value| value.to_str().expect("text").to_owned());
        (answer.status().as_u16(), challenge)
    };
    for method in ["GET", "HEAD", "POST"] {
        for refused in [
            None,
            Some("Bearer third-secret"),
            Some("Bearer first-secre"),
            Some("Bearer "),
            Some("Basic first-secret"),
            Some("first-secret"),
        ] {
            assert_eq!(
                send(method, refused).await,
                (401, Some("Bearer".to_owned())),
                "{method} {refused:?}"
            );
        }
        for accepted in ["Bearer first-secret", "bearer second-secret"] {
            assert_eq!(send(method, Some(accepted)).await, (200, None), "{method}");
        }
    }
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&events), @r#"
    custom | acme/rocket |  |  |  | GET | 200 | {"n":"1"}
    custom | acme/rocket |  |  |  | GET | 200 | {"n":"1"}
    check | acme/rocket |  |  |  | HEAD | 200 | {"n":"1"}
    check | acme/rocket |  |  |  | HEAD | 200 | {"n":"1"}
    custom | acme/rocket |  |  |  | POST | 200 | {"n":"1"}
    custom | acme/rocket |  |  |  | POST | 200 | {"n":"1"}
    "#);
    assert!(!world.weir.said().contains("secret"));
}

#[tokio::test]
async fn a_token_may_stand_in_its_file_as_a_digest() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let tokens = folder.path().join("tokens");
    // printf %s first-secret | sha256sum
    let digest = "sha256:e0a5091e7f566a51018100473bf5078fe614e6dde73a7592c1161ecd6ec3826a";
    std::fs::write(&tokens, format!("{digest}\nsecond-secret\n")).expect("a file");
    std::fs::set_permissions(&tokens, std::fs::Permissions::from_mode(0o600)).expect("its mode");
    let world = World::start_in(folder, GUARDED).await;
    for (token, status) in [("first-secret", 200), ("second-secret", 200), (digest, 401)] {
        let answer = world.request("GET", HOST, "/-/guarded").bearer_auth(token);
        let answer = answer.send().await.expect("an answer");
        assert_eq!(answer.status(), status, "{token}");
    }
}

#[tokio::test]
async fn pages_may_send_from_where_the_route_says() {
    let world = World::start(TYPED).await;
    let send = async |method: &str, origin: &str, body: &str| {
        let mut request = world.request(method, HOST, "/-/collect");
        if !origin.is_empty() {
            request = request.header("origin", origin);
        }
        let answer = request
            .body(body.to_owned())
            .send()
            .await
            .expect("an answer");
        let named = [
            "access-control-allow-origin",
            "access-control-allow-headers",
            "vary",
        ];
        let named = named.map(|name| {
            let value = answer.headers().get(name);
            value
                .map_or("-", |value| value.to_str().expect("text"))
                .to_owned()
        });
        format!(
            "{method} {origin} -> {} {}",
            answer.status().as_u16(),
            named.join(" | ")
        )
    };
    let (docs, other) = (
        "https://docs.acme.example",
        "https://docs.acme.example.evil.example",
    );
    let answers = [
        send("OPTIONS", docs, "").await,
        send("OPTIONS", other, "").await,
        send("OPTIONS", "", "").await,
        send("POST", docs, "{}").await,
        send("POST", docs, "{").await,
        send("POST", other, "{}").await,
        send("POST", "null", "{}").await,
        send("POST", "", "{}").await,
    ];
    insta::assert_snapshot!(answers.join("\n"), @"
    OPTIONS https://docs.acme.example -> 204 https://docs.acme.example | authorization, content-type, idempotency-key | origin
    OPTIONS https://docs.acme.example.evil.example -> 403 - | - | -
    OPTIONS  -> 405 - | - | -
    POST https://docs.acme.example -> 202 https://docs.acme.example | - | origin
    POST https://docs.acme.example -> 400 https://docs.acme.example | - | origin
    POST https://docs.acme.example.evil.example -> 403 - | - | -
    POST null -> 403 - | - | -
    POST  -> 202 - | - | -
    ");
    assert_eq!(world.recorded().await.len(), 2);
}

#[tokio::test]
async fn a_body_that_is_sent_again_under_its_key_adds_nothing() {
    let world = World::start(CONFIG).await;
    let send = async |key: &str, body: &'static str, dnt: bool| {
        let mut request = world.request("POST", HOST, "/-/events").body(body);
        if dnt {
            request = request.header("dnt", "1");
        }
        let request = request.header("idempotency-key", key);
        request.send().await.expect("an answer").status().as_u16()
    };
    for _ in 0..2 {
        assert_eq!(send("\"one\"", "[{\"n\":1},{\"n\":2}]", false).await, 202);
    }
    // Nothing is remembered of who is not counted.
    assert_eq!(send("two", "{\"n\":3}", true).await, 202);
    assert_eq!(send("two", "{\"n\":3}", false).await, 202);
    assert_eq!(send("not a key", "{}", false).await, 400);
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"1"}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"2"}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"3"}
    "#);
}

#[tokio::test]
async fn other_methods_and_who_opted_out_leave_no_event() {
    let world = World::start(CONFIG).await;
    for (name, value) in [("dnt", "1"), ("sec-gpc", "1")] {
        let silent = world
            .request("GET", HOST, "/-/installed/1.0")
            .header(name, value)
            .send()
            .await
            .expect("an answer");
        assert_eq!(silent.status(), 202);
        let silent = world
            .request("POST", HOST, "/-/events")
            .header(name, value)
            .body("[{},{}]")
            .send()
            .await
            .expect("an answer");
        assert_eq!(silent.status(), 202);
    }
    assert_eq!(
        world
            .request("OPTIONS", HOST, "/-/events")
            .send()
            .await
            .expect("an answer")
            .status(),
        405
    );
    assert_eq!(
        world
            .request("HEAD", HOST, "/-/events")
            .send()
            .await
            .expect("an answer")
            .status(),
        202
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @"check | acme/rocket |  |  |  | HEAD | 202 | {}");
}
