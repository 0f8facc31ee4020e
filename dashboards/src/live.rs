//! Events as they arrive, for whoever watches: one look at ClickHouse a second for all of them together, and none
//! while nobody does.
//!
//! | module | what it does |
//! |---|---|
//! | `picture` | what was seen lately, and what of it one viewer is shown; pure |
//! | `turns` | which look comes next, and about which packages; pure |

mod picture;
mod turns;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::answers::AskError;
use crate::query::{self, Target};
use crate::server::Dashboard;

use picture::MINUTES;
pub(crate) use picture::{Counts, Picture};
use turns::{Look, Turns};

/// Between two looks.
const PACE: Duration = Duration::from_secs(1);
/// How far back an event may lie that arrives now: what waited longer in a spool is counted and not shown.
const LATE: SignedDuration = SignedDuration::from_mins(10);
/// Who came within this long is there now.
const NOW: SignedDuration = SignedDuration::from_mins(5);
/// Events of a package in one look.
const MOST_OF_EACH: u64 = 20;
/// Events of a look.
const MOST_EVENTS: u64 = 500;
/// Viewers at the same time, and of them those of one user.
const MOST_VIEWERS: usize = 64;
const MOST_OF_USER: usize = 4;

/// Why somebody cannot watch.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WatchError {
    /// As many as there may be.
    #[error("too many live views are open here; try again later")]
    TooMany,
    /// As many as one user may have.
    #[error("you have {MOST_OF_USER} live views open; close one")]
    TooManyOfUser,
}

/// Everybody who watches, and what they see.
pub(crate) struct Live {
    /// Tells sequence numbers of this process from those of the one before.
    pub(crate) run: String,
    state: Mutex<State>,
    pictures: watch::Sender<Arc<Picture>>,
    closing: watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    viewers: BTreeMap<u64, Viewer>,
    /// The number of the next viewer.
    next: u64,
    is_looking: bool,
    /// When was last looked; a viewer who comes back at once does not make looks more frequent.
    looked: Option<Instant>,
    turns: Turns,
}

struct Viewer {
    user: String,
    target: Target,
}

/// A viewer's place; leaving is dropping it.
pub(crate) struct Watching {
    dashboard: Arc<Dashboard>,
    number: u64,
    pictures: watch::Receiver<Arc<Picture>>,
    closing: watch::Receiver<bool>,
}

impl Live {
    /// Nobody watches yet. `run` names this process.
    pub(crate) fn new(run: String) -> Self {
        Self {
            run,
            state: Mutex::default(),
            pictures: watch::Sender::new(Arc::default()),
            closing: watch::Sender::new(false),
        }
    }

    /// Ends all streams, before the program does.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Lets `user` watch `target`, and begins to look where nobody did.
    pub(crate) fn watch(
        dashboard: &Arc<Dashboard>,
        user: &str,
        target: Target,
    ) -> Result<Watching, WatchError> {
        let live = &dashboard.live;
        let mut state = live.state();
        if state.viewers.len() >= MOST_VIEWERS {
            return Err(WatchError::TooMany);
        }
        let own = state.viewers.values().filter(|viewer| viewer.user == user);
        if own.count() >= MOST_OF_USER {
            return Err(WatchError::TooManyOfUser);
        }
        let number = state.next;
        state.next += 1;
        let user = user.to_owned();
        state.viewers.insert(number, Viewer { user, target });
        if !std::mem::replace(&mut state.is_looking, true) {
            tokio::spawn(look(Arc::clone(dashboard)));
        }
        Ok(Watching {
            dashboard: Arc::clone(dashboard),
            number,
            pictures: live.pictures.subscribe(),
            closing: live.closing.subscribe(),
        })
    }

    /// Whether the last look was so lately that the next one sees all that came in between.
    pub(crate) fn knows_lately(&self) -> bool {
        let late = LATE.unsigned_abs();
        let looked = self.state().looked;
        looked.is_some_and(|looked| looked.elapsed() < late)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next look and how long to wait for it; none when everybody has left, and then looking has ended.
    fn next_look(&self) -> Option<(Look, Target, u64, Duration)> {
        let mut state = self.state();
        if state.viewers.is_empty() {
            state.is_looking = false;
            return None;
        }
        let target = turns::union(state.viewers.values().map(|viewer| &viewer.target));
        let viewers = state.next;
        let look = state.turns.next(viewers);
        let now = Instant::now();
        let at = state.looked.map_or(now, |looked| (looked + PACE).max(now));
        state.looked = Some(at);
        Some((look, target, viewers, at - now))
    }
}

impl Watching {
    /// This viewer's number, which [`Picture::counts`] asks for.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// What is seen at the moment.
    pub(crate) fn picture(&self) -> Arc<Picture> {
        Arc::clone(&self.pictures.borrow())
    }

    /// Waits for another picture; none when the program ends.
    pub(crate) async fn changed(&mut self) -> Option<Arc<Picture>> {
        tokio::select! {
            changed = self.pictures.changed() => changed.ok()?,
            _ = self.closing.wait_for(|closing| *closing) => return None,
        }
        Some(Arc::clone(&self.pictures.borrow_and_update()))
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.dashboard.live.state().viewers.remove(&self.number);
    }
}

/// Looks once a second for as long as anybody watches.
async fn look(dashboard: Arc<Dashboard>) {
    while let Some((look, target, viewers, pause)) = dashboard.live.next_look() {
        tokio::time::sleep(pause).await;
        let seen = match look {
            Look::Events => events(&dashboard, &target).await,
            Look::Counts => counts(&dashboard, &target, viewers).await,
        };
        match seen {
            Ok(Some(picture)) => drop(dashboard.live.pictures.send_replace(Arc::new(picture))),
            Ok(None) => {}
            Err(error) => tracing::debug!(%error, "the live view could not look"),
        }
    }
}

/// The picture with the events that are new; none where nothing is.
async fn events(dashboard: &Dashboard, target: &Target) -> Result<Option<Picture>, AskError> {
    let since = (dashboard.clock)() - LATE;
    let sql = query::latest_of_each(target, since, MOST_OF_EACH, MOST_EVENTS);
    let rows = dashboard.answers.fresh(&sql).await?;
    let newest = rows.cells.iter().map(|row| query::read_latest(row));
    let newest = newest.collect::<Result<Vec<_>, _>>()?;
    let before = Arc::clone(&dashboard.live.pictures.borrow());
    Ok(before.with_events(newest))
}

async fn counts(
    dashboard: &Dashboard,
    target: &Target,
    viewers: u64,
) -> Result<Option<Picture>, AskError> {
    let now = (dashboard.clock)();
    let minutes = |count: i64| now - SignedDuration::from_mins(count - 1);
    let sql = query::live_minutes(target, minutes(MINUTES), minutes(NOW.as_mins()));
    let rows = dashboard.answers.fresh(&sql).await?;
    let minutes = rows.cells.iter().map(|row| query::read_minute(row));
    let minutes = minutes.collect::<Result<Vec<_>, _>>()?;
    let before = Arc::clone(&dashboard.live.pictures.borrow());
    Ok(Some(before.with_counts(minutes, now, viewers)))
}
