//! How the tables lie: on one server, or spread over a cluster. The files in `schema/` say it for one
//! server; for a cluster each statement is rewritten. Pure text.
//!
//! On a cluster every table is two: `NAME_local` holds this node's rows, and `NAME` reaches those of
//! all nodes. Views feed local tables from local tables. Writers and readers know `NAME` alone, so
//! nothing else in the program knows how the tables lie.
//!
//! A batch of events goes to one shard whole, because what is split could be stored in part; rows of
//! the other tables go by package, so that those with equal keys meet and are merged.

/// Where the tables lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// All on the server that is spoken to.
    #[default]
    Server,
    /// Spread over a cluster.
    Cluster(Cluster),
}

/// A cluster that the servers' configuration names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// Its name in `remote_servers`.
    pub name: String,
    /// Whether the servers have a Keeper. Then tables are replicated (the macros `shard` and `replica`
    /// say as what), and one run migrates all nodes. Without one there are shards and no replicas,
    /// and each node is migrated by itself.
    pub keeper: bool,
}

/// Longer than any outage after which batches are sent again; a server's own default is an hour.
const REPLICATED_WINDOW: &str = "replicated_deduplication_window = 10000,\n    replicated_deduplication_window_seconds = 604800";
const WINDOW: &str = "non_replicated_deduplication_window = 10000";

impl Layout {
    /// What one statement of the files is here.
    pub(super) fn statements(&self, statement: &str) -> Vec<String> {
        match self {
            Self::Server => vec![statement.to_owned()],
            Self::Cluster(cluster) => cluster.statements(statement),
        }
    }

    /// The table that holds the rows of `table` on the node that is spoken to.
    pub(crate) fn local(&self, table: &str) -> String {
        match self {
            Self::Server => table.to_owned(),
            Self::Cluster(_) => local(table),
        }
    }

    /// What makes a statement run on every node: nothing where one run reaches one node.
    pub(crate) fn everywhere(&self) -> String {
        match self {
            Self::Cluster(cluster) => cluster.everywhere(),
            Self::Server => String::new(),
        }
    }

    /// The statement that makes the database.
    pub(super) fn create_database(&self, name: &str) -> String {
        format!(
            "CREATE DATABASE IF NOT EXISTS `{name}`{}",
            self.everywhere()
        )
    }

    /// The statement that makes the ledger of migrations. A cluster with a Keeper has one for all nodes.
    pub(super) fn create_ledger(&self) -> String {
        let engine = match self {
            Self::Cluster(Cluster { keeper: true, .. }) => {
                "ReplicatedReplacingMergeTree('/clickhouse/tables/{database}/schema_migrations', '{shard}-{replica}')"
            }
            _ => "ReplacingMergeTree",
        };
        format!(
            "CREATE TABLE IF NOT EXISTS schema_migrations{} (
    number     UInt32,
    name       String,
    checksum   String,
    applied_at DateTime('UTC') DEFAULT now()
)
ENGINE = {engine}
ORDER BY number",
            self.everywhere()
        )
    }
}

impl Cluster {
    fn everywhere(&self) -> String {
        if self.keeper {
            format!(" ON CLUSTER `{}`", self.name)
        } else {
            String::new()
        }
    }

    fn statements(&self, statement: &str) -> Vec<String> {
        let code = code(statement);
        if let Some(rest) = code.strip_prefix("CREATE TABLE IF NOT EXISTS ") {
            let (table, definition) = word(rest);
            return vec![
                self.local_table(table, definition),
                self.whole_table("CREATE TABLE IF NOT EXISTS", table),
            ];
        }
        if let Some(rest) = code.strip_prefix("CREATE MATERIALIZED VIEW IF NOT EXISTS ") {
            let (view, rest) = word(rest);
            let (target, query) = word(rest.strip_prefix("TO ").unwrap_or(rest));
            let (on, target, query) = (self.everywhere(), local(target), local_query(query));
            return vec![format!(
                "CREATE MATERIALIZED VIEW IF NOT EXISTS {view}{on} TO {target} {query}"
            )];
        }
        if let Some(rest) = code.strip_prefix("CREATE VIEW IF NOT EXISTS ") {
            // It reads whole tables, so it is the same on each node.
            let ((view, query), on) = (word(rest), self.everywhere());
            return vec![format!("CREATE VIEW IF NOT EXISTS {view}{on} {query}")];
        }
        if let Some(rest) = code.strip_prefix("ALTER TABLE ") {
            let (table, change) = word(rest);
            return self.altered(table, change);
        }
        if let Some(rest) = code.strip_prefix("INSERT INTO ")
            && !self.keeper
        {
            // Other nodes may not have their tables yet; each fills its own from its own.
            let (table, query) = word(rest);
            return vec![format!(
                "INSERT INTO {} {}",
                local(table),
                local_query(query)
            )];
        }
        vec![code.to_owned()]
    }

