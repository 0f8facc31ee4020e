//! ClickHouse, wherever it is: our own engine as a supervised child, or somebody's server by URL.
//!
//! Either way it is spoken to over HTTP with what [`Engine::access`] gives for the task at hand.
//! Our own engine is a process of its own, because one that aborts must not take the gateway along.
//! It is restarted for ever, and ends when this process does, however that happens: it watches a
//! pipe whose other end is here.

mod complaint;
mod config;
mod find;
mod folder;
mod health;
mod launch;
mod library;
mod readable;
mod supervise;
mod turn;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::SystemTime;

use tokio::sync::{oneshot, watch};

pub use find::{MissingEngine, find as find_engine};
pub use folder::{FolderError, Role};
pub use launch::{Program, launch};
pub use readable::readable_columns;

use folder::Folder;
use supervise::Supervisor;
use turn::Turn;

/// How our own engine is run.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// The folder with all state; the engine's is `clickhouse/` in it.
    pub data_dir: PathBuf,
    /// The program that calls [`launch()`]: this executable.
    pub executable: PathBuf,
    /// What makes it do so, before the arguments that [`launch()`] reads: `["engine"]`.
    pub arguments: Vec<OsString>,
    /// `clickhouse.engine`: library or binary; none means look for one.
    pub engine: Option<PathBuf>,
    /// Database that the users are confined to.
    pub database: String,
    /// Most memory that the engine may take.
    pub memory_bytes: u64,
}

/// How ClickHouse is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineState {
    /// Our own, started and not yet answering for the first time.
    Starting,
    /// Our own, answering.
    Ready,
    /// Our own, not answering; it is started again and again.
    Down {
        /// Since when.
        since: SystemTime,
        /// Why, in a line for the operator.
        reason: String,
    },
    /// A server that somebody else runs.
    External,
}

/// How to reach ClickHouse as one of its users.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// Address of the HTTP interface.
    pub url: String,
    /// Name of the user.
    pub user: String,
    /// The user's password, empty if it has none.
    pub password: String,
    /// The database with our tables.
    pub database: String,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Access({}@{}, {})", self.user, self.url, self.database)
    }
}

/// A ClickHouse to speak to. Dropping it lets our own engine end; [`Engine::stop`] waits for that.
pub struct Engine {
    reach: Reach,
    state: watch::Receiver<EngineState>,
    restarts: Arc<AtomicU64>,
    supervision: Mutex<Option<Supervision>>,
}

/// Where access data comes from.
enum Reach {
    Own(Folder, String),
    External(Access),
}

impl Reach {
    fn access(&self, role: Role) -> Access {
        match self {
            Self::External(access) => access.clone(),
            Self::Own(folder, database) => Access {
                url: format!("http://127.0.0.1:{}", folder.port()),
                user: role.user().into(),
                password: folder.password(role).into(),
                database: database.clone(),
            },
        }
    }
}

/// The engine's process has a working folder of its own, so that paths have to be whole.
fn checked(options: EngineOptions) -> Result<EngineOptions, FolderError> {
    config::check_database(&options.database)?;
    let data_dir = std::path::absolute(&options.data_dir).map_err(|source| FolderError::Io {
        verb: "find",
        path: options.data_dir.clone(),
        source,
    })?;
    Ok(EngineOptions {
        data_dir,
        ..options
    })
}

fn folder_of(options: &EngineOptions) -> PathBuf {
    options.data_dir.join("clickhouse")
}

struct Supervision {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Engine {
    /// Starts our own engine and goes on supervising it on a thread of its own.
    ///
    /// Fails only where the folder cannot be used. An engine that is missing or does not start shows
    /// as [`EngineState::Down`], is tried again, and stops nothing else.
    pub fn start(options: EngineOptions) -> Result<Self, FolderError> {
        let options = checked(options)?;
        let (folder, lock) = Folder::prepare(&folder_of(&options))?;
        Self::supervise(options, folder, Turn::Has(lock))
    }

