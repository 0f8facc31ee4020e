//! Spares: segments whose blocks are on disk before anybody needs them, made on a thread of its own.

use std::{
    fs::File,
    io::{self, Write},
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use crate::{
    counters::Dropped, folder::Name, identity::is_full, label, mapping::Mapping, options::Options,
    segment::Spare, shared::Shared,
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
    #[error("the blocks of a segment could not be reserved: {0}")]
    Io(#[from] io::Error),
}

impl SpareError {
    /// What becomes of records meanwhile.
    fn dropped(&self) -> Dropped {
        match self {
            Self::Quota(_) => Dropped::Quota,
            Self::Io(error) if is_full(error) => Dropped::DiskFull,
            Self::Io(_) => Dropped::Late,
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
    for spare in shared.front().spares.drain(..) {
        shared.folder.remove(&Name::open(spare.seq)).ok();
    }
}

/// Makes spares until there are enough or one cannot be made; how long to pause then.
///
/// `told` is the shortage that the log was last told of.
pub(crate) fn restock(shared: &Shared, told: &mut Option<Dropped>) -> Duration {
    while !shared.is_closed() && shared.front().spares.len() < shared.options.spares {
        let made = make(shared);
        let shortage = made.as_ref().err().map(SpareError::dropped);
        if shortage != *told {
            tell(made.as_ref().err());
            *told = shortage;
        }
        let mut front = shared.front();
        front.shortage = shortage;
        match made {
            Ok(spare) => front.spares.push_back(spare),
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

fn make(shared: &Shared) -> Result<Spare, SpareError> {
    let capacity = shared.spare_bytes.load(Ordering::Relaxed);
    let quota = shared.options.quota_bytes;
    if shared.used_bytes.load(Ordering::Relaxed) + capacity as u64 > quota {
        return Err(SpareError::Quota(quota));
    }
    let counter = shared.next_counter.fetch_add(1, Ordering::Relaxed);
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
    fill(&file, capacity)?;
    file.sync_all()?;
    shared.folder.rename(&spare, &open)?;
    // The footer is written to the file, behind what the mapping may reach.
    let mapping = Mapping::create(&file, capacity - label::BYTES)?;
    mapping.populate(0..capacity - label::BYTES)?;
    Ok(Spare {
        seq,
        file,
        mapping,
        capacity,
    })
}

fn fill(mut file: &File, capacity: usize) -> io::Result<()> {
    let mut left = capacity;
    while left > 0 {
        left -= file.write(&ZEROS[..left.min(ZEROS.len())])?;
    }
    Ok(())
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
