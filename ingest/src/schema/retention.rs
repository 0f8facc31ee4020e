//! How long rows are kept, as the settings say.

use clickhouse::Client;

use super::layout::Layout;
use super::{MigrateError, client, ledger};
use crate::engine::Access;

/// How long rows are kept. Visitors are not part of it: they are forgotten after two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Days that single events are kept for.
    pub raw_days: u16,
    /// Months that rollups are kept for.
    pub rollup_months: u16,
}

impl Retention {
    /// The first day (since 1970) of which all events are kept.
    pub fn first_whole_day(self, today: u32) -> u32 {
        (today + 1).saturating_sub(u32::from(self.raw_days))
    }

    /// Each table with the expression of the day on which its rows go, as ClickHouse writes it down.
    fn rules(self) -> [(&'static str, String); 7] {
        let months = |day| format!("{day} + toIntervalMonth({})", self.rollup_months);
        [
            ("events", format!("time + toIntervalDay({})", self.raw_days)),
            ("daily", months("day")),
            ("hourly", months("hour")),
            ("splits", months("day")),
            ("people", months("day")),
            ("organisations", months("day")),
            ("organisation_pages", months("last_day")),
        ]
    }
}

/// Makes the tables keep their rows for as long as `retention` says; what is older goes with the next
/// merges. Returns the tables that were changed.
pub async fn retain(
    access: &Access,
    layout: &Layout,
    retention: Retention,
) -> Result<Vec<&'static str>, MigrateError> {
    let client = client(access);
    let mut changed = Vec::new();
    for (table, rule) in retention.rules() {
        let local = layout.local(table);
        if definition(&client, &local)
            .await?
            .contains(&format!(" TTL {rule} "))
        {
            continue;
        }
        let on = layout.everywhere();
        let sql = format!("ALTER TABLE {local}{on} MODIFY TTL {rule}");
        ledger::execute(&client, "change how long rows are kept", &sql).await?;
        tracing::info!(table, rule, "rows are kept for another time");
        changed.push(table);
    }
    Ok(changed)
}

/// The engine of a table with all that belongs to it, and a space at its end.
async fn definition(client: &Client, table: &str) -> Result<String, MigrateError> {
    let query = client
        .query("SELECT concat(engine_full, ' ') FROM system.tables WHERE database = currentDatabase() AND name = ?")
        .bind(table)
        .fetch_one::<String>();
    ledger::within("see how long rows are kept", query).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_that_is_being_dropped_is_not_whole() {
        let kept = |raw_days| Retention {
            raw_days,
            rollup_months: 25,
        };
        assert_eq!(kept(90).first_whole_day(20_000), 20_001 - 90);
        assert_eq!(kept(1).first_whole_day(20_000), 20_000);
    }

    #[test]
    fn single_events_go_after_days_and_rollups_after_months() {
        let rules = Retention {
            raw_days: 30,
            rollup_months: 12,
        }
        .rules();
        let lines = rules
            .map(|(table, rule)| format!("{table}: {rule}"))
            .join("\n");
        insta::assert_snapshot!(lines, @"
        events: time + toIntervalDay(30)
        daily: day + toIntervalMonth(12)
        hourly: hour + toIntervalMonth(12)
        splits: day + toIntervalMonth(12)
        people: day + toIntervalMonth(12)
        organisations: day + toIntervalMonth(12)
        organisation_pages: last_day + toIntervalMonth(12)
        ");
    }
}
