//! `weir.db`: users and sessions in SQLite. Each change is one statement, so none can be half done.

use std::fs::OpenOptions;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::token::TokenDigest;

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
    /// SQLite failed.
    #[error("the account database failed: {0}")]
    Sqlite(#[from] rusqlite::Error),
}

/// A session ends after this long without a request, in seconds.
pub(super) const IDLE_S: i64 = 12 * 3600;
/// A session ends this long after sign-in whatever happens, in seconds.
pub(super) const LIFETIME_S: i64 = 7 * 24 * 3600;
/// How exactly the last use is kept: a write for every request would be too many.
const USED_EVERY_S: i64 = 60;

/// The open file.
pub(super) struct Database(Connection);

impl Database {
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        private_file(path).map_err(|source| DatabaseError::File {
            path: path.to_owned(),
            source,
        })?;
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        connection.execute_batch(include_str!("schema.sql"))?;
        Ok(Self(connection))
    }

    pub(super) fn has_owner(&self) -> Result<bool, DatabaseError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM users WHERE role = 'owner')";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Makes the owner unless there is one; says whether it did.
    pub(super) fn insert_owner(
        &self,
        name: &str,
        password: &str,
        now: i64,
    ) -> Result<bool, DatabaseError> {
        let sql = "INSERT INTO users (name, role, password, created_at) VALUES (?1, 'owner', ?2, ?3) ON CONFLICT DO NOTHING";
        Ok(self.0.execute(sql, params![name, password, now])? == 1)
    }

    pub(super) fn password_of(&self, name: &str) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT password FROM users WHERE name = ?1";
        Ok(self.0.query_row(sql, [name], |row| row.get(0)).optional()?)
    }

    /// Starts a session for a user and returns the name as it was chosen. Dead sessions go.
    pub(super) fn insert_session(
        &self,
        token: &TokenDigest,
        name: &str,
        now: i64,
    ) -> Result<String, DatabaseError> {
        let dead = "DELETE FROM sessions WHERE used_at <= ?1 OR created_at <= ?2";
        self.0.execute(dead, [now - IDLE_S, now - LIFETIME_S])?;
        let sql = "INSERT INTO sessions (token, user_id, created_at, used_at) SELECT ?1, id, ?3, ?3 FROM users WHERE name = ?2";
        self.0.execute(sql, params![token, name, now])?;
        Ok(self
            .0
            .query_row("SELECT name FROM users WHERE name = ?1", [name], |row| {
                row.get(0)
            })?)
    }

    /// Whose session this is, if it lives; notes that it was used.
    pub(super) fn use_session(
        &self,
        token: &TokenDigest,
        now: i64,
    ) -> Result<Option<String>, DatabaseError> {
        let sql = "SELECT name, used_at FROM sessions JOIN users ON users.id = user_id
                   WHERE token = ?1 AND used_at > ?2 AND sessions.created_at > ?3";
        let found: Option<(String, i64)> = self
            .0
            .query_row(sql, params![token, now - IDLE_S, now - LIFETIME_S], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((name, used_at)) = found else {
            return Ok(None);
        };
        if now - used_at >= USED_EVERY_S {
            self.0.execute(
                "UPDATE sessions SET used_at = ?2 WHERE token = ?1",
                params![token, now],
            )?;
        }
        Ok(Some(name))
    }

    pub(super) fn delete_session(&self, token: &TokenDigest) -> Result<(), DatabaseError> {
        self.0
            .execute("DELETE FROM sessions WHERE token = ?1", [token])?;
        Ok(())
    }
}

/// SQLite gives its side files the mode of the main one, so that one is set before it is used.
fn private_file(path: &Path) -> std::io::Result<()> {
    let file = OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(PermissionsExt::from_mode(0o600))
}
