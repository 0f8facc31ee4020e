//! A batch is stored once, in the table and in the rollup, however often it is sent.

mod support;

use std::path::Path;

use support::{NOON, client, error_code, number, started};
use weir_event::{Audience, Event, EventId, Kind};
use weir_ingest::engine::{Access, Engine, Role};
use weir_ingest::schema::{Layout, MIGRATIONS, dry_run, migrate};
use weir_ingest::store::{Batch, InsertError, Settlement, Store};

/// `count` downloads from `time` on, one a minute, by as many people.
fn events(boot: u32, count: u32, time: u32) -> Vec<Event<'static>> {
    let event = |n: u32| Event {
        package: "acme/rocket".into(),
        version: "1.2.3".into(),
        status: 302,
        bytes: 10,
        audience: Audience::People,
        visitor: n + 1,
        props: vec![("via".into(), "script".into())],
        ..Event::new(
            EventId {
                node: 1,
                boot,
                counter: u64::from(n) + 1,
            },
            Kind::Download,
            time + 60 * n,
        )
    };
    (0..count).map(event).collect()
}

async fn prepared(place: &Path) -> (Engine, Access, Store) {
    let engine = started(place).await;
    let applied = migrate(&engine.access(Role::Migrate))
        .await
        .expect("migrated");
    assert_eq!(applied, MIGRATIONS);
    let access = engine.access(Role::Ingest);
    let store = Store::connect(&access);
    (engine, access, store)
}

async fn requests(access: &Access) -> u64 {
    number(access, "SELECT toUInt64(sum(requests)) FROM daily").await
}

#[tokio::test]
async fn migrations_apply_once_and_a_changed_one_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let access = engine.access(Role::Migrate);
    let sql = dry_run(&access, &Layout::Server).await.expect("readable");
    assert!(
        sql.starts_with("CREATE DATABASE IF NOT EXISTS `weir`;\n"),
        "{sql}"
    );
    assert!(
        MIGRATIONS
            .iter()
            .all(|migration| sql.contains(migration.sql))
    );

    assert_eq!(migrate(&access).await.expect("first"), MIGRATIONS);
    assert_eq!(migrate(&access).await.expect("second"), []);
    assert_eq!(
        dry_run(&access, &Layout::Server).await.expect("readable"),
        ""
    );

    let sql = "INSERT INTO schema_migrations (number, name, checksum) VALUES (1000, 'later', '')";
    assert_eq!(error_code(&access, sql).await, 0);
    let error = migrate(&access).await.expect_err("newer");
    insta::assert_snapshot!(error, @"the database has migration 1000, which this build does not know: run the newer build");

    for sql in [
        "TRUNCATE TABLE schema_migrations",
        "INSERT INTO schema_migrations (number, name, checksum) VALUES (1, 'events', 'other')",
    ] {
        assert_eq!(error_code(&access, sql).await, 0);
    }
    let error = migrate(&access).await.expect_err("changed");
    assert!(
        error
            .to_string()
            .starts_with("migration 1 (events) was applied with other contents"),
        "{error}"
    );
}

/// A database as the first `count` migrations left it.
async fn migrated_only(engine: &Engine, count: usize) {
    let owner = engine.access(Role::Migrate);
    let outside = client(&owner).with_database("system");
    let created = outside
        .query("CREATE DATABASE IF NOT EXISTS `weir`")
        .execute();
    created.await.expect("created");
    let statements = MIGRATIONS[..count]
        .iter()
        .flat_map(|migration| migration.sql.split(";\n"));
    for statement in statements.filter(|text| !text.trim().is_empty()) {
        assert_eq!(error_code(&owner, statement).await, 0, "{statement}");
    }
}

