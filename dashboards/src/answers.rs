//! Asks the store, and remembers for a moment what it said.
//!
//! A page of panels asks many questions, several readers ask the same ones, and every page asks
//! again each few seconds. Equal statements within that moment run once, also when they arrive together.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::Expiry;
use moka::future::Cache;
use serde_json::Value;

use crate::query::{
    self, Answer, DateRange, Invalid, Malformed, Period, Preset, Question, Reads, Sql, Table, plan,
    statement,
};
use crate::store::{Connect, Rows, Store, StoreError};

/// How long an answer about a period that still grows is repeated: a new download shows within 5 s.
pub(crate) const LIVE: Duration = Duration::from_secs(2);
/// How long an answer about the past is repeated; events that waited in the spool still arrive there.
pub(crate) const PAST: Duration = Duration::from_secs(20);
const MOST_BYTES: u64 = 32 << 20;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// The question makes no sense.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// The store answered something else.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// The store with a short memory.
pub(crate) struct Answers {
    store: Store,
    recent: Cache<Sql, Kept>,
}

#[derive(Clone)]
struct Kept {
    rows: Arc<Rows>,
    lasts: Duration,
}

struct Lasts;

impl Expiry<Sql, Kept> for Lasts {
    fn expire_after_create(&self, _: &Sql, kept: &Kept, _: Instant) -> Option<Duration> {
        Some(kept.lasts)
    }
}

impl Answers {
    /// Reads from wherever `connect` says.
    pub(crate) fn new(connect: Connect) -> Self {
        let weight = |sql: &Sql, kept: &Kept| {
            u32::try_from(sql.size_bytes() + kept.rows.size_bytes).unwrap_or(u32::MAX)
        };
        let recent = Cache::builder()
            .max_capacity(MOST_BYTES)
            .weigher(weight)
            .expire_after(Lasts)
            .build();
        Self {
            store: Store::new(connect),
            recent,
        }
    }

    /// Rows of a statement, at most `lasts` old.
    pub(crate) async fn rows(
        &self,
        sql: Sql,
        lasts: Duration,
    ) -> Result<Arc<Rows>, Arc<StoreError>> {
        let ask = async {
            let rows = Arc::new(self.store.ask(&sql).await?);
            Ok(Kept { rows, lasts })
        };
        Ok(self.recent.try_get_with_by_ref(&sql, ask).await?.rows)
    }

    /// Answers a question as of `now`.
    pub(crate) async fn answer(
        &self,
        question: &Question,
        now: Timestamp,
    ) -> Result<Answer, AskError> {
        let period = self.period(question, now).await?;
        let other = question.compared(&period);
        let plan = plan(question, &period, other.as_ref())?;
        let other = other.filter(|_| plan.comparable);
        let (counted, releases) = tokio::join!(
            self.counted(question, &period, &plan.reads),
            self.releases(question, &period),
        );
        let counted = counted?;
        let compared = match &other {
            None => None,
            Some(then) => Some((
                then,
                self.compared(question, then, &plan.compared, &counted)
                    .await?,
            )),
        };
        let compared = compared
            .as_ref()
            .map(|(then, cells)| (*then, cells.as_slice()));
        let mut answer = query::answer(question, &period, &plan, &counted.cells, compared)?;
        answer.meta.releases = releases?;
        answer.meta.total_rows = question.include.total_rows.then_some(counted.before_limit);
        Ok(answer)
    }

    /// "All" begins with the first event, which only the store knows.
    async fn period(&self, question: &Question, now: Timestamp) -> Result<Period, AskError> {
        let first_day = if question.range == DateRange::Preset(Preset::All) {
            let rows = self.rows(query::first_day(&question.target), LIVE).await?;
            query::read_first_day(rows.cells.first().and_then(|row| row.first()))
        } else {
            None
        };
        Ok(Period::resolve(
            question.range,
            &question.zone,
            now,
            first_day,
        ))
    }

    async fn counted(
        &self,
        question: &Question,
        period: &Period,
        reads: &Reads,
    ) -> Result<Counted, AskError> {
        if reads.people_apart {
            return self.counted_apart(question, period, reads).await;
        }
        let rows = self
            .rows(statement(question, period, reads.table), lasts(period))
            .await?;
        let before_limit = rows.before_limit.unwrap_or(rows.cells.len() as u64);
        Ok(Counted {
            cells: rows.cells.clone(),
            before_limit,
        })
    }

    async fn counted_apart(
        &self,
        question: &Question,
        period: &Period,
        reads: &Reads,
    ) -> Result<Counted, AskError> {
        let rest = question.without_people();
        let rows = self
            .rows(statement(&rest, period, reads.table), lasts(period))
            .await?;
        let people = question
            .only_people()
            .narrowed(&query::found(&rest, &rows.cells)?);
        let people = self
            .rows(statement(&people, period, Table::Daily), lasts(period))
            .await?;
        let before_limit = rows.before_limit.unwrap_or(rows.cells.len() as u64);
        let cells = query::merged(question, &rows.cells, &people.cells)?;
        Ok(Counted {
            cells,
            before_limit,
        })
    }

    async fn compared(
        &self,
        question: &Question,
        then: &Period,
        reads: &Reads,
        counted: &Counted,
    ) -> Result<Vec<Vec<Value>>, AskError> {
        let narrowed = question.narrowed(&query::found(question, &counted.cells)?);
        Ok(self.counted(&narrowed, then, reads).await?.cells)
    }

    async fn releases(
        &self,
        question: &Question,
        period: &Period,
    ) -> Result<Option<Vec<query::Release>>, AskError> {
        if !question.include.releases {
            return Ok(None);
        }
        let rows = self
            .rows(query::releases(&question.target, period), lasts(period))
            .await?;
        Ok(Some(query::releases_of(&rows.cells)?))
    }
}

/// Rows of a question, and how many there are without its limit.
struct Counted {
    cells: Vec<Vec<Value>>,
    before_limit: u64,
}

fn lasts(period: &Period) -> Duration {
    if period.is_live() { LIVE } else { PAST }
}
