//! Applies `schema/*.sql` in order: numbered, forward only, each once, by one process at a time.
//!
//! What was applied is kept with its checksum in `schema_migrations`. A file is never changed once
//! it was released: a database that holds another text under the same number is refused. Every
//! statement can be run again, so a migration that was cut short is simply repeated.
//!
//! A file only adds (tables, columns with a default, words of an enumeration), so that programs of
//! the version before go on writing and reading beside those of this one. What they no longer need
//! is taken away by a file of the version after. Visitors are the exception: they are forgotten as
//! soon as a file says so, and an older program then shows fewer people.

mod layout;
mod ledger;
mod lock;
mod migration;
mod retention;

use clickhouse::Client;

use crate::engine::Access;

pub use layout::{Cluster, Layout};
pub(crate) use ledger::exists;
pub(crate) use lock::alone;
pub use migration::Migration;
pub use retention::{Retention, retain};

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
        number: 4,
        name: "hourly",
        sql: include_str!("../schema/0004_hourly.sql"),
    },
    Migration {
        number: 5,
        name: "splits",
        sql: include_str!("../schema/0005_splits.sql"),
    },
    Migration {
        number: 6,
        name: "releases",
        sql: include_str!("../schema/0006_releases.sql"),
    },
    Migration {
        number: 7,
        name: "people",
        sql: include_str!("../schema/0007_people.sql"),
    },
    Migration {
        number: 10,
        name: "imported",
        sql: include_str!("../schema/0010_imported.sql"),
    },
    Migration {
        number: 11,
        name: "organisation_corrections",
        sql: include_str!("../schema/0011_organisation_corrections.sql"),
    },
    Migration {
        number: 12,
        name: "organisations",
        sql: include_str!("../schema/0012_organisations.sql"),
    },
    Migration {
        number: 13,
        name: "organisations_by_day",
        sql: include_str!("../schema/0013_organisations_by_day.sql"),
    },
    Migration {
        number: 14,
        name: "events_by_route",
        sql: include_str!("../schema/0014_events_by_route.sql"),
    },
];

/// What a table that is made like another needs where that one may have projections; without it ClickHouse refuses it.
pub(crate) const PROJECTIONS: &str = "deduplicate_merge_projection_mode = 'rebuild'";

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
    /// Another process has been migrating for half an hour.
    #[error(
        "another process migrates this database and does not end: look for its query \
         `weir-migrate-…` in system.processes, and kill that query if the process is gone"
    )]
    Locked,
    /// The connection that keeps others out broke.
    #[error("lost the connection that keeps others from migrating at once: run it again")]
    LostLock,
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

/// Brings the database of `access` on one server up to this build; returns what was applied.
pub async fn migrate(access: &Access) -> Result<Vec<Migration>, MigrateError> {
    migrate_in(access, &Layout::Server).await
}

/// The same where the tables lie as `layout` says.
pub async fn migrate_in(access: &Access, layout: &Layout) -> Result<Vec<Migration>, MigrateError> {
    migrate_to(access, layout, u32::MAX).await
}

/// The same up to the migration numbered `last`, for data of an older build.
pub(crate) async fn migrate_to(
    access: &Access,
    layout: &Layout,
    last: u32,
) -> Result<Vec<Migration>, MigrateError> {
    // The client names the database in every request, and this request makes it.
    let outside = client(access).with_database("system");
    let sql = layout.create_database(&access.database);
    ledger::execute(&outside, "create the database", &sql).await?;
    lock::alone(access, apply(access, layout, last)).await
}

/// Makes the tables of our own engine what this build and its settings need, before the first row comes.
pub async fn prepare(access: &Access, retention: Retention) -> Result<(), MigrateError> {
    migrate(access).await?;
    retain(access, &Layout::Server, retention).await?;
    Ok(())
}

/// The SQL that [`migrate_in`] would run, changing nothing.
pub async fn dry_run(access: &Access, layout: &Layout) -> Result<String, MigrateError> {
    let mut statements = Vec::new();
    let applied = if ledger::exists(access).await? {
        ledger::applied(&client(access)).await?
    } else {
        statements.push(layout.create_database(&access.database));
        statements.push(layout.create_ledger());
        Vec::new()
    };
    for migration in migration::pending(MIGRATIONS, &applied)? {
        let rewritten = migration
            .statements()
            .flat_map(|statement| layout.statements(statement));
        statements.extend(rewritten);
    }
    Ok(statements
        .iter()
        .flat_map(|statement| [statement.as_str(), ";\n\n"])
        .collect())
}

/// How the tables lie on the servers behind `access`, of which `cluster` names one's cluster.
pub async fn layout(access: &Access, cluster: Option<&str>) -> Result<Layout, MigrateError> {
    let Some(name) = cluster else {
        return Ok(Layout::Server);
    };
    // The table is there only where a Keeper is configured.
    let keepers = client(access)
        .with_database("system")
        .query("SELECT count() FROM system.tables WHERE database = 'system' AND name = 'zookeeper'")
        .fetch_one::<u64>();
    let keepers = ledger::within("look for a Keeper", keepers).await?;
    Ok(Layout::Cluster(Cluster {
        name: name.to_owned(),
        keeper: keepers > 0,
    }))
}

/// The last migration that was applied to the database.
pub(crate) async fn last_applied(access: &Access) -> Result<u32, MigrateError> {
    let applied = ledger::applied(&client(access)).await?;
    Ok(applied.last().map_or(0, |applied| applied.number))
}

async fn apply(
    access: &Access,
    layout: &Layout,
    last: u32,
) -> Result<Vec<Migration>, MigrateError> {
    let client = client(access);
    let doing = "create the table `schema_migrations`";
    ledger::execute(&client, doing, &layout.create_ledger()).await?;
    let mut pending = migration::pending(MIGRATIONS, &ledger::applied(&client).await?)?;
    pending.retain(|migration| migration.number <= last);
    for migration in &pending {
        let Migration { number, name, .. } = migration;
        let doing = format!("apply migration {number} ({name})");
        for statement in migration.statements() {
            for statement in layout.statements(statement) {
                ledger::execute(&client, &doing, &statement).await?;
            }
        }
        ledger::record(&client, migration).await?;
        tracing::info!(number, name, "migrated");
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

#[cfg(test)]
mod tests {
    use weir_event::{Answer, Audience, Channel, Ci, Kind};

    use super::*;

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
        // The newest definitions are those of the tables that have the column.
        for (column, tables, words) in [
            ("kind", 5, words!(Kind)),
            ("audience", 5, words!(Audience)),
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
