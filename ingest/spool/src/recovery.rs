//! Opening a folder that somebody left: seal what is whole, put aside what is not, never refuse.

use std::{
    io,
    time::{Instant, SystemTime},
};

use crate::{
    contents::{Contents, Unreadable},
    counters::Counts,
    folder::{Entry, Folder, Name, Place},
    segment,
    settled::Settled,
    waiting::Waiting,
};

/// What a folder held.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) waiting: Waiting,
    pub(crate) settled: Settled,
    pub(crate) used_bytes: u64,
}

/// The highest boot that any segment of the folder names.
pub(crate) fn boots_seen(entries: &[Entry]) -> u32 {
    let boot = |entry: &Entry| Some((entry.name.segment()?.0 >> 32) as u32);
    entries.iter().filter_map(boot).max().unwrap_or(0)
}

/// Takes over what an earlier process left.
pub(crate) fn recover(folder: &Folder, counts: &Counts) -> Found {
    let entries = folder.list();
    for entry in &entries {
        if let Err(error) = tidy(folder, counts, &entries, entry) {
            counts.io_errors.add(1);
            let file = entry.name.to_string();
            tracing::error!(file, %error, "a file of the spool could not be recovered, it stays as it is");
        }
    }
    let mut found = Found::default();
    for entry in folder.list() {
        found.note(&entry);
    }
    found
}

impl Found {
    fn note(&mut self, entry: &Entry) {
        if entry.name.place != Place::Acked {
            self.used_bytes += entry.bytes;
        }
        let since = instant_of(entry.modified);
        match (entry.name.place, entry.name.segment()) {
            (Place::Root, Some((seq, "ready"))) => self.waiting.push(seq, entry.bytes, since),
            // Kept once more in full: when it was settled is not written anywhere.
            (Place::Acked, Some((seq, "ready"))) => {
                self.settled.push(seq, entry.bytes, Instant::now());
            }
            _ => {}
        }
    }
}

/// A file's time on the clock that only goes forward; now, if the two cannot be compared.
fn instant_of(time: SystemTime) -> Instant {
    let now = Instant::now();
    let age = time.elapsed().unwrap_or_default();
    now.checked_sub(age).unwrap_or(now)
}

fn tidy(folder: &Folder, counts: &Counts, all: &[Entry], entry: &Entry) -> io::Result<()> {
    match entry.name.segment() {
        _ if entry.name.is_scrap() => folder.remove(&entry.name),
        Some((seq, "open")) if entry.name.place == Place::Root => {
            let elsewhere = |other: &Entry| {
                let known = other.name.segment().map(|(seq, _)| seq) == Some(seq);
                known && other.name.place != Place::Quarantine && other.name != entry.name
            };
            if all.iter().any(elsewhere) {
                return quarantine(folder, counts, &entry.name, "the segment was sealed before");
            }
            adopt(folder, counts, seq)
        }
        _ => Ok(()),
    }
}

/// Seals a segment that was being written when its process ended.
fn adopt(folder: &Folder, counts: &Counts, seq: u64) -> io::Result<()> {
    let name = Name::open(seq);
    let contents = match Contents::parse(seq, folder.read(&name)?) {
        Ok(contents) => contents,
        Err(Unreadable::Empty) => return folder.remove(&name),
        Err(why) => return quarantine(folder, counts, &name, &why.to_string()),
    };
    if contents.is_damaged() {
        note_damage(folder, counts, &name, &contents)?;
    }
    let file = folder.edit(&name)?;
    let mut sync = Ok(());
    let sync_failed = |error: &io::Error| sync = Err(io::Error::from(error.kind()));
    segment::seal_file(folder, &file, &contents, sync_failed)?;
    counts.sealed.add(1);
    sync
}

/// Moves a file that is no use to where somebody can look at it.
pub(crate) fn quarantine(
    folder: &Folder,
    counts: &Counts,
    name: &Name,
    why: &str,
) -> io::Result<()> {
    folder.rename(name, &name.quarantined())?;
    // Where the file was kept for its damage before, both names are the same file, and giving it a
    // name that it has leaves the other in place.
    match folder.remove(name) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    counts.quarantined.add(1);
    let file = name.to_string();
    tracing::error!(
        file,
        why,
        "a file of the spool is unreadable, it lies in quarantine"
    );
    Ok(())
}

/// Counts what a segment has lost and keeps the file as it is; once, however often it is read.
///
/// Returns the bytes that the kept file takes once the segment itself is settled.
pub(crate) fn note_damage(
    folder: &Folder,
    counts: &Counts,
    name: &Name,
    contents: &Contents,
) -> io::Result<u64> {
    if !folder.link(name, &name.quarantined())? {
        return Ok(0);
    }
    let lost = contents.lost();
    counts.damaged_batches.add(1);
    counts.lost_records.add(u64::from(lost));
    let (file, whole) = (name.to_string(), contents.tally().count);
    tracing::error!(
        file,
        whole,
        lost,
        "a batch is damaged, its whole records go on"
    );
    Ok(contents.file_bytes())
}
