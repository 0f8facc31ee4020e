//! Runs statements on ClickHouse; the only file here that knows its client.
//!
//! Rows come as `JSONCompact`: which columns a statement has is known only when a question arrives,
//! answers are small (thousands of cells, never a scan), and the format carries the number of rows
//! before the limit, which saves a second statement for paging.

mod underway;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use clickhouse::error::Error;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Semaphore;
use weir_traces::{Key, Span, Value as Said};

use self::underway::Underway;
use crate::query::{Cost, Param, Sql};

/// Where ClickHouse is and who reads there.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectInfo {
    /// HTTP address, such as `http://127.0.0.1:8123`.
    pub url: String,
    /// A user that may only read.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Database with the tables.
    pub database: String,
}

impl std::fmt::Debug for ConnectInfo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            url,
            user,
            database,
            ..
        } = self;
        write!(f, "ConnectInfo({user} at {url}, database {database})")
    }
}

/// Says where ClickHouse is at the moment: an embedded engine may come back at another port. Nothing
/// while its tables are being made: half of them answer, and not what was asked.
pub type Connect = Arc<dyn Fn() -> Option<ConnectInfo> + Send + Sync>;

/// Why a statement has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    /// Nobody listens, or the connection broke.
    #[error("ClickHouse is not reachable; downloads go on and are counted when it is back")]
    Unreachable(#[source] Error),
    /// Its tables are not those of this build, yet.
    #[error(
        "ClickHouse's tables are not ready; on a server of your own, `weir migrate` makes them"
    )]
    Unprepared,
    /// It has too much to do.
    #[error("ClickHouse is busy with other questions")]
    Busy,
    /// It did not answer in time.
    #[error("ClickHouse took too long to answer; ask for a shorter range or fewer dimensions")]
    Timeout,
    /// It understood the statement differently than we do: a defect of ours or a foreign server.
    #[error("ClickHouse refused the statement")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// The word for it where questions are told apart.
    fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "unreachable",
            Self::Unprepared => "unprepared",
            Self::Busy => "busy",
            Self::Timeout => "timeout",
            Self::Refused(_) => "refused",
        }
    }
}

/// Why a statement that somebody wrote has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WrittenError {
    /// ClickHouse refused it or ended it, in its own words.
    #[error("{0}")]
    Refused(String),
    /// There is more than may be held.
    #[error("the answer is too large; choose fewer columns or rows")]
    TooLarge,
    /// It was not looked at.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Rows of an answer.
#[derive(Debug, PartialEq, Deserialize)]
pub(crate) struct Rows {
    /// Cells by row.
    #[serde(rename = "data")]
    pub cells: Vec<Vec<Value>>,
    /// Number of rows without the limit; absent when the statement has none.
    #[serde(rename = "rows_before_limit_at_least")]
    pub before_limit: Option<u64>,
    /// What the answer cost.
    #[serde(default)]
    pub statistics: Statistics,
    /// Size as received.
    #[serde(skip)]
    pub size_bytes: usize,
}

/// What a statement cost, as ClickHouse counts it.
#[derive(Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Statistics {
    rows_read: u64,
    bytes_read: u64,
    elapsed: f64,
}

impl Statistics {
    /// The same as an answer tells it.
    pub(crate) fn cost(&self) -> Cost {
        Cost {
            rows_read: self.rows_read,
            bytes_read: self.bytes_read,
            elapsed_s: self.elapsed,
        }
    }
}

/// Statements at the same time; the engine refuses more at some point, and two cores gain nothing.
const SLOTS: usize = 8;
/// The server's own limit for readers is 15 s; this is for a server that does not answer at all.
const PATIENCE: Duration = Duration::from_secs(20);
/// Longest pause within an answer that streams: a search may read much before it finds a row.
const FLOW_PATIENCE: Duration = Duration::from_mins(5);
/// Longest that a statement without an answer may take.
const RUN_PATIENCE: Duration = Duration::from_hours(1);

/// A connection to read by.
pub(crate) struct Store {
    client: clickhouse::Client,
    connect: Connect,
    slots: Semaphore,
}

impl Store {
    /// Connects when asked, and asks `connect` for the place each time.
    pub(crate) fn new(connect: Connect) -> Self {
        let client = clickhouse::Client::default()
            .with_product_info("weir-dashboards", env!("CARGO_PKG_VERSION"));
        Self {
            client,
            connect,
            slots: Semaphore::new(SLOTS),
        }
    }

