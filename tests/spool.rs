//! `weir spool`: an operator looks into the spool and sends events again.

use std::path::Path;
use std::process::Command;

use weir_event::{Event, EventId, Kind};
use weir_spool::{Options, Spool};

const CONFIG: &str = r#"
data_dir = "data"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/rocket/{version}"
  to   = "https://files.acme.example/{version}"
"#;

/// Runs `weir spool` in `folder`; its exit code, words and complaints.
fn weir_spool(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_weir"))
        .arg("spool")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn event(counter: u64) -> Vec<u8> {
    let id = EventId {
        node: 1,
        boot: 1,
        counter,
    };
    let mut record = Vec::new();
    let event = Event {
        package: "acme/rocket".into(),
        ..Event::new(id, Kind::Download, 1_790_000_000)
    };
    event.encode(&mut record);
    record
}

/// A folder with a spool of which one event was refused.
fn folder_with_a_dead_event() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("weir.toml"), CONFIG).expect("written");
    let spool = open(folder.path());
    for counter in 1..=2 {
        spool.append(7, &event(counter)).expect("there is room");
    }
    assert!(spool.seal());
    let batch = spool.next().expect("a batch");
    let second = batch.records().nth(1).expect("two events");
    batch
        .bury_records(&[(second, "no such column")])
        .expect("there is room");
    batch.acknowledge().expect("there is room");
    folder
}

fn open(folder: &Path) -> Spool {
    Spool::open(folder.join("data/spool"), Options::default()).expect("it opens")
}

#[test]
fn a_refused_event_is_listed_shown_and_sent_again() {
    let folder = folder_with_a_dead_event();
    let (code, state, _) = weir_spool(folder.path(), &[]);
    assert_eq!(code, Some(0));
    assert!(state.contains("dead             1 "), "{state}");

    let (_, list, _) = weir_spool(folder.path(), &["dead"]);
    insta::assert_snapshot!(list, @"
    dead/000001-0000000001e1.part  events: 1
        1: no such column
    ");
    let name = list.split_whitespace().next().expect("a name");
    let (_, shown, _) = weir_spool(folder.path(), &["show", name]);
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(shown["package"], "acme/rocket");
    assert_eq!(shown["event_id"]["counter"], 2);

    let (code, words, _) = weir_spool(folder.path(), &["retry", name]);
    assert_eq!((code, words.as_str()), (Some(0), "1 sent again\n"));
    let spool = open(folder.path());
    assert!(spool.wait_sealed(std::time::Duration::from_secs(20)));
    let batch = spool.next().expect("the event");
    assert!(batch.records().eq([event(2)]) && !batch.is_fresh());
}

#[test]
fn what_was_stored_is_sent_again_on_demand() {
    let folder = folder_with_a_dead_event();
    let (_, words, _) = weir_spool(folder.path(), &["replay"]);
    insta::assert_snapshot!(words, @"1 batches sent again");
    let spool = open(folder.path());
    assert!(spool.wait_sealed(std::time::Duration::from_secs(20)));
    assert_eq!(spool.next().expect("the batch").count(), 2);
}

#[test]
fn a_dead_event_is_deleted_on_demand_only() {
    let folder = folder_with_a_dead_event();
    let (code, _, words) = weir_spool(folder.path(), &["delete"]);
    assert_eq!(code, Some(2), "{words}");
    let (code, _, words) = weir_spool(folder.path(), &["delete", "dead/nothing"]);
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(words, @"weir: dead/nothing is not there; `weir spool dead` and `weir spool quarantine` list what is");
    let (_, words, _) = weir_spool(folder.path(), &["delete", "--all-dead"]);
    assert_eq!(words, "1 deleted\n");
    let (_, words, _) = weir_spool(folder.path(), &["dead"]);
    assert_eq!(words, "none\n");
    let dead = std::fs::read_dir(folder.path().join("data/spool/dead")).expect("a folder");
    assert_eq!(dead.count(), 0, "no reason stays behind");
}

#[test]
fn where_no_spool_is_that_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("weir.toml"), CONFIG).expect("written");
    let (code, _, words) = weir_spool(folder.path(), &["status"]);
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(words, @"weir: there is no spool in data/spool; give the configuration that `weir serve` runs with");
    assert!(!folder.path().join("data").exists(), "nothing is made");
}
