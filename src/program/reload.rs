//! Another configuration while running: all of it or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use weir_config::catalogue::{Catalogue, PackageKind};
use weir_config::{Config, Errors, Seen, Settings, Watch, watch};
use weir_dashboards::ConfiguredPackage;
use weir_gateway::Gateway;

use super::exports::Scheduled;
use super::first_use::Front;
use super::service;
use super::signals::Reloads as Hangups;

/// The catalogue that is served at the moment.
pub struct Serving {
    catalogue: Mutex<Arc<Catalogue>>,
    reloads: Mutex<Reloads>,
}

/// How the configuration was loaded again since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reloads {
    /// How often what was written was taken.
    pub taken: u64,
    /// How often it was not, because something was wrong with it.
    pub refused: u64,
    /// It was wrong the last time, so that something older is in force.
    pub is_behind: bool,
}

impl Serving {
    pub(super) fn new(catalogue: Catalogue) -> Self {
        Self {
            catalogue: Mutex::new(Arc::new(catalogue)),
            reloads: Mutex::default(),
        }
    }

    /// The catalogue as it is now.
    pub fn load(&self) -> Arc<Catalogue> {
        Arc::clone(&lock(&self.catalogue))
    }

    fn store(&self, catalogue: Arc<Catalogue>) {
        *lock(&self.catalogue) = catalogue;
    }

    /// How it came to be.
    pub fn reloads(&self) -> Reloads {
        *lock(&self.reloads)
    }

    fn note(&self, was_taken: bool) {
        let mut reloads = lock(&self.reloads);
        reloads.is_behind = !was_taken;
        if was_taken {
            reloads.taken += 1;
        } else {
            reloads.refused += 1;
        }
    }

    /// Where each domain tells those who are counted what is kept of them. `front` is the gateway's.
    pub(super) fn statements(&self, front: &Front) -> Vec<String> {
        let catalogue = self.load();
        let packages = catalogue.packages.iter().map(|package| &package.domains);
        let indexes = catalogue.indexes.iter().map(|index| &index.domains);
        let pixels = catalogue.pixels.iter().map(|pixel| &pixel.domains);
        let sites = catalogue.sites.iter().map(|site| &site.domains);
        let domains = packages.chain(indexes).chain(pixels).chain(sites);
        let domains = domains.flatten().collect::<BTreeSet<_>>().into_iter();
        domains.map(|domain| front.statement(domain)).collect()
    }

