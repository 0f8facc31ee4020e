//! One month of a table as a file: rows stream through, compressed, and nothing is held in memory.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use super::tables::{Table, client, failed, number};
use super::{BackupError, SavedFile, SavedTable, copies};
use crate::engine::Access;

/// Fast, and within a tenth of the size of the levels that are not.
const LEVEL: i32 = 3;

/// Bytes that are sent at once.
const CHUNK: usize = 1 << 20;

/// Longest that ClickHouse may take to accept a piece, or to store all of them.
const SEND_PATIENCE: Duration = Duration::from_mins(2);
const END_PATIENCE: Duration = Duration::from_mins(30);

/// Writes one partition of a table's copy, unless its file is there. A file has its name only once it
/// is whole and on disk.
pub(super) async fn write(
    access: &Access,
    table: &Table,
    partition: &str,
    folder: &Path,
) -> Result<SavedFile, BackupError> {
    let copy = copies::copy_of(table);
    let from = format!("FROM {copy} WHERE _partition_id = '{partition}'");
    let rows = number(access, "count rows", &format!("SELECT count() {from}")).await?;
    let name = format!("{}-{partition}.native.zst", table.name);
    let path = folder.join(&name);
    if path.exists() {
        return Ok(SavedFile { name, rows });
    }
    let doing = format!("read the table `{}`", table.name);
    let sql = format!("SELECT {} {from}", table.columns.join(", "));
    let mut cursor = client(access)
        .query_raw(&sql)
        .fetch_bytes("Native")
        .map_err(failed(&doing))?;
    let unfinished = path.with_extension("part");
    let trouble = |source| BackupError::File {
        verb: "write",
        path: unfinished.clone(),
        source,
    };
    let mut file = Writing::create(&unfinished).map_err(trouble)?;
    while let Some(piece) = cursor.next().await.map_err(failed(&doing))? {
        file.write(&piece).map_err(trouble)?;
    }
    file.finish()
        .and_then(|()| fs::rename(&unfinished, &path))
        .map_err(trouble)?;
    Ok(SavedFile { name, rows })
}

/// A file in the making.
struct Writing(zstd::stream::write::Encoder<'static, BufWriter<File>>);

impl Writing {
    fn create(path: &Path) -> io::Result<Self> {
        let file = BufWriter::new(File::create(path)?);
        let mut encoder = zstd::stream::write::Encoder::new(file, LEVEL)?;
        encoder.include_checksum(true)?;
        Ok(Self(encoder))
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn finish(self) -> io::Result<()> {
        let file = self
            .0
            .finish()?
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        file.sync_all()
    }
}

/// Inserts a file's rows into `beside`, all of them.
pub(super) async fn read(
    access: &Access,
    beside: &str,
    table: &SavedTable,
    file: &SavedFile,
    folder: &Path,
) -> Result<(), BackupError> {
    let count = format!("SELECT count() FROM {beside}");
    let before = number(access, "count rows", &count).await?;
    insert(access, beside, table, &folder.join(&file.name)).await?;
    let found = number(access, "count rows", &count).await? - before;
    if found != file.rows {
        return Err(BackupError::Rows {
            file: file.name.clone(),
            saved: file.rows,
            found,
        });
    }
    Ok(())
}

async fn insert(
    access: &Access,
    beside: &str,
    table: &SavedTable,
    path: &Path,
) -> Result<(), BackupError> {
    let trouble = |source| BackupError::File {
        verb: "read",
        path: path.to_owned(),
        source,
    };
    let doing = format!("fill the table `{}`", table.name);
    let file = BufReader::new(File::open(path).map_err(trouble)?);
    let mut rows = zstd::stream::read::Decoder::with_buffer(file).map_err(trouble)?;
    let sql = format!(
        "INSERT INTO {beside} ({}) FORMAT Native",
        table.columns.join(", ")
    );
    // Rows keep the number that they were saved with.
    let client = client(access)
        .with_setting("optimize_on_insert", "0")
        .with_setting("async_insert", "0");
    let mut insert = client
        .insert_formatted_with(sql)
        .with_timeouts(Some(SEND_PATIENCE), Some(END_PATIENCE));
    loop {
        let piece = piece(&mut rows).map_err(trouble)?;
        if piece.is_empty() {
            break;
        }
        insert.send(piece).await.map_err(failed(&doing))?;
    }
    insert.end().await.map_err(failed(&doing))
}

/// The next bytes, as many as there are up to a chunk; none at the end.
fn piece(rows: &mut impl Read) -> io::Result<Bytes> {
    let mut bytes = Vec::with_capacity(CHUNK);
    rows.take(CHUNK as u64).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}
