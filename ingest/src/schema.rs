//! Applies `schema/*.sql` in order: numbered, forward only, each once.
//!
//! What was applied is kept with its checksum in `schema_migrations`. A file is never changed once
//! it was released: a database that holds another text under the same number is refused. Every
//! statement can be run again, so a migration that was cut short is simply repeated.

use std::time::Duration;

use clickhouse::{Client, Row};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;

use crate::engine::Access;

/// Longest that one statement may take.
const PATIENCE: Duration = Duration::from_mins(10);

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
    number     UInt32,
    name       String,
    checksum   String,
    applied_at DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY number";

/// One numbered file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Position in the order, from 1.
    pub number: u32,
    /// File name without number and ending.
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line.
    pub sql: &'static str,
}

/// Every migration of this build, in order.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        number: 1,
        name: "events",
        sql: include_str!("../schema/0001_events.sql"),
    },
    Migration {
        number: 2,
        name: "daily",
        sql: include_str!("../schema/0002_daily.sql"),
    },
    Migration {
        number: 3,
        name: "repeats",
        sql: include_str!("../schema/0003_repeats.sql"),
    },
    Migration {
        number: 10,
        name: "imported",
        sql: include_str!("../schema/0010_imported.sql"),
    },
];

/// Why the tables are not as this build needs them.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database was made by a build with another text for this number.
    #[error(
        "migration {number} ({name}) was applied with other contents: \
         this database belongs to another build, run that one or use another `clickhouse.database`"
    )]
    Changed {
        /// Which one.
        number: u32,
        /// Its name here.
        name: &'static str,
    },
    /// The database was made by a newer build.
    #[error("the database has migration {0}, which this build does not know: run the newer build")]
    Newer(u32),
    /// A statement failed.
    #[error("cannot {doing}")]
    Sql {
        /// What was tried.
        doing: String,
        /// ClickHouse's words.
        #[source]
        source: clickhouse::error::Error,
    },
    /// A statement did not end within ten minutes.
    #[error("{0} took too long")]
    Slow(String),
}

/// What the ledger holds of one migration.
#[derive(Clone, Debug, PartialEq, Eq, Row, Serialize, Deserialize)]
struct Applied {
    number: u32,
    name: String,
    checksum: String,
}

impl Migration {
    /// The statements, without the comments before them.
    fn statements(&self) -> impl Iterator<Item = &'static str> {
        self.sql
            .split_inclusive(";\n")
            .map(|text| text.trim().trim_end_matches(';'))
            .filter(|text| !text.is_empty())
    }

    fn checksum(&self) -> String {
        blake3::hash(self.sql.as_bytes()).to_hex().to_string()
    }
}

/// Brings the database of `access` up to this build; returns what was applied.
pub async fn migrate(access: &Access) -> Result<Vec<Migration>, MigrateError> {
    // The client names the database in every request, and this request makes it.
    let sql = create_database(&access.database);
    execute(
        &client(access).with_database("system"),
        "create the database",
        &sql,
    )
    .await?;
    apply(access, MIGRATIONS).await
}

/// The SQL that [`migrate`] would run, changing nothing.
pub async fn dry_run(access: &Access) -> Result<String, MigrateError> {
    let mut sql = String::new();
    let applied = if has_ledger(access).await? {
        applied(&client(access)).await?
    } else {
        sql = format!("{};\n{LEDGER};\n", create_database(&access.database));
        Vec::new()
    };
    for migration in pending(MIGRATIONS, &applied)? {
        sql.push_str(migration.sql);
    }
    Ok(sql)
}

async fn apply(access: &Access, migrations: &[Migration]) -> Result<Vec<Migration>, MigrateError> {
    let client = client(access);
    execute(&client, "create the table `schema_migrations`", LEDGER).await?;
    let pending = pending(migrations, &applied(&client).await?)?;
    for migration in &pending {
        let Migration { number, name, .. } = migration;
        for statement in migration.statements() {
            execute(
                &client,
                &format!("apply migration {number} ({name})"),
                statement,
            )
            .await?;
        }
        record(&client, migration).await?;
        tracing::info!(number, name, "migrated");
    }
    Ok(pending)
}

/// What is still to be applied, if what was applied is a beginning of `migrations`.
fn pending(migrations: &[Migration], applied: &[Applied]) -> Result<Vec<Migration>, MigrateError> {
    let last = migrations.last().map_or(0, |migration| migration.number);
    if let Some(newer) = applied
        .iter()
        .map(|applied| applied.number)
        .find(|number| *number > last)
    {
        return Err(MigrateError::Newer(newer));
    }
    let mut pending = Vec::new();
    for migration in migrations {
        match applied
            .iter()
            .find(|applied| applied.number == migration.number)
        {
            None => pending.push(*migration),
            Some(applied) if applied.checksum == migration.checksum() => {}
            Some(_) => {
                return Err(MigrateError::Changed {
                    number: migration.number,
                    name: migration.name,
                });
            }
        }
    }
    Ok(pending)
}

