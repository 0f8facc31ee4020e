//! One image pull from many requests: which layer request is the download, and of what.
//!
//! Clients resolve a tag, fetch an index, a leaf manifest, a config and layers, each in its own
//! order and some not at all. What every complete pull has is a first layer. So manifests teach us
//! which layers belong to which leaf, and a client's first layer of a leaf is the one download;
//! everything else about that leaf, for a while, is part of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use moka::sync::Cache;

use crate::upstream::registry::{Child, Content, Manifest};

/// How long requests of one client belong to one pull.
const SESSION: Duration = Duration::from_mins(10);
/// Most tags or leaves remembered together: a pull has one tag and a handful of leaves.
const MAX_REMEMBERED: usize = 256;

/// A repository of ours, by domain and the name that clients pull.
pub(crate) type Repository = Arc<str>;

/// What a layer request turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pull {
    /// The tag that the client asked for, else one that is known to lead to the leaf, else nothing.
    pub(crate) tag: String,
    pub(crate) leaf: String,
    pub(crate) os: String,
    pub(crate) arch: String,
}

/// What is known of images and of the pulls under way.
#[derive(Debug)]
pub(crate) struct Pulls {
    /// Layer to the leaves that hold it, newest last. A base layer may be in all of them.
    layers: Cache<(Repository, String), Arc<Vec<String>>>,
    leaves: Cache<(Repository, String), Arc<Leaf>>,
    /// Index to its leaves, attestations left out.
    indexes: Cache<(Repository, String), Arc<Vec<Child>>>,
    sessions: Cache<(Repository, u64), Arc<Mutex<Session>>>,
}

/// A manifest of one platform.
#[derive(Clone, Debug, Default)]
struct Leaf {
    os: String,
    arch: String,
    config: String,
    /// The last tag that led to it.
    tag: String,
    /// Its layers are known.
    read: bool,
}

/// What one client did in one repository lately.
#[derive(Debug, Default)]
struct Session {
    /// Tags and the manifests that they named, latest last.
    resolved: Vec<(String, String)>,
    index: String,
    /// Leaves that the client read, latest last.
    asked: Vec<String>,
    /// When a pull of a leaf was counted.
    counted: HashMap<String, Instant>,
}

impl Pulls {
    pub(crate) fn new() -> Self {
        Self {
            layers: Cache::new(500_000),
            leaves: Cache::new(200_000),
            indexes: Cache::new(100_000),
            sessions: Cache::builder()
                .max_capacity(200_000)
                .time_to_idle(SESSION)
                .build(),
        }
    }

    /// `client` was given `manifest`, which it asked for by `tag` or by digest.
    pub(crate) fn learn(
        &self,
        repository: &Repository,
        client: u64,
        tag: Option<&str>,
        manifest: &Manifest,
        now: Instant,
    ) {
        let session = self.session(repository, client);
        let mut session = lock(&session);
        // A pull reads manifests at its beginning only, so a slow one is not counted again halfway.
        session
            .counted
            .retain(|_, counted| now.saturating_duration_since(*counted) < SESSION);
        if let Some(tag) = tag {
            remember(
                &mut session.resolved,
                (tag.to_owned(), manifest.digest.clone()),
            );
        }
        let tag = self
            .tag_of(repository, &session, &manifest.digest)
            .unwrap_or_default();
        match &manifest.content {
            Content::Index(children) => {
                self.learn_index(repository, &tag, &manifest.digest, children);
                session.index.clone_from(&manifest.digest);
            }
            Content::Image { config, layers } if !layers.is_empty() => {
                self.learn_leaf(repository, &tag, &manifest.digest, config, layers);
                remember(&mut session.asked, manifest.digest.clone());
            }
            // Attestations have no image layers.
            Content::Image { .. } | Content::Other => {}
        }
    }

    /// We read `manifest` ourselves, to find out which layers it holds.
    pub(crate) fn learn_unasked(&self, repository: &Repository, manifest: &Manifest) {
        if let Content::Image { config, layers } = &manifest.content {
            self.learn_leaf(repository, "", &manifest.digest, config, layers);
        }
    }

    fn learn_index(&self, repository: &Repository, tag: &str, digest: &str, children: &[Child]) {
        let children: Vec<Child> = children
            .iter()
            .filter(|child| !child.is_attestation())
            .cloned()
            .collect();
        for child in &children {
            self.update_leaf(repository, &child.digest, |leaf| {
                leaf.os.clone_from(&child.os);
                leaf.arch.clone_from(&child.arch);
                if !tag.is_empty() {
                    tag.clone_into(&mut leaf.tag);
                }
            });
        }
        self.indexes
            .insert(key(repository, digest), Arc::new(children));
    }

    fn learn_leaf(
        &self,
        repository: &Repository,
        tag: &str,
        digest: &str,
        config: &str,
        layers: &[String],
    ) {
        self.update_leaf(repository, digest, |leaf| {
            leaf.read = true;
            config.clone_into(&mut leaf.config);
            if !tag.is_empty() {
                tag.clone_into(&mut leaf.tag);
            }
        });
        for layer in layers {
            let key = key(repository, layer);
            let mut leaves = self
                .layers
                .get(&key)
                .map_or_else(Vec::new, |known| known.as_ref().clone());
            if leaves.last().is_none_or(|newest| newest != digest) {
                remember(&mut leaves, digest.to_owned());
                self.layers.insert(key, Arc::new(leaves));
            }
        }
    }

