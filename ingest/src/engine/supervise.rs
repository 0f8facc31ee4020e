//! Keeps our own engine running: start, wait until it answers, watch, start again.

use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use tokio::process::{Child, Command};
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, timeout};

use super::folder::{Folder, Role};
use super::{EngineOptions, EngineState, complaint, config, find, health};

/// Pause before the first restart; doubled up to [`LONGEST_PAUSE`] while it keeps failing.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// An engine that served this long did not fail to start.
const PROVEN: Duration = Duration::from_mins(1);

/// Longest that a start may take: a large database is loaded first.
const START_PATIENCE: Duration = Duration::from_mins(5);

/// Longest that an end may take; the engine's own limit is ten seconds.
const END_PATIENCE: Duration = Duration::from_secs(15);

pub(super) struct Supervisor {
    options: EngineOptions,
    folder: Folder,
    state: watch::Sender<EngineState>,
    restarts: Arc<AtomicU64>,
}

/// Why one run of the engine was over.
#[derive(Debug, thiserror::Error)]
enum RunError {
    #[error(transparent)]
    Missing(#[from] find::MissingEngine),
    #[error(transparent)]
    Folder(#[from] super::FolderError),
    #[error("cannot start {0}: {1}")]
    Spawn(String, std::io::Error),
    #[error("the engine ended ({0}): {1}")]
    Ended(ExitStatus, String),
    #[error("the engine did not answer within {} s", START_PATIENCE.as_secs())]
    Silent,
    #[error("the engine hung and was killed")]
    Hung,
    #[error("lost sight of the engine: {0}")]
    Wait(std::io::Error),
}

impl Supervisor {
    pub(super) fn new(
        options: EngineOptions,
        folder: Folder,
        state: watch::Sender<EngineState>,
        restarts: Arc<AtomicU64>,
    ) -> Self {
        Self {
            options,
            folder,
            state,
            restarts,
        }
    }

    /// Blocks until `stop` is sent or dropped and the engine has ended.
    pub(super) fn run_until(self, stop: oneshot::Receiver<()>) {
        match tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
        {
            Ok(runtime) => runtime.block_on(self.keep_running(stop)),
            Err(error) => self.down(&format!("cannot supervise the engine: {error}")),
        }
    }

    async fn keep_running(self, mut stop: oneshot::Receiver<()>) {
        let mut pause = SHORTEST_PAUSE;
        loop {
            let started = Instant::now();
            match self.run_once(&mut stop).await {
                Ok(()) => return,
                Err(error) => self.down(&in_words(&error)),
            }
            if started.elapsed() > PROVEN {
                pause = SHORTEST_PAUSE;
            }
            tokio::select! {
                () = sleep(pause) => {}
                _ = &mut stop => return,
            }
            pause = (2 * pause).min(LONGEST_PAUSE);
            self.restarts.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Runs the engine until it is stopped (`Ok`) or ends by itself.
    async fn run_once(&self, stop: &mut oneshot::Receiver<()>) -> Result<(), RunError> {
        let mut child = self.spawn()?;
        // Held open for as long as the engine shall live: its end of file is the engine's end.
        let leash = child.stdin.take();
        let words = child
            .stderr
            .take()
            .map(|stderr| tokio::spawn(complaint::relay(stderr)));
        tokio::select! {
            status = child.wait() => {
                let status = status.map_err(RunError::Wait)?;
                let words = match words {
                    Some(words) => timeout(Duration::from_secs(1), words).await.ok(),
                    None => None,
                };
                let reason = words.and_then(Result::ok).flatten();
                Err(RunError::Ended(status, reason.unwrap_or_else(|| "it said nothing".into())))
            }
            error = self.serve() => {
                drop(leash);
                match error {
                    RunError::Hung => kill(&mut child).await, // it would not hear a request to end
                    _ => end(&mut child).await,
                }
                Err(error)
            }
            _ = stop => {
                drop(leash);
                end(&mut child).await;
                Ok(())
            }
        }
    }

    fn spawn(&self) -> Result<Child, RunError> {
        let options = &self.options;
        let named = options
            .engine
            .as_deref()
            .map(std::path::absolute)
            .transpose()
            .map_err(RunError::Wait)?;
        let program = find::find(named.as_deref(), &options.data_dir)?;
        config::write(
            &self.folder,
            &program,
            &options.database,
            options.memory_bytes,
        )?;
        tracing::debug!(?program, port = self.folder.port(), "starting the engine");
        Command::new(&options.executable)
            .args(&options.arguments)
            .args(program.arguments(self.folder.path()))
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0) // a Ctrl-C at the terminal is for us; we end the engine when it is idle
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| RunError::Spawn(options.executable.display().to_string(), error))
    }

    /// Says when the engine answers and goes on asking it; returns once it answers no more.
    async fn serve(&self) -> RunError {
        let (started, port) = (Instant::now(), self.folder.port());
        while !health::pings(port).await {
            if started.elapsed() > START_PATIENCE {
                return RunError::Silent;
            }
            sleep(Duration::from_millis(20)).await;
        }
        tracing::info!(
            millis = started.elapsed().as_millis(),
            "the engine is ready"
        );
        self.state.send_replace(EngineState::Ready);
        let role = Role::Ingest;
        health::until_it_hangs(port, role.user(), self.folder.password(role)).await;
        RunError::Hung
    }

    /// Says that the engine is down, and since when it has been.
    fn down(&self, reason: &str) {
        tracing::error!(reason, "the engine is down; events wait in the spool");
        self.state.send_modify(|state| {
            let since = match state {
                EngineState::Down { since, .. } => *since,
                _ => SystemTime::now(),
            };
            *state = EngineState::Down {
                since,
                reason: reason.into(),
            };
        });
    }
}

/// The error, and what the system says of it.
fn in_words(error: &RunError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Waits for an engine whose leash was let go.
async fn end(child: &mut Child) {
    if timeout(END_PATIENCE, child.wait()).await.is_err() {
        tracing::warn!("the engine did not end by itself and is killed");
        kill(child).await;
    }
}

async fn kill(child: &mut Child) {
    if let Err(error) = child.kill().await {
        tracing::error!(%error, "cannot kill the engine");
    }
}
