//! One numbered file of SQL, and which of them a database still lacks.

use clickhouse::Row;
use serde::{Deserialize, Serialize};

use super::MigrateError;

/// One numbered file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// Position in the order. Rises from file to file; numbers may be left out.
    pub number: u32,
    /// File name without number and ending.
    pub name: &'static str,
    /// Statements, each ended by `;` at the end of a line.
    pub sql: &'static str,
}

/// What the ledger holds of one migration.
#[derive(Clone, Debug, PartialEq, Eq, Row, Serialize, Deserialize)]
pub(super) struct Applied {
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) checksum: String,
}

impl Migration {
    /// The statements; a comment belongs to the one behind it.
    pub(super) fn statements(&self) -> impl Iterator<Item = &'static str> {
        self.sql
            .split_inclusive(";\n")
            .map(|text| text.trim().trim_end_matches(';'))
            .filter(|text| !text.is_empty())
    }

    /// The tables that it makes.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &'static str> {
        let behind = self.sql.split("CREATE TABLE IF NOT EXISTS ").skip(1);
        behind.filter_map(|text| text.split_whitespace().next())
    }

    pub(super) fn checksum(&self) -> String {
        blake3::hash(self.sql.as_bytes()).to_hex().to_string()
    }
}

/// What is still to be applied, if nothing was applied that `migrations` does not know.
pub(super) fn pending(
    migrations: &[Migration],
    applied: &[Applied],
) -> Result<Vec<Migration>, MigrateError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::MIGRATIONS;

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
        assert!(
            MIGRATIONS.is_sorted_by(|one, other| one.number < other.number),
            "{MIGRATIONS:?}"
        );
        for statement in MIGRATIONS.iter().flat_map(Migration::statements) {
            let repeatable = [
                " IF NOT EXISTS ",
                " MODIFY ",
                // Rows of these tables have a greatest and a least value, which stay what they are.
                "INSERT INTO releases ",
                "INSERT INTO people ",
                "INSERT INTO organisation_pages ",
                // What is made already stays.
                " MATERIALIZE ",
            ];
            assert!(
                repeatable.iter().any(|words| statement.contains(words)),
                "{statement}"
            );
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
}
