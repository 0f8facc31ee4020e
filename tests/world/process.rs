//! Processes as the system knows them: whose children they are, whether they live, signals to them.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use super::PATIENCE;

/// The children of a process.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("Linux").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|&id| parent_of(id) == Some(parent)).collect()
}

/// The engine that a running program supervises, once there is one.
pub(crate) async fn engine_of(weir: u32) -> u32 {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let [engine] = children(weir)[..] {
            return engine;
        }
        assert!(
            Instant::now() < deadline,
            "no engine among {:?}",
            children(weir)
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until a process has ended, reaped or not.
pub(crate) async fn gone(id: u32) {
    let deadline = Instant::now() + PATIENCE;
    while state(id).is_some_and(|(state, _)| state != 'Z') {
        assert!(Instant::now() < deadline, "process {id} is still there");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Sends a signal to one process that this test started.
pub(crate) fn signal(id: u32, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .status();
    assert!(status.expect("a kill command").success());
}

fn parent_of(id: u32) -> Option<u32> {
    state(id).map(|(_, parent)| parent)
}

/// State and parent of a process (proc(5), `/proc/PID/stat`).
fn state(id: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before may hold anything, so fields are counted from its end.
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}
