//! The account database: a SQLite file, or PostgreSQL by address, with the same tables and statements.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::any::{Any, AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{
    AnyPool, ConnectOptions as _, Connection as _, Executor as _, SqlSafeStr as _, Transaction,
};

use super::before;

/// Where accounts are kept.
#[derive(Clone)]
pub enum AccountsAt {
    /// In a SQLite file, made where it is missing.
    File(PathBuf),
    /// In PostgreSQL, by an address that may hold a password.
    Postgres(String),
}

impl std::fmt::Debug for AccountsAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Postgres(_) => f.write_str("Postgres"),
        }
    }
}

/// Why the account database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be made or read.
    #[error("cannot open the account database {}; check that its folder exists and is writable", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Its tables cannot be made, or are another version's.
    #[error("cannot prepare the account database: {0}")]
    Tables(#[from] sqlx::migrate::MigrateError),
    /// It failed.
    #[error("the account database failed: {0}")]
    Failed(#[from] sqlx::Error),
}

/// Connections to it. SQLite has one writer at a time whatever we do.
const MOST_CONNECTIONS: u32 = 4;
/// Longest wait for a connection.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a migration is tried where another process may be at it as well.
const TRIES: u32 = 5;

/// The number by which PostgreSQL knows the lock that changes take: any constant that others do not use.
const LOCK_CHANGES: &str = "SELECT pg_advisory_xact_lock(7812401369)";

/// The open database.
pub(super) struct Database {
    pool: AnyPool,
    is_sqlite: bool,
}

impl Database {
    pub(super) async fn open(at: &AccountsAt) -> Result<Self, DatabaseError> {
        sqlx::any::install_default_drivers();
        let (options, is_sqlite) = match at {
            AccountsAt::File(path) => (sqlite(path)?, true),
            AccountsAt::Postgres(url) => (url.parse::<AnyConnectOptions>()?, false),
        };
        let options = options.disable_statement_logging();
        let pool = AnyPoolOptions::new()
            .max_connections(MOST_CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if is_sqlite {
                        let durable = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
                        connection.execute(durable).await?;
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await?;
        let database = Self { pool, is_sqlite };
        if is_sqlite {
            before::put_aside(&database.pool).await?;
        }
        database.migrate().await?;
        if is_sqlite {
            before::take_over(&database.pool).await?;
        }
        Ok(database)
    }

    /// SQLite has no lock for migrations: who comes second finds the tables made, and looks again.
    async fn migrate(&self) -> Result<(), DatabaseError> {
        let migrator = Migrator::with_migrations(migrations());
        let mut tries = 1;
        loop {
            match migrator.run(&self.pool).await {
                Err(_) if self.is_sqlite && tries < TRIES => tries += 1,
                done => return Ok(done?),
            }
        }
    }

    /// For statements that only read, or change one row that nothing else depends on.
    pub(super) fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a change. Changes happen one after the other, also those of other processes, so what
    /// one has read stays true until it is committed.
    pub(super) async fn change(&self) -> Result<Transaction<'static, Any>, DatabaseError> {
        if self.is_sqlite {
            return Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?);
        }
        let mut change = self.pool.begin().await?;
        change.execute(LOCK_CHANGES).await?;
        Ok(change)
    }
}

/// The tables by number; a file that was released is never changed again.
fn migrations() -> Vec<Migration> {
    let migration = |number, name: &'static str, text: &'static str| {
        let kind = MigrationType::Simple;
        Migration::new(number, name.into(), kind, text.into_sql_str(), false)
    };
    vec![
        migration(1, "accounts", include_str!("schema/0001_accounts.sql")),
        migration(2, "identities", include_str!("schema/0002_identities.sql")),
        migration(3, "releases", include_str!("schema/0003_releases.sql")),
    ]
}

/// Writes a copy of the accounts in the file `from`, as they are at one moment, into the new file `to`,
/// also while they are in use.
pub async fn copy_database(from: &Path, to: &Path) -> Result<(), DatabaseError> {
    private_file(to).map_err(|source| DatabaseError::File {
        path: to.to_owned(),
        source,
    })?;
    let options = SqliteConnectOptions::new().filename(from).read_only(true);
    let mut connection = options.connect().await?;
    // Into an empty file, which keeps its mode.
    sqlx::query("VACUUM INTO ?1")
        .bind(to.to_string_lossy())
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    Ok(())
}

fn sqlite(path: &Path) -> Result<AnyConnectOptions, DatabaseError> {
    let failed = |source| DatabaseError::File {
        path: path.to_owned(),
        source,
    };
    private_file(path).map_err(failed)?;
    let path = std::path::absolute(path).map_err(failed)?;
    let url = SqliteConnectOptions::new().filename(path).to_url_lossy();
    Ok(AnyConnectOptions::from_url(&url)?)
}

/// SQLite gives its side files the mode of the main one, so that one is set before it is used. A file
/// that is there is not opened: closing it would end the locks that this process has on it.
fn private_file(path: &Path) -> std::io::Result<()> {
    let made = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path);
    match made {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            std::fs::set_permissions(path, PermissionsExt::from_mode(0o600))
        }
        made => made.map(drop),
    }
}
