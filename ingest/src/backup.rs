//! The tables as files, and back: any server's rows can go to any other, of our own engine or not.
//!
//! First all tables are copied inside ClickHouse, each into a table beside it that shares its files:
//! a matter of moments, whatever the size. Those copies are then read at leisure, while events go on
//! coming in. Events are copied last: a batch that is stored in between is missing from rollups then,
//! never from the events, and its day is counted again after the rows were put back.
//!
//! A file is one month of one table, as rows in ClickHouse's Native format, compressed with zstd.
//! Visitors are left out: what is forgotten after two days must not lie in a backup for years.

mod copies;
mod file;
mod tables;

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::engine::Access;
use crate::rollups::{ROLLUPS, RollupError, Wrong, rebuild};
use crate::schema::{self, Layout, MIGRATIONS, MigrateError, Migration, Retention};

/// All saved tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The last migration that was applied to them.
    pub migration: u32,
    /// Each with its files.
    pub tables: Vec<SavedTable>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTable {
    /// Its name.
    pub name: String,
    /// The columns in the files, in their order.
    pub columns: Vec<String>,
    /// One file a partition.
    pub files: Vec<SavedFile>,
}

/// One month of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFile {
    /// Its name within the folder.
    pub name: String,
    /// How many rows it holds.
    pub rows: u64,
}

/// Why tables could not be saved or put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// ClickHouse did not do something.
    #[error("cannot {doing}")]
    Sql {
        /// What was tried.
        doing: String,
        /// Its words.
        #[source]
        source: clickhouse::error::Error,
    },
    /// A file cannot be read or written.
    #[error("cannot {verb} {}", path.display())]
    File {
        /// What was tried.
        verb: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The tables are spread over servers, and their rows cannot be copied from one of them.
    #[error(
        "the tables lie on a cluster: save them with the servers' own `BACKUP DATABASE … ON CLUSTER`, \
         and the rest with --without-tables"
    )]
    Cluster,
    /// Nobody made the tables yet.
    #[error(
        "there are no tables in ClickHouse yet: save them once `weir serve` has made them, or `weir migrate` on a server \
         of your own; --without-tables saves the rest"
    )]
    NoTables,
    /// A migration was begun and not ended.
    #[error(
        "the tables are those of no version: a migration was cut short after it made `{0}`; start `weir serve`, or run \
         `weir migrate` on a server of your own, and save them again; --without-tables saves the rest"
    )]
    HalfMigrated(&'static str),
    /// There are rows that would be mixed with the saved ones.
    #[error(
        "the database has rows in `{0}`: nothing is overwritten; use another `clickhouse.database`, or drop this one"
    )]
    NotEmpty(String),
    /// The saved tables are those of a newer build.
    #[error(
        "the backup is of a newer build (migration {saved}, this one knows {known}): use that build"
    )]
    Newer {
        /// The last migration of the saved tables.
        saved: u32,
        /// The last of this build.
        known: u32,
    },
    /// A file did not give what it had been given.
    #[error("{file} brought {found} rows where {saved} were saved: the backup is damaged")]
    Rows {
        /// Which.
        file: String,
        /// Rows when it was written.
        saved: u64,
        /// Rows that came out of it.
        found: u64,
    },
    /// The backup holds a table that there is none of.
    #[error(
        "the backup holds the table `{0}`, which this build does not make: use the build that wrote it"
    )]
    Unknown(String),
    /// Tables are not as they should be.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// Rollups could not be counted.
    #[error(transparent)]
    Rollup(#[from] RollupError),
}

/// Saves all tables into `folder`, which exists, once nobody is changing what tables there are. `said` is told of each
/// file.
///
/// What an earlier run that was cut short has written is kept, as long as its copies of the tables
/// are still there.
pub async fn save(
    access: &Access,
    layout: &Layout,
    folder: &Path,
    mut said: impl FnMut(&str),
) -> Result<Saved, BackupError> {
    if *layout != Layout::Server {
        return Err(BackupError::Cluster);
    }
    if !schema::exists(access).await? {
        return Err(BackupError::NoTables);
    }
    let copied = schema::alone(access, async {
        let migration = last_migration(access).await?;
        let tables = copies::make(access, folder).await?;
        Ok::<_, BackupError>((migration, tables))
    });
    let (migration, tables) = copied.await?;
    let mut saved = Vec::new();
    for table in &tables {
        let mut files = Vec::new();
        for partition in copies::partitions(access, table).await? {
            let file = file::write(access, table, &partition, folder).await?;
            said(&format!("{}: {} rows", file.name, file.rows));
            files.push(file);
        }
        saved.push(SavedTable {
            name: table.name.clone(),
            columns: table.columns.clone(),
            files,
        });
    }
    copies::drop_all(access, &tables).await?;
    Ok(Saved {
        migration,
        tables: saved,
    })
}

/// The last migration of tables that are whole: others can be put back by no build.
async fn last_migration(access: &Access) -> Result<u32, BackupError> {
    let last = schema::last_applied(access).await?;
    if last == 0 {
        return Err(BackupError::NoTables);
    }
    let tables = tables::all(access).await?;
    let is_there = |name: &&str| tables.iter().any(|table| table.name == *name);
    let later = MIGRATIONS
        .iter()
        .filter(|migration| migration.number > last);
    match later.flat_map(Migration::tables).find(is_there) {
        Some(table) => Err(BackupError::HalfMigrated(table)),
        None => Ok(last),
    }
}

/// Puts saved tables from `folder` back into a database without rows, and brings them up to this
/// build. `said` is told of each file.
///
/// May be repeated where it was cut short: rows come into the tables a month at a time, in one step,
/// and a month that is there already is put there again.
pub async fn load(
    access: &Access,
    layout: &Layout,
    retention: Retention,
    folder: &Path,
    saved: &Saved,
    mut said: impl FnMut(&str),
) -> Result<(), BackupError> {
    if *layout != Layout::Server {
        return Err(BackupError::Cluster);
    }
    let known = MIGRATIONS.last().map_or(0, |migration| migration.number);
    if saved.migration > known {
        return Err(BackupError::Newer {
            saved: saved.migration,
            known,
        });
    }
    schema::migrate_to(access, layout, saved.migration).await?;
    copies::begin_loading(access).await?;
    for table in &saved.tables {
        let beside = copies::beside_for_loading(access, &table.name).await?;
        for file in &table.files {
            file::read(access, &beside, table, file, folder).await?;
            said(&format!("{}: {} rows", file.name, file.rows));
        }
        copies::put_in_place(access, &table.name, &beside).await?;
    }
    copies::end_loading(access).await?;
    schema::migrate_in(access, layout).await?;
    schema::retain(access, layout, retention).await?;
    let first = retention.first_whole_day(tables::today(access).await?);
    for rollup in ROLLUPS {
        rebuild(access, layout, rollup, first, Wrong::Behind).await?;
    }
    Ok(())
}
