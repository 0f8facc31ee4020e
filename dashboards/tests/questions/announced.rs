//! Releases that a publishing job announces.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::{Browser, World};
use crate::{about_rocket, day, filled};

/// A program with a token of the owner's for `scope` and `package`.
async fn program(world: &World, owner: &mut Browser, scope: &str, package: &str) -> Browser {
    let token = json!({"name": scope, "scopes": [scope], "packages": [package], "days": 1});
    let made = owner.post("/api/v2/tokens", token).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let mut program = world.browser();
    program.origin = None;
    program.token = made.json()["token"].as_str().map(ToOwned::to_owned);
    program
}

async fn marks(browser: &mut Browser) -> String {
    let question = about_rocket(&json!({"include": {"releases": true}}));
    let answer = browser.ask(question).await;
    let releases = answer["meta"]["releases"].as_array().expect("releases");
    let line = |release: &Value| {
        format!(
            "{} {} {} {}",
            release["first_seen"], release["version"], release["url"], release["notes"]
        )
    };
    let text = releases.iter().map(line).collect::<Vec<_>>().join("\n");
    (0..9).fold(text, |text, ago| {
        text.replace(&day(ago), &format!("-{ago}"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_announced_release_is_marked_on_its_day_with_its_link() {
    let (_engine, world, mut owner) = filled().await;
    let mut job = program(&world, &mut owner, "releases:write", "acme/rocket").await;
    let release = json!({
        "package": "acme/rocket", "version": "2.0.0", "at": format!("{}T08:00:00Z", day(2)),
        "url": "https://acme.example/2.0.0", "notes": "Faster.",
    });
    let first = job.post("/api/v2/releases", release.clone()).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let again = job.post("/api/v2/releases", release).await;
    assert_eq!((again.status, again.body), (first.status, first.body));
    insta::assert_snapshot!(marks(&mut owner).await, @r#"
    "-3" "1.0.0" null null
    "-2" "2.0.0" "https://acme.example/2.0.0" "Faster."
    "#);

    // The time stays where a correction does not say it; a version nobody downloaded yet is marked too.
    let link =
        json!({"package": "acme/rocket", "version": "2.0.0", "url": "https://acme.example/new"});
    job.post("/api/v2/releases", link).await;
    job.post(
        "/api/v2/releases",
        json!({"package": "acme/rocket", "version": "3.0.0"}),
    )
    .await;
    insta::assert_snapshot!(marks(&mut owner).await, @r#"
    "-3" "1.0.0" null null
    "-2" "2.0.0" "https://acme.example/new" null
    "-0" "3.0.0" null null
    "#);
    let log = owner.get("/api/v2/audit").await.body;
    assert_eq!(log.matches("release_announced").count(), 3, "{log}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_is_announced_by_whoever_may_and_only_with_a_link_to_a_site() {
    let (_engine, world, mut owner) = filled().await;
    let mut job = program(&world, &mut owner, "releases:write", "acme/rocket").await;
    let mut reader = program(&world, &mut owner, "read", "acme/rocket").await;
    let release =
        |package: &str, url: &str| json!({"package": package, "version": "2.0.0", "url": url});
    let fine = release("acme/rocket", "https://acme.example/");
    let mut lines = Vec::new();
    let mut told = |answer: crate::world::Answer| {
        lines.push(format!(
            "{} {}",
            answer.status.as_u16(),
            answer.json()["error"]
        ));
    };
    told(reader.post("/api/v2/releases", fine.clone()).await);
    told(world.browser().post("/api/v2/releases", fine).await);
    told(job.post("/api/v2/releases", release("acme/docs", "")).await);
    for url in [
        "javascript:alert(1)",
        "https://",
        "https://acme.example/ x",
        "//acme.example",
    ] {
        told(
            job.post("/api/v2/releases", release("acme/rocket", url))
                .await,
        );
    }
    let nameless = json!({"package": "acme/rocket", "version": ""});
    told(job.post("/api/v2/releases", nameless).await);
    told(job.post("/api/v2/query", about_rocket(&json!({}))).await);
    insta::assert_snapshot!(lines.join("\n"), @r##"
    403 "your role or your token does not allow this"
    401 "not signed in"
    404 "there is no such package"
    422 "#/url: expected an address that begins with https:// or http://"
    422 "#/url: expected an address that begins with https:// or http://"
    422 "#/url: expected an address that begins with https:// or http://"
    422 "#/url: expected an address that begins with https:// or http://"
    422 "#/version: must have 1 to 256 bytes and no control characters"
    403 "your role or your token does not allow this"
    "##);
}
