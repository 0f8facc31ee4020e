//! What tables there are, and statements on them.

use clickhouse::{Client, Compression, Row};
use serde::Deserialize;

use super::BackupError;
use crate::engine::Access;
use crate::schema::PROJECTIONS;

/// What may not outlive two days, by table and column.
const FORGOTTEN: [(&str, &str); 2] = [("events", "visitor"), ("daily", "visitors")];

/// Tables that are nobody's data: the ledger, and what is made beside others for a while.
const WORKING: &str = "name != 'schema_migrations' AND name NOT LIKE '%\\\\_rebuilt' AND name NOT LIKE 'backup\\\\_%' AND name NOT LIKE 'restore\\\\_%'";

/// A table with rows of ours.
#[derive(Clone, Debug, Row, Deserialize)]
pub(super) struct Table {
    pub(super) name: String,
    engine: String,
    partition_key: String,
    primary_key: String,
    sorting_key: String,
    /// The columns that are saved.
    pub(super) columns: Vec<String>,
}

impl Table {
    /// The statement that makes an empty table beside it that can share its parts. Rows in it are
    /// kept for ever.
    pub(super) fn create_beside(&self, name: &str) -> String {
        let Self {
            name: table,
            engine,
            partition_key,
            primary_key,
            sorting_key,
            ..
        } = self;
        let partition = match partition_key.as_str() {
            "" => String::new(),
            key => format!("PARTITION BY {key}"),
        };
        format!(
            "CREATE TABLE {name} AS {table} ENGINE = {engine} {partition} PRIMARY KEY ({primary_key}) ORDER BY ({sorting_key}) SETTINGS {PROJECTIONS}"
        )
    }
}

/// All tables with rows of ours, `events` last.
pub(super) async fn all(access: &Access) -> Result<Vec<Table>, BackupError> {
    let forgotten = FORGOTTEN.map(|(table, column)| format!("('{table}', '{column}')"));
    let forgotten = forgotten.join(", ");
    let sql = format!(
        "SELECT name, engine, partition_key, primary_key, sorting_key, columns
        FROM (
            SELECT name, engine, partition_key, primary_key, sorting_key
            FROM system.tables
            WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND {WORKING}
        ) AS tables
        JOIN (
            SELECT table AS name, groupArray(column) AS columns
            FROM (
                SELECT table, name AS column FROM system.columns
                WHERE database = currentDatabase() AND (table, name) NOT IN ({forgotten})
                ORDER BY table, position
            )
            GROUP BY name
        ) AS columns USING name
        ORDER BY name = 'events', name"
    );
    let asked = client(access).query_raw(&sql).fetch_all();
    asked.await.map_err(failed("list the tables"))
}

/// The day it is in ClickHouse, since 1970.
pub(super) async fn today(access: &Access) -> Result<u32, BackupError> {
    number(
        access,
        "ask for the time",
        "SELECT toUInt64(toUInt16(toDate(now('UTC'))))",
    )
    .await
    .map(|day| day as u32)
}

pub(super) async fn number(access: &Access, doing: &str, sql: &str) -> Result<u64, BackupError> {
    client(access)
        .query_raw(sql)
        .fetch_one()
        .await
        .map_err(failed(doing))
}

pub(super) async fn texts(
    access: &Access,
    doing: &str,
    sql: &str,
) -> Result<Vec<String>, BackupError> {
    client(access)
        .query_raw(sql)
        .fetch_all()
        .await
        .map_err(failed(doing))
}

pub(super) async fn run(access: &Access, doing: &str, sql: &str) -> Result<(), BackupError> {
    client(access)
        .query_raw(sql)
        .execute()
        .await
        .map_err(failed(doing))
}

pub(super) fn failed(doing: &str) -> impl FnOnce(clickhouse::error::Error) -> BackupError + '_ {
    move |source| BackupError::Sql {
        doing: doing.to_owned(),
        source,
    }
}

/// Raw bytes come and go as they are.
pub(super) fn client(access: &Access) -> Client {
    Client::default()
        .with_url(&access.url)
        .with_user(&access.user)
        .with_password(&access.password)
        .with_database(&access.database)
        .with_compression(Compression::None)
}
