//! Some thousand events on their way in: which of them are new, and one batch a month for those.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use weir_event::{Event, EventId};

use super::ImportError;
use super::ledger::{Ledger, Mark};
use crate::engine::Access;
use crate::ship::piece::Apart;
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

/// Once this many events of a batch were refused one by one, what else is refused stays in larger pieces: it takes
/// an insert for each.
const MOST_SINGLE_ROWS: usize = 1_000;

/// What became of events that were sent.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// How many are in now and were not before.
    pub(super) fresh: u64,
    /// Those that ClickHouse refuses, and why. They are not noted as imported, so they may come again.
    pub(super) refused: Vec<(EventId, Arc<str>)>,
}

/// Where imported events go.
///
/// How an event comes to count once, however often it is imported and wherever that is cut short:
///
/// - its id is made of what it says;
/// - ids are noted in `imported_ids` once their events are stored, and what is noted is not sent again;
/// - a batch is named by the ids in it. One that was stored and not noted has the same name when the same
///   lines come again; it is looked for, and completed where the rollup lacks it;
/// - one that is refused is taken apart as shipping does, and its pieces are looked for in the same way.
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

    /// Stores events that are not settled.
    pub(super) async fn store(&self, events: Vec<Event<'_>>) -> Result<Outcome, ImportError> {
        let mut by_month: BTreeMap<u32, Vec<Event<'_>>> = BTreeMap::new();
        for event in events {
            by_month
                .entry(partition(event.time))
                .or_default()
                .push(event);
        }
        let mut outcome = Outcome::default();
        for events in by_month.into_values() {
            let times: Vec<_> = events
                .iter()
                .map(|event| (event.event_id, event.time))
                .collect();
            let month = self.store_month(events).await?;
            let refused: HashSet<EventId> = month.refused.iter().map(|(id, _)| *id).collect();
            let settled = times.into_iter().filter(|(id, _)| !refused.contains(id));
            let marks: Vec<Mark> = settled.map(|(id, time)| Mark::new(id, time)).collect();
            self.ledger.settle(&marks).await?;
            outcome.fresh += month.fresh;
            outcome.refused.extend(month.refused);
        }
        Ok(outcome)
    }

    async fn store_month(&self, mut events: Vec<Event<'_>>) -> Result<Outcome, ImportError> {
        let fresh = events.len() as u64;
        let mut is_begun = false;
        let stored = self.ledger.stored(&events).await?;
        if !stored.is_empty() {
            let name = Name::of(&events);
            let found = self.store.settlement(name.batch(&events)).await;
            match found.map_err(ImportError::Insert)? {
                Settlement::Whole | Settlement::Doubled { .. } => {
                    let refused = Vec::new();
                    return Ok(Outcome { fresh, refused });
                }
                Settlement::RollupBehind => {}
                // A batch of one month is one block, so a part of it can only be a piece that was sent by itself.
                Settlement::Partial => is_begun = true,
                // They came by another way, such as the gateway's own or a batch of other lines.
                Settlement::Absent => {
                    events.retain(|event| !stored.contains(&event.event_id.as_u128()));
                }
            }
        }
        if events.is_empty() {
            return Ok(Outcome::default());
        }
        self.store_apart(&events, is_begun).await
    }

    /// Sends a batch, and what is refused of it in ever smaller pieces. `is_begun`: it was taken apart before.
    async fn store_apart(
        &self,
        events: &[Event<'_>],
        is_begun: bool,
    ) -> Result<Outcome, ImportError> {
        let Name { id, token } = Name::of(events);
        let mut apart = Apart::whole(events.len(), token, MOST_SINGLE_ROWS);
        while let Some(piece) = apart.next() {
            let batch = Batch {
                id,
                token: &piece.token,
                events: &events[piece.range.clone()],
            };
            if is_begun {
                let found = self.store.settlement_of_piece(batch).await;
                match found.map_err(ImportError::Insert)? {
                    Settlement::Whole | Settlement::Doubled { .. } => continue,
                    Settlement::Partial => {
                        apart.halve(&piece);
                        continue;
                    }
                    Settlement::Absent | Settlement::RollupBehind => {}
                }
            }
            if let Err(reason) = self.insert(batch).await? {
                apart.refuse(piece, &reason);
            }
        }
        let refused = apart.refused().into_iter();
        let refused: Vec<_> = refused
            .map(|row| (events[row.position].event_id, row.reason.into()))
            .collect();
        Ok(Outcome {
            fresh: (events.len() - refused.len()) as u64,
            refused,
        })
    }

    /// Sends a batch until there is a clear answer; the token makes sending again harmless. The inner error: it is
    /// refused, and why.
    async fn insert(&self, batch: Batch<'_>) -> Result<Result<(), String>, ImportError> {
        let mut pauses = PAUSES.iter();
        loop {
            let error = match self.store.insert(batch).await {
                Ok(()) => return Ok(Ok(())),
                Err(InsertError::Refused { reason, .. }) => return Ok(Err(reason)),
                Err(error @ InsertError::Rejected { .. }) => {
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
