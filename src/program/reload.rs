//! Another configuration while running: all of it or nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use weir_config::catalogue::{Catalogue, PackageKind};
use weir_config::{Config, Watch, watch};
use weir_dashboards::ConfiguredPackage;
use weir_gateway::Gateway;

use super::first_use::Front;
use super::signals::Reloads;

/// The catalogue that is served at the moment.
pub struct Serving(Mutex<Arc<Catalogue>>);

impl Serving {
    pub(super) fn new(catalogue: Catalogue) -> Self {
        Self(Mutex::new(Arc::new(catalogue)))
    }

    /// The catalogue as it is now.
    pub fn load(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn store(&self, catalogue: Arc<Catalogue>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }

    /// Its packages as the page lists them: those with a name of their own, not patterns. `port` is the gateway's.
    pub(super) fn configured(&self, port: u16) -> Vec<ConfiguredPackage> {
        let (catalogue, front) = (self.load(), Front { port });
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
            for pattern in index
                .packages
                .iter()
                .filter(|pattern| !pattern.0.contains('*'))
            {
                add(&pattern.0, index.kind.as_str(), &index.domains, &|domain| {
                    front.index(domain, index, &pattern.0)
                });
            }
        }
        for pixel in &catalogue.pixels {
            add(&pixel.package, "docs", &pixel.domains, &|domain| {
                front.pixel(domain, pixel)
            });
        }
        found.into_values().collect()
    }
}

/// Loads `path` again whenever it changes or SIGHUP comes.
pub(super) fn follow(
    path: PathBuf,
    files: Vec<PathBuf>,
    mut hangups: Reloads,
    serving: Arc<Serving>,
    gateway: Option<Gateway>,
    background: &Runtime,
) {
    let (notice, mut notices) = mpsc::channel(1);
    let mut watching = watch_files(files, &notice);
    background.spawn(async move {
        loop {
            tokio::select! {
                change = notices.recv() => if change.is_none() { return },
                () = hangups.asked() => {}
            }
            // A large configuration takes as long as thousands of requests.
            let (path, serving, gateway) = (path.clone(), Arc::clone(&serving), gateway.clone());
            let loaded =
                tokio::task::spawn_blocking(move || load(&path, &serving, gateway.as_ref()));
            if let Ok(Some(files)) = loaded.await {
                drop(std::mem::replace(
                    &mut watching,
                    watch_files(files, &notice),
                ));
            }
        }
    });
}

/// Puts what `path` says now in the place of what is served. The files that were read; none where
/// something is wrong with them and everything stays as it was.
fn load(path: &Path, serving: &Serving, gateway: Option<&Gateway>) -> Option<Vec<PathBuf>> {
    let begun = Instant::now();
    let config = Config::load(path, std::env::vars())
        .inspect_err(|errors| {
            tracing::error!("configuration not loaded again, the old one stays: {errors}");
        })
        .ok()?;
    let catalogue = Arc::new(config.catalogue);
    serving.store(Arc::clone(&catalogue));
    if let Some(gateway) = gateway {
        gateway.reload(catalogue);
    }
    tracing::info!(
        took_ms = begun.elapsed().as_millis() as u64,
        "configuration loaded again; settings outside packages need a restart"
    );
    Some(config.files)
}

/// Watches `files`; the watch lives as long as what this returns.
fn watch_files(files: Vec<PathBuf>, notice: &mpsc::Sender<()>) -> Option<Watch> {
    let notice = notice.clone();
    let noticed = move || {
        // A full channel already holds a reason to load again.
        let _ = notice.try_send(());
    };
    watch(files, noticed)
        .map_err(|error| tracing::warn!(%error, "configuration is not watched"))
        .ok()
}
