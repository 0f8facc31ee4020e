//! From the docs to a package, by organisation, over a real ClickHouse.

mod world;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};
use weir_dashboards::{Actor, Packages, Role};
use weir_event::{Audience, Event, Kind};
use weir_ingest::organisation::corrections::{Action, Correction, Corrections};
use world::engine::{Events, Filled};
use world::{Browser, PASSWORD, World, dashboard};

/// Organisations by number; 0 is nobody.
const WHOLE_WAY: u32 = 1;
const READS_ON: u32 = 2;
const CAME_BEFORE: u32 = 3;
const LOOKS: u32 = 4;

/// `hour` o'clock of the UTC day `days` ago.
fn at(days: i64, hour: i64) -> Timestamp {
    let now = Timestamp::now().as_second();
    let midnight = now - now.rem_euclid(86_400);
    Timestamp::from_second(midnight - days * 86_400 + hour * 3600).expect("a time")
}

fn day(days: i64) -> String {
    at(days, 0).strftime("%Y-%m-%d").to_string()
}

/// What organisations did, event by event.
#[derive(Default)]
struct Story {
    made: Option<Events>,
    events: Vec<Event<'static>>,
}

impl Story {
    fn event(&mut self, org_id: u32, time: Timestamp) -> Event<'static> {
        let made = self.made.get_or_insert_with(Events::new);
        let name = ["", "Acme Lab", "Rival Inc.", "Old Friends", "Passers-by"];
        Event {
            org_id,
            org_name: name.get(org_id as usize).copied().unwrap_or("Crowd").into(),
            org_domain: format!("org-{org_id}.example").into(),
            org_type: "business".into(),
            org_confidence: 90,
            ..made.download(time, "1.0.0")
        }
    }

    fn downloads(&mut self, org_id: u32, time: Timestamp) {
        let event = self.event(org_id, time);
        self.events.push(event);
    }

    fn reads(&mut self, org_id: u32, time: Timestamp, page: &'static str) {
        let event = Event {
            kind: Kind::View,
            status: 200,
            version: "".into(),
            page: page.into(),
            ..self.event(org_id, time)
        };
        self.events.push(event);
    }

    fn copies(&mut self, org_id: u32, time: Timestamp, command: &'static str) {
        let event = Event {
            kind: Kind::Custom,
            status: 202,
            version: "".into(),
            props: vec![
                ("event".into(), "copy".into()),
                ("command".into(), command.into()),
            ],
            ..self.event(org_id, time)
        };
        self.events.push(event);
    }
}

fn story() -> Vec<Event<'static>> {
    let mut story = Story::default();
    story.reads(WHOLE_WAY, at(60, 8), "/docs/");
    story.reads(WHOLE_WAY, at(58, 9), "/docs/install");
    story.copies(WHOLE_WAY, at(58, 10), "pip install rocket");
    story.downloads(WHOLE_WAY, at(57, 10));
    story.downloads(WHOLE_WAY, at(20, 10));

    // The command is copied before the page is read, and the download comes by a mirror: neither counts.
    story.copies(READS_ON, at(41, 8), "pip install rocket");
    story.reads(READS_ON, at(40, 8), "/docs/");
    story.reads(READS_ON, at(40, 9), "/docs/install");
    let mirrored = Event {
        audience: Audience::Mirror,
        ..story.event(READS_ON, at(39, 8))
    };
    story.events.push(mirrored);

    story.downloads(CAME_BEFORE, at(80, 8));
    story.reads(CAME_BEFORE, at(30, 8), "/docs/install");
    story.downloads(CAME_BEFORE, at(29, 8));

    story.reads(LOOKS, at(10, 8), "/docs/");
    // Nobody in particular.
    story.reads(0, at(10, 8), "/docs/");
    story.copies(0, at(10, 8), "docker pull rocket");
    // Enough that adopted after one page to be told of.
    for org_id in 11..16 {
        story.reads(org_id, at(6, 8), "/docs/compare");
        story.downloads(org_id, at(5, 8));
    }
    story.events
}

struct Stage {
    engine: Filled,
    world: World,
    browser: Browser,
}

