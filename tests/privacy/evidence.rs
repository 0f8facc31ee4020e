//! Everything that was written, looked through byte by byte.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::clients::addresses;
use crate::scanner::{Scanner, Trace};

/// A word that is no address and goes the same ways as addresses do. Where it stands, they would.
pub(crate) const MARKER: &str = "7.77.777-marker";

/// Every address has a byte above 127, as has half of what is random: in so many of them, the same four bytes
/// of two addresses stand by chance less than once in a thousand runs.
const MOST_HIGH_BYTES: usize = 32 << 20;

/// What was looked through and what was found.
pub(crate) struct Evidence {
    scanner: Scanner,
    traces: Vec<Trace>,
    marked: BTreeSet<String>,
    /// Bytes above 127.
    high: usize,
}

impl Evidence {
    pub(crate) fn new() -> Self {
        Self {
            scanner: Scanner::new(&addresses()),
            traces: Vec::new(),
            marked: BTreeSet::new(),
            high: 0,
        }
    }

    /// Looks at what stands at `place`.
    pub(crate) fn look(&mut self, place: &str, bytes: &[u8]) {
        self.high += bytes.iter().filter(|byte| !byte.is_ascii()).count();
        self.traces.extend(self.scanner.scan(place, bytes));
        if bytes
            .windows(MARKER.len())
            .any(|window| window == MARKER.as_bytes())
        {
            self.marked.insert(place.to_owned());
        }
    }

    /// Looks at every file below `folder`, by its path from there.
    pub(crate) fn look_below(&mut self, folder: &Path) {
        for path in files(folder) {
            // What goes away in the meantime is another file's contents.
            let Ok(bytes) = fs::read(&path) else { continue };
            let place = path.strip_prefix(folder).expect("found below it");
            let is_packed = path.extension().is_some_and(|ending| ending == "zst");
            let bytes = if is_packed { unpacked(&bytes) } else { bytes };
            self.look(&place.display().to_string(), &bytes);
        }
    }

    /// What was found.
    pub(crate) fn traces(&self) -> &[Trace] {
        &self.traces
    }

    /// Fails unless nothing was found although the marker was, in a place beginning with each of
    /// `places`: a search that sees nothing proves nothing.
    pub(crate) fn assert_no_trace(&self, state: &str, places: &[&str]) {
        let traces: Vec<_> = self.traces.iter().map(ToString::to_string).collect();
        assert!(traces.is_empty(), "{state}:\n{}", traces.join("\n"));
        for place in places {
            assert!(
                self.marked.iter().any(|marked| marked.starts_with(place)),
                "{state}: the marker is not in {place}; it is in {:#?}",
                self.marked
            );
        }
        let high = self.high;
        assert!(high < MOST_HIGH_BYTES, "{state}: {high} bytes above 127");
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    zstd::decode_all(bytes).expect("whole, whatever has this ending")
}

/// Every file below `folder`.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => found.extend(files(&path)),
            Ok(kind) if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    found.sort();
    found
}
