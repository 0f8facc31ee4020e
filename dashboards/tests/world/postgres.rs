//! A PostgreSQL of a test's own, in a folder of its own, reached by a socket in that folder.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server; it ends when this is dropped.
pub(crate) struct Postgres {
    server: Child,
    folder: tempfile::TempDir,
}

impl Postgres {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        owned_by_server(folder.path());
        let data = folder.path().join("data");
        let made = as_server(&program("initdb"))
            .args(["--auth=trust", "--no-sync", "--username=weir", "-D"])
            .arg(&data)
            .output()
            .expect("initdb can be run");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let server = as_server(&program("postgres"))
            .args(["-c", "listen_addresses=", "-c", "fsync=off", "-D"])
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("postgres can be run");
        let deadline = Instant::now() + Duration::from_mins(1);
        let socket = folder.path().join(".s.PGSQL.5432");
        while tokio::net::UnixStream::connect(&socket).await.is_err() {
            assert!(Instant::now() < deadline, "postgres never listened");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { server, folder }
    }

    /// Its address, as an operator writes it.
    pub(crate) fn url(&self) -> String {
        let folder = self.folder.path().to_str().expect("a path of letters");
        let folder = folder.replace('/', "%2F");
        format!("postgresql://weir@{folder}/postgres")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// Debian keeps the server's programs beside its version.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let mut found: Vec<_> = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}

/// PostgreSQL does not run as root: there, as the user that Debian's package makes.
fn as_server(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=postgres", "--regid=postgres", "--clear-groups"])
        .arg(program);
    command
}

fn owned_by_server(folder: &Path) {
    if is_root() {
        let owned = Command::new("chown").arg("postgres").arg(folder).status();
        assert!(owned.expect("chown can be run").success());
    }
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|this| this.uid() == 0)
}
