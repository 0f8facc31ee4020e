//! Real system calls that fail, or inside which the process is killed: by strace, where it is there.

use std::{
    env, fs,
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{
    kill::{as_child, have_told, nothing_is_lost},
    support::wait_for,
};

/// Every call with which a spool changes its files.
const CALLS: [&str; 8] = [
    "openat",
    "pwrite64",
    "ftruncate",
    "fdatasync",
    "msync",
    "fsync",
    "rename",
    "unlink",
];
/// At which of the calls of a thread; `WEIR_SYSCALLS` says up to which one all of them are tried.
const PLACES: [u64; 3] = [1, 3, 8];
/// Progress after which a child that met no fault is ended.
const ENOUGH: u64 = 3000;

/// Whether strace is there and may trace.
#[allow(clippy::print_stderr)] // a skipped test says so
fn can_inject() -> bool {
    let tried = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .status();
    let can = tried.as_ref().is_ok_and(std::process::ExitStatus::success);
    if !can {
        eprintln!("skipped: strace is not installed, or may not trace: {tried:?}");
    }
    can
}

/// The child of the kill test, with `fault` injected into `call`.
fn start(folder: &TempDir, round: u64, call: &str, fault: &str) -> Child {
    let mut command = Command::new("strace");
    command
        .args(["-f", "--seccomp-bpf", "-o", "/dev/null"])
        .args(["-e", &format!("trace={call}")])
        .args(["-e", &format!("inject={call}:{fault}")])
        .arg(env::current_exe().expect("the test's own file"));
    as_child(&mut command, folder, round)
        .stderr(Stdio::null())
        .spawn()
        .expect("strace starts")
}

/// Waits for the child's end, or for its progress and ends it; whether it ended by itself.
fn finish(folder: &TempDir, round: u64, mut strace: Child) -> bool {
    let mut ended = false;
    wait_for("the child's end or progress", || {
        ended = strace.try_wait().expect("our child").is_some();
        ended || have_told(folder.path(), round, ENOUGH)
    });
    if !ended {
        // Killing strace would set the child free. It holds the spool's lock, which has its pid.
        let pid = fs::read_to_string(folder.path().join("spool/lock")).expect("a lock");
        let pid = pid.trim().parse().ok().and_then(Pid::from_raw);
        kill_process(pid.expect("a pid"), Signal::KILL).expect("our own child");
    }
    strace.wait().expect("its end");
    ended
}

#[test]
fn a_kill_inside_any_system_call_loses_nothing_that_was_appended() {
    if !can_inject() {
        return;
    }
    let places = match env::var("WEIR_SYSCALLS").ok().and_then(|n| n.parse().ok()) {
        Some(last) => (1..=last).collect(),
        None => PLACES.to_vec(),
    };
    for call in CALLS {
        let folder = tempfile::tempdir().expect("a folder");
        let mut killed = 0;
        for (place, round) in places.iter().zip(1..) {
            let strace = start(&folder, round, call, &format!("signal=KILL:when={place}"));
            killed += u32::from(finish(&folder, round, strace));
        }
        assert!(killed > 0, "no {call} was ever met");
        nothing_is_lost(folder.path(), places.len() as u64);
    }
}

#[test]
fn system_calls_that_fail_now_and_then_lose_nothing_that_was_appended() {
    if !can_inject() {
        return;
    }
    let faults = [
        ("msync", "error=EIO:when=2+3"),
        ("fdatasync", "error=EIO:when=4+3"),
        ("fsync", "error=EIO:when=8+5"),
        ("pwrite64", "error=ENOSPC:when=40+40"),
        ("rename", "error=EIO:when=6+4"),
        ("fdatasync", "delay_exit=200000:when=6+6"),
    ];
    for (call, fault) in faults {
        let folder = tempfile::tempdir().expect("a folder");
        let strace = start(&folder, 1, call, fault);
        finish(&folder, 1, strace);
        nothing_is_lost(folder.path(), 1);
    }
}
