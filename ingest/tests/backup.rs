//! Saving and putting back goes on where it was cut short, and mixes nothing.

mod support;

use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

use support::{NOON, PATIENCE, client, error_code, number, started};
use weir_event::{Event, EventId, Kind};
use weir_ingest::backup::{BackupError, Saved, load, save};
use weir_ingest::engine::{Access, Engine, Role};
use weir_ingest::schema::{Cluster, Layout, Retention, migrate};
use weir_ingest::store::{Batch, Store};

const RETENTION: Retention = Retention {
    raw_days: 7_300,
    rollup_months: 240,
};

/// Of two months.
fn times() -> [u32; 2] {
    [*NOON, *NOON - 32 * 86_400]
}

/// Enough for several pieces of a file.
const ROWS: u32 = 30_000;

fn events(time: u32) -> Vec<Event<'static>> {
    let event = |n: u32| Event {
        package: "acme/rocket".into(),
        version: format!("1.{}", n % 1000).into(),
        digest: format!(
            "sha256:{:064x}",
            u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        )
        .into(),
        status: 302,
        ..Event::new(
            EventId {
                node: 1,
                boot: time,
                counter: u64::from(n),
            },
            Kind::Download,
            time,
        )
    };
    (0..ROWS).map(event).collect()
}

async fn with_tables(place: &Path) -> (Engine, Access) {
    let engine = started(place).await;
    let access = engine.access(Role::Migrate);
    migrate(&access).await.expect("migrated");
    (engine, access)
}

async fn fill(access: &Access) {
    let store = Store::connect(access);
    for time in times() {
        let events = events(time);
        let batch = Batch {
            id: u64::from(time),
            token: &format!("{time}"),
            events: &events,
        };
        store.insert(batch).await.expect("stored");
    }
}

/// Does `work` until it has said something for the `nth` time, and drops it there.
async fn cut_short<T>(nth: u32, work: impl AsyncFnOnce(&dyn Fn(&str)) -> T) {
    let said = Cell::new(0);
    let note = |_: &str| said.set(said.get() + 1);
    let mut work = Box::pin(work(&note));
    let cut = std::future::poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        if said.get() >= nth {
            return std::task::Poll::Ready(false);
        }
        polled.map(|_| true)
    });
    assert!(!cut.await, "it ended before it was cut short");
}

async fn saved_in(access: &Access, folder: &Path) -> Result<Saved, BackupError> {
    save(access, &Layout::Server, folder, |_| {}).await
}

async fn loaded_from(access: &Access, folder: &Path, saved: &Saved) -> Result<(), BackupError> {
    load(access, &Layout::Server, RETENTION, folder, saved, |_| {}).await
}

async fn counts(access: &Access) -> [u64; 3] {
    [
        number(access, "SELECT count() FROM events").await,
        number(access, "SELECT toUInt64(sum(requests)) FROM daily").await,
        number(access, "SELECT uniqExact(event_id, digest) FROM events").await,
    ]
}

#[tokio::test]
async fn a_backup_that_was_cut_short_goes_on_with_what_was_there_then() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (_engine, access) = with_tables(place.path()).await;
    fill(&access).await;
    cut_short(1, async |said| {
        save(&access, &Layout::Server, folder.path(), said).await
    })
    .await;
    let first: Vec<_> = folder.path().read_dir().expect("files").flatten().collect();
    assert_eq!(first.len(), 1);
    let written = first[0]
        .metadata()
        .expect("there")
        .modified()
        .expect("a time");
    // What comes later is not in it: the tables were copied when it began.
    let late = events(*NOON + 60);
    let batch = Batch {
        id: 9,
        token: "late",
        events: &late[..10],
    };
    Store::connect(&access).insert(batch).await.expect("stored");

    let saved = saved_in(&access, folder.path()).await.expect("saved");
    let events = saved.tables.iter().find(|table| table.name == "events");
    let rows: u64 = events
        .expect("saved")
        .files
        .iter()
        .map(|file| file.rows)
        .sum();
    assert_eq!(rows, u64::from(2 * ROWS));
    let kept = first[0]
        .path()
        .metadata()
        .expect("there")
        .modified()
        .expect("a time");
    assert_eq!(kept, written, "not written again");
    let left = "SELECT count() FROM system.tables WHERE database = 'weir' AND name LIKE 'backup%'";
    assert_eq!(number(&access, left).await, 0);
}

#[tokio::test]
async fn a_restore_that_was_cut_short_is_done_again_and_into_foreign_rows_never() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (engine, access) = with_tables(place.path()).await;
    fill(&access).await;
    let saved = saved_in(&access, folder.path()).await.expect("saved");
    let whole = counts(&access).await;
    let rows = u64::from(2 * ROWS);
    assert_eq!(whole, [rows, rows, rows]);
    let mixed = loaded_from(&access, folder.path(), &saved)
        .await
        .expect_err("there are rows");
    assert!(matches!(mixed, BackupError::NotEmpty(_)), "{mixed}");
    drop(engine);

    let place = tempfile::tempdir().expect("a folder");
    let (_engine, access) = with_tables(place.path()).await;
    for nth in 1..=3 {
        cut_short(nth, async |said| {
            load(
                &access,
                &Layout::Server,
                RETENTION,
                folder.path(),
                &saved,
                said,
            )
            .await
        })
        .await;
    }
    loaded_from(&access, folder.path(), &saved)
        .await
        .expect("restored");
    assert_eq!(counts(&access).await, whole);
    let left = "SELECT count() FROM system.tables WHERE database = 'weir' AND name LIKE 'restore%'";
    assert_eq!(number(&access, left).await, 0);
}

