//! Brings in what others recorded: events, access logs, and what registries counted.
//!
//! One record after the other is read, understood and given an id; every ten thousand go through the same
//! enrichment as a request does and into ClickHouse as batches of their own. Addresses answer the look-ups
//! and are dropped with the chunk they came in. Nothing is held but one chunk and the ids of recent lines,
//! so an import may be of any size; nothing is counted twice, so one that was cut short is run again.
//!
//! What registries counted ([`Total`]) goes into a table of its own and is never mixed with events.

mod caddy;
mod chunk;
mod cloudfront;
mod combined;
mod crates;
mod csv;
mod decode;
mod docker_hub;
mod entry;
mod fastly;
mod format;
mod identity;
mod json;
mod ledger;
mod npm;
mod own;
mod pypi;
mod records;
mod scarf;
mod scarf_csv;
#[cfg(test)]
mod tests;
mod time;

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use weir_config::Settings;
use weir_event::{Event, EventId};

use crate::engine::Access;
use crate::enrich::{Enricher, Moment, load_open_data};
use crate::ingest::{clients, now, places};
use crate::salt::{DaySalt, NoRandomness};
use crate::store::InsertError;
use chunk::{Destination, Outcome};
use format::Reader;
use identity::Identities;
use records::Records;

pub use decode::{Bomb, Bounds};
pub use entry::{Entry, Logged, Refusal, Span, Told, Total};
pub use format::{Format, Known, UnknownFormat};
pub use ledger::LedgerError;

/// Events of a chunk, and bytes of the text they were read from; whichever is reached first.
const CHUNK_EVENTS: usize = 10_000;
const CHUNK_BYTES: usize = 16 << 20;

/// How far ahead of ours a source's clock may be, in seconds.
const LEEWAY: u32 = 86_400;

const DAY_SECONDS: u32 = 86_400;

/// What to import.
pub struct Source<'r> {
    /// What it is written in.
    pub format: Format,
    /// What it does not say itself.
    pub known: Known,
    /// Its bytes, as they are or by gzip or zstd.
    pub bytes: Box<dyn Read + 'r>,
    /// How much may come of them.
    pub bounds: Bounds,
}

/// Says what a logged request was, as the gateway would have.
pub type Classify = dyn Fn(Logged) -> Result<Told, Refusal> + Send + Sync;

/// How an import goes, or went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines read, or rows of documents.
    pub read: u64,
    /// Events that are in now and were not before.
    pub events: u64,
    /// Totals taken over.
    pub totals: u64,
    /// Events that were there already.
    pub known: u64,
    /// Events whose sender asked not to be counted.
    pub opted_out: u64,
    /// What was refused.
    pub refused: u64,
}

/// Something to tell the user while it goes on.
#[derive(Clone, Debug)]
pub enum Note {
    /// A line is not imported.
    Refused {
        /// Which, from 1.
        line: u64,
        /// Why not.
        why: Refusal,
    },
    /// So far so good.
    Progress {
        /// Bytes of the source, as they are.
        bytes: u64,
        /// What came of them.
        tally: Tally,
    },
}

