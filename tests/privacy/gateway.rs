//! What clients send to the gateway: their own address, wherever a request has room for text.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::clients::Client;
use crate::evidence::MARKER;

/// Sends everything, as `client`.
pub(crate) async fn send_everything(to: SocketAddr, client: &Client) {
    for (method, host, path) in requests(client) {
        let request = request(to, client, method, &host, &path);
        request.send().await.expect("an answer, whatever it says");
    }
    for (kind, body) in bodies(client) {
        let request = request(to, client, "POST", "events.test", "/sent/1.0");
        let request = request.header("content-type", kind).body(body);
        request.send().await.expect("an answer");
    }
    for bytes in broken(client) {
        send_bytes(to, client, bytes.as_bytes()).await;
    }
    give_up(to, client).await;
}

/// A download with the marker where an address might stand.
pub(crate) async fn send_marker(to: SocketAddr, client: &Client) {
    let path = format!("/rocket/{MARKER}/linux-amd64.tar.gz");
    let answer = request(to, client, "GET", "get.test", &path).send().await;
    assert_eq!(answer.expect("an answer").status(), 302);
}

/// A request that names the client in every header that might.
fn request(
    to: SocketAddr,
    client: &Client,
    method: &str,
    host: &str,
    path: &str,
) -> reqwest::RequestBuilder {
    let Client { http, own, .. } = client;
    let method = method.parse().expect("a method");
    let mut request = http
        .request(method, format!("http://{to}{path}"))
        .header("host", host)
        .header("user-agent", format!("curl/8.0 ({own}) {own}"))
        .header("referer", format!("http://{}/{own}?{own}", client.host()))
        .header("cookie", format!("address={own}"))
        .header("authorization", format!("Bearer {own}"))
        .header("forwarded", format!("for=\"{}\"", client.host()))
        .header("x-real-ip", own)
        .header("x-client-id", own)
        .header("true-client-ip", own);
    if let Some(forwarded) = &client.forwarded {
        request = request.header("x-forwarded-for", format!("{own}, {forwarded}"));
    }
    request
}

/// Method, host and path of each.
fn requests(client: &Client) -> Vec<(&'static str, String, String)> {
    let (own, host) = (&client.own, client.host());
    let mut requests: Vec<(&str, String, String)> = [
        ("get.test", "/rocket/1.0.0/linux-amd64.tar.gz".to_owned()),
        ("get.test", format!("/rocket/{own}/linux-amd64.tar.gz")),
        (
            "get.test",
            format!("/rocket/1.0-{own}/linux-{own}.tar.gz?ip={own}&{own}=1"),
        ),
        ("get.test", format!("/nothing/{own}?{own}")),
        (
            "get.test",
            format!("/-/px/docs.gif?page=https://docs.example/{own}&ip={own}"),
        ),
        (
            "get.test",
            format!("/-/px/docs.gif?page=http://{host}/&utm_source={own}&utm_campaign={own}"),
        ),
        ("get.test", format!("/-/px/{own}.gif")),
        ("get.test", format!("/dead/{own}.tar.gz")),
        ("get.test", format!("/odd/broken-{own}.tar.gz")),
        ("get.test", format!("/odd/torn-{own}.tar.gz")),
        (
            "events.test",
            format!("/sent/{own}?ip={own}&address={own}&{own}={own}"),
        ),
        ("cr.test", "/v2/server/manifests/latest".to_owned()),
        ("cr.test", format!("/v2/server/manifests/{own}")),
        ("cr.test", format!("/v2/{own}/manifests/latest")),
        (
            "cr.test",
            format!("/v2/token?service={own}&scope=repository:server:pull&account={own}"),
        ),
        ("pypi.test", format!("/simple/{own}/")),
        ("pypi.test", format!("/files/{own}/{own}-1.0.tar.gz")),
        ("dead.test", format!("/simple/{own}/")),
        (&host, "/".to_owned()),
        (&format!("{own}.test"), "/".to_owned()),
    ]
    .into_iter()
    .map(|(host, path)| ("GET", host.to_owned(), path))
    .collect();
    for method in ["HEAD", "PUT", "DELETE", "PROPFIND"] {
        let path = format!("/rocket/{own}/linux-amd64.tar.gz");
        requests.push((method, "get.test".to_owned(), path));
    }
    requests
}

