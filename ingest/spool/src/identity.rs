//! Whose folder it is: one process at a time, one id for ever, one number a boot.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use rustix::fs::{FlockOperation, flock};

use crate::{folder::Folder, name::Name};

/// Node and boot of an opened spool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) node: u32,
    pub(crate) boot: u32,
}

/// Why the lock was not taken.
#[derive(Debug)]
pub(crate) enum LockError {
    /// Another process has it; its pid if it said so.
    Held(Option<u32>),
    Io(io::Error),
}

/// Takes the folder for this process; the lock lasts as long as the file that is returned.
pub(crate) fn lock(root: &Path) -> Result<File, LockError> {
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(root.join("lock"))
        .map_err(LockError::Io)?;
    if let Err(error) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
        return Err(match error {
            rustix::io::Errno::WOULDBLOCK => LockError::Held(pid_in(&mut file)),
            other => LockError::Io(other.into()),
        });
    }
    // The pid is a courtesy to whoever is refused; on a full disk the lock holds without it.
    file.set_len(0)
        .and_then(|()| writeln!(file, "{}", std::process::id()))
        .ok();
    Ok(file)
}

/// The process that opened the folder `root` last, if it said so.
pub(crate) fn last_holder(root: &Path) -> Option<u32> {
    pid_in(&mut File::open(root.join("lock")).ok()?)
}

fn pid_in(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

/// Counts this boot. `boots_seen` is the highest boot among the folder's segments.
///
/// A node file that is missing or damaged makes a new node. When the count cannot be written (a full
/// disk, a foreign file), this boot alone gets a node of its own: ids stay unique and the spool opens.
pub(crate) fn identify(folder: &Folder, boots_seen: u32) -> io::Result<Identity> {
    let name = Name::node();
    let last = folder.read(&name).ok().and_then(|bytes| parse(&bytes));
    let identity = match last {
        Some(Identity { node, boot }) => Identity {
            node,
            boot: boot.max(boots_seen).saturating_add(1),
        },
        None => fresh(boots_seen)?,
    };
    match folder.write(&name, format(identity).as_bytes()) {
        Ok(()) => Ok(identity),
        Err(error) => {
            tracing::error!(%error, "this start of the spool cannot be noted, it gets an id of its own");
            fresh(identity.boot)
        }
    }
}

/// The disk, or this user's share of it, is full.
pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}

/// A node that nobody has met, at the boot after `boots_seen`.
pub(crate) fn fresh(boots_seen: u32) -> io::Result<Identity> {
    Ok(Identity {
        node: getrandom::u32().map_err(io::Error::other)?,
        boot: boots_seen.saturating_add(1),
    })
}

fn format(Identity { node, boot }: Identity) -> String {
    let line = format!("node {node:08x} boot {boot}");
    format!("{line} check {:08x}\n", crc32c::crc32c(line.as_bytes()))
}

fn parse(bytes: &[u8]) -> Option<Identity> {
    let text = str::from_utf8(bytes).ok()?;
    let mut words = text.split_ascii_whitespace().skip(1).step_by(2);
    let identity = Identity {
        node: u32::from_str_radix(words.next()?, 16).ok()?,
        boot: words.next()?.parse().ok()?,
    };
    (format(identity) == text).then_some(identity)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::Files;

    #[test]
    fn the_node_file_reads_back() {
        let identity = Identity {
            node: 0x1a2b_3c4d,
            boot: 17,
        };
        insta::assert_snapshot!(format(identity), @"node 1a2b3c4d boot 17 check 4d365a09");
        assert_eq!(parse(format(identity).as_bytes()), Some(identity));
    }

    #[test]
    fn a_changed_node_file_is_not_believed() {
        let text = format(Identity { node: 7, boot: 1 });
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            assert_eq!(parse(&bytes), None, "byte {at} changed");
        }
        assert_eq!(parse(b""), None);
    }

    #[test]
    fn a_boot_comes_after_every_segment_in_the_folder() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = Folder::on(Files::make(dir.path()).expect("it opens"));
        let first = identify(&folder, 0).expect("a first boot");
        let second = identify(&folder, 9).expect("a second boot");
        assert_eq!((first.boot, second.boot), (1, 10));
        assert_eq!(first.node, second.node);
    }
}