#[tokio::test]
async fn a_server_can_be_saved_before_it_is_migrated_and_comes_back_migrated() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (engine, access) = with_tables(place.path()).await;
    fill(&access).await;
    let newer = [
        "hourly",
        "splits",
        "releases",
        "people",
        "imported_ids",
        "imported_totals",
        "organisation_corrections",
        "organisations",
        "organisation_pages",
    ];
    for table in newer {
        for name in [format!("{table}_from_events"), table.to_owned()] {
            let sql = format!("DROP TABLE IF EXISTS {name} SYNC");
            assert_eq!(error_code(&access, &sql).await, 0);
        }
    }
    for sql in [
        "DROP TABLE daily_from_events SYNC",
        "ALTER TABLE daily MODIFY COLUMN visitors REMOVE TTL",
        "ALTER TABLE daily DROP COLUMN stored",
    ] {
        assert_eq!(error_code(&access, sql).await, 0, "{sql}");
    }
    let older = "ALTER TABLE schema_migrations DELETE WHERE number > 3 SETTINGS mutations_sync = 1";
    assert_eq!(error_code(&access, older).await, 0);
    let saved = saved_in(&access, folder.path()).await.expect("saved");
    assert_eq!(saved.migration, 3);
    let names: Vec<_> = saved.tables.iter().map(|table| &table.name[..]).collect();
    assert_eq!(names, ["daily", "events"]);
    drop(engine);

    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let access = engine.access(Role::Migrate);
    let restored = loaded_from(&access, folder.path(), &saved).await;
    restored.expect("restored");
    let rows = u64::from(2 * ROWS);
    assert_eq!(counts(&access).await, [rows, rows, rows]);
    let hours = "SELECT toUInt64(sum(requests)) FROM hourly";
    assert_eq!(
        number(&access, hours).await,
        rows,
        "counted from the events"
    );
}

#[tokio::test]
async fn a_cluster_and_a_newer_backup_are_refused() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (_engine, access) = with_tables(place.path()).await;
    let cluster = Layout::Cluster(Cluster {
        name: "main".into(),
        keeper: false,
    });
    let refused = save(&access, &cluster, folder.path(), |_| {}).await;
    assert!(matches!(refused, Err(BackupError::Cluster)));
    let saved = Saved {
        migration: 9_999,
        tables: Vec::new(),
    };
    let refused = loaded_from(&access, folder.path(), &saved).await;
    let error = refused.expect_err("newer").to_string();
    assert!(
        error.starts_with("the backup is of a newer build (migration 9999, this one knows "),
        "{error}"
    );
}

#[tokio::test]
async fn tables_that_are_not_made_or_half_made_are_not_saved() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let engine = started(place.path()).await;
    let access = engine.access(Role::Migrate);
    let refused = async || {
        let error = saved_in(&access, folder.path()).await;
        error.expect_err("refused").to_string()
    };
    insta::assert_snapshot!(refused().await, @"there are no tables in ClickHouse yet: save them once `weir serve` has made them, or `weir migrate` on a server of your own; --without-tables saves the rest");
    migrate(&access).await.expect("migrated");
    let cut_short = "DELETE FROM schema_migrations WHERE number >= 12";
    assert_eq!(error_code(&access, cut_short).await, 0);
    insta::assert_snapshot!(refused().await, @"the tables are those of no version: a migration was cut short after it made `organisations`; start `weir serve`, or run `weir migrate` on a server of your own, and save them again; --without-tables saves the rest");
    migrate(&access).await.expect("migrated");
    saved_in(&access, folder.path()).await.expect("saved");
}

/// The query that whoever migrates runs.
async fn keeps_others_out(access: &Access) -> clickhouse::query::BytesCursor {
    let since = Instant::now();
    loop {
        let query = client(access)
            .with_compression(clickhouse::Compression::None)
            .with_setting("query_id", format!("weir-migrate-{}", access.database))
            .with_setting("max_block_size", "1")
            .with_setting("buffer_size", "1")
            .query("SELECT sleepEachRow(0.1) FROM system.numbers")
            .fetch_bytes("RowBinary");
        let mut query = query.expect("a query");
        match query.next().await {
            Ok(begun) => {
                assert!(begun.is_some(), "it goes on");
                return query;
            }
            // The one of before has not ended yet.
            Err(error) => assert!(since.elapsed() < PATIENCE, "{error}"),
        }
    }
}

#[tokio::test]
async fn saving_waits_for_whoever_migrates() {
    let (place, folder) = (
        tempfile::tempdir().expect("a folder"),
        tempfile::tempdir().expect("a folder"),
    );
    let (_engine, access) = with_tables(place.path()).await;
    let migrating = keeps_others_out(&access).await;
    let refusals = "SELECT toUInt64(sum(value)) FROM system.errors WHERE code = 216";
    let before = number(&access, refusals).await;
    let saving = saved_in(&access, folder.path());
    let waits = tokio::time::timeout(PATIENCE, async {
        while number(&access, refusals).await < before + 2 {}
    });
    tokio::select! {
        biased;
        saved = saving => panic!("it did not wait: {saved:?}"),
        waited = waits => waited.expect("it asks for the lock again and again"),
    }
    drop(migrating);
    saved_in(&access, folder.path()).await.expect("saved");
}
