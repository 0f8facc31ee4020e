//! What the tables could hold at all, who may read what, and what the engine writes down by itself.

use crate::engine::Engine;
use crate::world::World;
use crate::world::load::ROCKET;

async fn engine() -> (World, Engine) {
    let world = World::start(ROCKET).await;
    world.ready().await;
    let engine = Engine::of(&world);
    // The last migration is the last line of the ledger.
    let last = weir_ingest::schema::MIGRATIONS.last().expect("some").number;
    let applied = format!("SELECT countIf(number = {last}) FROM schema_migrations");
    let deadline = std::time::Instant::now() + crate::world::PATIENCE;
    while engine.lines(&applied).await != ["1"] {
        assert!(
            std::time::Instant::now() < deadline,
            "{}",
            world.weir.said()
        );
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    (world, engine)
}

/// A column more is a question more: could it hold an address, and how long does it stay?
#[tokio::test(flavor = "multi_thread")]
async fn these_are_all_the_columns_there_are() {
    let (_world, engine) = engine().await;
    let columns = "SELECT format('{}: {}', table, arrayStringConcat(groupArray(name), ' ')) FROM
        (SELECT table, name FROM system.columns WHERE database = 'weir' ORDER BY table, position)
        GROUP BY table ORDER BY table FORMAT TSVRaw";
    insta::assert_snapshot!(engine.lines(columns).await.join("\n"), @"
    daily: package day kind version audience requests answered bytes visitors stored
    daily_from_events: package day kind version audience requests answered bytes visitors stored
    events: event_id batch_id time kind package ecosystem domain route version version_major channel artifact digest method status answer bytes client client_version runtime runtime_version os os_version arch libc ci ci_name audience audience_reasons country region asn net_type org_id org_name org_domain org_type org_confidence org_evidence visitor salt_epoch page referrer_host source campaign props
    hourly: package hour kind audience requests answered bytes
    hourly_from_events: package hour kind audience requests answered bytes
    imported_ids: day id
    imported_totals: source package version country day span downloads imported_at
    organisation_corrections: org_id asn action name domain type note at
    organisation_corrections_held: key hidden name domain type
    organisation_pages: package org_id asn page first_day last_day
    organisation_pages_from_events: package org_id asn page first_day last_day
    organisations: package org_id asn day kind audience version version_major org_name org_domain org_type org_confidence org_evidence requests answered
    organisations_from_events: package org_id asn day kind audience version version_major org_name org_domain org_type org_confidence org_evidence requests answered
    people: package day by kind version people
    releases: package version first_seen last_seen
    releases_from_events: package version first_seen last_seen
    schema_migrations: number name checksum applied_at
    splits: property package day value detail kind audience requests answered bytes
    splits_from_events: property package day value detail kind audience requests answered bytes
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_column_is_of_a_type_made_for_addresses() {
    let (_world, engine) = engine().await;
    let types = "SELECT count(), countIf(match(type, 'IPv[46]|FixedString\\\\((4|16)\\\\)')) FROM system.columns WHERE database = 'weir'";
    let counts = engine.lines(types).await.join("");
    let (all, made_for_them) = counts.split_once('\t').expect("two columns");
    assert!(all.parse::<u32>().expect("a count") > 50, "{all}");
    assert_eq!(made_for_them, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_and_events_end() {
    let (_world, engine) = engine().await;
    let limits = "SELECT format('{}: {}', name, arrayStringConcat(extractAll(create_table_query, 'TTL ([^,]*?toInterval[A-Z][a-z]+.[0-9]+.)'), ', '))
        FROM system.tables WHERE database = 'weir' AND create_table_query LIKE '% TTL %' ORDER BY name FORMAT TSVRaw";
    insta::assert_snapshot!(engine.lines(limits).await.join("\n"), @"
    daily: day + toIntervalMonth(25)
    events: time + toIntervalDay(2), time + toIntervalDay(90)
    hourly: hour + toIntervalMonth(25)
    organisation_pages: last_day + toIntervalMonth(25)
    organisations: day + toIntervalMonth(25)
    people: day + toIntervalMonth(25)
    splits: day + toIntervalMonth(25)
    ");
}

/// A log of queries would hold what was asked for, and with inserts what was stored, beyond every limit of ours.
#[tokio::test(flavor = "multi_thread")]
async fn the_engine_keeps_no_log_of_its_own() {
    let (_world, engine) = engine().await;
    let logs = "SELECT name FROM system.tables WHERE database = 'system' AND (name LIKE '%\\\\_log' OR name LIKE '%\\\\_log\\\\_%')";
    assert_eq!(engine.lines(logs).await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_user_may_do_its_work_and_nothing_else() {
    let (_world, engine) = engine().await;
    let mut table = Vec::new();
    for (what, sql) in [
        ("count events", "SELECT count() FROM events"),
        ("tell visitors apart", "SELECT visitor FROM events"),
        (
            "tell visitors apart later",
            "SELECT uniqCombined64Merge(visitors) FROM daily",
        ),
        ("read the passwords' hashes", "SELECT * FROM system.users"),
        (
            "read others' queries",
            "SELECT query FROM system.processes WHERE user != currentUser()",
        ),
        ("read the engine's log", "SELECT * FROM system.text_log"),
        (
            "read a file",
            "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        ),
        (
            "ask another server",
            "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        ),
        (
            "write an event",
            "INSERT INTO events (package) VALUES ('forged')",
        ),
        ("remove events", "ALTER TABLE events DELETE WHERE 1"),
        ("keep events longer", "ALTER TABLE events REMOVE TTL"),
        ("drop events", "DROP TABLE events"),
        ("make a user", "CREATE USER somebody"),
        ("stop the engine", "SYSTEM SHUTDOWN"),
    ] {
        let mut may = Vec::new();
        for user in ["dash", "export", "ingest", "sql"] {
            match engine.ask(user, sql).await {
                Ok(_) => may.push(user),
                Err(error) => assert!(
                    [
                        "ACCESS_DENIED",
                        "READONLY",
                        "UNKNOWN_TABLE",
                        "PATH_ACCESS_DENIED",
                        "DATABASE_ACCESS_DENIED"
                    ]
                    .iter()
                    .any(|code| error.contains(code)),
                    "{user}: {sql}: {error}"
                ),
            }
        }
        table.push(format!(
            "{what}: {}",
            if may.is_empty() {
                "nobody".to_owned()
            } else {
                may.join(", ")
            }
        ));
    }
    insta::assert_snapshot!(table.join("\n"), @"
    count events: dash, export, ingest, sql
    tell visitors apart: dash, export, ingest
    tell visitors apart later: dash, export, ingest
    read the passwords' hashes: nobody
    read others' queries: nobody
    read the engine's log: nobody
    read a file: nobody
    ask another server: nobody
    write an event: ingest
    remove events: nobody
    keep events longer: nobody
    drop events: nobody
    make a user: nobody
    stop the engine: nobody
    ");
}

/// What whoever may run statements can read of a visitor: nothing.
#[tokio::test(flavor = "multi_thread")]
async fn these_are_the_columns_that_statements_of_ones_own_may_read() {
    let (_world, engine) = engine().await;
    let columns = "SELECT format('{}: {}', table, arrayStringConcat(groupArray(name), ' ')) FROM
        (SELECT table, name FROM system.columns WHERE database = 'weir' ORDER BY table, position)
        GROUP BY table ORDER BY table FORMAT TSVRaw";
    let seen = engine.ask("sql", columns).await.expect("an answer");
    insta::assert_snapshot!(String::from_utf8(seen).expect("text"), @"
    daily: package day kind version audience requests answered bytes
    events: time kind package ecosystem domain route version version_major channel artifact digest method status answer bytes client client_version runtime runtime_version os os_version arch libc ci ci_name audience audience_reasons country region asn net_type org_id org_name org_domain org_type org_confidence org_evidence page referrer_host source campaign props
    hourly: package hour kind audience requests answered bytes
    imported_totals: source package version country day span downloads imported_at
    organisations: package org_id asn day kind audience version version_major org_name org_domain org_type org_confidence org_evidence requests answered
    people: package day by kind version people
    releases: package version first_seen last_seen
    splits: property package day value detail kind audience requests answered bytes
    ");
}
