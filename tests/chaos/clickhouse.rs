//! ClickHouse itself is killed, hangs, forgets, refuses rows, or has no table.

use std::fs;
use std::time::Duration;

use serde_json::Value;

use crate::row::Row;
use crate::server::copy;
use crate::stage::{Stage, long_or};

#[tokio::test(flavor = "multi_thread")]
async fn it_is_killed_again_and_again_during_inserts() {
    let kills = long_or(10, 3);
    let mut stage = Stage::set().await;
    let load = stage.load();
    for _ in 0..kills {
        let inserts = stage.proxy.inserts();
        let pause = Duration::from_millis(stage.dice.below(1_500));
        stage.under_load(&load, pause).await;
        while stage.proxy.inserts() == inserts {
            load.more(5).await;
        }
        stage.server.kill().await;
    }
    let note = format!("{kills} kills");
    stage
        .unharmed("ClickHouse is killed during inserts", load, |_| {
            note.clone()
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_put_back_to_an_older_copy() {
    let mut stage = Stage::set().await;
    let (data, older) = (stage.server.data(), stage.world.folder.path().join("older"));
    let load = stage.load();
    load.more(300).await;
    stage.server.stop().await;
    copy(&data, &older);
    stage.server.begin().await;
    let time = long_or(Duration::from_mins(1), Duration::from_secs(5));
    stage.under_load(&load, time).await;
    stage.server.stop().await;
    load.more(300).await;
    fs::remove_dir_all(&data).expect("our own folder");
    copy(&older, &data);
    stage.server.begin().await;
    load.more(300).await;
    let note = format!("the copy was {} s old", time.as_secs());
    let fault = "ClickHouse is put back to an older copy";
    stage.unharmed(fault, load, |_| note.clone()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn its_table_is_missing_for_a_while() {
    let stage = Stage::set().await;
    let load = stage.load();
    load.more(300).await;
    stage.server.run("DETACH TABLE events").await;
    let time = long_or(Duration::from_mins(1), Duration::from_secs(3));
    stage.under_load(&load, time).await;
    stage.server.run("ATTACH TABLE events").await;
    let note = format!("for {} s", time.as_secs());
    stage
        .unharmed("the table is missing", load, |_| note.clone())
        .await;
}

/// Somebody altered the table: every insert is refused, and no row is to blame.
#[tokio::test(flavor = "multi_thread")]
async fn a_column_has_another_type_for_a_while() {
    let stage = Stage::set().await;
    // No row is there that could not be changed.
    empty(&stage).await;
    let load = stage.load();
    let change = "ALTER TABLE events MODIFY COLUMN digest UInt64";
    stage.server.run(change).await;
    let time = long_or(Duration::from_mins(1), Duration::from_secs(3));
    stage.under_load(&load, time).await;
    let back = "ALTER TABLE events MODIFY COLUMN digest String CODEC(ZSTD(3))";
    stage.server.run(back).await;
    let note = format!("for {} s", time.as_secs());
    stage
        .unharmed("a column has another type", load, |_| note.clone())
        .await;
    assert_eq!(reasons(&stage), [""; 0], "nothing was given up");
}

/// Rows vanish from a server that goes on running, which no restart betrays: the operator sends again
/// what the spool still keeps.
#[tokio::test(flavor = "multi_thread")]
async fn its_rows_vanish_and_are_sent_again() {
    let stage = Stage::set().await;
    let load = stage.load();
    load.more(long_or(20_000, 1_000)).await;
    empty(&stage).await;
    load.more(300).await;
    stage.weir(&["spool", "replay"]);
    let fault = "rows vanish while ClickHouse runs";
    stage
        .unharmed(fault, load, |_| "`weir spool replay` after it".to_owned())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_refuses_one_row_in_a_thousand() {
    let stage = Stage::set().await;
    let constraint = "ALTER TABLE events ADD CONSTRAINT poison CHECK NOT endsWith(version, '777')";
    stage.server.run(constraint).await;
    let is_refused = |id: u64| id % 1000 == 777;
    let load = stage.load();
    while load.answers() < long_or(50_000, 3_000) {
        load.more(500).await;
    }
    let fault = "one row in a thousand is refused";
    let (row, outcome, stored) = stage.verdict(fault, load, is_refused).await;
    let refused = outcome
        .answered
        .iter()
        .filter(|id| is_refused(**id))
        .count();
    let dead = reasons(&stage);
    let note = format!(
        "{} of {refused} refused rows in `dead/`, and back from there",
        dead.len()
    );
    Row {
        note,
        ..row.clone()
    }
    .write();
    outcome.assert_unharmed();
    assert_eq!((row.lost, row.doubled, row.invented), (0, 0, 0));
    assert!(stored.keys().all(|id| !is_refused(*id)), "they are refused");
    assert_eq!(dead.len(), refused);
    assert!(
        dead.iter().all(|reason| reason.contains("poison")),
        "{dead:?}"
    );
    // The cause is mended and the operator sends them again.
    let mended = "ALTER TABLE events DROP CONSTRAINT poison";
    stage.server.run(mended).await;
    stage.weir(&["spool", "retry", "--all-dead"]);
    let all = "SELECT uniqExact(version) AS ids FROM events WHERE version LIKE '1.0.%'";
    let all_there = |rows: &[Value]| rows[0]["ids"] == outcome.answered.len();
    stage.world.wait_for_rows(all, all_there).await;
    outcome.assert_stored_once(&stage.world.stored_ids().await);
    stage.world.rollups_agree().await;
}

/// Empties every table that events fill.
async fn empty(stage: &Stage) {
    for table in [
        "events",
        "daily",
        "hourly",
        "splits",
        "releases",
        "people",
        "organisations",
        "organisation_pages",
    ] {
        stage.server.run(&format!("TRUNCATE TABLE {table}")).await;
    }
}

/// Why each record in `dead/` is there.
fn reasons(stage: &Stage) -> Vec<String> {
    let dead = fs::read_dir(stage.world.data().join("spool/dead")).expect("it exists");
    let files = dead.flatten().map(|entry| entry.path());
    let reasons = files.filter(|path| path.extension().is_some_and(|kind| kind == "reason"));
    let texts = reasons.map(|path| fs::read_to_string(path).expect("text"));
    texts
        .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}
