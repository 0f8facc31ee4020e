//! A real engine of its own for every test file, and a way to wait for what it comes to.

#![allow(dead_code)] // each test file uses its part

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime};

use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState};

/// Longest that anything here may take before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Noon of the day on which the test began, UTC: of a day that is not kept any more nothing would stay.
pub(crate) static NOON: LazyLock<u32> = LazyLock::new(|| {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let days = since.expect("the clock is set").as_secs() / 86_400;
    (days * 86_400 + 43_200) as u32
});

/// The executable that runs the engine's process.
pub(crate) const LAUNCHER: &str = env!("CARGO_BIN_EXE_weir-engine");

/// The engine that `make engine` fetched.
pub(crate) fn engine_file() -> PathBuf {
    let named = std::env::var_os("WEIR_CLICKHOUSE__ENGINE").map(PathBuf::from);
    let file = named.unwrap_or_else(|| Path::new(LAUNCHER).with_file_name("libchdb.so"));
    assert!(
        file.is_file(),
        "no ClickHouse engine at {}: run `make engine`",
        file.display()
    );
    file
}

pub(crate) fn options(data_dir: &Path) -> EngineOptions {
    EngineOptions {
        data_dir: data_dir.into(),
        executable: LAUNCHER.into(),
        arguments: Vec::new(),
        engine: Some(engine_file()),
        database: "weir".into(),
        memory_bytes: 2 << 30,
    }
}

/// An engine on `data_dir` that answers.
pub(crate) async fn started(data_dir: &Path) -> Engine {
    let engine = Engine::start(options(data_dir)).expect("the folder can be used");
    reaches(&engine, |state| *state == EngineState::Ready).await;
    engine
}

/// Waits until the engine's state is as wanted.
pub(crate) async fn reaches(
    engine: &Engine,
    wanted: impl FnMut(&EngineState) -> bool,
) -> EngineState {
    let mut state = engine.state();
    let Ok(seen) = tokio::time::timeout(PATIENCE, state.wait_for(wanted)).await else {
        panic!("still {:?}", *engine.state().borrow());
    };
    seen.expect("supervised").clone()
}

/// Waits until `check` gives a value.
pub(crate) fn eventually<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let since = Instant::now();
    loop {
        if let Some(value) = check() {
            return value;
        }
        assert!(since.elapsed() < PATIENCE, "never came: {what}");
        std::thread::sleep(Duration::from_millis(10)); // the pace of asking, not a wait for the answer
    }
}

/// A client with the rights of `access`.
pub(crate) fn client(access: &Access) -> clickhouse::Client {
    clickhouse::Client::default()
        .with_url(&access.url)
        .with_user(&access.user)
        .with_password(&access.password)
        .with_database(&access.database)
}

/// One number that a query gives.
pub(crate) async fn number(access: &Access, query: &str) -> u64 {
    client(access)
        .query(query)
        .fetch_one::<u64>()
        .await
        .unwrap_or_else(|error| panic!("{query}: {error}"))
}

/// The number of ClickHouse's error, or 0 if the query did what it says.
pub(crate) async fn error_code(access: &Access, query: &str) -> u32 {
    let Err(error) = client(access).query(query).execute().await else {
        return 0;
    };
    let text = error.to_string();
    let digits = text
        .split("Code: ")
        .nth(1)
        .and_then(|rest| rest.split('.').next());
    digits
        .and_then(|code| code.parse().ok())
        .unwrap_or_else(|| panic!("{query}: {text}"))
}

/// The process that runs the engine on `data_dir`: the one whose arguments name its folder.
pub(crate) fn engine_process(data_dir: &Path) -> Option<u32> {
    let folder = std::path::absolute(data_dir)
        .expect("a path")
        .join("clickhouse");
    let folder = folder.to_str().expect("plain text");
    let processes = std::fs::read_dir("/proc").expect("Linux").flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .find(|id: &u32| {
            let line = std::fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
            line.split('\0').any(|argument| argument == folder)
        })
}

/// Sends a signal to one process that this test started.
pub(crate) fn signal(id: u32, name: &str) {
    let status = std::process::Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .status();
    assert!(status.expect("a kill command").success());
}

/// Ends one process that this test started, as a crash would.
pub(crate) fn kill(id: u32) {
    signal(id, "KILL");
}
