//! Some thousand events on their way in: which of them are new, and one batch a month for those.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use weir_event::{Event, EventId};

use super::ImportError;
use super::ledger::{Ledger, Mark};
use crate::engine::Access;
use crate::store::{Batch, InsertError, Settlement, Store, partition};

/// Waits between two attempts at an insert.
const PAUSES: [Duration; 7] = [
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(16),
];

/// Where imported events go.
///
/// How an event comes to count once, however often it is imported and wherever that is cut short:
///
/// - its id is made of what it says;
/// - ids are noted in `imported_ids` once their events are stored, and what is noted is not sent again;
/// - a batch is named by the ids in it. One that was stored and not noted has the same name when the same
///   lines come again; it is looked for, and completed where the rollup lacks it.
pub(super) struct Destination {
    store: Store,
    ledger: Ledger,
}

impl Destination {
    pub(super) fn connect(access: &Access) -> Self {
        Self {
            store: Store::connect(access),
            ledger: Ledger::connect(access),
        }
    }

    pub(super) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Which of the events with these ids and times were imported before.
    pub(super) async fn settled(
        &self,
        ids: &[(EventId, u32)],
    ) -> Result<HashSet<EventId>, ImportError> {
        let marks: Vec<Mark> = ids.iter().map(|&(id, time)| Mark::new(id, time)).collect();
        let settled = self.ledger.settled(&marks).await?;
        let pairs = ids.iter().zip(&marks);
        Ok(pairs
            .filter(|(_, mark)| settled.contains(mark))
            .map(|(&(id, _), _)| id)
            .collect())
    }

    /// Stores events that are not settled; how many of them were not there already.
    pub(super) async fn store(&self, events: Vec<Event<'_>>) -> Result<u64, ImportError> {
        let mut by_month: BTreeMap<u32, Vec<Event<'_>>> = BTreeMap::new();
        for event in events {
            by_month
                .entry(partition(event.time))
                .or_default()
                .push(event);
        }
        let mut fresh = 0;
        for events in by_month.into_values() {
            let marks: Vec<Mark> = events
                .iter()
                .map(|event| Mark::new(event.event_id, event.time))
                .collect();
            fresh += self.store_month(events).await?;
            self.ledger.settle(&marks).await?;
        }
        Ok(fresh)
    }

    async fn store_month(&self, mut events: Vec<Event<'_>>) -> Result<u64, ImportError> {
        let stored = self.ledger.stored(&events).await?;
        if !stored.is_empty() {
            let name = Name::of(&events);
            let found = self.store.settlement(name.batch(&events)).await;
            match found.map_err(ImportError::Insert)? {
                Settlement::Whole | Settlement::Doubled { .. } => return Ok(events.len() as u64),
                Settlement::RollupBehind => {
                    self.insert(&events).await?;
                    return Ok(events.len() as u64);
                }
                // They came by another way, such as the gateway's own or a batch of other lines.
                Settlement::Absent | Settlement::Partial => {
                    events.retain(|event| !stored.contains(&event.event_id.as_u128()));
                }
            }
        }
        if !events.is_empty() {
            self.insert(&events).await?;
        }
        Ok(events.len() as u64)
    }

    /// Sends a batch until there is a clear answer; the token makes sending again harmless.
    async fn insert(&self, events: &[Event<'_>]) -> Result<(), ImportError> {
        let name = Name::of(events);
        let mut pauses = PAUSES.iter();
        loop {
            let error = match self.store.insert(name.batch(events)).await {
                Ok(()) => return Ok(()),
                Err(error @ (InsertError::Refused { .. } | InsertError::Rejected { .. })) => {
                    return Err(ImportError::Insert(error));
                }
                Err(error) => error,
            };
            let Some(&pause) = pauses.next() else {
                return Err(ImportError::Insert(error));
            };
            tracing::warn!(%error, "a batch was not stored and is sent again");
            tokio::time::sleep(pause).await;
        }
    }
}

/// What a batch is called: made of the ids in it, so the same events in the same order are the same batch.
struct Name {
    id: u64,
    token: String,
}

impl Name {
    fn of(events: &[Event<'_>]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for event in events {
            hasher.update(&event.event_id.as_u128().to_le_bytes());
        }
        let hash = hasher.finalize();
        Self {
            id: u64::from_le_bytes(std::array::from_fn(|at| hash.as_bytes()[at])),
            token: format!("import-{}", hash.to_hex()),
        }
    }

    fn batch<'b>(&'b self, events: &'b [Event<'b>]) -> Batch<'b> {
        Batch {
            id: self.id,
            token: &self.token,
            events,
        }
    }
}
