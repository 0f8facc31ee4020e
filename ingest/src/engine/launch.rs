//! The engine's own process: what `weir engine` runs, told to end by a signal or by its parent's death.
//!
//! The parent holds the other end of standard input and never writes: end of file means it is gone.
//! A library knows no such thing as a server that is asked to stop. It serves for as long as one
//! query runs, so it is given a query that never ends, and stopping is killing that query.

use std::ffi::{CString, OsString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::folder::{Folder, Role};
use super::library::{self, EndSignals};

/// After this an end that does not come by itself is forced; acknowledged inserts survive that.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often the engine is asked again while it ends: a query may have started after the last time.
const INSISTENCE: Duration = Duration::from_millis(500);

/// Serves until it is killed. The in-process user needs no right but these two.
const HOLD: &str = "SYSTEM START LISTEN HTTP; \
    SELECT count() FROM system.numbers WHERE sleepEachRow(1) = 1 \
    SETTINGS max_block_size = 1, max_threads = 1, function_sleep_max_microseconds_per_block = 0, \
    max_execution_time = 0, max_rows_to_read = 0, log_queries = 0";

/// What to run as the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// The engine as a shared library (`libchdb.so`).
    Library(PathBuf),
    /// The `clickhouse` binary, run as a server.
    Server(PathBuf),
}

impl Program {
    /// The arguments that make [`launch`] run this program on `folder`.
    pub(super) fn arguments(&self, folder: &Path) -> [OsString; 3] {
        let (kind, path) = match self {
            Self::Library(path) => ("library", path),
            Self::Server(path) => ("server", path),
        };
        [kind.into(), path.into(), folder.into()]
    }

    fn from_arguments(arguments: impl Iterator<Item = OsString>) -> Option<(Self, PathBuf)> {
        let [kind, path, folder]: [OsString; 3] = arguments.collect::<Vec<_>>().try_into().ok()?;
        let program = match kind.to_str()? {
            "library" => Self::Library(path.into()),
            "server" => Self::Server(path.into()),
            _ => return None,
        };
        Some((program, folder.into()))
    }
}

/// What the process waits for.
enum Notice {
    /// A signal, or the parent is gone.
    End,
    /// The engine ended; the words are its error.
    Ended(Option<String>),
}

/// Runs the engine in this process until it is told to end: the whole of `weir engine KIND PATH FOLDER`.
///
/// Must be called before the process has started any thread: signals are blocked for the threads
/// that come after. What it has to say goes to standard error, which the parent logs.
pub fn launch(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let Some((program, folder)) = Program::from_arguments(arguments) else {
        return fail(
            2,
            "usage: weir engine library|server PATH FOLDER (started by `weir serve`)",
        );
    };
    let folder = match Folder::open(&folder) {
        Ok(folder) => folder,
        Err(error) => return fail(2, &error.to_string()),
    };
    let signals = EndSignals::block();
    let (notices, arriving) = channel();
    let parent = match library::take_stdin() {
        Ok(parent) => File::from(parent),
        Err(error) => return fail(2, &format!("cannot watch the parent: {error}")),
    };
    watch(&notices, move || signals.wait());
    watch(&notices, move || drain(parent));
    match program {
        Program::Library(path) => run_library(&path, &folder, &notices, &arriving),
        Program::Server(path) => run_server(&path, &folder, notices, &arriving),
    }
}

/// Sends [`Notice::End`] when `wait` returns.
fn watch(notices: &Sender<Notice>, wait: impl FnOnce() + Send + 'static) {
    let notices = notices.clone();
    thread::spawn(move || {
        wait();
        let _ = notices.send(Notice::End); // nobody listens once the engine has ended
    });
}

/// Reads until the writing end is closed.
fn drain(mut pipe: File) {
    let mut bytes = [0; 64];
    while !matches!(pipe.read(&mut bytes), Ok(0) | Err(_)) {}
}

fn run_library(
    path: &Path,
    folder: &Folder,
    notices: &Sender<Notice>,
    arriving: &Receiver<Notice>,
) -> ExitCode {
    let arguments = match library_arguments(folder) {
        Ok(arguments) => arguments,
        Err(error) => return fail(2, &error.to_string()),
    };
    let (path, notices) = (path.to_path_buf(), notices.clone());
    thread::spawn(move || {
        let error = library::run(&path, &arguments)
            .err()
            .map(|error| error.to_string());
        let _ = notices.send(Notice::Ended(error));
    });
    match arriving.recv() {
        Ok(Notice::Ended(error)) => fail(
            3,
            &error.unwrap_or_else(|| "the engine ended by itself, see the lines above".into()),
        ),
        Ok(Notice::End) | Err(_) => end(arriving, || {
            match kill_queries(folder) {
                // It has stopped listening and is about to end.
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                Err(error) => say(&format!("cannot end the engine's queries: {error}")),
                Ok(()) => {}
            }
        }),
    }
}

