//! Statements of people's own, on the real engine: what they answer, and everything that they may not.

mod world;

use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::StatusCode;
use serde_json::{Value, json};
use weir_dashboards::{Actor, NewToken, Packages, Role, Scope};
use weir_ingest::engine::Role as EngineRole;
use world::engine::{Events, Filled};
use world::{Answer, Browser, PASSWORD, World, dashboard_on_engine, without_engine};

const RUNNING: &str = "SELECT count() FROM system.processes WHERE user = 'weir_sql'";

/// Would count for hours.
const ENDLESS: &str = "WITH range(100000) AS many SELECT count() FROM \
    (SELECT arrayJoin(many) AS a FROM releases) AS x CROSS JOIN (SELECT arrayJoin(many) AS b FROM releases) AS y \
    CROSS JOIN (SELECT arrayJoin(many) AS c FROM releases) AS z WHERE sipHash64(a, b, c) = 1";

/// Three downloads in an engine, a dashboard on it, and its owner.
async fn filled() -> (Filled, World, Browser) {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let now = Timestamp::now();
    let stored = ["1.0.0", "1.0.0", "2.0.0"].map(|version| events.download(now, version));
    engine.store(&stored).await;
    let world = dashboard_on_engine(&engine).await;
    let browser = world.owner().await;
    (engine, world, browser)
}

