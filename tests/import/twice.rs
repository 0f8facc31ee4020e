//! Once, however often: repeated, grown, joined and killed imports.

use std::time::Instant;

use crate::files::{nginx_log, write, write_gzip};
use crate::world::{PATIENCE, World};
use crate::{CONFIG, command, counts, files, import, said};

const DOMAIN: [&str; 2] = ["--domain", "get.test"];

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_is_imported_again_grown_or_joined_counts_once() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    write(folder, "first.log", &nginx_log(0..500));
    write(folder, "grown.log", &nginx_log(0..700));
    write(
        folder,
        "joined.log",
        &(nginx_log(650..900) + &nginx_log(0..100)),
    );
    let mut reports = Vec::new();
    for file in ["first.log", "first.log", "grown.log", "joined.log"] {
        reports.push(said(&import(
            folder,
            "nginx",
            &[&DOMAIN[..], &[file]].concat(),
        )));
    }
    insta::assert_snapshot!(reports.concat(), @"
    exit 0
    first.log: imported 500 events of 500 lines
    exit 0
    first.log: imported 0 events, 500 were there before of 500 lines
    exit 0
    grown.log: imported 200 events, 500 were there before of 700 lines
    exit 0
    joined.log: imported 200 events, 150 were there before of 350 lines
    ");
    assert_eq!(counts(&world).await, [900; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_table_has_forgotten_is_not_counted_again() {
    let kept_long = format!("[retention]\nrollup_months = 240\n{CONFIG}");
    let world = World::start(&kept_long).await;
    world.ready().await;
    let folder = world.folder.path();
    // Far beyond the 90 days of a row, and in two months.
    let line = |time: &str, id: &str| {
        format!("{{\"time\":\"{time}\",\"id\":\"{id}\",\"package\":\"acme/rocket\"}}\n")
    };
    let march = line("2021-03-31T23:59:00Z", "a");
    let april = line("2021-04-01T00:00:00Z", "b");
    write(folder, "old.ndjson", &(march.clone() + &april));
    // In another batch than before, so that no token tells.
    let more = line("2021-03-31T23:58:00Z", "c");
    write(folder, "older.ndjson", &(more + &march + &april));
    for file in ["old.ndjson", "older.ndjson"] {
        let output = import(folder, "weir", &[file]);
        assert!(output.status.success(), "{}", said(&output));
        forget(&world).await;
    }
    let requests = crate::rows(&world, "SELECT toString(day) AS day, sum(requests) AS requests FROM daily GROUP BY day ORDER BY day").await;
    assert_eq!(requests, "2021-03-31 | 2\n2021-04-01 | 1");
}

/// Has the table drop the rows whose time is over, as it does by itself every hour or so.
async fn forget(world: &World) {
    migrate(world, "OPTIMIZE TABLE events FINAL").await;
    assert_eq!(
        crate::rows(world, "SELECT count() AS count FROM events").await,
        "0"
    );
}

/// Runs a statement as the account that may change tables.
async fn migrate(world: &World, sql: &'static str) {
    let access = std::fs::read(world.data().join("clickhouse/access.json")).expect("made");
    let access: serde_json::Value = serde_json::from_slice(&access).expect("JSON");
    let request = world
        .http
        .post(format!(
            "http://127.0.0.1:{}/?database=weir",
            access["port"]
        ))
        .header("x-clickhouse-user", "weir_migrate")
        .header(
            "x-clickhouse-key",
            access["migrate"].as_str().expect("text"),
        )
        .body(sql);
    let answer = request.send().await.expect("an answer");
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_clickhouse_refuses_are_named_and_the_rest_is_kept() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    let constraint = "ALTER TABLE events ADD CONSTRAINT short CHECK length(version) < 9";
    migrate(&world, constraint).await;
    // In two months, and so in two batches.
    let times = [files::at(0), files::at(-35 * 86_400)];
    let line = |number: usize| {
        let time = times[usize::from(number >= 300)];
        let version = match number {
            17 | 18 | 350 => "far.too.long",
            _ => "1.0",
        };
        format!(
            "{{\"time\":\"{time}\",\"id\":\"{number}\",\"package\":\"acme/rocket\",\"version\":\"{version}\"}}\n"
        )
    };
    let lines: String = (1..=400).map(line).collect();
    write(folder, "events.ndjson", &lines);
    let again = || said(&import(folder, "weir", &["events.ndjson"]));
    let mut reports = vec![again(), again()];
    // As if it had been killed before it noted what it had stored.
    migrate(&world, "TRUNCATE TABLE imported_ids").await;
    reports.push(again());
    migrate(&world, "ALTER TABLE events DROP CONSTRAINT short").await;
    reports.push(again());
    let reports = reports.concat();
    // The rest of ClickHouse's words differs from table to table.
    let brief = |line: &str| {
        line.split(" for table")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let brief: Vec<_> = reports.lines().map(brief).collect();
    insta::assert_snapshot!(brief.join("\n"), @"
    exit 1
    events.ndjson:17: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:18: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:350: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson: imported 397 events, 3 refused of 400 lines
    weir: 3 lines were refused
    exit 1
    events.ndjson:17: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:18: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:350: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson: imported 0 events, 397 were there before, 3 refused of 400 lines
    weir: 3 lines were refused
    exit 1
    events.ndjson:17: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:18: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson:350: not stored: bad response: Code: 469. DB::Exception: Constraint `short`
    events.ndjson: imported 397 events, 3 refused of 400 lines
    weir: 3 lines were refused
    exit 0
    events.ndjson: imported 3 events, 397 were there before of 400 lines
    ");
    assert_eq!(counts(&world).await, [400; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_killed_goes_on_where_it_was() {
    const LINES: u32 = 60_000;
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    write_gzip(folder, "access.log.gz", (0..LINES).map(files::nginx));
    let arguments = [&DOMAIN[..], &["access.log.gz"]].concat();
    let mut kills = 0;
    // Each time a little later, until it is through.
    for wanted in [1, 15_000, 35_000] {
        let mut child = command(folder, "nginx", &arguments)
            .spawn()
            .expect("it starts");
        let deadline = Instant::now() + PATIENCE;
        while counts(&world).await[0] < wanted && child.try_wait().expect("a child").is_none() {
            assert!(Instant::now() < deadline, "nothing comes in");
        }
        kills += u32::from(child.try_wait().expect("a child").is_none());
        let _ = child.kill();
        child.wait().expect("ended");
    }
    assert!(kills >= 2, "it was through before it was killed");
    let stored = counts(&world).await;
    assert!(
        stored[0] < u64::from(LINES),
        "nothing was left to do: {stored:?}"
    );
    let output = import(folder, "nginx", &arguments);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(counts(&world).await, [u64::from(LINES); 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_without_the_program_starts_the_engine_itself() {
    let mut world = World::start(CONFIG).await;
    world.ready().await;
    assert_eq!(world.weir.terminate(), Some(0));
    write(world.folder.path(), "access.log", &nginx_log(0..50));
    let arguments = [&DOMAIN[..], &["access.log"]].concat();
    let output = import(world.folder.path(), "nginx", &arguments);
    insta::assert_snapshot!(said(&output), @"
    exit 0
    access.log: imported 50 events of 50 lines
    ");
    world.restart();
    world.ready().await;
    assert_eq!(counts(&world).await, [50; 3]);
}
