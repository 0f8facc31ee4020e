//! How the log is written, whoever reads it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;

/// The first line of the program about a listener, written in `format`.
fn line(format: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = "[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n\
                  [clickhouse]\nengine = \"none\"\n";
    std::fs::write(folder.path().join("weir.toml"), config).expect("a configuration");
    let mut weir = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["serve", "--log-format", format])
        .current_dir(folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let said = BufReader::new(weir.stderr.take().expect("piped"));
    let mut lines = said.lines().map(|line| line.expect("text"));
    let line = lines.find(|line| line.contains("gateway listens"));
    weir.kill().expect("it runs");
    weir.wait().expect("it ended");
    line.expect("it listens")
}

#[test]
fn lines_are_for_people_or_for_programs_as_it_is_asked_for() {
    let for_programs: Value = serde_json::from_str(&line("json")).expect("a JSON object");
    assert_eq!(for_programs["message"], "gateway listens");
    assert_eq!(for_programs["level"], "INFO");
    let for_people = line("text");
    assert!(
        for_people.contains("INFO") && !for_people.starts_with('{'),
        "{for_people}"
    );
    // Nobody's terminal reads here.
    assert!(line("auto").starts_with('{'));
}
