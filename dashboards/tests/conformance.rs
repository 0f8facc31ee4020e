//! Every route answers as `openapi.json` says, whatever it is asked: Schemathesis makes up the requests,
//! those that fit the description and those that do not, from a fixed seed.

mod world;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use jiff::Timestamp;
use tokio::process::Command;
use world::World;
use world::engine::{Events, Filled};

/// What is checked of every answer; which requests must be refused is the other tests' to say.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance";

fn schemathesis() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let program = root
        .expect("the repository")
        .join(".setup/schemathesis/bin/schemathesis");
    assert!(program.is_file(), "run `make setup`, which installs it");
    program
}

/// Runs it with `more` arguments, and fails with what it found.
async fn conforms(world: &World, more: &[&str]) {
    let description = format!("http://{}/api/v2/openapi.json", world.address);
    let output = Command::new(schemathesis())
        .args(["--no-color", "run", &description])
        .args(["--checks", CHECKS, "--phases", "examples,coverage,fuzzing"])
        .args(["--seed", "6", "--continue-on-failure", "--warnings", "off"])
        .args(["--output-truncate", "false", "--request-timeout", "30"])
        .args(["--header", &format!("Origin: http://{}", world.address)])
        .args(more)
        // It remembers what it found beside wherever it runs.
        .current_dir(world.folder.path())
        .stdin(Stdio::null())
        .output()
        .await
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_is_answered_as_described() {
    let mut filled = Filled::start().await;
    let mut events = Events::new();
    let now = Timestamp::now();
    filled.store(&[events.download(now, "1.0.0")]).await;
    let world = world::dashboard(filled.connect(), filled.connect_to_export()).await;
    let owner = world.owner().await;
    let cookie = format!("Cookie: {}", owner.cookie.expect("signed in"));
    // Two would end the session that asks; nobody may hash many passwords at a time; a stream never ends.
    let (ends, hashes) = (
        "^/api/v2/sessions?$",
        "^/api/v2/(setup|password|second-factor.*)$",
    );
    let either = format!("{ends}|{hashes}|^/readyz$|^/api/v2/live$");
    let more = ["--header", &cookie, "--max-examples", "20"];
    conforms(
        &world,
        &[&more[..], &["--exclude-path-regex", &either]].concat(),
    )
    .await;
    let more = ["--header", &cookie, "--max-examples", "3"];
    conforms(
        &world,
        &[&more[..], &["--include-path-regex", hashes]].concat(),
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_answered_as_described() {
    let world = world::without_engine().await;
    let _owner = world.owner().await;
    // Without ClickHouse the program is not ready, and says so.
    let more = ["--max-examples", "5", "--exclude-path", "/readyz"];
    conforms(&world, &more).await;
}
