//! `weir doctor`: what it finds on a machine, and that it leaves everything as it was.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// A folder with a configuration in it that listens on `port`; its one upstream is at `upstream`.
fn folder(port: u16, upstream: u16) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = format!(
        r#"
[gateway]
http = ["127.0.0.1:{port}"]
private_upstreams = ["127.0.0.0/8"]
[dashboards]
listen = "127.0.0.1:0"
[clickhouse]
engine = "nowhere/clickhouse"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["localhost"]
  [[package.route]]
  path = "/{{version}}"
  to = "http://127.0.0.1:{upstream}/{{version}}"
"#
    );
    std::fs::write(folder.path().join("weir.toml"), config).expect("a configuration");
    folder
}

fn doctor(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir"))
        .arg("doctor")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program runs")
}

/// Levels of what was found about each thing, the worst of each.
fn worst(output: &Output) -> BTreeMap<String, String> {
    let findings: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list in JSON");
    let mut worst = BTreeMap::<String, String>::new();
    for finding in findings {
        let text = |key: &str| finding[key].as_str().expect("text").to_owned();
        let (about, level) = (text("about"), text("level"));
        let is_fine = level == "fine";
        assert_eq!(finding["todo"].is_null(), is_fine, "{finding}");
        let known = worst.entry(about).or_insert_with(|| level.clone());
        if known == "fine" || level == "problem" {
            *known = level;
        }
    }
    worst
}

#[test]
fn a_machine_is_looked_at_and_left_as_it_was() {
    // Held, so that it is taken; and one that answers nobody.
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port();
    let gone = TcpListener::bind("127.0.0.1:0").expect("a port");
    let upstream = gone.local_addr().expect("an address").port();
    drop(gone);
    let folder = folder(port, upstream);
    let output = doctor(folder.path(), &["--json"]);
    assert_eq!(output.status.code(), Some(1));
    let worst = worst(&output);
    let level = |about: &str| worst.get(about).map(String::as_str);
    assert_eq!(level("configuration"), Some("fine"));
    assert_eq!(level("listeners"), Some("problem"), "the port is taken");
    assert_eq!(level("upstreams"), Some("problem"), "nobody answers there");
    assert_eq!(
        level("ClickHouse"),
        Some("problem"),
        "there is no such engine"
    );
    assert_eq!(level("place data"), Some("warning"), "there is none");
    assert_eq!(level("spool"), Some("fine"));
    assert_eq!(level("domains"), Some("fine"), "everybody knows localhost");
    let left: Vec<_> = std::fs::read_dir(folder.path())
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name())
        .collect();
    assert_eq!(left, ["weir.toml"]);
}

#[test]
fn people_are_told_what_to_do_about_each_thing() {
    let folder = folder(0, 9);
    let output = doctor(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<_> = text.lines().collect();
    let at = lines.iter().position(|line| line.contains("place data"));
    let at = at.expect("it is told");
    insta::assert_snapshot!(lines[at..at + 2].join("\n"), @r"
    warning  place data     there is none: places and networks stay unknown
                            run weir geo update
    ");
}

#[test]
fn an_upstream_that_the_gateway_would_refuse_is_not_asked() {
    let folder = folder(0, 9);
    let path = folder.path().join("weir.toml");
    let config = std::fs::read_to_string(&path).expect("a configuration");
    let strict = config.replace("private_upstreams = [\"127.0.0.0/8\"]\n", "");
    std::fs::write(&path, strict).expect("a configuration");
    let output = doctor(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().filter(|line| line.contains("upstreams "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"problem  upstreams      http://127.0.0.1:9/ is not asked: 127.0.0.1 is not on the public internet (loopback); to allow it, add it to [gateway] private_upstreams");
}

#[test]
fn a_configuration_that_is_wrong_is_the_askers_mistake() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("weir.toml"), "[gatway]\n").expect("a configuration");
    assert_eq!(doctor(folder.path(), &[]).status.code(), Some(2));
}

#[test]
fn every_rule_file_that_cannot_be_used_is_a_problem_of_the_configuration() {
    let folder = folder(0, 9);
    let path = folder.path().join("weir.toml");
    let config = std::fs::read_to_string(&path).expect("a configuration");
    let named = "[organisations]\nenabled = true\noverrides = \"orgs.toml\"\nstages = \"stages.toml\"\n\n[[package]]";
    let config = config.replacen("[[package]]", named, 1);
    std::fs::write(&path, config).expect("a configuration");
    let output = doctor(folder.path(), &[]);
    let text = String::from_utf8(output.stdout).expect("text");
    let lines = text.lines().filter(|line| line.contains("configuration "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    problem  configuration  cannot read orgs.toml: create it, or leave out [organisations] overrides: No such file or directory (os error 2)
    problem  configuration  cannot read stages.toml: create it, or leave out [organisations] stages: No such file or directory (os error 2)
    ");
}
