//! A ClickHouse server beside the program under test: an engine of ours, run by the test.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState, Role};

use crate::world::PATIENCE;
use crate::world::process::{children, signal};

/// The server. Its state is in `clickhouse/` of its folder.
pub(crate) struct Server {
    folder: PathBuf,
    engine: Option<Engine>,
}

impl Server {
    /// Starts one and waits until it answers.
    pub(crate) async fn start(folder: &Path) -> Self {
        let mut server = Self {
            folder: folder.to_owned(),
            engine: None,
        };
        server.begin().await;
        server
    }

    /// Starts it again on the same folder, at the same address.
    pub(crate) async fn begin(&mut self) {
        let program = Path::new(env!("CARGO_BIN_EXE_weir"));
        let library = program.with_file_name("libchdb.so");
        assert!(
            library.is_file(),
            "no ClickHouse engine at {}: run `make engine`",
            library.display()
        );
        let engine = Engine::start(EngineOptions {
            data_dir: self.folder.clone(),
            executable: program.to_owned(),
            arguments: vec!["engine".into()],
            engine: Some(library),
            database: "weir".to_owned(),
            memory_bytes: 2 << 30,
        });
        self.engine = Some(engine.expect("the folder can be used"));
        self.ready().await;
    }

    /// Waits until it answers.
    pub(crate) async fn ready(&self) {
        let mut state = self.engine().state();
        let ready = state.wait_for(|state| *state == EngineState::Ready);
        let ready = tokio::time::timeout(PATIENCE, ready).await;
        ready
            .expect("the engine answers within a minute")
            .expect("the engine is supervised");
    }

    /// Ends it in order; it stays down.
    pub(crate) async fn stop(&mut self) {
        let engine = self.engine.take().expect("it was started");
        let end = tokio::task::spawn_blocking(move || engine.stop());
        end.await.expect("no panic");
    }

    /// Ends its process at once, as a crash would; it is started again by itself.
    pub(crate) async fn kill(&self) {
        self.ready().await;
        let restarts = self.engine().restarts();
        signal(self.process(), "KILL");
        let again = async {
            while self.engine().restarts() == restarts {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
        };
        let again = tokio::time::timeout(PATIENCE, again).await;
        again.expect("it is started again within a minute");
    }

    /// With every right there is.
    pub(crate) fn access(&self) -> Access {
        self.engine().access(Role::Migrate)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let url = self.access().url;
        let address = url.strip_prefix("http://").expect("plain HTTP");
        address.parse().expect("an address")
    }

    /// Runs a statement.
    pub(crate) async fn run(&self, statement: &str) {
        let access = self.access();
        let client = clickhouse::Client::default()
            .with_url(access.url)
            .with_user(access.user)
            .with_password(access.password)
            .with_database(access.database);
        let done = client.query_raw(statement).execute().await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// What it stores, to be copied while it is down.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("clickhouse/data")
    }

    fn engine(&self) -> &Engine {
        self.engine.as_ref().expect("it was started")
    }

    /// Of this process's children, the one whose arguments name the folder as the engine's.
    fn process(&self) -> u32 {
        let folder = self.folder.join("clickhouse").display().to_string();
        let runs_it = |id: &u32| {
            let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            line.split('\0').any(|argument| argument == folder)
        };
        let found = children(std::process::id()).into_iter().find(runs_it);
        found.expect("it answered a moment ago")
    }
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp").arg("-a").args([from, to]).status();
    assert!(status.expect("a cp command").success());
}
