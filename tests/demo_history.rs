//! The made-up history in a real engine: ClickHouse accepts every row, and the rows look like a year.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use tempfile::TempDir;
use weir::demo::history::{self, DAYS, Ecosystem, ROUTE, Subject, adopters};
use weir_ingest::engine::{Engine, EngineOptions, EngineState, Role};
use weir_ingest::schema;

/// Longest that the engine may take to answer.
const PATIENCE: Duration = Duration::from_mins(1);
const EVENTS: u64 = 20_000;
const SUBJECTS: [Subject<'_>; 3] = [
    Subject {
        package: "acme/rocket",
        ecosystem: Ecosystem::File,
        domain: "get.acme.example",
        weight: 2,
    },
    Subject {
        package: "acme/server",
        ecosystem: Ecosystem::Oci,
        domain: "cr.acme.example",
        weight: 1,
    },
    Subject {
        package: "compass",
        ecosystem: Ecosystem::Pypi,
        domain: "pypi.acme.example",
        weight: 1,
    },
];

/// An engine with tables, and a year of history in them.
struct World {
    engine: Engine,
    today: u32,
    _folder: TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().expect("temporary folders can be made");
    let engine = started(folder.path()).await;
    let migrated = schema::migrate(&engine.access(Role::Migrate)).await;
    migrated.expect("the tables can be made");
    let days = Timestamp::now().as_second() / 86_400;
    let world = World {
        engine,
        today: u32::try_from(days).expect("the clock is right within a few million years"),
        _folder: folder,
    };
    for statement in history::statements(world.today, &SUBJECTS, EVENTS, "weir") {
        let written = world.client().query(&statement).execute().await;
        written.unwrap_or_else(|error| panic!("{error}\n{statement}"));
    }
    world
}

async fn started(data_dir: &Path) -> Engine {
    let program = Path::new(env!("CARGO_BIN_EXE_weir"));
    let library = program.with_file_name("libchdb.so");
    assert!(
        library.is_file(),
        "no ClickHouse engine at {}: run `make engine`",
        library.display()
    );
    let engine = Engine::start(EngineOptions {
        data_dir: data_dir.to_owned(),
        executable: program.to_owned(),
        arguments: vec!["engine".into()],
        engine: Some(library),
        database: "weir".to_owned(),
        memory_bytes: 2 << 30,
    });
    let engine = engine.expect("the folder can be used");
    let mut state = engine.state();
    let ready = tokio::time::timeout(
        PATIENCE,
        state.wait_for(|state| *state == EngineState::Ready),
    );
    let ready = ready.await.expect("the engine answers within a minute");
    ready.expect("the engine is supervised");
    engine
}

impl World {
    /// With the rights of those who write events: it takes no others.
    fn client(&self) -> clickhouse::Client {
        let access = self.engine.access(Role::Ingest);
        clickhouse::Client::default()
            .with_url(access.url)
            .with_user(access.user)
            .with_password(access.password)
            .with_database(access.database)
    }

    async fn number(&self, query: &str) -> u64 {
        let number = self.client().query(query).fetch_one::<u64>().await;
        number.unwrap_or_else(|error| panic!("{query}: {error}"))
    }
}

/// One engine for all of it: it takes longer to start than to ask.
#[tokio::test]
async fn a_year_of_history_is_stored_whole_and_says_that_it_was_made_up() {
    let world = world().await;
    let number = async |query: &str| world.number(query).await;

    // The rollup keeps what the events table lets go after 90 days.
    assert_eq!(number("SELECT sum(requests) FROM daily").await, EVENTS);
    let last = number("SELECT toUInt64(toUInt16(max(day))) FROM daily").await;
    assert_eq!(last, u64::from(world.today - 1));
    let first = number("SELECT toUInt64(toUInt16(min(day))) FROM daily").await;
    assert_eq!(first, u64::from(world.today - DAYS));

    let marked =
        format!("SELECT count() FROM events WHERE route = '{ROUTE}' AND props['made_up'] = 'true'");
    let stored = number("SELECT count() FROM events").await;
    assert_eq!(number(&marked).await, stored);
    assert_eq!(number(&history::count("weir")).await, stored);
    let ids = number("SELECT uniqExact(event_id) FROM events").await;
    assert_eq!(ids, stored);

    // Of a release that is 57 days old, most people have moved on from what was before it.
    let of_people = |version: &str, age: std::ops::Range<u32>| {
        format!(
            "SELECT sum(requests) FROM daily WHERE audience = 'people' AND kind = 'download' \
             AND version = '{version}' AND day BETWEEN toDate({}) AND toDate({})",
            world.today - age.end,
            world.today - age.start - 1,
        )
    };
    let old = number(&of_people("1.2.3", 24..40)).await;
    let new = number(&of_people("2.0.1", 24..40)).await;
    assert!(
        old > 0 && new > 5 * old,
        "{new} of 2.0.1 and {old} of 1.2.3"
    );

    // Every row names its artifact, client and, but for views, its version.
    let bare = "SELECT count() FROM events WHERE client = '' OR time > now() \
                OR (kind != 'view' AND (version = '' OR artifact = '')) OR (kind = 'view' AND page = '')";
    assert_eq!(number(bare).await, 0);

    // Organisations read, copy and download, by made-up names; a proxy of pictures reads for nobody.
    for statement in adopters::statements(world.today, &SUBJECTS, 200_000, "weir") {
        let written = world.client().query(&statement).execute().await;
        written.unwrap_or_else(|error| panic!("{error}\n{statement}"));
    }
    let stored = number("SELECT count() FROM events").await;
    assert_eq!(number(&marked).await, stored);
    let ids = number("SELECT uniqExact(event_id) FROM events").await;
    assert_eq!(ids, stored);
    let since = "SELECT count() FROM events WHERE package = 'acme/rocket' AND time < now() AND";
    for (act, at_least) in [
        ("kind = 'download' AND org_domain LIKE '%.example'", 300),
        (
            "kind = 'view' AND org_id != 0 AND page != '' AND source != ''",
            100,
        ),
        (
            "kind = 'custom' AND org_id != 0 AND props['event'] = 'copy'",
            20,
        ),
        ("kind = 'view' AND audience = 'proxy' AND org_id = 0", 500),
    ] {
        let found = number(&format!("{since} {act}")).await;
        assert!(found >= at_least, "{found} of {act}");
    }
    let kept = number("SELECT uniqExact(org_id) FROM organisations").await;
    assert!(kept > 150, "{kept} organisations");
    world.engine.stop();
}
