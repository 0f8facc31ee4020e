//! A file in memory: its bytes as the kernel shows them, and those that are surely on disk.

use std::{
    collections::HashMap,
    fs::File,
    ops::Range,
    os::unix::fs::{FileExt, MetadataExt},
};

use rustix::fs::MemfdFlags;

use super::dice::Dice;

/// What a disk writes as one, whatever happens.
const SECTOR: usize = 512;

/// The bytes of a file, whatever its names.
#[derive(Debug)]
pub(super) struct Bytes {
    pub(super) file: File,
    pub(super) durable: Vec<u8>,
    /// Sectors that could not be written, as they were then: the kernel takes them for written.
    given_up: HashMap<usize, Vec<u8>>,
}

impl Bytes {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let file = rustix::fs::memfd_create("sim", MemfdFlags::CLOEXEC).expect("memory");
        let file = File::from(file);
        file.write_all_at(bytes, 0).expect("memory");
        Self {
            file,
            durable: bytes.to_vec(),
            given_up: HashMap::new(),
        }
    }

    pub(super) fn ino(&self) -> u64 {
        ino(&self.file)
    }

    pub(super) fn current(&self) -> Vec<u8> {
        let length = self.file.metadata().expect("memory").len();
        let mut bytes = vec![0; length as usize];
        self.file.read_exact_at(&mut bytes, 0).expect("memory");
        bytes
    }

    /// What may be on disk: of each sector, the one or the other.
    pub(super) fn left_over(&self, dice: &mut Dice) -> Vec<u8> {
        let current = self.current();
        if current == self.durable {
            return current;
        }
        let bias = [1, 2, 8][dice.roll(3)];
        let length = if dice.one_in(2) {
            current.len()
        } else {
            self.durable.len()
        };
        let mut bytes = self.durable.clone();
        bytes.resize(length, 0);
        for sector in (0..length).step_by(SECTOR) {
            let all = sector..(sector + SECTOR).min(length).min(current.len());
            let moves = all.start < all.end && !dice.one_in(bias);
            if moves && !self.is_given_up(sector, &current) {
                bytes[all.clone()].copy_from_slice(&current[all]);
            }
        }
        bytes
    }

    /// Brings `range` to disk, and the length.
    pub(super) fn settle(&mut self, range: Range<usize>) {
        let current = self.current();
        self.durable.resize(current.len(), 0);
        for sector in (range.start / SECTOR * SECTOR..range.end.min(current.len())).step_by(SECTOR)
        {
            if !self.is_given_up(sector, &current) {
                let all = sector..(sector + SECTOR).min(current.len());
                self.durable[all.clone()].copy_from_slice(&current[all]);
            }
        }
    }

    /// Fails to bring `range` to disk.
    pub(super) fn give_up(&mut self, range: Range<usize>) {
        let current = self.current();
        for sector in (range.start / SECTOR * SECTOR..range.end.min(current.len())).step_by(SECTOR)
        {
            let all = sector..(sector + SECTOR).min(current.len());
            if self.durable.get(all.clone()) != Some(&current[all.clone()]) {
                self.given_up.insert(sector, current[all].to_vec());
            }
        }
    }

    fn is_given_up(&self, sector: usize, current: &[u8]) -> bool {
        let all = sector..(sector + SECTOR).min(current.len());
        self.given_up
            .get(&sector)
            .is_some_and(|then| *then == current[all])
    }
}

/// Which file it is.
pub(super) fn ino(file: &File) -> u64 {
    file.metadata().expect("memory").ino()
}
