//! Badges, from events to the picture: through the real program and a real engine.

mod world;

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use world::{PATIENCE, World, columns};

const HOST: &str = "get.test.localhost";
const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// Both packages, public or not; looks at badges of the one count.
fn config(public: bool) -> String {
    let package = |name: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nkind = \"file\"\ndomains = [\"{HOST}\"]\npublic = {public}\n\
             [[package.route]]\npath = \"/{name}/{{version}}\"\nto = \"https://files.test/{{version}}\"\n"
        )
    };
    let pixel = format!(
        "[[pixel]]\nid = \"readme\"\ndomains = [\"{HOST}\"]\npackage = \"acme/rocket\"\nbadge = true\n"
    );
    package("acme/rocket") + &package("acme/few") + &pixel
}

/// Downloads of two weeks and a day ago, which are in the last four final weeks on whatever day: of 22 people, 12 of
/// them on the latest major, and 8 of those twice; and of 9 people of another package.
fn downloads() -> String {
    let morning = Timestamp::now() - SignedDuration::from_hours(15 * 24);
    let mut lines = String::new();
    let mut line = |package: &str, version: &str, person: usize, hours: i64| {
        let time = morning + SignedDuration::from_hours(hours);
        let _ = writeln!(
            lines,
            r#"{{"time":"{time}","id":"{package}-{person}-{hours}","kind":"download","package":"{package}","version":"{version}","address":"198.51.100.{person}","user_agent":"curl/8.9.1"}}"#
        );
    };
    for person in 1..=22 {
        let version = if person <= 10 { "1.4.0" } else { "2.0.1" };
        line("acme/rocket", version, person, 0);
    }
    (11..=18).for_each(|person| line("acme/rocket", "2.0.1", person, 1));
    (1..=9).for_each(|person| line("acme/few", "1.0.0", person, 0));
    lines
}

/// A program that runs on a folder with these downloads, and counts nothing for badges yet.
async fn world() -> World {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("events.ndjson"), downloads()).expect("written");
    let here = format!("data_dir = \"data\"\n{}", config(false));
    std::fs::write(path("weir.toml"), here).expect("written");
    let imported = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["import", "--from", "weir", "events.ndjson"])
        .current_dir(folder.path())
        .output()
        .expect("the program runs");
    assert!(imported.status.success(), "{imported:?}");
    let world = World::start_in(folder, &config(false)).await;
    let deadline = Instant::now() + PATIENCE;
    let sql = "SELECT sum(people) AS people FROM people FINAL WHERE by = 'nothing'";
    loop {
        let rows = world.query(sql).await.unwrap_or_default();
        if rows.first().is_some_and(|row| row["people"] == 31) {
            return world;
        }
        assert!(Instant::now() < deadline, "{rows:?} {}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn json(world: &World, package: &str, metric: &str) -> Value {
    let path = format!("/-/badge/{package}/{metric}.json");
    let answer = world.get(HOST, &path).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.expect("JSON")
}

/// The endpoint's message and colour, and what the picture says to who cannot see it; the day is left out.
async fn shown(world: &World, package: &str, metric: &str) -> String {
    let endpoint = json(world, package, metric).await;
    let said = |name: &str| endpoint[name].as_str().expect("text").to_owned();
    let path = format!("/-/badge/{package}/{metric}.svg");
    let picture = world.get(HOST, &path).await.text().await.expect("text");
    let message = said("message");
    assert!(picture.contains(&format!(">{message}</text>")), "{picture}");
    let (_, title) = picture.split_once("<title>").expect("a title");
    let title = title.split("</title>").next().unwrap_or_default();
    let title = title.split(" until ").next().unwrap_or_default();
    format!(
        "{} | {message} | {} | {title}",
        said("label"),
        said("color")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_says_what_was_stored_and_nothing_about_fewer_than_ten() {
    let world = world().await;
    // Before its owner makes it public, a package has none.
    let hidden = json(&world, "acme/rocket", "downloads").await;
    assert_eq!(
        (&hidden["message"], &hidden["isError"]),
        (&"not found".into(), &true.into())
    );
    world.configure(&config(true));
    let deadline = Instant::now() + PATIENCE;
    while json(&world, "acme/rocket", "downloads").await["message"] != "30/mo" {
        assert!(Instant::now() < deadline, "{}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut badges = Vec::new();
    for (package, metric) in [
        ("acme/rocket", "downloads"),
        ("acme/rocket", "people"),
        ("acme/rocket", "organisations"),
        ("acme/rocket", "latest-share"),
        ("acme/few", "downloads"),
        ("acme/few", "latest-share"),
        ("acme/none", "downloads"),
    ] {
        badges.push(shown(&world, package, metric).await);
    }
    insta::assert_snapshot!(badges.join("\n"), @"
    downloads | 30/mo | #2458b6 | downloads: 30/mo (acme/rocket, four weeks
    people | 22/mo | #2458b6 | people: 22/mo (acme/rocket, four weeks
    organisations | – | #626c7c | organisations: not known, or too few to tell (acme/rocket)
    on latest major | 55% | #2458b6 | on latest major: 55% (acme/rocket, four weeks
    downloads | – | #626c7c | downloads: not known, or too few to tell (acme/few)
    on latest major | – | #626c7c | on latest major: not known, or too few to tell (acme/few)
    badge | not found | #626c7c | badge: no such package or number, or not public
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_badge_is_the_pixel_where_its_owner_wants() {
    let world = World::start(&config(true)).await;
    for path in [
        "/-/badge/acme/rocket/downloads.svg",
        "/-/badge/acme/rocket/downloads.json",
        "/-/badge/acme/few/downloads.svg",
    ] {
        let look = world
            .request("GET", HOST, path)
            .header("user-agent", BROWSER)
            .header("referer", "https://forge.test/acme/rocket");
        assert_eq!(look.send().await.expect("an answer").status(), 200);
    }
    let events = world.recorded().await;
    let told = events.iter().map(|event| {
        columns(
            event,
            &[
                "kind",
                "package",
                "route",
                "artifact",
                "audience",
                "referrer_host",
            ],
        )
    });
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @"view | acme/rocket | badge | readme | people | forge.test");
}
