//! Statements of migrations and the table that remembers them.

use std::time::Duration;

use clickhouse::Client;
use tokio::time::timeout;

use super::migration::{Applied, Migration};
use super::{MigrateError, client};
use crate::engine::Access;

/// Longest that one statement may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// Whether anything was ever migrated here.
pub(crate) async fn exists(access: &Access) -> Result<bool, MigrateError> {
    let query = client(access)
        .with_database("system")
        .query(
            "SELECT count() FROM system.tables WHERE database = ? AND name = 'schema_migrations'",
        )
        .bind(&access.database)
        .fetch_one::<u64>();
    Ok(within("look for the table `schema_migrations`", query).await? > 0)
}

pub(super) async fn applied(client: &Client) -> Result<Vec<Applied>, MigrateError> {
    let query = client
        .query("SELECT number, any(name) AS name, any(checksum) AS checksum FROM schema_migrations GROUP BY number ORDER BY number")
        .fetch_all();
    within("read the table `schema_migrations`", query).await
}

pub(super) async fn record(client: &Client, migration: &Migration) -> Result<(), MigrateError> {
    let query = client
        .query("INSERT INTO schema_migrations (number, name, checksum) SELECT ?, ?, ?")
        .bind(migration.number)
        .bind(migration.name)
        .bind(migration.checksum());
    within("write the table `schema_migrations`", query.execute()).await
}

pub(super) async fn execute(client: &Client, doing: &str, sql: &str) -> Result<(), MigrateError> {
    // `query_raw`: a question mark in the SQL is a question mark.
    within(doing, client.query_raw(sql).execute()).await
}

pub(super) async fn within<T>(
    doing: &str,
    query: impl Future<Output = Result<T, clickhouse::error::Error>>,
) -> Result<T, MigrateError> {
    match timeout(PATIENCE, query).await {
        Ok(outcome) => outcome.map_err(|source| MigrateError::Sql {
            doing: doing.into(),
            source,
        }),
        Err(_) => Err(MigrateError::Slow(doing.into())),
    }
}