    /// The same in the place of another process, which may still run the engine and is about to end it:
    /// ours is started, on the same port, once that one is gone.
    pub fn start_in_turn(options: EngineOptions) -> Result<Self, FolderError> {
        let options = checked(options)?;
        let path = folder_of(&options);
        match Folder::prepare(&path) {
            Ok((folder, lock)) => Self::supervise(options, folder, Turn::Has(lock)),
            Err(FolderError::Locked(_)) => {
                Self::supervise(options, Folder::open(&path)?, Turn::Waits(path))
            }
            Err(error) => Err(error),
        }
    }

    fn supervise(options: EngineOptions, folder: Folder, turn: Turn) -> Result<Self, FolderError> {
        let path = folder.path().to_owned();
        let (to_state, state) = watch::channel(EngineState::Starting);
        let (stop, mut stopped) = oneshot::channel();
        let restarts = Arc::new(AtomicU64::new(0));
        let reach = Reach::Own(folder.clone(), options.database.clone());
        let supervisor = Supervisor::new(options, folder, to_state, Arc::clone(&restarts));
        let thread = thread::Builder::new()
            .name("engine".into())
            .spawn(move || {
                if let Some(lock) = turn.come(&mut stopped) {
                    supervisor.run_until(stopped);
                    drop(lock);
                }
            })
            .map_err(|source| FolderError::Io {
                verb: "start a thread for",
                path,
                source,
            })?;
        Ok(Self {
            reach,
            state,
            restarts,
            supervision: Mutex::new(Some(Supervision { stop, thread })),
        })
    }

    /// Our own engine, whoever supervises it: started here, unless another process runs it already.
    ///
    /// For commands that work beside a running `weir serve` as well as without one.
    pub fn start_or_join(options: EngineOptions) -> Result<Self, FolderError> {
        let path = options.data_dir.join("clickhouse");
        let database = options.database.clone();
        match Self::start(options) {
            Err(FolderError::Locked(_)) => Self::join(&path, database),
            started => started,
        }
    }

    fn join(path: &Path, database: String) -> Result<Self, FolderError> {
        let (_, state) = watch::channel(EngineState::Ready);
        Ok(Self {
            reach: Reach::Own(Folder::open(path)?, database),
            state,
            restarts: Arc::default(),
            supervision: Mutex::default(),
        })
    }

    /// How to reach, for writing events, an engine that another process of ours runs in `data_dir`; none if none does.
    pub fn running(data_dir: &Path, database: &str) -> Result<Option<Access>, FolderError> {
        let path = data_dir.join("clickhouse");
        if !Folder::is_in_use(&path)? {
            return Ok(None);
        }
        let folder = Folder::open(&path)?;
        let reach = Reach::Own(folder, database.to_owned());
        Ok(Some(reach.access(Role::Ingest)))
    }

    /// A server that somebody else runs; one account does everything.
    pub fn external(access: Access) -> Self {
        let (_, state) = watch::channel(EngineState::External);
        Self {
            reach: Reach::External(access),
            state,
            restarts: Arc::default(),
            supervision: Mutex::default(),
        }
    }

    /// How to reach it in `role`. Holds for as long as this value lives.
    pub fn access(&self, role: Role) -> Access {
        self.reach.access(role)
    }

    /// How to run statements that people write. Not on somebody else's server: only a user of ours keeps
    /// such a statement from reading more than it may.
    pub fn access_for_sql(&self) -> Option<Access> {
        match self.reach {
            Reach::Own(..) => Some(self.access(Role::Sql)),
            Reach::External(_) => None,
        }
    }

    /// How it is, and how it comes to be.
    pub fn state(&self) -> watch::Receiver<EngineState> {
        self.state.clone()
    }

    /// How many times our own engine was started again.
    pub fn restarts(&self) -> u64 {
        self.restarts.load(Ordering::Relaxed)
    }

    /// Ends our own engine and waits until it has ended (15 s at most, then it is killed). Stopping
    /// twice does nothing more.
    pub fn stop(&self) {
        let supervision = self
            .supervision
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(Supervision { stop, thread }) = supervision {
            drop(stop);
            if thread.join().is_err() {
                tracing::error!("the engine's supervisor panicked");
            }
        }
    }
}
