//! Bodies of an object a line: each is taken as it arrives.

use crate::world::World;
use crate::{HOST, TYPED, lines};

#[tokio::test]
async fn lines_are_taken_one_by_one_and_the_answer_tells_of_each_wrong_one() {
    let world = World::start(TYPED).await;
    let send = async |body: &str| {
        let answer = world
            .request("POST", HOST, "/-/collect")
            .header("content-type", "application/x-ndjson; charset=utf-8")
            .body(body.to_owned())
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        format!("{status} {}", answer.text().await.expect("text"))
    };
    let answers = [
        send("{\"took\":1}\n{\"took\":\"long\"}\n{oops}\n{\"took\":2,\"ok\":true}").await,
        send("{\"took\":\"long\"}\n").await,
        send(&"{\"took\":3}\n".repeat(5)).await,
    ];
    insta::assert_snapshot!(answers.join("\n"), @r#"
    207 {"accepted":2,"refused":2,"errors":[{"line":2,"error":"took is no number"},{"line":3,"column":2,"error":"not JSON: key must be a string"}]}
    400 {"accepted":0,"error":"no line is an event","refused":1,"errors":[{"line":1,"error":"took is no number"}]}
    202 {"accepted":5}
    "#);
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&events[..2]), @r#"
    custom | acme/rocket |  |  |  | POST | 202 | {"took":"1"}
    custom | acme/rocket |  |  |  | POST | 202 | {"took":"2","ok":"true"}
    "#);
    assert_eq!(events.len(), 7);
}

#[tokio::test]
async fn more_lines_than_are_held_at_once_are_taken_as_they_come() {
    let world = World::start(TYPED).await;
    let line = format!("{{\"note\":\"{}\"}}\n", "a".repeat(2000));
    let body = line.repeat(100);
    assert!(body.len() > 3 * 64 * 1024);
    let answer = world
        .request("POST", HOST, "/-/collect")
        .header("content-type", "application/x-ndjson")
        .body(body)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.text().await.expect("text"), r#"{"accepted":100}"#);
    let events = world.recorded().await;
    assert_eq!(events.len(), 100);
    // What one address sends so fast is counted, and nobody's.
    let audiences: Vec<_> = events
        .iter()
        .map(|event| &event["audience_reasons"])
        .collect();
    assert_eq!(audiences[99], "events:many");
    assert_ne!(audiences[98], "events:many");
}
