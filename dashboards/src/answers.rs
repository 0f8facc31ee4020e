//! Asks the store, and remembers for a moment what it said.
//!
//! A page of panels asks many questions, several readers ask the same ones, and every page asks
//! again each few seconds. Equal statements within that moment run once, also when they arrive together.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use moka::Expiry;
use moka::future::Cache;
use serde_json::Value;

use crate::query::{
    self, Answer, DateRange, Invalid, Known, Malformed, Metric, Period, Preset, Question, Reads,
    Sql, Table, Trail, plan, statement,
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
    /// How long single events are kept.
    pub(crate) event_days: u16,
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
    /// Reads from wherever `connect` says, where single events are kept for `event_days`.
    pub(crate) fn new(connect: Connect, event_days: u16) -> Self {
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
            event_days,
        }
    }

    /// Forgets all answers: something has changed what questions mean.
    pub(crate) fn forget(&self) {
        self.recent.invalidate_all();
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

    /// The same for an answer whose `trail` tells what was asked.
    async fn step(
        &self,
        trail: &Trail,
        sql: Sql,
        lasts: Duration,
    ) -> Result<Arc<Rows>, Arc<StoreError>> {
        let place = trail.begin(&sql);
        let rows = self.rows(sql, lasts).await?;
        trail.end(place, rows.statistics.cost());
        Ok(rows)
    }

    /// Rows of a statement as they are now, for whoever keeps a pace of their own.
    pub(crate) async fn fresh(&self, sql: &Sql) -> Result<Rows, AskError> {
        Ok(self.store.ask(sql).await.map_err(Arc::new)?)
    }

    /// Answers a question as of `now`.
    pub(crate) async fn answer(
        &self,
        question: &Question,
        now: Timestamp,
    ) -> Result<Answer, AskError> {
        let trail = Trail::new(question.include.explain);
        let period = self.period(&trail, question, now).await?;
        let question = &self.named(&trail, question, &period).await?;
        let other = question.compared(&period);
        let plan = plan(question, &period, other.as_ref(), self.event_days)?;
        let other = other.filter(|_| plan.comparable);
        let (counted, releases, epochs) = tokio::join!(
            self.counted(&trail, question, &period, &plan.reads),
            self.releases(&trail, question, &period),
            self.epochs(&trail, question, &period),
        );
        let counted = counted?;
        let compared = match &other {
            None => None,
            Some(then) => Some((
                then,
                self.compared(&trail, question, then, &plan.compared, &counted)
                    .await?,
            )),
        };
        let compared = compared
            .as_ref()
            .map(|(then, cells)| (*then, cells.as_slice()));
        let mut answer = query::answer(question, &period, &plan, &counted.cells, compared)?;
        answer.meta.releases = releases?;
        answer.meta.epochs = epochs?;
        answer.meta.total_rows = question.include.total_rows.then_some(counted.before_limit);
        answer.meta.explain = trail.statements();
        Ok(answer)
    }

    /// "All" begins with the first event, which only the store knows.
    async fn period(
        &self,
        trail: &Trail,
        question: &Question,
        now: Timestamp,
    ) -> Result<Period, AskError> {
        let first_day = if question.range == DateRange::Preset(Preset::All) {
            let table = if question.is_imported() {
                Table::Imported
            } else {
                Table::Daily
            };
            let sql = query::first_day(&question.target, table);
            let rows = self.step(trail, sql, LIVE).await?;
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

    /// The question with versions by their names where it says `before`. Those of the period that it is compared
    /// with are among them: what was downloaded since then.
    async fn named<'a>(
        &self,
        trail: &Trail,
        question: &'a Question,
        period: &Period,
    ) -> Result<Cow<'a, Question>, AskError> {
        let mut named = Cow::Borrowed(question);
        let since = question.compared(period);
        for field in question.ordered_fields() {
            let sql = question.known_values(field, since.as_ref().unwrap_or(period))?;
            let rows = self.step(trail, sql, lasts(period)).await?;
            let known: Vec<_> = rows.cells.iter().filter_map(|row| known(row)).collect();
            named = Cow::Owned(named.into_owned().with_values(field, &known)?);
        }
        Ok(named)
    }

    async fn counted(
        &self,
        trail: &Trail,
        question: &Question,
        period: &Period,
        reads: &Reads,
    ) -> Result<Counted, AskError> {
        if let Some(from) = reads.organisations {
            let rest = Reads {
                organisations: None,
                ..*reads
            };
            return self
                .counted_apart(
                    trail,
                    question,
                    period,
                    &rest,
                    (Metric::Organisations, from),
                )
                .await;
        }
        if let Some(from) = reads.people {
            let rest = Reads {
                people: None,
                ..*reads
            };
            return self
                .counted_apart(trail, question, period, &rest, (Metric::People, from))
                .await;
        }
        let rows = self
            .step(
                trail,
                statement(question, period, reads.table),
                lasts(period),
            )
            .await?;
        let before_limit = rows.before_limit.unwrap_or(rows.cells.len() as u64);
        Ok(Counted {
            cells: rows.cells.clone(),
            before_limit,
        })
    }

    /// Counts one metric from a table of its own, for the rows that the rest of the question has.
    async fn counted_apart(
        &self,
        trail: &Trail,
        question: &Question,
        period: &Period,
        reads: &Reads,
        (metric, from): (Metric, Table),
    ) -> Result<Counted, AskError> {
        let rest = question.without(metric);
        let counted = Box::pin(self.counted(trail, &rest, period, reads)).await?;
        let alone = question
            .only(metric)
            .narrowed(&query::found(&rest, &counted.cells)?);
        let alone = self
            .step(trail, statement(&alone, period, from), lasts(period))
            .await?;
        let cells = query::merged(question, metric, &counted.cells, &alone.cells)?;
        Ok(Counted { cells, ..counted })
    }

    async fn compared(
        &self,
        trail: &Trail,
        question: &Question,
        then: &Period,
        reads: &Reads,
        counted: &Counted,
    ) -> Result<Vec<Vec<Value>>, AskError> {
        let narrowed = question.narrowed(&query::found(question, &counted.cells)?);
        Ok(self.counted(trail, &narrowed, then, reads).await?.cells)
    }

    async fn releases(
        &self,
        trail: &Trail,
        question: &Question,
        period: &Period,
    ) -> Result<Option<Vec<query::Release>>, AskError> {
        if !question.include.releases {
            return Ok(None);
        }
        let rows = self
            .step(
                trail,
                query::releases(&question.target, period),
                lasts(period),
            )
            .await?;
        Ok(Some(query::releases_of(&rows.cells)?))
    }

    async fn epochs(
        &self,
        trail: &Trail,
        question: &Question,
        period: &Period,
    ) -> Result<Vec<query::Epochs>, AskError> {
        let asked = question.people().is_some();
        let sql = asked.then(|| query::epochs(&question.target, period));
        let Some(sql) = sql.flatten() else {
            return Ok(Vec::new());
        };
        let rows = self.step(trail, sql, lasts(period)).await?;
        Ok(query::epochs_of(&rows.cells)?)
    }
}

/// Rows of a question, and how many there are without its limit.
struct Counted {
    cells: Vec<Vec<Value>>,
    before_limit: u64,
}

/// A row of [`Question::known_values`].
fn known(row: &[Value]) -> Option<Known> {
    let [version, ecosystem] = row else {
        return None;
    };
    Some((query::text(version), query::text(ecosystem)))
}

fn lasts(period: &Period) -> Duration {
    if period.is_live() { LIVE } else { PAST }
}
