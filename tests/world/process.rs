//! Processes as the system knows them: whose children they are, whether they live, signals to them.

use std::fs;
use std::process::{Command, Stdio};
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

/// Ends a process that this test started, if it has not ended by itself.
pub(crate) fn kill(id: u32) {
    let mut kill = Command::new("kill");
    let _ = kill
        .args(["-s", "KILL", &id.to_string()])
        .stderr(Stdio::null())
        .status();
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

/// How many descriptors a process has open.
pub(crate) fn descriptors(id: u32) -> usize {
    let open = fs::read_dir(format!("/proc/{id}/fd"));
    open.expect("a process of ours").count()
}

/// The memory of a process that is its own and in use, in MiB.
pub(crate) fn memory_mib(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a process of ours");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.expect("Linux") / 1024
}

/// Waits until a process has no more than so many descriptors open.
pub(crate) async fn descriptors_return_to(id: u32, most: usize) {
    let deadline = Instant::now() + PATIENCE;
    while descriptors(id) > most {
        assert!(
            Instant::now() < deadline,
            "{} descriptors, more than {most}",
            descriptors(id)
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
