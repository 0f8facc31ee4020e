//! Organisations in a real ClickHouse, and corrections that mend what was stored before them.

#[path = "organisations/agreement.rs"]
mod agreement;
mod world;

use jiff::Timestamp;
use serde_json::{Value, json};
use weir_event::Event;
use weir_ingest::organisation::OrganisationType;
use weir_ingest::organisation::corrections::{Action, Correction, Corrections};
use world::engine::{Events, Filled};
use world::{Browser, World, dashboard};

const ACME: u32 = 7;
const RIVAL: u32 = 8;

/// Two organisations; the first one's events come from two systems.
fn history() -> Vec<Event<'static>> {
    let mut events = Events::new();
    let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let mut from = |org_id, name: &'static str, kind: &'static str, asn| Event {
        org_id,
        org_name: name.into(),
        org_domain: "acme.example".into(),
        org_type: kind.into(),
        org_confidence: 90,
        org_evidence: "asn category name".into(),
        asn,
        ..events.download(yesterday, "1.0.0")
    };
    let mut history = vec![
        from(ACME, "Acme Lab", "education", 64500),
        from(ACME, "Acme Lab", "education", 64501),
        from(RIVAL, "Rival Inc.", "business", 64502),
    ];
    history.push(events.download(yesterday, "1.0.0"));
    history
}

/// A dashboard on them, its owner, and the corrections.
struct Stage {
    _world: World,
    browser: Browser,
    corrections: Corrections,
    engine: Filled,
    asked: u64,
}

impl Stage {
    async fn set() -> Self {
        let mut engine = Filled::start().await;
        engine.store(&history()).await;
        let world = dashboard(engine.connect(), engine.connect_to_export()).await;
        let browser = world.owner().await;
        Self {
            browser,
            corrections: Corrections::connect(&engine.access_to_write()),
            _world: world,
            engine,
            asked: 0,
        }
    }

    async fn correct(&self, org_id: u32, asn: u32, action: Action) {
        let correction = Correction {
            org_id,
            asn,
            action,
            note: String::new(),
        };
        self.corrections.put(&correction).await.expect("stored");
    }

    /// Downloads by a dimension. Each question is another one, so that none is answered from memory.
    async fn by(&mut self, dimension: &str) -> String {
        self.asked += 1;
        let answer = self
            .browser
            .ask(json!({
                "site_id": "*", "metrics": ["downloads"], "date_range": "7d", "dimensions": [dimension],
                "order_by": [[dimension, "asc"]], "pagination": {"limit": 100 + self.asked},
            }))
            .await;
        let row = |row: &Value| format!("{} {}", row["dimensions"][0], row["metrics"][0]);
        let rows = answer["results"].as_array().expect("rows").iter();
        rows.map(row).collect::<Vec<_>>().join("\n")
    }
}