/// Content type and body of what the collector is sent.
fn bodies(client: &Client) -> Vec<(&'static str, String)> {
    let own = &client.own;
    let json = "application/json";
    vec![
        (
            json,
            format!(r#"{{"version":"1","ip":"{own}","{own}":"x","os":"{own}"}}"#),
        ),
        (json, format!("{{broken {own}")),
        (json, format!("[\"{own}\"{}", ",1".repeat(200_000))),
        (
            "application/x-www-form-urlencoded",
            format!("ip={own}&{own}=1"),
        ),
        ("text/plain", own.clone()),
    ]
}

/// Requests that are answered with 400, 405, 414, 431, 501, or not at all.
fn broken(client: &Client) -> Vec<String> {
    let own = &client.own;
    vec![
        format!("GET /{own}\u{1} HTTP/1.1\r\nHost: get.test\r\n\r\n"),
        format!("{own} / HTTP/1.1\r\nHost: get.test\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {own} {own}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {own}\r\nHost: {own}\r\n\r\n"),
        format!("GET /{own} HTTP/{own}\r\n\r\n"),
        format!(
            "GET http://{}/{own} HTTP/1.1\r\nHost: get.test\r\n\r\n",
            client.host()
        ),
        format!(
            "CONNECT {}:443 HTTP/1.1\r\nHost: {own}\r\n\r\n",
            client.host()
        ),
        format!(
            "GET /{own}/{} HTTP/1.1\r\nHost: get.test\r\n\r\n",
            "x".repeat(10_000)
        ),
        format!(
            "GET / HTTP/1.1\r\nHost: get.test\r\nX: {}{own}\r\n\r\n",
            "x".repeat(40_000)
        ),
        format!("POST /sent/1 HTTP/1.1\r\nHost: events.test\r\nContent-Length: {own}\r\n\r\n"),
        format!("POST /sent/1 HTTP/1.1\r\nHost: events.test\r\nTransfer-Encoding: {own}\r\n\r\n"),
        format!(
            "GET /{own} HTTP/1.1\r\nHost: get.test\r\nUpgrade: {own}\r\nConnection: {own}\r\n\r\n"
        ),
        format!("PROXY TCP4 {own} {own} 1 1\r\nGET / HTTP/1.1\r\nHost: get.test\r\n\r\n"),
        format!("{own}\r\n\r\n"),
    ]
}

/// Sends bytes and reads until the other side ends or has nothing more to say.
async fn send_bytes(to: SocketAddr, client: &Client, bytes: &[u8]) {
    let mut socket = client.connect(to).await;
    // A refusal may come before all was sent.
    let _ = socket.write_all(bytes).await;
    let _ = socket.shutdown().await;
    let rest = async { while let Ok(1..) = socket.read(&mut [0; 4096]).await {} };
    let ended = tokio::time::timeout(Duration::from_secs(15), rest).await;
    ended.expect("an answer or an end");
}

/// Goes away in the middle of a head, of a body, and of an answer.
async fn give_up(to: SocketAddr, client: &Client) {
    let own = &client.own;
    for bytes in [
        format!("GET /rocket/{own}/linux-amd64.tar.gz HTTP/1.1\r\nHost: get.test\r\nX-A: {own}"),
        format!("POST /sent/1 HTTP/1.1\r\nHost: events.test\r\nContent-Length: 100\r\n\r\n{own}"),
        format!("GET /odd/silent-{own} HTTP/1.1\r\nHost: get.test\r\n\r\n"),
    ] {
        let mut socket = client.connect(to).await;
        let _ = socket.write_all(bytes.as_bytes()).await;
    }
}

/// Waits for an upstream that never answers, as every one of `clients` at once.
pub(crate) async fn wait_in_vain(to: SocketAddr, clients: &[Client]) {
    let waiting = clients.iter().map(|client| {
        let path = format!("/odd/silent.tar.gz?ip={}", client.own);
        let request = request(to, client, "GET", "get.test", &path).send();
        tokio::spawn(async move { request.await.expect("an answer").status().as_u16() })
    });
    for answer in waiting.collect::<Vec<_>>() {
        let status = answer.await.expect("no panic");
        assert!((500..600).contains(&status), "{status}");
    }
}