/// Why an import ended before its source did. What is in stays in, and is not counted again.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source breaks off or is damaged.
    #[error("cannot read on")]
    Read(#[source] io::Error),
    /// The source would fill the memory or the disk.
    #[error(transparent)]
    Bomb(Bomb),
    /// The events are not stored.
    #[error("the events were not stored; run the import again when that is mended")]
    Insert(#[source] InsertError),
    /// It cannot be told what was imported before.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// No visitor can be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl ImportError {
    fn reading(error: io::Error) -> Self {
        if Bomb::is_in(&error) {
            Self::Bomb(Bomb)
        } else {
            Self::Read(error)
        }
    }
}

/// Imports, one source after the other.
pub struct Importer {
    enricher: Enricher,
    /// A salt for every day that came, as the gateway would have had. They go with the importer.
    salts: HashMap<u32, DaySalt>,
    /// None for a trial.
    destination: Option<Destination>,
    classify: Arc<Classify>,
}

/// An event and where it came from.
struct Taken {
    id: EventId,
    line: u64,
    told: Told,
}

/// Events that wait for the chunk to be full.
#[derive(Default)]
struct Waiting {
    told: Vec<Taken>,
    totals: Vec<Total>,
    bytes: usize,
}

impl Waiting {
    fn is_full(&self) -> bool {
        self.told.len() + self.totals.len() >= CHUNK_EVENTS || self.bytes >= CHUNK_BYTES
    }
}

impl Importer {
    /// An importer with the place data of `settings`; without `access` it only tries.
    pub fn new(
        settings: &Settings,
        access: Option<&Access>,
        classify: Arc<Classify>,
    ) -> Result<Self, NoRandomness> {
        load_open_data(); // files can wait for it
        Ok(Self {
            enricher: Enricher::new(places(settings), now())?.with_clients(clients(settings)),
            salts: HashMap::new(),
            destination: access.map(Destination::connect),
            classify,
        })
    }

    /// Imports all of `source`.
    pub async fn run(
        &mut self,
        source: Source<'_>,
        note: &mut dyn FnMut(Note),
    ) -> Result<Tally, ImportError> {
        let Source {
            format,
            known,
            bytes,
            bounds,
        } = source;
        let came_in = Arc::<AtomicU64>::default();
        let text = decode::decoded(bytes, &came_in, bounds).map_err(ImportError::reading)?;
        let mut records = Records::new(text, format.division());
        let mut reader = Reader::new(format, known);
        let mut identities = Identities::new(format.as_str());
        let mut waiting = Waiting::default();
        let mut tally = Tally::default();
        while let Some(record) = records.next().map_err(ImportError::reading)? {
            let said = match (record.is_cut, std::str::from_utf8(records.bytes())) {
                (true, _) => vec![Err(Refusal::TooLong)],
                (false, Err(_)) => vec![Err(Refusal::NotText)],
                (false, Ok(text)) => reader.read(text),
            };
            waiting.bytes += records.bytes().len();
            for said in said {
                tally.read += 1;
                let taken = said.and_then(|entry| {
                    let line = (record.line, records.bytes());
                    self.take(entry, line, &mut identities, &mut waiting)
                });
                if let Err(why) = taken {
                    tally.refused += 1;
                    note(Note::Refused {
                        line: record.line,
                        why,
                    });
                }
                if waiting.is_full() {
                    self.flush(format, &mut waiting, &mut tally, note).await?;
                    let bytes = came_in.load(Ordering::Relaxed);
                    note(Note::Progress { bytes, tally });
                }
            }
        }
        self.flush(format, &mut waiting, &mut tally, note).await?;
        let bytes = came_in.load(Ordering::Relaxed);
        note(Note::Progress { bytes, tally });
        Ok(tally)
    }

    /// Puts an entry of a line, by number and text, with those that wait.
    fn take(
        &self,
        entry: Entry,
        (line, text): (u64, &[u8]),
        identities: &mut Identities,
        waiting: &mut Waiting,
    ) -> Result<(), Refusal> {
        let told = match entry {
            Entry::Total(total) => {
                if u32::from(total.day) * DAY_SECONDS > now().saturating_add(LEEWAY) {
                    return Err(Refusal::Future);
                }
                waiting.totals.push(total);
                return Ok(());
            }
            Entry::Told(told) => *told,
            Entry::Logged(logged) => (self.classify)(*logged)?,
        };
        if told.time > now().saturating_add(LEEWAY) {
            return Err(Refusal::Future);
        }
        let id = match &told.id {
            Some(name) => identities.named(name),
            None => identities.unnamed(text),
        };
        waiting.told.push(Taken { id, line, told });
        Ok(())
    }

    async fn flush(
        &mut self,
        format: Format,
        waiting: &mut Waiting,
        tally: &mut Tally,
        note: &mut dyn FnMut(Note),
    ) -> Result<(), ImportError> {
        let Waiting { told, totals, .. } = std::mem::take(waiting);
        if let Some(destination) = &self.destination {
            destination.ledger().put(format.as_str(), &totals).await?;
        }
        tally.totals += totals.len() as u64;
        let told = self.fresh(told, tally).await?;
        let observations: Vec<_> = told.iter().map(|taken| taken.told.observation()).collect();
        self.make_salts(told.iter().map(|taken| taken.told.time))?;
        let pairs = told.iter().zip(&observations);
        let events: Vec<Event<'_>> = pairs
            .map(|(taken, observation)| self.event(taken.id, &taken.told, observation))
            .collect();
        let count = events.len() as u64;
        let Outcome { fresh, refused } = match &self.destination {
            Some(destination) => destination.store(events).await?,
            None => Outcome {
                fresh: count,
                refused: Vec::new(),
            },
        };
        tally.events += fresh;
        tally.refused += refused.len() as u64;
        tally.known += count - fresh - refused.len() as u64;
        let refused: HashMap<EventId, Arc<str>> = refused.into_iter().collect();
        for Taken { id, line, .. } in &told {
            if let Some(reason) = refused.get(id) {
                let (line, why) = (*line, Refusal::Stored(Arc::clone(reason)));
                note(Note::Refused { line, why });
            }
        }
        Ok(())
    }

    /// What was not imported before and is to be counted.
    async fn fresh(
        &self,
        mut told: Vec<Taken>,
        tally: &mut Tally,
    ) -> Result<Vec<Taken>, ImportError> {
        let all = told.len();
        told.retain(|taken| !taken.told.opted_out);
        tally.opted_out += (all - told.len()) as u64;
        let ids: Vec<(EventId, u32)> = told
            .iter()
            .map(|taken| (taken.id, taken.told.time))
            .collect();
        let settled = match &self.destination {
            Some(destination) => destination.settled(&ids).await?,
            None => HashSet::new(),
        };
        let before = told.len();
        let mut seen = HashSet::new();
        told.retain(|Taken { id, .. }| !settled.contains(id) && seen.insert(*id));
        tally.known += (before - told.len()) as u64;
        Ok(told)
    }

    fn make_salts(&mut self, times: impl Iterator<Item = u32>) -> Result<(), NoRandomness> {
        for time in times {
            let day = time / DAY_SECONDS;
            if let std::collections::hash_map::Entry::Vacant(place) = self.salts.entry(day) {
                place.insert(DaySalt::new(day)?);
            }
        }
        Ok(())
    }

    fn event<'a>(
        &self,
        id: EventId,
        told: &'a Told,
        observation: &'a crate::Observation<'a>,
    ) -> Event<'a> {
        let sender = told.sender();
        // INVARIANT: `make_salts` ran over the same events.
        let salt = self
            .salts
            .get(&(told.time / DAY_SECONDS))
            .expect("made before");
        let rules = self.enricher.clients().load();
        let client = rules.read(observation.user_agent, observation.ecosystem);
        let moment = Moment {
            now: told.time,
            rules: &rules,
            salt,
        };
        let mut event = self
            .enricher
            .enrich_at(moment, client, observation, &sender, id);
        if told.address.is_none() {
            event.visitor = 0;
            event.salt_epoch = 0;
            event.country = "".into();
        }
        for (name, value) in &told.given {
            // Values that no column takes were refused when the line was read.
            let _ = own::put(&mut event, name, value, &sender);
        }
        event
    }
}
