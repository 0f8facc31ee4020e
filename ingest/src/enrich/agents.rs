//! Agents read lately. Few programs send most requests, so most agents are read once and then known.

use std::hash::BuildHasher;

use super::client::{Client, ClientRules};
use crate::keyed::{Keys, keys};
use crate::sets::Sets;

/// Agents held; a newer one takes the place of an older one.
const AGENTS: usize = 256;
/// Longer agents are read each time: what is held stays below a few hundred kilobytes a thread.
const LONGEST_BYTES: usize = 512;

/// A memory of one thread's agents. It holds what clients say of themselves and nothing of who they are.
pub struct Agents {
    /// What they were read by.
    generation: u64,
    sets: Sets,
    held: Box<[Option<Read>]>,
    /// Keyed afresh in each process, so that nobody can aim at a set.
    keys: Keys,
    /// The last agent that was too long to hold.
    long: Client<'static>,
}

struct Read {
    agent: Box<str>,
    ecosystem: &'static str,
    client: Client<'static>,
}

impl Default for Agents {
    fn default() -> Self {
        Self {
            generation: 0,
            sets: Sets::new(AGENTS),
            held: std::iter::repeat_with(|| None).take(AGENTS).collect(),
            keys: keys(),
            long: Client::default(),
        }
    }
}

impl Agents {
    /// What `agent` says by `rules`.
    pub fn read(
        &mut self,
        rules: &ClientRules,
        agent: &str,
        ecosystem: &'static str,
    ) -> &Client<'static> {
        if self.generation != rules.generation() {
            self.sets.clear();
            self.generation = rules.generation();
        }
        if agent.len() > LONGEST_BYTES {
            self.long = rules.read(agent, ecosystem).into_owned();
            return &self.long;
        }
        let (place, is_held) = self.sets.place(self.keys.hash_one((agent, ecosystem)));
        let held = &mut self.held[place];
        let is_it = |read: &Read| *read.agent == *agent && read.ecosystem == ecosystem;
        // Two may have one hash.
        if !(is_held && held.as_ref().is_some_and(is_it)) {
            *held = None;
        }
        let read = held.get_or_insert_with(|| Read {
            agent: agent.into(),
            ecosystem,
            client: rules.read(agent, ecosystem).into_owned(),
        });
        &read.client
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_remembered_is_what_would_be_read(asked in prop::collection::vec((0_usize..600, "[a-z]{1,8}/[0-9.]{1,5}( \\([a-z; 0-9]*\\))?", prop::bool::ANY), 1..60)) {
            let (mut agents, rules) = (Agents::default(), ClientRules::builtin());
            for (padding, agent, npm) in asked {
                let agent = format!("{agent}{}", " x".repeat(padding / 2));
                let ecosystem = if npm { "npm" } else { "file" };
                prop_assert_eq!(agents.read(&rules, &agent, ecosystem), &rules.read(&agent, ecosystem).into_owned());
                prop_assert_eq!(agents.read(&rules, &agent, ecosystem), &rules.read(&agent, ecosystem).into_owned());
            }
        }
    }
}
