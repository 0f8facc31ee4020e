//! The operator's rules about stages, read again when their file changes or SIGHUP comes.

use tokio::runtime::Runtime;
use weir_config::settings::Settings;
use weir_config::{Seen, watch};
use weir_dashboards::Stages;

use super::signals::Reloads;

/// The rules in force, which follow their file for as long as the program runs.
pub(super) fn follow(settings: &Settings, background: &Runtime) -> anyhow::Result<Stages> {
    let stages = Stages::open(settings.organisations.stages.as_deref())?;
    let Some(file) = stages.file() else {
        return Ok(stages);
    };
    let changed = stages.clone();
    let watching = watch(vec![Seen::now(file)], move || load(&changed))
        .map_err(|error| tracing::warn!(%error, "rules about stages are not watched"))
        .ok();
    let mut hangups = background.block_on(async { Reloads::listen() })?;
    let hung_up = stages.clone();
    background.spawn(async move {
        let _watching = watching;
        loop {
            hangups.asked().await;
            load(&hung_up);
        }
    });
    Ok(stages)
}

fn load(stages: &Stages) {
    match stages.reload() {
        Ok(()) => tracing::info!("rules about stages loaded again"),
        Err(error) => {
            tracing::error!(%error, "rules about stages not loaded again, the old ones stay");
        }
    }
}
