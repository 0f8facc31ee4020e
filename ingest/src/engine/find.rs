//! Where the engine is: what the operator named, a `clickhouse` binary, or the library beside us.

use std::env;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use super::launch::Program;

/// File name of the engine as a library.
const LIBRARY: &str = "libchdb.so";

/// No engine where one was looked for.
#[derive(Debug, thiserror::Error)]
pub enum MissingEngine {
    /// The operator's own choice is not there.
    #[error(
        "no file {0} (`clickhouse.engine`): run `make engine`, mend the path, or set `clickhouse.url`"
    )]
    Named(PathBuf),
    /// None in any usual place.
    #[error(
        "no ClickHouse engine found: run `make engine`, or set `clickhouse.url` or `clickhouse.engine`"
    )]
    Nowhere,
}

/// Finds the engine: `named` if given, else the first of the usual places.
pub fn find(named: Option<&Path>, data_dir: &Path) -> Result<Program, MissingEngine> {
    if let Some(path) = named {
        return if path.is_file() {
            Ok(kind_of(path))
        } else {
            Err(MissingEngine::Named(path.into()))
        };
    }
    let executable = env::current_exe().ok();
    let beside = executable.as_deref().and_then(Path::parent);
    first(env::var_os("PATH").as_deref(), beside, data_dir).ok_or(MissingEngine::Nowhere)
}

/// A binary on the path is the whole server and comes first; the library is the fall-back we fetch.
fn first(path: Option<&OsStr>, beside: Option<&Path>, data_dir: &Path) -> Option<Program> {
    let binary = path
        .into_iter()
        .flat_map(env::split_paths)
        .map(|folder| folder.join("clickhouse"))
        .find(|file| is_executable(file));
    binary.map(Program::Server).or_else(|| {
        let near = beside
            .into_iter()
            .flat_map(|folder| [folder.into(), folder.join("../lib/weir")]);
        near.chain(["/usr/lib/weir".into(), data_dir.join("engine")])
            .map(|folder| folder.join(LIBRARY))
            .find(|file| file.is_file())
            .map(Program::Library)
    })
}

fn kind_of(path: &Path) -> Program {
    let is_library = path.extension().is_some_and(|extension| extension == "so");
    if is_library {
        Program::Library(path.into())
    } else {
        Program::Server(path.into())
    }
}

fn is_executable(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn write(file: &Path, mode: u32) {
        fs::create_dir_all(file.parent().expect("in a folder")).expect("made");
        fs::write(file, "").expect("written");
        fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("ours");
    }

    #[test]
    fn a_binary_on_the_path_comes_before_a_library() {
        let place = tempfile::tempdir().expect("a folder");
        let (bin, data) = (place.path().join("bin"), place.path().join("data"));
        write(&data.join("engine/libchdb.so"), 0o644);
        assert_eq!(
            first(Some(bin.as_os_str()), None, &data),
            Some(Program::Library(data.join("engine/libchdb.so")))
        );
        write(&bin.join("clickhouse"), 0o755);
        assert_eq!(
            first(Some(bin.as_os_str()), None, &data),
            Some(Program::Server(bin.join("clickhouse")))
        );
    }

    #[test]
    fn a_file_that_cannot_be_run_is_no_binary() {
        let place = tempfile::tempdir().expect("a folder");
        write(&place.path().join("clickhouse"), 0o644);
        assert_eq!(
            first(
                Some(place.path().as_os_str()),
                None,
                &place.path().join("data")
            ),
            None
        );
    }

    #[test]
    fn the_library_is_found_beside_the_executable_and_in_lib() {
        let place = tempfile::tempdir().expect("a folder");
        let bin = place.path().join("bin");
        write(&bin.join("../lib/weir/libchdb.so"), 0o644);
        let found = first(None, Some(&bin), place.path());
        assert_eq!(
            found,
            Some(Program::Library(bin.join("../lib/weir/libchdb.so")))
        );
    }

    #[test]
    fn what_is_missing_names_what_to_do() {
        let error = find(
            Some(Path::new("/nowhere/libchdb.so")),
            Path::new("/nowhere"),
        )
        .expect_err("missing");
        insta::assert_snapshot!(error, @"no file /nowhere/libchdb.so (`clickhouse.engine`): run `make engine`, mend the path, or set `clickhouse.url`");
        insta::assert_snapshot!(MissingEngine::Nowhere, @"no ClickHouse engine found: run `make engine`, or set `clickhouse.url` or `clickhouse.engine`");
    }
}
