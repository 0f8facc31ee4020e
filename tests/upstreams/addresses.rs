//! Upstreams learn nothing of where a client is: not from what is streamed, nor from what is asked for it.

use std::net::Ipv4Addr;

use crate::upstream::{Answer, Asked, Upstream};
use crate::world::World;
use crate::world::exchange::Connection;
use crate::{FILES, INDEX, files, gateway, index, python_index};

/// Whom the client is, by itself and by what proxies say.
const PEER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 77);
const SAID: &str = "198.51.100.7";

/// Names under which proxies and content networks pass on an address.
const FIELDS: [&str; 22] = [
    "CF-Connecting-IP",
    "CF-Connecting-IPv6",
    "Client-IP",
    "DO-Connecting-IP",
    "Fastly-Client-IP",
    "Fly-Client-IP",
    "Forwarded",
    "Forwarded-For",
    "From",
    "Remote-Addr",
    "True-Client-IP",
    "Via",
    "X-Appengine-User-IP",
    "X-Azure-ClientIP",
    "X-Client-IP",
    "X-Cluster-Client-IP",
    "X-Envoy-External-Address",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Original-Forwarded-For",
    "X-ProxyUser-Ip",
    "X-Real-IP",
];

fn request(method: &str, host: &str, path: &str) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n");
    for name in FIELDS {
        text.extend([name, ": for=", SAID, "\r\n"]);
    }
    (text + "Connection: close\r\n\r\n").into_bytes()
}

/// The names of the header fields that came with each request, and the requests' first lines.
fn shapes(asked: &[Asked]) -> String {
    let lines = asked.iter().map(|asked| {
        let mut names: Vec<_> = asked.names().collect();
        names.sort_unstable();
        format!("{} {}: {}", asked.method, asked.path, names.join(", "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn no_upstream_is_told_where_a_client_is() {
    let storage = Upstream::start("127.0.0.2", |_| Answer::new(200, "a file")).await;
    let registry = Upstream::start_knowing_itself("127.0.0.1", python_index).await;
    let settings = gateway(
        "private_upstreams = [\"127.0.0.1\", \"127.0.0.2\"]\ntrusted_proxies = [\"127.0.0.0/8\"]",
    );
    let config =
        settings + &files(&storage.address.to_string()) + &index(&registry.address.to_string());
    let world = World::start(&config).await;
    for (method, host, path, status) in [
        // A redirect, before which the host is asked whether the file is there; then one without.
        ("GET", FILES, "/r/a", 302),
        ("GET", FILES, "/r/a", 302),
        ("HEAD", FILES, "/r/b", 200),
        ("GET", FILES, "/s/a", 200),
        ("HEAD", FILES, "/s/a", 200),
        ("GET", INDEX, "/simple/rocket/", 200),
        ("GET", INDEX, "/files/rocket/rocket-1.0.tar.gz", 302),
        ("GET", INDEX, "/simple/other/", 302),
    ] {
        let mut connection = Connection::open_from(PEER, world.weir.gateway).await;
        connection.send(&request(method, host, path)).await;
        let answer = if method == "HEAD" {
            connection.bodiless_answer().await
        } else {
            connection.answer().await
        };
        assert_eq!(answer.expect("an answer").status, status, "{method} {path}");
    }
    for asked in [storage.asked(), registry.asked()].concat() {
        let text = format!("{asked:?}");
        for address in [SAID, "127.0.0.77"] {
            assert!(!text.contains(address), "{text}");
        }
    }
    insta::assert_snapshot!(
        format!("{}\n\n{}", shapes(&storage.asked()), shapes(&registry.asked())),
        @"
        HEAD /a: accept, accept-encoding, host, user-agent
        HEAD /b: accept, accept-encoding, host, user-agent
        GET /a: accept, host
        HEAD /a: accept, accept-encoding, host, user-agent

        GET /simple/rocket/: accept, accept-encoding, host, user-agent
        "
    );
}