    /// Runs a statement.
    pub(crate) async fn ask(&self, sql: &Sql) -> Result<Rows, StoreError> {
        let answer = tokio::time::timeout(PATIENCE, self.ask_in_turn(sql)).await;
        answer.map_err(|_| StoreError::Timeout)?
    }

    async fn ask_in_turn(&self, sql: &Sql) -> Result<Rows, StoreError> {
        let _slot = self.slots.acquire().await.map_err(|_| StoreError::Busy)?;
        match self.ask_once(sql).await {
            // A pooled connection may have died with the engine that it led to; the next is fresh.
            Err(StoreError::Unreachable(_)) => self.ask_once(sql).await,
            answer => answer,
        }
    }

    async fn ask_once(&self, sql: &Sql) -> Result<Rows, StoreError> {
        let mut span = span(sql);
        let asked = self.ask_untraced(sql).await;
        match &asked {
            Ok(rows) => {
                span.note(Key::Rows, rows.cells.len());
                span.note(Key::RowsRead, rows.statistics.rows_read);
                span.note(Key::BytesRead, rows.statistics.bytes_read);
            }
            Err(error) => span.fail(error.kind()),
        }
        asked
    }

    async fn ask_untraced(&self, sql: &Sql) -> Result<Rows, StoreError> {
        let (query, mut underway) = self.query(sql)?;
        let mut cursor = query.fetch_bytes("JSONCompact").map_err(classify)?;
        let bytes = cursor.collect().await;
        underway.ended();
        let bytes = bytes.map_err(classify)?;
        let rows: Rows =
            serde_json::from_slice(&bytes).map_err(|error| StoreError::Refused(Box::new(error)))?;
        tracing::debug!(
            rows_read = rows.statistics.rows_read,
            bytes_read = rows.statistics.bytes_read,
            elapsed_s = rows.statistics.elapsed,
            from = sql.table(),
            "asked"
        );
        Ok(Rows {
            size_bytes: bytes.len(),
            ..rows
        })
    }

    /// Begins a statement whose answer may be of any size. The first bytes are waited for, so that
    /// what ClickHouse refuses is an error here.
    pub(crate) async fn begin(&self, sql: &Sql, format: &'static str) -> Result<Flow, StoreError> {
        let mut span = span(sql);
        let (query, underway) = self.query(sql)?;
        let cursor = query.fetch_bytes(format).map_err(classify)?;
        span.note(Key::Format, format);
        let mut flow = Flow {
            first: None,
            cursor,
            underway,
            span,
        };
        flow.first = flow.next().await?;
        Ok(flow)
    }

    /// Runs a statement that answers nothing, such as one that writes elsewhere.
    pub(crate) async fn run(&self, sql: &Sql) -> Result<(), StoreError> {
        let mut span = span(sql);
        let (query, mut underway) = self.query(sql)?;
        let done = tokio::time::timeout(RUN_PATIENCE, query.execute()).await;
        let done = done.map_err(|_| StoreError::Timeout);
        if done.is_ok() {
            underway.ended();
        }
        let done = done.and_then(|done| done.map_err(classify));
        done.inspect_err(|error| span.fail(error.kind()))
    }

    /// Runs a statement as somebody wrote it and gives the whole answer, of at most `most_bytes`.
    pub(crate) async fn run_written(
        &self,
        sql: &str,
        format: &str,
        settings: &[(&str, &str)],
        most_bytes: usize,
    ) -> Result<Vec<u8>, WrittenError> {
        let (client, mut underway) = Underway::watch(self.client()?);
        let mut query = client.query_raw(sql);
        for (name, value) in settings {
            query = query.with_setting(*name, *value);
        }
        let mut cursor = query.fetch_bytes(format).map_err(complaint)?;
        let mut answer = Vec::new();
        while let Some(piece) = cursor.next().await.map_err(complaint)? {
            if answer.len() + piece.len() > most_bytes {
                return Err(WrittenError::TooLarge);
            }
            answer.extend_from_slice(&piece);
        }
        underway.ended();
        Ok(answer)
    }

    fn query(&self, sql: &Sql) -> Result<(clickhouse::query::Query, Underway), StoreError> {
        let (client, underway) = Underway::watch(self.client()?);
        let mut query = client.query_raw(&sql.text);
        for (name, value) in &sql.params {
            query = match value {
                Param::Text(text) => query.param(name, text),
                Param::Texts(texts) => query.param(name, texts),
                Param::Numbers(numbers) => query.param(name, numbers),
                Param::Number(number) => query.param(name, number),
            };
        }
        Ok((query, underway))
    }

