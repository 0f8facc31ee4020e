//! The disk is full: downloads go on, what could not be kept is counted, and space brings all back.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::UNDISTURBED;
use crate::world::World;
use crate::world::load::{Load, ROCKET, Rate};

/// Room for an engine at rest and a few segments.
const MEGABYTES: u32 = 96;

/// Requests that take a few seconds at the rate here; the spool looks for room four times a second.
const RECOVERY: u64 = 2_000;

/// A file system of its own. To be declared before the world on it, so that it goes after it.
struct SmallDisk {
    path: PathBuf,
}

impl SmallDisk {
    /// Mounts one on `folder`; `None`, and says so, where this user may not.
    fn mount(folder: &TempDir) -> Option<Self> {
        let options = format!("size={MEGABYTES}m,mode=700");
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(folder.path())
            .output();
        match mount {
            Ok(output) if output.status.success() => Some(Self {
                path: folder.path().to_owned(),
            }),
            Ok(output) => {
                eprintln!(
                    "skipped: cannot mount a small disk: {}",
                    String::from_utf8_lossy(&output.stderr)
                );
                None
            }
            Err(error) => {
                eprintln!("skipped: cannot run mount: {error}");
                None
            }
        }
    }

    fn filler(&self) -> PathBuf {
        self.path.join("filler")
    }

    /// Takes every byte that is left.
    fn fill(&self) {
        let mut file = File::options()
            .create(true)
            .append(true)
            .open(self.filler())
            .expect("a file");
        for size in [1 << 20, 4096, 1] {
            let zeros = vec![0; size];
            while file.write(&zeros).is_ok_and(|written| written > 0) {}
        }
    }

    fn empty(&self) {
        std::fs::remove_file(self.filler()).expect("the filler is there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
        let _ = std::fs::remove_dir(&self.path);
    }
}

/// Records that were dropped, whatever the reason.
fn dropped(status: &Value) -> u64 {
    let reasons = status["dropped"].as_object().expect("counts by reason");
    reasons.values().filter_map(Value::as_u64).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_downloads_go_on_and_what_is_dropped_is_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = SmallDisk::mount(&folder) else {
        return;
    };
    let world = World::start_in(folder, ROCKET).await;
    let owner = world.owner().await;
    world.ready().await;
    let load = Load::start(
        world.weir.gateway,
        Rate {
            rest: Duration::from_millis(2),
            ..Rate::STEADY
        },
    );
    load.more(500).await;
    disk.fill();
    world
        .wait_for_status(&owner, |status| {
            disk.fill(); // again, since the engine may give some of it back
            status["dropped"]["disk_full"].as_u64() > Some(100)
        })
        .await;
    load.more(500).await;
    disk.empty();
    load.more(RECOVERY).await;
    let outcome = load.stop().await;
    outcome.assert_unharmed();
    assert!(outcome.p99() < UNDISTURBED, "{:?}", outcome.p99());

    let stored = world.stored_ids().await;
    let dropped = dropped(&world.status(&owner).await);
    assert_eq!(
        outcome.answered.len() as u64 - stored.len() as u64,
        dropped,
        "what is missing was counted"
    );
    assert!(
        stored.values().all(|&count| count == 1),
        "nothing is stored twice"
    );
    assert!(
        stored.keys().all(|id| outcome.answered.contains(id)),
        "nothing is invented"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_started_on_a_full_disk_serves_and_recovers() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = SmallDisk::mount(&folder) else {
        return;
    };
    let mut world = World::start_in(folder, ROCKET).await;
    let owner = world.owner().await;
    world.ready().await;
    world.weir.kill();
    disk.fill();
    world.restart();
    let load = Load::start(world.weir.gateway, Rate::STEADY);
    world
        .wait_for_status(&owner, |status| dropped(status) > 0)
        .await;
    disk.empty();
    load.more(RECOVERY).await;
    load.stop().await.assert_unharmed();
    world.stored_ids().await;
}
