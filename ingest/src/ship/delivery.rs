//! One batch on its way: sent until it is stored, halved where it is refused.

use tokio::sync::watch;
use weir_event::Event;
use weir_traces::{Key, Span};

use super::ShipState;
use super::pace::Pace;
use super::piece::{Apart, Refused};
use crate::store::{Batch, InsertError, Settlement, Store, partition};

/// Once this many rows of a batch were refused one by one, what else is refused is put aside in
/// larger pieces: then it is not a bad row but a bad batch, and the line must go on.
const MOST_SINGLE_ROWS: usize = 100;

/// What a delivery needs.
pub(super) struct Delivery<'a> {
    pub(super) store: &'a Store,
    pub(super) pace: &'a mut Pace,
    pub(super) state: &'a watch::Sender<ShipState>,
    /// What each attempt is a part of.
    pub(super) span: &'a Span,
}

/// How sending a piece ended.
enum Outcome {
    Stored,
    Refused(String),
}

impl Delivery<'_> {
    /// Returns once every record is stored or known to be refused. `in_doubt`: the batch may have
    /// been sent before.
    pub(super) async fn deliver(
        mut self,
        batch: &weir_spool::Batch,
        in_doubt: bool,
    ) -> Vec<Refused> {
        let (events, positions, mut refused) = decode(batch.records());
        if !events.is_empty() {
            let id = batch_id(batch.id());
            let rows = self.store_all(id, batch.token(), &events, in_doubt).await;
            refused.extend(rows.into_iter().map(|row| Refused {
                position: positions[row.position],
                ..row
            }));
        }
        self.note_end(batch.records().count(), &refused);
        refused
    }

    async fn store_all(
        &mut self,
        id: u64,
        token: String,
        events: &[Event<'_>],
        in_doubt: bool,
    ) -> Vec<Refused> {
        let begin = self.begin(id, &token, events, in_doubt).await;
        if begin == Begin::Done {
            return Vec::new();
        }
        let mut apart = Apart::whole(events.len(), token, MOST_SINGLE_ROWS);
        if begin == Begin::Continue
            && let Some(whole) = apart.next()
        {
            apart.halve(&whole);
        }
        while let Some(piece) = apart.next() {
            let batch = Batch {
                id,
                token: &piece.token,
                events: &events[piece.range.clone()],
            };
            if begin == Begin::Continue {
                match self.look_back(batch, Extent::Piece).await {
                    Settlement::Whole | Settlement::Doubled { .. } => continue,
                    Settlement::Partial if in_one_partition(batch.events) => {
                        apart.halve(&piece);
                        continue;
                    }
                    _ => {}
                }
            }
            let extent = if batch.events.len() == events.len() {
                Extent::Batch
            } else {
                Extent::Piece
            };
            if let Outcome::Refused(reason) = self.send(batch, extent).await {
                apart.refuse(piece, &reason);
            }
        }
        apart.refused()
    }

    /// What to do with a batch that may have been sent before.
    async fn begin(&mut self, id: u64, token: &str, events: &[Event<'_>], in_doubt: bool) -> Begin {
        if !in_doubt {
            return Begin::Send;
        }
        let batch = Batch { id, token, events };
        match self.look_back(batch, Extent::Batch).await {
            Settlement::Whole | Settlement::Doubled { .. } => Begin::Done,
            // Rollups of our own engine are counted again from the events, once all is stored.
            Settlement::RollupBehind if !self.pace.is_external() => Begin::Done,
            // A batch of one month is stored as one block, so a part of it can only be a piece that
            // was sent by itself. Across a month's end it is two blocks, of which one may be missing.
            Settlement::Partial if in_one_partition(events) => Begin::Continue,
            Settlement::Absent | Settlement::Partial | Settlement::RollupBehind => Begin::Send,
        }
    }

    /// Sends until there is a clear answer.
    async fn send(&mut self, batch: Batch<'_>, extent: Extent) -> Outcome {
        loop {
            self.pace.wait_until_up(self.state).await;
            let mut attempt = self.asking("insert", "INSERT");
            attempt.note(Key::Rows, batch.events.len());
            let error = match self.store.insert(batch).await {
                Ok(()) => break,
                Err(error) => error,
            };
            attempt.fail(error.kind());
            drop(attempt);
            let error = match error {
                InsertError::Refused { reason, .. } => return Outcome::Refused(reason),
                error => error,
            };
            let reason = error.to_string();
            if let InsertError::Rejected { .. } = error {
                tracing::error!(reason, "events cannot be stored and wait in the spool");
            } else {
                tracing::warn!(reason, "a batch was not stored and is sent again");
            }
            self.pace.pause(self.state, &reason).await;
            if matches!(error, InsertError::Ambiguous(_))
                && matches!(
                    self.look_back(batch, extent).await,
                    Settlement::Whole | Settlement::Doubled { .. }
                )
            {
                break;
            }
        }
        self.pace.succeeded();
        Outcome::Stored
    }

    /// Asks until there is an answer.
    async fn look_back(&mut self, batch: Batch<'_>, extent: Extent) -> Settlement {
        loop {
            self.pace.wait_until_up(self.state).await;
            let mut attempt = self.asking("look back", "SELECT");
            let settlement = match extent {
                Extent::Batch => self.store.settlement(batch).await,
                Extent::Piece => self.store.settlement_of_piece(batch).await,
            };
            match settlement {
                Ok(settlement) => {
                    self.note_doubled(batch.token, settlement);
                    return settlement;
                }
                Err(error) => {
                    attempt.fail(error.kind());
                    drop(attempt);
                    let reason = error.to_string();
                    tracing::warn!(reason, "cannot look back at a batch");
                    self.pace.pause(self.state, &reason).await;
                }
            }
        }
    }

    /// A question to ClickHouse about the table of events.
    fn asking(&self, name: &'static str, operation: &'static str) -> Span {
        let mut span = self.span.asking(name);
        span.note(Key::Database, "clickhouse");
        span.note(Key::Table, "events");
        span.note(Key::Operation, operation);
        span
    }

    fn note_doubled(&self, token: &str, settlement: Settlement) {
        if let Settlement::Doubled { surplus } = settlement {
            tracing::error!(
                token,
                surplus,
                "rows are stored twice: ClickHouse forgot a batch that it had stored"
            );
            self.state
                .send_modify(|state| state.doubled_rows += surplus);
        }
    }

    fn note_end(&self, records: usize, refused: &[Refused]) {
        if let Some(first) = refused.first() {
            let reason = first.reason.as_str();
            tracing::error!(
                rows = refused.len(),
                reason,
                "rows were refused and put aside in `dead/`"
            );
        }
        self.state.send_modify(|state| {
            state.batches += 1;
            state.rows += records.saturating_sub(refused.len()) as u64;
            state.dead_rows += refused.len() as u64;
            state.last_success = Some(std::time::SystemTime::now());
            state.last_error = None;
        });
    }
}

/// How a delivery begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Begin {
    Send,
    /// It was being taken apart; what is there of it is found piece by piece.
    Continue,
    Done,
}

