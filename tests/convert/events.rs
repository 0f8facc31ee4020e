//! telemetry-v1, and file-v1 rules that lead nowhere: events by path, query and body.

use serde_json::json;

use crate::world::World;
use crate::{HOST, lines, served};

const WHAT: [&str; 6] = ["kind", "package", "version", "method", "status", "props"];

async fn send(world: &World, method: &str, path: &str, token: &str, body: &str) -> u16 {
    let request = world.request(method, HOST, path).body(body.to_owned());
    let request = match token {
        "" => request,
        token => request.header("authorization", format!("Bearer {token}")),
    };
    let answer = request.send().await.expect("an answer");
    answer.status().as_u16()
}

#[tokio::test]
async fn telemetry_is_posted_by_holders_of_a_token() {
    let world = served(&[
        json!({ "type": "telemetry-v1", "incoming-path": "/open" }),
        json!({ "type": "telemetry-v1", "incoming-path": "/guarded", "access-tokens": ["12345", "67890"] }),
        json!({ "type": "file-v1", "incoming-path": "/{+path}", "outgoing-url": "https://files.test/{+path}" }),
    ])
    .await;
    let events = "{\"n\":1} {\"n\":2}\n{\"a\":{\"b\":\"c\"}}";
    assert_eq!(send(&world, "POST", "/open", "", events).await, 200);
    assert_eq!(
        send(&world, "POST", "/guarded", "12345", "{\"n\":3}").await,
        200
    );
    assert_eq!(
        send(&world, "POST", "/guarded", "67890", "{\"n\":4}").await,
        200
    );
    for token in ["", "1234", "123456"] {
        assert_eq!(
            send(&world, "POST", "/guarded", token, "{\"n\":5}").await,
            401
        );
    }
    // What is wrong with a body is said, where Scarf says 200 and keeps what came before.
    assert_eq!(
        send(&world, "POST", "/open", "", "{\"n\":6} oops").await,
        400
    );
    // Other methods fall through to the next rule.
    assert_eq!(send(&world, "GET", "/open", "", "").await, 307);
    insta::assert_snapshot!(lines(&world.recorded().await, &WHAT), @r#"
    custom | 9d3c |  | POST | 200 | {"n":"1"}
    custom | 9d3c |  | POST | 200 | {"n":"2"}
    custom | 9d3c |  | POST | 200 | {"a.b":"c"}
    custom | 9d3c |  | POST | 200 | {"n":"3"}
    custom | 9d3c |  | POST | 200 | {"n":"4"}
    download | 9d3c |  | GET | 307 | {}
    "#);
}

#[tokio::test]
async fn a_rule_without_a_target_collects_what_comes() {
    let world = served(&[
        json!({ "type": "file-v1", "package-name": "acme/app", "incoming-path": "/ran/{version}/{step}", "outgoing-url": null }),
        json!({ "type": "file-v2", "package-name": "acme/app", "incoming-path": "^/re/(?<step>[a-z]+)$", "outgoing-url": null }),
    ])
    .await;
    assert_eq!(
        send(&world, "GET", "/ran/1.2/start?exit=0", "", "").await,
        200
    );
    assert_eq!(
        send(
            &world,
            "POST",
            "/ran/1.2/stop",
            "",
            "{\"x\":\"Hello\"}{\"y\":\"World\"}"
        )
        .await,
        200
    );
    assert_eq!(send(&world, "GET", "/re/start", "", "").await, 200);
    assert_eq!(send(&world, "GET", "/ran/1.2", "", "").await, 404);
    insta::assert_snapshot!(lines(&world.recorded().await, &WHAT), @r#"
    custom | acme/app | 1.2 | GET | 200 | {"step":"start","exit":"0"}
    custom | acme/app | 1.2 | POST | 200 | {"step":"stop","x":"Hello"}
    custom | acme/app | 1.2 | POST | 200 | {"step":"stop","y":"World"}
    custom | acme/app |  | GET | 200 | {"step":"start"}
    broken_link |  |  | GET | 404 | {}
    "#);
}
