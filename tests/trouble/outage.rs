//! ClickHouse is missing, killed or silent: events wait and arrive once.

use std::time::Instant;

use crate::UNDISTURBED;
use crate::world::load::{Load, ROCKET, Rate};
use crate::world::process::{engine_of, signal};
use crate::world::{PATIENCE, World};

#[tokio::test(flavor = "multi_thread")]
async fn without_an_engine_downloads_go_on_and_their_events_arrive_after_a_restart_with_one() {
    let missing = format!("[clickhouse]\nengine = \"/nowhere/libchdb.so\"\n{ROCKET}");
    let mut world = World::start(&missing).await;
    let owner = world.owner().await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    let status = world
        .wait_for_status(&owner, |status| status["engine"]["state"] == "down")
        .await;
    insta::assert_snapshot!(
        status["engine"]["message"].as_str().unwrap_or_default(),
        @"no file /nowhere/libchdb.so (`clickhouse.engine`): run `make engine`, mend the path, or set `clickhouse.url`"
    );
    load.more(500).await;
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    assert!(outcome.p99() < UNDISTURBED, "{:?}", outcome.p99());
    let status = world
        .wait_for_status(&owner, |status| {
            status["spool"]["pending_batches"].as_u64() > Some(0)
        })
        .await;
    assert_eq!(status["dropped"], serde_json::json!({}));

    assert_eq!(world.weir.terminate(), Some(0));
    world.configure(ROCKET);
    world.restart();
    outcome.assert_stored_once(&world.stored_ids().await);
    world
        .wait_for_status(&owner, |status| {
            status["engine"]["state"] == "ready" && status["spool"]["pending_batches"] == 0
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_killed_under_load_is_started_again_and_nothing_is_lost_or_doubled() {
    let world = World::start(ROCKET).await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    for _ in 0..2 {
        world.ready().await;
        let engine = engine_of(world.weir.id()).await;
        load.more(700).await;
        signal(engine, "KILL");
        world.weir.wait_for_line("the engine is down");
        load.more(100).await;
    }
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    assert!(outcome.p99() < UNDISTURBED, "{:?}", outcome.p99());
    outcome.assert_stored_once(&world.stored_ids().await);
    world.rollups_agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_accepts_and_never_answers_does_not_slow_downloads() {
    let hole = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = hole.local_addr().expect("an address");
    let mut held = tokio::spawn(async move {
        let (socket, _) = hole.accept().await.expect("a connection");
        (hole, socket)
    });
    let external = format!("[clickhouse]\nurl = \"http://{address}\"\n{ROCKET}");
    let mut world = World::start(&external).await;
    let owner = world.owner().await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    let _hole = (&mut held).await.expect("the shipper connects");
    load.more(2_000).await;
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    assert!(outcome.p99() < UNDISTURBED, "{:?}", outcome.p99());
    let status = world
        .wait_for_status(&owner, |status| {
            status["spool"]["pending_batches"].as_u64() > Some(0)
        })
        .await;
    assert_eq!(status["engine"]["state"], "external");
    assert_eq!(
        world.weir.terminate(),
        Some(0),
        "it does not wait for the server"
    );

    world.configure(ROCKET);
    world.restart();
    outcome.assert_stored_once(&world.stored_ids().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_asks_while_the_tables_are_made_is_told_to_wait() {
    let world = World::start(ROCKET).await;
    let owner = world.owner().await;
    let question = serde_json::json!({
        "site_id": "acme/rocket", "metrics": ["people"], "date_range": "28d",
        "dimensions": ["time:day"],
    });
    let deadline = Instant::now() + PATIENCE;
    let mut answered = Vec::new();
    while answered.last() != Some(&200) && Instant::now() < deadline {
        let status = world
            .put_question(&owner, &question)
            .await
            .status()
            .as_u16();
        answered.push(status);
    }
    answered.dedup();
    assert_eq!(answered, [503, 200]);
}
