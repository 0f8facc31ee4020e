//! The disk in memory: what the kernel shows, and what would be left without power.
//!
//! - A file's bytes are on disk once it was synced, and any 512-byte sector may be there earlier.
//! - Names are on disk once their directories were synced, and any may be there earlier: in the order
//!   of their making, as in a journal, or in any order. A rename is one change.
//! - Pages that could not be synced count as written from then on, as Linux has it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io,
    ops::Range,
    os::unix::fs::FileExt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use rustix::io::Errno;

use super::{
    bytes::{Bytes, ino},
    damage::Files,
    dice::Dice,
};
use crate::{
    disk::{Disk, Entry},
    mapping::Mapping,
    name::{Name, Place},
};

const PAGE: usize = 4096;

/// What goes wrong, and at which call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    Never,
    /// Everything ends: this call and all after it do nothing. A write may get half-way.
    Stop {
        at: u64,
    },
    /// So many calls fail, then all is well again.
    Fail {
        at: u64,
        times: u64,
        error: Errno,
    },
}

/// What a build does that forgets to sync something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forgotten {
    Nothing,
    Directories,
    Files,
    Pages,
}

/// The order in which names reach the disk by themselves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Order {
    Journal,
    Any,
}

/// A disk that several owners share.
#[derive(Clone, Debug)]
pub(crate) struct SimDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    files: HashMap<u64, Bytes>,
    names: BTreeMap<Name, u64>,
    /// Names as they are surely on disk.
    durable: BTreeMap<Name, u64>,
    /// Changes of names that may not be on disk yet.
    moves: Vec<Move>,
    calls: u64,
    /// Calls that failed.
    failed: u64,
    stopped: bool,
    fault: Fault,
    forgotten: Forgotten,
    order: Order,
}

#[derive(Clone, Debug)]
struct Move {
    changes: Vec<(Name, Option<u64>)>,
    /// Directories that have to be synced for it.
    unsynced: BTreeSet<Place>,
}

impl SimDisk {
    pub(crate) fn new(order: Order, forgotten: Forgotten) -> Self {
        Self::of(order, forgotten, HashMap::new(), BTreeMap::new())
    }

    fn of(
        order: Order,
        forgotten: Forgotten,
        files: HashMap<u64, Bytes>,
        names: BTreeMap<Name, u64>,
    ) -> Self {
        Self(Arc::new(Mutex::new(State {
            files,
            durable: names.clone(),
            names,
            moves: Vec::new(),
            calls: 0,
            failed: 0,
            stopped: false,
            fault: Fault::Never,
            forgotten,
            order,
        })))
    }

    /// Arms a fault; calls are counted from here.
    pub(crate) fn arm(&self, fault: Fault) {
        let mut state = self.state();
        state.fault = fault;
        state.calls = 0;
        state.stopped = false;
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    pub(crate) fn failed(&self) -> u64 {
        self.state().failed
    }

    /// Lets the kernel write something back by itself.
    pub(crate) fn write_back(&self, dice: &mut Dice) {
        let mut state = self.state();
        let kept = state.moves_kept(dice);
        state.settle_moves(&kept);
        let mut files: Vec<u64> = state.files.keys().copied().collect();
        files.sort_unstable();
        for ino in files {
            if let Some(file) = state.files.get_mut(&ino) {
                file.durable = file.left_over(dice);
            }
        }
    }

    /// What is there after the power was cut: one of the many things that may be.
    pub(crate) fn after_power_cut(&self, dice: &mut Dice) -> Self {
        self.write_back(dice);
        let state = self.state();
        let mut names: Vec<(&Name, u64)> = state.durable.iter().map(|(n, i)| (n, *i)).collect();
        names.sort_unstable();
        let (mut files, mut moved) = (HashMap::new(), HashMap::new());
        for (_, ino) in &names {
            moved.entry(*ino).or_insert_with(|| {
                let file = Bytes::new(&state.files[ino].durable);
                let new = file.ino();
                files.insert(new, file);
                new
            });
        }
        let names = names
            .into_iter()
            .map(|(name, ino)| (name.clone(), moved[&ino]));
        Self::of(state.order, state.forgotten, files, names.collect())
    }

    /// The files after `harm` was done to them.
    pub(crate) fn damaged(&self, harm: impl FnOnce(&mut Files)) -> Self {
        let state = self.state();
        let content = |ino: &u64| state.files[ino].current();
        let mut all = state
            .names
            .iter()
            .map(|(n, i)| (n.clone(), content(i)))
            .collect();
        harm(&mut all);
        let (mut files, mut names) = (HashMap::new(), BTreeMap::new());
        for (name, bytes) in all {
            let file = Bytes::new(&bytes);
            names.insert(name, file.ino());
            files.insert(file.ino(), file);
        }
        Self::of(state.order, state.forgotten, files, names)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a call; what happens to it.
    fn call(&self) -> Result<MutexGuard<'_, State>, (MutexGuard<'_, State>, io::Error)> {
        let mut state = self.state();
        state.calls += 1;
        let error = match state.fault {
            _ if state.stopped => Some(Errno::IO),
            Fault::Stop { at } if state.calls >= at => {
                state.stopped = true;
                Some(Errno::IO)
            }
            Fault::Fail { at, times, error } if (at..at + times).contains(&state.calls) => {
                state.failed += 1;
                Some(error)
            }
            _ => None,
        };
        match error {
            Some(error) => Err((state, error.into())),
            None => Ok(state),
        }
    }

    /// Begins a call that does nothing when it fails.
    fn plain_call(&self) -> io::Result<MutexGuard<'_, State>> {
        self.call().map_err(|(_, error)| error)
    }
}

