//! Every event that the spool holds arrives once, whatever happens to the engine or to us.

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use support::{
    NOON, PATIENCE, client, engine_process, error_code, kill, number, options, reaches, started,
};
use weir_event::{Event, EventId, Kind};
use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState, Role};
use weir_ingest::schema::{Retention, migrate};
use weir_ingest::ship::{ShipState, Shipper};
use weir_ingest::store::partition;
use weir_spool::{Options, Spool};

const KEPT: Retention = Retention {
    raw_days: 90,
    rollup_months: 25,
};

fn spool(place: &Path) -> Arc<Spool> {
    let options = Options {
        seal_after: Duration::from_millis(50),
        ..Options::default()
    };
    Arc::new(Spool::open(place.join("spool"), options).expect("the folder is free"))
}

/// Appends downloads with the counters of `range`, `bytes` each.
fn append(spool: &Spool, range: std::ops::Range<u64>, bytes: u64) {
    let (node, boot) = spool.node();
    for counter in range {
        let event = Event {
            package: "acme/rocket".into(),
            version: "1.2.3".into(),
            bytes,
            ..Event::new(
                EventId {
                    node,
                    boot,
                    counter,
                },
                Kind::Download,
                *NOON,
            )
        };
        let mut record = Vec::new();
        event.encode(&mut record);
        // A busy disk may miss the 5 ms in which an append succeeds or drops its record.
        support::eventually("room", || spool.append(partition(*NOON), &record).ok());
    }
}

async fn ships(shipper: &Shipper, wanted: impl FnMut(&ShipState) -> bool) -> ShipState {
    let mut state = shipper.state();
    let Ok(seen) = tokio::time::timeout(PATIENCE, state.wait_for(wanted)).await else {
        panic!("still {:?}", *shipper.state().borrow());
    };
    seen.expect("shipping").clone()
}

/// Waits until nothing is left to ship.
async fn drained(spool: &Spool, shipper: &Shipper) {
    assert!(spool.seal(), "the disk is slow");
    let since = Instant::now();
    while spool.backlog().batches > 0 {
        assert!(
            since.elapsed() < PATIENCE,
            "still {:?}",
            *shipper.state().borrow()
        );
        tokio::time::sleep(Duration::from_millis(10)).await; // the pace of asking
    }
}

/// Rows, distinct events, and events in the rollup.
async fn counts(access: &Access) -> [u64; 3] {
    [
        number(access, "SELECT count() FROM events").await,
        number(access, "SELECT uniqExact(event_id) FROM events").await,
        number(access, "SELECT toUInt64(sum(requests)) FROM daily").await,
    ]
}

async fn stopped(engine: Engine, shipper: Shipper) {
    let stop = move || {
        shipper.stop();
        engine.stop();
    };
    tokio::task::spawn_blocking(stop).await.expect("no panic");
}

/// Puts every settled batch back, as if we had been killed before we settled it.
fn unsettle(place: &Path) -> usize {
    let acked = fs::read_dir(place.join("spool/acked"))
        .expect("it exists")
        .flatten();
    let move_back = |entry: fs::DirEntry| {
        fs::rename(entry.path(), place.join("spool").join(entry.file_name())).expect("moved");
    };
    acked.map(move_back).count()
}

/// All folders of the name `name` under `path`.
fn folders_named(name: &str, path: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let folders = folders.filter(|path| path.is_dir() && !path.is_symlink());
    folders
        .flat_map(|path| {
            if path.ends_with(name) {
                vec![path]
            } else {
                folders_named(name, &path)
            }
        })
        .collect()
}

#[tokio::test]
async fn events_wait_for_an_engine_that_is_down_and_arrive_once() {
    let place = tempfile::tempdir().expect("a folder");
    let library = place.path().join("libchdb.so");
    let spool = spool(place.path());
    let engine = Engine::start(EngineOptions {
        engine: Some(library.clone()),
        ..options(place.path())
    })
    .expect("nothing but the engine is missing");
    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    append(&spool, 1..501, 1);
    assert!(spool.seal());
    let state = ships(&shipper, |state| state.last_error.is_some()).await;
    assert!(
        state
            .last_error
            .expect("waited for it")
            .contains("run `make engine`")
    );
    assert_eq!(spool.backlog().batches, 1);

    std::os::unix::fs::symlink(support::engine_file(), library).expect("a link");
    append(&spool, 501..1001, 1);
    drained(&spool, &shipper).await;
    assert_eq!(counts(&engine.access(Role::Dash)).await, [1000, 1000, 1000]);
    let state = ships(&shipper, |state| state.pending_batches == 0).await;
    assert_eq!(
        (state.last_error, state.dead_rows, state.doubled_rows),
        (None, 0, 0)
    );
    stopped(engine, shipper).await;
}

