//! `weir export`, beside a running program and after it.

#[path = "../world/mod.rs"]
mod world;

use std::path::Path;
use std::process::{Command, Output};

use world::World;
use world::load::{Load, ROCKET, Rate};

fn export(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["export", "--config"])
        .arg(folder.join("weir.toml"))
        .args(arguments)
        .output()
        .expect("the program can be run")
}

fn printed(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_stored_event_can_be_taken_away_while_it_runs_and_when_it_does_not() {
    let mut world = World::start(ROCKET).await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    load.more(200).await;
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    outcome.assert_stored_once(&world.stored_ids().await);
    let mut stored: Vec<String> = world
        .query("SELECT leftPad(lower(hex(event_id)), 32, '0') AS id FROM events")
        .await
        .expect("the engine answers")
        .iter()
        .map(|row| row["id"].as_str().expect("text").to_owned())
        .collect();
    stored.sort();

    let folder = world.folder.path().to_owned();
    let ids = ["--columns", "event_id", "--format", "csv"];
    let taken = |text: &str| {
        let mut ids: Vec<String> = text
            .lines()
            .skip(1)
            .map(|line| line.trim_matches('"').to_owned())
            .collect();
        ids.sort();
        ids
    };
    assert_eq!(taken(&printed(&export(&folder, &ids))), stored);

    assert_eq!(world.weir.terminate(), Some(0));
    assert_eq!(taken(&printed(&export(&folder, &ids))), stored);

    let file = folder.join("events.parquet");
    let path = file.to_str().expect("a plain path");
    printed(&export(&folder, &["--output", path]));
    let written = std::fs::read(&file).expect("a file");
    assert!(written.starts_with(b"PAR1") && written.ends_with(b"PAR1"));
    let left: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter(|name| name.contains(".part"))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[test]
fn what_makes_no_sense_is_refused_before_anything_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let config = format!("data_dir = {:?}\n", data.display().to_string());
    std::fs::write(folder.path().join("weir.toml"), config).expect("written");
    let file = folder.path().join("events.xlsx");
    let refused = export(folder.path(), &["--output", file.to_str().expect("plain")]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("#/format: invalid format \"xlsx\"; one of csv, ndjson, parquet, arrow"),
        "{said}"
    );
    assert!(!file.exists());
    assert!(!data.exists(), "no engine was started for it");
}
