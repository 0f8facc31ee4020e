//! Rows into a file that is there whole or not at all.

use std::path::{Path, PathBuf};

use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt as _;

use super::{ExportError, Passed, Rows};

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {verb} {path}")]
pub struct FileError {
    verb: &'static str,
    path: PathBuf,
    source: std::io::Error,
}

/// Writes rows beside `path`, and gives them that name when the disk has them all. Answers how many
/// bytes there are. What a process that was killed left behind, the next one overwrites.
pub(super) async fn write(
    rows: &mut Rows,
    path: &Path,
    note: &mut (dyn FnMut(Passed) + Send),
) -> Result<u64, ExportError> {
    let part = part(path);
    let written = fill(rows, &part, note).await;
    if written.is_err() {
        // Half a file is of no use; that it may be left is said above.
        let _ = fs::remove_file(&part).await;
    }
    let bytes = written?;
    fs::rename(&part, path)
        .await
        .map_err(failed("replace", path))?;
    sync_folder(path).await?;
    Ok(bytes)
}

/// Writes all rows into the file `part`, and has the disk keep them.
async fn fill(
    rows: &mut Rows,
    part: &Path,
    note: &mut (dyn FnMut(Passed) + Send),
) -> Result<u64, ExportError> {
    let mut file = File::create(part).await.map_err(failed("create", part))?;
    let mut bytes = 0;
    while let Some(piece) = rows.next().await? {
        file.write_all(&piece)
            .await
            .map_err(failed("write", part))?;
        bytes += piece.len() as u64;
        note(rows.passed());
    }
    file.flush().await.map_err(failed("write", part))?;
    file.sync_all().await.map_err(failed("sync", part))?;
    Ok(bytes)
}

/// The name while it is written: hidden, and with an ending that no reader of exports looks for.
fn part(path: &Path) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".part");
    path.with_file_name(name)
}

/// A name is on disk only when its folder is.
pub(super) async fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    let folder = folder.unwrap_or(Path::new("."));
    let opened = File::open(folder).await.map_err(failed("open", folder))?;
    opened.sync_all().await.map_err(failed("sync", folder))
}

pub(super) fn failed<'a>(
    verb: &'static str,
    path: &'a Path,
) -> impl FnOnce(std::io::Error) -> FileError + 'a {
    move |source| FileError {
        verb,
        path: path.to_owned(),
        source,
    }
}
