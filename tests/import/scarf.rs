//! Scarf's import API at its own paths: the same import, answered in Scarf's words.

use serde_json::{Value, json};

use crate::files::at;
use crate::http::{gzip, world_with};
use crate::rows;
use crate::world::World;

const SITES: &str = r#"
[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"

[[site]]
id = "0a6b6c4e-6b3a-4c43-9a52-9d3f5a1f2f11"
domains = ["get.test"]
compat = ["scarf"]
package = "acme/rocket"
"#;

async fn send(
    world: &World,
    token: &str,
    path: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, Value) {
    let answer = world
        .http
        .post(format!("http://{}{path}", world.weir.page))
        .bearer_auth(token)
        .header("content-type", "application/x-ndjson")
        .body(body)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

fn line(id: &str, more: &str) -> String {
    format!(
        "{{\"$time\":\"{}\",\"$unique_id\":\"{id}\",\"$remote_address\":\"192.0.2.7\"{more}}}\n",
        at(60)
    )
}

/// A job without what each has of its own.
fn told(mut job: Value) -> Value {
    for name in ["id", "created_at", "updated_at"] {
        let own = job.as_object_mut().expect("a job").remove(name);
        assert!(own.is_some_and(|own| own.is_string()), "{name}");
    }
    job
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_done_when_it_is_answered_and_names_each_broken_line() {
    let world = world_with(SITES).await;
    let body = line("u-1", r#","$version":"1.2","edition":"pro""#)
        + "{\"$version\":\"1.3\"}\n"
        + "oops\n"
        + &line("u-2", "");
    let path = "/v2/packages/acme/rocket/import";
    let (status, job) = send(&world, "letmein", path, gzip(body.as_bytes())).await;
    assert_eq!(
        (status, told(job)),
        (
            200,
            json!({
                "owner": "acme", "status": "done",
                "events_total": 4, "events_successfully_imported": 2, "events_failed_to_import": 2,
                "error_log_sample": [
                    {"type": "failed-to-decode", "class": "error", "line": 2, "human_friendly_message": "$time is missing"},
                    {"type": "failed-to-decode", "class": "error", "line": 3, "human_friendly_message": "not a JSON object"},
                ],
                "warning_log_sample": [],
            })
        )
    );
    // Once, however often.
    let (_, again) = send(&world, "letmein", path, line("u-2", "")).await;
    assert_eq!(
        again["warning_log_sample"],
        json!([{"type": "progress", "class": "warning", "human_friendly_message": "1 were there already and stay as they are"}])
    );
    assert_eq!(
        rows(
            &world,
            "SELECT kind, package, version, props FROM events ORDER BY version"
        )
        .await,
        "download | acme/rocket |  | {}\ndownload | acme/rocket | 1.2 | {\"edition\":\"pro\"}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pixels_sites_and_lines_say_whose_it_is() {
    let world = world_with(SITES).await;
    for (path, more) in [
        (
            "/v2/tracking-pixels/acme/docs/import",
            r#","$referrer":"https://docs.test/start""#,
        ),
        (
            "/v2/packages/acme/0a6b6c4e-6b3a-4c43-9a52-9d3f5a1f2f11/import",
            "",
        ),
        ("/v2/packages/acme/acme%2Fserver/import", ""),
        ("/v2/acme/import", r#","$package":"acme/server""#),
    ] {
        let (status, job) = send(&world, "letmein", path, line(path, more)).await;
        assert_eq!(
            (status, &job["events_failed_to_import"]),
            (200, &json!(0)),
            "{path} {job}"
        );
    }
    insta::assert_snapshot!(rows(&world, "SELECT kind, package, artifact, page, count() AS count FROM events GROUP BY ALL ORDER BY ALL").await, @"
    download | acme/rocket |  |  | 1
    download | acme/server |  |  | 2
    view | acme/rocket | docs | /start | 1
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_is_told_so_and_what_is_not_there_is_not_made_up() {
    let world = world_with(SITES).await;
    let rocket = "/v2/packages/acme/rocket/import";
    assert_eq!(send(&world, "letmeout", rocket, line("u", "")).await.0, 401);
    for path in [
        "/v2/packages/acme/typo/import",
        "/v2/tracking-pixels/acme/typo/import",
    ] {
        let (status, said) = send(&world, "letmein", path, line("u", "")).await;
        assert_eq!(status, 404, "{path}");
        assert_eq!(
            said["error"],
            "there is no such package or pixel; what is configured can be imported"
        );
    }
    let zeros = gzip(&vec![0; 256 << 20]);
    assert_eq!(send(&world, "letmein", rocket, zeros).await.0, 413);

    let token = token_for(&world, "acme/server").await;
    for (path, status) in [
        (rocket, 404),
        ("/v2/tracking-pixels/acme/docs/import", 404),
        ("/v2/acme/import", 403),
        ("/v2/packages/acme/server/import", 200),
    ] {
        let (answered, said) = send(&world, &token, path, line("u", "")).await;
        assert_eq!(answered, status, "{path} {said}");
    }
    assert_eq!(
        rows(&world, "SELECT package FROM events").await,
        "acme/server"
    );
}

/// A token of the owner's that may import `package` and nothing else.
async fn token_for(world: &World, package: &str) -> String {
    let owner = world.owner().await;
    let page = format!("http://{}", world.weir.page);
    let new = json!({"name": "mover", "scopes": ["import"], "packages": [package], "days": 1});
    let made = world
        .http
        .post(format!("{page}/api/v2/tokens"))
        .header("origin", page)
        .header("cookie", owner.cookie())
        .json(&new)
        .send()
        .await
        .expect("an answer");
    let made: Value = made.json().await.expect("JSON");
    made["token"].as_str().expect("a token").to_owned()
}
