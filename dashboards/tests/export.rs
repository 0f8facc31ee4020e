//! Exports over HTTP and by the clock, against a real ClickHouse.

#[path = "export/cut.rs"]
mod cut;
mod world;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use weir_dashboards::export::{Destination, Every, Exporter, Job, JobError, Jobs, Wanted};
use weir_event::Event;
use world::bucket::Bucket;
use world::dashboard;
use world::engine::{Events, Filled};

fn now() -> Timestamp {
    let seconds = Timestamp::now().as_second();
    Timestamp::from_second(seconds - seconds % 60).expect("a time of this century")
}

fn wanted(format: &str) -> Value {
    json!({"site_id": "*", "date_range": "24h", "format": format, "columns": ["package", "version", "status", "artifact"]})
}

/// One engine for all formats: it takes longer to start than to ask.
#[tokio::test]
async fn events_are_taken_away_in_every_format() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let nasty = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "1.0 \"a\", b",
        "",
    ];
    let stored: Vec<Event<'_>> = nasty
        .iter()
        .map(|artifact| Event {
            artifact: Cow::Borrowed(artifact),
            ..events.download(now(), "1.2.3")
        })
        .collect();
    engine.store(&stored).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;

    let csv = browser.post("/api/v2/export", wanted("csv")).await;
    assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(
        csv.header("content-disposition")
            .starts_with("attachment; filename=\"weir-all-")
    );
    let mut lines: Vec<_> = csv
        .body
        .split('\n')
        .map(|line| format!("{line:?}"))
        .collect();
    lines[1..].sort();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    "\"package\",\"version\",\"status\",\"artifact\""
    ""
    "\"acme/rocket\",\"1.2.3\",302,\"'+1\""
    "\"acme/rocket\",\"1.2.3\",302,\"'-1\""
    "\"acme/rocket\",\"1.2.3\",302,\"'=1+1\""
    "\"acme/rocket\",\"1.2.3\",302,\"'@SUM(A1)\""
    "\"acme/rocket\",\"1.2.3\",302,\"'\r=1\""
    "\"acme/rocket\",\"1.2.3\",302,\"'\t=1\""
    "\"acme/rocket\",\"1.2.3\",302,\"1.0 \"\"a\"\", b\""
    "\"acme/rocket\",\"1.2.3\",302,\"\""
    "#);

    let ndjson = browser.post("/api/v2/export", wanted("ndjson")).await;
    let mut artifacts: Vec<String> = ndjson
        .body
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
        .map(|row| row["artifact"].as_str().expect("text").to_owned())
        .collect();
    artifacts.sort();
    let mut expected = nasty.map(str::to_owned);
    expected.sort();
    assert_eq!(
        artifacts, expected,
        "as stored: only spreadsheets run cells"
    );

    let link = "/api/v2/export?site_id=acme/rocket&date_range=24h&format=ndjson&columns=time,event_id,props\
        &filters=[[\"is\",\"artifact\",[\"%2B1\"]]]";
    let row: Value = browser.get(link).await.json();
    assert_eq!(row["time"], now_text(stored[1].time));
    assert_eq!(row["event_id"].as_str().map(str::len), Some(32));
    assert_eq!(row["props"], json!({}));

    let question = json!({"site_id": "*", "date_range": "28d", "format": "csv",
        "metrics": ["downloads", "people"], "dimensions": ["package", "version"]});
    let rows = browser.post("/api/v2/export", question).await.body;
    insta::assert_snapshot!(rows, @r#"
    "package","version","downloads","people"
    "acme/rocket","1.2.3",8,8
    "#);

    for (format, magic) in [("parquet", "PAR1"), ("arrow", "ARROW1")] {
        let file = browser.bytes("/api/v2/export", wanted(format)).await;
        assert!(file.starts_with(magic.as_bytes()), "{format}");
        assert!(file.ends_with(magic.as_bytes()), "{format} is whole");
    }
    let mut stranger = world.browser();
    let refused = stranger.get("/api/v2/export").await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
}

fn now_text(seconds: u32) -> String {
    Timestamp::from_second(i64::from(seconds))
        .expect("a time")
        .to_string()
}

#[tokio::test]
async fn a_missing_table_is_an_answer_and_no_empty_file() {
    let world = dashboard(Arc::new(|| None), Arc::new(|| None)).await;
    let mut browser = world.owner().await;
    let answer = browser.post("/api/v2/export", wanted("csv")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "2");
    browser.origin = Some("http://evil.example".to_owned());
    let foreign = browser
        .send(Method::POST, "/api/v2/export", Some(wanted("csv")))
        .await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

/// A clock that only moves when it is told to.
#[derive(Clone)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn new(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.as_second())))
    }

    fn forward(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }

    fn clock(&self) -> weir_dashboards::Clock {
        let hands = self.clone();
        Arc::new(move || {
            let seconds = hands.0.load(Ordering::SeqCst);
            Timestamp::from_second(seconds).expect("a time of this century")
        })
    }
}

