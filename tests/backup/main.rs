//! A backup is taken, the store destroyed, and every event comes back, once.

#[path = "../world/mod.rs"]
mod world;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use world::World;
use world::load::{Load, ROCKET, Rate};

/// Runs `weir COMMAND … --config` of this world and gives what it said.
fn weir(world: &World, command: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(command)
        .arg("--config")
        .arg(world.folder.path().join("weir.toml"))
        .output()
        .expect("the program starts")
}

fn succeeds(world: &World, command: &[&str]) -> String {
    let output = weir(world, command);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}",
        text(&output.stdout),
        text(&output.stderr)
    );
    text(&output.stdout)
}

fn fails(world: &World, command: &[&str]) -> String {
    let output = weir(world, command);
    assert!(!output.status.success(), "{command:?} did something");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("plain text")
}

const FEW: Rate = Rate {
    requests: 400,
    ..Rate::STEADY
};

/// Everything on disk is gone but the configuration.
fn destroy(world: &World) {
    fs::remove_dir_all(world.data()).expect("removed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_comes_back_also_those_that_only_the_spool_had_and_so_do_accounts() {
    let mut world = World::start(ROCKET).await;
    let owner = world.owner().await;
    let load = Load::start(
        world.weir.gateway,
        Rate {
            requests: 800,
            ..FEW
        },
    );
    load.more(300).await;
    world.ready().await;
    load.more(100).await;
    // From here on ClickHouse is away, and what comes stays in the spool.
    let in_tables = "SELECT count() AS stored FROM events";
    world
        .wait_for_rows(in_tables, |rows| rows[0]["stored"].as_u64() > Some(0))
        .await;
    let outcome = load.finish().await;
    assert_eq!(world.weir.terminate(), Some(0));
    world.configure(&format!(
        "[clickhouse]\nengine = \"/nowhere/libchdb.so\"\n{ROCKET}"
    ));
    world.restart();
    let answer = world
        .get("get.test", "/rocket/late/linux-amd64.tar.gz")
        .await;
    assert_eq!(answer.status(), 302);
    assert_eq!(world.weir.terminate(), Some(0));
    world.configure(ROCKET);
    let published = world.data().join("public/2026-01-05.json");
    fs::create_dir_all(published.parent().expect("a folder")).expect("made");
    fs::write(&published, "what was published").expect("written");

    let folder = world.folder.path().join("backup");
    let said = succeeds(&world, &["backup", text(&folder)]);
    assert!(said.contains("tables: events-"), "{said}");
    let again = fails(&world, &["backup", text(&folder)]);
    assert!(again.contains(" holds a backup made at "), "{again}");
    let over = fails(&world, &["restore", text(&folder)]);
    assert!(
        over.contains("weir.db is there already, and nothing is overwritten"),
        "{over}"
    );

    destroy(&world);
    let said = succeeds(&world, &["restore", text(&folder)]);
    assert!(said.contains("accounts\n"), "{said}");
    let of_then = fs::read_to_string(&published).expect("it came back");
    assert_eq!(of_then, "what was published");
    fs::remove_file(&published).expect("removed");
    world.restart();
    let late = "SELECT count() AS late FROM events WHERE version = 'late'";
    world.wait_for_rows(late, |rows| rows[0]["late"] == 1).await;
    outcome.assert_stored_once(&world.stored_ids().await);
    world.rollups_agree().await;
    world.status(&owner).await; // still signed in
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_has_all_that_was_answered_before_it_and_nothing_twice() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    load.more(500).await;
    let before = load.answers();
    let folder = world.folder.path().join("backup");
    succeeds(&world, &["backup", text(&folder)]);
    load.more(100).await;
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    let running = fails(&world, &["restore", text(&folder), "--only", "tables"]);
    assert!(
        running.contains("another weir runs the engine"),
        "{running}"
    );
    assert_eq!(world.weir.terminate(), Some(0));

    destroy(&world);
    succeeds(&world, &["restore", text(&folder)]);
    world.restart();
    let stored = world.stored_ids().await;
    let differences = outcome.differences(&stored);
    assert_eq!(
        (differences.doubled, differences.invented),
        (vec![], vec![])
    );
    // Requests under way when it began are a few.
    let earliest = differences.lost.first().copied().unwrap_or(u64::MAX);
    assert!(earliest > before - 50, "{earliest} of {before} is lost");
    world.rollups_agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rebuild_asks_the_engine_that_runs_and_starts_one_where_none_does() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    Load::start(world.weir.gateway, FEW).finish().await;
    world.stored_ids().await;
    world.rollups_agree().await;
    let agrees = "daily: agrees with the events\nhourly: agrees with the events\nsplits: agrees with the events\norganisations: agrees with the events\n";
    assert_eq!(succeeds(&world, &["rebuild"]), agrees);
    assert_eq!(world.weir.terminate(), Some(0));
    assert_eq!(succeeds(&world, &["rebuild"]), agrees);
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_of_an_hour_ago_are_given_what_came_since() {
    let mut world = World::start(ROCKET).await;
    let owner = world.owner().await;
    let load = Load::start(world.weir.gateway, FEW);
    load.more(200).await;
    let stored = "SELECT count() AS stored FROM events";
    world
        .wait_for_rows(stored, |rows| rows[0]["stored"].as_u64() > Some(0))
        .await;
    let folder = world.folder.path().join("backup");
    succeeds(&world, &["backup", text(&folder)]);
    let outcome = load.finish().await;
    outcome.assert_stored_once(&world.stored_ids().await);
    world
        .wait_for_status(&owner, |status| status["spool"]["pending_batches"] == 0)
        .await;
    assert_eq!(world.weir.terminate(), Some(0));

    fs::remove_dir_all(world.data().join("clickhouse")).expect("removed");
    let said = succeeds(&world, &["restore", text(&folder), "--only", "tables"]);
    assert!(
        said.contains("batches that were stored lately are sent again"),
        "{said}"
    );
    world.restart();
    outcome.assert_stored_once(&world.stored_ids().await);
    world.rollups_agree().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_visitor_lies_in_the_tables_of_a_backup_and_a_damaged_one_is_refused() {
    let mut world = World::start(ROCKET).await;
    world.ready().await;
    let load = Load::start(world.weir.gateway, FEW);
    load.finish().await;
    world.stored_ids().await;
    let people = "SELECT uniqExact(visitor) AS people FROM events WHERE visitor != 0 AND audience = 'people'";
    let people = world
        .wait_for_rows(people, |rows| rows[0]["people"] != 0)
        .await;
    let folder = world.folder.path().join("backup");
    succeeds(&world, &["backup", text(&folder)]);
    assert_eq!(world.weir.terminate(), Some(0));
    destroy(&world);

    let list = fs::read_dir(folder.join("tables"))
        .expect("files")
        .flatten();
    let file = list
        .map(|entry| entry.path())
        .find(|path| text(path).contains("/events-"));
    let file = file.expect("a file of events");
    let whole = fs::read(&file).expect("readable");
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    fs::write(&file, damaged).expect("written");
    let said = fails(&world, &["restore", text(&folder)]);
    assert!(
        said.contains("the backup is damaged, nothing was restored"),
        "{said}"
    );
    assert!(!world.data().exists(), "nothing was touched");

    fs::write(&file, whole).expect("written");
    succeeds(&world, &["restore", text(&folder)]);
    world.restart();
    world.ready().await;
    let rows = world
        .wait_for_rows(
            "SELECT count() AS events, countIf(visitor != 0) AS visitors FROM events",
            |rows| rows[0]["events"].as_u64() >= Some(401),
        )
        .await;
    assert_eq!(rows[0]["visitors"], 0);
    let counted = "SELECT max(people) AS people FROM people";
    let counted = world
        .wait_for_rows(counted, |rows| rows[0]["people"] != 0)
        .await;
    assert_eq!(counted, people, "but people are known");
}
