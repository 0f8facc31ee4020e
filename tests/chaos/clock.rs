//! The clock jumps while downloads go on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::stage::{Stage, long_or};

/// How far the clock is off, one after the other; the last is the truth again. Events that are older
/// than what ClickHouse keeps would go again at once, so nothing jumps back by years here.
const JUMPS: [&str; 6] = ["+1h", "-1h", "+40d", "-40d", "+10y", "+0"];

/// What lies about the time to a program that is started with it.
fn liar() -> PathBuf {
    let below = |folder: PathBuf| folder.join("faketime/libfaketimeMT.so.1");
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let mut found = folders.map(|entry| below(entry.path()));
    let found = found.find(|path| path.is_file());
    found.expect("libfaketime is installed: run `make setup`")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_jumps_forth_and_back() {
    let place = tempfile::tempdir().expect("a folder");
    let clock = place.path().join("clock");
    set(&clock, "+0");
    let (liar, clock_path) = (liar().display().to_string(), clock.display().to_string());
    let stage = Stage::set_with(&[
        ("LD_PRELOAD", &liar),
        ("FAKETIME_TIMESTAMP_FILE", &clock_path),
        ("FAKETIME_CACHE_DURATION", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ])
    .await;
    let load = stage.load();
    let time = long_or(Duration::from_secs(20), Duration::from_millis(2_500));
    for jump in JUMPS {
        set(&clock, jump);
        stage.under_load(&load, time).await;
    }
    // Otherwise the clock would not have jumped at all.
    let years = "SELECT uniqExact(toYear(time)) AS years FROM events";
    stage
        .world
        .wait_for_rows(years, |rows| rows[0]["years"].as_u64() > Some(1))
        .await;
    let note = JUMPS.join(", ");
    stage
        .unharmed("the clock jumps", load, |_| note.clone())
        .await;
}

/// In one step, so that nobody reads half of it.
fn set(clock: &Path, offset: &str) {
    let new = clock.with_extension("new");
    fs::write(&new, offset).expect("our own folder");
    fs::rename(new, clock).expect("our own folder");
}
