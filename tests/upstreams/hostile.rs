//! An upstream that means harm: answers that would be several, documents that would fill all memory, names that lead
//! elsewhere the second time, and what one host's answer could do to another's.

use std::io::Write as _;
use std::net::Ipv4Addr;
use std::time::Instant;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::names::NameServer;
use crate::upstream::{Answer, Upstream};
use crate::world::exchange::Connection;
use crate::world::process::memory_mib;
use crate::world::{PATIENCE, World};
use crate::{FILES, INDEX, JSON, PAGE, files, gateway, index, status};

const LOOPBACK: &str = "private_upstreams = [\"127.0.0.0/8\"]";

#[tokio::test]
async fn an_answer_that_could_be_read_as_two_reaches_nobody() {
    const CASES: [(&str, &str); 8] = [
        ("bare-return", "x-note: a\rset-cookie: evil=1\r\n"),
        ("bare-feed", "x-note: a\nset-cookie: evil=1\r\n"),
        ("folded", "x-note: a\r\n set-cookie: evil=1\r\n"),
        ("nul", "x-note: a\0b\r\n"),
        ("lengths", "content-length: 3\r\n"),
        ("coded", "transfer-encoding: chunked\r\n"),
        ("unknown", "transfer-encoding: xchunked\r\n"),
        ("upgrade", "connection: upgrade\r\nupgrade: websocket\r\n"),
    ];
    let upstream = Upstream::start("127.0.0.1", |asked| {
        let name = asked.path.trim_start_matches('/');
        let case = CASES.iter().find(|(case, _)| *case == name);
        let fields = case.map_or("", |(_, fields)| fields);
        Answer::new(200, "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil").with_raw(fields)
    })
    .await;
    let world = World::start(&(gateway(LOOPBACK) + &files(&upstream.address.to_string()))).await;
    let mut lines = Vec::new();
    for (name, _) in CASES {
        let mut connection = Connection::open(world.weir.gateway).await;
        let head = format!("GET /s/{name} HTTP/1.1\r\nHost: {FILES}\r\n\r\n");
        connection.send(head.as_bytes()).await;
        let answer = connection.answer().await.expect("an answer");
        assert_eq!(answer.header("set-cookie"), None, "{name}");
        assert_eq!(answer.header("upgrade"), None, "{name}");
        // Whatever comes next is the answer to what is asked next.
        connection
            .send(format!("GET /nothing HTTP/1.1\r\nHost: {FILES}\r\n\r\n").as_bytes())
            .await;
        let next = connection.answer().await.map(|next| next.status);
        lines.push(format!("{name}: {}, then {next:?}", answer.status));
    }
    insta::assert_snapshot!(lines.join("\n"), @"
    bare-return: 502, then None
    bare-feed: 200, then Some(404)
    folded: 200, then Some(404)
    nul: 502, then None
    lengths: 502, then None
    coded: 200, then None
    unknown: 502, then None
    upgrade: 200, then Some(404)
    ");
}

#[tokio::test]
async fn a_document_that_swells_is_given_up_in_little_memory() {
    // A megabyte of these is a gigabyte of nothing.
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..1024 {
        bomb.write_all(&zeros).expect("memory");
    }
    let bomb = bomb.finish().expect("memory");
    let upstream = Upstream::start("127.0.0.1", move |_| {
        Answer::new(200, bomb.clone())
            .with("content-type", JSON)
            .with("content-encoding", "gzip")
    })
    .await;
    let world = World::start(&(gateway(LOOPBACK) + &index(&upstream.address.to_string()))).await;
    let before = memory_mib(world.weir.id());
    for _ in 0..3 {
        assert_eq!(status(&world, INDEX, PAGE).await, 502);
    }
    let grown = memory_mib(world.weir.id()).saturating_sub(before);
    // The most that is read, and as much again while it grows.
    assert!(grown < 128, "{grown} MiB");
    world.weir.wait_for_line("upstream document is too large");
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_the_second_time_is_checked_again() {
    let upstream = Upstream::start("127.0.0.1", |_| Answer::new(200, "bytes")).await;
    let port = upstream.address.port();
    let beside = format!("127.0.0.3:{port}");
    let hidden = Upstream::listen(&beside, |_| Answer::new(200, "secret")).await;
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    let to = format!("rebinding.test:{port}");
    let world = World::start(&(dns.settings("\"127.0.0.1\"") + &files(&to))).await;
    assert_eq!(status(&world, FILES, "/s/a").await, 200);
    dns.answer(&[Ipv4Addr::new(127, 0, 0, 3)]);
    let deadline = Instant::now() + PATIENCE;
    // An answer of DNS is believed for some seconds.
    while status(&world, FILES, "/s/a").await == 200 {
        assert!(Instant::now() < deadline, "DNS is not asked again");
    }
    assert_eq!(status(&world, FILES, "/s/a").await, 502);
    assert_eq!(hidden.connections(), 0);
    world
        .weir
        .wait_for_line("127.0.0.3 is not on the public internet");
}

#[tokio::test]
async fn what_is_remembered_for_one_host_is_told_to_no_other() {
    const OTHER: &str = "other.test.localhost";
    let page = |version: &str| {
        let file = format!("rocket-{version}.tar.gz");
        let files = json!([{"filename": file, "url": format!("/{file}"), "hashes": {}}]);
        let page = json!({"meta": {"api-version": "1.0"}, "name": "rocket", "files": files});
        Answer::new(200, page.to_string()).with("content-type", JSON)
    };
    let first = Upstream::start("127.0.0.1", move |_| page("1.0")).await;
    let second = Upstream::start("127.0.0.2", move |_| page("2.0")).await;
    let config = gateway(LOOPBACK)
        + &index(&first.address.to_string())
        + &index(&second.address.to_string()).replace(INDEX, OTHER);
    let world = World::start(&config).await;
    for _ in 0..2 {
        for (host, own, others) in [(INDEX, "1.0", "2.0"), (OTHER, "2.0", "1.0")] {
            let mut request = world.request("GET", host, PAGE).header("accept", JSON);
            for name in [
                "x-forwarded-host",
                "x-host",
                "x-forwarded-proto",
                "x-original-url",
            ] {
                request = request.header(name, "evil");
            }
            let answer = request.send().await.expect("an answer");
            let text = answer.text().await.expect("text");
            assert!(text.contains(&format!("/rocket-{own}.tar.gz")), "{text}");
            assert!(
                !text.contains(&format!("rocket-{others}")) && !text.contains("evil"),
                "{text}"
            );
        }
    }
    assert_eq!((first.asked().len(), second.asked().len()), (1, 1));
}
