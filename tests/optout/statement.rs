//! What users are told is what is running.

use serde_json::Value;

use crate::world::World;
use crate::{CONFIG, HOST, UNCOUNTED};

const STATEMENT: &str = "/.well-known/download-analytics.json";

async fn statement(world: &World) -> Value {
    let answer = world.get(HOST, STATEMENT).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.json().await.expect("JSON")
}

fn named(name: &str) -> String {
    format!(
        "[geo]\nlocal_country = \"CH\"\n[privacy]\ncontroller = \"{name}\"\ncontact = \"https://acme.example/privacy\"\n{CONFIG}"
    )
}

#[tokio::test]
async fn the_statement_follows_the_configuration_through_reloads() {
    let world = World::start(&named("Acme")).await;
    let first = statement(&world).await;
    assert_eq!(first["controller"]["name"], "Acme");
    assert_eq!(
        first["controller"]["contact"],
        "https://acme.example/privacy"
    );
    world.configure(&named("Acme Rockets"));
    world.weir.wait_for_line("configuration loaded again");
    let mut second = statement(&world).await;
    assert_eq!(second["controller"]["name"], "Acme Rockets");
    second["controller"]["name"] = "Acme".into();
    assert_eq!(first, second, "nothing else has changed");
    let pixel = "id = \"docs\"\n";
    world.configure(
        &named("Acme").replace(pixel, &format!("{pixel}pages = [\"docs.acme.example\"]\n")),
    );
    world.weir.wait_for_line("configuration loaded again");
    let fields = statement(&world).await["fields"].clone();
    let has_page = |fields: &Value| {
        fields
            .as_array()
            .is_some_and(|all| all.contains(&"page".into()))
    };
    assert!(has_page(&fields) && !has_page(&first["fields"]));
    world
        .request("GET", HOST, "/-/px/docs.gif")
        .header(
            "referer",
            "https://docs.acme.example/start?mail=a@b.example",
        )
        .send()
        .await
        .expect("an answer");
    let viewed = &world.recorded().await[0];
    assert_eq!(
        (&viewed["page"], &viewed["referrer_host"]),
        (&"/start".into(), &"docs.acme.example".into())
    );
    world.configure("[privacy]\ncontact = \"nowhere\"\n");
    world.weir.wait_for_line("configuration not loaded again");
    assert_eq!(statement(&world).await["fields"], fields, "the last stays");
}

/// A field that the statement does not name is empty in every row, and one that it names is a column.
#[tokio::test]
async fn rows_hold_no_more_than_the_statement_says() {
    let world = World::start(&named("Acme")).await;
    let told = statement(&world).await;
    let told: Vec<_> = told["fields"].as_array().expect("fields").clone();
    let request = world.request("GET", HOST, "/-/installed/1.2.3?step=start");
    let request = request
        .header(
            "referer",
            "https://docs.acme.example/start?mail=a@b.example",
        )
        .header("user-agent", "curl/8.9.1");
    assert_eq!(request.send().await.expect("an answer").status(), 202);
    world.get(HOST, "/-/px/docs.gif").await;
    let events = world.recorded().await;
    assert_eq!(events.len(), 2);
    for event in &events {
        for (column, value) in event.as_object().expect("a row") {
            let own = ["event_id", "batch_id"].contains(&column.as_str());
            let is_empty = matches!(value.as_str(), Some("" | "0"))
                || value == 0
                || value.as_object().is_some_and(serde_json::Map::is_empty);
            assert!(
                own || is_empty || told.iter().any(|field| field == column),
                "{column} = {value}"
            );
        }
    }
    for field in &told {
        assert!(events[0].get(field.as_str().expect("text")).is_some());
    }
}

#[tokio::test]
async fn every_domain_tells_it_and_nobody_is_counted_for_reading() {
    let world = World::start(&named("Acme")).await;
    for host in [HOST, UNCOUNTED] {
        for path in [STATEMENT, "/.well-known/gpc.json", "/-/privacy"] {
            let answer = world.get(host, path).await;
            assert_eq!(answer.status(), 200, "{host}{path}");
            assert_eq!(answer.headers()["cache-control"], "max-age=300");
            let tag = answer.headers()["etag"].clone();
            let length = answer.headers()["content-length"].clone();
            let head = world.request("HEAD", host, path).send().await;
            let head = head.expect("an answer");
            assert_eq!(head.headers()["content-length"], length, "{path}");
            assert_eq!(head.bytes().await.expect("nothing").len(), 0);
            let again = world
                .request("GET", host, path)
                .header("if-none-match", tag);
            assert_eq!(again.send().await.expect("an answer").status(), 304);
            let posted = world.request("POST", host, path).send().await;
            assert_eq!(posted.expect("an answer").status(), 405, "{path}");
        }
    }
    let gpc: Value = world
        .get(HOST, "/.well-known/gpc.json")
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(gpc["gpc"], true);
    for (host, path) in [
        ("unknown.test", STATEMENT),
        (HOST, "/.well-known/other.json"),
    ] {
        assert_eq!(world.get(host, path).await.status(), 404, "{host}{path}");
    }
    let page = world.get(HOST, "/-/privacy").await;
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .is_ok_and(|policy| policy.starts_with("default-src 'none'; style-src"))
    );
    let page = page.text().await.expect("text");
    assert!(page.contains(&format!("docker pull notrack.{HOST}")) && page.contains("npm install"));
    let kinds: Vec<_> = world.recorded().await;
    assert!(
        kinds.iter().all(|event| event["kind"] == "broken_link"),
        "{kinds:#?}"
    );
}
