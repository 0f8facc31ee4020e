//! One image pull from many requests: which layer request is the download, and of what.
//!
//! Clients resolve a tag, fetch an index, a leaf manifest, a config and layers, each in its own
//! order and some not at all. What every complete pull has is a first layer. So manifests teach us
//! which layers belong to which leaf, and a client's first layer of a leaf is the one download;
//! everything else about that leaf, for a while, is part of it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use moka::sync::Cache;

use crate::upstream::registry::{Child, Content, Manifest};

/// How long requests of one client belong to one pull.
const SESSION: Duration = Duration::from_mins(10);

/// A repository of ours, by domain and the name that clients pull.
pub(crate) type Repository = Arc<str>;

/// What a layer request turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pull {
    /// The tag that was asked for, else the leaf's digest.
    pub(crate) tag: String,
    pub(crate) leaf: String,
    pub(crate) os: String,
    pub(crate) arch: String,
}

/// What is known of images and of the pulls under way.
#[derive(Debug)]
pub(crate) struct Pulls {
    /// Layer to the leaves that hold it.
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
    tag: String,
    index: String,
    /// Leaves that the client read, latest last.
    asked: Vec<String>,
    counted: HashSet<String>,
}

impl Pulls {
    pub(crate) fn new() -> Self {
        Self {
            layers: Cache::new(500_000),
            leaves: Cache::new(200_000),
            indexes: Cache::new(100_000),
            sessions: Cache::builder().max_capacity(200_000).time_to_idle(SESSION).build(),
        }
    }

    /// `client` was given `manifest`, which it asked for by `tag` or by digest.
    pub(crate) fn learn(&self, repository: &Repository, client: u64, tag: Option<&str>, manifest: &Manifest) {
        let session = self.session(repository, client);
        let mut session = lock(&session);
        if let Some(tag) = tag {
            tag.clone_into(&mut session.tag);
        }
        match &manifest.content {
            Content::Index(children) => {
                self.learn_index(repository, &session.tag, &manifest.digest, children);
                session.index.clone_from(&manifest.digest);
            }
            Content::Image { config, layers } if !layers.is_empty() => {
                self.learn_leaf(repository, &session.tag, &manifest.digest, config, layers);
                session.asked.retain(|leaf| *leaf != manifest.digest);
                session.asked.push(manifest.digest.clone());
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
        let children: Vec<Child> = children.iter().filter(|child| !child.is_attestation()).cloned().collect();
        for child in &children {
            self.update_leaf(repository, &child.digest, |leaf| {
                leaf.os.clone_from(&child.os);
                leaf.arch.clone_from(&child.arch);
                if !tag.is_empty() {
                    tag.clone_into(&mut leaf.tag);
                }
            });
        }
        self.indexes.insert(key(repository, digest), Arc::new(children));
    }

    fn learn_leaf(&self, repository: &Repository, tag: &str, digest: &str, config: &str, layers: &[String]) {
        self.update_leaf(repository, digest, |leaf| {
            leaf.read = true;
            config.clone_into(&mut leaf.config);
            if !tag.is_empty() {
                tag.clone_into(&mut leaf.tag);
            }
        });
        for layer in layers {
            let key = key(repository, layer);
            let mut leaves = self.layers.get(&key).map_or_else(Vec::new, |known| known.as_ref().clone());
            if !leaves.iter().any(|known| known == digest) {
                leaves.push(digest.to_owned());
                self.layers.insert(key, Arc::new(leaves));
            }
        }
    }

    fn update_leaf(&self, repository: &Repository, digest: &str, change: impl FnOnce(&mut Leaf)) {
        let key = key(repository, digest);
        let mut leaf = self.leaves.get(&key).map_or_else(Leaf::default, |known| known.as_ref().clone());
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
        let children = self.indexes.get(&key(repository, &index)).unwrap_or_default();
        let unread = |child: &&Child| !self.leaves.get(&key(repository, &child.digest)).is_some_and(|leaf| leaf.read);
        children.iter().filter(unread).map(|child| child.digest.clone()).collect()
    }

    /// `client` is given the layer `digest`; the pull that this begins, if it begins one.
    pub(crate) fn layer(&self, repository: &Repository, client: u64, digest: &str) -> Option<Pull> {
        let leaves = self.layers.get(&key(repository, digest))?;
        let session = self.session(repository, client);
        let mut session = lock(&session);
        let leaf = self.leaf_of(repository, &session, &leaves)?;
        if !session.counted.insert(leaf.clone()) {
            return None;
        }
        let known = self.leaves.get(&key(repository, &leaf)).unwrap_or_default();
        let tag = if session.tag.is_empty() { known.tag.clone() } else { session.tag.clone() };
        Some(Pull { tag, leaf, os: known.os.clone(), arch: known.arch.clone() })
    }

    /// The config to read for the platform of the leaf that `layer` belongs to, where no index names it.
    pub(crate) fn config_of(&self, repository: &Repository, client: u64, layer: &str) -> Option<String> {
        let leaves = self.layers.get(&key(repository, layer))?;
        let session = self.session(repository, client);
        let leaf = self.leaf_of(repository, &lock(&session), &leaves)?;
        let known = self.leaves.get(&key(repository, &leaf))?;
        (known.os.is_empty() && !lock(&session).counted.contains(&leaf)).then(|| known.config.clone())
    }

    /// Which of `leaves` a client means: the one it read last, else one of its index, else the newest.
    fn leaf_of(&self, repository: &Repository, session: &Session, leaves: &[String]) -> Option<String> {
        let asked = session.asked.iter().rev().find(|asked| leaves.contains(asked));
        let in_index = || {
            let children = self.indexes.get(&key(repository, &session.index))?;
            leaves.iter().find(|leaf| children.iter().any(|child| child.digest == **leaf)).cloned()
        };
        asked.cloned().or_else(in_index).or_else(|| leaves.last().cloned())
    }

    fn session(&self, repository: &Repository, client: u64) -> Arc<Mutex<Session>> {
        self.sessions.get_with((Arc::clone(repository), client), Arc::default)
    }
}

fn key(repository: &Repository, digest: &str) -> (Repository, String) {
    (Arc::clone(repository), digest.to_owned())
}

fn lock(session: &Mutex<Session>) -> std::sync::MutexGuard<'_, Session> {
    // A panic while the lock was held leaves at worst a pull uncounted.
    session.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(digest: &str, content: Content) -> Manifest {
        Manifest { digest: digest.into(), media_type: String::new(), bytes: bytes::Bytes::new(), content }
    }

    fn index() -> Manifest {
        let child = |digest: &str, os: &str, arch: &str| Child { digest: digest.into(), os: os.into(), arch: arch.into() };
        manifest("index", Content::Index(vec![
            child("amd", "linux", "amd64"), child("arm", "linux", "arm64"), child("att", "unknown", "unknown"),
        ]))
    }

    fn leaf(digest: &str, layers: &[&str]) -> Manifest {
        manifest(digest, Content::Image { config: format!("{digest}-config"), layers: layers.iter().map(|&layer| layer.into()).collect() })
    }

    fn repository() -> Repository {
        "cr.acme.example/server".into()
    }

    #[test]
    fn the_first_layer_is_the_download_and_the_rest_are_part_of_it() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1.2"), &index());
        pulls.learn(&repository, 1, None, &leaf("arm", &["base", "top"]));
        let pull = pulls.layer(&repository, 1, "base").expect("a download");
        assert_eq!((pull.tag.as_str(), pull.os.as_str(), pull.arch.as_str(), pull.leaf.as_str()), ("1.2", "linux", "arm64", "arm"));
        assert_eq!(pulls.layer(&repository, 1, "top"), None);
        assert_eq!(pulls.layer(&repository, 1, "base"), None);
    }

