//! Imports by HTTP: with a token, as they arrive, and a report of every line.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::files::{at, nginx_log, write};
use crate::world::{PATIENCE, World};
use crate::{CONFIG, counts};

/// A world whose token `letmein` opens imports, with `more` configured.
pub(crate) async fn world_with(more: &str) -> World {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "tokens", "letmein\n");
    let owner_only = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(folder.path().join("tokens"), owner_only).expect("set");
    let gateway = "[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\nimport_tokens_file = \"tokens\"\n";
    let world = World::start_in(folder, &format!("{gateway}{CONFIG}{more}")).await;
    // The last of the tables that imports need.
    let deadline = Instant::now() + PATIENCE;
    while world
        .query("SELECT count() FROM imported_totals")
        .await
        .is_none()
    {
        assert!(Instant::now() < deadline, "no tables: {}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    world
}

async fn world() -> World {
    world_with("").await
}

async fn send(
    world: &World,
    token: &str,
    query: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, Value) {
    let answer = world
        .http
        .post(format!("http://{}/api/v2/import?{query}", world.weir.page))
        .bearer_auth(token)
        .body(body)
        .send()
        .await
        .expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_is_imported_once_and_every_refused_line_comes_back() {
    let world = world().await;
    let from = "from=nginx&domain=get.test";
    let good = send(&world, "letmein", from, gzip(nginx_log(0..300).as_bytes())).await;
    assert_eq!(
        good,
        (
            200,
            json!({"read": 300, "events": 300, "totals": 0, "known": 0, "opted_out": 0, "refused": 0, "lines": []})
        )
    );
    let mixed = send(
        &world,
        "letmein",
        from,
        nginx_log(299..301) + "192.0.2.7 is no line\n",
    )
    .await;
    assert_eq!(
        mixed,
        (
            207,
            json!({"read": 3, "events": 1, "totals": 0, "known": 1, "opted_out": 0, "refused": 1, "lines": [{"line": 3, "reason": "the time is missing"}]})
        )
    );
    assert_eq!(counts(&world).await, [301; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_token_opens_it_and_only_for_what_there_is() {
    let world = world().await;
    let (status, _) = send(&world, "letmeout", "from=nginx", "").await;
    assert_eq!(status, 401);
    let (status, said) = send(&world, "letmein", "from=iis", "").await;
    assert_eq!(status, 400);
    insta::assert_snapshot!(said["error"].as_str().expect("text"), @"from: formats are weir, scarf, scarf-csv, nginx, caddy, cloudfront, fastly, pypi, npm, crates and docker-hub");
    let broken = gzip(nginx_log(0..300).as_bytes());
    let (status, said) = send(
        &world,
        "letmein",
        "from=nginx&domain=get.test",
        broken[..200].to_vec(),
    )
    .await;
    assert_eq!(status, 400);
    insta::assert_snapshot!(said["error"].as_str().expect("text"), @"the body breaks off or is damaged; send it again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bomb_is_refused_and_the_next_import_goes_on() {
    let world = world().await;
    let zeros = gzip(&vec![0; 256 << 20]);
    let (status, said) = send(&world, "letmein", "from=weir", zeros).await;
    assert_eq!(status, 413);
    insta::assert_snapshot!(said["error"].as_str().expect("text"), @"it decompresses to too much; send it in smaller parts");
    let line = format!(r#"{{"time":"{}","package":"acme/rocket"}}"#, at(60));
    let (status, _) = send(&world, "letmein", "from=weir", line).await;
    assert_eq!(status, 200);
    assert_eq!(counts(&world).await, [1; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_no_whole_one() {
    use tokio::io::AsyncWriteExt as _;
    let world = world().await;
    let mut socket = tokio::net::TcpStream::connect(world.weir.page)
        .await
        .expect("a connection");
    let line = format!(
        r#"{{"time":"{}","package":"acme/rocket","version":"1.23"#,
        at(60)
    );
    let head = "POST /api/v2/import?from=weir HTTP/1.1\r\nHost: page\r\nAuthorization: Bearer letmein\r\nContent-Length: 1000\r\n\r\n";
    socket
        .write_all(format!("{head}{line}").as_bytes())
        .await
        .expect("sent");
    drop(socket);
    let whole = format!(
        r#"{{"time":"{}","package":"acme/rocket","version":"2.0"}}"#,
        at(60)
    );
    // The one that broke off may still be noticing it.
    let deadline = Instant::now() + PATIENCE;
    while send(&world, "letmein", "from=weir", whole.clone()).await.0 == 503 {
        assert!(Instant::now() < deadline, "the place is not given back");
    }
    assert_eq!(
        crate::rows(&world, "SELECT version FROM events").await,
        "2.0"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_registries_counted_is_read_apart() {
    let world = world().await;
    let rows = [
        r#"{"day":"2025-10-10","project":"rocket","version":"1.2","downloads":17}"#,
        r#"{"day":"2025-10-10","project":"rocket","version":"1.3","downloads":5}"#,
        r#"{"day":"2025-10-12","project":"rocket","downloads":9}"#,
    ];
    let (status, _) = send(
        &world,
        "letmein",
        "from=pypi&package=acme/rocket",
        rows.join("\n"),
    )
    .await;
    assert_eq!(status, 200);
    let counter = r#"{"name":"rocket","namespace":"acme","pull_count":1000}"#;
    let from = "from=docker-hub&package=acme/rocket&day=2025-10-11";
    assert_eq!(send(&world, "letmein", from, counter).await.0, 200);
    for (day, what) in [
        ("1969-12-31", "day: days are counted from 1970"),
        ("today", "day"),
    ] {
        let from = format!("from=docker-hub&day={day}");
        let (status, said) = send(&world, "letmein", &from, counter).await;
        assert_eq!(status, 400);
        let said = said["error"].as_str().expect("text");
        assert!(said.contains(what), "{said}");
    }
    let owner = world.owner().await;
    let totals = world
        .ask(
            &owner,
            "imported?package=acme/rocket&from=2025-10-01&to=2025-10-12",
        )
        .await;
    assert_eq!(
        totals,
        json!({"totals": [
            {"source": "docker-hub", "package": "acme/rocket", "day": "2025-10-11", "span": "ever", "downloads": 1000},
            {"source": "pypi", "package": "acme/rocket", "day": "2025-10-10", "span": "day", "downloads": 22},
        ]})
    );
}