    fn local_table(&self, table: &str, definition: &str) -> String {
        let mut definition = definition.to_owned();
        if self.keeper {
            let (head, engine) = definition
                .split_once("ENGINE = ")
                .unwrap_or((&definition, ""));
            let (engine, tail) = engine.split_once('\n').unwrap_or((engine, ""));
            // What the engine itself is told comes behind the replica's place.
            let (engine, told) = engine
                .strip_suffix(')')
                .and_then(|engine| engine.split_once('('))
                .map_or((engine, String::new()), |(engine, told)| {
                    (engine, format!(", {told}"))
                });
            definition = format!(
                "{head}ENGINE = Replicated{engine}('/clickhouse/tables/{{shard}}/{{database}}/{{table}}', '{{replica}}'{told})\n{tail}"
            )
            .replace(WINDOW, REPLICATED_WINDOW);
        }
        let (on, table) = (self.everywhere(), local(table));
        format!("CREATE TABLE IF NOT EXISTS {table}{on} {definition}")
    }

    fn whole_table(&self, create: &str, table: &str) -> String {
        let (on, name, local) = (self.everywhere(), &self.name, local(table));
        let key = match table {
            "events" => "batch_id",
            "imported_ids" => "id",
            "organisation_corrections" => "org_id",
            _ => "cityHash64(package)",
        };
        format!(
            "{create} {table}{on} AS {local} ENGINE = Distributed(`{name}`, currentDatabase(), {local}, {key})"
        )
    }

    fn altered(&self, table: &str, change: &str) -> Vec<String> {
        let on = self.everywhere();
        if let Some(query) = change.strip_prefix("MODIFY QUERY") {
            let query = local_query(query);
            return vec![format!("ALTER TABLE {table}{on} MODIFY QUERY{query}")];
        }
        let mut statements = vec![format!("ALTER TABLE {}{on} {change}", local(table))];
        // The whole table repeats the columns, so it is made again.
        if change.contains(" COLUMN ") {
            statements.push(self.whole_table("CREATE OR REPLACE TABLE", table));
        }
        statements
    }
}

fn local(table: &str) -> String {
    format!("{table}_local")
}

/// A query on local rows; columns that are named with their table are found as before.
fn local_query(query: &str) -> String {
    let Some((head, tail)) = query.split_once("\nFROM ") else {
        return query.to_owned();
    };
    let (table, _) = word(tail);
    format!("{head}\nFROM {} AS {tail}", local(table))
}

/// The statement without the comments before it.
fn code(statement: &str) -> &str {
    let mut rest = statement.trim_start();
    while rest.starts_with("--") {
        rest = rest
            .split_once('\n')
            .map_or("", |(_, rest)| rest.trim_start());
    }
    rest
}

