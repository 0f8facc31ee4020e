//! Exports by the clock, from the settings as written. They belong to the half that answers questions.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use weir_config::settings::{self, Settings};
use weir_dashboards::export::{Bucket, Destination, Every, Exporter, Job, JobError, Jobs, Wanted};
use weir_dashboards::{Clock, Connect, Status};
use weir_ingest::engine::{Engine, Role};

/// How the state of everything is asked for.
type Source = Arc<dyn Fn() -> Status + Send + Sync>;

/// Everything that leaves by the clock.
pub(super) fn jobs(
    settings: &Settings,
    engine: &Arc<Engine>,
    status: &Source,
    clock: &Clock,
) -> Result<Jobs, JobError> {
    let ledgers = settings.data_dir.join("exports");
    let jobs = settings.exports.iter().map(|export| job(export, &ledgers));
    let status = Arc::clone(status);
    Ok(Jobs {
        jobs: jobs.collect::<Result<_, _>>()?,
        exporter: Exporter::new(connect_to(engine)),
        clock: Arc::clone(clock),
        waiting: Arc::new(move || status().spool.oldest_s.map(Duration::from_secs)),
    })
}

/// The way to ClickHouse for exports.
pub fn connect_to(engine: &Arc<Engine>) -> Connect {
    let engine = Arc::clone(engine);
    Arc::new(move || Some(super::connect(engine.access(Role::Export))))
}

/// Checks what the settings want exported, without doing it.
pub fn check_exports(settings: &Settings) -> Result<(), JobError> {
    let ledgers = settings.data_dir.join("exports");
    let mut exports = settings.exports.iter();
    exports.try_for_each(|export| job(export, &ledgers).map(drop))
}

/// Checks one export, whose ledger will be in `ledgers`.
fn job(export: &settings::Export, ledgers: &Path) -> Result<Job, JobError> {
    let destination = match export.destination.clone() {
        settings::Destination::Folder(folder) => Destination::Folder(folder),
        settings::Destination::Bucket {
            url,
            access_key,
            secret,
        } => Destination::Bucket(Bucket {
            url: url.into(),
            access_key,
            secret,
        }),
    };
    let every = match export.every {
        settings::Every::Hour => Every::Hour,
        settings::Every::Day => Every::Day,
        settings::Every::Month => Every::Month,
    };
    let wanted = Wanted {
        name: export.name.clone(),
        every,
        destination,
        rows: export.rows.clone(),
    };
    Job::new(wanted, ledgers)
}
