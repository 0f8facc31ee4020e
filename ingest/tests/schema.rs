//! The tables through their life: made by one process at a time, counted from events, kept for as
//! long as the settings say.

mod support;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use support::{client, error_code, number, started};
use weir_event::{Audience, Event, EventId, Kind};
use weir_ingest::engine::{Access, Engine, Role};
use weir_ingest::rollups::{ROLLUPS, Wrong, differences, note_people, rebuild};
use weir_ingest::schema::{Layout, MIGRATIONS, Retention, migrate, retain};
use weir_ingest::store::{Batch, Store};

const DAY: u32 = 86_400;

/// What migrations say.
const USUAL: Retention = Retention {
    raw_days: 90,
    rollup_months: 25,
};

/// An engine with tables, and the rights of those who write to them and who own them.
struct World {
    _engine: Engine,
    writer: Access,
    owner: Access,
    store: Store,
    now: u32,
    batches: u64,
}

impl World {
    async fn start(place: &Path) -> Self {
        let engine = started(place).await;
        let (writer, owner) = (engine.access(Role::Ingest), engine.access(Role::Migrate));
        migrate(&owner).await.expect("migrated");
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            _engine: engine,
            store: Store::connect(&writer),
            writer,
            owner,
            now: since.expect("a clock").as_secs() as u32,
            batches: 0,
        }
    }

    /// Noon of the UTC day `days` ago.
    fn noon(&self, days: u32) -> u32 {
        (self.now / DAY - days) * DAY + DAY / 2
    }

    async fn insert(&mut self, events: &[Event<'_>]) {
        self.batches += 1;
        let batch = Batch {
            id: self.batches,
            token: &format!("batch-{}", self.batches),
            events,
        };
        self.store.insert(batch).await.expect("stored");
    }

    async fn number(&self, sql: &str) -> u64 {
        number(&self.writer, sql).await
    }

    async fn change(&self, sql: &str) {
        assert_eq!(error_code(&self.owner, sql).await, 0, "{sql}");
    }

    async fn wrong_days(&self) -> usize {
        let first = USUAL.first_whole_day(self.now / DAY);
        let mut days = 0;
        for rollup in ROLLUPS {
            let found = differences(&self.writer, &Layout::Server, rollup, first).await;
            days += found.expect("compared").len();
        }
        days
    }
}

/// `count` downloads of one version at `time`, each by another person.
fn downloads(boot: u32, count: u32, time: u32) -> Vec<Event<'static>> {
    let event = |n: u32| Event {
        package: "acme/rocket".into(),
        version: "1.2.3".into(),
        version_major: "1".into(),
        country: if n.is_multiple_of(2) { "CH" } else { "DE" }.into(),
        client: "pip".into(),
        client_version: "25.3".into(),
        status: 302,
        bytes: 10,
        audience: Audience::People,
        visitor: n + 1,
        ..Event::new(
            EventId {
                node: 1,
                boot,
                counter: u64::from(n) + 1,
            },
            Kind::Download,
            time,
        )
    };
    (0..count).map(event).collect()
}

#[tokio::test]
async fn of_several_processes_that_migrate_at_once_one_does_and_the_others_wait_for_it() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    let (a, b, c) = tokio::join!(migrate(&owner), migrate(&owner), migrate(&owner));
    let mut applied: Vec<usize> = [a, b, c]
        .map(|outcome| outcome.expect("migrated").len())
        .to_vec();
    applied.sort_unstable();
    assert_eq!(applied, [0, 0, MIGRATIONS.len()]);
    let recorded = number(&owner, "SELECT count() FROM schema_migrations").await;
    assert_eq!(recorded, MIGRATIONS.len() as u64);
}

#[tokio::test]
async fn a_process_that_died_while_it_migrated_keeps_nobody_out() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    let mut first = Box::pin(migrate(&owner));
    let running = "SELECT count() FROM system.processes WHERE query_id = 'weir-migrate-weir'";
    let outside = Access {
        database: "system".into(),
        ..owner.clone()
    };
    // Dropped as soon as it holds the lock, like the sockets of a process that is killed.
    tokio::select! {
        biased;
        () = async { while number(&outside, running).await == 0 {} } => {}
        outcome = &mut first => panic!("too early: {outcome:?}"),
    }
    drop(first);
    let applied = migrate(&owner).await.expect("migrated");
    assert!(!applied.is_empty());
}

