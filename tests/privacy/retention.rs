//! What is old goes, and from the disk: not only from answers.

use std::fs;
use std::time::{Duration, Instant};

use crate::engine::Engine;
use crate::evidence::files;
use crate::world::load::ROCKET;
use crate::world::{PATIENCE, World};

/// Visitors whose days are over, one of an event that may stay and one of an event that may not.
const VISITORS: [u32; 2] = [0xe7c3_9db1, 0xf2a8_d5c9];

/// A package that was last asked for before the oldest day that is kept.
const FORGOTTEN: &str = "acme/long-ago-and-forgotten";

/// What of it stands in the tables' files.
fn on_disk(world: &World) -> Vec<String> {
    let ids = VISITORS.map(|visitor| {
        (
            format!("visitor {visitor:x}"),
            visitor.to_le_bytes().to_vec(),
        )
    });
    let wanted = [("package".to_owned(), FORGOTTEN.as_bytes().to_vec())]
        .into_iter()
        .chain(ids);
    let store = files(&world.data().join("clickhouse/data"));
    let texts: Vec<_> = store
        .iter()
        .filter_map(|path| fs::read(path).ok())
        .collect();
    let stands = |bytes: &[u8]| {
        let holds = |text: &&Vec<u8>| text.windows(bytes.len()).any(|window| window == bytes);
        texts.iter().any(|text| holds(&text))
    };
    wanted
        .filter(|(_, bytes)| stands(bytes))
        .map(|(name, _)| name)
        .collect()
}

/// Rows are moved into the past here and not the clock forward; both make them as old.
#[tokio::test(flavor = "multi_thread")]
async fn visitors_of_the_day_before_yesterday_and_events_of_last_season_leave_the_disk() {
    let world = World::start(ROCKET).await;
    world.ready().await;
    let engine = Engine::of(&world);
    engine.uncompressed().await;
    engine.lines("SYSTEM STOP MERGES events").await;
    for (id, (days, package, visitor)) in [
        (1, "acme/rocket", 7),
        (3, "acme/rocket", VISITORS[0]),
        (91, FORGOTTEN, VISITORS[1]),
    ]
    .into_iter()
    .enumerate()
    {
        let row = format!(
            "INSERT INTO events (event_id, time, kind, package, status, visitor) VALUES ({id}, now() - INTERVAL {days} DAY, 'download', '{package}', 302, {visitor})"
        );
        let stored = engine.ask("ingest", &row).await;
        stored.expect("stored");
    }
    assert_eq!(
        on_disk(&world),
        ["package", "visitor e7c39db1", "visitor f2a8d5c9"]
    );

    // The waits of the product are an hour until the next look and minutes until a replaced part is removed.
    engine
        .lines(
            "ALTER TABLE events MODIFY SETTING merge_with_ttl_timeout = 0, old_parts_lifetime = 1",
        )
        .await;
    engine.lines("SYSTEM START MERGES events").await;
    let deadline = Instant::now() + 3 * PATIENCE;
    // The rollup keeps the package's name and the number of its downloads.
    while on_disk(&world)
        .iter()
        .any(|found| found.starts_with("visitor"))
    {
        assert!(Instant::now() < deadline, "{:?}", on_disk(&world));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let left = "SELECT package, visitor FROM events ORDER BY time FORMAT TSV";
    assert_eq!(
        engine.lines(left).await,
        ["acme/rocket\t0", "acme/rocket\t7"]
    );
}
