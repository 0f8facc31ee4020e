//! Events as they arrive, from a real ClickHouse to a listener: who gets which, and when a stream ends.

mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use weir_dashboards::{Actor, Connect, Packages, Role};
use weir_event::Event;
use world::engine::{Events, Filled};
use world::{Browser, PASSWORD, World, dashboard};

/// Longest that a test waits for a message.
const PATIENCE: Duration = Duration::from_secs(20);

/// A stream, read message by message.
struct Listener {
    response: Response,
    unread: String,
}

/// A message as it came.
#[derive(Debug)]
struct Message {
    event: String,
    id: String,
    data: Value,
}

impl Listener {
    async fn open(browser: &Browser, package: &str, last: Option<&str>) -> Self {
        let path = format!("/api/v2/live?package={}", package.replace('/', "%2F"));
        let response = browser.listen(&path, last).await;
        assert_eq!(response.status(), StatusCode::OK);
        Self {
            response,
            unread: String::new(),
        }
    }

    /// The next message that is no comment; none when the stream has ended.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(end) = self.unread.find("\n\n") {
                let block: String = self.unread.drain(..end + 2).collect();
                if let Some(message) = read(&block) {
                    return Some(message);
                }
                continue;
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("something in time").ok().flatten()?;
            self.unread.push_str(&String::from_utf8_lossy(&chunk));
        }
    }

    /// The first counts with so many people.
    async fn counts_of(&mut self, people: u64) -> Value {
        loop {
            let counts = self.next_of("counts").await.data;
            if counts["people"] == people {
                return counts;
            }
        }
    }

    /// The next message of this event.
    async fn next_of(&mut self, event: &str) -> Message {
        loop {
            let message = self.next().await.expect("the stream goes on");
            if message.event == event {
                return message;
            }
        }
    }
}

fn read(block: &str) -> Option<Message> {
    let field = |name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name));
        line.map(|value| value.trim_start().to_owned())
    };
    Some(Message {
        event: field("event:")?,
        id: field("id:").unwrap_or_default(),
        data: serde_json::from_str(&field("data:")?).expect("JSON"),
    })
}

fn versions(message: &Message) -> Vec<&str> {
    let events = message.data["events"].as_array().expect("events");
    events
        .iter()
        .map(|event| event["version"].as_str().unwrap_or(""))
        .collect()
}

