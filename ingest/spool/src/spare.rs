//! Spares: segments whose blocks are on disk before anybody needs them, made on a thread of its own.

use std::{fs::File, io, sync::atomic::Ordering, thread, time::Duration};

use crate::{
    counters::Dropped,
    identity::is_full,
    label,
    mapping::Mapping,
    name::{LAST_COUNTER, Name},
    options::Options,
    pace::{self, PIECE},
    segment::Spare,
    shared::{Front, Shared},
};

/// Pause before trying again when no spare could be made.
const RETRY: Duration = Duration::from_millis(250);
/// Whoever takes a spare wakes the thread; this is for what nobody tells.
const IDLE: Duration = Duration::from_secs(1);

static ZEROS: [u8; 64 << 10] = [0; 64 << 10];

/// Why a spare could not be made.
#[derive(Debug, thiserror::Error)]
enum SpareError {
    #[error("the spool has reached its quota of {0} bytes; raise it or bring the receiver back")]
    Quota(u64),
    #[error("this start has numbered all the segments it can; restart weir")]
    Numbers,
    #[error("the blocks of a segment could not be reserved: {0}")]
    Io(#[from] io::Error),
}

impl SpareError {
    /// What becomes of records meanwhile.
    fn dropped(&self) -> Dropped {
        match self {
            Self::Quota(_) => Dropped::Quota,
            Self::Io(error) if is_full(error) => Dropped::DiskFull,
            Self::Io(_) | Self::Numbers => Dropped::DiskError,
        }
    }
}

/// Keeps spares ready until the spool closes, then removes them.
pub(crate) fn run(shared: &Shared) {
    let mut told = None;
    while !shared.is_closed() {
        let pause = restock(shared, &mut told);
        thread::park_timeout(pause);
    }
    remove_spares(shared);
}

/// Removes the spares of a closed spool; the reserve too, once the keeper has ended.
pub(crate) fn remove_spares(shared: &Shared) {
    let mut front = shared.front();
    let mut unused: Vec<Spare> = front.spares.drain(..).collect();
    if shared.keeper_ended.load(Ordering::Acquire) {
        unused.extend(front.reserve.take());
    }
    drop(front);
    for spare in unused {
        shared.folder.remove(&Name::open(spare.seq)).ok();
    }
}

/// What is to be made next.
enum Wanted {
    Spare,
    Reserve,
}

/// Records come before the reserve, which comes before a stock of spares.
fn wanted(front: &Front, options: &Options) -> Option<Wanted> {
    match (front.spares.len(), &front.reserve) {
        (1.., None) => Some(Wanted::Reserve),
        (spares, _) => (spares < options.spares).then_some(Wanted::Spare),
    }
}

/// Makes spares until there are enough or one cannot be made; how long to pause then.
///
/// `told` is the shortage that the log was last told of.
pub(crate) fn restock(shared: &Shared, told: &mut Option<Dropped>) -> Duration {
    while !shared.is_closed() {
        let Some(wanted) = wanted(&shared.front(), &shared.options) else {
            break;
        };
        let made = match wanted {
            Wanted::Spare => make(shared, shared.spare_bytes.load(Ordering::Relaxed)),
            Wanted::Reserve => make(shared, shared.options.smallest_segment_bytes),
        };
        let shortage = made.as_ref().err().map(SpareError::dropped);
        if shortage != *told {
            tell(made.as_ref().err());
            *told = shortage;
        }
        let mut front = shared.front();
        front.shortage = shortage;
        match made {
            Ok(spare) => match wanted {
                Wanted::Spare => front.spares.push_back(spare),
                Wanted::Reserve => front.reserve = Some(spare),
            },
            Err(error) => {
                drop(front);
                make_room(shared, &error);
                return RETRY;
            }
        }
    }
    IDLE
}

fn tell(error: Option<&SpareError>) {
    if let Some(error) = error {
        let reason = error.dropped().as_str();
        tracing::error!(reason, %error, "the spool is short of room, records will be dropped");
    } else {
        tracing::info!("the spool has room again");
    }
}

fn make_room(shared: &Shared, error: &SpareError) {
    if let SpareError::Io(_) = error {
        shared.counts.io_errors.add(1);
    }
    // Settled batches are an insurance; what is not stored yet matters more.
    if error.dropped() == Dropped::DiskFull {
        shared.sweep(0);
    }
}

fn make(shared: &Shared, capacity: usize) -> Result<Spare, SpareError> {
    let quota = shared.options.quota_bytes;
    if shared.bytes() + capacity as u64 > quota {
        return Err(SpareError::Quota(quota));
    }
    let counter = shared.next_counter.fetch_add(1, Ordering::Relaxed);
    if counter > LAST_COUNTER {
        shared.next_counter.store(counter, Ordering::Relaxed);
        return Err(SpareError::Numbers);
    }
    let seq = u64::from(shared.identity.boot) << 32 | u64::from(counter);
    let spare = reserve(shared, seq, capacity).inspect_err(|_| {
        // Half a spare must not hold the last free blocks.
        shared.folder.remove(&Name::spare(seq)).ok();
        shared.folder.remove(&Name::open(seq)).ok();
    })?;
    shared.grow(capacity as u64);
    Ok(spare)
}

fn reserve(shared: &Shared, seq: u64, capacity: usize) -> io::Result<Spare> {
    let (spare, open) = (Name::spare(seq), Name::open(seq));
    let file = shared.folder.create(&spare)?;
    write_in_place(&file);
    fill(shared, &file, capacity)?;
    shared.folder.sync(&file)?;
    shared.folder.rename(&spare, &open)?;
    // The footer is written to the file, behind what the mapping may reach.
    let mapping = Mapping::create(&file, capacity - label::BYTES)?;
    let usable = capacity - label::BYTES;
    for start in (0..usable).step_by(PIECE) {
        pause_before(start, shared);
        mapping.populate(start..usable.min(start + PIECE))?;
    }
    Ok(Spare {
        seq,
        file,
        mapping,
        capacity,
    })
}

fn fill(shared: &Shared, file: &File, capacity: usize) -> io::Result<()> {
    (0..capacity).step_by(ZEROS.len()).try_for_each(|at| {
        if at.is_multiple_of(PIECE) {
            pause_before(at, shared);
        }
        let zeros = &ZEROS[..ZEROS.len().min(capacity - at)];
        shared.folder.write_at(file, zeros, at as u64)
    })
}

/// The last spare that is missing can wait.
fn pause_before(at: usize, shared: &Shared) {
    if at > 0 && shared.front().spares.len() + 1 >= shared.options.spares {
        pace::pause();
    }
}

/// Asks a copy-on-write file system to leave this file's blocks where they are: reserved blocks are
/// worth nothing where a write needs new ones. Other file systems know no such flag and need none.
fn write_in_place(file: &File) {
    #[cfg(target_os = "linux")]
    if let Ok(flags) = rustix::fs::ioctl_getflags(file) {
        rustix::fs::ioctl_setflags(file, flags | rustix::fs::IFlags::NOCOW).ok();
    }
}

/// Size of the next spares after a segment of `capacity` was sealed with `used` bytes in it.
///
/// Reserving costs a write of the whole size, so an idle gateway gets small segments; a busy one
/// gets large ones within a few steps.
pub(crate) fn next_size(options: &Options, capacity: usize, used: usize) -> usize {
    let wanted = if used >= capacity / 4 * 3 {
        capacity * 4
    } else if used < capacity / 8 {
        capacity / 2
    } else {
        capacity
    };
    wanted.clamp(
        options.smallest_segment_bytes,
        options.largest_segment_bytes,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_follow_the_arrival_rate() {
        let options = Options::default();
        let mut size = options.smallest_segment_bytes;
        let mut sizes = vec![];
        for used_of_8 in [8, 8, 8, 3, 0, 0, 0, 0, 0, 0] {
            size = next_size(&options, size, size / 8 * used_of_8);
            sizes.push(size >> 10);
        }
        assert_eq!(
            sizes,
            [1024, 4096, 8192, 8192, 4096, 2048, 1024, 512, 256, 256]
        );
    }
}
