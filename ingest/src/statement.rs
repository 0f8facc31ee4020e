//! Single statements beside the line of batches: the demo's history, an operator's tools.

use std::time::Duration;

use clickhouse::Client;
use tokio::time::timeout;

use crate::engine::Access;

/// Longest that one statement may take.
const PATIENCE: Duration = Duration::from_mins(10);

/// Why a statement did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum StatementError {
    /// ClickHouse refused it or is not there.
    #[error("the statement failed")]
    Failed(#[from] clickhouse::error::Error),
    /// No end in sight.
    #[error("the statement took longer than {} minutes", PATIENCE.as_secs() / 60)]
    Slow,
}

/// Runs a statement that answers nothing.
pub async fn run(access: &Access, sql: &str) -> Result<(), StatementError> {
    let query = client(access).query(&escaped(sql));
    Ok(timeout(PATIENCE, query.execute())
        .await
        .map_err(|_| StatementError::Slow)??)
}

/// Runs a query that answers one count.
pub async fn count(access: &Access, sql: &str) -> Result<u64, StatementError> {
    let query = client(access).query(&escaped(sql));
    Ok(timeout(PATIENCE, query.fetch_one::<u64>())
        .await
        .map_err(|_| StatementError::Slow)??)
}

/// The client reads a question mark as a placeholder unless it is doubled.
fn escaped(sql: &str) -> String {
    sql.replace('?', "??")
}

fn client(access: &Access) -> Client {
    Client::default()
        .with_url(&access.url)
        .with_user(&access.user)
        .with_password(&access.password)
        .with_database(&access.database)
}
