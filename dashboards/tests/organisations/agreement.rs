//! Lists of organisations against the events that they were counted from, whatever became of the rows in between.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use weir_dashboards::{Activity, Done, StageRules, What};
use weir_event::{Audience, Kind};
use weir_ingest::engine::Role;
use weir_ingest::organisation::corrections::{Action, Correction, Corrections};
use weir_ingest::rollups::{ROLLUPS, Wrong, rebuild};
use weir_ingest::schema::Layout;

use super::*;

/// How many organisations there are, of which each has events from two systems.
const MANY: u32 = 12;
/// Within what single events are kept for, so that everything can be counted again.
const DAYS: u64 = 85;
/// Every so many events one is answered with an error.
const FAILED: u64 = 13;

/// Traffic that looks like chance and is always the same.
fn traffic(events: &mut Events, count: u64) -> Vec<Event<'static>> {
    let now = Timestamp::now().as_second();
    let midnight = Timestamp::from_second(now - now.rem_euclid(86_400)).expect("a time");
    let mut state = 42_u64;
    // Knuth's linear congruential generator (MMIX), of which the upper half is used.
    let mut draw = move |most: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let traffic = (0..count).map(|number| {
        let org_id = 1 + u32::try_from(draw(MANY.into())).expect("few");
        // Some came late, some left.
        let age = match org_id % 3 {
            0 => draw(20),
            1 => 30 + draw(DAYS - 30),
            _ => draw(DAYS),
        };
        let version = ["1.0.0", "1.1.0", "2.0.0"][usize::try_from(draw(3)).expect("few")];
        let time = midnight - SignedDuration::from_hours(24 * i64::try_from(age).expect("few"));
        let is_view = draw(3) == 0;
        let has_domain = org_id % 4 != 0;
        Event {
            package: ["acme/rocket", "acme/lander", "acme/probe"]
                [usize::try_from(draw(3)).expect("few")]
            .into(),
            kind: if is_view { Kind::View } else { Kind::Download },
            version: if is_view { "" } else { version }.into(),
            audience: [Audience::People, Audience::Ci][usize::from(draw(2) == 0)],
            status: if number % FAILED == 0 { 404 } else { 302 },
            org_id,
            asn: 64_500 + u32::try_from(draw(2)).expect("few"),
            org_name: format!("Organisation {org_id}").into(),
            org_domain: if has_domain {
                format!("o{org_id}.example").into()
            } else {
                "".into()
            },
            org_type: "business".into(),
            org_confidence: 90,
            ..events.download(time, "")
        }
    });
    traffic.collect()
}

/// What is expected of one organisation.
#[derive(Default)]
struct Expected {
    days: Vec<(i32, Done)>,
    packages: BTreeSet<String>,
}

