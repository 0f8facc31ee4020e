//! Another program takes the place of the running one, and no request notices.

use std::time::Instant;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::in_front_of_a_slow_upstream;
use crate::world::load::{Load, ROCKET, Rate, ask};
use crate::world::process::{children, engine_of, gone, signal};
use crate::world::{PATIENCE, World, columns};

const ROCKET_1: &str = "/rocket/1.0/linux-amd64.tar.gz";

#[tokio::test(flavor = "multi_thread")]
async fn five_upgrades_and_twenty_reloads_under_load_fail_no_request_and_every_download_is_stored_once()
 {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    let mut before = Vec::new();
    for number in 0..5 {
        before.push(world.weir.id());
        world.weir.upgrade();
        for part in 0..4 {
            world.configure(&if part == 3 {
                format!("{ROCKET}[[package]]\nname = \"acme/broken\"\n")
            } else {
                format!("{ROCKET}# {number}.{part}\n")
            });
            let outcome = ["loaded again", "not loaded again"][usize::from(part == 3)];
            world
                .weir
                .wait_for_line(&format!("configuration {outcome}"));
        }
        // What a successor reads is whole again.
        world.configure(&format!("{ROCKET}# {number}\n"));
        world.weir.wait_for_line("configuration loaded again");
        load.more(100).await;
    }
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    for process in before {
        gone(process).await;
    }
    // Each process has a spool of its own, and these are not stored in the order of the requests.
    let sql = "SELECT uniqExact(version) AS versions FROM events WHERE version LIKE '1.0.%'";
    world
        .wait_for_rows(sql, |rows| {
            rows[0]["versions"].as_u64() >= Some(outcome.answered.len() as u64)
        })
        .await;
    outcome.assert_stored_once(&world.stored_ids().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_the_same_visitor_after_an_upgrade() {
    let mut world = World::start(ROCKET).await;
    let ask = async |world: &World, version: &str| {
        let path = format!("/rocket/{version}/linux-amd64.tar.gz");
        let request = world.request("GET", "get.test", &path);
        let request = request
            .header("user-agent", "curl/8.0")
            .header("x-forwarded-for", "203.0.113.9");
        assert_eq!(request.send().await.expect("an answer").status(), 302);
    };
    ask(&world, "1.0").await;
    world.weir.upgrade();
    // Of the successor, whose connections are new.
    world.http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client");
    ask(&world, "1.1").await;
    let downloads = world.downloads(2).await;
    let who = |event: &_| columns(event, &["visitor", "salt_epoch"]);
    assert_eq!(who(&downloads[0]), who(&downloads[1]));
    assert_ne!(downloads[0]["salt_epoch"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_engine_and_what_was_not_stored_yet_are_the_successors() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let before = world.weir.id();
    let engine = engine_of(before).await;
    assert_eq!(world.get("get.test", ROCKET_1).await.status(), 302);
    let successor = world.weir.upgrade();
    gone(engine).await;
    world.http = reqwest::Client::new();
    gone(before).await;
    let deadline = Instant::now() + PATIENCE;
    while children(successor).is_empty() {
        assert!(Instant::now() < deadline, "no engine");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(world.downloads(1).await.len(), 1);
    let folder = world.data().join("spool");
    assert!(folder.join("2").is_dir(), "each process has its own");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_does_not_start_leaves_the_running_one_in_place() {
    let mut world = World::start(ROCKET).await;
    world.configure("[[package]]\nname = 1\n");
    world.weir.wait_for_line("configuration not loaded again");
    signal(world.weir.id(), "USR2");
    let line = world.weir.wait_for_line("no successor serves");
    assert!(line.contains("it ended before it served"), "{line}");
    assert_eq!(world.get("get.test", ROCKET_1).await.status(), 302);
    // And as often as one likes, until it is mended.
    world.configure(ROCKET);
    world.weir.wait_for_line("configuration loaded again");
    world.weir.upgrade();
    assert_eq!(world.get("get.test", ROCKET_1).await.status(), 302);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_under_way_is_finished_by_the_process_that_began_it() {
    let (mut world, upstream) = in_front_of_a_slow_upstream().await;
    let before = world.weir.id();
    let request = world.request("GET", "get.test", "/slow/a.tar.gz");
    let client = tokio::spawn(async move { request.send().await.expect("an answer").text().await });
    let (mut socket, _) = upstream.accept().await.expect("the gateway asks");
    world.weir.upgrade();
    socket
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")
        .await
        .expect("sent");
    assert_eq!(
        client.await.expect("no panic").expect("a whole body"),
        "whole"
    );
    world.http = reqwest::Client::new();
    gone(before).await;
    let downloads = world.downloads(1).await;
    insta::assert_snapshot!(columns(&downloads[0], &["artifact", "status", "answer"]), @"a.tar.gz | 200 | proxy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_connection_is_answered_once_more_and_told_to_close() {
    let mut world = World::start(ROCKET).await;
    let engine = engine_of(world.weir.id()).await;
    let mut socket = tokio::net::TcpStream::connect(world.weir.gateway)
        .await
        .expect("a connection");
    ask(&mut socket, ROCKET_1).await.expect("a kept connection");
    world.weir.upgrade();
    // The process of the connection has ended everything else by then.
    gone(engine).await;
    let request = format!("GET {ROCKET_1} HTTP/1.1\r\nHost: get.test\r\n\r\n");
    socket.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    socket
        .read_to_string(&mut answer)
        .await
        .expect("an answer and the end");
    assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
    assert!(
        answer.to_ascii_lowercase().contains("connection: close"),
        "{answer}"
    );
}
