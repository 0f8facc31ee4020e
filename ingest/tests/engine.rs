//! Our own engine starts, is kept running, keeps its users apart, and ends with us.

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use support::{
    client, engine_process, error_code, eventually, kill, number, options, reaches, started,
};
use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState, Role};

/// The user may not do that.
const ACCESS_DENIED: u32 = 497;
/// The engine ended while it was asked.
const QUERY_CANCELLED: u32 = 394;

/// The same user in a database that always exists.
fn in_system(access: Access) -> Access {
    Access {
        database: "system".into(),
        ..access
    }
}

#[tokio::test]
async fn it_starts_is_restarted_and_stops() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let access = in_system(engine.access(Role::Ingest));
    assert_eq!(number(&access, "SELECT toUInt64(1)").await, 1);

    let first = engine_process(place.path()).expect("it runs");
    kill(first);
    let down = reaches(&engine, |state| matches!(state, EngineState::Down { .. })).await;
    let EngineState::Down { reason, .. } = down else {
        unreachable!("waited for it")
    };
    assert!(reason.contains("signal: 9"), "{reason}");
    reaches(&engine, |state| *state == EngineState::Ready).await;
    assert_eq!(number(&access, "SELECT toUInt64(1)").await, 1);
    assert_eq!(engine.restarts(), 1);
    assert_ne!(engine_process(place.path()), Some(first));

    tokio::task::spawn_blocking(move || engine.stop())
        .await
        .expect("no panic");
    assert_eq!(engine_process(place.path()), None);
}

#[tokio::test]
async fn one_that_hangs_is_killed_and_started_again() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let first = engine_process(place.path()).expect("it runs");
    support::signal(first, "STOP");
    let down = reaches(&engine, |state| matches!(state, EngineState::Down { .. })).await;
    let EngineState::Down { reason, .. } = down else {
        unreachable!("waited for it")
    };
    insta::assert_snapshot!(reason, @"the engine hung and was killed");
    reaches(&engine, |state| *state == EngineState::Ready).await;
    let access = in_system(engine.access(Role::Ingest));
    assert_eq!(number(&access, "SELECT toUInt64(1)").await, 1);
    assert_ne!(engine_process(place.path()), Some(first));
}

#[tokio::test]
async fn a_second_one_on_the_same_folder_is_refused() {
    let place = tempfile::tempdir().expect("a folder");
    let _first = Engine::start(options(place.path())).expect("the folder is free");
    let Err(error) = Engine::start(options(place.path())) else {
        panic!("started twice")
    };
    let folder = place.path().join("clickhouse").display().to_string();
    insta::assert_snapshot!(
        error.to_string().replace(&folder, "FOLDER"),
        @"another weir runs the engine in FOLDER: stop it, or give this one a `data_dir` of its own"
    );
}

#[tokio::test]
async fn an_engine_that_is_missing_says_what_to_run_and_comes_up_once_it_is_there() {
    let place = tempfile::tempdir().expect("a folder");
    let library = place.path().join("libchdb.so");
    let engine = Engine::start(EngineOptions {
        engine: Some(library.clone()),
        ..options(place.path())
    })
    .expect("nothing but the engine is missing");
    let state = reaches(&engine, |state| matches!(state, EngineState::Down { .. })).await;
    let EngineState::Down { reason, .. } = state else {
        unreachable!("waited for it")
    };
    assert!(reason.contains("run `make engine`"), "{reason}");
    std::os::unix::fs::symlink(support::engine_file(), library).expect("a link");
    reaches(&engine, |state| *state == EngineState::Ready).await;
}

#[tokio::test]
async fn every_user_can_do_its_task_and_no_more() {
    let place = tempfile::tempdir().expect("a folder");
    let engine = started(place.path()).await;
    let [migrate, ingest, dash] =
        [Role::Migrate, Role::Ingest, Role::Dash].map(|role| engine.access(role));
    for sql in [
        "CREATE DATABASE weir ENGINE = Atomic",
        "CREATE TABLE weir.t (n UInt64) ENGINE = MergeTree ORDER BY n",
    ] {
        assert_eq!(
            error_code(&in_system(migrate.clone()), sql).await,
            0,
            "{sql}"
        );
    }
    assert_eq!(error_code(&ingest, "INSERT INTO t VALUES (1)").await, 0);
    assert_eq!(number(&dash, "SELECT count() FROM t").await, 1);

    for sql in [
        "DROP TABLE t",
        "ALTER TABLE t DELETE WHERE 1",
        "TRUNCATE TABLE t",
        "CREATE TABLE u (n UInt8) ENGINE = Memory",
    ] {
        assert_eq!(
            error_code(&ingest, sql).await,
            ACCESS_DENIED,
            "ingest: {sql}"
        );
    }
    for sql in [
        "INSERT INTO t VALUES (2)",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
        "SELECT * FROM system.users",
        "KILL QUERY WHERE 1",
    ] {
        // The dash profile also refuses what is not reading before rights are asked: 164.
        let code = error_code(&dash, sql).await;
        assert!(code == ACCESS_DENIED || code == 164, "dash: {sql}: {code}");
    }
    assert_eq!(
        error_code(&dash, "SELECT 1 SETTINGS max_execution_time = 100").await,
        452
    );

    let nobody = client(&Access {
        user: "default".into(),
        password: String::new(),
        ..dash.clone()
    });
    let error = nobody
        .query("SELECT count() FROM t")
        .fetch_one::<u64>()
        .await
        .expect_err("no rights");
    assert!(error.to_string().contains("Code: 497"), "{error}");
}

