//! Packages of data, by way of the npm client that is installed: it knows the registry that the operator
//! uses, and checks what comes against the registry's digest.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

/// Why a package cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum NpmError {
    /// There is no client.
    #[error("the npm client cannot be run; install Node, or fetch from an address instead")]
    Missing(#[source] io::Error),
    /// The client did not bring the package.
    #[error("npm could not fetch {package}: {said}")]
    Failed {
        /// The package.
        package: String,
        /// The last that the client said.
        said: String,
    },
    /// The client did not end.
    #[error("npm does not end")]
    Slow,
    /// The package is larger than anything that is expected.
    #[error("the package has more than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// No folder for it, or the package is not there.
    #[error("the package cannot be put down")]
    Folder(#[source] io::Error),
}

/// The package's archive, as the registry has it. Nothing in it is run.
pub(super) async fn pack(
    program: &OsStr,
    package: &str,
    most: u64,
    whole: Duration,
) -> Result<Vec<u8>, NpmError> {
    let folder = tempfile::tempdir().map_err(NpmError::Folder)?;
    let run = Command::new(program)
        .args(["pack", "--ignore-scripts", "--silent", "--pack-destination"])
        .arg(folder.path())
        .arg("--")
        .arg(package)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let run = tokio::time::timeout(whole, run);
    let ended = run.await.map_err(|_| NpmError::Slow)?;
    let ended = ended.map_err(NpmError::Missing)?;
    if !ended.status.success() {
        let said = String::from_utf8_lossy(&ended.stderr);
        let said = said.lines().rev().find(|line| !line.trim().is_empty());
        return Err(NpmError::Failed {
            package: package.to_owned(),
            said: said.unwrap_or("it does not say why").to_owned(),
        });
    }
    let archive = archive(folder.path()).map_err(NpmError::Folder)?;
    if archive.metadata().map_err(NpmError::Folder)?.len() > most {
        return Err(NpmError::TooLarge(most));
    }
    tokio::fs::read(archive).await.map_err(NpmError::Folder)
}

fn archive(folder: &std::path::Path) -> io::Result<PathBuf> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "tgz") {
            return Ok(path);
        }
    }
    Err(io::ErrorKind::NotFound.into())
}