async fn run(browser: &mut Browser, sql: &str) -> Answer {
    browser.post("/api/v2/sql", json!({"sql": sql})).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_statement_answers_with_columns_rows_and_cost_or_as_a_file() {
    let (_engine, _world, mut owner) = filled().await;
    let sql = "SELECT version, count() AS downloads FROM events GROUP BY version ORDER BY version";
    let mut answer = run(&mut owner, sql).await.json();
    assert!(answer["cost"]["elapsed_s"].take().is_f64());
    answer["cost"]["bytes_read"].take();
    insta::assert_snapshot!(answer, @r#"{"columns":[{"name":"version","type":"LowCardinality(String)"},{"name":"downloads","type":"UInt64"}],"rows":[["1.0.0",2],["2.0.0",1]],"truncated":false,"cost":{"rows_read":3,"bytes_read":null,"elapsed_s":null}}"#);

    let csv = owner
        .bytes("/api/v2/sql", json!({"sql": sql, "format": "csv"}))
        .await;
    assert_eq!(csv, b"version,downloads\r\n1.0.0,2\r\n2.0.0,1\r\n");
    let parquet = owner
        .bytes("/api/v2/sql", json!({"sql": sql, "format": "parquet"}))
        .await;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_read_is_listed_and_can_be_read() {
    let (_engine, _world, mut owner) = filled().await;
    let schema = owner.get("/api/v2/sql/schema").await.json();
    let mut names = Vec::new();
    for table in schema["tables"].as_array().expect("tables") {
        let name = table["name"].as_str().expect("a name");
        let columns = table["columns"].as_array().expect("columns").iter();
        let columns: Vec<_> = columns
            .map(|column| column["name"].as_str().expect("a name"))
            .collect();
        let read = run(
            &mut owner,
            &format!("SELECT {} FROM {name}", columns.join(", ")),
        )
        .await;
        assert_eq!(read.status, StatusCode::OK, "{name}: {}", read.body);
        assert!(
            !columns.contains(&"visitor") && !columns.contains(&"visitors"),
            "{name}"
        );
        names.push(name.to_owned());
    }
    insta::assert_snapshot!(names.join(" "), @"daily events hourly imported_totals organisations people releases splits");
}

/// Each is refused with 400 and ClickHouse's reason, and changes nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hostile_statement_is_refused_and_changes_nothing() {
    let (engine, _world, mut owner) = filled().await;
    let mut lines = Vec::new();
    for sql in [
        "INSERT INTO events (package) VALUES ('forged')",
        "DROP TABLE events",
        "TRUNCATE TABLE events",
        "ALTER TABLE events DELETE WHERE 1",
        "CREATE TABLE mine (n UInt8) ENGINE = Memory",
        "CREATE TEMPORARY TABLE mine (n UInt8)",
        "CREATE USER somebody",
        "GRANT ALL ON *.* TO weir_sql",
        "SET max_execution_time = 0",
        "SYSTEM SHUTDOWN",
        "KILL QUERY WHERE 1",
        "BACKUP TABLE events TO Disk('default', 'x')",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 SETTINGS max_execution_time = 0",
        "SELECT 1 SETTINGS max_result_rows = 0",
        "SELECT 1; DROP TABLE events",
        "SELECT * FROM events",
        "SELECT visitor FROM events",
        "SELECT count() FROM events WHERE visitor = 1",
        "SELECT count() FROM events PREWHERE visitor = 1",
        "SELECT COLUMNS('visitor') FROM events",
        "SELECT batch_id FROM events",
        "SELECT hex(visitors) FROM daily",
        "SELECT visitors FROM daily_from_events",
        "SELECT visitor FROM merge('weir', '^events$')",
        "SELECT visitor FROM loop(weir.events)",
        "SELECT visitor FROM view(SELECT visitor FROM events)",
        "SELECT * FROM mergeTreeIndex('weir', 'events', with_marks = true)",
        "SELECT visitor FROM cluster('default', weir.events)",
        "SELECT visitor FROM remote('127.0.0.1', weir.events)",
        "SELECT note FROM organisation_corrections",
        "SELECT * FROM imported_ids",
        "SELECT * FROM schema_migrations",
        "SELECT * FROM url('http://127.0.0.1:9/', 'CSV', 'a String')",
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "SELECT file('/etc/hostname')",
        "SELECT `file`('/etc/hostname')",
        "SELECT arrayMap(file, ['/etc/hostname'])",
        "WITH file AS f SELECT arrayMap(f, ['/etc/hostname'])",
        "SELECT * APPLY(file) FROM (SELECT '/etc/hostname' AS x)",
        "SELECT * APPLY(x -> file(x)) FROM (SELECT '/etc/hostname' AS x)",
        "SELECT count() FROM events WHERE page = (SELECT file('/etc/hostname'))",
        "SELECT 1 UNION ALL SELECT file('/etc/hostname')",
        "EXPLAIN SELECT file('/etc/hostname')",
        "SELECT hasColumnInTable('127.0.0.1:9', 'u', 'p', 'd', 't', 'c')",
        "SELECT dictGet('d', 'a', 1)",
        "SELECT getServerPort('http_port')",
        "SELECT sleep(3)",
        "SELECT * FROM s3('http://127.0.0.1:9/b/k', 'CSV', 'a String')",
        "SELECT * FROM executable('id', 'CSV', 'a String')",
        "SELECT * FROM dictionary('x')",
        "SELECT * FROM mysql('127.0.0.1:9', 'd', 't', 'u', 'p')",
        "SELECT * FROM sqlite('/etc/x.db', 't')",
        "SELECT 1 INTO OUTFILE '/tmp/weir-never'",
        "SELECT * FROM system.users",
        "SELECT * FROM system.processes",
        "SELECT * FROM system.query_log",
        "SELECT * FROM default.x",
        "SELECT {p:String}",
        "SELECT 1 FORMAT CSV",
        "SELECT",
        "<script>",
        " ",
    ] {
        let answer = run(&mut owner, sql).await;
        let said = match answer.status {
            StatusCode::BAD_REQUEST => answer.json()["error"].as_str().expect("words").to_owned(),
            status => format!("!!! {status} {}", answer.body),
        };
        let reason = said
            .rsplit_once('(')
            .filter(|(_, code)| code.ends_with(')'));
        let reason = reason.map_or(said.as_str(), |(_, code)| code.trim_end_matches(')'));
        let reason = reason.split("; ").next().unwrap_or_default();
        lines.push(format!("{}: {sql}", reason.trim_start_matches("#/sql: ")));
    }
    insta::assert_snapshot!(lines.join("\n"), @r#"
    write one SELECT: INSERT INTO events (package) VALUES ('forged')
    write one SELECT: DROP TABLE events
    write one SELECT: TRUNCATE TABLE events
    write one SELECT: ALTER TABLE events DELETE WHERE 1
    write one SELECT: CREATE TABLE mine (n UInt8) ENGINE = Memory
    write one SELECT: CREATE TEMPORARY TABLE mine (n UInt8)
    write one SELECT: CREATE USER somebody
    write one SELECT: GRANT ALL ON *.* TO weir_sql
    write one SELECT: SET max_execution_time = 0
    write one SELECT: SYSTEM SHUTDOWN
    write one SELECT: KILL QUERY WHERE 1
    write one SELECT: BACKUP TABLE events TO Disk('default', 'x')
    READONLY: SELECT 1 SETTINGS readonly = 0
    READONLY: SELECT 1 SETTINGS max_execution_time = 0
    READONLY: SELECT 1 SETTINGS max_result_rows = 0
    SYNTAX_ERROR: SELECT 1; DROP TABLE events
    ACCESS_DENIED: SELECT * FROM events
    ACCESS_DENIED: SELECT visitor FROM events
    ACCESS_DENIED: SELECT count() FROM events WHERE visitor = 1
    ACCESS_DENIED: SELECT count() FROM events PREWHERE visitor = 1
    ACCESS_DENIED: SELECT COLUMNS('visitor') FROM events
    ACCESS_DENIED: SELECT batch_id FROM events
    ACCESS_DENIED: SELECT hex(visitors) FROM daily
    ACCESS_DENIED: SELECT visitors FROM daily_from_events
    `merge` is not for statements: SELECT visitor FROM merge('weir', '^events$')
    `loop` is not for statements: SELECT visitor FROM loop(weir.events)
    `view` is not for statements: SELECT visitor FROM view(SELECT visitor FROM events)
    `mergeTreeIndex` is not for statements: SELECT * FROM mergeTreeIndex('weir', 'events', with_marks = true)
    `cluster` is not for statements: SELECT visitor FROM cluster('default', weir.events)
    `remote` is not for statements: SELECT visitor FROM remote('127.0.0.1', weir.events)
    ACCESS_DENIED: SELECT note FROM organisation_corrections
    ACCESS_DENIED: SELECT * FROM imported_ids
    ACCESS_DENIED: SELECT * FROM schema_migrations
    `url` is not for statements: SELECT * FROM url('http://127.0.0.1:9/', 'CSV', 'a String')
    `file` is not for statements: SELECT * FROM file('/etc/hostname', 'LineAsString')
    `file` is not for statements: SELECT file('/etc/hostname')
    `file` is not for statements: SELECT `file`('/etc/hostname')
    `file` is not for statements: SELECT arrayMap(file, ['/etc/hostname'])
    `file` is not for statements: WITH file AS f SELECT arrayMap(f, ['/etc/hostname'])
    `ColumnsApplyTransformer` is not for statements: SELECT * APPLY(file) FROM (SELECT '/etc/hostname' AS x)
    `ColumnsApplyTransformer` is not for statements: SELECT * APPLY(x -> file(x)) FROM (SELECT '/etc/hostname' AS x)
    `file` is not for statements: SELECT count() FROM events WHERE page = (SELECT file('/etc/hostname'))
    `file` is not for statements: SELECT 1 UNION ALL SELECT file('/etc/hostname')
    write one SELECT: EXPLAIN SELECT file('/etc/hostname')
    `hasColumnInTable` is not for statements: SELECT hasColumnInTable('127.0.0.1:9', 'u', 'p', 'd', 't', 'c')
    `dictGet` is not for statements: SELECT dictGet('d', 'a', 1)
    `getServerPort` is not for statements: SELECT getServerPort('http_port')
    `sleep` is not for statements: SELECT sleep(3)
    `s3` is not for statements: SELECT * FROM s3('http://127.0.0.1:9/b/k', 'CSV', 'a String')
    `executable` is not for statements: SELECT * FROM executable('id', 'CSV', 'a String')
    `dictionary` is not for statements: SELECT * FROM dictionary('x')
    `mysql` is not for statements: SELECT * FROM mysql('127.0.0.1:9', 'd', 't', 'u', 'p')
    `sqlite` is not for statements: SELECT * FROM sqlite('/etc/x.db', 't')
    INTO_OUTFILE_NOT_ALLOWED: SELECT 1 INTO OUTFILE '/tmp/weir-never'
    ACCESS_DENIED: SELECT * FROM system.users
    ACCESS_DENIED: SELECT * FROM system.processes
    UNKNOWN_TABLE: SELECT * FROM system.query_log
    UNKNOWN_TABLE: SELECT * FROM default.x
    UNKNOWN_QUERY_PARAMETER: SELECT {p:String}
    write no FORMAT: SELECT 1 FORMAT CSV
    SYNTAX_ERROR: SELECT
    SYNTAX_ERROR: <script>
    must have 1 to 32768 bytes:
    "#);
    let left = engine
        .ask(EngineRole::Migrate, "SELECT count() FROM weir.events")
        .await;
    assert_eq!(left.trim(), "3");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_statement_is_told_where() {
    let (_engine, _world, mut owner) = filled().await;
    let answer = run(&mut owner, "SELECT count()\nFORM events WHERE").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(answer.json()["error"].as_str().expect("words"), @"Syntax error: failed at position 21 (events) (line 2, col 6): events WHERE. Expected one of: token, Comma, FROM, PREWHERE, WHERE, GROUP BY, WITH, HAVING, WINDOW, QUALIFY, ORDER BY, LIMIT, OFFSET, FETCH, SETTINGS, UNION, EXCEPT, INTERSECT, INTO OUTFILE, FORMAT, ParallelWithClause, PARALLEL WITH, end of query. (SYNTAX_ERROR)");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_has_as_many_rows_as_it_may_and_a_file_all_or_none() {
    let (_engine, _world, mut owner) = filled().await;
    let sql = "SELECT arrayJoin(range(300000)) AS n FROM releases LIMIT 300000";
    let answer = run(&mut owner, sql).await.json();
    assert_eq!(answer["truncated"], true);
    assert_eq!(answer["rows"].as_array().map(Vec::len), Some(100_000));
    let file = owner
        .post("/api/v2/sql", json!({"sql": sql, "format": "csv"}))
        .await;
    assert_eq!(file.status, StatusCode::BAD_REQUEST, "{}", file.body);
    assert!(file.body.contains("TOO_MANY_ROWS"), "{}", file.body);
    let wide = "SELECT repeat('x', 1000000) AS x FROM (SELECT arrayJoin(range(30)) FROM releases)";
    let answer = run(&mut owner, wide).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    insta::assert_snapshot!(answer.body, @r#"{"error":"the answer has more than 16 MiB; choose fewer columns or rows","code":"answer_too_large"}"#);
}

async fn wait_for(engine: &Filled, running: &str, within: Duration) {
    let since = Instant::now();
    while engine.ask(EngineRole::Migrate, RUNNING).await.trim() != running {
        assert!(since.elapsed() < within, "not {running} statements");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_statement_stops_at_its_limit_and_when_nobody_waits() {
    const SOON: Duration = Duration::from_secs(9);
    let (engine, _world, mut owner) = filled().await;
    let since = Instant::now();
    let answer = run(&mut owner, ENDLESS).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.body);
    assert!(answer.body.contains("TIMEOUT_EXCEEDED"), "{}", answer.body);
    assert!(since.elapsed() > Duration::from_secs(9), "{}", answer.body);
    wait_for(&engine, "0", SOON).await;

    let asked =
        tokio::spawn(async move { owner.begin("/api/v2/sql", json!({"sql": ENDLESS})).await });
    wait_for(&engine, "1", SOON).await;
    asked.abort();
    wait_for(&engine, "0", SOON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_sees_some_packages_only_runs_nothing() {
    let (_engine, world, mut owner) = filled().await;
    let user = world.accounts.user_named("Ada").await.expect("the owner");
    let (console, mut status) = (Actor::console(), Vec::new());
    let some = || Packages::only(["acme/rocket".to_owned()]);
    for (scope, packages) in [
        (Scope::Sql, Packages::ALL),
        (Scope::Sql, some()),
        (Scope::Admin, Packages::ALL),
        (Scope::Read, Packages::ALL),
    ] {
        let new = NewToken {
            name: "t".to_owned(),
            scopes: vec![scope],
            packages,
            days: 1,
        };
        let token = world.accounts.create_token(&console, &user, &new).await;
        let mut program = world.browser();
        program.token = Some(token.expect("a token"));
        status.push(run(&mut program, "SELECT 1").await.status.as_u16());
    }
    for (role, packages) in [
        (Role::Editor, Packages::ALL),
        (Role::Viewer, Packages::ALL),
        (Role::Guest, some()),
    ] {
        let added = world
            .accounts
            .add_user(&console, role.as_str(), role, &packages, PASSWORD);
        added.await.expect("a user");
        let mut browser = world.browser();
        let credentials = json!({"name": role.as_str(), "password": PASSWORD});
        browser.post("/api/v2/session", credentials).await;
        status.push(run(&mut browser, "SELECT 1").await.status.as_u16());
    }
    assert_eq!(status, [200, 403, 403, 403, 200, 403, 403]);
    owner.origin = Some("https://evil.example".to_owned());
    assert_eq!(
        run(&mut owner, "SELECT 1").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn on_a_server_of_the_operators_own_there_is_no_sql() {
    let world = without_engine().await;
    let mut owner = world.owner().await;
    let answer = run(&mut owner, "SELECT 1").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let error: Value = answer.json();
    insta::assert_snapshot!(error["error"].as_str().expect("words"), @"no SQL here: ClickHouse is a server of your own, ask it with an account that it gave you");
}