fn client(access: &Access) -> Client {
    Client::default()
        .with_url(&access.url)
        .with_user(&access.user)
        .with_password(&access.password)
        .with_database(&access.database)
}

fn create_database(name: &str) -> String {
    format!("CREATE DATABASE IF NOT EXISTS `{name}`")
}

async fn has_ledger(access: &Access) -> Result<bool, MigrateError> {
    let query = client(access)
        .with_database("system")
        .query(
            "SELECT count() FROM system.tables WHERE database = ? AND name = 'schema_migrations'",
        )
        .bind(&access.database)
        .fetch_one::<u64>();
    Ok(within("look for the table `schema_migrations`", query).await? > 0)
}

async fn applied(client: &Client) -> Result<Vec<Applied>, MigrateError> {
    let query = client
        .query("SELECT number, any(name) AS name, any(checksum) AS checksum FROM schema_migrations GROUP BY number ORDER BY number")
        .fetch_all();
    within("read the table `schema_migrations`", query).await
}

async fn record(client: &Client, migration: &Migration) -> Result<(), MigrateError> {
    let query = client
        .query("INSERT INTO schema_migrations (number, name, checksum) SELECT ?, ?, ?")
        .bind(migration.number)
        .bind(migration.name)
        .bind(migration.checksum());
    within("write the table `schema_migrations`", query.execute()).await
}

async fn execute(client: &Client, doing: &str, sql: &str) -> Result<(), MigrateError> {
    // `query_raw`: a question mark in the SQL is a question mark.
    within(doing, client.query_raw(sql).execute()).await
}

async fn within<T>(
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

#[cfg(test)]
mod tests {
    use weir_event::{Answer, Audience, Channel, Ci, Kind};

    use super::*;

    fn applied(migrations: &[Migration]) -> Vec<Applied> {
        let applied = |migration: &Migration| Applied {
            number: migration.number,
            name: migration.name.into(),
            checksum: migration.checksum(),
        };
        migrations.iter().map(applied).collect()
    }

    #[test]
    fn numbers_rise_and_every_statement_can_be_repeated() {
        assert!(MIGRATIONS.is_sorted_by(|one, next| one.number < next.number));
        for migration in MIGRATIONS {
            for statement in migration.statements() {
                let repeatable = [" IF NOT EXISTS ", " MODIFY COLUMN "];
                assert!(
                    repeatable.iter().any(|words| statement.contains(words)),
                    "{statement}"
                );
            }
        }
    }

    #[test]
    fn only_what_is_missing_is_pending() {
        assert_eq!(pending(MIGRATIONS, &[]).expect("fresh"), MIGRATIONS);
        assert_eq!(pending(MIGRATIONS, &applied(MIGRATIONS)).expect("done"), []);
        assert_eq!(
            pending(MIGRATIONS, &applied(&MIGRATIONS[..1])).expect("begun"),
            MIGRATIONS[1..]
        );
    }

    #[test]
    fn other_contents_under_the_same_number_are_refused() {
        let mut changed = MIGRATIONS.to_vec();
        changed[0].sql = "SELECT 1;\n";
        let error = pending(&changed, &applied(MIGRATIONS)).expect_err("changed");
        insta::assert_snapshot!(error, @"migration 1 (events) was applied with other contents: this database belongs to another build, run that one or use another `clickhouse.database`");
    }

    #[test]
    fn a_newer_database_is_refused() {
        let error = pending(&MIGRATIONS[..1], &applied(&MIGRATIONS[..2])).expect_err("newer");
        insta::assert_snapshot!(error, @"the database has migration 2, which this build does not know: run the newer build");
    }

    #[test]
    fn the_enums_are_the_events_own() {
        macro_rules! words {
            ($name:ident) => {
                $name::ALL
                    .iter()
                    .map(|value| format!("'{}' = {}", value.as_str(), *value as i8))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
        }
        // Both tables have the first two.
        for (column, tables, words) in [
            ("kind", 2, words!(Kind)),
            ("audience", 2, words!(Audience)),
            ("answer", 1, words!(Answer)),
            ("channel", 1, words!(Channel)),
            ("ci", 1, words!(Ci)),
        ] {
            let newest = definitions(column).split_off(definitions(column).len() - tables);
            assert_eq!(newest, vec![words; tables], "{column}");
        }
    }

    /// What every `Enum8` of a column holds, in the order in which migrations define it.
    fn definitions(column: &str) -> Vec<&'static str> {
        let parts = MIGRATIONS
            .iter()
            .flat_map(|migration| migration.sql.split_inclusive("Enum8("))
            .collect::<Vec<_>>();
        let of_column = |part: &str| {
            let mut words = part.split_whitespace().rev();
            words.next() == Some("Enum8(") && words.next() == Some(column)
        };
        parts
            .windows(2)
            .filter(|pair| of_column(pair[0]))
            .map(|pair| pair[1].split(')').next().unwrap_or_default())
            .collect()
    }
}