#[tokio::test]
async fn a_batch_that_was_stored_but_not_settled_counts_once() {
    let place = tempfile::tempdir().expect("a folder");
    for forgets in [false, true] {
        let engine = started(place.path()).await;
        let access = engine.access(Role::Dash);
        {
            let spool = spool(place.path());
            let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
            append(&spool, 1..1001, 1);
            drained(&spool, &shipper).await;
            let shipping = tokio::task::spawn_blocking(|| shipper.stop());
            shipping.await.expect("no panic");
        }
        let before = counts(&access).await;
        kill(engine_process(place.path()).expect("it runs"));
        tokio::task::spawn_blocking(move || engine.stop())
            .await
            .expect("no panic");
        assert!(unsettle(place.path()) > 0);
        if forgets {
            // What a power cut may do to a file that is never synced.
            let logs = folders_named("deduplication_logs", &place.path().join("clickhouse/data"));
            assert!(!logs.is_empty());
            for log in logs {
                fs::remove_dir_all(log).expect("removed");
            }
        }

        let engine = started(place.path()).await;
        let spool = spool(place.path());
        let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
        drained(&spool, &shipper).await;
        assert_eq!(
            counts(&engine.access(Role::Dash)).await,
            before,
            "forgets: {forgets}"
        );
        stopped(engine, shipper).await;
    }
}

#[tokio::test]
async fn a_server_put_back_to_an_older_copy_gets_again_what_it_confirmed() {
    let place = tempfile::tempdir().expect("a folder");
    let data = place.path().join("clickhouse/data");
    let copy = place.path().join("copy");
    let server = started(place.path()).await;
    let owner = server.access(Role::Migrate);
    migrate(&owner).await.expect("migrated");
    let external = Engine::external(server.access(Role::Ingest));
    let spool = spool(place.path());
    let shipper = Shipper::start(Arc::clone(&spool), &external, KEPT).expect("a thread");
    append(&spool, 1..501, 1);
    drained(&spool, &shipper).await;

    end(server).await;
    copied(&data, &copy);
    let server = started(place.path()).await;
    append(&spool, 501..1001, 1);
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [1000, 1000, 1000]);

    end(server).await;
    fs::remove_dir_all(&data).expect("removed");
    copied(&copy, &data);
    let server = started(place.path()).await;
    append(&spool, 1001..1011, 1);
    let since = Instant::now();
    while counts(&owner).await != [1010, 1010, 1010] {
        let state = shipper.state().borrow().clone();
        assert!(since.elapsed() < PATIENCE, "still {state:?}");
        tokio::time::sleep(Duration::from_millis(50)).await; // the pace of asking
    }
    assert_eq!(shipper.state().borrow().doubled_rows, 0);
    stopped(server, shipper).await;
}

/// As a kill between the tables that one insert fills may leave them.
#[tokio::test]
async fn rollups_that_have_too_much_or_too_little_are_counted_again_after_a_restart() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    let spool = spool(place.path());
    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    append(&spool, 1..1001, 1);
    drained(&spool, &shipper).await;
    let stop = tokio::task::spawn_blocking(|| shipper.stop());
    stop.await.expect("no panic");
    for sql in [
        "INSERT INTO daily SELECT * FROM daily SETTINGS insert_deduplicate = 0",
        "TRUNCATE TABLE hourly",
    ] {
        assert_eq!(error_code(&owner, sql).await, 0, "{sql}");
    }
    let hours = "SELECT toUInt64(sum(requests)) FROM hourly";
    assert_eq!(counts(&owner).await, [1000, 1000, 2000]);
    assert_eq!(number(&owner, hours).await, 0);

    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    let since = Instant::now();
    while counts(&owner).await != [1000; 3] || number(&owner, hours).await != 1000 {
        assert!(since.elapsed() < PATIENCE, "{:?}", counts(&owner).await);
        tokio::time::sleep(Duration::from_millis(50)).await; // the pace of asking
    }
    // What comes then is counted as ever.
    append(&spool, 1001..1011, 1);
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [1010; 3]);
    assert_eq!(number(&owner, hours).await, 1010);
    stopped(engine, shipper).await;
}

