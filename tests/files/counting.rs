//! What counts as a download: the file from its first byte, answered.

use std::time::Instant;

use crate::world::{World, of_kind};
use crate::{CONFIG, FILE, HOST, lines};

#[tokio::test]
async fn looking_at_a_file_is_no_download_and_tells_its_length() {
    let world = World::start(CONFIG).await;
    let path = format!("/acme/rocket/releases/download/v1.2.3/{FILE}");
    let file = world
        .http
        .get(format!("{}{path}", world.registry.addresses().registry))
        .send()
        .await
        .expect("the file");
    let length = file.bytes().await.expect("its bytes").len().to_string();
    for route in ["rocket", "stream"] {
        let head = world
            .request("HEAD", HOST, &format!("/{route}/1.2.3/{FILE}"))
            .send()
            .await
            .expect("an answer");
        assert_eq!(head.status(), 200, "{route}");
        assert_eq!(head.headers()["content-length"], *length, "{route}");
        assert_eq!(head.headers()["accept-ranges"], "bytes", "{route}");
    }
    let missing = world
        .request("HEAD", HOST, "/rocket/9.9.9/none.tar.gz")
        .send()
        .await
        .expect("an answer");
    assert_eq!(missing.status(), 404);
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    check | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | HEAD | 200 | proxy | 0
    check | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | HEAD | 200 | proxy | 0
    broken_link | acme/rocket | 9.9.9 | none.tar.gz | HEAD | 404 | none | 0
    ");
}

#[tokio::test]
async fn a_download_is_asked_for_from_its_first_byte_and_checksums_are_none() {
    let world = World::start(CONFIG).await;
    for range in ["bytes=0-", "bytes=0-99", "bytes=100-199", "bytes=-10"] {
        for route in ["rocket", "stream"] {
            let answer = world
                .request("GET", HOST, &format!("/{route}/1.2.3/{FILE}"))
                .header("range", range)
                .send()
                .await
                .expect("an answer");
            assert_eq!(
                answer.status(),
                if route == "rocket" { 302 } else { 206 },
                "{route} {range}"
            );
        }
    }
    for beside in ["rocket.tar.gz.sha256", "rocket.tar.gz.asc", "SHA256SUMS"] {
        assert_eq!(
            world
                .get(HOST, &format!("/rocket/1.2.3/{beside}"))
                .await
                .status(),
            302
        );
    }
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&events), @r"
    download | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    download | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 206 | proxy | 137
    repeat | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    repeat | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 206 | proxy | 100
    inspect | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    inspect | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 206 | proxy | 37
    inspect | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 302 | redirect | 0
    inspect | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 206 | proxy | 10
    metadata | acme/rocket | 1.2.3 | rocket.tar.gz.sha256 | GET | 302 | redirect | 0
    metadata | acme/rocket | 1.2.3 | rocket.tar.gz.asc | GET | 302 | redirect | 0
    metadata | acme/rocket | 1.2.3 | SHA256SUMS | GET | 302 | redirect | 0
    ");
}

#[tokio::test]
async fn a_streamed_file_comes_through_whole_and_counts_with_its_own_status() {
    let world = World::start(CONFIG).await;
    let path = format!("/acme/rocket/releases/download/v1.2.3/{FILE}");
    let original = world
        .http
        .get(format!("{}{path}", world.registry.addresses().registry))
        .send()
        .await
        .expect("the file");
    let original = original.bytes().await.expect("its bytes");
    let streamed = world.get(HOST, &format!("/stream/1.2.3/{FILE}")).await;
    let etag = streamed.headers().get("etag").cloned();
    assert_eq!(streamed.bytes().await.expect("the bytes"), original);
    assert_eq!(
        world.get(HOST, "/stream/1.2.3/none.tar.gz").await.status(),
        404
    );
    if let Some(etag) = etag {
        let unchanged = world
            .request("GET", HOST, &format!("/stream/1.2.3/{FILE}"))
            .header("if-none-match", etag)
            .send()
            .await;
        assert_eq!(unchanged.expect("an answer").status(), 304);
    }
    let events = world.recorded().await;
    let downloads = of_kind(&events, "download");
    assert_eq!(downloads.len(), 1);
    assert_eq!(downloads[0]["bytes"], original.len());
    insta::assert_snapshot!(lines(&events), @r"
    download | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 200 | proxy | 137
    broken_link | acme/rocket | 1.2.3 | none.tar.gz | GET | 404 | proxy | 10
    check | acme/rocket | 1.2.3 | rocket-linux-amd64.tar.gz | GET | 304 | proxy | 0
    ");
}

#[tokio::test]
async fn a_dead_upstream_is_a_502_within_its_deadline_and_no_download() {
    // One port where nobody listens, one where nobody answers.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let silent = (silent.local_addr().expect("an address"), silent);
    let dead = std::net::TcpListener::bind("127.0.0.1:0")
        .expect("a port")
        .local_addr()
        .expect("an address");
    let route = |name: &str, address| {
        format!(
            "[[package.route]]\npath = \"/{name}/{{version}}\"\nto = \"http://{address}/{{version}}\"\nproxy = true\n"
        )
    };
    let config = format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"{HOST}\"]\n{}{}",
        route("dead", dead),
        route("silent", silent.0)
    );
    let world = World::start(&config).await;
    for name in ["dead", "silent"] {
        for method in ["GET", "HEAD"] {
            let begun = Instant::now();
            let answer = world
                .request(method, HOST, &format!("/{name}/1.0"))
                .send()
                .await
                .expect("an answer");
            assert_eq!(answer.status(), 502, "{method} {name}");
            // The deadline is 2 s; the rest is a busy machine's.
            assert!(
                begun.elapsed().as_secs() < 10,
                "{method} {name}: {:?}",
                begun.elapsed()
            );
        }
    }
    assert_eq!(
        world
            .get(HOST, "/dead/1.0")
            .await
            .text()
            .await
            .expect("text"),
        "the upstream does not answer\n"
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    broken_link | acme/rocket | 1.0 | 1.0 | GET | 502 | none | 0
    check | acme/rocket | 1.0 | 1.0 | HEAD | 502 | none | 0
    broken_link | acme/rocket | 1.0 | 1.0 | GET | 502 | none | 0
    check | acme/rocket | 1.0 | 1.0 | HEAD | 502 | none | 0
    broken_link | acme/rocket | 1.0 | 1.0 | GET | 502 | none | 0
    ");
}

/// An upstream that answers every request with `answer` and closes.
async fn upstream(answer: &'static str) -> std::net::SocketAddr {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n")
                && socket
                    .read_buf(&mut head)
                    .await
                    .is_ok_and(|count| count > 0)
            {}
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test]
async fn a_length_that_the_upstream_does_not_tell_is_not_made_up() {
    let address =
        upstream("HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nConnection: close\r\n\r\n")
            .await;
    let route = format!(
        "[[package.route]]\npath = \"/rocket/{{version}}\"\nto = \"http://{address}/{{version}}\"\n"
    );
    let world = World::start(&format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"{HOST}\"]\n{route}"
    ))
    .await;
    let mut connection = world.connect().await;
    for _ in 0..2 {
        connection
            .send(format!("HEAD /rocket/1.0 HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes())
            .await;
        let answer = connection
            .bodiless_answer()
            .await
            .expect("an answer, and the connection is kept");
        assert_eq!(
            (answer.status, answer.header("content-length")),
            (200, None),
            "{}",
            answer.head
        );
        assert_eq!(answer.header("content-type"), Some("application/gzip"));
    }
}
