//! One image pull from many requests: which layer request is the download, and of what.
//!
//! Clients resolve a tag, fetch an index, a leaf manifest, a config and layers, each in its own
//! order and some not at all. What every complete pull has is a first layer. So manifests teach us
//! which layers belong to which leaf, and a client's first layer of a leaf is the one download;
//! everything else about that leaf, for a while, is part of it.

mod known;
mod session;

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use moka::sync::Cache;
use weir_event::Kind;

use crate::ecosystem::oci::{Content, Manifest};
use known::{Known, Leaf};
use session::{Candidates, Session, Taking};

/// How long requests of one client belong to one pull.
const SESSION: Duration = Duration::from_mins(10);
/// Most tags, manifests or blobs remembered of one session.
const MAX_REMEMBERED: usize = 256;

/// A repository of ours, by domain and the name that clients pull.
pub(crate) type Repository = Arc<str>;

/// What a layer request turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pull {
    /// A download, or a copy of several platforms.
    pub(crate) kind: Kind,
    /// The tag that the client asked for, else the most exact that is known, else a digest.
    pub(crate) version: String,
    /// The leaf, or what led to it where several leaves share the layer.
    pub(crate) digest: String,
    /// Empty where it cannot be told.
    pub(crate) os: String,
    pub(crate) arch: String,
    /// Empty for images that run in containers.
    pub(crate) artifact_type: String,
}

/// What is known of images and of the pulls under way.
#[derive(Debug)]
pub(crate) struct Pulls {
    known: Known,
    sessions: Cache<(Repository, u64), Arc<Mutex<Session>>>,
}

impl Pulls {
    pub(crate) fn new() -> Self {
        Self {
            known: Known::new(),
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
        session.forget(now);
        let digest = &manifest.digest;
        if let Some(tag) = tag {
            session.resolved(tag, digest);
        }
        match &manifest.content {
            Content::Index(children) => {
                self.known.learn_index(repository, tag, digest, children);
                session.begin(digest);
            }
            Content::Image(parts) => {
                let led = session.tag_of(&self.known, repository, digest);
                self.known.learn_leaf(repository, led, digest, parts);
                let root = session.root_of(&self.known, repository, digest);
                if tag.is_some() || root.is_none() {
                    session.begin(digest);
                }
                session.asked(digest);
            }
            Content::Other => {}
        }
    }

    /// We read `manifest` ourselves, to find out which layers it holds.
    pub(crate) fn learn_unasked(&self, repository: &Repository, manifest: &Manifest) {
        if let Content::Image(parts) = &manifest.content {
            self.known
                .learn_leaf(repository, None, &manifest.digest, parts);
        }
    }

    /// We read the config of `leaf` ourselves, to find out its platform.
    pub(crate) fn learn_platform(&self, repository: &Repository, leaf: &str, os: &str, arch: &str) {
        self.known.learn_platform(repository, leaf, os, arch);
    }

    /// Leaves that the blob `client` asks for may belong to and whose layers nobody has read: a client
    /// that holds the manifests from an earlier pull asks for blobs at once.
    pub(crate) fn unread(&self, repository: &Repository, client: u64, blob: &str) -> Vec<String> {
        let session = self.session(repository, client);
        let mut session = lock(&session);
        session.fetched(blob);
        if self.known.has_blob(repository, blob) {
            return Vec::new();
        }
        let index = session.index(&self.known, repository);
        index.map_or_else(Vec::new, |index| self.known.unread(repository, index))
    }

    /// The leaf that `layer` belongs to and its config, where no index names its platform.
    pub(crate) fn without_platform(
        &self,
        repository: &Repository,
        client: u64,
        layer: &str,
    ) -> Option<(String, String)> {
        let session = self.session(repository, client);
        let session = lock(&session);
        let mut leaves = self.candidates(repository, &session, layer)?.leaves;
        let leaf = leaves.pop().filter(|_| leaves.is_empty())?;
        let known = self.known.leaf(repository, &leaf);
        let runs = known.artifact_type.is_empty();
        (runs && known.os.is_empty() && !session.was_counted(&leaf))
            .then(|| (leaf, known.config.clone()))
    }

    /// `client` is given the layer `digest`; the pull that this begins, if it begins one.
    pub(crate) fn layer(
        &self,
        repository: &Repository,
        client: u64,
        digest: &str,
        now: Instant,
    ) -> Option<Pull> {
        let session = self.session(repository, client);
        let mut session = lock(&session);
        let candidates = self.candidates(repository, &session, digest)?;
        let kind = match session.take(&candidates, now) {
            Taking::Again => return None,
            Taking::Pull => Kind::Download,
            Taking::Copy => Kind::Mirror,
        };
        Some(self.describe(repository, &session, &candidates, kind))
    }

    fn candidates(
        &self,
        repository: &Repository,
        session: &Session,
        layer: &str,
    ) -> Option<Candidates> {
        let leaves = self.known.leaves_with(repository, layer);
        session.narrow(&self.known, repository, &leaves)
    }

    fn describe(
        &self,
        repository: &Repository,
        session: &Session,
        candidates: &Candidates,
        kind: Kind,
    ) -> Pull {
        let leaf = &candidates.leaves[0];
        let known = self.known.leaf(repository, leaf);
        let root = candidates.root.as_ref().unwrap_or(leaf);
        let version = session
            .tag_of(&self.known, repository, leaf)
            .or_else(|| known.best_tag())
            .unwrap_or(root);
        let is_one = candidates.leaves.len() == 1;
        let agreed = |word: fn(&Leaf) -> &String| {
            let mut leaves = candidates.leaves.iter();
            let same =
                leaves.all(|other| word(&self.known.leaf(repository, other)) == word(&known));
            if same {
                word(&known).clone()
            } else {
                String::new()
            }
        };
        // A copy is of all platforms, whichever of them gave it away.
        let whole = kind == Kind::Mirror;
        Pull {
            kind,
            version: version.to_owned(),
            digest: if is_one && !whole { leaf } else { root }.clone(),
            os: if whole {
                String::new()
            } else {
                agreed(|leaf| &leaf.os)
            },
            arch: if whole {
                String::new()
            } else {
                agreed(|leaf| &leaf.arch)
            },
            artifact_type: known.artifact_type.clone(),
        }
    }

    fn session(&self, repository: &Repository, client: u64) -> Arc<Mutex<Session>> {
        self.sessions
            .get_with((Arc::clone(repository), client), Arc::default)
    }
}

/// Puts `item` last, once, and lets the oldest go.
fn remember<T: PartialEq>(list: &mut Vec<T>, item: T, most: usize) {
    list.retain(|known| *known != item);
    if list.len() >= most {
        list.remove(0);
    }
    list.push(item);
}

fn lock(session: &Mutex<Session>) -> std::sync::MutexGuard<'_, Session> {
    // A panic while the lock was held leaves at worst a pull uncounted.
    session
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
