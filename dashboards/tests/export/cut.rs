//! Exports whose reader or whose ClickHouse does not go on to the end.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use weir_event::Event;
use weir_ingest::engine::Role;

use crate::now;
use crate::world::engine::{Events, Filled};
use crate::world::{Browser, World, dashboard};

/// Enough that no buffer on the way holds it all: about 50 MB.
const EVENTS: usize = 25_000;
const ARTIFACT_BYTES: usize = 2000;

/// Most that this process, server and reader, may grow by while a reader stalls.
const MOST_HELD_KIB: u64 = 24 << 10;

const PATIENCE: Duration = Duration::from_mins(1);

/// Nobody but exports uses this account.
const RUNNING: &str = "SELECT count() FROM system.processes WHERE user = 'weir_export'";

fn wanted() -> Value {
    json!({"site_id": "*", "date_range": "24h", "format": "ndjson", "columns": ["event_id", "artifact"]})
}

/// Digits in which compression finds little.
fn noise(seed: usize) -> String {
    let mut state = seed as u64 + 1;
    let mut text = String::with_capacity(ARTIFACT_BYTES);
    while text.len() < ARTIFACT_BYTES {
        // Xorshift (Marsaglia 2003).
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let _ = write!(text, "{state:016x}");
    }
    text
}

async fn large() -> (Filled, World, Browser) {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let stored: Vec<Event<'_>> = (0..EVENTS)
        .map(|number| Event {
            artifact: Cow::Owned(noise(number)),
            ..events.download(now(), "1.2.3")
        })
        .collect();
    for part in stored.chunks(10_000) {
        engine.store(part).await;
    }
    drop(stored);
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let browser = world.owner().await;
    (engine, world, browser)
}

/// Begins the export, reads the first piece and no more.
async fn stalled(browser: &Browser) -> Response {
    let mut answer = browser.begin("/api/v2/export", wanted()).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let first = answer.chunk().await.expect("it flows").expect("a piece");
    assert!(first.starts_with(b"{"));
    answer
}

/// Reads on to the end: how many bytes came if it was one, or else none.
async fn rest(mut answer: Response) -> Option<usize> {
    let mut bytes = 0;
    while let Some(piece) = answer.chunk().await.ok()? {
        bytes += piece.len();
    }
    Some(bytes)
}

/// Waits until ClickHouse has this many exports under way.
async fn running(engine: &Filled, count: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let running = engine.ask(Role::Migrate, RUNNING).await;
        if running.trim() == count.to_string() {
            return;
        }
        assert!(Instant::now() < deadline, "{running} exports are running");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until this process has neither grown nor shrunk for a while; how large it is then, in KiB.
async fn settled() -> u64 {
    let deadline = Instant::now() + PATIENCE;
    let (mut last, mut same) = (resident(), 0);
    while same < 25 {
        assert!(Instant::now() < deadline, "memory does not come to rest");
        tokio::time::sleep(Duration::from_millis(20)).await;
        let now = resident();
        same = if now.abs_diff(last) < 64 { same + 1 } else { 0 };
        last = now;
    }
    last
}

/// This process's resident memory in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux has it");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    size.expect("a size")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stalls_holds_no_memory_and_one_that_leaves_ends_the_query() {
    let (engine, _world, browser) = large().await;
    let before = settled().await;
    let answer = stalled(&browser).await;
    let held = settled().await.saturating_sub(before);
    assert!(held < MOST_HELD_KIB, "{held} KiB are held for the reader");
    running(&engine, 1).await;
    drop(answer);
    running(&engine, 0).await;

    let whole = rest(browser.begin("/api/v2/export", wanted()).await).await;
    let least = EVENTS * ARTIFACT_BYTES;
    assert!(whole.is_some_and(|bytes| bytes > least), "{whole:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_cut_short_never_looks_whole() {
    let (engine, _world, mut browser) = large().await;
    // Somebody ends the query: what came before it is a part, and ClickHouse's words about it are no rows.
    let answer = stalled(&browser).await;
    running(&engine, 1).await;
    let kill = "KILL QUERY WHERE user = 'weir_export' ASYNC";
    engine.ask(Role::Migrate, kill).await;
    assert_eq!(rest(answer).await, None, "a killed query's rows");
    running(&engine, 0).await;

    let answer = stalled(&browser).await;
    engine.stop();
    assert_eq!(rest(answer).await, None, "rows of an engine that ended");
    let refused = browser.post("/api/v2/export", wanted()).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.header("retry-after"), "2");
}
