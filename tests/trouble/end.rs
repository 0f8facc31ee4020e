//! The program ends in order or at once; either way nothing answered is lost and no process stays.

use tokio::io::AsyncWriteExt as _;

use crate::in_front_of_a_slow_upstream;
use crate::world::load::{Load, ROCKET, Rate};
use crate::world::process::{engine_of, gone, signal};
use crate::world::{World, columns};

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_leaves_no_process_and_loses_nothing() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let engine = engine_of(world.weir.id()).await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    load.more(500).await;
    assert_eq!(world.weir.terminate(), Some(0));
    gone(engine).await;
    let outcome = load.stop().await;
    world.restart();
    outcome.assert_stored_once(&world.stored_ids().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_lets_an_answer_under_way_finish() {
    let (mut world, upstream) = in_front_of_a_slow_upstream().await;
    let request = world.request("GET", "get.test", "/slow/a.tar.gz");
    let client = tokio::spawn(async move { request.send().await.expect("an answer").text().await });
    let (mut socket, _) = upstream.accept().await.expect("the gateway asks");
    signal(world.weir.id(), "TERM");
    world.weir.wait_for_line("ending");
    socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
        .await
        .expect("sent");
    assert_eq!(
        client.await.expect("no panic").expect("a whole body"),
        "whole"
    );
    assert_eq!(world.weir.ended(), Some(0));
    world.restart();
    let downloads = world.downloads(1).await;
    insta::assert_snapshot!(columns(&downloads[0], &["artifact", "status", "answer"]), @"a.tar.gz | 200 | proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_goes_by_itself_when_the_program_is_killed() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let engine = engine_of(world.weir.id()).await;
    world.weir.kill();
    gone(engine).await;
}
