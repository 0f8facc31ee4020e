//! Any size in little memory.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::files::{self, write_gzip};
use crate::world::World;
use crate::{CONFIG, command, counts, import, said};

const LINES: u32 = 1_000_000;

/// Most memory that importing may take, in KiB. One chunk, its events and the ids of recent lines are far
/// less, and what browsers and crawlers are told by takes 35 MiB; all of the text would be more, and the events
/// of it six times as much.
const MOST_KIB: u64 = 128 << 10;

#[test]
fn a_million_lines_are_read_in_little_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = CONFIG.replace("REGISTRY", "https://registry.example");
    files::write(folder.path(), "weir.toml", &config);
    write_gzip(folder.path(), "access.log.gz", (0..LINES).map(files::nginx));
    let arguments = ["--domain", "get.test", "--dry-run", "access.log.gz"];
    let child = command(folder.path(), "nginx", &arguments)
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let (peak, text) = watched(child);
    assert!(
        text.contains("would import 1000000 events of 1000000 lines"),
        "{text}"
    );
    assert!(peak > 0 && peak < MOST_KIB, "{peak} KiB");
}

/// Measured and not judged, so only when asked for, and built as it is used:
/// `IMPORT_LINES=5000000 cargo nextest run --release -p weir --test import --run-ignored only --no-capture`.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement, for a quiet machine"]
#[expect(clippy::print_stdout, reason = "what is measured is the output")]
async fn how_fast_a_large_log_comes_in_and_with_how_much_memory() {
    let lines: u32 = std::env::var("IMPORT_LINES")
        .map_or(5_000_000, |lines| lines.parse().expect("a number of lines"));
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    write_gzip(folder, "access.log.gz", (0..lines).map(files::nginx));
    let arguments = ["--domain", "get.test", "access.log.gz"];
    for what in ["new", "known"] {
        let begun = Instant::now();
        let child = command(folder, "nginx", &arguments)
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (peak, text) = watched(child);
        let seconds = begun.elapsed().as_secs_f64();
        let speed = f64::from(lines) / seconds;
        println!(
            "{what}: {lines} lines in {seconds:.1} s, {speed:.0} a second, {peak} KiB at most; {text}"
        );
        assert!(peak > 0 && peak < MOST_KIB, "{peak} KiB");
    }
    assert_eq!(counts(&world).await, [u64::from(lines); 3]);
}

/// The most memory that a process had while it ran, in KiB, and what it said.
fn watched(mut child: Child) -> (u64, String) {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(now.unwrap_or(0));
        // The kernel keeps the highest value itself; this only has to look before the end.
        std::thread::sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().expect("its output");
    (peak, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_trial_says_what_would_be_done_and_touches_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = CONFIG.replace("REGISTRY", "https://registry.example");
    files::write(folder.path(), "weir.toml", &config);
    files::write(
        folder.path(),
        "access.log",
        &(files::nginx_log(0..3) + "nonsense\n"),
    );
    let output = import(
        folder.path(),
        "nginx",
        &["--domain", "get.test", "--dry-run", "access.log"],
    );
    insta::assert_snapshot!(said(&output), @"
    exit 1
    access.log:4: the time is missing
    access.log: would import 3 events, 1 refused of 4 lines
    weir: one line was refused
    ");
    assert!(!folder.path().join("weir-data").exists());
}