/// Makes the engine's folder with all its files; returns it and how to reach an engine on it.
fn prepared(place: &Path) -> (PathBuf, Access) {
    let engine = Engine::start(options(place)).expect("the folder can be used");
    let access = in_system(engine.access(Role::Migrate));
    eventually("the configuration", || {
        place
            .join("clickhouse/etc/config.xml")
            .is_file()
            .then_some(())
    });
    engine.stop();
    (place.join("clickhouse"), access)
}

/// The engine's process without anybody who supervises it.
fn launched(kind: &str, program: &Path, folder: &Path) -> Child {
    let mut command = Command::new(support::LAUNCHER);
    command
        .arg(kind)
        .args([program, folder])
        .stdin(Stdio::piped())
        .stderr(Stdio::null());
    command.spawn().expect("an executable")
}

fn ended(child: &mut Child) -> ExitStatus {
    eventually("the engine's end", || child.try_wait().expect("a child"))
}

#[test]
fn it_ends_when_its_parent_does_or_when_it_is_told_to() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, access) = prepared(place.path());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for by_signal in [false, true] {
        let mut child = launched("library", &support::engine_file(), &folder);
        // A query that would take ten minutes does not keep it up.
        let long = "SELECT sleepEachRow(3) FROM numbers(200) SETTINGS function_sleep_max_microseconds_per_block = 0, max_block_size = 1";
        let asked = runtime.spawn({
            let access = access.clone();
            async move {
                while client(&access).query("SELECT 1").execute().await.is_err() {}
                error_code(&access, long).await
            }
        });
        let running = "SELECT count() FROM processes WHERE query LIKE '%sleepEachRow(3)%' AND query NOT LIKE '%processes%'";
        eventually("the long query", || {
            let count = runtime.block_on(client(&access).query(running).fetch_one::<u64>());
            count.is_ok_and(|count| count == 1).then_some(())
        });
        if by_signal {
            support::signal(child.id(), "TERM");
        } else {
            drop(child.stdin.take());
        }
        let status = ended(&mut child);
        assert!(status.success(), "by signal: {by_signal}: {status}");
        assert_eq!(runtime.block_on(asked).expect("no panic"), QUERY_CANCELLED);
    }
}

#[tokio::test]
async fn an_engine_that_a_killed_process_left_behind_is_waited_for() {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().to_path_buf();
    let prepared = tokio::task::spawn_blocking(move || prepared(&folder)).await;
    let (folder, access) = prepared.expect("no panic");
    let mut left = launched("library", &support::engine_file(), &folder);
    while client(&access).query("SELECT 1").execute().await.is_err() {}

    let engine = Engine::start(options(place.path())).expect("nobody supervises it");
    let down = reaches(&engine, |state| matches!(state, EngineState::Down { .. })).await;
    let EngineState::Down { reason, .. } = down else {
        unreachable!("waited for it")
    };
    assert!(reason.contains("Another server instance"), "{reason}");

    drop(left.stdin.take());
    reaches(&engine, |state| *state == EngineState::Ready).await;
    assert!(ended(&mut left).success());
}

#[test]
fn a_server_binary_is_told_to_end_when_the_parent_does() {
    let place = tempfile::tempdir().expect("a folder");
    let (folder, _) = prepared(place.path());
    let program = place.path().join("program");
    let script = "#!/bin/sh\necho \"$@\" > started\ntrap 'echo told > ended; exit 0' TERM\nwhile :; do read -r line < idle; done\n";
    fs::write(&program, script).expect("written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("ours");
    let pipe = Command::new("mkfifo").arg(folder.join("idle")).status();
    assert!(pipe.expect("mkfifo").success());

    let mut child = launched("server", &program, &folder);
    let line = eventually("its arguments", || {
        fs::read_to_string(folder.join("started"))
            .ok()
            .filter(|line| !line.is_empty())
    });
    assert_eq!(
        line,
        format!(
            "server --config-file={}\n",
            folder.join("etc/config.xml").display()
        )
    );
    drop(child.stdin.take());
    assert!(ended(&mut child).success());
    assert_eq!(
        fs::read_to_string(folder.join("ended")).expect("it was told"),
        "told\n"
    );
}
