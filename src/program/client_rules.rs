//! The operator's rules about clients, read again when their files change or SIGHUP comes.

use std::sync::Arc;

use tokio::runtime::Runtime;
use weir_config::{Seen, Watch, watch};
use weir_ingest::Ingest;

use super::signals::Reloads;

/// Follows the files of `ingest`'s rules for as long as the watch that this returns lives.
pub(super) fn follow(
    ingest: &Arc<Ingest>,
    mut hangups: Reloads,
    background: &Runtime,
) -> Option<Watch> {
    let files: Vec<_> = ingest.client_files().iter().map(Seen::now).collect();
    if files.is_empty() {
        return None;
    }
    let hung_up = Arc::clone(ingest);
    background.spawn(async move {
        loop {
            hangups.asked().await;
            load(&hung_up);
        }
    });
    let changed = Arc::clone(ingest);
    watch(files, move || load(&changed))
        .map_err(|error| tracing::warn!(%error, "client rules are not watched"))
        .ok()
}

fn load(ingest: &Ingest) {
    match ingest.reload_clients() {
        Ok(()) => tracing::info!("client rules loaded again"),
        Err(error) => tracing::error!(%error, "client rules not loaded again, the old ones stay"),
    }
}
