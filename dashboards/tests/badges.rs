//! What badges say, of a real ClickHouse: whole weeks that are final, and nothing about a few.

mod world;

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use weir_dashboards::BadgeCounts;
use weir_event::{Channel, Event};
use weir_ingest::rollups::note_people;
use world::engine::{Events, Filled};

/// So many people on each of two majors of one package, and a few of another.
fn downloads(time: Timestamp) -> Vec<Event<'static>> {
    let mut events = Events::new();
    let of = [
        ("acme/rocket", "1", 10),
        ("acme/rocket", "2", 12),
        ("acme/few", "1", 9),
    ];
    let each = of
        .into_iter()
        .flat_map(|(package, major, count)| std::iter::repeat_n((package, major), count));
    each.map(|(package, major)| Event {
        package: Cow::Borrowed(package),
        version_major: Cow::Borrowed(major),
        channel: Channel::Stable,
        ..events.download(time, if major == "1" { "1.4.0" } else { "2.0.1" })
    })
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn four_final_weeks_are_told_and_nothing_about_fewer_than_ten() {
    let mut filled = Filled::start().await;
    let now = Timestamp::now();
    filled
        .store(&downloads(now - SignedDuration::from_hours(24)))
        .await;
    note_people(&filled.access_to_write())
        .await
        .expect("people are counted");
    let counts = BadgeCounts::new(filled.connect(), 90);
    // In ten days, the week of yesterday is final.
    let later = now + SignedDuration::from_hours(10 * 24);
    let rocket = counts.of("acme/rocket", later).await.expect("counted");
    assert_eq!(
        (rocket.downloads, rocket.people, rocket.organisations),
        (Some(22), Some(22), None)
    );
    assert_eq!(rocket.latest_percent, Some(55));
    let few = counts.of("acme/few", later).await.expect("counted");
    assert_eq!(
        (few.downloads, few.people, few.latest_percent),
        (None, None, None)
    );
    // A week that goes on is not told.
    let today = counts.of("acme/rocket", now).await.expect("counted");
    assert_eq!(today.downloads, None);
    filled.stop();
    let away = BadgeCounts::new(filled.connect(), 90);
    let error = away.of("acme/rocket", now).await.expect_err("nobody there");
    assert_eq!(
        error.to_string(),
        "cannot count what badges say of \"acme/rocket\""
    );
}
