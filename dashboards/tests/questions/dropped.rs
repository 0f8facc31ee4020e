//! Questions that nobody waits for any more, and what whoever reads may do at most.

use std::time::{Duration, Instant};

use serde_json::json;
use weir_ingest::engine::Role;

use crate::world::engine::Filled;
use crate::{about_rocket, filled};

/// Nobody but questions uses this account.
const RUNNING: &str = "SELECT count() FROM system.processes WHERE user = 'weir_dash'";

/// It has read everything and only joins, which reports no progress: ClickHouse does not look at its connection then.
const JOINING: &str =
    "SELECT count() FROM system.processes WHERE user = 'weir_dash' AND read_rows > 2000000";

/// As long as a statement may take: until then one that was asked may begin to join.
const LIMIT: Duration = Duration::from_secs(15);

/// Below what a statement may take, so that it did not end by itself. A statement ends between two blocks,
/// which takes a while on a busy machine.
const SOON: Duration = Duration::from_secs(10);

/// Puts something in place of the rollup that takes much longer to read than a statement may take.
async fn make_slow(engine: &Filled) {
    for statement in [
        "CREATE TABLE weir.many (n UInt64) ENGINE = MergeTree ORDER BY n",
        "INSERT INTO weir.many SELECT arrayJoin(range(1000000))",
        "RENAME TABLE weir.daily TO weir.daily_before",
        "CREATE VIEW weir.daily AS SELECT d.* FROM weir.daily_before AS d CROSS JOIN weir.many AS a CROSS JOIN weir.many AS b",
    ] {
        engine.ask(Role::Migrate, statement).await;
    }
}

async fn wait_for(engine: &Filled, statements: &str, count: &str, within: Duration) {
    let since = Instant::now();
    while engine.ask(Role::Migrate, statements).await.trim() != count {
        assert!(
            since.elapsed() < within,
            "not {count} statements after {within:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_that_nobody_waits_for_ends_in_clickhouse() {
    let (engine, _world, browser) = filled().await;
    make_slow(&engine).await;
    let question = about_rocket(&json!({}));
    let asked = tokio::spawn(async move { browser.begin("/api/v2/query", question).await });
    wait_for(&engine, JOINING, "1", LIMIT).await;
    asked.abort();
    wait_for(&engine, RUNNING, "0", SOON).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_reads_may_change_nothing_and_has_limits_that_stay() {
    let (engine, _world, _browser) = filled().await;
    make_slow(&engine).await;
    let refused = async |sql: &str| {
        let place = engine.connect()().expect("a place");
        let request = reqwest::Client::new().post(place.url).body(sql.to_owned());
        let request = request
            .header("x-clickhouse-user", place.user)
            .header("x-clickhouse-key", place.password);
        let answer = request.send().await.expect("an answer");
        let text = answer.text().await.expect("text");
        let code = text
            .split_once("Code: ")
            .and_then(|(_, rest)| rest.split('.').next());
        let code = code.unwrap_or("none").to_owned();
        format!("{code} {sql}")
    };
    let mut lines = Vec::new();
    for sql in [
        "SELECT count() FROM weir.events",
        "INSERT INTO weir.events (package) VALUES ('x')",
        "TRUNCATE TABLE weir.events",
        "CREATE TABLE weir.mine (n UInt8) ENGINE = Memory",
        "SELECT 1 SETTINGS readonly = 0",
        "SELECT 1 SETTINGS max_execution_time = 31",
        "SELECT 1 SETTINGS max_memory_usage = 100000000000",
        "SELECT toString(n) AS m FROM weir.many GROUP BY m",
        "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
    ] {
        lines.push(refused(sql).await);
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    none SELECT count() FROM weir.events
    497 INSERT INTO weir.events (package) VALUES ('x')
    497 TRUNCATE TABLE weir.events
    497 CREATE TABLE weir.mine (n UInt8) ENGINE = Memory
    164 SELECT 1 SETTINGS readonly = 0
    452 SELECT 1 SETTINGS max_execution_time = 31
    452 SELECT 1 SETTINGS max_memory_usage = 100000000000
    396 SELECT toString(n) AS m FROM weir.many GROUP BY m
    497 SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')
    ");
}