/// What was there before hours, splits, releases and people were counted.
const BEFORE: usize = 3;

#[tokio::test]
async fn a_database_from_before_rollups_and_plain_numbers_of_people_gets_both() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let owner = engine.access(Role::Migrate);
    let outside = Access {
        database: "system".into(),
        ..owner.clone()
    };
    let create = "CREATE DATABASE IF NOT EXISTS weir";
    assert_eq!(error_code(&outside, create).await, 0);
    let earlier = MIGRATIONS[..BEFORE]
        .iter()
        .flat_map(|it| it.sql.split(";\n"));
    for statement in earlier.filter(|text| !text.trim().is_empty()) {
        assert_eq!(error_code(&owner, statement).await, 0, "{statement}");
    }
    let running = Store::connect(&owner);
    let insert = async |id: u64, days: u32| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let day = now.expect("a clock").as_secs() as u32 / DAY - days;
        let mut events = downloads(id as u32, 10, day * DAY);
        events[0] = Event {
            kind: Kind::View,
            page: "/".into(),
            org_id: 7,
            ..events[0].clone()
        };
        let (token, events) = (format!("{id}"), &events[..]);
        let batch = Batch {
            id,
            token: &token,
            events,
        };
        running.insert(batch).await.expect("stored");
        day
    };
    let first = insert(1, 30).await;

    migrate(&owner).await.expect("migrated");
    let people = "SELECT max(people) FROM people WHERE by = 'nothing'";
    assert_eq!(number(&owner, people).await, 10);
    let seen = "SELECT toUInt64(toUInt16(toDate(min(first_seen), 'UTC'))) FROM releases";
    assert_eq!(number(&owner, seen).await, u64::from(first));
    // A gateway of the version before goes on, and is counted everywhere.
    insert(2, 1).await;
    for rollup in ROLLUPS {
        rebuild(&owner, &Layout::Server, rollup, first - 1, Wrong::Behind)
            .await
            .expect("rebuilt");
        let wrong = differences(&owner, &Layout::Server, rollup, first - 1).await;
        assert_eq!(wrong.expect("compared"), []);
    }
    let hours = "SELECT toUInt64(sum(requests)) FROM hourly";
    assert_eq!(number(&owner, hours).await, 20);
    let pages =
        "SELECT toUInt64(toUInt16(min(first_day))) FROM organisation_pages WHERE page = '/'";
    assert_eq!(number(&owner, pages).await, u64::from(first));
}

/// A copy is what `weir backup` and `weir rebuild` work on. Programs of before migration 13 make it without the setting
/// that tables with projections need.
#[tokio::test]
async fn a_program_that_knows_of_no_projections_can_copy_every_table() {
    let place = tempfile::tempdir().expect("a folder");
    let world = World::start(place.path()).await;
    for rollup in ROLLUPS {
        let table = rollup.table;
        let keys = "SELECT concat('PARTITION BY ', partition_key, ' ORDER BY (', sorting_key, ')') FROM system.tables WHERE database = 'weir' AND name = ?";
        let keys = client(&world.owner).query(keys).bind(table);
        let keys = keys.fetch_one::<String>().await.expect("a table");
        let copy =
            format!("CREATE TABLE copy_of_{table} AS {table} ENGINE = AggregatingMergeTree {keys}");
        assert_eq!(error_code(&world.owner, &copy).await, 0, "{table}");
    }
}

#[tokio::test]
async fn every_rollup_counts_each_event_once_also_when_it_comes_late() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    let today = downloads(1, 100, world.noon(0).min(world.now));
    world.insert(&today).await;
    let late = downloads(2, 50, world.noon(40));
    world.insert(&late).await;
    let failed: Vec<_> = downloads(3, 7, world.noon(40))
        .into_iter()
        .map(|event| Event {
            status: 502,
            ..event
        })
        .collect();
    world.insert(&failed).await;

    assert_eq!(world.wrong_days().await, 0);
    let of = |property: &str, value: &str| {
        format!(
            "SELECT toUInt64(sum(answered)) FROM splits WHERE property = '{property}' AND value = '{value}'"
        )
    };
    assert_eq!(world.number(&of("country", "CH")).await, 75);
    assert_eq!(world.number(&of("client", "pip")).await, 150);
    assert_eq!(world.number(&of("release", "1")).await, 150);
    assert_eq!(world.number(&of("page", "")).await, 150);
    let hour = "SELECT toUInt64(sum(requests)) FROM hourly WHERE toHour(hour) = 12 AND hour < now() - INTERVAL 1 DAY";
    assert_eq!(world.number(hour).await, 57);
    let seen = "SELECT toUInt64(min(first_seen)) FROM releases WHERE version = '1.2.3'";
    assert_eq!(world.number(seen).await, u64::from(world.noon(40)));
}

