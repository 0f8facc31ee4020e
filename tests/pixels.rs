//! Pixels: a picture whatever happens, one view a browser and day told from the next, nothing kept
//! that was asked not to be.

mod world;

use world::{Event, World, columns};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  catch_all = true
  to = "https://site.test/"

[[package]]
name = "acme/lander"
kind = "file"
domains = ["bare.test.localhost"]
  [[package.route]]
  path = "/{version}"
  to = "https://site.test/{version}"

[[pixel]]
id = "docs"
domains = ["get.test.localhost"]
package = "acme/rocket"
"#;

const HOST: &str = "get.test.localhost";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind",
        "package",
        "ecosystem",
        "artifact",
        "method",
        "status",
        "referrer_host",
    ];
    events
        .iter()
        .map(|event| columns(event, &what))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn the_first_view_of_the_day_gets_the_picture_and_later_ones_are_told_it_is_unchanged() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    connection
        .send(b"GET /-/px/docs.gif HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n")
        .await;
    let first = connection.answer().await.expect("an answer");
    let modified = first.header("last-modified").expect("a time").to_owned();
    assert!(modified.ends_with(" 00:00:00 GMT"), "{modified}");
    insta::assert_snapshot!(first.head.replace(&modified, "MIDNIGHT").lines().filter(|line| !line.starts_with("date:")).collect::<Vec<_>>().join("\n"), @r"
    HTTP/1.1 200 OK
    cross-origin-resource-policy: cross-origin
    x-content-type-options: nosniff
    cache-control: private, no-cache
    last-modified: MIDNIGHT
    content-type: image/gif
    content-length: 43
    ");
    let again = format!(
        "GET /-/px/docs.gif HTTP/1.1\r\nHost: get.test.localhost\r\nIf-Modified-Since: {modified}\r\n\r\n"
    );
    connection.send(again.as_bytes()).await;
    insta::assert_snapshot!(connection.bodiless_answer().await.expect("an answer").text().replace(&modified, "MIDNIGHT"), @r"
    HTTP/1.1 304 Not Modified
    cache-control: private, no-cache
    last-modified: MIDNIGHT
    ");
    let yesterday = "GET /-/px/docs.gif HTTP/1.1\r\nHost: get.test.localhost\r\nIf-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n\r\n";
    connection.send(yesterday.as_bytes()).await;
    assert_eq!(connection.answer().await.expect("an answer").status, 200);
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    view | acme/rocket | docs | docs | GET | 200 | 
    view | acme/rocket | docs | docs | GET | 304 | 
    view | acme/rocket | docs | docs | GET | 200 |
    ");
}

#[tokio::test]
async fn each_picture_is_one_transparent_point() {
    let world = World::start(CONFIG).await;
    for (name, kind, magic, length) in [
        ("docs.gif", "image/gif", &b"GIF89a\x01\0\x01\0"[..], 43),
        ("docs.png", "image/png", b"\x89PNG\r\n\x1a\n", 68),
        ("docs.svg", "image/svg+xml", b"<svg xmlns=", 62),
    ] {
        let answer = world.get(HOST, &format!("/-/px/{name}")).await;
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.headers()["content-type"].to_str().ok()
            ),
            (200, Some(kind))
        );
        assert_eq!(answer.headers().get("set-cookie"), None);
        let bytes = answer.bytes().await.expect("a picture");
        assert!(bytes.starts_with(magic), "{name}");
        assert_eq!(bytes.len(), length, "{name}");
    }
    let png = world
        .get(HOST, "/-/px/docs.png")
        .await
        .bytes()
        .await
        .expect("a picture");
    for chunk in chunks(&png) {
        assert_eq!(
            crc(&chunk[4..chunk.len() - 4]).to_be_bytes(),
            chunk[chunk.len() - 4..],
            "{:?}",
            &chunk[4..8]
        );
    }
}

/// The chunks of a PNG (PNG specification §5.3).
fn chunks(png: &[u8]) -> Vec<&[u8]> {
    let mut rest = &png[8..];
    let mut chunks = Vec::new();
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().expect("four bytes")) as usize + 12;
        chunks.push(&rest[..length]);
        rest = &rest[length..];
    }
    chunks
}

/// The cyclic redundancy check of PNG and gzip (PNG specification, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[tokio::test]
async fn an_unknown_pixel_is_a_picture_all_the_same_and_a_broken_link() {
    let world = World::start(CONFIG).await;
    // A domain of other things alone has no pixel either.
    for host in [HOST, "bare.test.localhost"] {
        let answer = world.get(host, "/-/px/none.png").await;
        assert_eq!(answer.status(), 200);
        let said = |name| answer.headers()[name].to_str().expect("text");
        assert_eq!(
            [said("cache-control"), said("x-dropped")],
            ["no-store", "unknown-pixel"]
        );
        let picture = answer.bytes().await.expect("a picture");
        assert!(picture.starts_with(b"\x89PNG"));
    }
    assert_eq!(
        world
            .get("none.test.localhost", "/-/px/docs.gif")
            .await
            .status(),
        404
    );
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    broken_link |  | docs |  | GET | 200 | 
    broken_link |  | docs |  | GET | 200 | 
    broken_link |  |  |  | GET | 404 |
    ");
}

