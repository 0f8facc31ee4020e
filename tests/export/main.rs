//! `weir export`, beside a running program and after it.

#[path = "../world/mod.rs"]
mod world;

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use world::load::{Load, ROCKET, Rate};
use world::{PATIENCE, World};

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
    let csv = folder.join("events.csv.gz");
    let path = csv.to_str().expect("a plain path");
    printed(&export(
        &folder,
        &["--columns", "event_id", "--output", path],
    ));
    let file = std::fs::File::open(&csv).expect("a file");
    let mut text = String::new();
    let read = flate2::read::GzDecoder::new(file).read_to_string(&mut text);
    read.expect("a whole file");
    assert_eq!(taken(&text), stored);
    let zstd = export(&folder, &[&ids[..], &["--compress", "zstd"]].concat());
    let text = zstd::decode_all(&*zstd.stdout).expect("whole");
    assert_eq!(taken(&String::from_utf8(text).expect("text")), stored);
    let left: Vec<_> = std::fs::read_dir(&folder)
        .expect("the folder")
        .filter_map(|entry| entry.expect("an entry").file_name().into_string().ok())
        .filter(|name| name.contains(".part"))
        .collect();
    assert_eq!(left, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_list_of_exports_needs_no_restart() {
    let world = World::start(ROCKET).await;
    world.ready().await;
    let with = |exports: &str| world.configure(&format!("{ROCKET}{exports}"));
    let export = |name: &str| {
        format!(
            "[[export]]\nname = {name:?}\nfolder = \"out\"\nevery = \"hour\"\nformat = \"ndjson\"\n"
        )
    };
    with(&export("lake"));
    exported(&world, "lake").await;
    // What makes no sense changes nothing, and what comes next does.
    with(&format!("{}columns = [\"shoe_size\"]\n", export("lake")));
    world.weir.wait_for_line("configuration not loaded again");
    with(&(export("lake") + &export("pond")));
    exported(&world, "pond").await;
}

/// Waits until a file of the export `name` is there.
async fn exported(world: &World, name: &str) {
    let folder = world.folder.path().join("out");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let entries = std::fs::read_dir(&folder).into_iter().flatten();
        let mut names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        if names.any(|file| file.starts_with(name)) {
            return;
        }
        assert!(Instant::now() < deadline, "{}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
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
    let twice = folder.path().join("events.parquet.gz");
    let refused = export(folder.path(), &["--output", twice.to_str().expect("plain")]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("parquet is compressed within"), "{said}");
    assert!(!data.exists(), "no engine was started for it");
}