#[tokio::test]
async fn a_rollup_that_went_wrong_is_counted_again_and_what_only_it_knows_stays() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    // Older than events are kept: of that day there are only counts.
    for (boot, days) in [(1, 1), (2, 35), (3, 120), (4, 2)] {
        let events = downloads(boot, 20, world.noon(days));
        world.insert(&events).await;
    }
    world.change("OPTIMIZE TABLE events FINAL").await;
    let day = world.now / DAY;
    // One day lost, one doubled, one lost in another way.
    for sql in [
        format!(
            "ALTER TABLE daily DELETE WHERE day = toDate({}) SETTINGS mutations_sync = 1",
            day - 35
        ),
        format!(
            "INSERT INTO daily SELECT * FROM daily WHERE day = toDate({}) SETTINGS insert_deduplicate = 0",
            day - 1
        ),
        "TRUNCATE TABLE hourly".to_owned(),
    ] {
        world.change(&sql).await;
    }
    assert_eq!(world.wrong_days().await, 5);

    let first = USUAL.first_whole_day(day);
    let mut mended = Vec::new();
    for rollup in ROLLUPS {
        let found = rebuild(&world.owner, &Layout::Server, rollup, first, Wrong::Any).await;
        let found = found.expect("rebuilt");
        mended.extend(
            found
                .iter()
                .map(|wrong| (rollup.table, day - wrong.day, wrong.counted)),
        );
    }
    mended.sort_unstable();
    let expected = [
        ("daily", 1, 40),
        ("daily", 35, 0),
        ("hourly", 1, 0),
        ("hourly", 2, 0),
        ("hourly", 35, 0),
    ];
    assert_eq!(mended, expected);
    assert_eq!(world.wrong_days().await, 0);
    let kept = format!(
        "SELECT toUInt64(sum(requests)) FROM daily WHERE day = toDate({})",
        day - 120
    );
    assert_eq!(world.number(&kept).await, 20);
    assert_eq!(
        world
            .number("SELECT toUInt64(sum(requests)) FROM daily")
            .await,
        80
    );
    let left =
        "SELECT count() FROM system.tables WHERE database = 'weir' AND name LIKE '%rebuilt%'";
    assert_eq!(number(&world.owner, left).await, 0);
}

#[tokio::test]
async fn organisations_outlast_their_events_and_nobody_is_not_among_them() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    let of_acme = |event| Event {
        org_id: 7,
        asn: 64_500,
        org_name: "Acme".into(),
        org_domain: "acme.example".into(),
        org_type: "business".into(),
        org_confidence: 90,
        ..event
    };
    let read = |event| Event {
        kind: Kind::View,
        version: "".into(),
        page: "/install".into(),
        ..event
    };
    // Forty days ago they read, ten days ago they read again and download; with others between.
    for (boot, days, view) in [(1, 40, true), (2, 10, true), (3, 10, false), (4, 1, false)] {
        let mut events: Vec<_> = downloads(boot, 5, world.noon(days))
            .into_iter()
            .map(of_acme)
            .map(|event| if view { read(event) } else { event })
            .collect();
        events.extend(downloads(10 + boot, 20, world.noon(days)));
        world.insert(&events).await;
    }
    assert_eq!(world.wrong_days().await, 0);
    let pages = "SELECT toUInt64(max(last_day) - min(first_day)) FROM organisation_pages WHERE page = '/install'";
    assert_eq!(world.number(pages).await, 30);

    world.change("TRUNCATE TABLE organisations").await;
    assert_eq!(world.wrong_days().await, 3, "days with organisations");
    let first = USUAL.first_whole_day(world.now / DAY);
    for rollup in ROLLUPS {
        rebuild(&world.owner, &Layout::Server, rollup, first, Wrong::Behind)
            .await
            .expect("rebuilt");
    }
    let rows: Vec<String> = client(&world.writer)
        .query("SELECT format('{} {} {} {} {}', org_name, kind, version, version_major, toString(sum(answered))) FROM organisations GROUP BY org_name, kind, version, version_major ORDER BY kind")
        .fetch_all()
        .await
        .expect("rows");
    insta::assert_snapshot!(rows.join("\n"), @"
    Acme download 1.2.3 1 10
    Acme view  1 10
    ");
}

