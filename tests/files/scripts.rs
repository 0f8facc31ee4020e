//! Scripts that are piped into a shell.

use std::process::Command;

use crate::world::{World, columns, of_kind};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "script"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/install.sh"
  to   = "REGISTRY/acme/rocket/install.sh"
  [[package.route]]
  path = "/{version}/none.sh"
  to   = "REGISTRY/none/{version}.sh"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
releases = "REGISTRY/acme/rocket"
path = "/rocket"
"#;

const HOST: &str = "get.test.localhost";

#[tokio::test]
async fn curl_without_l_runs_the_script_and_what_it_downloads_counts_apart() {
    let world = World::start(CONFIG).await;
    let line = format!("curl -fsS {} | sh", world.url(HOST, "/install.sh"));
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &line])
        .current_dir(world.folder.path())
        .env("ROCKET_FROM", world.url(HOST, "/rocket"));
    let output = tokio::task::spawn_blocking(move || shell.output())
        .await
        .expect("no panic")
        .expect("a shell");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("rocket 2.1.0 for linux"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let events = world
        .wait_for(|events| of_kind(events, "script").len() + of_kind(events, "download").len() == 2)
        .await;
    let what = [
        "kind",
        "package",
        "ecosystem",
        "version",
        "client",
        "answer",
        "status",
    ];
    insta::assert_snapshot!(columns(&of_kind(&events, "script")[0], &what), @"script | acme/rocket | script |  | curl | proxy | 200");
    insta::assert_snapshot!(columns(&of_kind(&events, "download")[0], &what), @"download | acme/rocket | file | 2.1.0 | curl | redirect | 302");
}

#[tokio::test]
async fn a_browser_shows_the_script_which_is_a_view() {
    let world = World::start(CONFIG).await;
    let asked = world
        .request("GET", HOST, "/install.sh")
        .header("accept", "text/html,*/*;q=0.8");
    let answer = asked.send().await.expect("an answer");
    assert_eq!(
        answer.headers()["content-type"],
        "text/plain; charset=utf-8"
    );
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let events = world.wait_for(|events| !events.is_empty()).await;
    assert_eq!(of_kind(&events, "view").len(), 1);
}

#[tokio::test]
async fn a_script_that_is_not_there_is_a_broken_link() {
    let world = World::start(CONFIG).await;
    assert_eq!(world.get(HOST, "/1.0/none.sh").await.status(), 404);
    let events = world.wait_for(|events| !events.is_empty()).await;
    assert_eq!(of_kind(&events, "broken_link").len(), 1);
}
