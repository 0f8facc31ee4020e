//! Statements that people write themselves, run by a ClickHouse user made for nothing else.
//!
//! What they may not read is that user's lack of rights (`readable` of the engine), what they may not
//! call is decided on the tree that ClickHouse itself parses. The text goes there as it came.

mod answer;
mod csv;
mod functions;

use tokio::sync::{OnceCell, Semaphore};

use crate::store::{Connect, Store, StoreError, WrittenError};

pub(crate) use answer::{Answer, Table};
use functions::Functions;

/// Statements at the same time; dashboards go on beside them.
const SLOTS: usize = 2;

/// Most rows of an answer, as the user's profile has it.
pub(crate) const MOST_ROWS: usize = 100_000;

/// The largest answer, in bytes as ClickHouse writes it.
const MOST_BYTES: usize = 16 << 20;

/// Longest statement, in bytes: below what a request may have.
const MOST_SQL_BYTES: usize = 32 << 10;

/// What may be read: the engine shows a user only columns that it granted.
const COLUMNS: &str = "SELECT table, name, type FROM system.columns \
    WHERE database = currentDatabase() ORDER BY table, position";

/// An answer that breaks off would look whole in a file.
const WHOLE: [(&str, &str); 1] = [("result_overflow_mode", "throw")];

/// Why a statement has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WorkbenchError {
    /// It says nothing, or too much.
    #[error("#/sql: must have 1 to {MOST_SQL_BYTES} bytes")]
    Length,
    /// It is no `SELECT`.
    #[error("#/sql: write one SELECT; nothing else is run")]
    NotReading,
    /// It calls a function, or uses a form, that is not known to be harmless.
    #[error("#/sql: `{0}` is not for statements; a column of this name needs another")]
    Forbidden(String),
    /// Rows came in a shape that was not asked for.
    #[error("#/sql: write no FORMAT; `format` of the request says how rows are written")]
    Format,
    /// ClickHouse's own words.
    #[error("{0}")]
    Refused(String),
    /// There is more than may be held.
    #[error("the answer has more than {} MiB; choose fewer columns or rows", MOST_BYTES >> 20)]
    TooLarge,
    /// Others' statements are running.
    #[error("{SLOTS} statements are running; try again when one has ended")]
    Running,
    /// ClickHouse could not be asked.
    #[error(transparent)]
    Store(StoreError),
}

impl From<WrittenError> for WorkbenchError {
    fn from(error: WrittenError) -> Self {
        match error {
            WrittenError::Refused(text) => Self::Refused(words_of(&text)),
            WrittenError::TooLarge => Self::TooLarge,
            WrittenError::Store(error) => Self::Store(error),
        }
    }
}

/// Runs statements, a few at a time.
pub(crate) struct Workbench {
    store: Store,
    running: Semaphore,
    functions: OnceCell<Functions>,
}

impl Workbench {
    pub(crate) fn new(connect: Connect) -> Self {
        Self {
            store: Store::new(connect),
            running: Semaphore::new(SLOTS),
            functions: OnceCell::new(),
        }
    }

    /// The first rows of an answer.
    pub(crate) async fn answer(&self, sql: &str) -> Result<Answer, WorkbenchError> {
        answer::read(&self.run(sql, "JSONCompact", &[]).await?)
    }

    /// A whole answer as CSV.
    pub(crate) async fn csv(&self, sql: &str) -> Result<Vec<u8>, WorkbenchError> {
        let answer = answer::read(&self.run(sql, "JSONCompact", &WHOLE).await?)?;
        Ok(csv::written(&answer).into_bytes())
    }

    /// A whole answer as a Parquet file.
    pub(crate) async fn parquet(&self, sql: &str) -> Result<Vec<u8>, WorkbenchError> {
        /// Begins and ends every such file.
        const MAGIC: &[u8] = b"PAR1";
        let file = self.run(sql, "Parquet", &WHOLE).await?;
        if file.starts_with(MAGIC) {
            Ok(file)
        } else {
            Err(WorkbenchError::Format)
        }
    }

