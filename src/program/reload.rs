//! Another configuration while running: all of it or nothing.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use weir_config::catalogue::{Catalogue, PackageKind};
use weir_config::{Config, Watch, watch};
use weir_dashboards::ConfiguredPackage;
use weir_gateway::Gateway;

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

    /// Its packages as the page lists them: those with a name of their own, not patterns.
    pub(super) fn configured(&self) -> Vec<ConfiguredPackage> {
        let catalogue = self.load();
        let mut found: BTreeMap<String, ConfiguredPackage> = BTreeMap::new();
        let mut add = |name: &str, ecosystem: &str, domains: &[String]| {
            let package = found.entry(name.to_owned()).or_insert_with(|| ConfiguredPackage {
                name: name.to_owned(),
                ecosystem: ecosystem.to_owned(),
                domains: Vec::new(),
            });
            package.domains.extend(domains.iter().filter(|domain| !package.domains.contains(domain)).cloned().collect::<Vec<_>>());
        };
        for package in &catalogue.packages {
            let ecosystem = match package.kind {
                PackageKind::File(_) => "file",
                PackageKind::Oci(_) => "oci",
                PackageKind::Event(_) => "event",
            };
            add(&package.name, ecosystem, &package.domains);
        }
        for index in &catalogue.indexes {
            for pattern in index.packages.iter().filter(|pattern| !pattern.0.contains('*')) {
                add(&pattern.0, index.kind.as_str(), &index.domains);
            }
        }
        for pixel in &catalogue.pixels {
            add(&pixel.package, "docs", &pixel.domains);
        }
        found.into_values().collect()
    }
}

/// Loads `path` again whenever it changes or SIGHUP comes.
pub(super) fn follow(path: PathBuf, files: Vec<PathBuf>, serving: Arc<Serving>, gateway: Option<Gateway>, background: &Runtime) {
    let (changed, mut changes) = mpsc::channel(1);
    let mut watching = watch_files(files, &changed);
    background.spawn(async move {
        // Without SIGHUP there is still the watch.
        let mut hangup = signal(SignalKind::hangup()).ok();
        loop {
            let hangup = async {
                match &mut hangup {
                    Some(hangup) => hangup.recv().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                change = changes.recv() => if change.is_none() { return },
                _ = hangup => {}
            }
            match Config::load(&path, std::env::vars()) {
                Ok(config) => {
                    let catalogue = Arc::new(config.catalogue);
                    serving.store(Arc::clone(&catalogue));
                    if let Some(gateway) = &gateway {
                        gateway.reload(catalogue);
                    }
                    drop(std::mem::replace(&mut watching, watch_files(config.files, &changed)));
                    tracing::info!("configuration loaded again; settings outside packages need a restart");
                }
                Err(errors) => tracing::error!("configuration not loaded again, the old one stays: {errors}"),
            }
        }
    });
}

/// Watches `files`; the watch lives as long as what this returns.
fn watch_files(files: Vec<PathBuf>, changed: &mpsc::Sender<()>) -> Option<Watch> {
    let changed = changed.clone();
    let noticed = move || {
        // A full channel already holds a reason to load again.
        let _ = changed.try_send(());
    };
    watch(files, noticed).map_err(|error| tracing::warn!(%error, "configuration is not watched")).ok()
}
