//! A change of a file is noticed however it is made.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use tempfile::TempDir;
use weir_config::{Seen, Watch, watch};

const DEADLINE: Duration = Duration::from_secs(20);

fn changes(files: &[&Path]) -> (Watch, Receiver<()>) {
    let (sender, changes) = mpsc::channel();
    let files = files.iter().map(|file| Seen::now(*file)).collect();
    let watch = watch(files, move || sender.send(()).unwrap_or(())).unwrap();
    (watch, changes)
}

/// A folder with a configuration in it.
fn configured() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("weir.toml");
    fs::write(&config, "old").unwrap();
    (folder, config)
}

#[test]
fn a_file_that_is_written_replaced_or_created_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (config, secret) = (
        folder.path().join("weir.toml"),
        folder.path().join("secret"),
    );
    fs::write(&config, "a").unwrap();
    let (_watch, changes) = changes(&[&config, &secret]);

    fs::write(&config, "ab").unwrap();
    changes.recv_timeout(DEADLINE).expect("a change in place");

    fs::write(folder.path().join("weir.toml~"), "abc").unwrap();
    fs::rename(folder.path().join("weir.toml~"), &config).unwrap();
    changes.recv_timeout(DEADLINE).expect("a file in its place");

    fs::write(&secret, "new").unwrap();
    changes.recv_timeout(DEADLINE).expect("a new file");
}

#[test]
fn a_file_that_is_being_written_in_place_changes_once_it_is_whole() {
    let (_folder, config) = configured();
    let (_watch, changes) = changes(&[&config]);

    let mut writer = fs::File::create(&config).unwrap();
    writer.write_all(b"the first half ").unwrap();
    // That nothing comes can only be seen by waiting, several times as long as a change takes to be reported.
    let report = changes.recv_timeout(Duration::from_secs(1));
    assert_eq!(report, Err(RecvTimeoutError::Timeout));

    writer.write_all(b"and the second").unwrap();
    drop(writer);
    changes.recv_timeout(DEADLINE).expect("the whole file");
    let report = changes.recv_timeout(Duration::from_secs(1));
    assert_eq!(report, Err(RecvTimeoutError::Timeout));
}

#[test]
fn who_never_closes_what_he_writes_does_not_hide_it_for_ever() {
    let (_folder, config) = configured();
    let (_watch, changes) = changes(&[&config]);
    let mut writer = fs::File::create(&config).unwrap();
    writer.write_all(b"written, and held open").unwrap();
    changes.recv_timeout(DEADLINE).expect("what stands there");
    drop(writer);
}

#[test]
fn a_file_that_changed_between_its_reading_and_the_watch_has_changed() {
    let (_folder, config) = configured();
    let read = Seen::now(&config);
    assert!(read.holds());
    fs::write(&config, "ab").unwrap();
    assert!(!read.holds());
    let (sender, changes) = mpsc::channel();
    let _watch = watch(vec![read], move || sender.send(()).unwrap_or(())).unwrap();
    changes.recv_timeout(DEADLINE).expect("the change before");
}

#[test]
fn a_watch_that_was_dropped_reports_nothing_more() {
    let (_folder, config) = configured();
    let (watch, changes) = changes(&[&config]);
    fs::write(&config, "ab").unwrap();
    drop(watch);
    let report = changes.recv_timeout(DEADLINE);
    assert_eq!(report, Err(RecvTimeoutError::Disconnected));
}

#[test]
fn a_link_that_is_moved_changes_the_file_behind_it() {
    let folder = tempfile::tempdir().unwrap();
    for version in ["one", "two"] {
        fs::create_dir(folder.path().join(version)).unwrap();
        fs::write(folder.path().join(version).join("weir.toml"), version).unwrap();
    }
    symlink("one", folder.path().join("data")).unwrap();
    symlink("data/weir.toml", folder.path().join("weir.toml")).unwrap();
    let (_watch, changes) = changes(&[&folder.path().join("weir.toml")]);

    symlink("two", folder.path().join("data-new")).unwrap();
    fs::rename(folder.path().join("data-new"), folder.path().join("data")).unwrap();
    changes.recv_timeout(DEADLINE).expect("a moved link");
}

#[test]
fn other_files_and_reading_do_not_count() {
    let (folder, config) = configured();
    let (_watch, changes) = changes(&[&config]);
    fs::write(folder.path().join("other"), "b").unwrap();
    fs::read(&config).unwrap();
    // That nothing comes can only be seen by waiting, several times as long as a change takes to be reported.
    let report = changes.recv_timeout(Duration::from_secs(1));
    assert_eq!(report, Err(RecvTimeoutError::Timeout));
}
