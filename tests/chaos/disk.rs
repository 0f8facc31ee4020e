//! The spool's disk is full, has no more files to give, or takes seconds to sync.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use tempfile::TempDir;

use crate::proxy::Weather;
use crate::row::Row;
use crate::stage::{Stage, long_or};
use crate::world::load::{Load, Rate};

/// A file system of its own for the spool. To be declared before what uses it, so that it goes after it.
struct SmallDisk {
    path: PathBuf,
}

/// What a disk runs out of.
#[derive(Clone, Copy)]
enum Lack {
    Bytes,
    Inodes,
}

impl SmallDisk {
    /// Mounts one where the program in `folder` has its spool; `None`, and says so, where this user
    /// may not.
    fn mount(folder: &TempDir, options: &str) -> Option<Self> {
        let path = folder.path().join("data/spool");
        fs::create_dir_all(&path).expect("our own folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]);
        let output = mount.arg(&path).output();
        match output {
            Ok(output) if output.status.success() => Some(Self { path }),
            Ok(output) => {
                let words = String::from_utf8_lossy(&output.stderr);
                eprintln!("skipped: cannot mount a small disk: {words}");
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

    /// Takes all that is left.
    fn exhaust(&self, lack: Lack) {
        fs::create_dir(self.filler()).expect("room for a folder");
        match lack {
            Lack::Inodes => {
                let mut names = (0..).map(|number: u32| self.filler().join(number.to_string()));
                while names.next().is_some_and(|name| File::create(name).is_ok()) {}
            }
            Lack::Bytes => {
                let mut file = File::create(self.filler().join("zeros")).expect("room for a file");
                for size in [1 << 20, 4096, 1] {
                    let zeros = vec![0; size];
                    while file.write(&zeros).is_ok_and(|written| written > 0) {}
                }
            }
        }
    }

    fn relieve(&self) {
        fs::remove_dir_all(self.filler()).expect("it was filled");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

/// The spool runs out of something while ClickHouse is down; what it cannot keep it counts.
async fn runs_out(fault: &str, options: &str, lack: Lack) {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(disk) = SmallDisk::mount(&folder, options) else {
        return;
    };
    let stage = Stage::set_in(folder, &[]).await;
    // The spool has its room reserved, so it takes many to use that up.
    let rate = Rate {
        connections: 8,
        rest: Duration::ZERO,
        ..Rate::STEADY
    };
    let load = Load::start(stage.world.weir.gateway, rate);
    load.more(300).await;
    stage.proxy.set(Weather::Refuse);
    load.more(300).await;
    disk.exhaust(lack);
    let wanted = long_or(20_000, 200);
    while stage.dropped().await < wanted {
        load.more(50).await;
    }
    disk.relieve();
    stage.proxy.set(Weather::Clear);
    load.more(20_000).await;
    all_counted(&stage, fault, load, "").await;
}

/// Whatever is missing was counted as dropped, and it went on by itself.
async fn all_counted(stage: &Stage, fault: &str, load: Load, before: &str) {
    let (row, outcome, stored) = stage.verdict(fault, load, |_| true).await;
    let dropped = stage.dropped().await;
    let missing = outcome.answered.len() - stored.len();
    let note = format!("{before}{missing} are missing, {dropped} were counted as dropped");
    Row {
        note,
        ..row.clone()
    }
    .write();
    outcome.assert_unharmed();
    assert_eq!(missing as u64, dropped);
    assert_eq!((row.doubled, row.invented), (0, 0));
    assert!(
        stored.keys().max() > outcome.answered.iter().rev().nth(500),
        "it goes on by itself"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_has_no_room_left() {
    runs_out("the disk is full", "size=32m,mode=700", Lack::Bytes).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_has_no_files_left() {
    let options = "size=256m,nr_inodes=200,mode=700";
    runs_out("the disk has no inodes left", options, Lack::Inodes).await;
}

/// Makes every sync of a process take three seconds longer.
struct SlowSync(Child);

impl SlowSync {
    fn attach(process: u32) -> Self {
        let calls = "fdatasync,fsync,msync,sync_file_range,syncfs";
        let mut strace = Command::new("strace");
        strace
            .args([
                "-f",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                &format!("trace={calls}"),
            ])
            .args(["-e", &format!("inject={calls}:delay_exit=3000000")])
            .args(["-p", &process.to_string()]);
        Self(
            strace
                .spawn()
                .expect("strace is installed: run `make setup`"),
        )
    }
}

impl Drop for SlowSync {
    fn drop(&mut self) {
        // Killed, it would leave the process stopped.
        crate::world::process::signal(self.0.id(), "TERM");
        let _ = self.0.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_takes_three_seconds_to_sync() {
    let stage = Stage::set().await;
    let load = stage.load();
    load.more(300).await;
    let slow = SlowSync::attach(stage.world.weir.id());
    traced(stage.world.weir.id()).await;
    let time = long_or(Duration::from_mins(1), Duration::from_secs(5));
    stage.under_load(&load, time).await;
    drop(slow);
    load.more(1_000).await;
    // A disk that falls behind for long has no room left in the end; downloads do not notice.
    let note = format!("for {} s; ", time.as_secs());
    all_counted(&stage, "every sync takes three seconds", load, &note).await;
}

/// Waits until somebody traces the process (proc(5), `/proc/PID/status`).
async fn traced(process: u32) {
    let status = Path::new("/proc").join(process.to_string()).join("status");
    let is_traced = || {
        let text = fs::read_to_string(&status).expect("it runs");
        let tracer = text
            .lines()
            .find_map(|line| line.strip_prefix("TracerPid:"));
        tracer.is_some_and(|pid| pid.trim() != "0")
    };
    let traced = async {
        while !is_traced() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let traced = tokio::time::timeout(crate::world::PATIENCE, traced).await;
    traced.expect("strace attaches; may this user trace?");
}
