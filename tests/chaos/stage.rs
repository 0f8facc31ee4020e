//! Where a fault is played: the program, a proxy, and a ClickHouse server behind it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::dice::Dice;
use crate::proxy::{Proxy, Weather};
use crate::row::Row;
use crate::server::Server;
use crate::world::World;
use crate::world::load::{Load, Outcome, ROCKET, Rate};
use crate::world::owner::Owner;

/// Far above what an undisturbed answer takes, far below any time limit behind it.
const UNDISTURBED: Duration = Duration::from_millis(500);

/// Longest time after the last fault until all is stored. The pauses between attempts are half a
/// minute at most, and one attempt has its own minute.
const SETTLING: Duration = Duration::from_mins(10);

/// Whether this is the long run of `make chaos`.
pub(crate) fn is_long() -> bool {
    std::env::var("CHAOS").is_ok_and(|value| value == "long")
}

/// The first in the long run, the second otherwise.
pub(crate) fn long_or<T>(long: T, short: T) -> T {
    if is_long() { long } else { short }
}

/// Everything on it.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) owner: Owner,
    pub(crate) proxy: Proxy,
    pub(crate) server: Server,
    pub(crate) dice: Dice,
}

impl Stage {
    pub(crate) async fn set() -> Self {
        Self::set_with(&[]).await
    }

    /// The same, with settings in the program's environment.
    pub(crate) async fn set_with(env: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::set_in(folder, env).await
    }

    /// The same, in a folder of the test's own.
    pub(crate) async fn set_in(folder: tempfile::TempDir, env: &[(&str, &str)]) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let dice = Dice::thrown();
        // The program keeps its own state in the same folder, and no engine. So whoever looks for one
        // there finds this.
        let data = folder.path().join("data");
        let server = Server::start(&data).await;
        let proxy = Proxy::start(server.address(), dice.another(1)).await;
        let password = folder.path().join("password");
        std::fs::write(&password, server.access().password).expect("written");
        private(&password);
        let config = format!(
            "[gateway]\nhttp = [\"{}\"]\ntrusted_proxies = [\"127.0.0.0/8\"]\nverify_files = false\n\
             [dashboards]\nlisten = \"127.0.0.1:0\"\n\
             [clickhouse]\nurl = \"http://{}\"\nuser = {:?}\npassword_file = \"{}\"\n{ROCKET}",
            free_address(),
            proxy.address,
            server.access().user,
            password.display(),
        );
        let world = World::start_in_with(folder, &config, env).await;
        // As the operator of a server does.
        weir(&world, &["migrate"]);
        // Faults come after everything has worked once.
        world.stored_ids().await;
        let owner = world.owner().await;
        Self {
            world,
            owner,
            proxy,
            server,
            dice,
        }
    }

    /// Downloads at a steady rate.
    pub(crate) fn load(&self) -> Load {
        Load::start(self.world.weir.gateway, Rate::STEADY)
    }

    /// Lets downloads go on for a time.
    pub(crate) async fn under_load(&self, load: &Load, time: Duration) {
        let until = Instant::now() + time;
        while Instant::now() < until {
            load.more(20).await;
        }
    }

    /// Ends the load and compares what was answered with what is stored, once everything had the
    /// chance to arrive. Nothing may be missing but what `may_miss` says.
    pub(crate) async fn verdict(
        &self,
        fault: &str,
        load: Load,
        may_miss: impl Fn(u64) -> bool,
    ) -> (Row, Outcome, BTreeMap<u64, u64>) {
        self.proxy.set(Weather::Clear);
        let quiet = Instant::now();
        let outcome = load.stop().await;
        let expected = outcome.answered.iter().filter(|id| !may_miss(**id)).count() as u64;
        let ids = "SELECT uniqExact(version) AS ids FROM events WHERE version LIKE '1.0.%'";
        while self.number(ids, "ids").await < expected && quiet.elapsed() < SETTLING {
            tokio::time::sleep(Duration::from_millis(50)).await; // the pace of asking
        }
        let settled = quiet.elapsed();
        let stored = self.world.stored_ids().await;
        self.world.rollups_agree().await;
        let mut differences = outcome.differences(&stored);
        differences.lost.retain(|id| !may_miss(*id));
        let row = Row {
            fault: fault.to_owned(),
            seed: self.dice.seed,
            is_long: is_long(),
            answered: outcome.answered.len(),
            broken: outcome.ambiguous.len(),
            failed: outcome.failed.len(),
            lost: differences.lost.len(),
            doubled: differences.doubled.len(),
            invented: differences.invented.len(),
            p99_ms: outcome.p99().as_millis() as u64,
            settled_ms: settled.as_millis() as u64,
            note: String::new(),
        };
        (row, outcome, stored)
    }

    /// The same where every download has to be answered, in time, and stored once.
    pub(crate) async fn unharmed(&self, fault: &str, load: Load, note: impl Fn(&Self) -> String) {
        let (row, outcome, stored) = self.verdict(fault, load, |_| false).await;
        let row = Row {
            note: note(self),
            ..row
        };
        row.write();
        outcome.assert_unharmed();
        outcome.assert_stored_once(&stored);
        assert!(outcome.p99() < UNDISTURBED, "{:?}", outcome.p99());
        assert!(
            self.proxy.most_at_once() <= 1,
            "inserts overtook each other"
        );
    }

    /// Runs a command of the operator's beside the program.
    pub(crate) fn weir(&self, command: &[&str]) {
        weir(&self.world, command);
    }

    /// One number from the server; 0 while it does not answer.
    async fn number(&self, sql: &str, column: &str) -> u64 {
        let rows = self.world.query(sql).await.unwrap_or_default();
        rows.first()
            .map_or(0, |row| row[column].as_u64().unwrap_or(0))
    }

    /// How many records the program says it dropped, whatever the reason.
    pub(crate) async fn dropped(&self) -> u64 {
        let status = self.world.status(&self.owner).await;
        let reasons = status["dropped"].as_object().expect("counts by reason");
        reasons.values().filter_map(Value::as_u64).sum()
    }
}

fn weir(world: &World, command: &[&str]) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_weir"))
        .arg(command[0])
        .arg("--config")
        .arg(world.folder.path().join("weir.toml"))
        .args(&command[1..])
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "weir {}: {said}",
        command.join(" ")
    );
}

fn private(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(file, mode).expect("our own file");
}

/// An address that stays the same when the program is started again.
pub(crate) fn free_address() -> std::net::SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
}