    fn update_leaf(&self, repository: &Repository, digest: &str, change: impl FnOnce(&mut Leaf)) {
        let key = key(repository, digest);
        let mut leaf = self
            .leaves
            .get(&key)
            .map_or_else(Leaf::default, |known| known.as_ref().clone());
        change(&mut leaf);
        self.leaves.insert(key, Arc::new(leaf));
    }

    /// Leaves that `layer` may belong to and whose layers nobody has read: a client that holds the
    /// manifests from an earlier pull asks for layers at once.
    pub(crate) fn unread(&self, repository: &Repository, client: u64, layer: &str) -> Vec<String> {
        if self.layers.contains_key(&key(repository, layer)) {
            return Vec::new();
        }
        let session = self.session(repository, client);
        let index = lock(&session).index.clone();
        let children = self
            .indexes
            .get(&key(repository, &index))
            .unwrap_or_default();
        let unread = |child: &&Child| {
            !self
                .leaves
                .get(&key(repository, &child.digest))
                .is_some_and(|leaf| leaf.read)
        };
        children
            .iter()
            .filter(unread)
            .map(|child| child.digest.clone())
            .collect()
    }

    /// `client` is given the layer `digest`; the pull that this begins, if it begins one.
    pub(crate) fn layer(
        &self,
        repository: &Repository,
        client: u64,
        digest: &str,
        now: Instant,
    ) -> Option<Pull> {
        let leaves = self.layers.get(&key(repository, digest))?;
        let session = self.session(repository, client);
        let mut session = lock(&session);
        let leaf = self.leaf_of(repository, &session, &leaves)?;
        if session.counted.contains_key(&leaf) {
            return None;
        }
        session.counted.insert(leaf.clone(), now);
        let known = self.leaves.get(&key(repository, &leaf)).unwrap_or_default();
        let tag = self
            .tag_of(repository, &session, &leaf)
            .unwrap_or_else(|| known.tag.clone());
        Some(Pull {
            tag,
            leaf,
            os: known.os.clone(),
            arch: known.arch.clone(),
        })
    }

    /// The config to read for the platform of the leaf that `layer` belongs to, where no index names it.
    pub(crate) fn config_of(
        &self,
        repository: &Repository,
        client: u64,
        layer: &str,
    ) -> Option<String> {
        let leaves = self.layers.get(&key(repository, layer))?;
        let session = self.session(repository, client);
        let leaf = self.leaf_of(repository, &lock(&session), &leaves)?;
        let known = self.leaves.get(&key(repository, &leaf))?;
        (known.os.is_empty() && !lock(&session).counted.contains_key(&leaf))
            .then(|| known.config.clone())
    }

    /// The latest tag of a session that led to the manifest `digest`, itself or through its index.
    fn tag_of(&self, repository: &Repository, session: &Session, digest: &str) -> Option<String> {
        let led_here = |root: &str| root == digest || self.holds(repository, root, digest);
        session
            .resolved
            .iter()
            .rev()
            .find(|(_, root)| led_here(root))
            .map(|(tag, _)| tag.clone())
    }

    /// Whether `leaf` stands in the index `index`.
    fn holds(&self, repository: &Repository, index: &str, leaf: &str) -> bool {
        let children = self.indexes.get(&key(repository, index));
        children.is_some_and(|children| children.iter().any(|child| child.digest == leaf))
    }

    /// Which of `leaves` a client means: the one it read last, else one of its index, else the newest.
    fn leaf_of(
        &self,
        repository: &Repository,
        session: &Session,
        leaves: &[String],
    ) -> Option<String> {
        let asked = session
            .asked
            .iter()
            .rev()
            .find(|asked| leaves.contains(asked));
        let in_index = || {
            leaves
                .iter()
                .find(|leaf| self.holds(repository, &session.index, leaf))
                .cloned()
        };
        asked
            .cloned()
            .or_else(in_index)
            .or_else(|| leaves.last().cloned())
    }

    fn session(&self, repository: &Repository, client: u64) -> Arc<Mutex<Session>> {
        self.sessions
            .get_with((Arc::clone(repository), client), Arc::default)
    }
}

/// Puts `item` last, once, and lets the oldest go.
fn remember<T: PartialEq>(list: &mut Vec<T>, item: T) {
    list.retain(|known| *known != item);
    if list.len() == MAX_REMEMBERED {
        list.remove(0);
    }
    list.push(item);
}

fn key(repository: &Repository, digest: &str) -> (Repository, String) {
    (Arc::clone(repository), digest.to_owned())
}

fn lock(session: &Mutex<Session>) -> std::sync::MutexGuard<'_, Session> {
    // A panic while the lock was held leaves at worst a pull uncounted.
    session
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