#[tokio::test]
async fn a_database_from_before_repeats_keeps_its_rows_and_takes_every_kind() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    migrated_only(&engine, 2).await;
    let access = engine.access(Role::Ingest);
    let running = Store::connect(&access);
    let (earlier, later) = (events(1, 10, *NOON), events(2, 10, *NOON));
    let batch = |id, token, events| Batch { id, token, events };
    let old = running.insert(batch(1, "1-1-old", &earlier)).await;
    old.expect("stored");

    let applied = migrate(&engine.access(Role::Migrate)).await;
    assert_eq!(applied.expect("migrated"), MIGRATIONS);
    let after = running.insert(batch(2, "1-2-running", &later)).await;
    after.expect("a gateway that runs meanwhile goes on");
    let every: Vec<_> = Kind::ALL
        .iter()
        .zip(events(3, 20, *NOON))
        .map(|(&kind, event)| Event { kind, ..event })
        .collect();
    let new = batch(3, "1-3-new", &every);
    running.insert(new).await.expect("stored");
    assert_eq!(
        running.settlement(new).await.expect("an answer"),
        Settlement::Whole
    );
    for (table, count) in [("events", "count()"), ("daily", "sum(requests)")] {
        let of_kind =
            |kind: &str| format!("SELECT toUInt64({count}) FROM {table} WHERE kind = '{kind}'");
        assert_eq!(number(&access, &of_kind("download")).await, 21, "{table}");
        for kind in &Kind::ALL[1..] {
            assert_eq!(number(&access, &of_kind(kind.as_str())).await, 1, "{table}");
        }
    }
}

#[tokio::test]
async fn the_same_batch_counts_once_however_often_it_is_sent() {
    let place = tempfile::tempdir().expect("a folder");
    let (_engine, access, store) = prepared(place.path()).await;
    let events = events(1, 100, *NOON);
    let batch = Batch {
        id: 7,
        token: "1-7-abc",
        events: &events,
    };

    assert_eq!(
        store.settlement(batch).await.expect("an answer"),
        Settlement::Absent
    );
    for _ in 0..3 {
        store.insert(batch).await.expect("stored");
    }
    assert_eq!(store.stored(7).await.expect("an answer"), 100);
    assert_eq!(requests(&access).await, 100);
    assert_eq!(
        number(&access, "SELECT uniqCombined64Merge(visitors) FROM daily").await,
        100
    );
    assert_eq!(number(&access, "SELECT sum(bytes) FROM daily").await, 1000);
    assert_eq!(
        store.settlement(batch).await.expect("an answer"),
        Settlement::Whole
    );
}

#[tokio::test]
async fn what_is_stored_is_what_was_sent() {
    let place = tempfile::tempdir().expect("a folder");
    let (_engine, access, store) = prepared(place.path()).await;
    let event = Event {
        country: "CH".into(),
        artifact: "größe \u{1f680} 'quoted'.tar.gz".into(),
        org_confidence: 100,
        bytes: u64::MAX,
        props: vec![("k".into(), "v".into()), ("".into(), "".into())],
        ..Event::new(
            EventId {
                node: u32::MAX,
                boot: 2,
                counter: u64::MAX,
            },
            Kind::BrokenLink,
            *NOON,
        )
    };
    store
        .insert(Batch {
            id: u64::MAX,
            token: "t",
            events: &[event],
        })
        .await
        .expect("stored");
    let row: String = client(&access)
        .query("SELECT concat(toString(event_id), ' ', toString(batch_id), ' ', formatDateTime(time, '%T'), ' ', toString(kind), ' ', artifact, ' ', country, ' ', toString(org_confidence), ' ', toString(bytes), ' ', toString(props), ' ', toString(ci)) FROM events")
        .fetch_one()
        .await
        .expect("a row");
    insta::assert_snapshot!(row, @"340282366841710301004450502059352915967 18446744073709551615 12:00:00 broken_link größe 🚀 'quoted'.tar.gz CH 100 18446744073709551615 {'k':'v','':''} unknown");
}