/// The first word and what follows it.
fn word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{MIGRATIONS, Migration};

    fn cluster(keeper: bool) -> Layout {
        Layout::Cluster(Cluster {
            name: "main".into(),
            keeper,
        })
    }

    fn rewritten(layout: &Layout, statement: &str) -> String {
        layout.statements(statement).join(";\n\n")
    }

    #[test]
    fn a_table_becomes_a_local_and_a_whole_one() {
        let table = "-- Why.\nCREATE TABLE IF NOT EXISTS events (\n    time DateTime\n)\nENGINE = MergeTree\nORDER BY time\nSETTINGS\n    non_replicated_deduplication_window = 10000,\n    fsync_after_insert = 1";
        insta::assert_snapshot!(rewritten(&cluster(true), table), @"
        CREATE TABLE IF NOT EXISTS events_local ON CLUSTER `main` (
            time DateTime
        )
        ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}')
        ORDER BY time
        SETTINGS
            replicated_deduplication_window = 10000,
            replicated_deduplication_window_seconds = 604800,
            fsync_after_insert = 1;

        CREATE TABLE IF NOT EXISTS events ON CLUSTER `main` AS events_local ENGINE = Distributed(`main`, currentDatabase(), events_local, batch_id)
        ");
        insta::assert_snapshot!(rewritten(&cluster(false), table), @"
        CREATE TABLE IF NOT EXISTS events_local (
            time DateTime
        )
        ENGINE = MergeTree
        ORDER BY time
        SETTINGS
            non_replicated_deduplication_window = 10000,
            fsync_after_insert = 1;

        CREATE TABLE IF NOT EXISTS events AS events_local ENGINE = Distributed(`main`, currentDatabase(), events_local, batch_id)
        ");
        assert_eq!(rewritten(&Layout::Server, table), table);
    }

    #[test]
    fn views_feed_local_tables_from_local_rows() {
        let view = "CREATE MATERIALIZED VIEW IF NOT EXISTS daily_from_events TO daily AS\nSELECT sum(events.bytes) AS bytes\nFROM events\nGROUP BY package";
        insta::assert_snapshot!(rewritten(&cluster(true), view), @"
        CREATE MATERIALIZED VIEW IF NOT EXISTS daily_from_events ON CLUSTER `main` TO daily_local AS
        SELECT sum(events.bytes) AS bytes
        FROM events_local AS events
        GROUP BY package
        ");
        let change =
            "ALTER TABLE daily_from_events MODIFY QUERY\nSELECT 1\nFROM events\nGROUP BY package";
        insta::assert_snapshot!(rewritten(&cluster(true), change), @"
        ALTER TABLE daily_from_events ON CLUSTER `main` MODIFY QUERY
        SELECT 1
        FROM events_local AS events
        GROUP BY package
        ");
    }

    #[test]
    fn tables_are_filled_over_all_nodes_where_one_run_reaches_them() {
        let fill = "INSERT INTO releases (package)\nSELECT package\nFROM daily\nWHERE 1";
        assert_eq!(rewritten(&cluster(true), fill), fill);
        insta::assert_snapshot!(rewritten(&cluster(false), fill), @"
        INSERT INTO releases_local (package)
        SELECT package
        FROM daily_local AS daily
        WHERE 1
        ");
    }

    #[test]
    fn a_change_of_columns_reaches_the_whole_table_and_others_do_not() {
        let column = "ALTER TABLE daily ADD COLUMN IF NOT EXISTS stored DateTime";
        insta::assert_snapshot!(rewritten(&cluster(true), column), @"
        ALTER TABLE daily_local ON CLUSTER `main` ADD COLUMN IF NOT EXISTS stored DateTime;

        CREATE OR REPLACE TABLE daily ON CLUSTER `main` AS daily_local ENGINE = Distributed(`main`, currentDatabase(), daily_local, cityHash64(package))
        ");
        insta::assert_snapshot!(rewritten(&cluster(true), "ALTER TABLE daily MODIFY TTL day + INTERVAL 25 MONTH"), @"ALTER TABLE daily_local ON CLUSTER `main` MODIFY TTL day + INTERVAL 25 MONTH");
    }

    #[test]
    fn an_engine_keeps_what_it_is_told() {
        let table = "CREATE TABLE IF NOT EXISTS totals (\n    at DateTime\n)\nENGINE = ReplacingMergeTree(at)\nORDER BY at";
        insta::assert_snapshot!(rewritten(&cluster(true), table), @"
        CREATE TABLE IF NOT EXISTS totals_local ON CLUSTER `main` (
            at DateTime
        )
        ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/{database}/{table}', '{replica}', at)
        ORDER BY at;

        CREATE TABLE IF NOT EXISTS totals ON CLUSTER `main` AS totals_local ENGINE = Distributed(`main`, currentDatabase(), totals_local, cityHash64(package))
        ");
    }

    #[test]
    fn no_statement_of_the_files_is_left_as_it_is_but_those_that_fill_tables() {
        for statement in MIGRATIONS.iter().flat_map(Migration::statements) {
            let text = rewritten(&cluster(true), statement);
            assert!(
                text.contains(" ON CLUSTER `main`") || text.starts_with("INSERT INTO "),
                "{text}"
            );
            assert!(!text.contains("non_replicated"), "{text}");
        }
    }
}