fn rename(name: &str) -> Action {
    Action::Rename {
        name: name.to_owned(),
        domain: String::new(),
        kind: None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_mends_what_was_stored_and_taking_it_back_does_too() {
    let mut stage = Stage::set().await;
    let stored = stage.by("organisation").await;
    insta::assert_snapshot!(stored, @r#"
    "" 1
    "Acme Lab" 2
    "Rival Inc." 1
    "#);

    stage.correct(ACME, 0, rename("Acme Laboratories")).await;
    stage.correct(RIVAL, 0, Action::Hide).await;
    insta::assert_snapshot!(stage.by("organisation").await, @r#"
    "" 2
    "Acme Laboratories" 2
    "#);
    insta::assert_snapshot!(stage.by("org_type").await, @r#"
    "" 2
    "education" 2
    "#);

    let institute = Action::Rename {
        name: "Acme Institute".to_owned(),
        domain: "institute.example".to_owned(),
        kind: Some(OrganisationType::Nonprofit),
    };
    stage.correct(ACME, 64501, institute).await;
    insta::assert_snapshot!(stage.by("organisation").await, @r#"
    "" 2
    "Acme Institute" 1
    "Acme Laboratories" 1
    "#);
    insta::assert_snapshot!(stage.by("org_type").await, @r#"
    "" 2
    "education" 1
    "nonprofit" 1
    "#);

    for (org_id, asn) in [(ACME, 0), (ACME, 64501), (RIVAL, 0)] {
        stage.correct(org_id, asn, Action::Undo).await;
    }
    assert_eq!(stage.by("organisation").await, stored);
    assert_eq!(stage.corrections.held().await.expect("an answer"), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn filters_and_exports_see_what_was_corrected() {
    let mut stage = Stage::set().await;
    stage.correct(ACME, 0, rename("Acme Laboratories")).await;
    stage.correct(RIVAL, 0, Action::Hide).await;
    let count = async |browser: &mut Browser, name: &str| {
        let question = json!({
            "site_id": "*", "metrics": ["downloads"], "date_range": "7d",
            "filters": [["is", "organisation", [name]]],
        });
        browser.ask(question).await["results"][0]["metrics"][0].clone()
    };
    assert_eq!(count(&mut stage.browser, "Acme Laboratories").await, 2);
    assert_eq!(count(&mut stage.browser, "Acme Lab").await, 0);
    assert_eq!(count(&mut stage.browser, "Rival Inc.").await, 0);
    assert_eq!(count(&mut stage.browser, "").await, 2);

    let wish = json!({
        "site_id": "*", "date_range": "7d", "format": "csv", "filters": [["is_not", "organisation", ["Acme Lab"]]],
        "columns": ["org_id", "org_name", "org_domain", "org_type", "org_confidence", "org_evidence"],
    });
    let export = stage.browser.post("/api/v2/export", wish).await.body;
    let mut lines: Vec<_> = export.lines().collect();
    lines.sort_unstable();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    "org_id","org_name","org_domain","org_type","org_confidence","org_evidence"
    0,"","","",0,""
    0,"","","",0,""
    7,"Acme Laboratories","acme.example","education",90,"asn category name"
    7,"Acme Laboratories","acme.example","education",90,"asn category name"
    "#);
    drop(stage.engine);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_is_found_by_name_domain_or_number() {
    let stage = Stage::set().await;
    let found = async |wanted: &str| {
        let seen = stage.corrections.seen(wanted).await.expect("an answer");
        let seen = seen
            .iter()
            .map(|seen| format!("{} {} {} {}", seen.org_id, seen.name, seen.asn, seen.events));
        seen.collect::<Vec<_>>()
    };
    assert_eq!(
        found("acme lab").await,
        ["7 Acme Lab 64500 1", "7 Acme Lab 64501 1"]
    );
    assert_eq!(found("8").await, ["8 Rival Inc. 64502 1"]);
    assert_eq!(found("ACME.example").await.len(), 3);
    assert_eq!(found("").await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn organisations_are_counted_once_whatever_they_did_and_as_they_were_corrected() {
    let mut stage = Stage::set().await;
    let mut asked = 0;
    let mut counted = async |browser: &mut Browser, more: Value| {
        asked += 1;
        let mut question = json!({
            "site_id": "*", "metrics": ["downloads", "organisations"], "date_range": "7d",
            "filters": [["is_not", "version", [format!("another {asked}")]]],
        });
        for (key, value) in more.as_object().expect("members") {
            question[key] = value.clone();
        }
        let answer = browser.ask(question).await;
        let rows = answer["results"].as_array().expect("rows").iter();
        let rows = rows.map(|row| format!("{} {}", row["dimensions"], row["metrics"]));
        rows.collect::<Vec<_>>().join("\n")
    };
    let browser = &mut stage.browser;
    // The rollup and, by a column that it lacks, the events.
    let by_version = json!({"dimensions": ["version"]});
    let by_client = json!({"dimensions": ["client"]});
    assert_eq!(
        counted(browser, by_version.clone()).await,
        r#"["1.0.0"] [4,1]"#
    );
    assert_eq!(
        counted(browser, by_client.clone()).await,
        r#"["pip"] [4,1]"#
    );
    let rival = Action::Rename {
        name: "Rival".to_owned(),
        domain: "rival.example".to_owned(),
        kind: None,
    };
    stage.correct(RIVAL, 0, rival).await;
    let browser = &mut stage.browser;
    for (more, expected) in [
        (by_version.clone(), r#"["1.0.0"] [4,2]"#),
        (by_client.clone(), r#"["pip"] [4,2]"#),
        (json!({}), "[] [4,2]"),
    ] {
        assert_eq!(counted(browser, more).await, expected);
    }
    stage.correct(RIVAL, 0, Action::Hide).await;
    let browser = &mut stage.browser;
    assert_eq!(counted(browser, by_version).await, r#"["1.0.0"] [4,1]"#);
    assert_eq!(counted(browser, by_client).await, r#"["pip"] [4,1]"#);
    let of_acme = json!({"metrics": ["downloads"], "filters": [["is", "organisation_domain", ["acme.example"]]]});
    assert_eq!(counted(browser, of_acme).await, "[] [2]");
}

/// Three days of one organisation and of another package, so that there is something to tell.
fn journey() -> Vec<Event<'static>> {
    let mut events = Events::new();
    let ago = |days: i64| Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    let acme = |event: Event<'static>| Event {
        org_id: ACME,
        org_name: "Acme Lab".into(),
        org_domain: "acme.example".into(),
        org_type: "education".into(),
        org_confidence: 90,
        org_evidence: "asn category name".into(),
        asn: 64500,
        ..event
    };
    let read = |event: Event<'static>| Event {
        kind: weir_event::Kind::View,
        version: "".into(),
        page: "/install".into(),
        ..event
    };
    let mut history = vec![
        acme(read(events.download(ago(70), ""))),
        acme(events.download(ago(60), "1.0.0")),
        acme(Event {
            audience: weir_event::Audience::Ci,
            ..events.download(ago(2), "1.1.0")
        }),
    ];
    history.push(Event {
        package: "acme/other".into(),
        ..acme(events.download(ago(2), "3.0.0"))
    });
    history.push(events.download(ago(2), "1.0.0"));
    history
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organisation_is_told_with_its_days_stages_pages_and_packages() {
    let mut engine = Filled::start().await;
    engine.store(&journey()).await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;
    let list = browser
        .get("/api/v2/organisations?package=acme/rocket")
        .await
        .json();
    assert_eq!(list["total"], 1);
    assert_eq!(
        list["status"],
        json!({"new": 0, "growing": 1, "steady": 0, "quiet": 0})
    );
    let row = &list["organisations"][0];
    let told = [
        "name",
        "type",
        "downloads",
        "ci",
        "latest_version",
        "packages",
        "because",
    ];
    let told = told.map(|field| row[field].to_string());
    assert_eq!(
        told.join(" | "),
        r#""Acme Lab" | "education" | 1 | 1 | "1.1.0" | 1 | "1 download in the last 60 days""#
    );

    let one = "/api/v2/organisation?package=acme/rocket&organisation=acme.example";
    let one = browser.get(one).await.json();
    let days = one["days"].as_array().expect("days").iter();
    let days: Vec<_> = days
        .map(|day| format!("{} {} {}", day["views"], day["downloads"], day["ci"]))
        .collect();
    assert_eq!(days, ["1 0 0", "0 1 0", "0 1 1"]);
    let stages = one["stages"].as_array().expect("spans").iter();
    let stages: Vec<_> = stages.map(|span| span["stage"].clone()).collect();
    assert_eq!(stages, ["interest", "investigation"]);
    assert_eq!(one["pages"][0]["page"], "/install");
    assert_eq!(one["ids"], json!([ACME]));
    let packages = one["packages"].as_array().expect("packages").iter();
    let packages: Vec<_> = packages.map(|used| used["package"].clone()).collect();
    assert_eq!(packages, ["acme/rocket", "acme/other"]);
    for (path, status) in [
        ("/api/v2/organisation?organisation=nobody.example", 404),
        ("/api/v2/organisations?from=2026-02-03&to=2026-02-01", 400),
        ("/api/v2/organisations?sort=shoe_size", 400),
    ] {
        assert_eq!(browser.get(path).await.status, status, "{path}");
    }
}