fn hourly(folder: &Path) -> Wanted {
    Wanted {
        name: "lake".to_owned(),
        every: Every::Hour,
        destination: Destination::Folder(folder.join("out")),
        rows: json!({"site_id": "*", "date_range": "all", "format": "ndjson", "columns": ["time", "version"]}),
    }
}

/// A list that nobody changes.
fn only(job: Result<Job, JobError>) -> watch::Receiver<Arc<[Job]>> {
    watch::channel([job.expect("it makes sense")].into()).1
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join("out")).into_iter().flatten();
    let mut names: Vec<_> = entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("a plain name"))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn each_hour_is_exported_once_and_those_of_a_downtime_are_made_up_for() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    // Of yesterday, because the table forgets what is old.
    let day = (Timestamp::now() - SignedDuration::from_hours(24)).strftime("%Y-%m-%d");
    let day = day.to_string();
    let start: Timestamp = format!("{day}T05:00:00Z").parse().expect("an instant");
    let hours = |count: i64| SignedDuration::from_hours(count);
    let stored = [
        events.download(start - SignedDuration::from_mins(1), "1.0.0"),
        events.download(start, "2.0.0"),
        events.download(start + hours(2), "3.0.0"),
    ];
    engine.store(&stored).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ledgers = folder.path().join("exports");
    let hands = Hands::new(start + SignedDuration::from_mins(20));
    let jobs = |connect| Jobs {
        jobs: only(Job::new(hourly(folder.path()), &ledgers)),
        exporter: Exporter::new(connect, 90),
        clock: hands.clock(),
        waiting: Arc::new(|| None),
    };
    assert_eq!(jobs(engine.connect_to_export()).step().await, 1);
    assert_eq!(files(folder.path()), [format!("lake-{day}T04Z.ndjson")]);

    // Out of order for three hours: nothing is written, not even half a file.
    hands.forward(hours(3));
    assert_eq!(jobs(Arc::new(|| None)).step().await, 0);
    assert_eq!(files(folder.path()).len(), 1);

    let again = jobs(engine.connect_to_export());
    assert_eq!(again.step().await, 3);
    assert_eq!(again.step().await, 0, "each once");
    assert_eq!(
        files(folder.path()),
        ["04", "05", "06", "07"].map(|hour| format!("lake-{day}T{hour}Z.ndjson"))
    );
    let versions: Vec<_> = files(folder.path())
        .iter()
        .map(|name| std::fs::read_to_string(folder.path().join("out").join(name)))
        .map(|text| text.expect("readable"))
        .collect();
    insta::assert_snapshot!(versions.join("--\n").replace(&day, "DAY"), @r#"
    {"time":"DAYT04:59:00Z","version":"1.0.0"}
    --
    {"time":"DAYT05:00:00Z","version":"2.0.0"}
    --
    --
    {"time":"DAYT07:00:00Z","version":"3.0.0"}
    "#);

    // Events that are still on their way hold their hour back.
    hands.forward(hours(1));
    let waiting = Jobs {
        waiting: Arc::new(|| Some(Duration::from_hours(2))),
        ..jobs(engine.connect_to_export())
    };
    assert_eq!(waiting.step().await, 0);
    assert_eq!(jobs(engine.connect_to_export()).step().await, 1);
}

#[tokio::test]
async fn a_bucket_has_each_period_once_however_often_it_was_sent() {
    let bucket = Bucket::start().await;
    let mut engine = Filled::start().await;
    let hour = now() - SignedDuration::from_secs(now().as_second() % 3600);
    let time = hour - SignedDuration::from_mins(30);
    engine.store(&[Events::new().download(time, "1.2.3")]).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let wanted = Wanted {
        destination: Destination::Bucket(bucket.place()),
        ..hourly(folder.path())
    };
    let hands = Hands::new(hour + SignedDuration::from_mins(20));
    let jobs = Jobs {
        jobs: only(Job::new(wanted, folder.path())),
        exporter: Exporter::new(engine.connect_to_export(), 90),
        clock: hands.clock(),
        waiting: Arc::new(|| None),
    };
    let name = time.strftime("lake-%Y-%m-%dT%HZ.ndjson");
    let expected = format!("weir/{name} {{\"time\":\"{time}\",\"version\":\"1.2.3\"}}\n");

    assert_eq!(jobs.step().await, 0, "there is no bucket yet");
    bucket.make().await;
    assert_eq!(jobs.step().await, 1);
    assert_eq!(bucket.objects(), expected);

    // As after a crash between the object and its note.
    std::fs::remove_file(folder.path().join("lake.json")).expect("a ledger");
    assert_eq!(jobs.step().await, 1);
    assert_eq!(bucket.objects(), expected);
}