#[tokio::test]
async fn a_rollup_that_missed_a_batch_gets_it_when_the_batch_is_sent_again() {
    let place = tempfile::tempdir().expect("a folder");
    let (engine, access, store) = prepared(place.path()).await;
    let owner = engine.access(Role::Migrate);
    let events = events(1, 100, *NOON);
    let batch = Batch {
        id: 7,
        token: "1-7-abc",
        events: &events,
    };

    // The view fails after the table has the rows, as an engine killed in between leaves them.
    let blocked = "ALTER TABLE daily ADD CONSTRAINT blocked CHECK requests = 0";
    assert_eq!(error_code(&owner, blocked).await, 0);
    store.insert(batch).await.expect_err("the view fails");
    let unblocked = "ALTER TABLE daily DROP CONSTRAINT blocked";
    assert_eq!(error_code(&owner, unblocked).await, 0);
    let settlement = store.settlement(batch).await.expect("an answer");
    assert_eq!(settlement, Settlement::RollupBehind);
    assert_eq!(requests(&access).await, 0);

    store.insert(batch).await.expect("stored");
    assert_eq!(store.stored(7).await.expect("an answer"), 100);
    assert_eq!(requests(&access).await, 100);
    let settlement = store.settlement(batch).await.expect("an answer");
    assert_eq!(settlement, Settlement::Whole);
}

#[tokio::test]
async fn visitors_are_forgotten_after_two_days_and_rows_after_ninety() {
    let place = tempfile::tempdir().expect("a folder");
    let (engine, access, store) = prepared(place.path()).await;
    let now = number(&access, "SELECT toUInt64(toUnixTimestamp(now()))").await as u32;
    for (id, days) in [1, 3, 91].into_iter().enumerate() {
        let events = events(days, 10, now - days * 86_400 - 3600);
        let batch = Batch {
            id: id as u64,
            token: &format!("{days} days"),
            events: &events,
        };
        store.insert(batch).await.expect("stored");
    }
    for table in ["events", "daily"] {
        assert_eq!(
            error_code(
                &engine.access(Role::Migrate),
                &format!("OPTIMIZE TABLE {table} FINAL")
            )
            .await,
            0
        );
    }
    let of = async |id: u64, what: &str| {
        number(
            &access,
            &format!("SELECT {what} FROM events WHERE batch_id = {id}"),
        )
        .await
    };
    assert_eq!(of(0, "countIf(visitor != 0)").await, 10);
    assert_eq!(of(1, "countIf(visitor = 0)").await, 10);
    assert_eq!(of(2, "count()").await, 0);
    assert_eq!(requests(&access).await, 30);
}

#[tokio::test]
async fn failures_say_what_to_do_with_the_batch() {
    let place = tempfile::tempdir().expect("a folder");
    let (engine, access, store) = prepared(place.path()).await;
    let events = events(1, 10, *NOON);
    let batch = Batch {
        id: 7,
        token: "t",
        events: &events,
    };

    let stranger = Store::connect(&Access {
        password: "wrong".into(),
        ..access.clone()
    });
    let error = stranger.insert(batch).await.expect_err("wrong password");
    assert!(matches!(error, InsertError::Rejected { .. }), "{error}");

    let elsewhere = Store::connect(&Access {
        database: "nowhere".into(),
        ..access.clone()
    });
    let error = elsewhere.insert(batch).await.expect_err("no such database");
    assert!(matches!(error, InsertError::Rejected { .. }), "{error}");

    let sql = "ALTER TABLE events ADD CONSTRAINT small CHECK bytes < 5";
    assert_eq!(error_code(&engine.access(Role::Migrate), sql).await, 0);
    let error = store.insert(batch).await.expect_err("too many bytes");
    assert!(
        matches!(error, InsertError::Refused { code: 469, .. }),
        "{error}"
    );
    assert!(!error.to_string().contains("acme"), "{error}");
    assert_eq!(store.stored(7).await.expect("an answer"), 0);

    tokio::task::spawn_blocking(move || engine.stop())
        .await
        .expect("no panic");
    let error = store.insert(batch).await.expect_err("nobody there");
    assert!(matches!(error, InsertError::Unavailable(_)), "{error}");
}
