//! Secrets: read from files that only their owner can read.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Why a file gives no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("cannot read {file:?}: {source}")]
    Unreadable {
        file: String,
        #[source]
        source: io::Error,
    },
    #[error("{file:?} can be read by others than its owner (mode {mode:04o})")]
    Exposed { file: String, mode: u32 },
    #[error("{file:?} holds more than {LONGEST} bytes, which is no password")]
    TooLong { file: String },
    #[error("{file:?} is empty")]
    Empty { file: String },
}

const LONGEST: u64 = 16 * 1024;

/// Reads a secret without the line break behind it.
///
/// `guarded` is the folder that the service manager hands credentials over in. It guards access by other means than
/// the mode bits, which show its access list's mask there.
pub(crate) fn read(path: &Path, guarded: Option<&Path>) -> Result<String, SecretError> {
    let file = path.display().to_string();
    let unreadable = |source| SecretError::Unreadable {
        file: file.clone(),
        source,
    };
    let opened = File::open(path).map_err(unreadable)?;
    let mode = opened.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    let is_guarded = guarded.is_some_and(|folder| path.parent() == Some(folder));
    if mode & 0o077 != 0 && !is_guarded {
        return Err(SecretError::Exposed { file, mode });
    }
    let mut text = String::new();
    opened
        .take(LONGEST + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if text.len() as u64 > LONGEST {
        return Err(SecretError::TooLong { file });
    }
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(SecretError::Empty { file });
    }
    Ok(secret.to_owned())
}