    /// The client, led to where ClickHouse is at the moment.
    fn client(&self) -> Result<clickhouse::Client, StoreError> {
        let place = (self.connect)().ok_or(StoreError::Unprepared)?;
        let client = self
            .client
            .clone()
            .with_url(place.url)
            .with_user(place.user)
            .with_password(place.password)
            .with_database(place.database)
            // Who closes the page or asks something else waits no longer, and neither do others for the slot.
            .with_setting("cancel_http_readonly_queries_on_client_close", "1");
        Ok(client)
    }
}

/// An answer on its way, piece by piece.
pub(crate) struct Flow {
    first: Option<Bytes>,
    cursor: clickhouse::query::BytesCursor,
    underway: Underway,
    span: Span,
}

impl Flow {
    /// The next piece; none after the last. An answer that ends early is an error.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let next = tokio::time::timeout(FLOW_PATIENCE, self.cursor.next()).await;
        let next = next.map_err(|_| StoreError::Timeout)?;
        if !matches!(next, Ok(Some(_))) {
            self.underway.ended();
        }
        next.map_err(|error| {
            let error = classify(error);
            self.span.fail(error.kind());
            error
        })
    }
}

/// A question as it is traced: which table is read, and none of the values that it is about.
fn span(sql: &Sql) -> Span {
    let mut span = Span::call("question");
    if span.is_on() {
        span.note(Key::Database, "clickhouse");
        span.note(Key::Operation, "SELECT");
        span.note(Key::Table, Said::written(sql.table()));
        if let Some(question) = sql.question() {
            span.note(Key::Question, Said::written(question));
        }
    }
    span
}

/// What a statement that somebody wrote is told; whatever ClickHouse says about it is theirs to read.
fn complaint(error: Error) -> WrittenError {
    match error {
        Error::BadResponse(text) if code(&text) != Some(202) => WrittenError::Refused(text),
        error => WrittenError::Store(classify(error)),
    }
}

fn classify(error: Error) -> StoreError {
    match error {
        Error::TimedOut => StoreError::Timeout,
        Error::Network(_) => StoreError::Unreachable(error),
        Error::BadResponse(ref text) => match code(text) {
            Some(47 | 60 | 81) => StoreError::Unprepared, // unknown column, table, database
            Some(159 | 160) => StoreError::Timeout,       // timeout exceeded, would be too slow
            Some(202 | 241) => StoreError::Busy,          // too many queries, memory limit
            _ => StoreError::Refused(Box::new(error)),
        },
        error => StoreError::Refused(Box::new(error)),
    }
}

/// The number in `Code: 60. DB::Exception: …`.
fn code(text: &str) -> Option<u32> {
    let (_, rest) = text.split_once("Code: ")?;
    let digits = rest
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(rest.len());
    rest[..digits].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> StoreError {
        classify(Error::BadResponse(text.to_owned()))
    }

    #[test]
    fn codes_of_the_server_become_errors_that_say_what_to_do() {
        let table = refused("Code: 60. DB::Exception: Unknown table expression identifier");
        let busy = refused("Code: 202. DB::Exception: Too many simultaneous queries");
        let slow = refused("Code: 159. DB::Exception: Timeout exceeded");
        let syntax = refused("Code: 62. DB::Exception: Syntax error");
        insta::assert_snapshot!([table, busy, slow, syntax].map(|error| error.to_string()).join("\n"), @"
        ClickHouse's tables are not ready; on a server of your own, `weir migrate` makes them
        ClickHouse is busy with other questions
        ClickHouse took too long to answer; ask for a shorter range or fewer dimensions
        ClickHouse refused the statement
        ");
    }

    #[tokio::test]
    async fn before_the_tables_are_made_nothing_is_asked() {
        let store = Store::new(Arc::new(|| None));
        let sql = Sql {
            text: "SELECT 1".to_owned(),
            params: Vec::new(),
        };
        assert!(matches!(store.ask(&sql).await, Err(StoreError::Unprepared)));
    }

    #[test]
    fn a_password_never_prints() {
        let place = ConnectInfo {
            url: "http://127.0.0.1:1".to_owned(),
            user: "reader".to_owned(),
            password: "s3cr3t".to_owned(),
            database: "weir".to_owned(),
        };
        insta::assert_snapshot!(format!("{place:?}"), @"ConnectInfo(reader at http://127.0.0.1:1, database weir)");
    }
}