    /// Its packages as the page lists them: those with a name of their own, not patterns. `front` is the gateway's.
    pub(super) fn configured(&self, front: &Front) -> Vec<ConfiguredPackage> {
        let catalogue = self.load();
        let mut found: BTreeMap<String, ConfiguredPackage> = BTreeMap::new();
        let mut add = |name: &str,
                       ecosystem: &str,
                       domains: &[String],
                       commands: &dyn Fn(&str) -> Vec<String>| {
            let package = found
                .entry(name.to_owned())
                .or_insert_with(|| ConfiguredPackage {
                    name: name.to_owned(),
                    ecosystem: ecosystem.to_owned(),
                    domains: Vec::new(),
                    commands: Vec::new(),
                    public: false,
                });
            package.domains.extend(
                domains
                    .iter()
                    .filter(|domain| !package.domains.contains(domain))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            package
                .commands
                .extend(domains.iter().flat_map(|domain| commands(domain)));
        };
        for package in &catalogue.packages {
            let (name, domains) = (&package.name, &package.domains);
            match &package.kind {
                PackageKind::File(routes) => {
                    add(name, "file", domains, &|domain| front.file(domain, routes));
                }
                PackageKind::Script(routes) => {
                    add(name, "script", domains, &|domain| {
                        front.script(domain, routes)
                    });
                }
                // What a pattern matches is known when it is pulled.
                PackageKind::Oci(image) if !image.name.is_single() => {}
                PackageKind::Oci(image) => {
                    add(name, "oci", domains, &|domain| front.oci(domain, image));
                }
                PackageKind::Python(project) => add(name, "pypi", domains, &|domain| {
                    front.project(domain, project)
                }),
                PackageKind::Event(routes) => add(name, "event", domains, &|domain| {
                    front.event(domain, routes)
                }),
            }
        }
        for index in &catalogue.indexes {
            let names = index.packages.iter().map(|pattern| &pattern.0);
            let names = names.filter(|name| !name.contains('*'));
            for name in names.chain(&index.public).collect::<BTreeSet<_>>() {
                add(name, index.kind.as_str(), &index.domains, &|domain| {
                    front.index(domain, index, name)
                });
            }
        }
        for pixel in &catalogue.pixels {
            add(&pixel.package, "docs", &pixel.domains, &|domain| {
                front.pixel(domain, pixel)
            });
        }
        let packages = catalogue.packages.iter().filter(|package| package.public);
        let public = packages.map(|package| &package.name);
        let indexed = catalogue.indexes.iter().flat_map(|index| &index.public);
        for name in public.chain(indexed) {
            if let Some(found) = found.get_mut(name) {
                found.public = true;
            }
        }
        found.into_values().collect()
    }
}

/// What stands there is whole whenever it is let go.
fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What takes another configuration while it runs.
#[derive(Clone)]
pub(super) struct Running {
    pub(super) serving: Arc<Serving>,
    /// None where this process answers no downloads.
    pub(super) gateway: Option<Gateway>,
    /// None where it answers no questions.
    pub(super) exports: Option<Scheduled>,
}

/// Loads `path` again whenever it changes or SIGHUP comes.
pub(super) fn follow(
    path: PathBuf,
    files: Vec<Seen>,
    mut hangups: Hangups,
    running: Running,
    background: &Runtime,
) {
    let (notice, mut notices) = mpsc::channel(1);
    let mut watched = paths(&files);
    let mut watching = watch_files(files, &notice);
    let serving = Arc::clone(&running.serving);
    background.spawn(async move {
        loop {
            tokio::select! {
                change = notices.recv() => if change.is_none() { return },
                () = hangups.asked() => {}
            }
            // A large configuration takes as long as thousands of requests.
            let (path, running) = (path.clone(), running.clone());
            service::reloading();
            let loaded = tokio::task::spawn_blocking(move || load(&path, &running));
            let loaded = loaded.await.ok().flatten();
            service::ready();
            serving.note(loaded.is_some());
            // A watch that goes on reports each change once.
            if let Some(files) = loaded
                && paths(&files) != watched
            {
                watched = paths(&files);
                drop(watching.take());
                watching = watch_files(files, &notice);
            }
        }
    });
}

/// Puts what `path` says now in the place of what is served. The files that were read; none where
/// something is wrong with them and everything stays as it was.
fn load(path: &Path, running: &Running) -> Option<Vec<Seen>> {
    let begun = Instant::now();
    let config = read(path)
        .inspect_err(|errors| {
            tracing::error!("configuration not loaded again, the old one stays: {errors}");
        })
        .ok()?;
    let exports = running.exports.as_ref();
    let exports = exports
        .map(|exports| exports.change(&config.settings))
        .transpose()
        .inspect_err(|error| {
            tracing::error!("configuration not loaded again, the old one stays: {error}");
        })
        .ok()?;
    let catalogue = Arc::new(config.catalogue);
    running.serving.store(Arc::clone(&catalogue));
    if let Some(gateway) = &running.gateway {
        let Settings {
            privacy,
            certificates,
            ..
        } = &config.settings;
        gateway.reload(catalogue, privacy.controller.clone(), certificates);
    }
    if let Some(change) = exports {
        change();
    }
    tracing::info!(
        took_ms = begun.elapsed().as_millis() as u64,
        "configuration loaded again; settings outside packages, exports and certificates need a restart"
    );
    Some(config.files)
}

/// The configuration as it stood at one moment: what changed while it was read is read again. One that changes all
/// the time is taken as it was read last; the watch reports it again.
fn read(path: &Path) -> Result<Config, Errors> {
    const MOST: usize = 10;
    let mut config = Config::load(path, std::env::vars())?;
    for _ in 1..MOST {
        if config.files.iter().all(Seen::holds) {
            break;
        }
        config = Config::load(path, std::env::vars())?;
    }
    Ok(config)
}

fn paths(files: &[Seen]) -> Vec<PathBuf> {
    files.iter().map(|file| file.path.clone()).collect()
}

/// Watches `files`; the watch lives as long as what this returns.
fn watch_files(files: Vec<Seen>, notice: &mpsc::Sender<()>) -> Option<Watch> {
    let notice = notice.clone();
    let noticed = move || {
        // A full channel already holds a reason to load again.
        let _ = notice.try_send(());
    };
    watch(files, noticed)
        .map_err(|error| tracing::warn!(%error, "configuration is not watched"))
        .ok()
}
