//! What is known of images, whoever asked: which layers a leaf has, which leaves an index has, which
//! tags led to them. Everything here is named by a digest and so never changes, but for the tags.

use std::sync::Arc;

use moka::sync::Cache;

use super::{Repository, remember};
use crate::ecosystem::oci::{Child, Parts, precision};

/// A thing in a repository.
type Key = (Repository, String);

/// Most tags remembered of a leaf.
const MAX_TAGS: usize = 16;
/// Most leaves remembered of a layer: a base layer may be in every version of an image.
const MAX_LEAVES: usize = 256;

/// A manifest of one platform, or of one artifact.
#[derive(Clone, Debug, Default)]
pub(super) struct Leaf {
    pub(super) os: String,
    pub(super) arch: String,
    pub(super) config: String,
    pub(super) artifact_type: String,
    /// Tags that led to it, latest last.
    tags: Vec<String>,
    /// Its layers are known.
    read: bool,
}

#[derive(Debug)]
pub(super) struct Known {
    /// Layer to the leaves that hold it, newest last.
    layers: Cache<Key, Arc<Vec<String>>>,
    /// Configs and attestations, which are no layers.
    others: Cache<Key, ()>,
    leaves: Cache<Key, Arc<Leaf>>,
    /// Index to its leaves, attestations left out.
    indexes: Cache<Key, Arc<Vec<String>>>,
}

impl Known {
    pub(super) fn new() -> Self {
        Self {
            layers: Cache::new(500_000),
            others: Cache::new(200_000),
            leaves: Cache::new(200_000),
            indexes: Cache::new(100_000),
        }
    }

    pub(super) fn learn_index(
        &self,
        repository: &Repository,
        tag: Option<&str>,
        digest: &str,
        children: &[Child],
    ) {
        let children = children.iter().filter(|child| !child.is_attestation);
        let digests: Vec<String> = children.clone().map(|child| child.digest.clone()).collect();
        for child in children {
            self.update(repository, &child.digest, |leaf| {
                leaf.os.clone_from(&child.os);
                leaf.arch.clone_from(&child.arch);
                leaf.called(tag);
            });
        }
        self.indexes
            .insert(key(repository, digest), Arc::new(digests));
    }

    pub(super) fn learn_leaf(
        &self,
        repository: &Repository,
        tag: Option<&str>,
        digest: &str,
        parts: &Parts,
    ) {
        for other in parts.rest.iter().chain([&parts.config]) {
            self.others.insert(key(repository, other), ());
        }
        // A signature or attestation has no layers.
        if parts.layers.is_empty() {
            return;
        }
        self.update(repository, digest, |leaf| {
            leaf.read = true;
            leaf.config.clone_from(&parts.config);
            leaf.artifact_type.clone_from(&parts.artifact_type);
            leaf.called(tag);
        });
        for layer in &parts.layers {
            let mut leaves = self.leaves_with(repository, layer);
            if leaves.last().is_none_or(|newest| newest != digest) {
                remember(&mut leaves, digest.to_owned(), MAX_LEAVES);
                self.layers.insert(key(repository, layer), Arc::new(leaves));
            }
        }
    }

    pub(super) fn learn_platform(
        &self,
        repository: &Repository,
        digest: &str,
        os: &str,
        arch: &str,
    ) {
        self.update(repository, digest, |leaf| {
            os.clone_into(&mut leaf.os);
            arch.clone_into(&mut leaf.arch);
        });
    }

    fn update(&self, repository: &Repository, digest: &str, change: impl FnOnce(&mut Leaf)) {
        let key = key(repository, digest);
        let mut leaf = self
            .leaves
            .get(&key)
            .map_or_else(Leaf::default, |known| known.as_ref().clone());
        change(&mut leaf);
        self.leaves.insert(key, Arc::new(leaf));
    }

    pub(super) fn leaf(&self, repository: &Repository, digest: &str) -> Arc<Leaf> {
        self.leaves
            .get(&key(repository, digest))
            .unwrap_or_default()
    }

    /// The leaves that hold `layer`, newest last.
    pub(super) fn leaves_with(&self, repository: &Repository, layer: &str) -> Vec<String> {
        self.layers
            .get(&key(repository, layer))
            .map_or_else(Vec::new, |known| known.as_ref().clone())
    }

    /// Whether somebody's manifest named the blob.
    pub(super) fn has_blob(&self, repository: &Repository, digest: &str) -> bool {
        let key = key(repository, digest);
        self.layers.contains_key(&key) || self.others.contains_key(&key)
    }

    pub(super) fn is_index(&self, repository: &Repository, digest: &str) -> bool {
        self.indexes.contains_key(&key(repository, digest))
    }

    /// Whether `leaf` stands in the index `index`.
    pub(super) fn holds(&self, repository: &Repository, index: &str, leaf: &str) -> bool {
        let leaves = self.indexes.get(&key(repository, index));
        leaves.is_some_and(|leaves| leaves.iter().any(|one| one == leaf))
    }

    /// The leaves of an index whose layers nobody has read.
    pub(super) fn unread(&self, repository: &Repository, index: &str) -> Vec<String> {
        let leaves = self.indexes.get(&key(repository, index));
        let leaves = leaves.unwrap_or_default();
        let unread = leaves
            .iter()
            .filter(|leaf| !self.leaf(repository, leaf).read);
        unread.cloned().collect()
    }
}

impl Leaf {
    fn called(&mut self, tag: Option<&str>) {
        if let Some(tag) = tag {
            remember(&mut self.tags, tag.to_owned(), MAX_TAGS);
        }
    }

    /// The tag that says most exactly what it is: most numbers, then nothing behind them, then the latest.
    pub(super) fn best_tag(&self) -> Option<&str> {
        let plain = |tag: &str| !tag.contains(['-', '_', '+']);
        self.tags
            .iter()
            .max_by_key(|tag| (precision(tag), plain(tag)))
            .map(String::as_str)
    }
}

fn key(repository: &Repository, digest: &str) -> Key {
    (Arc::clone(repository), digest.to_owned())
}