impl Stage {
    async fn set(events: &[Event<'_>]) -> Self {
        let mut engine = Filled::start().await;
        engine.store(events).await;
        let world = dashboard(engine.connect(), engine.connect_to_export()).await;
        let browser = world.owner().await;
        Self {
            engine,
            world,
            browser,
        }
    }

    async fn get(&mut self, path: &str) -> Value {
        let answer = self.browser.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.json()
    }

    async fn correct(&self, org_id: u32, action: Action) {
        let correction = Correction {
            org_id,
            asn: 0,
            action,
            note: String::new(),
        };
        let corrections = Corrections::connect(&self.engine.access_to_write());
        corrections.put(&correction).await.expect("stored");
    }
}

/// `path` for `acme/rocket` from `first` days ago until now.
fn since(path: &str, first: i64) -> String {
    let (from, to) = (day(first), day(-1));
    format!("/api/v2/{path}?package=acme/rocket&from={from}&to={to}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organisations_are_followed_from_the_docs_to_a_download_and_no_further_than_in_order() {
    let mut stage = Stage::set(&story()).await;
    let mut funnel = stage.get(&since("funnel", 70)).await;
    funnel["from"].take();
    insta::assert_snapshot!(funnel, @r#"{"from":null,"read":8,"install":{"organisations":2,"median_days":2.042},"copied":{"organisations":1,"median_days":0.042},"downloaded":{"organisations":1,"median_days":1.0},"stayed":{"organisations":1,"of":1},"had_downloaded":1}"#);

    // Who began to read after that has not been here for long.
    let later = stage.get(&since("funnel", 20)).await;
    assert_eq!(
        (&later["read"], &later["downloaded"]["organisations"]),
        (&json!(6), &json!(0))
    );

    let elsewhere = stage
        .get(&format!("{}&install=compare", since("funnel", 20)))
        .await;
    assert_eq!(elsewhere["install"]["organisations"], json!(5));

    stage.correct(LOOKS, Action::Hide).await;
    let first = stage.get(&since("funnel", 69)).await;
    assert_eq!(first["read"], json!(7), "a hidden organisation is nobody");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_nothing_tells_of_holds_nobody_back() {
    let mut story = Story::default();
    story.reads(WHOLE_WAY, at(3, 8), "/docs/install");
    story.downloads(WHOLE_WAY, at(3, 9));
    let mut stage = Stage::set(&story.events).await;
    let funnel = stage.get(&since("funnel", 7)).await;
    assert_eq!(funnel["copied"], Value::Null);
    assert_eq!(funnel["downloaded"]["organisations"], json!(1));
    assert_eq!(funnel["stayed"], json!({"organisations": 0, "of": 0}));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_are_told_by_who_had_read_them_before_adopting_where_those_are_not_few() {
    let mut stage = Stage::set(&story()).await;
    insta::assert_snapshot!(stage.get(&since("docs/reading", 85)).await, @r#"{"readers":9,"adopters":7,"adopters_who_read":6,"floor":5,"pages":[{"page":"/docs/compare","organisations":5,"before_adoption":5},{"page":"/docs/","organisations":3,"before_adoption":null},{"page":"/docs/install","organisations":3,"before_adoption":null}]}"#);
    let copied = stage.get(&since("docs/copied", 85)).await;
    insta::assert_snapshot!(copied, @r#"{"commands":[{"command":"pip install rocket","copies":2,"organisations":2},{"command":"docker pull rocket","copies":1,"organisations":0}]}"#);

    // One organisation by two names is counted once.
    let merged = Action::Rename {
        name: "Acme Lab".to_owned(),
        domain: "org-1.example".to_owned(),
        kind: None,
    };
    stage.correct(READS_ON, merged).await;
    let reading = stage.get(&since("docs/reading", 84)).await;
    assert_eq!(reading["readers"], json!(8));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_told_of_a_package_that_nobody_reads() {
    let mut stage = Stage::set(&[]).await;
    let mut told = Vec::new();
    for path in ["docs/reading", "docs/copied"] {
        told.push(stage.get(&since(path, 7)).await.to_string());
    }
    told.push(stage.get("/api/v2/retention").await.to_string());
    let mut funnel = stage.get(&since("funnel", 7)).await;
    funnel["from"].take();
    told.push(funnel.to_string());
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"readers":0,"adopters":0,"adopters_who_read":0,"floor":5,"pages":[]}
    {"commands":[]}
    {"since":null,"cohorts":[]}
    {"from":null,"read":0,"install":{"organisations":0,"median_days":null},"copied":null,"downloaded":{"organisations":0,"median_days":null},"stayed":{"organisations":0,"of":0},"had_downloaded":0}
    "#);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organisations_are_counted_in_the_months_that_they_came_back_in() {
    let months = |months: i64| {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let month = today
            .first_of_month()
            .saturating_sub(jiff::Span::new().months(months));
        let noon = month.at(12, 0, 0, 0).in_tz("UTC").expect("a time");
        noon.timestamp()
    };
    let mut story = Story::default();
    for org_id in [WHOLE_WAY, READS_ON] {
        story.downloads(org_id, months(2));
    }
    story.downloads(WHOLE_WAY, months(1));
    story.downloads(WHOLE_WAY, months(1) + SignedDuration::from_hours(30));
    story.downloads(READS_ON, months(0));
    story.downloads(LOOKS, months(1));
    story.reads(LOOKS, months(0), "/docs/");
    let mut stage = Stage::set(&story.events).await;
    let told = stage
        .get("/api/v2/retention?package=acme/rocket&months=3")
        .await;
    let cohorts = told["cohorts"].as_array().expect("cohorts").iter();
    let counts: Vec<_> = cohorts.map(|cohort| &cohort["organisations"]).collect();
    assert_eq!(counts, [&json!([2, 1, 1]), &json!([1, 0])]);
    let month = months(2).strftime("%Y-%m-%d").to_string();
    assert_eq!(
        (&told["since"], &told["cohorts"][0]["month"]),
        (&json!(month), &json!(month))
    );

    let fewer = stage
        .get("/api/v2/retention?package=acme/rocket&months=2")
        .await;
    assert_eq!(
        fewer["cohorts"][0]["organisations"],
        json!([1, 0]),
        "who came before is not new"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_that_make_no_sense_and_packages_of_others_are_refused() {
    let stage = Stage::set(&story()).await;
    let others = Packages::only(["acme/docs".to_owned()]);
    let console = Actor::console();
    let added = stage.world.accounts;
    added
        .add_user(&console, "Grace", Role::Guest, &others, PASSWORD)
        .await
        .expect("a guest");
    let mut guest = stage.browser;
    let credentials = json!({"name": "Grace", "password": PASSWORD});
    assert!(
        guest
            .post("/api/v2/session", credentials)
            .await
            .status
            .is_success()
    );
    let mut told = Vec::new();
    for path in [
        since("funnel", 70),
        since("docs/reading", 70),
        since("docs/copied", 70),
        "/api/v2/retention?package=acme/rocket".to_owned(),
        "/api/v2/retention?months=26".to_owned(),
        "/api/v2/funnel?from=2026-02-01&to=2026-02-01".to_owned(),
        format!(
            "{}&install=(",
            since("funnel", 70).replace("acme/rocket", "acme/docs")
        ),
    ] {
        let answer = guest.get(&path).await;
        told.push(format!("{} {}", answer.status.as_u16(), answer.body));
    }
    insta::assert_snapshot!(told.join("\n"), @r#"
    404 {"error":"there is no such package","code":"no_such_package"}
    404 {"error":"there is no such package","code":"no_such_package"}
    404 {"error":"there is no such package","code":"no_such_package"}
    404 {"error":"there is no such package","code":"no_such_package"}
    400 {"error":"`months` is 1 to 25","code":"invalid_parameter"}
    400 {"error":"`to` is the day after the last, and must be after `from`","code":"invalid_parameter"}
    400 {"error":"`install` is a regular expression of at most 200 bytes","code":"invalid_parameter"}
    "#);

    let all = guest.get("/api/v2/retention").await.json();
    assert_eq!(
        all["cohorts"],
        json!([]),
        "all packages are those that they may see"
    );
}
