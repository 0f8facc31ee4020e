//! The country of a network, from one or more MMDB files held in memory.

mod database;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::ClientIp;
use database::Database;
pub use database::DatabaseError;

/// The databases in use, in the order of the settings; the first that knows a network names its country.
#[derive(Default)]
pub struct Places {
    databases: ArcSwap<Vec<Arc<Database>>>,
    /// What local addresses count as.
    local: Option<&'static str>,
}

impl Places {
    /// Opens every file; one that is unsound is an error.
    pub fn load(paths: &[PathBuf]) -> Result<Self, DatabaseError> {
        let databases = paths
            .iter()
            .map(|path| Database::open(path).map(Arc::new))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            databases: ArcSwap::from_pointee(databases),
            local: None,
        })
    }

    /// Counts addresses of private networks as this country; a word that is no country code as none.
    #[must_use]
    pub fn with_local_country(self, code: &str) -> Self {
        Self {
            local: country_code(code),
            ..self
        }
    }

    /// Opens the files anew and swaps them in at once. Where a file is unsound the one in use stays,
    /// if there is one; what is wrong is returned, a line for each.
    pub fn reload(&self, paths: &[PathBuf]) -> Vec<DatabaseError> {
        let old = self.databases.load_full();
        let mut errors = Vec::new();
        let databases = paths.iter().filter_map(|path| match Database::open(path) {
            Ok(database) => Some(Arc::new(database)),
            Err(error) => {
                errors.push(error);
                old.iter().find(|database| database.path == *path).cloned()
            }
        });
        let databases: Vec<_> = databases.collect();
        self.databases.store(Arc::new(databases));
        errors
    }

    /// How many files are in use.
    pub fn count(&self) -> usize {
        self.databases.load().len()
    }

    /// ISO 3166-1 alpha-2 in upper case, or nothing. Only the client's network is looked up.
    pub(crate) fn country(&self, address: &ClientIp) -> &'static str {
        if address.is_local() {
            return self.local.unwrap_or("");
        }
        let network = address.net_key();
        self.databases
            .load()
            .iter()
            .find_map(|database| database.country(network))
            .unwrap_or("")
    }
}

/// Two letters as the one copy of them that the program holds, in upper case.
fn country_code(code: &str) -> Option<&'static str> {
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

#[cfg(test)]
mod tests;
