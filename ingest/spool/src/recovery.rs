//! Opening a folder that somebody left: seal what is whole, put aside what is not, never refuse.

use std::{
    io,
    time::{Instant, SystemTime},
};

use crate::{
    contents::{Contents, Unreadable},
    counters::Counts,
    disk::Entry,
    folder::Folder,
    label::Label,
    name::{Name, Number, Place, STAGED_PART},
    segment,
    settled::Settled,
    waiting::{Past, Waiting},
};

/// What a folder held.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) waiting: Waiting,
    pub(crate) settled: Settled,
    pub(crate) used_bytes: u64,
    pub(crate) aside_bytes: u64,
}

/// The highest boot that any segment of the folder names, or anything that has such a name.
pub(crate) fn boots_seen(entries: &[Entry]) -> u32 {
    let boot = |entry: &Entry| Some((entry.name.segment()?.0 >> 32) as u32);
    entries.iter().filter_map(boot).max().unwrap_or(0)
}

/// Takes over what an earlier process left. Fails only where the folder cannot be listed.
pub(crate) fn recover(folder: &Folder, counts: &Counts) -> io::Result<Found> {
    let entries = regular(folder)?;
    for entry in &entries {
        if let Err(error) = tidy(folder, counts, &entries, entry) {
            counts.io_errors.add(1);
            let file = entry.name.to_string();
            tracing::error!(file, %error, "a file of the spool could not be recovered, it stays as it is");
        }
    }
    let mut found = Found::default();
    for entry in regular(folder)? {
        found.note(&entry);
    }
    Ok(found)
}

fn regular(folder: &Folder) -> io::Result<Vec<Entry>> {
    let mut entries = folder.list()?;
    entries.retain(|entry| entry.regular);
    Ok(entries)
}

impl Found {
    fn note(&mut self, entry: &Entry) {
        match entry.name.place {
            Place::Root => self.used_bytes += entry.bytes,
            Place::Acked => {}
            Place::Dead | Place::Quarantine | Place::Returned => self.aside_bytes += entry.bytes,
        }
        let since = instant_of(entry.modified);
        match (entry.name.place, entry.name.segment()) {
            (Place::Root, Some((seq, "ready"))) => {
                self.waiting.push(seq, entry.bytes, since, Past::Unknown);
            }
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
                let aside = other.name.place == Place::Quarantine || other.name.is_scrap();
                known && !aside && other.name != entry.name
            };
            if is_copied(folder, seq) {
                return folder.remove(&entry.name);
            }
            if all.iter().any(elsewhere) {
                return quarantine(folder, counts, &entry.name, "the segment was sealed before");
            }
            adopt(folder, counts, all, seq)
        }
        Some((seq, STAGED_PART)) if entry.name.place == Place::Dead => {
            let whole = [seq, Number(seq).last_edition()].map(Name::ready);
            settle_part(
                folder,
                seq,
                all.iter().any(|other| whole.contains(&other.name)),
            )
        }
        _ => Ok(()),
    }
}

/// Whether an open segment was sealed as a copy, which leaves the old file for a moment.
fn is_copied(folder: &Folder, seq: u64) -> bool {
    let parsed = folder.read(&Name::ready(seq)).ok();
    let copy = parsed.and_then(|bytes| Contents::parse(seq, bytes).ok());
    copy.is_some_and(|copy| copy.is_sealed() && !copy.is_damaged())
}

/// Decides about records that were put aside of a batch that may not be settled: then they come with
/// it again.
fn settle_part(folder: &Folder, seq: u64, comes_again: bool) -> io::Result<()> {
    let (staged, part) = (Name::staged_part(seq), Name::dead_part(seq));
    if comes_again {
        folder.clear(&part.reason())?;
        folder.remove(&staged)
    } else {
        folder.rename(&staged, &part)
    }
}

/// Seals a segment that was being written when its process ended.
fn adopt(folder: &Folder, counts: &Counts, all: &[Entry], seq: u64) -> io::Result<()> {
    let name = Name::open(seq);
    let bytes = folder.read(&name)?;
    let parsed = Contents::parse(seq, bytes.clone());
    let unlabelled = parsed.as_ref().err() == Some(&Unreadable::NoLabel);
    let found = unlabelled.then(|| label_like_others(folder, all, seq));
    let parsed = match found.flatten() {
        Some(label) => Contents::read(label, bytes),
        None => parsed,
    };
    let contents = match parsed {
        Ok(contents) => contents,
        Err(Unreadable::Empty) => return folder.remove(&name),
        Err(why) => return quarantine(folder, counts, &name, &why.to_string()),
    };
    let damaged = unlabelled || contents.is_damaged();
    if damaged {
        note_damage(folder, counts, &name, &contents)?;
    }
    let file = folder.open(&name)?;
    let sync_failed =
        |error: &io::Error| counts.complain(error, "a recovered segment is not synced");
    segment::seal_file(folder, &file, &contents, damaged, sync_failed)?;
    counts.sealed.add(1);
    Ok(())
}

/// The label of segment `seq`, which has lost its own, from another segment of the same boot. They
/// have the same salt, which finds the records; the partition may differ from what it was.
fn label_like_others(folder: &Folder, all: &[Entry], seq: u64) -> Option<Label> {
    let same_boot = |entry: &&Entry| {
        let number = entry.name.segment().map(|(number, _)| number);
        number.is_some_and(|number| number != seq && number >> 32 == seq >> 32)
    };
    let label = |entry: &Entry| {
        let bytes = folder.read(&entry.name).ok()?;
        let label = Label::from_header(&bytes)?;
        (label.seq >> 32 == seq >> 32).then_some(Label { seq, ..label })
    };
    all.iter().rev().filter(same_boot).find_map(label)
}

/// Moves a file that is no use to where somebody can look at it.
pub(crate) fn quarantine(
    folder: &Folder,
    counts: &Counts,
    name: &Name,
    why: &str,
) -> io::Result<()> {
    let kept = name.quarantined();
    explain(folder, counts, &kept, why);
    let sync_failed = |error: &io::Error| counts.complain(error, "quarantine is not synced");
    folder.rename_undoably(name, &kept, sync_failed)?;
    // Where the file was kept for its damage before, both names are the same file, and giving it a
    // name that it has leaves the other in place.
    folder.clear(name)?;
    counts.quarantined.add(1);
    let file = name.to_string();
    tracing::error!(
        file,
        why,
        "a file of the spool is unreadable, it lies in quarantine"
    );
    Ok(())
}

/// Writes beside `kept` why it lies there. The file itself matters more, so a full disk is no obstacle.
fn explain(folder: &Folder, counts: &Counts, kept: &Name, why: &str) {
    if let Err(error) = folder.write(&kept.reason(), why.as_bytes()) {
        counts.complain(&error, "a reason could not be written into quarantine");
    }
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
    let kept = name.quarantined();
    if !folder.link(name, &kept)? {
        return Ok(0);
    }
    let (whole, lost) = (contents.tally().count, contents.lost());
    let why = if contents.is_sealed() {
        format!("{whole} of {} records are whole and went on", whole + lost)
    } else {
        format!("{whole} records are whole and went on, of how many is not known")
    };
    explain(folder, counts, &kept, &why);
    counts.damaged_batches.add(1);
    counts.lost_records.add(u64::from(lost));
    let file = name.to_string();
    tracing::error!(
        file,
        whole,
        lost,
        "a batch is damaged, its whole records go on"
    );
    Ok(contents.file_bytes())
}