async fn end(engine: Engine) {
    let end = tokio::task::spawn_blocking(move || engine.stop());
    end.await.expect("no panic");
}

fn copied(from: &Path, to: &Path) {
    let mut copy = std::process::Command::new("cp");
    let status = copy.arg("-a").args([from, to]).status();
    assert!(status.expect("a cp command").success());
}

#[tokio::test]
async fn an_engine_that_is_killed_again_and_again_loses_and_doubles_nothing() {
    const ROUNDS: u64 = 40;
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let spool = spool(place.path());
    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    for round in 0..ROUNDS {
        append(&spool, 1 + round * 500..1 + (round + 1) * 500, 1);
        assert!(spool.seal());
        if round % 10 == 5 {
            // Kills in the middle of whatever is in flight.
            ships(&shipper, |state| state.batches > 0).await;
            kill(engine_process(place.path()).expect("it runs"));
            reaches(&engine, |state| matches!(state, EngineState::Down { .. })).await;
            reaches(&engine, |state| *state == EngineState::Ready).await;
        }
    }
    drained(&spool, &shipper).await;
    let sent = ROUNDS * 500;
    assert_eq!(counts(&engine.access(Role::Dash)).await, [sent, sent, sent]);
    assert_eq!(engine.restarts(), 4);
    assert_eq!(shipper.state().borrow().doubled_rows, 0);
    stopped(engine, shipper).await;
}

#[tokio::test]
async fn a_row_that_is_refused_goes_to_the_dead_and_the_others_arrive() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    migrate(&owner).await.expect("migrated");
    let sql = "ALTER TABLE events ADD CONSTRAINT small CHECK bytes < 1000";
    assert_eq!(error_code(&owner, sql).await, 0);

    let spool = spool(place.path());
    append(&spool, 1..100, 1);
    append(&spool, 100..101, 5000);
    append(&spool, 101..300, 1);
    support::eventually("room", || spool.append(partition(*NOON), b"no event").ok());
    append(&spool, 300..1000, 1);
    append(&spool, 1000..1001, 5000);
    assert!(spool.seal());
    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [998, 998, 998]);
    let state = ships(&shipper, |state| state.dead_rows == 3).await;
    assert_eq!(state.last_error, None);
    assert_eq!(spool.counters().buried_records, 3);

    // The next batch is not held up, and repeating the first changes nothing.
    append(&spool, 1001..1011, 1);
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [1008, 1008, 1008]);
    tokio::task::spawn_blocking(|| shipper.stop())
        .await
        .expect("no panic");
    drop(spool);
    assert!(unsettle(place.path()) > 0);
    let spool = self::spool(place.path());
    let shipper = Shipper::start(Arc::clone(&spool), &engine, KEPT).expect("a thread");
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [1008, 1008, 1008]);
    stopped(engine, shipper).await;
}

#[tokio::test]
async fn tables_that_do_not_fit_hold_events_back_until_they_do() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    // Somebody else's server: nobody migrates it for us.
    let external = Engine::external(owner.clone());
    let spool = spool(place.path());
    append(&spool, 1..11, 1);
    assert!(spool.seal());
    let shipper = Shipper::start(Arc::clone(&spool), &external, KEPT).expect("a thread");
    let state = ships(&shipper, |state| state.last_error.is_some()).await;
    let error = state.last_error.expect("waited for it");
    assert!(
        error.ends_with("check the account and run `weir migrate`"),
        "{error}"
    );

    migrate(&owner).await.expect("migrated");
    drained(&spool, &shipper).await;
    assert_eq!(counts(&owner).await, [10, 10, 10]);
    let partitions = client(&owner)
        .query("SELECT DISTINCT toYYYYMM(time) FROM events")
        .fetch_all::<u32>()
        .await;
    assert_eq!(partitions.expect("an answer"), [partition(*NOON)]);
    stopped(engine, shipper).await;
}
