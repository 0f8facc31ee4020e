//! `weir orgs`: an operator's organisations reach the events, and wrong matches are put right for the past.

mod world;

use std::path::Path;
use std::process::{Command, Output};

use world::World;
use world::load::ROCKET;

const FILE: &str = "/rocket/1.2.3/linux-amd64.tar.gz";

/// Names whoever asks from this machine.
const OVERRIDES: &str = r#"
[[organisation]]
name = "Acme Lab"
domain = "acme.example"
type = "education"
networks = ["127.0.0.0/8"]
"#;

fn orgs(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir"))
        .arg("orgs")
        .arg("--config")
        .arg(folder.join("weir.toml"))
        .args(arguments)
        .output()
        .expect("the program can be run")
}

fn said(output: &Output) -> String {
    let out = String::from_utf8_lossy(&output.stdout);
    let err = String::from_utf8_lossy(&output.stderr);
    format!(
        "exit {}\n{out}{err}",
        output.status.code().expect("an exit code")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_match_is_made_by_an_override_and_put_right_while_the_program_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("orgs.toml"), OVERRIDES).expect("written");
    let settings = "[organisations]\nenabled = true\noverrides = \"orgs.toml\"\n";
    let world = World::start_in(folder, &format!("{settings}{ROCKET}")).await;
    world.get("get.test", FILE).await;
    let events = world.downloads(1).await;
    let columns = [
        "org_name",
        "org_domain",
        "org_type",
        "org_confidence",
        "org_evidence",
    ];
    let mut seen = vec![world::columns(&events[0], &columns)];
    let commands: &[&[&str]] = &[
        &["rename", "acme lab", "Acme Research", "--note", "new name"],
        &["corrections"],
        &["wrong", "Rival Inc."],
        &["undo", "acme.example"],
        &["corrections"],
        &["explain", "127.0.0.1"],
        &["explain", "here"],
    ];
    for arguments in commands {
        let output = orgs(world.folder.path(), arguments);
        // Looking whether the program is up makes events too.
        let said = said(&output)
            .replace("events: 1\n", "events: some\n")
            .replace("events: 2\n", "events: some\n");
        seen.push(format!("$ weir orgs {}\n{}", arguments.join(" "), said));
    }
    insta::assert_snapshot!(seen.join("\n"), @r#"
    Acme Lab | acme.example | education | 100 | override
    $ weir orgs rename acme lab Acme Research --note new name
    exit 0
    288370820 is Acme Research: new name
    stored events: some

    $ weir orgs corrections
    exit 0
    288370820 is Acme Research: new name

    $ weir orgs wrong Rival Inc.
    exit 2
    weir: no stored event has an organisation "Rival Inc."; give its name or domain as it was stored, or its org_id

    $ weir orgs undo acme.example
    exit 0
    288370820 is as it was stored
    stored events: some

    $ weir orgs corrections
    exit 0

    $ weir orgs explain 127.0.0.1
    exit 0
    network    no system is known to announce it
    overrides  by the address: Acme Lab
    address    a local one
    lists      on none
    category   unknown
    name       says nothing
    domain     says nothing
    rule       override_network
    found      "Acme Lab", acme.example, education, confidence 100 by override
    policy     in an unknown country: allowed
    stored     org_id 288370820

    $ weir orgs explain here
    exit 2
    weir: "here" is neither an address such as 198.51.100.7 nor a system such as AS64500
    "#);
}
