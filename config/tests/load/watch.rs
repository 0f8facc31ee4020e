//! A change of a file is noticed however it is made.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use weir_config::{Watch, watch};

const DEADLINE: Duration = Duration::from_secs(20);

fn changes(files: &[&Path]) -> (Watch, Receiver<()>) {
    let (sender, changes) = mpsc::channel();
    let files = files.iter().map(|file| file.to_path_buf()).collect();
    let watch = watch(files, move || sender.send(()).unwrap_or(())).unwrap();
    (watch, changes)
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
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("weir.toml");
    fs::write(&config, "a").unwrap();
    let (_watch, changes) = changes(&[&config]);
    fs::write(folder.path().join("other"), "b").unwrap();
    fs::read(&config).unwrap();
    // That nothing comes can only be seen by waiting, several times as long as a change takes to be reported.
    let report = changes.recv_timeout(Duration::from_secs(1));
    assert_eq!(report, Err(RecvTimeoutError::Timeout));
}
