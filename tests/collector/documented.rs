//! What `docs/collector.md` has its readers write and run does what it says.

use std::path::Path;
use std::process::Command;

use crate::world::World;
use crate::{HOST, lines};

const PAGE: &str = include_str!("../../docs/collector.md");

/// The blocks of one language, in their order.
fn blocks(language: &str) -> Vec<&'static str> {
    let begin = format!("```{language}\n");
    let after = PAGE.split(begin.as_str()).skip(1);
    after
        .map(|rest| rest.split("```").next().expect("an end"))
        .collect()
}

/// The page's configuration, on the test's domain.
fn configuration() -> String {
    blocks("toml")[0].replace("get.acme.example", HOST)
}

fn shell(folder: &Path, text: &str) -> String {
    let ended = Command::new("sh")
        .args(["-euc", text])
        .current_dir(folder)
        .output()
        .expect("a shell");
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{text}: {said}");
    String::from_utf8(ended.stdout).expect("text")
}

fn without_token(line: &str) -> bool {
    !line.contains("tokens_file")
}

#[tokio::test(flavor = "multi_thread")]
async fn its_requests_are_taken() {
    let config = configuration();
    let config: Vec<_> = config.lines().filter(|line| without_token(line)).collect();
    let world = World::start(&config.join("\n")).await;
    let folder = world.folder.path();
    std::fs::write(folder.join("events.ndjson"), "{\"n\":1}\n{\"n\":2}\n").expect("a file");
    let here = world.url(HOST, "");
    let requests = blocks("sh")[0].replace("https://get.acme.example", &here);
    let answers = shell(
        folder,
        &requests.replace("curl ", "curl -sS --noproxy '*' "),
    );
    assert_eq!(
        answers,
        r#"{"accepted":1}{"accepted":1}{"accepted":1}{"accepted":2}"#
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @r#"
    custom | acme/rocket | 1.2.3 |  |  | GET | 202 | {"step":"install","took":"5"}
    custom | acme/rocket | 1.2.3 |  |  | GET | 202 | {}
    custom | acme/rocket | 1.2.3 |  |  | POST | 202 | {"step.name":"install","step.took":"5"}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"1"}
    custom | acme/rocket |  |  |  | POST | 202 | {"n":"2"}
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn its_token_opens_the_route_and_does_not_stand_in_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let typed = blocks("sh");
    let making = typed.iter().find(|block| block.contains("rocket.tokens"));
    let make = format!("{}\nprintf %s \"$token\"", making.expect("on the page"));
    let token = shell(folder.path(), &make);
    let held = std::fs::read_to_string(folder.path().join("rocket.tokens")).expect("the file");
    assert!(held.starts_with("sha256:") && !held.contains(&token));
    let world = World::start_in(folder, &configuration()).await;
    for (token, status) in [(token.as_str(), 202), ("another", 401)] {
        let request = world.request("GET", HOST, "/-/collect").bearer_auth(token);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn its_statement_reads_values_as_what_they_are() {
    let config = configuration();
    let config: Vec<_> = config.lines().filter(|line| without_token(line)).collect();
    let world = World::start(&config.join("\n")).await;
    for took in [1, 2, 9] {
        let path = format!("/-/collect?version=1.2.3&took={took}");
        assert_eq!(world.get(HOST, &path).await.status(), 202);
    }
    assert_eq!(world.recorded().await.len(), 3);
    let rows = world.query(blocks("sql")[0]).await.expect("an answer");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["version"], "1.2.3");
}