#[tokio::test]
async fn people_are_counted_before_their_visitors_are_forgotten() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    let day = world.noon(5);
    let mut events = downloads(1, 10, day);
    // The first three come back for another version, two of them look at a page as well.
    events.extend(downloads(2, 3, day).into_iter().map(|event| Event {
        version: "2.0.0".into(),
        ..event
    }));
    events.extend(downloads(3, 2, day).into_iter().map(|event| Event {
        version: "".into(),
        kind: Kind::View,
        ..event
    }));
    events.extend(downloads(4, 4, day).into_iter().map(|event| Event {
        audience: Audience::Ci,
        ..event
    }));
    world.insert(&events).await;
    for _ in 0..2 {
        note_people(&world.writer).await.expect("counted");
    }
    // As if it had been stored hours ago.
    world
        .change(
            "ALTER TABLE daily UPDATE stored = toDateTime(0) WHERE 1 SETTINGS mutations_sync = 1",
        )
        .await;
    world.change("OPTIMIZE TABLE daily FINAL").await;
    let known = "SELECT uniqCombined64Merge(visitors) FROM daily";
    assert_eq!(world.number(known).await, 0, "forgotten");
    note_people(&world.writer).await.expect("counted");

    let rows: Vec<String> = client(&world.writer)
        .query("SELECT concat(toString(by), ' ', kind, ' ', version, ' ', toString(max(people))) FROM people GROUP BY by, kind, version ORDER BY by, kind, version")
        .fetch_all()
        .await
        .expect("rows");
    insta::assert_snapshot!(rows.join("\n"), @"
    nothing   10
    version   2
    version  1.2.3 10
    version  2.0.0 3
    kind download  10
    kind view  2
    kind and version download 1.2.3 10
    kind and version download 2.0.0 3
    kind and version view  2
    ");
}

#[tokio::test]
async fn a_late_batch_brings_its_people_along() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    // Two batches of one day, both after visitors of that day are forgotten.
    let (some, more) = (
        downloads(1, 6, world.noon(4)),
        downloads(2, 10, world.noon(4)),
    );
    world.insert(&some).await;
    note_people(&world.writer).await.expect("counted");
    world.insert(&more).await;
    note_people(&world.writer).await.expect("counted");
    let people = "SELECT max(people) FROM people WHERE by = 'nothing'";
    assert_eq!(world.number(people).await, 10, "six of them are the same");
}

#[tokio::test]
async fn rows_are_kept_for_as_long_as_the_settings_say() {
    let place = tempfile::tempdir().expect("a folder");
    let mut world = World::start(place.path()).await;
    for (boot, days) in [(1, 1), (2, 20), (3, 70)] {
        let events = downloads(boot, 10, world.noon(days));
        world.insert(&events).await;
    }
    let short = Retention {
        raw_days: 10,
        rollup_months: 1,
    };
    let changed = async |retention| {
        let changed = retain(&world.owner, &Layout::Server, retention).await;
        changed.expect("changed")
    };
    assert_eq!(changed(USUAL).await, [""; 0], "what migrations say");
    let all = [
        "events",
        "daily",
        "hourly",
        "splits",
        "people",
        "organisations",
        "organisation_pages",
    ];
    assert_eq!(changed(short).await, all);
    assert_eq!(changed(short).await, [""; 0]);
    for table in all {
        world.change(&format!("OPTIMIZE TABLE {table} FINAL")).await;
    }
    assert_eq!(world.number("SELECT count() FROM events").await, 10);
    for rollup in ["daily", "hourly"] {
        let sum = format!("SELECT toUInt64(sum(requests)) FROM {rollup}");
        assert_eq!(world.number(&sum).await, 20, "{rollup}");
    }
}
