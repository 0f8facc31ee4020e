//! The rules in use, which may be others a moment later.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::{ArcSwap, Guard};

use super::{ClientRules, RulesError};

/// The table in use and the files that it is read from.
pub struct LiveRules {
    files: Vec<PathBuf>,
    rules: ArcSwap<ClientRules>,
    /// That of the rules, for who holds some. It may be behind them for a moment.
    number: AtomicU64,
}

impl LiveRules {
    /// Rules to be read from these files; until [`LiveRules::reload`] they are the program's own.
    pub fn new(files: Vec<PathBuf>) -> Self {
        let rules = ClientRules::builtin();
        Self {
            files,
            number: AtomicU64::new(rules.number()),
            rules: ArcSwap::new(rules),
        }
    }

    /// Reads the files. Where one is wrong, the rules in use stay.
    pub fn reload(&self) -> Result<(), RulesError> {
        let rules = Arc::new(ClientRules::load(&self.files)?);
        let number = rules.number();
        self.rules.store(rules);
        self.number.store(number, Ordering::Release);
        Ok(())
    }

    /// The files that the rules are read from.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The rules as they are now.
    pub fn load(&self) -> Guard<Arc<ClientRules>> {
        self.rules.load()
    }

    /// The same for who holds those of last time, which are taken again as long as no others are in use.
    pub(crate) fn again<'h>(&self, held: &'h mut Option<Arc<ClientRules>>) -> &'h ClientRules {
        let number = self.number.load(Ordering::Acquire);
        if held.as_ref().is_none_or(|held| held.number() != number) {
            *held = None;
        }
        held.get_or_insert_with(|| self.rules.load_full())
    }
}

impl Default for LiveRules {
    /// The program's own rules.
    fn default() -> Self {
        Self::new(Vec::new())
    }
}
