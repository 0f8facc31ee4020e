//! Another program in this one's place, with no request lost: it is started, given the sockets, and once it serves
//! this one ends. Where it does not come to that, this one goes on as if nothing had been asked.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::timeout;
use weir_ingest::HandedSalt;

use super::inheritance::{self, Sockets};

/// What tells a program that its standard input is an inheritance.
const TAKE_OVER: &str = "--take-over";

/// Longest that a successor may take until it serves: it reads its configuration and place data first.
const PATIENCE: Duration = Duration::from_mins(2);

/// Why this process goes on.
#[derive(Debug, thiserror::Error)]
pub(super) enum UpgradeError {
    /// A container ends with its first process, whatever else runs in it.
    #[error(
        "this is the first process of a container, which would end with it: replace the container"
    )]
    First,
    /// The program on disk does not run.
    #[error("{} cannot be started", program.display())]
    Start { program: PathBuf, source: io::Error },
    /// It could not be given the sockets, or not be listened to.
    #[error("it cannot be spoken to")]
    Speak(#[source] io::Error),
    /// It ended.
    #[error("it ended before it served; what it said stands above")]
    Ended,
    /// It does neither.
    #[error("it did not serve within {} s and was ended", PATIENCE.as_secs())]
    Silent,
}

/// How this program was started, and so how the next one is.
pub struct Upgrade {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Upgrade {
    /// Looks how this process was started. A name without a path was looked up by a shell; what it found is kept.
    pub fn of_this_process() -> io::Result<Self> {
        let mut arguments = std::env::args_os();
        let named = arguments.next().map(PathBuf::from);
        let program = match named.filter(|named| named.components().count() > 1) {
            // A link is looked up again at that time: it may lead to the next version by then.
            Some(path) => std::path::absolute(path)?,
            None => std::env::current_exe()?,
        };
        let arguments = arguments.filter(|argument| argument != TAKE_OVER).collect();
        Ok(Self { program, arguments })
    }

    /// Starts the program that is on disk now, and gives it `sockets` and `salt`.
    pub(super) fn begin(
        &self,
        sockets: &Sockets,
        salt: Option<&HandedSalt>,
    ) -> Result<Successor, UpgradeError> {
        if std::process::id() == 1 {
            return Err(UpgradeError::First);
        }
        let (ours, theirs) = inheritance::pair().map_err(UpgradeError::Speak)?;
        inheritance::give(&ours, sockets, salt).map_err(UpgradeError::Speak)?;
        let child = Command::new(&self.program)
            .args(&self.arguments)
            .arg(TAKE_OVER)
            // Set by systemd for this process alone (sd_watchdog_enabled(3)).
            .env_remove("WATCHDOG_PID")
            .stdin(Stdio::from(theirs))
            .spawn()
            .map_err(|source| UpgradeError::Start {
                program: self.program.clone(),
                source,
            })?;
        Ok(Successor {
            child: Some(child),
            socket: ours,
        })
    }
}

/// A program on its way to serve. Dropping it ends it.
pub(super) struct Successor {
    child: Option<Child>,
    socket: OwnedFd,
}

impl Successor {
    /// Waits until it serves, and is nobody's to end any more; its process id.
    pub(super) async fn serves(mut self) -> Result<u32, UpgradeError> {
        let socket = self.socket.try_clone().map_err(UpgradeError::Speak)?;
        // Where nobody waits for it any more, the successor is ended, and with it this.
        let answer = tokio::task::spawn_blocking(move || inheritance::is_serving(&socket));
        let heard = timeout(PATIENCE, answer)
            .await
            .map_err(|_| UpgradeError::Silent)?;
        let serves = heard.map_err(io::Error::from).flatten();
        if !serves.map_err(UpgradeError::Speak)? {
            return Err(UpgradeError::Ended);
        }
        Ok(self.child.take().map_or(0, |child| child.id()))
    }
}

impl Drop for Successor {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
