//! Opening: one process a folder, one node for ever, and no number twice.

use std::fs;

use weir_spool::{OpenError, Spool};

use crate::support::{TestSpool, append_patiently, small};

#[test]
fn a_second_opener_is_refused_by_name() {
    let first = TestSpool::open(small());
    let refused = Spool::open(first.path(), small()).expect_err("the folder is taken");
    assert!(
        matches!(refused, OpenError::Held { holder: Some(pid), .. } if pid == std::process::id())
    );
    let text = refused
        .to_string()
        .replace(&first.path().display().to_string(), "FOLDER")
        .replace(&std::process::id().to_string(), "PID");
    insta::assert_snapshot!(text, @"FOLDER is in use by another weir (pid PID); stop that one, or give this one another folder");
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let error = Spool::open(file.path().join("spool"), small()).expect_err("a file is in the way");
    assert!(matches!(error, OpenError::Folder { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains(&file.path().display().to_string())
    );
}

#[test]
fn a_node_is_for_ever_and_every_opening_a_boot() {
    let mut spool = TestSpool::open(small());
    let (node, boot) = spool.node();
    spool.reopen();
    assert_eq!(spool.node(), (node, boot + 1));
}

#[test]
fn a_lost_node_file_never_makes_a_number_twice() {
    let mut spool = TestSpool::open(small());
    append_patiently(&spool, 0, b"before");
    spool.close();
    let before = spool.next().expect("a batch").id();
    fs::write(spool.path().join("node"), "noise").expect("damage");
    spool.reopen();
    append_patiently(&spool, 0, b"after");
    assert!(spool.seal());
    let ids: Vec<_> = std::iter::from_fn(|| spool.next())
        .map(|batch| (batch.id(), batch))
        .collect();
    assert_eq!(ids[0].0, before, "the old batch keeps its id");
    assert!(ids[1].0.seq > before.seq && ids[1].0.node != before.node);
}