/// What is sent or looked for.
#[derive(Clone, Copy)]
enum Extent {
    Batch,
    Piece,
}

/// The events of a batch with their positions, and the records that are none.
fn decode<'a>(
    records: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Event<'a>>, Vec<usize>, Vec<Refused>) {
    let (mut events, mut positions, mut refused) = (Vec::new(), Vec::new(), Vec::new());
    for (position, record) in records.enumerate() {
        match Event::decode(record) {
            Ok(event) => {
                events.push(event);
                positions.push(position);
            }
            Err(error) => refused.push(Refused {
                position,
                reason: error.to_string(),
            }),
        }
    }
    (events, positions, refused)
}

/// The column `batch_id`: boot, counter, and the node's lower half. It rises from batch to batch of
/// a node. Two nodes may rarely share one, which costs a needless second look and nothing else.
fn batch_id(id: weir_spool::BatchId) -> u64 {
    let (boot, counter) = (id.seq >> 32, id.seq & 0xffff_ffff);
    (boot << 48) | (counter << 16) | u64::from(id.node & 0xffff)
}

/// Whether all events go to one partition of the table, and so to one block.
fn in_one_partition(events: &[Event<'_>]) -> bool {
    events
        .iter()
        .map(|event| partition(event.time))
        .is_sorted_by(|one, other| one == other)
}

#[cfg(test)]
mod tests {
    use weir_event::{EventId, Kind};
    use weir_spool::BatchId;

    use super::*;

    fn at(time: u32) -> Event<'static> {
        Event::new(
            EventId {
                node: 1,
                boot: 1,
                counter: 1,
            },
            Kind::Download,
            time,
        )
    }

    #[test]
    fn a_record_that_is_no_event_is_refused_alone() {
        let mut good = Vec::new();
        at(60).encode(&mut good);
        let records: [&[u8]; 3] = [&good, b"\x09nonsense", &good];
        let (events, positions, refused) = decode(records.into_iter());
        assert_eq!((events.len(), positions), (2, vec![0, 2]));
        assert_eq!(refused[0].position, 1);
        insta::assert_snapshot!(refused[0].reason, @"event encoding version 9 is newer than this build understands (1)");
    }

    #[test]
    fn batch_ids_rise_with_boot_and_counter() {
        let id = |boot: u64, counter: u64| {
            batch_id(BatchId {
                node: 0xdead_beef,
                seq: (boot << 32) | counter,
            })
        };
        assert!(id(1, 1) < id(1, 2));
        assert!(id(1, 0xffff_ffff) < id(2, 0));
        assert_eq!(id(1, 2), 0x0001_0000_0002_beef);
    }
}