    /// The tables and columns that statements may name.
    pub(crate) async fn tables(&self) -> Result<Vec<Table>, WorkbenchError> {
        Ok(answer::tables(self.ours(COLUMNS).await?))
    }

    async fn run(
        &self,
        sql: &str,
        format: &str,
        settings: &[(&str, &str)],
    ) -> Result<Vec<u8>, WorkbenchError> {
        if sql.trim().is_empty() || sql.len() > MOST_SQL_BYTES {
            return Err(WorkbenchError::Length);
        }
        let _slot = self
            .running
            .try_acquire()
            .map_err(|_| WorkbenchError::Running)?;
        self.check(sql).await?;
        let answer = self.store.run_written(sql, format, settings, MOST_BYTES);
        Ok(answer.await?)
    }

    async fn check(&self, sql: &str) -> Result<(), WorkbenchError> {
        let functions = self.functions.get_or_try_init(async || {
            let listed = self.ours(functions::LISTED).await?;
            Ok::<_, WorkbenchError>(Functions::read(&listed.rows))
        });
        let functions = functions.await?;
        let tree = self
            .ours(&format!("{PARSE}{sql}"))
            .await
            .map_err(|error| match error {
                WorkbenchError::Refused(words) => WorkbenchError::Refused(without_prefix(&words)),
                error => error,
            })?;
        functions.check(&tree.rows)
    }

    /// What a statement answers that is not somebody's, or is parsed alone.
    async fn ours(&self, sql: &str) -> Result<Answer, WorkbenchError> {
        let answer = self.store.run_written(sql, "JSONCompact", &[], MOST_BYTES);
        answer::read(&answer.await?)
    }
}

/// Before a statement that is to be parsed and not run: a line of its own.
const PARSE: &str = "EXPLAIN AST\n";

/// Places in a statement instead of places behind [`PARSE`].
fn without_prefix(words: &str) -> String {
    let words = lowered(words, "(line ", 1);
    lowered(&words, "position ", PARSE.len())
}

/// The number behind the first `before` made smaller.
fn lowered(words: &str, before: &str, by: usize) -> String {
    let Some((head, tail)) = words.split_once(before) else {
        return words.to_owned();
    };
    let end = tail.find(|letter: char| !letter.is_ascii_digit());
    let (digits, rest) = tail.split_at(end.unwrap_or(tail.len()));
    match digits.parse::<usize>() {
        Ok(number) => format!("{head}{before}{}{rest}", number.saturating_sub(by)),
        Err(_) => words.to_owned(),
    }
}

/// `Code: 62. DB::Exception: Syntax error … (SYNTAX_ERROR) (version 26.5.1.1)` without what is for
/// the server's own operators.
fn words_of(text: &str) -> String {
    let start = text.find("DB::Exception: ").map_or(0, |at| at + 15);
    let words = &text[start..];
    let end = words.rfind(" (version ").unwrap_or(words.len());
    words[..end].trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_keeps_the_place_and_loses_the_version() {
        let text = "Code: 62. DB::Exception: Syntax error: failed at position 8 (FORM) (line 1, col 8): FORM. (SYNTAX_ERROR) (version 26.5.1.1)\n";
        insta::assert_snapshot!(words_of(text), @"Syntax error: failed at position 8 (FORM) (line 1, col 8): FORM. (SYNTAX_ERROR)");
        assert_eq!(words_of("größe"), "größe");
    }

    #[test]
    fn a_place_is_that_in_the_statement_as_it_was_written() {
        let words = "Syntax error: failed at position 33 (events) (line 3, col 6): events.";
        insta::assert_snapshot!(without_prefix(words), @"Syntax error: failed at position 21 (events) (line 2, col 6): events.");
        assert_eq!(without_prefix("(line x"), "(line x");
        assert_eq!(
            without_prefix("position 99999999999999999999999"),
            "position 99999999999999999999999"
        );
    }
}
