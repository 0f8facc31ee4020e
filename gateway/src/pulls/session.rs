//! What one client did in one repository lately.

use std::collections::HashMap;
use std::time::Instant;

use super::known::Known;
use super::{MAX_REMEMBERED, Repository, SESSION, remember};

#[derive(Debug, Default)]
pub(super) struct Session {
    /// Tags and the manifests that they named, latest last.
    resolved: Vec<(String, String)>,
    /// Manifests that the client began with: what a tag named, indexes, leaves without one. Latest last.
    roots: Vec<String>,
    /// Leaves that the client read.
    asked: Vec<String>,
    /// Blobs that it fetched, among which are configs.
    fetched: Vec<String>,
    /// When a pull of a leaf was counted.
    counted: HashMap<String, Instant>,
    /// Leaves whose layers were taken since their index was last asked for.
    taken: HashMap<String, Vec<String>>,
    /// When an index was recognised as being copied whole.
    mirrored: HashMap<String, Instant>,
}

/// The leaves that a layer may be of, and the manifest that led the client to them.
pub(super) struct Candidates {
    pub(super) root: Option<String>,
    /// Never empty; more than one where nothing tells them apart.
    pub(super) leaves: Vec<String>,
}

/// What taking a layer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taking {
    /// Part of what was counted already.
    Again,
    /// The beginning of a pull.
    Pull,
    /// The client takes platforms that no one machine runs: it copies the image for others.
    Copy,
}

impl Session {
    /// Forgets what is older than a session. Called as manifests are read, which a pull does at its
    /// beginning only, so that a slow one is not counted again halfway.
    pub(super) fn forget(&mut self, now: Instant) {
        let recent = |at: &mut Instant| now.saturating_duration_since(*at) < SESSION;
        self.counted.retain(|_, at| recent(at));
        self.mirrored.retain(|_, at| recent(at));
        let roots = &self.roots;
        self.taken.retain(|root, _| roots.contains(root));
    }

    pub(super) fn resolved(&mut self, tag: &str, digest: &str) {
        let resolved = (tag.to_owned(), digest.to_owned());
        remember(&mut self.resolved, resolved, MAX_REMEMBERED);
    }

    /// The client begins anew with a manifest: what it takes from now on may be for another machine
    /// behind the same address.
    pub(super) fn begin(&mut self, root: &str) {
        self.taken.remove(root);
        remember(&mut self.roots, root.to_owned(), MAX_REMEMBERED);
    }

    pub(super) fn asked(&mut self, leaf: &str) {
        remember(&mut self.asked, leaf.to_owned(), MAX_REMEMBERED);
    }

    pub(super) fn fetched(&mut self, blob: &str) {
        remember(&mut self.fetched, blob.to_owned(), MAX_REMEMBERED);
    }

    pub(super) fn was_counted(&self, leaf: &str) -> bool {
        self.counted.contains_key(leaf)
    }

    /// The index that the client began with last.
    pub(super) fn index(&self, known: &Known, repository: &Repository) -> Option<&String> {
        let is_index = |root: &&String| known.is_index(repository, root);
        self.roots.iter().rev().find(is_index)
    }

    /// The manifest that led to `leaf`: the latest index that holds it, or itself.
    pub(super) fn root_of(
        &self,
        known: &Known,
        repository: &Repository,
        leaf: &str,
    ) -> Option<&String> {
        let led_here = |root: &&String| *root == leaf || known.holds(repository, root, leaf);
        self.roots.iter().rev().find(led_here)
    }

    /// The latest tag that led to `leaf`, itself or through its index.
    pub(super) fn tag_of(
        &self,
        known: &Known,
        repository: &Repository,
        leaf: &str,
    ) -> Option<&str> {
        let led_here =
            |(_, root): &&(String, String)| root == leaf || known.holds(repository, root, leaf);
        let resolved = self.resolved.iter().rev().find(led_here)?;
        Some(&resolved.0)
    }

    /// Which of `leaves`, newest last, a client means: those of the manifest it began with last, among
    /// them those it read, among them those whose config it fetched. Of what it never asked for, the newest.
    pub(super) fn narrow(
        &self,
        known: &Known,
        repository: &Repository,
        leaves: &[String],
    ) -> Option<Candidates> {
        let of_root = |root: &String| -> Vec<String> {
            let led_here = |leaf: &&String| *leaf == root || known.holds(repository, root, leaf);
            leaves.iter().filter(led_here).cloned().collect()
        };
        let begun = self.roots.iter().rev().find_map(|root| {
            let leaves = of_root(root);
            (!leaves.is_empty()).then(|| (root.clone(), leaves))
        });
        let Some((root, leaves)) = begun else {
            return Some(Candidates {
                root: None,
                leaves: vec![leaves.last()?.clone()],
            });
        };
        let leaves = prefer(leaves, |leaf| self.asked.contains(leaf));
        let leaves = prefer(leaves, |leaf| {
            self.fetched.contains(&known.leaf(repository, leaf).config)
        });
        Some(Candidates {
            root: Some(root),
            leaves,
        })
    }

    /// A layer of `candidates` is taken.
    ///
    /// A machine runs one platform and asks for the index each time it pulls. Layers of two platforms
    /// after one look at the index are a copy; of those, one event an index is written.
    pub(super) fn take(&mut self, candidates: &Candidates, now: Instant) -> Taking {
        if candidates.leaves.iter().any(|leaf| self.was_counted(leaf)) {
            return Taking::Again;
        }
        for leaf in &candidates.leaves {
            self.counted.insert(leaf.clone(), now);
        }
        let [leaf] = &candidates.leaves[..] else {
            return Taking::Pull;
        };
        let root = candidates.root.as_ref().unwrap_or(leaf);
        let taken = self.taken.entry(root.clone()).or_default();
        taken.push(leaf.clone());
        let is_copy = taken.len() > 1 || !self.mirrored.is_empty();
        match (is_copy, self.mirrored.contains_key(root)) {
            (false, _) => Taking::Pull,
            (true, true) => Taking::Again,
            (true, false) => {
                self.mirrored.insert(root.clone(), now);
                Taking::Copy
            }
        }
    }
}

/// Those that `fits`, or all where none does.
fn prefer(leaves: Vec<String>, fits: impl Fn(&String) -> bool) -> Vec<String> {
    if leaves.iter().any(&fits) {
        leaves.into_iter().filter(|leaf| fits(leaf)).collect()
    } else {
        leaves
    }
}