#[tokio::test]
async fn a_proxy_of_pictures_may_keep_nothing_and_a_bot_is_told_that_it_is_one() {
    let world = World::start(CONFIG).await;
    for agent in ["github-camo (876de43e)", "Googlebot/2.1", BROWSER] {
        let midnight = world.get(HOST, "/-/px/docs.gif").await;
        let midnight = &midnight.headers()["last-modified"];
        let look = world
            .request("GET", HOST, "/-/px/docs.gif")
            .header("user-agent", agent)
            .header("if-modified-since", midnight);
        let answer = look.send().await.expect("an answer");
        let said = |name| {
            let value = answer.headers().get(name);
            value.map_or("-", |value| value.to_str().expect("text"))
        };
        let names = ["cache-control", "expires", "x-dropped"];
        let told = names.map(said).join(" | ");
        let told = format!("{} {told}", answer.status().as_u16());
        match agent {
            BROWSER => insta::assert_snapshot!(told, @"304 private, no-cache | - | -"),
            "Googlebot/2.1" => {
                insta::assert_snapshot!(told, @"200 private, no-cache | - | bot");
            }
            _ => {
                insta::assert_snapshot!(told, @"200 max-age=0, no-cache, no-store, must-revalidate | 0 | -");
                assert!(answer.headers().contains_key("etag"));
            }
        }
    }
    let events = world.recorded().await;
    let looks = events.iter().filter(|event| event["client"] != "");
    let told = looks.map(|event| columns(event, &["kind", "client", "audience", "org_id"]));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    view | github-camo | proxy | 0
    view | googlebot | bot | 0
    view | firefox | people | 0
    ");
}

#[tokio::test]
async fn a_place_that_tells_no_page_is_named_by_the_pixel() {
    let world = World::start(CONFIG).await;
    for path in [
        "/-/px/docs.gif?at=readme",
        "/-/px/docs.gif?at=no+such%20name",
    ] {
        assert_eq!(world.get(HOST, path).await.status(), 200);
    }
    let events = world.recorded().await;
    let told = |event| columns(event, &["page"]);
    insta::assert_snapshot!(events.iter().map(told).collect::<Vec<_>>().join("|"), @"readme|");
}

#[tokio::test]
async fn views_ahead_of_time_and_views_of_who_opted_out_are_not_recorded() {
    let world = World::start(CONFIG).await;
    for (name, value) in [
        ("sec-purpose", "prefetch"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("dnt", "1"),
        ("sec-gpc", "1"),
    ] {
        let answer = world
            .request("GET", HOST, "/-/px/docs.gif")
            .header(name, value)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{name}: {value}");
        assert_eq!(answer.bytes().await.expect("a picture").len(), 43);
    }
    let looked = world
        .request("HEAD", HOST, "/-/px/docs.gif")
        .send()
        .await
        .expect("an answer");
    assert_eq!(looked.headers()["content-length"], "43");
    insta::assert_snapshot!(lines(&world.recorded().await), @"check | acme/rocket | docs | docs | HEAD | 200 |");
}

#[tokio::test]
async fn a_pixel_leads_nowhere_and_keeps_of_its_page_the_host() {
    let world = World::start(CONFIG).await;
    let view = world
        .request("GET", HOST, "/-/px/docs.gif?url=http://evil.test")
        .header("referer", "https://docs.test/secret/page?token=S3CR3T");
    let answer = view.send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), answer.headers().get("location")),
        (200, None)
    );
    assert_eq!(
        world
            .request("POST", HOST, "/-/px/docs.gif")
            .send()
            .await
            .expect("an answer")
            .status(),
        405
    );
    let long = format!("/-/px/docs.gif?{}", "a".repeat(20 * 1024));
    assert_eq!(world.get(HOST, &long).await.status(), 414);
    let events = world.recorded().await;
    insta::assert_snapshot!(lines(&events), @"view | acme/rocket | docs | docs | GET | 200 | docs.test");
    assert!(!format!("{events:?}").contains("S3CR3T"));
}

#[tokio::test]
async fn a_view_says_what_led_to_it_and_nothing_more_of_the_link() {
    let world = World::start(CONFIG).await;
    for (path, referrer) in [
        ("/-/px/docs.gif", "https://www.google.com/"),
        (
            "/-/px/docs.gif",
            "https://docs.acme.example/start?token=secret&utm_source=hn&utm_campaign=launch+week",
        ),
        ("/-/px/docs.gif?ref=readme", "https://docs.acme.example/"),
    ] {
        let asked = format!("GET {path} HTTP/1.1\r\nHost: {HOST}\r\nReferer: {referrer}\r\n\r\n");
        let mut connection = world.connect().await;
        connection.send(asked.as_bytes()).await;
        assert_eq!(connection.answer().await.expect("an answer").status, 200);
    }
    let events = world.recorded().await;
    let told = |event| columns(event, &["referrer_host", "source", "campaign", "page"]);
    insta::assert_snapshot!(events.iter().map(told).collect::<Vec<_>>().join("\n"), @r"
    www.google.com | Search engines |  | 
    docs.acme.example | Hacker News | launch week | 
    docs.acme.example | GitHub |  |
    ");
}