impl State {
    fn find(&self, name: &Name) -> io::Result<u64> {
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn change(&mut self, changes: Vec<(Name, Option<u64>)>) {
        for (name, ino) in &changes {
            match ino {
                Some(ino) => drop(self.names.insert(name.clone(), *ino)),
                None => drop(self.names.remove(name)),
            }
        }
        let unsynced = changes.iter().map(|(name, _)| name.place).collect();
        self.moves.push(Move { changes, unsynced });
    }

    /// Which of the moves that need not be on disk are, by chance.
    fn moves_kept(&self, dice: &mut Dice) -> Vec<bool> {
        let moves = self.moves.len();
        match self.order {
            Order::Journal => {
                let first = dice.roll(moves + 1);
                (0..moves).map(|number| number < first).collect()
            }
            Order::Any => (0..moves).map(|_| dice.one_in(2)).collect(),
        }
    }

    /// Brings the moves that are `kept` to disk, and those before them that are about the same names.
    fn settle_moves(&mut self, kept: &[bool]) {
        let mut kept = kept.to_vec();
        let mut names = BTreeSet::new();
        for (moved, kept) in self.moves.iter().zip(&mut kept).rev() {
            *kept |= moved.changes.iter().any(|(name, _)| names.contains(name));
            if *kept {
                names.extend(moved.changes.iter().map(|(name, _)| name.clone()));
            }
        }
        let mut left = Vec::new();
        for (moved, kept) in std::mem::take(&mut self.moves).into_iter().zip(kept) {
            if !kept {
                left.push(moved);
                continue;
            }
            for (name, ino) in moved.changes {
                match ino {
                    Some(ino) => drop(self.durable.insert(name, ino)),
                    None => drop(self.durable.remove(&name)),
                }
            }
        }
        self.moves = left;
    }
}

impl Disk for SimDisk {
    fn list(&self, place: Place) -> io::Result<Vec<Entry>> {
        let state = self.plain_call()?;
        let there = state.names.iter().filter(|(name, _)| name.place == place);
        let entry = |(name, ino): (&Name, &u64)| Entry {
            name: name.clone(),
            regular: true,
            bytes: state.files[ino].file.metadata().expect("memory").len(),
            modified: SystemTime::now(),
        };
        Ok(there.map(entry).collect())
    }

    fn create(&self, name: &Name) -> io::Result<File> {
        let mut state = self.plain_call()?;
        if state.names.contains_key(name) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let bytes = Bytes::new(&[]);
        let handle = bytes.file.try_clone()?;
        let ino = bytes.ino();
        state.files.insert(ino, bytes);
        state.change(vec![(name.clone(), Some(ino))]);
        Ok(handle)
    }

    fn open(&self, name: &Name) -> io::Result<File> {
        let state = self.plain_call()?;
        let ino = state.find(name)?;
        state.files[&ino].file.try_clone()
    }

    fn read(&self, name: &Name) -> io::Result<Vec<u8>> {
        let state = self.plain_call()?;
        let ino = state.find(name)?;
        Ok(state.files[&ino].current())
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        match self.call() {
            Ok(_) => file.write_all_at(bytes, offset),
            Err((_, error)) => {
                file.write_all_at(&bytes[..bytes.len() / 2], offset)?;
                Err(error)
            }
        }
    }

    fn truncate(&self, file: &File, length: u64) -> io::Result<()> {
        let _state = self.plain_call()?;
        file.set_len(length)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.settle(file, 0..usize::MAX, Forgotten::Files)
    }

    fn sync_pages(&self, file: &File, _: &Mapping, range: Range<usize>) -> io::Result<()> {
        let pages = range.start / PAGE * PAGE..range.end.next_multiple_of(PAGE);
        self.settle(file, pages, Forgotten::Pages)
    }

    fn rename(&self, from: &Name, to: &Name) -> io::Result<()> {
        let mut state = self.plain_call()?;
        let ino = state.find(from)?;
        // POSIX: two names of one file both stay.
        if state.names.get(to) != Some(&ino) {
            state.change(vec![(from.clone(), None), (to.clone(), Some(ino))]);
        }
        Ok(())
    }

    fn link(&self, from: &Name, to: &Name) -> io::Result<()> {
        let mut state = self.plain_call()?;
        let ino = state.find(from)?;
        if state.names.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.change(vec![(to.clone(), Some(ino))]);
        Ok(())
    }

    fn remove(&self, name: &Name) -> io::Result<()> {
        let mut state = self.plain_call()?;
        state.find(name)?;
        state.change(vec![(name.clone(), None)]);
        Ok(())
    }

    fn sync_directory(&self, place: Place) -> io::Result<()> {
        let mut state = self.plain_call()?;
        if state.forgotten == Forgotten::Directories {
            return Ok(());
        }
        for moved in &mut state.moves {
            moved.unsynced.remove(&place);
        }
        let kept: Vec<bool> = state
            .moves
            .iter()
            .map(|moved| moved.unsynced.is_empty())
            .collect();
        state.settle_moves(&kept);
        Ok(())
    }
}

impl SimDisk {
    fn settle(&self, file: &File, range: Range<usize>, step: Forgotten) -> io::Result<()> {
        let (mut state, failed) = match self.call() {
            Ok(state) => (state, None),
            Err((state, error)) => (state, Some(error)),
        };
        let (forgotten, stopped) = (state.forgotten, state.stopped);
        let Some(bytes) = state.files.get_mut(&ino(file)) else {
            return Ok(());
        };
        if let Some(error) = failed {
            if !stopped {
                bytes.give_up(range);
            }
            return Err(error);
        }
        if forgotten != step {
            bytes.settle(range);
        }
        Ok(())
    }
}
