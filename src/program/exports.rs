//! Exports by the clock, from the settings as written. They belong to the half that answers questions.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use weir_config::settings::{self, Settings};
use weir_dashboards::export::{Bucket, Destination, Every, Exporter, Job, JobError, Jobs, Wanted};
use weir_dashboards::{Clock, Connect, ScheduledExport, Status};
use weir_ingest::engine::{Engine, Role};

/// How the state of everything is asked for.
type Source = Arc<dyn Fn() -> Status + Send + Sync>;

/// What leaves by the clock, as configured at the moment.
#[derive(Clone)]
pub(super) struct Scheduled {
    jobs: watch::Sender<Arc<[Job]>>,
    /// Stays where it was: what was exported before another configuration is not exported again.
    ledgers: PathBuf,
    /// Days that single events are kept for.
    event_days: u16,
}

impl Scheduled {
    /// Checks what the settings want.
    pub(super) fn new(settings: &Settings) -> Result<Self, JobError> {
        let ledgers = settings.data_dir.join("exports");
        let jobs = watch::Sender::new(jobs(settings, &ledgers)?);
        Ok(Self {
            jobs,
            ledgers,
            event_days: settings.retention.raw_days,
        })
    }

    /// Checks what other settings want; what it answers puts that in the place of what there is.
    pub(super) fn change(&self, settings: &Settings) -> Result<impl FnOnce() + use<>, JobError> {
        let (jobs, sender) = (jobs(settings, &self.ledgers)?, self.jobs.clone());
        Ok(move || drop(sender.send_replace(jobs)))
    }

    /// Each export as it is shown.
    pub(super) async fn scheduled(&self) -> Vec<ScheduledExport> {
        let jobs = Arc::clone(&self.jobs.borrow());
        let mut scheduled = Vec::new();
        for job in &*jobs {
            scheduled.push(job.scheduled().await);
        }
        scheduled
    }

    /// Everything that exporting by the clock needs.
    pub(super) fn jobs(&self, engine: &Arc<Engine>, status: &Source, clock: &Clock) -> Jobs {
        let status = Arc::clone(status);
        Jobs {
            jobs: self.jobs.subscribe(),
            exporter: Exporter::new(connect_to(engine), self.event_days),
            clock: Arc::clone(clock),
            waiting: Arc::new(move || status().spool.oldest_s.map(Duration::from_secs)),
        }
    }
}

fn jobs(settings: &Settings, ledgers: &Path) -> Result<Arc<[Job]>, JobError> {
    let jobs = settings.exports.iter();
    jobs.map(|export| job(export, ledgers)).collect()
}

/// The way to ClickHouse for exports.
pub fn connect_to(engine: &Arc<Engine>) -> Connect {
    let engine = Arc::clone(engine);
    Arc::new(move || Some(super::page::connect(engine.access(Role::Export))))
}

/// Checks what the settings want exported, without doing it.
pub(super) fn check_exports(settings: &Settings) -> Result<(), JobError> {
    jobs(settings, &settings.data_dir.join("exports")).map(drop)
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
