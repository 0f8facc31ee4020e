//! Clients of other people's making over real sockets: what they agree on, and what they are refused.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::names::Authority;
use crate::world::client::client;
use crate::world::exchange::Connection;
use crate::world::{World, of_kind};
use crate::{DOMAIN, FILE, config, port, start, url};

/// What curl says of `path`: version of HTTP, status, and where it leads.
async fn curl(world: &World, authority: &Authority, options: &[&str], path: &str) -> String {
    let folder = world.folder.path();
    let output = client("curl", folder)
        .args(["-sS", "-o", "/dev/null", "--cacert"])
        .arg(authority.file(folder))
        .args(["--resolve", &format!("{DOMAIN}:{}:127.0.0.1", port(world))])
        .args(["-w", "%{http_version} %{http_code} %{redirect_url}"])
        .args(options)
        .arg(url(world, path))
        .output()
        .await
        .expect("curl is installed");
    let (out, error) = (output.stdout, output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&error)
    )
}

/// What openssl says of a handshake.
async fn openssl(world: &World, arguments: &[&str]) -> String {
    ask_by_openssl(world, arguments, "Q\n").await
}

#[tokio::test]
async fn curl_downloads_over_both_versions_of_http_and_each_is_counted() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let path = format!("/rocket/1.2.3/{FILE}");
    let to = format!("302 https://files.test/v1.2.3/{FILE}");
    for (options, version) in [
        (&["--http1.1"][..], "1.1"),
        (&["--http2"], "2"),
        (&["--tls-max", "1.2"], "2"),
        (&["--no-alpn"], "1.1"),
        (&["--curves", "X25519"], "2"),
    ] {
        let said = curl(&world, &authority, options, &path).await;
        assert_eq!(said, format!("{version} {to}"), "{options:?}");
    }
    let events = of_kind(&world.recorded().await, "download");
    assert_eq!(events.len() + repeats(&world).await, 5, "{events:#?}");
    assert!(events.iter().all(|event| event["domain"] == DOMAIN));
}

/// Downloads that one client asked for again.
async fn repeats(world: &World) -> usize {
    of_kind(&world.recorded().await, "repeat").len()
}

#[tokio::test]
async fn a_name_that_no_certificate_is_for_is_told_so_and_nothing_else() {
    let world = start(&Authority::new(), "").await;
    for name in ["other.test.localhost", "test.localhost", "127.0.0.1.test"] {
        let said = openssl(&world, &["-servername", name]).await;
        assert!(said.contains("unrecognized name"), "{name}: {said}");
        assert!(said.contains("no peer certificate available"), "{said}");
    }
    let said = openssl(&world, &["-servername", &DOMAIN.to_uppercase()]).await;
    assert!(said.contains("Test Authority"), "in any case: {said}");
    let said = openssl(&world, &["-noservername"]).await;
    assert!(
        said.contains("Test Authority"),
        "who names nobody gets the first: {said}"
    );
}

#[tokio::test]
async fn versions_before_1_2_are_refused() {
    let world = start(&Authority::new(), "").await;
    for (version, spoken) in [("-tls1_1", false), ("-tls1_2", true), ("-tls1_3", true)] {
        let weak = ["-cipher", "DEFAULT:@SECLEVEL=0"];
        let arguments = [&["-servername", DOMAIN, version][..], &weak].concat();
        let said = openssl(&world, &arguments).await;
        assert_eq!(said.contains("Test Authority"), spoken, "{version}: {said}");
    }
}

#[tokio::test]
async fn a_client_that_comes_back_resumes_its_session() {
    let world = start(&Authority::new(), "").await;
    let file = world.folder.path().join("session");
    let file = file.to_str().expect("text");
    for version in ["-tls1_2", "-tls1_3"] {
        let first = [
            "-servername",
            DOMAIN,
            version,
            "-sess_out",
            file,
            "-ign_eof",
        ];
        let request = format!("GET / HTTP/1.1\r\nHost: {DOMAIN}\r\nConnection: close\r\n\r\n");
        let said = ask_by_openssl(&world, &first, &request).await;
        assert!(said.contains("New, TLS"), "{version}: {said}");
        let again = ["-servername", DOMAIN, version, "-sess_in", file];
        let said = openssl(&world, &again).await;
        assert!(said.contains("Reused, TLS"), "{version}: {said}");
    }
}

/// The same as [`openssl`], with a request whose answer is read to its end: sessions come behind the handshake.
async fn ask_by_openssl(world: &World, arguments: &[&str], request: &str) -> String {
    let mut child = Command::new("openssl")
        .args([
            "s_client",
            "-connect",
            &format!("127.0.0.1:{}", port(world)),
        ])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("openssl is installed");
    let mut input = child.stdin.take().expect("piped");
    // It may have ended already, where nobody shook hands.
    let _ = input.write_all(request.as_bytes()).await;
    drop(input);
    let output = child.wait_with_output().await.expect("an end");
    let (out, error) = (output.stdout, output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&error)
    )
}

#[tokio::test]
async fn plain_http_at_the_port_for_tls_is_told_what_to_do() {
    let world = start(&Authority::new(), "").await;
    let mut connection = Connection::open(([127, 0, 0, 1], port(&world)).into()).await;
    let request = format!("GET / HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n");
    connection.send(request.as_bytes()).await;
    let answer = connection.answer().await.expect("an answer");
    assert_eq!(
        (answer.status, answer.body.trim_end()),
        (400, "this port speaks TLS: use https")
    );
}

#[tokio::test]
async fn who_says_nothing_is_not_waited_for() {
    let world = start(&Authority::new(), "").await;
    let begun = Instant::now();
    let address = ([127, 0, 0, 1], port(&world)).into();
    let mut silent = Connection::open(address).await;
    let mut slow = Connection::open(address).await;
    slow.send(b"\x16\x03\x01\x02\0\x01").await;
    let agreed = openssl_without_end(&world);
    let (_, _, said) = tokio::join!(silent.rest(), slow.rest(), agreed);
    assert!(said.contains("ALPN protocol: h2"), "{said}");
    let waited = begun.elapsed();
    assert!(
        // The deadline is 10 s; the rest is a busy machine's.
        (Duration::from_secs(9)..Duration::from_secs(20)).contains(&waited),
        "{waited:?}"
    );
}

/// Agrees on HTTP/2, then says nothing until the other side ends it.
async fn openssl_without_end(world: &World) -> String {
    let output = Command::new("openssl")
        .args([
            "s_client",
            "-connect",
            &format!("127.0.0.1:{}", port(world)),
        ])
        .args(["-servername", DOMAIN, "-alpn", "h2", "-ign_eof"])
        .stdin(Stdio::null())
        .output()
        .await
        .expect("openssl is installed");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[tokio::test]
async fn one_listener_serves_both_versions_of_ip() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    authority.write(folder.path(), "get", &[DOMAIN]);
    let config = config("").replace("https = [\"127.0.0.1:0\"]", "https = [\"[::]:0\"]");
    let world = World::start_in(folder, &config).await;
    let port = port(&world);
    for address in [
        Ipv4Addr::LOCALHOST.into(),
        IpAddr::from(Ipv6Addr::LOCALHOST),
    ] {
        let client = authority.client(DOMAIN, port);
        let client = client.resolve(DOMAIN, (address, port).into()).build();
        let path = url(&world, &format!("/rocket/1.2.3/{FILE}"));
        let answer = client.expect("a client").get(path).send().await;
        assert_eq!(answer.expect("an answer").status(), 302, "{address}");
    }
}
