//! Data about networks while the program runs: loaded again when its files change or may not be used any
//! more, and fetched anew by the clock where the settings ask for it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::Timestamp;
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use tokio::time::MissedTickBehavior;
use weir_config::settings::Settings;
use weir_config::{Seen, Watch, watch};
use weir_ingest::Ingest;
use weir_ingest::geo::{Outcome, Updater};

/// How often is looked what is due, and what may not be used any more.
const LOOK: Duration = Duration::from_hours(1);

/// Follows the files, and the clock.
pub(super) fn follow(
    settings: &Settings,
    ingest: &Arc<Ingest>,
    background: &Runtime,
) -> anyhow::Result<()> {
    let updater = Updater::new(settings)?;
    let folder = settings.data_dir.join("geo");
    // Only a folder that is there can be watched.
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot create the folder {}", folder.display()))?;
    background.spawn(load(Arc::clone(ingest)));
    if settings.geo.update {
        background.spawn(fetch(updater));
    }
    Ok(())
}

/// Seconds since 1970.
fn now() -> u64 {
    u64::try_from(Timestamp::now().as_second()).unwrap_or_default()
}

async fn load(ingest: Arc<Ingest>) {
    let (notice, mut notices) = mpsc::channel(1);
    let mut hours = tokio::time::interval(LOOK);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut watching = watch_files(&ingest, &notice);
    loop {
        tokio::select! {
            change = notices.recv() => if change.is_none() { return },
            _ = hours.tick() => {}
        }
        let loading = Arc::clone(&ingest);
        // Reading databases takes as long as thousands of requests.
        let loaded = tokio::task::spawn_blocking(move || loading.places().reload(now())).await;
        let Ok(Some(errors)) = loaded else {
            continue;
        };
        for error in errors {
            let error = format!("{:#}", anyhow::Error::from(error));
            tracing::warn!(error, "place data skipped");
        }
        let files = ingest.places().files().len();
        tracing::info!(files, "place data loaded again");
        drop(std::mem::replace(
            &mut watching,
            watch_files(&ingest, &notice),
        ));
    }
}

/// Watches the files; the watch lives as long as what this returns.
fn watch_files(ingest: &Ingest, notice: &mpsc::Sender<()>) -> Option<Watch> {
    let notice = notice.clone();
    let noticed = move || {
        // A full channel already holds a reason to load again.
        let _ = notice.try_send(());
    };
    let files = ingest.places().watched();
    watch(files.into_iter().map(Seen::now).collect(), noticed)
        .map_err(|error| tracing::warn!(%error, "place data is not watched"))
        .ok()
}

async fn fetch(updater: Updater) {
    // Programs that were started together do not ask together.
    let apart = Duration::from_secs(u64::from(std::process::id() % 600));
    let first = tokio::time::Instant::now() + apart;
    let mut hours = tokio::time::interval_at(first, LOOK);
    hours.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        hours.tick().await;
        let due = match updater.due(now()) {
            Ok(due) => due,
            Err(error) => {
                let error = format!("{:#}", anyhow::Error::from(error));
                tracing::error!(error, "place data is not brought up to date");
                continue;
            }
        };
        for source in due {
            let name = &source.name;
            match updater.update(source, false, now()).await {
                Ok(Outcome::Installed { records, bytes }) => {
                    tracing::info!(name, records, bytes, "place data fetched");
                }
                Ok(Outcome::Unchanged) => tracing::debug!(name, "place data is the newest"),
                Err(error) => {
                    let error = format!("{:#}", anyhow::Error::from(error));
                    tracing::warn!(name, error, "place data not fetched, what there is stays");
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Waits until as many files are in use.
    fn wait_for(ingest: &Ingest, files: usize) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while ingest.places().files().len() != files {
            assert!(Instant::now() < deadline, "{:?}", ingest.places().files());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn a_running_program_takes_what_is_brought_and_lets_go_of_what_is_removed() {
        // Another test of this process may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings {
            data_dir: folder.path().to_owned(),
            ..Settings::default()
        };
        let background = Runtime::new().expect("a runtime");
        let ingest = Arc::new(Ingest::open(&settings).expect("an empty folder"));
        follow(&settings, &ingest, &background).expect("known sources");
        assert!(ingest.places().files().is_empty());

        let list = folder.path().join("torbulkexitlist");
        std::fs::write(&list, "203.0.113.77\n").expect("a file");
        let updater = Updater::new(&settings).expect("known sources");
        updater.take(&[list], None, false, now()).expect("a list");
        wait_for(&ingest, 1);
        assert_eq!(ingest.places().files()[0].name, "tor");
        updater.remove("tor").expect("a folder of ours");
        wait_for(&ingest, 0);
    }
}
