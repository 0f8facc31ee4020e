//! Users and tokens by command, while the program that they are for runs.

mod world;

use std::process::{Command, Output};

use serde_json::{Value, json};
use world::World;

const CONFIG: &str = r#"[gateway]
http = ["127.0.0.1:0"]
[dashboards]
listen = "127.0.0.1:0"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/{version}"
  to   = "https://files.acme.example/{version}"
"#;

impl World {
    fn command(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_weir"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .expect("it runs")
    }

    /// What a command that succeeds prints.
    fn says(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        let said = String::from_utf8(output.stderr).expect("text");
        assert!(output.status.success(), "{arguments:?}: {said}");
        String::from_utf8(output.stdout).expect("text")
    }

    async fn with_token(&self, token: &str, resource: &str) -> (u16, Value) {
        let address = format!("http://{}/api/v2/{resource}", self.weir.page);
        let request = self.http.get(address).bearer_auth(token);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    async fn post(&self, resource: &str, body: &Value) -> (u16, Value) {
        let origin = format!("http://{}", self.weir.page);
        let request = self.http.post(format!("{origin}/api/v2/{resource}"));
        let request = request.header("origin", origin).json(body);
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_database_that_does_not_answer_stops_no_download() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = format!("[accounts]\npostgres = \"postgresql://weir@127.0.0.1:1/weir\"\n{CONFIG}");
    let world = World::start_in(folder, &config).await;
    let answer = world.get("get.acme.example", "/1.0.0").await;
    assert_ne!(answer.status(), 404, "a route answers");
    assert!(
        world
            .weir
            .said()
            .contains("the page waits for its account database")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_tokens_are_made_and_ended_while_the_server_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let world = World::start_in(folder, CONFIG).await;
    let added = world.says(&["user", "add", "Ada", "--role", "owner"]);
    let (_, secret) = added.split_once("/invite#").expect("a link");
    let secret = secret.lines().next().expect("64 digits");
    let eve = json!({"code": "", "name": "Eve", "password": "a long enough password"});
    let closed = world.post("setup", &eve).await;
    assert_eq!(closed.0, 404, "there is an owner now");
    let accepted = json!({"secret": secret, "password": "a long enough password"});
    let (status, session) = world.post("invitation/accept", &accepted).await;
    assert_eq!((status, &session["user"]["role"]), (200, &json!("owner")));
    world.says(&[
        "user",
        "add",
        "Gus",
        "--role",
        "guest",
        "--package",
        "acme/rocket",
    ]);
    insta::assert_snapshot!(world.says(&["user", "list"]), @"
    Ada                      owner
    Gus                      guest  acme/rocket
    ");

    let made = world.says(&[
        "token",
        "create",
        "ci",
        "--user",
        "Gus",
        "--scope",
        "read,export",
        "--days",
        "7",
    ]);
    let token = made.trim_end();
    assert_eq!(world.with_token(token, "status").await.0, 200);
    assert_eq!(world.with_token(token, "users").await.0, 403);
    let (status, said) = world.with_token(token, "events?package=acme/other").await;
    assert_eq!(
        (status, said),
        (
            404,
            json!({"error": "there is no such package", "code": "no_such_package"})
        )
    );

    let listed = world.says(&["token", "list"]);
    assert!(!listed.contains(token), "its text is gone: {listed}");
    let (id, rest) = listed.split_once("  ").expect("an id");
    let rest = rest.split("until").next().expect("a beginning");
    insta::assert_snapshot!(rest, @"Gus  ci  export,read  packages: all");
    world.says(&["token", "revoke", id]);
    assert_eq!(world.with_token(token, "status").await.0, 401);

    insta::assert_snapshot!(world.says(&["user", "role", "gus", "--role", "viewer"]), @"Gus                      viewer");
    insta::assert_snapshot!(world.says(&["user", "remove", "gus"]), @"Gus is removed");
    let last = world.command(&["user", "remove", "ada"]);
    assert_eq!(last.status.code(), Some(2));
    insta::assert_snapshot!(String::from_utf8_lossy(&last.stderr), @"weir: the last owner stays; make another owner first");
    let log = world.weir.said();
    assert!(!log.contains(token) && !log.contains(secret));
}
