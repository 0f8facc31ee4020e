//! The way to ClickHouse is cut, slow, a hole, or brings things twice.

use std::time::Duration;

use crate::proxy::Weather;
use crate::stage::{Stage, long_or};

/// Plays one weather for a time, with clear sky before it.
async fn plays(fault: &str, weather: Weather, time: Duration) {
    let stage = Stage::set().await;
    let load = stage.load();
    load.more(200).await;
    stage.proxy.set(weather);
    stage.under_load(&load, time).await;
    stage
        .unharmed(fault, load, |stage| {
            format!("for {} s; {}", time.as_secs(), spoilt(stage))
        })
        .await;
    let proxy = &stage.proxy;
    assert!(proxy.spoilt() + proxy.refused() > 0, "nothing happened");
}

fn spoilt(stage: &Stage) -> String {
    let Stage { proxy, .. } = stage;
    let (spoilt, refused) = (proxy.spoilt(), proxy.refused());
    format!(
        "{} inserts, {spoilt} spoilt; {refused} connections refused",
        proxy.inserts()
    )
}

fn minutes(long: u64) -> Duration {
    long_or(Duration::from_mins(long), Duration::from_secs(5))
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_refused() {
    plays("ClickHouse is down", Weather::Refuse, minutes(60)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_comes_back() {
    plays("ClickHouse is a black hole", Weather::BlackHole, minutes(5)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_cut_off_after_the_insert_was_taken() {
    let fault = "half of the answers to inserts are cut off";
    plays(fault, Weather::CutAnswers(50), minutes(10)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inserts_break_off_in_the_middle() {
    let fault = "half of the inserts break off";
    plays(fault, Weather::CutInserts(50), minutes(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inserts_arrive_twice() {
    let fault = "half of the inserts arrive twice";
    plays(fault, Weather::Duplicate(50), minutes(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_answers_that_it_is_busy() {
    let fault = "a balancer answers 503";
    plays(fault, Weather::Unavailable, minutes(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_wrong_in_turn() {
    let mut stage = Stage::set().await;
    let rounds = long_or(60, 5);
    let load = stage.load();
    for _ in 0..rounds {
        let weather = stage.dice.one_of(&[
            Weather::Clear,
            Weather::Refuse,
            Weather::BlackHole,
            Weather::CutAnswers(50),
            Weather::CutInserts(50),
            Weather::Delay(Duration::from_millis(300)),
            Weather::Duplicate(50),
            Weather::Unavailable,
        ]);
        stage.proxy.set(weather);
        let time = Duration::from_millis(500 + stage.dice.below(2_500));
        stage.under_load(&load, time).await;
        match stage.dice.below(4) {
            0 => stage.server.kill().await,
            1 => {
                stage.world.weir.kill();
                stage.world.restart();
            }
            _ => {}
        }
    }
    let fault = "network, server and gateway at random";
    let (row, outcome, stored) = stage.verdict(fault, load, |_| false).await;
    let note = format!("{rounds} rounds; {}", spoilt(&stage));
    crate::row::Row { note, ..row }.write();
    outcome.assert_stored_once(&stored);
}
