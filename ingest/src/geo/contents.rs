//! What one file says, whatever its format: rows of places, of systems and of lists.

use std::collections::HashMap;

use super::ranges::{Overlap, Rows};
use crate::enrich::{Lists, NetworkType};

/// Why a file is not used.
#[derive(Debug, thiserror::Error)]
pub enum Unsound {
    /// It is no sound MMDB, or was cut short.
    #[error("it is no MMDB, damaged or cut short")]
    Mmdb(#[from] maxminddb::MaxMindDbError),
    /// It is no text.
    #[error("it is no text")]
    Text,
    /// It is no JSON.
    #[error("it is no JSON, or cut short")]
    Json(#[from] serde_json::Error),
    /// A line does not say what its format asks for.
    #[error("line {line} is not {expected}")]
    Line {
        /// From 1.
        line: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// It begins with another line of names than expected.
    #[error("its first line names no column {0:?}")]
    Column(&'static str),
    /// Ranges contradict each other.
    #[error(transparent)]
    Overlap(#[from] Overlap),
    /// A sound file with something else in it.
    #[error("it ({kind}) holds no {wanted}")]
    Nothing {
        /// What the file says it is.
        kind: String,
        /// What was looked for.
        wanted: &'static str,
    },
}

/// A country and, where regions are wanted and known, one of its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spot {
    /// ISO 3166-1 alpha-2 in upper case.
    pub(crate) country: &'static str,
    /// ISO 3166-2 where the data has codes, else a name; empty where unknown.
    pub(crate) region: String,
}

/// What is known of an autonomous system. What is not known is empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) domain: String,
    pub(crate) kind: NetworkType,
    /// Lists that name the whole system.
    pub(crate) lists: Lists,
}

/// What one file says.
#[derive(Default)]
pub(crate) struct Contents {
    /// Which of `spots` a range is.
    pub(crate) places: Rows<u32>,
    pub(crate) spots: Interned<Spot>,
    /// Numbers of autonomous systems.
    pub(crate) systems: Rows<u32>,
    pub(crate) about: HashMap<u32, About>,
    pub(crate) lists: Rows<Lists>,
    /// Networks, ranges or systems in the file.
    pub(crate) records: u64,
    /// What the file calls itself, or else its format.
    pub(crate) kind: String,
    /// When the data was made, in seconds since 1970, where the file says so.
    pub(crate) built: Option<u64>,
}

impl Contents {
    pub(crate) fn is_empty(&self) -> bool {
        self.places.is_empty()
            && self.systems.is_empty()
            && self.lists.is_empty()
            && self.about.is_empty()
    }
}

/// Values that are the same are kept once.
pub(crate) struct Interned<T> {
    pub(crate) values: Vec<T>,
    known: HashMap<T, u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            known: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    /// The number of a value.
    pub(crate) fn number(&mut self, value: T) -> u32 {
        let values = &mut self.values;
        *self.known.entry(value).or_insert_with_key(|value| {
            values.push(value.clone());
            (values.len() - 1) as u32
        })
    }
}

/// Two letters as the one copy of them that the program holds, in upper case.
pub(crate) fn country_code(code: &str) -> Option<&'static str> {
    let [first, second] = *code.as_bytes() else {
        return None;
    };
    let index = |letter: u8| {
        letter
            .is_ascii_alphabetic()
            .then(|| usize::from(letter.to_ascii_uppercase() - b'A'))
    };
    let at = (index(first)? * 26 + index(second)?) * 2;
    std::str::from_utf8(&PAIRS[at..at + 2]).ok()
}

/// `AA`, `AB`, … `ZZ`, end to end.
static PAIRS: [u8; 26 * 26 * 2] = {
    let mut pairs = [0; 26 * 26 * 2];
    let mut at = 0;
    while at < 26 * 26 {
        pairs[at * 2] = b'A' + (at / 26) as u8;
        pairs[at * 2 + 1] = b'A' + (at % 26) as u8;
        at += 1;
    }
    pairs
};
