//! The gateway is killed again and again under load: what it answered is stored, once.

use std::time::{Duration, Instant};

use crate::dice::Dice;
use crate::row::Row;
use crate::stage::{free_address, is_long, long_or};
use crate::world::World;
use crate::world::load::{Differences, Load, Outcome, ROCKET, Rate};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_killed_under_load_loses_nothing_and_counts_nothing_twice() {
    let (requests, kills) = long_or((1_000_000, 20), (30_000, 5));
    let mut dice = Dice::thrown();
    let mut world = World::start(&on_a_fixed_port()).await;
    let load = Load::start(
        world.weir.gateway,
        Rate {
            connections: 8,
            rest: Duration::from_millis(1),
            ..Rate::STEADY
        },
    );
    let mut slowest = Duration::ZERO;
    for kill in 0..kills {
        if kill % 2 == 1 {
            // Batches are under way to ClickHouse; in the other lives the engine hardly starts.
            grows(&world).await;
        }
        load.more(200 + dice.below(2 * requests / kills - 400))
            .await;
        world.weir.kill();
        let killed = Instant::now();
        world.restart();
        slowest = slowest.max(killed.elapsed());
    }
    while load.answers() < requests {
        load.more(1_000).await;
    }
    let outcome = load.stop().await;
    let quiet = Instant::now();
    let stored = world.stored_ids().await;
    let differences = outcome.differences(&stored);
    let row = Row {
        fault: "the gateway is killed under load".to_owned(),
        seed: dice.seed,
        is_long: is_long(),
        answered: outcome.answered.len(),
        broken: outcome.ambiguous.len(),
        failed: outcome.failed.len(),
        lost: differences.lost.len(),
        doubled: differences.doubled.len(),
        invented: differences.invented.len(),
        p99_ms: outcome.p99().as_millis() as u64,
        settled_ms: quiet.elapsed().as_millis() as u64,
        note: format!(
            "{kills} kills, serving again after {} ms at most",
            slowest.as_millis()
        ),
    };
    row.write();
    outcome.assert_stored_once(&stored);
    // A few a kill: a dying process's listener may take a connection once more.
    assert!(
        outcome.ambiguous.len() < 40 * kills as usize,
        "{} connections broke",
        outcome.ambiguous.len()
    );
    assert_eq!(put_aside(&world), Vec::<String>::new());

    world.rollups_agree().await;
}

#[test]
fn what_is_lost_doubled_or_invented_is_seen() {
    let outcome = Outcome {
        answered: [1, 2].into(),
        ambiguous: [3, 4].into(),
        ..Outcome::default()
    };
    let fine = [(1, 1), (2, 1), (3, 1)].into();
    assert_eq!(outcome.differences(&fine), Differences::default());
    let wrong = outcome.differences(&[(1, 2), (5, 1)].into());
    let expected = Differences {
        lost: vec![2],
        doubled: vec![1],
        invented: vec![5],
    };
    assert_eq!(wrong, expected);
}

/// The same address in every life, so that clients find it again.
fn on_a_fixed_port() -> String {
    let free = free_address();
    format!(
        "[gateway]\nhttp = [\"{free}\"]\nverify_files = false\n[dashboards]\nlisten = \"127.0.0.1:0\"\n{ROCKET}"
    )
}

/// Waits until more is stored than there was.
async fn grows(world: &World) {
    world.ready().await;
    let count = "SELECT count() AS stored FROM events";
    let before = world.wait_for_rows(count, |_| true).await[0]["stored"].as_u64();
    world
        .wait_for_rows(count, |rows| rows[0]["stored"].as_u64() > before)
        .await;
}

/// Files of events that were not stored.
fn put_aside(world: &World) -> Vec<String> {
    let files = ["dead", "quarantine"]
        .into_iter()
        .filter_map(|folder| std::fs::read_dir(world.data().join("spool").join(folder)).ok());
    files
        .flatten()
        .flatten()
        .map(|entry| entry.path().display().to_string())
        .collect()
}