async fn guest(world: &World) -> Browser {
    let packages = Packages::only(["acme/docs".to_owned()]);
    let console = Actor::console();
    let added = world
        .accounts
        .add_user(&console, "Gus", Role::Guest, &packages, PASSWORD);
    added.await.expect("a user");
    let mut browser = world.browser();
    let credentials = json!({"name": "Gus", "password": PASSWORD});
    let answer = browser.post("/api/v2/session", credentials).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    browser
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_listener_hears_of_each_event_once_and_goes_on_where_it_stopped() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let now = Timestamp::now();
    engine.store(&[events.download(now, "1.0.0")]).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let browser = world.owner().await;

    let mut listener = Listener::open(&browser, "acme/rocket", None).await;
    let hello = listener.next().await.expect("a message");
    assert_eq!(
        (hello.event.as_str(), &hello.data),
        ("hello", &json!({"usual_gap_s": null}))
    );
    let first = listener.next_of("events").await;
    assert_eq!(
        (versions(&first), &first.data["first"]),
        (vec!["1.0.0"], &json!(true))
    );

    let stored = Instant::now();
    engine.store(&[events.download(now, "2.0.0")]).await;
    let second = listener.next_of("events").await;
    assert_eq!(
        (versions(&second), &second.data["first"]),
        (vec!["2.0.0"], &json!(false))
    );
    assert!(
        stored.elapsed() < Duration::from_secs(5),
        "{:?}",
        stored.elapsed()
    );
    let counts = listener.counts_of(2).await;
    let minutes = counts["minutes"].as_array().expect("minutes");
    assert_eq!(minutes.len(), 30);
    let counted: u64 = minutes
        .iter()
        .filter_map(|minute| minute["events"].as_u64())
        .sum();
    assert_eq!(counted, 2);

    drop(listener);
    engine.store(&[events.download(now, "3.0.0")]).await;
    let mut resumed = Listener::open(&browser, "acme/rocket", Some(&second.id)).await;
    let third = resumed.next_of("events").await;
    assert_eq!(
        (versions(&third), &third.data["first"]),
        (vec!["3.0.0"], &json!(false))
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_hears_of_their_packages_alone_and_of_none_once_they_may_not() {
    let mut engine = Filled::start().await;
    let mut events = Events::new();
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let owner = world.owner().await;
    let guest = guest(&world).await;
    let mut theirs = Listener::open(&guest, "*", None).await;
    let mut all = Listener::open(&owner, "*", None).await;
    let now = Timestamp::now();
    let docs = Event {
        package: "acme/docs".into(),
        ..events.download(now, "7.0.0")
    };
    engine.store(&[events.download(now, "1.0.0"), docs]).await;
    let heard = async |listener: &mut Listener, version: &str| {
        let mut heard = Vec::new();
        while !heard.iter().any(|known| known == version) {
            let message = listener.next_of("events").await;
            heard.extend(versions(&message).into_iter().map(str::to_owned));
        }
        heard.len()
    };
    assert_eq!(heard(&mut all, "1.0.0").await, 2);
    assert_eq!(heard(&mut theirs, "7.0.0").await, 1);
    all.counts_of(2).await;
    theirs.counts_of(1).await;

    let console = Actor::console();
    let user = world.accounts.user_named("Gus").await.expect("a user");
    let changed = world.accounts.remove_user(&console, &user.id);
    changed.await.expect("removed");
    let ended = async { while theirs.next().await.is_some() {} };
    let ended = tokio::time::timeout(PATIENCE, ended).await;
    assert!(ended.is_ok(), "a stream outlives its session");
    assert!(all.next().await.is_some(), "others go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_has_more_streams_than_four_and_one_that_ends_makes_room() {
    let engine = Filled::start().await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let browser = world.owner().await;
    let mut open = Vec::new();
    for _ in 0..4 {
        open.push(Listener::open(&browser, "*", None).await);
    }
    let refused = browser.listen("/api/v2/live", None).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.headers()["retry-after"], "10");
    open.pop();
    let deadline = Instant::now() + PATIENCE;
    while browser.listen("/api/v2/live", None).await.status() != StatusCode::OK {
        assert!(Instant::now() < deadline, "a closed stream keeps its place");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clickhouse_is_asked_once_a_second_for_all_and_not_at_all_for_nobody() {
    let engine = Filled::start().await;
    let (connect, asked) = (engine.connect(), Arc::new(AtomicU64::new(0)));
    let connections = Arc::clone(&asked);
    let counted: Connect = Arc::new(move || {
        connections.fetch_add(1, Ordering::Relaxed);
        connect()
    });
    let world = dashboard(counted, engine.connect_to_export()).await;
    let browser = world.owner().await;
    let mut open = Vec::new();
    for package in ["*", "acme/rocket", "acme/docs"] {
        open.push(Listener::open(&browser, package, None).await);
    }
    let (begun, before) = (Instant::now(), asked.load(Ordering::Relaxed));
    for listener in &mut open {
        listener.next_of("counts").await;
        listener.next_of("counts").await;
    }
    let looks = asked.load(Ordering::Relaxed) - before;
    assert!(
        looks >= 3 && looks <= begun.elapsed().as_secs() + 2,
        "{looks} in {:?}",
        begun.elapsed()
    );

    drop(open);
    let (deadline, mut before) = (Instant::now() + PATIENCE, 0);
    while asked.load(Ordering::Relaxed) != before {
        assert!(Instant::now() < deadline, "still looking");
        before = asked.load(Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }
}
