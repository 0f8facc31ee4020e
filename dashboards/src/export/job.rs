//! One export by the clock, as configured.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::Value;
use weir_traces::{Key, Span, Value as Said};

use super::calendar::{Every, Period};
use super::ledger::Ledger;
use super::{Broken, ExportError, Exporter, Rows, bucket, file};
use crate::operation::ScheduledExport;
use crate::query::Export;

/// What the operator wants exported.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Names the files, and the note of what was done.
    pub name: String,
    /// How often.
    pub every: Every,
    /// Where to.
    pub destination: Destination,
    /// Which rows, as `POST /api/v2/export` takes it; its range of dates gives way to the period.
    pub rows: Value,
}

/// Where files go.
#[derive(Clone, Debug)]
pub enum Destination {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket that ClickHouse can reach.
    Bucket(Bucket),
}

/// A bucket of S3 or of what speaks like it.
#[derive(Clone)]
pub struct Bucket {
    /// Address of the bucket, and the path in it that names begin with.
    pub url: String,
    /// Name of the key.
    pub access_key: String,
    /// The key.
    pub secret: String,
}

impl std::fmt::Debug for Bucket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bucket({} as {})", self.url, self.access_key)
    }
}

/// What is wrong with an export by the clock.
#[derive(Debug, thiserror::Error)]
#[error("the export {name:?} makes no sense: {problem}")]
pub struct JobError {
    name: String,
    problem: String,
}

/// An export by the clock.
pub struct Job {
    pub(super) name: String,
    pub(super) every: Every,
    pub(super) ledger: Ledger,
    destination: Destination,
    export: Export,
}

impl Job {
    /// Checks what is wanted. Its ledger will be in `folder`.
    pub fn new(wanted: Wanted, folder: &Path) -> Result<Self, JobError> {
        let Wanted {
            name,
            every,
            destination,
            rows,
        } = wanted;
        match Export::read(&rows) {
            Ok(export) => Ok(Self {
                ledger: Ledger::new(folder, &name),
                name,
                every,
                destination,
                export,
            }),
            Err(invalid) => Err(JobError {
                name,
                problem: invalid.to_string(),
            }),
        }
    }

    /// The export as it is shown. A ledger that cannot be read has done nothing.
    pub async fn scheduled(&self) -> ScheduledExport {
        let to = match &self.destination {
            Destination::Folder(folder) => folder.display().to_string(),
            Destination::Bucket(bucket) => bucket.url.clone(),
        };
        ScheduledExport {
            name: self.name.clone(),
            every: self.every.as_str().to_owned(),
            to,
            done_until: self.ledger.done_until().await.ok().flatten(),
        }
    }

    /// Exports one period, and notes that.
    pub(super) async fn export(
        &self,
        exporter: &Exporter,
        period: &Period,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let mut span = Span::work("export");
        span.note(Key::Job, Said::written(&self.name));
        let done = span
            .around(self.export_untraced(exporter, period, now))
            .await;
        done.inspect_err(|_| span.fail("failed"))
    }

    async fn export_untraced(
        &self,
        exporter: &Exporter,
        period: &Period,
        now: Timestamp,
    ) -> Result<(), ExportError> {
        let Period { from, to, name } = period;
        let sql = self
            .export
            .statement_between(*from, *to, now, exporter.event_days)?;
        let format = self.export.format;
        let name = format!("{}-{name}.{}", self.name, format.as_str());
        match &self.destination {
            Destination::Folder(folder) => {
                tokio::fs::create_dir_all(folder)
                    .await
                    .map_err(file::failed("create", folder))?;
                let flow = exporter.store.begin(&sql, format.sql()).await;
                let rows = Rows::new(flow.map_err(Broken)?);
                rows.write(&folder.join(name), &mut |_| {}).await?;
            }
            Destination::Bucket(bucket) => {
                let put = bucket::put(bucket, &name, sql, format);
                exporter.store.run(&put).await.map_err(Broken)?;
            }
        }
        Ok(self.ledger.note(*to).await?)
    }
}
