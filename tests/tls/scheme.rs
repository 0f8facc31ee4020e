//! Which scheme a client came by: addresses that it is given have the same, and some domains want https of everybody.

use std::net::Ipv4Addr;

use crate::names::{self, Authority};
use crate::world::exchange::Connection;
use crate::world::{World, of_kind};
use crate::{DOMAIN, FILE, port, start, url};

const TO_HTTPS: &str = "https_redirect = [\"get.test.localhost\"]\nhsts_days = 30\n";

async fn text(client: &reqwest::Client, url: String) -> String {
    let answer = client.get(url).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.text().await.expect("a body")
}

#[tokio::test]
async fn addresses_that_a_client_is_given_have_the_scheme_that_it_came_by() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let tls = authority
        .client(DOMAIN, port(&world))
        .build()
        .expect("a client");
    // It tells addresses under which clients are not counted.
    let page = "/-/privacy";
    let said = text(&tls, url(&world, page)).await;
    let base = format!("https://{DOMAIN}:{}/", port(&world));
    assert!(said.contains(&base), "{said}");
    let answer = world.get(DOMAIN, page).await.text().await.expect("a body");
    assert!(answer.contains(&format!("http://{DOMAIN}/")), "{answer}");
    assert!(!answer.contains("https://get."), "{answer}");
}

/// Status and where to, of a request by plain HTTP.
async fn plain(world: &World, path: &str, agent: &str) -> (u16, Option<String>) {
    let request = world
        .request("GET", DOMAIN, path)
        .header("user-agent", agent);
    let answer = request.send().await.expect("an answer");
    let location = answer.headers().get("location");
    assert_eq!(answer.headers().get("strict-transport-security"), None);
    let location = location.map(|to| to.to_str().expect("text").to_owned());
    (answer.status().as_u16(), location)
}

#[tokio::test]
async fn a_domain_that_wants_https_leads_there_and_browsers_remember_it() {
    let authority = Authority::new();
    let world = start(&authority, TO_HTTPS).await;
    let path = format!("/rocket/1.2.3/{FILE}?a=%2F");
    let to = format!("https://{DOMAIN}{path}");
    assert_eq!(plain(&world, &path, "curl/8.9.1").await, (307, Some(to)));
    let prefixed = format!("/-/no-track{path}");
    let to = format!("https://{DOMAIN}{prefixed}");
    assert_eq!(
        plain(&world, &prefixed, "curl/8.9.1").await,
        (307, Some(to))
    );
    let mut ported = Connection::open(world.weir.gateway).await;
    let request = format!("GET /x HTTP/1.1\r\nHost: {DOMAIN}:80\r\n\r\n");
    ported.send(request.as_bytes()).await;
    let answer = ported.answer().await.expect("an answer");
    let to = format!("https://{DOMAIN}:{}/x", port(&world));
    assert_eq!(answer.header("location"), Some(to.as_str()));
    // Nothing of it is a download; the one by https is.
    assert_eq!(of_kind(&world.recorded().await, "download").len(), 0);
    let tls = authority
        .client(DOMAIN, port(&world))
        .build()
        .expect("a client");
    for (path, status) in [
        (path.as_str(), 302),
        (&format!("/stream/1.2.3/{FILE}"), 200),
    ] {
        let answer = tls.get(url(&world, path)).send().await.expect("an answer");
        assert_eq!(answer.status(), status);
        let told = &answer.headers()["strict-transport-security"];
        assert_eq!(told, "max-age=2592000", "{path}");
    }
    assert_eq!(of_kind(&world.recorded().await, "download").len(), 2);
}

#[tokio::test]
async fn who_cannot_follow_to_https_is_served_as_they_came() {
    let world = start(&Authority::new(), TO_HTTPS).await;
    let path = format!("/rocket/1.2.3/{FILE}");
    for agent in ["Java/17.0.9", "Debian APT-HTTP/1.3 (2.6.1)", "gradlew/8.5"] {
        let (status, to) = plain(&world, &path, agent).await;
        assert_eq!(
            (status, to),
            (302, Some(format!("https://files.test/v1.2.3/{FILE}")))
        );
    }
}

#[tokio::test]
async fn who_came_by_https_to_a_trusted_proxy_is_there_already() {
    let trusted = format!("{TO_HTTPS}trusted_proxies = [\"127.0.0.1\"]\n");
    let world = start(&Authority::new(), &trusted).await;
    let path = format!("/rocket/1.2.3/{FILE}");
    for (proto, status) in [("https", 302), ("http", 307)] {
        let request = world.request("GET", DOMAIN, &path);
        let answer = request.header("x-forwarded-proto", proto).send().await;
        assert_eq!(answer.expect("an answer").status(), status, "{proto}");
    }
}

#[tokio::test]
async fn a_proxy_says_before_the_handshake_who_is_there() {
    let authority = Authority::new();
    let world = start(&authority, "proxy_protocol = [\"127.0.0.5\"]\n").await;
    let ends = (
        [127, 0, 0, 5].into(),
        (Ipv4Addr::LOCALHOST, port(&world)).into(),
    );
    let mut visitors = Vec::new();
    for client in ["198.51.100.7", "198.51.100.8", "198.51.100.7"] {
        let line = format!("PROXY TCP4 {client} 192.0.2.1 40000 443\r\n");
        let path = format!("/rocket/{}/{FILE}", visitors.len());
        let request = format!("GET {path} HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n");
        let stream = authority.connect(ends, DOMAIN, "http/1.1", &line).await;
        let answer = names::ask(stream.expect("a handshake"), &request).await;
        assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
        visitors.push(client);
    }
    let events = of_kind(&world.recorded().await, "download");
    let mut seen: Vec<_> = events
        .iter()
        .map(|event| event["visitor"].to_string())
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((events.len(), seen.len()), (3, 2));
    let said = world.weir.said();
    assert!(
        !said.contains("198.51.100"),
        "nobody's address is told: {said}"
    );
}