fn library_arguments(folder: &Folder) -> Result<Vec<CString>, std::ffi::NulError> {
    let config = format!("--config-file={}", folder.config_file().display());
    // On the console the library heeds this level and not the configuration's.
    [
        "clickhouse-local",
        &config,
        "--log-level=warning",
        "--query",
        HOLD,
    ]
    .into_iter()
    .map(CString::new)
    .collect()
}

fn run_server(
    path: &Path,
    folder: &Folder,
    notices: Sender<Notice>,
    arriving: &Receiver<Notice>,
) -> ExitCode {
    let config = format!("--config-file={}", folder.config_file().display());
    let mut command = Command::new(path);
    command.arg("server").arg(config).current_dir(folder.path());
    let mut server = match library::spawn_bound(&mut command) {
        Ok(server) => server,
        Err(error) => return fail(3, &format!("cannot start {}: {error}", path.display())),
    };
    let id = server.id();
    thread::spawn(move || {
        let error = match server.wait() {
            Ok(status) if status.success() => None,
            Ok(status) => Some(format!("the server ended with {status}")),
            Err(error) => Some(format!("lost sight of the server: {error}")),
        };
        let _ = notices.send(Notice::Ended(error));
    });
    match arriving.recv() {
        Ok(Notice::Ended(error)) => fail(
            3,
            &error.unwrap_or_else(|| "the server ended by itself".into()),
        ),
        Ok(Notice::End) | Err(_) => end(arriving, || library::terminate(id)),
    }
}

/// Asks again and again until the engine has ended.
fn end(arriving: &Receiver<Notice>, ask: impl Fn()) -> ExitCode {
    let since = Instant::now();
    while since.elapsed() < PATIENCE {
        ask();
        let round = Instant::now();
        while let Some(left) = INSISTENCE.checked_sub(round.elapsed()) {
            match arriving.recv_timeout(left) {
                Ok(Notice::Ended(_)) => return ExitCode::SUCCESS,
                Ok(Notice::End) => {}
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
    }
    say("the engine did not end in 10 seconds and is cut off");
    library::exit_now(5)
}

/// Cancels every query that runs, the one that holds the engine up among them.
fn kill_queries(folder: &Folder) -> io::Result<()> {
    const KILL: &str = "KILL QUERY WHERE query_id != queryID() ASYNC FORMAT Null";
    let mut stream = TcpStream::connect_timeout(
        &SocketAddr::from(([127, 0, 0, 1], folder.port())),
        INSISTENCE,
    )?;
    stream.set_read_timeout(Some(2 * INSISTENCE))?;
    let (user, password) = (Role::Migrate.user(), folder.password(Role::Migrate));
    let length = KILL.len();
    write!(
        stream,
        "POST / HTTP/1.0\r\nX-ClickHouse-User: {user}\r\nX-ClickHouse-Key: {password}\r\n\
         Content-Length: {length}\r\n\r\n{KILL}"
    )?;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer)?;
    if answer.ends_with(b" 200") {
        Ok(())
    } else {
        Err(io::Error::other(
            String::from_utf8_lossy(&answer).into_owned(),
        ))
    }
}

fn fail(code: u8, words: &str) -> ExitCode {
    say(words);
    ExitCode::from(code)
}

/// Standard error is the way to the parent's log; a parent that is gone does not mind.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_as_they_are_written() {
        for program in [
            Program::Library("/a b/libchdb.so".into()),
            Program::Server("clickhouse".into()),
        ] {
            let arguments = program.arguments(Path::new("/data"));
            assert_eq!(
                Program::from_arguments(arguments.into_iter()),
                Some((program, "/data".into()))
            );
        }
    }

    #[test]
    fn other_arguments_are_refused() {
        let words = |line: &str| {
            line.split(' ')
                .map(OsString::from)
                .collect::<Vec<_>>()
                .into_iter()
        };
        assert_eq!(Program::from_arguments(words("library /lib")), None);
        assert_eq!(Program::from_arguments(words("shell /lib /data")), None);
    }
}
