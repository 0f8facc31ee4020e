//! ClickHouse as the settings have it: a server by URL, or the engine inside.

use std::time::Duration;

use anyhow::Context as _;
use tokio::time::timeout;
use weir_config::Settings;
use weir_config::settings::ClickHouse;
use weir_ingest::engine::{Access, Engine, EngineOptions, EngineState, Role};
use weir_ingest::schema::{self, Layout, Retention};

/// Longest that an engine started for a command may take to answer.
const PATIENCE: Duration = Duration::from_mins(2);

/// ClickHouse for the length of a command.
pub struct Reached {
    engine: Engine,
    /// How the tables lie there.
    pub layout: Layout,
    /// How long rows are kept there.
    pub retention: Retention,
}

impl Reached {
    /// Reaches the server of the settings, or the engine that `weir serve` runs, or an engine started
    /// for this purpose. Tables are as they were found.
    pub async fn open(settings: &Settings) -> anyhow::Result<Self> {
        Self::of(reach_engine(settings)?, settings).await
    }

    /// The same, but fails where `weir serve` runs an engine of its own.
    pub async fn open_alone(settings: &Settings) -> anyhow::Result<Self> {
        Self::of(start_engine(settings)?, settings).await
    }

    async fn of(engine: Engine, settings: &Settings) -> anyhow::Result<Self> {
        // Another provider set earlier in this process serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        wait_until_up(&engine).await?;
        let cluster = settings.clickhouse.cluster.as_deref();
        let layout = schema::layout(&engine.access(Role::Migrate), cluster).await?;
        Ok(Self {
            engine,
            layout,
            retention: retention(settings),
        })
    }

    /// How to speak to it in `role`.
    pub fn access(&self, role: Role) -> Access {
        self.engine.access(role)
    }

    /// Ends an engine that was started for this purpose.
    pub fn close(self) {
        self.engine.stop();
    }
}

async fn wait_until_up(engine: &Engine) -> anyhow::Result<()> {
    let mut state = engine.state();
    let up = |state: &EngineState| matches!(state, EngineState::Ready | EngineState::External);
    if matches!(timeout(PATIENCE, state.wait_for(up)).await, Ok(Ok(_))) {
        return Ok(());
    }
    match &*engine.state().borrow() {
        EngineState::Down { reason, .. } => anyhow::bail!("the engine does not start: {reason}"),
        _ => anyhow::bail!("the engine does not answer"),
    }
}

/// How long rows are kept, in the words of the tables' package.
pub(crate) fn retention(settings: &Settings) -> Retention {
    Retention {
        raw_days: settings.retention.raw_days,
        rollup_months: settings.retention.rollup_months,
    }
}

/// Starts the engine inside, or knows the server that takes its place.
pub(crate) fn start_engine(settings: &Settings) -> anyhow::Result<Engine> {
    match external(settings) {
        Some(engine) => Ok(engine),
        None => Ok(Engine::start(engine_options(settings)?)?),
    }
}

/// The same in the place of another process, whose engine may still run: ours comes after it.
pub(crate) fn start_engine_in_turn(settings: &Settings) -> anyhow::Result<Engine> {
    match server(settings) {
        Some(access) => Ok(Engine::external(access)),
        None => Ok(Engine::start_in_turn(engine_options(settings)?)?),
    }
}

/// The same for a command of its own, which joins the engine of a running program.
pub fn reach_engine(settings: &Settings) -> anyhow::Result<Engine> {
    match external(settings) {
        Some(engine) => Ok(engine),
        None => Ok(Engine::start_or_join(engine_options(settings)?)?),
    }
}

/// The server of the settings, where they name one.
pub fn external(settings: &Settings) -> Option<Engine> {
    server(settings).map(Engine::external)
}

/// How to reach the server that somebody else runs, if there is one.
fn server(settings: &Settings) -> Option<Access> {
    let ClickHouse {
        url,
        user,
        password,
        database,
        ..
    } = settings.clickhouse.clone();
    Some(Access {
        url: url?.into(),
        user,
        password: password
            .map(|credentials| credentials.password)
            .unwrap_or_default(),
        database,
    })
}

fn engine_options(settings: &Settings) -> anyhow::Result<EngineOptions> {
    let ClickHouse {
        database,
        engine,
        memory_bytes,
        ..
    } = settings.clickhouse.clone();
    Ok(EngineOptions {
        data_dir: settings.data_dir.clone(),
        executable: std::env::current_exe().context("cannot find the running program")?,
        arguments: vec!["engine".into()],
        engine,
        database,
        memory_bytes,
    })
}
