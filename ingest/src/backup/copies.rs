//! Tables beside tables: what is saved is read from copies that stand still, and what is put back is
//! gathered apart and shown in one step.

use std::path::Path;

use super::BackupError;
use super::tables::{self, Table, number, run, texts};
use crate::engine::Access;
use crate::rollups::note_people;

/// Marks a database into which a backup is being put.
const LOADING: &str = "restore_unfinished";

/// The copy of `table` that is saved.
pub(super) fn copy_of(table: &Table) -> String {
    format!("backup_{}", table.name)
}

/// Copies all tables, or finds the copies of a run that was cut short.
///
/// Copies share their parts with the tables, so this takes moments. Those of a cut run are good only
/// with its files, which lie in `folder`; without any the tables are copied anew.
pub(super) async fn make(access: &Access, folder: &Path) -> Result<Vec<Table>, BackupError> {
    let tables = tables::all(access).await?;
    let names: Vec<String> = tables
        .iter()
        .map(|table| format!("'{}'", copy_of(table)))
        .collect();
    let found = number(
        access,
        "look for copies of the tables",
        &format!(
            "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name IN ({})",
            names.join(", ")
        ),
    )
    .await?;
    let cut_short = folder
        .read_dir()
        .is_ok_and(|mut files| files.next().is_some());
    if cut_short && found == tables.len() as u64 {
        return Ok(tables);
    }
    remove_files(folder)?;
    // Visitors stay behind and leave their number. A server that is saved before it is migrated may
    // have no table for that yet.
    let counts_people = tables.iter().any(|table| table.name == "people");
    if counts_people {
        note_people(access).await?;
    }
    drop_all(access, &tables).await?;
    for table in &tables {
        let copy = copy_of(table);
        run(
            access,
            "make a table for a copy",
            &table.create_beside(&copy),
        )
        .await?;
        for partition in partitions_of(access, &table.name).await? {
            let sql = format!(
                "ALTER TABLE {copy} ATTACH PARTITION ID '{partition}' FROM {}",
                table.name
            );
            run(access, "copy a table", &sql).await?;
        }
        // The numbers of rows must stay what they are.
        run(
            access,
            "let a copy stand still",
            &format!("SYSTEM STOP MERGES {copy}"),
        )
        .await?;
    }
    if counts_people {
        // Also those whose batch reached no rollup yet.
        run(access, "count people", include_str!("people.sql")).await?;
    }
    Ok(tables)
}

fn remove_files(folder: &Path) -> Result<(), BackupError> {
    let failed = |source| BackupError::File {
        verb: "clear",
        path: folder.to_owned(),
        source,
    };
    for entry in folder.read_dir().map_err(failed)? {
        std::fs::remove_file(entry.map_err(failed)?.path()).map_err(failed)?;
    }
    Ok(())
}

pub(super) async fn drop_all(access: &Access, tables: &[Table]) -> Result<(), BackupError> {
    for table in tables {
        let sql = format!("DROP TABLE IF EXISTS {} SYNC", copy_of(table));
        run(access, "drop a copy", &sql).await?;
    }
    Ok(())
}

/// The partitions of a copy, oldest first.
pub(super) async fn partitions(access: &Access, table: &Table) -> Result<Vec<String>, BackupError> {
    partitions_of(access, &copy_of(table)).await
}

async fn partitions_of(access: &Access, table: &str) -> Result<Vec<String>, BackupError> {
    let sql = format!(
        "SELECT DISTINCT partition_id FROM system.parts WHERE database = currentDatabase() AND table = '{table}' AND active ORDER BY partition_id"
    );
    texts(access, "list a table's partitions", &sql).await
}

/// Makes sure that no rows are there but those of a run that was cut short.
pub(super) async fn begin_loading(access: &Access) -> Result<(), BackupError> {
    let marked = number(
        access,
        "look for an unfinished restore",
        &format!("SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = '{LOADING}'"),
    )
    .await?;
    if marked > 0 {
        return Ok(());
    }
    for table in tables::all(access).await? {
        let sql = format!("SELECT count() FROM {}", table.name);
        if number(access, "count a table's rows", &sql).await? > 0 {
            return Err(BackupError::NotEmpty(table.name));
        }
    }
    let sql = format!("CREATE TABLE {LOADING} (nothing UInt8) ENGINE = Memory");
    run(access, "mark the database", &sql).await
}

pub(super) async fn end_loading(access: &Access) -> Result<(), BackupError> {
    run(
        access,
        "unmark the database",
        &format!("DROP TABLE {LOADING} SYNC"),
    )
    .await
}

/// An empty table to gather the rows of `table` in.
pub(super) async fn beside_for_loading(
    access: &Access,
    table: &str,
) -> Result<String, BackupError> {
    let beside = format!("restore_{table}");
    let tables = tables::all(access).await?;
    let Some(table) = tables.iter().find(|found| found.name == table) else {
        return Err(BackupError::Unknown(table.to_owned()));
    };
    let drop = format!("DROP TABLE IF EXISTS {beside} SYNC");
    run(access, "clear the way for rows", &drop).await?;
    run(
        access,
        "make a table for rows",
        &table.create_beside(&beside),
    )
    .await?;
    run(
        access,
        "let rows stand still",
        &format!("SYSTEM STOP MERGES {beside}"),
    )
    .await?;
    Ok(beside)
}

/// Shows gathered rows in `table`, without its views counting them once more.
pub(super) async fn put_in_place(
    access: &Access,
    table: &str,
    beside: &str,
) -> Result<(), BackupError> {
    for partition in partitions_of(access, beside).await? {
        let sql = format!("ALTER TABLE {table} REPLACE PARTITION ID '{partition}' FROM {beside}");
        run(access, "put rows in place", &sql).await?;
    }
    run(
        access,
        "drop gathered rows",
        &format!("DROP TABLE {beside} SYNC"),
    )
    .await
}
