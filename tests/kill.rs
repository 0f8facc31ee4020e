//! The gateway is killed again and again under load: what it answered is stored, once.

mod world;

use std::hash::{BuildHasher as _, RandomState};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use world::World;
use world::load::{Differences, Load, Outcome, ROCKET, Rate};

/// At least so many.
const REQUESTS: u64 = 20_000;
const KILLS: u64 = 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_killed_under_load_loses_nothing_and_counts_nothing_twice() {
    let mut world = World::start(&on_a_fixed_port()).await;
    let load = Load::start(
        world.weir.gateway,
        Rate {
            connections: 8,
            rest: Duration::from_millis(1),
            ..Rate::STEADY
        },
    );
    for (kill, answers) in moments(seed()).enumerate() {
        if kill % 2 == 1 {
            // Batches are under way to ClickHouse; in the other lives the engine hardly starts.
            grows(&world).await;
        }
        load.more(answers).await;
        world.weir.kill();
        let killed = Instant::now();
        world.restart();
        eprintln!(
            "killed after {} answers, back after {:?}",
            load.answers(),
            killed.elapsed()
        );
    }
    load.more(REQUESTS.saturating_sub(load.answers())).await;
    let outcome = load.stop().await;
    eprintln!(
        "{} answered, {} ambiguous",
        outcome.answered.len(),
        outcome.ambiguous.len()
    );

    let stored = world.stored_ids().await;
    outcome.assert_stored_once(&stored);
    // A few a kill: a dying process's listener may take a connection once more.
    assert!(
        outcome.ambiguous.len() < 200,
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
    let free = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port");
    format!("[gateway]\nhttp = [\"{free}\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n{ROCKET}")
}

/// `KILL_SEED`, so that a run can be repeated, or another one each time.
fn seed() -> u64 {
    let given = std::env::var("KILL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().hash_one(KILLS));
    eprintln!("KILL_SEED={seed}");
    seed
}

/// After how many answers each life is ended.
fn moments(seed: u64) -> impl Iterator<Item = u64> {
    (1..=KILLS).map(move |life| 200 + splitmix(seed.wrapping_add(life)) % 3_000)
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

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
fn splitmix(seed: u64) -> u64 {
    let z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
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
