//! What everybody may know of a public package, and that nobody knows more.

mod world;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use reqwest::StatusCode;
use weir_dashboards::Clock;
use weir_event::Event;
use world::engine::{Events, Filled};
use world::{dashboard, dashboard_in};

const ROCKET: &str = "/api/v2/public/acme%2Frocket";

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0)
        .to_zoned(TimeZone::UTC)
        .expect("noon")
        .timestamp()
}

#[tokio::test]
async fn whoever_is_not_public_is_not_there() {
    let world = dashboard(Arc::new(|| None), Arc::new(|| None)).await;
    let mut anybody = world.browser();
    anybody.origin = None;
    let nothing = anybody.get("/api/v2/no-such-thing").await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    for path in [
        "/api/v2/public/acme%2Fsecret",
        "/api/v2/public/acme%2Fsecret?by=nonsense",
        "/api/v2/public/acme",
        "/api/v2/public/ACME%2FROCKET",
        "/api/v2/public/acme/rocket",
        "/api/v2/public/",
    ] {
        let answer = anybody.get(path).await;
        assert_eq!(answer.status, nothing.status, "{path}");
        assert_eq!(answer.body, nothing.body, "{path}");
        let undated = |mut headers: reqwest::header::HeaderMap| {
            headers.remove("date");
            headers.remove("x-request-id");
            headers
        };
        assert_eq!(
            undated(answer.headers),
            undated(nothing.headers.clone()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn anybody_may_ask_from_any_page_without_signing_in() {
    let world = dashboard(Arc::new(|| None), Arc::new(|| None)).await;
    let mut anybody = world.browser();
    anybody.origin = Some("https://blog.example".to_owned());
    let answer = anybody.get(ROCKET).await;
    assert_eq!(answer.status, StatusCode::OK);
    insta::assert_snapshot!(answer.body, @r#"{"package":"acme/rocket","by":"country","weeks":[]}"#);
    let headers = [
        "access-control-allow-origin",
        "cross-origin-resource-policy",
        "cache-control",
        "content-type",
    ];
    insta::assert_snapshot!(headers.map(|name| format!("{name}: {}", answer.header(name))).join("\n"), @"
    access-control-allow-origin: *
    cross-origin-resource-policy: cross-origin
    cache-control: public, max-age=600
    content-type: application/json
    ");
    let unread = anybody.get(&format!("{ROCKET}?by=visitor")).await;
    assert_eq!(unread.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_asks_too_much_waits_and_the_page_does_not() {
    let world = dashboard(Arc::new(|| None), Arc::new(|| None)).await;
    let mut anybody = world.browser();
    let mut mostly = 0;
    let deadline = Instant::now() + Duration::from_secs(30);
    let refused = loop {
        assert!(Instant::now() < deadline, "{mostly} answers and no end");
        let answer = anybody.get(ROCKET).await;
        match answer.status {
            StatusCode::OK => mostly += 1,
            _ => break answer,
        }
    };
    assert!(mostly >= 200, "{mostly}");
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(anybody.get("/api/v2/session").await.status, StatusCode::OK);
}

/// Six clients of the package, one of another, and an error, which is no download.
fn downloads(day: Date) -> Vec<Event<'static>> {
    let mut events = Events::new();
    let mut all: Vec<_> = (0..6)
        .map(|number| Event {
            country: Cow::Borrowed(if number == 5 { "LI" } else { "CH" }),
            version_major: Cow::Borrowed(if number > 2 { "2" } else { "1" }),
            os: Cow::Borrowed("linux"),
            ..events.download(noon(day), "2.1")
        })
        .collect();
    let again = Event {
        visitor: 1,
        ..events.download(noon(day), "2.1")
    };
    let other = Event {
        package: Cow::Borrowed("acme/secret"),
        ..events.download(noon(day), "1")
    };
    let error = Event {
        status: 502,
        ..events.download(noon(day), "2.1")
    };
    all.extend([again, other, error]);
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_counted_by_the_clock_and_seven_make_a_week() {
    let mut filled = Filled::start().await;
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let yesterday = today.yesterday().expect("a day");
    filled.store(&downloads(yesterday)).await;
    let clock: Clock = Arc::new(move || noon(today));
    let folder = tempfile::tempdir().expect("a folder");
    let world = dashboard_in(folder, filled.connect(), filled.connect_to_export(), clock).await;
    let path = world.folder.path().join(format!("public/{yesterday}.json"));
    let deadline = Instant::now() + Duration::from_mins(1);
    while !path.exists() {
        assert!(Instant::now() < deadline, "not counted");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let counted = std::fs::read_to_string(&path).expect("a file");
    insta::assert_snapshot!(counted, @r#"{"acme/rocket":{"whole":[7,6],"cells":{"country":{"CH":[6,5],"LI":[1,1]},"version":{"":[1,1],"1":[3,3],"2":[3,3]},"client":{"pip":[7,6]},"platform":{"":[1,1],"linux":[6,6]}}}}"#);

    let folder = tempfile::tempdir().expect("a folder");
    let days = folder.path().join("public");
    std::fs::create_dir(&days).expect("made");
    for day in 16..=22 {
        std::fs::write(days.join(format!("2026-11-{day}.json")), &counted).expect("written");
    }
    let tuesday: Clock = Arc::new(|| noon(date(2026, 11, 24)));
    let world = dashboard_in(folder, Arc::new(|| None), Arc::new(|| None), tuesday).await;
    let mut anybody = world.browser();
    let mut told = Vec::new();
    for by in ["country", "version", "client", "platform"] {
        told.push(anybody.get(&format!("{ROCKET}?by={by}")).await.body);
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"package":"acme/rocket","by":"country","weeks":[{"week":"2026-W47","first_day":"2026-11-16","downloads":49,"cells":[],"other":49}]}
    {"package":"acme/rocket","by":"version","weeks":[{"week":"2026-W47","first_day":"2026-11-16","downloads":49,"cells":[{"value":"1","downloads":21}],"other":28}]}
    {"package":"acme/rocket","by":"client","weeks":[{"week":"2026-W47","first_day":"2026-11-16","downloads":49,"cells":[{"value":"pip","downloads":49}],"other":null}]}
    {"package":"acme/rocket","by":"platform","weeks":[{"week":"2026-W47","first_day":"2026-11-16","downloads":49,"cells":[],"other":49}]}
    "#);
}
