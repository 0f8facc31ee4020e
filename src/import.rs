//! What an import needs of the program: the routes that tell what logged requests were, and a ClickHouse to
//! import into, whether it runs already or not.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use weir_config::Catalogue;
use weir_config::settings::Settings;
use weir_gateway::Classifier;
use weir_ingest::engine::{Access, Engine, EngineState, Role};
use weir_ingest::import::Classify;
use weir_ingest::schema;

/// Longest that our own engine may take to come up.
const PATIENCE: std::time::Duration = std::time::Duration::from_mins(2);

/// Tells what logged requests were, as the gateway would have.
pub fn classify(catalogue: Arc<Catalogue>) -> Arc<Classify> {
    let classifier = Classifier::new(catalogue);
    Arc::new(move |logged| classifier.classify(logged))
}

/// A ClickHouse to import into.
pub struct Target {
    /// How to reach it.
    pub access: Access,
    /// Our own, if it was started for this; ends with it.
    engine: Option<Engine>,
}

impl Target {
    /// The server of the settings; or the engine of a `weir serve` that runs on the same folder; or else that
    /// engine, started for as long as this value lives.
    pub async fn reach(settings: &Settings) -> anyhow::Result<Self> {
        // Another provider set earlier in this process serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        if settings.clickhouse.url.is_none()
            && let Some(access) =
                Engine::running(&settings.data_dir, &settings.clickhouse.database)?
        {
            return Ok(Self {
                access,
                engine: None,
            });
        }
        let engine = crate::program::start_engine(settings)?;
        let access = engine.access(Role::Ingest);
        if settings.clickhouse.url.is_none() {
            come_up(&engine).await?;
            schema::migrate(&engine.access(Role::Migrate))
                .await
                .context("cannot bring the tables up to date")?;
        }
        Ok(Self {
            access,
            engine: Some(engine),
        })
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if let Some(engine) = &self.engine {
            engine.stop();
        }
    }
}

async fn come_up(engine: &Engine) -> anyhow::Result<()> {
    let mut state = engine.state();
    let up = state.wait_for(|state| *state != EngineState::Starting);
    let up = tokio::time::timeout(PATIENCE, up)
        .await
        .context("the engine does not come up")?;
    if let EngineState::Down { reason, .. } = &*up.context("the engine's supervisor ended")? {
        bail!("the engine does not come up: {reason}");
    }
    Ok(())
}