    #[test]
    fn another_client_is_another_download() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1"), &leaf("amd", &["base"]));
        pulls.learn(&repository, 2, Some("1"), &leaf("amd", &["base"]));
        assert!(pulls.layer(&repository, 1, "base").is_some());
        assert!(pulls.layer(&repository, 2, "base").is_some());
    }

    #[test]
    fn configs_and_attestations_are_not_layers() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1"), &index());
        pulls.learn(&repository, 1, None, &leaf("att", &[]));
        pulls.learn(&repository, 1, None, &leaf("amd", &["base"]));
        assert_eq!(pulls.layer(&repository, 1, "amd-config"), None);
    }

    #[test]
    fn a_client_that_reads_every_platform_downloads_the_one_whose_layers_it_takes() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1"), &index());
        pulls.learn(&repository, 1, None, &leaf("amd", &["a"]));
        pulls.learn(&repository, 1, None, &leaf("arm", &["b"]));
        assert_eq!(pulls.layer(&repository, 1, "a").map(|pull| pull.arch).as_deref(), Some("amd64"));
    }

    #[test]
    fn a_shared_base_belongs_to_the_image_that_was_asked_for() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1"), &leaf("old", &["base", "one"]));
        pulls.learn(&repository, 2, Some("2"), &leaf("new", &["base", "two"]));
        assert_eq!(pulls.layer(&repository, 1, "base").map(|pull| pull.leaf).as_deref(), Some("old"));
    }

    #[test]
    fn layers_alone_are_traced_through_the_index_of_the_tag() {
        let (pulls, repository) = (Pulls::new(), repository());
        pulls.learn(&repository, 1, Some("1"), &index());
        assert_eq!(pulls.layer(&repository, 1, "a"), None);
        assert_eq!(pulls.unread(&repository, 1, "a"), ["amd", "arm"]);
        pulls.learn_unasked(&repository, &leaf("amd", &["a"]));
        pulls.learn_unasked(&repository, &leaf("arm", &["b"]));
        let pull = pulls.layer(&repository, 1, "a").expect("a download");
        assert_eq!((pull.tag.as_str(), pull.arch.as_str()), ("1", "amd64"));
        assert!(pulls.unread(&repository, 1, "a").is_empty());
    }
}
