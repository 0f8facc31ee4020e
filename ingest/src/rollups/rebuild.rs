//! Counts days of a rollup again from the events.

use std::collections::BTreeMap;

use clickhouse::Row;
use serde::Deserialize;

use super::{Difference, Rollup, RollupError, client, differences, run, within};
use crate::engine::Access;
use crate::schema::{Layout, PROJECTIONS};
use crate::store::partition;

/// How often it is tried where events come in meanwhile.
const ATTEMPTS: u32 = 10;

/// Seconds of a day.
const DAY: u32 = 86_400;

/// One at a time: the table beside a rollup has a name.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// Which days of a rollup are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Those that lack events. Safe at any time: what is counted again is only ever more.
    Behind,
    /// Those that have too many as well. Counts of events that are gone go with them, as after rows
    /// were kept for a shorter time before than now: somebody has to have looked.
    Any,
}

impl Wrong {
    fn holds(self, found: &Difference) -> bool {
        self == Self::Any || found.counted < found.events
    }
}

/// Counts the days of `rollup` on which it differs from the events again, `first` (days since 1970)
/// being the earliest, and is wrong by `which`. Returns the days that were.
///
/// A month is counted beside the table and put in place in one step; nobody ever reads half of it.
/// What is stored of the same month between the count and that step is missing from it afterwards,
/// which shows as a difference and is counted once more.
pub async fn rebuild(
    access: &Access,
    layout: &Layout,
    rollup: Rollup,
    first: u32,
    which: Wrong,
) -> Result<Vec<Difference>, RollupError> {
    let _turn = TURN.lock().await;
    let find = async || {
        let mut found = differences(access, layout, rollup, first).await?;
        found.retain(|found| which.holds(found));
        Ok::<_, RollupError>(found)
    };
    let found = find().await?;
    let mut wrong = found.clone();
    for _ in 0..ATTEMPTS {
        if wrong.is_empty() {
            return Ok(found);
        }
        for (month, days) in by_month(&wrong) {
            replace(access, layout, rollup, month, &days).await?;
        }
        wrong = find().await?;
    }
    if wrong.is_empty() {
        Ok(found)
    } else {
        Err(RollupError::Busy(rollup.table))
    }
}

fn by_month(wrong: &[Difference]) -> BTreeMap<u32, Vec<u32>> {
    let mut months: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for difference in wrong {
        let month = partition(difference.day.saturating_mul(DAY));
        months.entry(month).or_default().push(difference.day);
    }
    months
}

/// What the table and its view are made of.
#[derive(Row, Deserialize)]
struct Definition {
    partition_key: String,
    sorting_key: String,
    query: String,
}

async fn replace(
    access: &Access,
    layout: &Layout,
    rollup: Rollup,
    month: u32,
    days: &[u32],
) -> Result<(), RollupError> {
    let Rollup { table, day, .. } = rollup;
    let (local, beside) = (layout.local(table), format!("{table}_rebuilt"));
    let Definition {
        partition_key,
        sorting_key,
        query,
    } = definition(access, &local, table).await?;
    let list: Vec<String> = days.iter().map(|day| format!("toDate({day})")).collect();
    let list = list.join(", ");
    let columns = columns(access, &local).await?;
    let drop = format!("DROP TABLE IF EXISTS {beside} SYNC");
    run(access, "clear the way for a rebuild", &drop).await?;
    for (doing, sql) in [
        (
            "make a table beside a rollup",
            format!(
                "CREATE TABLE {beside} AS {local} ENGINE = AggregatingMergeTree \
                 PARTITION BY {partition_key} ORDER BY ({sorting_key}) SETTINGS {PROJECTIONS}"
            ),
        ),
        (
            "count events again",
            format!(
                "INSERT INTO {beside} ({columns}) SELECT {columns} FROM ({query}) WHERE {day} IN ({list})"
            ),
        ),
        (
            "copy the days that stay",
            format!(
                "INSERT INTO {beside} ({columns}) SELECT {columns} FROM {local} \
                 WHERE toYYYYMM({day}) = {month} AND {day} NOT IN ({list})"
            ),
        ),
        (
            "put a rebuilt month in place",
            // A month of which nothing is left is meant to be empty.
            format!(
                "ALTER TABLE {local} REPLACE PARTITION {month} FROM {beside} \
                 SETTINGS allow_replace_partition_from_empty_source = 1"
            ),
        ),
        ("clear up after a rebuild", drop.clone()),
    ] {
        run(access, doing, &sql).await?;
    }
    Ok(())
}

async fn definition(access: &Access, local: &str, table: &str) -> Result<Definition, RollupError> {
    let sql = "SELECT
            anyIf(partition_key, name = ?) AS partition_key,
            anyIf(sorting_key, name = ?) AS sorting_key,
            anyIf(as_select, name = ?) AS query
        FROM system.tables WHERE database = currentDatabase()";
    let asked = client(access)
        .query(sql)
        .bind(local)
        .bind(local)
        .bind(format!("{table}_from_events"))
        .fetch_one();
    within("see how a rollup is made", asked).await
}

/// The columns that the view fills, by name: a column that it leaves out is not counted.
async fn columns(access: &Access, local: &str) -> Result<String, RollupError> {
    let sql = "SELECT arrayStringConcat(groupArray(name), ', ') FROM (SELECT name FROM system.columns WHERE database = currentDatabase() AND table = ? ORDER BY position)";
    let asked = client(access).query(sql).bind(local).fetch_one();
    within("see what a rollup holds", asked).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_which_events_are_gone_is_wrong_only_for_somebody_who_looked() {
        let day = |events, counted| Difference {
            day: 20_000,
            date: String::new(),
            events,
            counted,
        };
        for (found, behind) in [(day(10, 9), true), (day(0, 9), false), (day(10, 20), false)] {
            assert_eq!(Wrong::Behind.holds(&found), behind, "{found:?}");
            assert!(Wrong::Any.holds(&found));
        }
    }

    #[test]
    fn days_are_rebuilt_a_month_at_a_time() {
        let at = |day| Difference {
            day,
            date: String::new(),
            events: 1,
            counted: 0,
        };
        // 2026-10-31, 2026-11-01 and 2026-11-02.
        let months = by_month(&[at(20_757), at(20_758), at(20_759)]);
        let expected = [(202_610, vec![20_757]), (202_611, vec![20_758, 20_759])];
        assert_eq!(months, expected.into());
    }
}
