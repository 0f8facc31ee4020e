//! How many connections there are and from whom, and which of them end where there are too many.
//!
//! Nobody is turned away for what others of their network left open: connections that only wait for their client end
//! in the place of new ones, those that wait longest first. Whom they are from is kept as keyed hashes, for as long as
//! they are open: no address stays behind in memory.

mod caps;
mod origin;
mod seat;

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub(crate) use caps::{Caps, descriptors};
pub(crate) use origin::Origin;
pub(crate) use seat::Seat;
use seat::now_ms;

/// How often connections of one origin, or of all, are looked through for some that can end. It takes a while.
const LOOK_EVERY_MS: u64 = 250;
/// One in so many of those that are looked through may end at once.
const SHARE: usize = 8;

/// All open connections.
#[derive(Debug)]
pub(crate) struct Crowd {
    caps: Caps,
    free: Arc<Semaphore>,
    key: RandomState,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    /// How many ended in the place of others.
    displaced: u64,
    connections: HashMap<u64, Connection>,
    next: u64,
    /// By addresses and by networks, whose hashes differ.
    counts: HashMap<u64, Count>,
    looked_ms: Option<u64>,
}

#[derive(Debug)]
struct Connection {
    seat: Arc<Seat>,
    /// Address and network as keyed hashes.
    from: Option<[u64; 2]>,
}

/// Connections of one address or network.
#[derive(Debug, Default)]
struct Count {
    open: u32,
    looked_ms: Option<u64>,
}

/// A connection that counts until this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    id: u64,
    pub(crate) seat: Arc<Seat>,
    _free: OwnedSemaphorePermit,
}

impl Crowd {
    pub(crate) fn new(caps: Caps) -> Self {
        Self {
            caps,
            free: Arc::new(Semaphore::new(caps.all as usize)),
            key: RandomState::new(),
            open: Mutex::default(),
        }
    }

    /// Waits for a place. While all are taken, some of those who wait longest lose theirs.
    pub(crate) async fn enter(self: &Arc<Self>) -> Place {
        let pause = Duration::from_millis(LOOK_EVERY_MS);
        loop {
            if let Ok(free) = Arc::clone(&self.free).try_acquire_owned() {
                return self.seated(free);
            }
            self.make_room();
            let free = Arc::clone(&self.free).acquire_owned();
            if let Ok(Ok(free)) = tokio::time::timeout(pause, free).await {
                return self.seated(free);
            }
        }
    }

    fn seated(self: &Arc<Self>, free: OwnedSemaphorePermit) -> Place {
        let seat = Arc::<Seat>::default();
        let mut open = self.open();
        let id = open.next;
        open.next += 1;
        let connection = Connection {
            seat: Arc::clone(&seat),
            from: None,
        };
        open.connections.insert(id, connection);
        Place {
            crowd: Arc::clone(self),
            id,
            seat,
            _free: free,
        }
    }

    /// Ends some of those who wait longest, whomever they are from.
    pub(crate) fn make_room(&self) {
        let mut open = self.open();
        let now = now_ms();
        if !is_recent(open.looked_ms, now) {
            open.looked_ms = Some(now);
            open.end_waiting(self.caps.since(now), |_| true);
        }
    }

    /// Waits until all have left.
    pub(crate) async fn left(&self) {
        // Never closed, so this fails for no other reason than having them all.
        let _ = self.free.acquire_many(self.caps.all).await;
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.caps.all as usize - self.free.available_permits()
    }

    /// How many ended since the start because others came.
    pub(crate) fn displaced(&self) -> u64 {
        self.open().displaced
    }

    /// As many as there may be.
    pub(crate) fn most(&self) -> usize {
        self.caps.all as usize
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Counts this one among those of its origin; false if it has to go, because all the others are busy.
    pub(crate) fn come_from(&self, origin: Origin) -> bool {
        let Crowd { caps, key, .. } = &*self.crowd;
        let from = [
            key.hash_one(("address", origin.address)),
            key.hash_one(("network", origin.network)),
        ];
        let mut open = self.crowd.open();
        let mut most = from.into_iter().zip([caps.address, caps.network]);
        if !most.all(|(who, most)| open.has_room(who, most, caps)) {
            return false;
        }
        for who in from {
            open.counts.entry(who).or_default().open += 1;
        }
        if let Some(connection) = open.connections.get_mut(&self.id) {
            connection.from = Some(from);
        }
        true
    }
}

impl Open {
    /// Whether fewer than `most` are counted for `who`, if need be after some of them ended.
    fn has_room(&mut self, who: u64, most: u32, caps: &Caps) -> bool {
        let now = now_ms();
        let Some(count) = self.counts.get_mut(&who).filter(|count| count.open >= most) else {
            return true;
        };
        if is_recent(count.looked_ms, now) {
            return false;
        }
        count.looked_ms = Some(now);
        self.end_waiting(caps.since(now), |from| {
            from.is_some_and(|from| from.contains(&who))
        });
        self.counts.get(&who).is_none_or(|count| count.open < most)
    }

    /// Ends some of those that `which` names and that wait longest, from `since` or before. They count no more from
    /// now on.
    fn end_waiting(&mut self, since: u64, which: impl Fn(Option<[u64; 2]>) -> bool) {
        let named = self.connections.iter();
        let named: Vec<_> = named.filter(|(_, one)| which(one.from)).collect();
        let most = named.len().div_ceil(SHARE);
        let mut waiting: Vec<_> = named
            .into_iter()
            .filter_map(|(id, one)| Some((one.seat.waits_since()?, *id)))
            .filter(|(waits, _)| *waits <= since)
            .collect();
        waiting.sort_unstable();
        for (_, id) in waiting.into_iter().take(most) {
            if let Some(connection) = self.remove(id) {
                self.displaced += 1;
                connection.seat.end();
            }
        }
    }

    fn remove(&mut self, id: u64) -> Option<Connection> {
        let connection = self.connections.remove(&id)?;
        for who in connection.from.into_iter().flatten() {
            self.leave(who);
        }
        Some(connection)
    }

    fn leave(&mut self, who: u64) {
        if let Some(count) = self.counts.get_mut(&who) {
            count.open -= 1;
            if count.open == 0 {
                self.counts.remove(&who);
            }
        }
    }
}

fn is_recent(looked_ms: Option<u64>, now: u64) -> bool {
    looked_ms.is_some_and(|looked| now < looked + LOOK_EVERY_MS)
}

impl Drop for Place {
    fn drop(&mut self) {
        // Nothing, where it had to end and was no longer counted.
        self.crowd.open().remove(self.id);
    }
}

#[cfg(test)]
mod tests;
