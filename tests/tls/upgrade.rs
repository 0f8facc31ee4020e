//! Another program takes the place of the running one while clients shake hands and keep connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::names::Authority;
use crate::world::process::gone;
use crate::{DOMAIN, FILE, port, start};

#[derive(Clone, Copy)]
enum Connection {
    Fresh,
    KeptHttp1,
    KeptHttp2,
}

fn client(authority: &Authority, port: u16, connection: Connection) -> reqwest::Client {
    let client = authority.client(DOMAIN, port);
    let client = match connection {
        Connection::Fresh => client.pool_max_idle_per_host(0),
        Connection::KeptHttp1 => client.http1_only(),
        Connection::KeptHttp2 => client.http2_prior_knowledge(),
    };
    client.build().expect("a client")
}

#[tokio::test(flavor = "multi_thread")]
async fn upgrades_fail_no_handshake_and_no_request_over_either_version_of_http() {
    let authority = Authority::new();
    let mut world = start(&authority, "").await;
    let port = port(&world);
    let stop = Arc::new(AtomicBool::new(false));
    let answers = Arc::new(AtomicU32::new(0));
    let connections = [
        Connection::Fresh,
        Connection::KeptHttp1,
        Connection::KeptHttp2,
    ];
    let clients = connections.map(|connection| {
        let client = client(&authority, port, connection);
        let (stop, answers) = (Arc::clone(&stop), Arc::clone(&answers));
        tokio::spawn(async move {
            let url = format!("https://{DOMAIN}:{port}/rocket/1.2.3/{FILE}");
            while !stop.load(Ordering::Relaxed) {
                let answer = client.get(&url).send().await.expect("an answer");
                assert_eq!(answer.status(), 302);
                answers.fetch_add(1, Ordering::Relaxed);
            }
        })
    });
    let first = world.weir.id();
    for _ in 0..3 {
        world.weir.upgrade();
        let before = answers.load(Ordering::Relaxed);
        while answers.load(Ordering::Relaxed) < before + 30 {
            tokio::task::yield_now().await;
        }
    }
    // Also those who always had something to ask were told to go.
    gone(first).await;
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.expect("no request failed");
    }
}