/// The line that a list has for each organisation, from the events themselves. `key` tells them apart.
fn counted<'a>(
    events: impl IntoIterator<Item = &'a Event<'static>>,
    key: impl Fn(&Event<'_>) -> String,
) -> String {
    let mut found: BTreeMap<String, Expected> = BTreeMap::new();
    for event in events.into_iter().filter(|event| event.status < 400) {
        let one = |held| u64::from(held);
        let (view, ci) = (event.kind == Kind::View, event.audience == Audience::Ci);
        let done = Done {
            views: one(view),
            downloads: one(!view && !ci),
            ci: one(!view && ci),
        };
        let expected = found.entry(key(event)).or_default();
        let day = i32::try_from(event.time / 86_400).expect("a day");
        expected.days.push((day, done));
        expected.packages.insert(event.package.to_string());
    }
    let today = i32::try_from(Timestamp::now().as_second() / 86_400).expect("a day");
    let lines = found.into_iter().filter(|(key, _)| !key.is_empty());
    let lines = lines.map(|(key, expected)| {
        let activity = Activity::new(expected.days);
        let lately = |what| activity.sum(what, today - 27, today);
        let reason = StageRules::builtin().judge(&activity, today);
        let days = activity.days();
        format!(
            "{key}: {} downloads, {} ci, {} views, {} packages, {} to {} days ago, {}",
            lately(What::Downloads),
            lately(What::Ci),
            lately(What::Views),
            expected.packages.len(),
            days.first().map_or(0, |(day, _)| today - day),
            days.last().map_or(0, |(day, _)| today - day),
            reason.expect("the rules always know a stage"),
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The same lines as the page is told them.
async fn listed(engine: &Filled, package: &str) -> String {
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let path = format!("/api/v2/organisations?package={package}&sort=name&ascending=true");
    let list = world.owner().await.get(&path).await.json();
    let today = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let ago = |row: &Value, field: &str| {
        let date: jiff::civil::Date = row[field].as_str().expect("a date").parse().expect("one");
        today.since(date).expect("days").get_days()
    };
    let rows = list["organisations"].as_array().expect("rows").iter();
    let mut lines: Vec<_> = rows
        .map(|row| {
            format!(
                "{}: {} downloads, {} ci, {} views, {} packages, {} to {} days ago, {}",
                row["key"].as_str().expect("a key"),
                row["downloads"],
                row["ci"],
                row["views"],
                row["packages"],
                ago(row, "first_seen"),
                ago(row, "last_seen"),
                row["because"].as_str().expect("a reason"),
            )
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

fn stored_key(event: &Event<'_>) -> String {
    if event.org_domain.is_empty() {
        event.org_name.to_string()
    } else {
        event.org_domain.to_string()
    }
}

/// Both lists, of all packages and of one, are what the events say.
async fn agrees(engine: &Filled, events: &[Event<'static>], key: impl Fn(&Event<'_>) -> String) {
    assert_eq!(listed(engine, "*").await, counted(events, &key));
    let rocket = events.iter().filter(|event| event.package == "acme/rocket");
    assert_eq!(listed(engine, "acme/rocket").await, counted(rocket, &key));
}

async fn change(engine: &Filled, sql: &str) {
    engine.ask(Role::Migrate, sql).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_are_what_the_events_say_whatever_becomes_of_the_rows() {
    let mut engine = Filled::start().await;
    let events = traffic(&mut Events::new(), 900);
    // Days come in no order, so that all months get rows with every batch; and two batches are sent again.
    for part in events.chunks(200) {
        engine.store(part).await;
    }
    engine.store_again(2, &events[200..400]).await;
    engine.store_again(5, &events[800..]).await;
    agrees(&engine, &events, stored_key).await;

    change(&engine, "OPTIMIZE TABLE weir.organisations FINAL").await;
    agrees(&engine, &events, stored_key).await;

    // Parts that have no projection are read by their rows.
    for projection in ["by_day", "known"] {
        let sql = format!(
            "ALTER TABLE weir.organisations CLEAR PROJECTION {projection} SETTINGS mutations_sync = 1"
        );
        change(&engine, &sql).await;
    }
    agrees(&engine, &events, stored_key).await;

    // What is lost is counted again from the events.
    change(&engine, "TRUNCATE TABLE weir.organisations").await;
    let owner = engine.access_of_owner();
    for rollup in ROLLUPS {
        rebuild(&owner, &Layout::Server, rollup, 0, Wrong::Behind)
            .await
            .expect("counted again");
    }
    agrees(&engine, &events, stored_key).await;

    let corrections = Corrections::connect(&engine.access_to_write());
    let joined = Action::Rename {
        name: "Joined".to_owned(),
        domain: "o1.example".to_owned(),
        kind: None,
    };
    for (org_id, asn, action) in [
        (2, 0, joined.clone()),
        (3, 64_501, joined),
        (5, 0, Action::Hide),
    ] {
        let note = String::new();
        let correction = Correction {
            org_id,
            asn,
            action,
            note,
        };
        corrections.put(&correction).await.expect("stored");
    }
    let corrected = |event: &Event<'_>| match (event.org_id, event.asn) {
        (2, _) | (3, 64_501) => "o1.example".to_owned(),
        (5, _) => String::new(),
        _ => stored_key(event),
    };
    agrees(&engine, &events, corrected).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_about_all_packages_read_the_projections_and_no_rows() {
    let mut engine = Filled::start().await;
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    // Statements travel by the means of a browser.
    let _browser = world.browser();
    let events = traffic(&mut Events::new(), 300);
    for part in events.chunks(100) {
        engine.store(part).await;
    }
    let read = async |statement: &str, projection: &str| {
        let statement = statement.replace("$where", "1");
        let statement = statement.replace("{to:Date}", "today()");
        let statement = statement.replace("FROM organisations", "FROM weir.organisations");
        let sql = format!(
            "SELECT count() FROM ({statement}) SETTINGS force_optimize_projection_name = '{projection}'"
        );
        engine.ask(Role::Dash, &sql).await.trim().to_owned()
    };
    let days = include_str!("../../src/query/organisation_days.sql");
    let known = include_str!("../../src/query/organisations_known.sql");
    let pairs: BTreeSet<_> = events
        .iter()
        .map(|event| (event.org_id, event.asn))
        .collect();
    assert_eq!(read(known, "known").await, pairs.len().to_string());
    let answered = events.iter().filter(|event| event.status < 400);
    let days_of_each: BTreeSet<_> = answered
        .map(|event| (event.org_id, event.asn, event.time / 86_400))
        .collect();
    assert_eq!(read(days, "by_day").await, days_of_each.len().to_string());
}
