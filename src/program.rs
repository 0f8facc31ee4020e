//! The running program: what is started in which order, how it reloads, and how it ends.
//!
//! Listeners come first, so that a taken port is an error before anything is touched. Nothing that
//! starts after the gateway can stop it: a missing engine or a full disk shows on the page and in
//! the log, and downloads go on.

mod accounts;
mod badges;
mod checks;
mod client_rules;
mod corrections;
mod descriptors;
mod end;
mod exports;
mod first_use;
mod inheritance;
mod install;
mod named;
mod operation;
mod operator;
mod page;
mod places;
mod protect;
mod provider;
mod reload;
mod service;
mod signals;
mod sockets;
mod stages;
mod status;
mod upgrade;
mod workbench;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{oneshot, watch};
use weir_config::settings::Settings;
use weir_config::{Config, Watch};
use weir_dashboards::Connect;
use weir_gateway::{Gateway, Kept, Listeners};
use weir_ingest::Ingest;
use weir_ingest::engine::{Access, Engine, Role};
use weir_ingest::ship::Shipper;
use weir_ingest::upkeep::Upkeep;

pub use accounts::open_accounts;
pub use exports::connect_to as connect_to_export;
pub use inheritance::{Inheritance, InheritanceError};
pub use named::faults_of_named;
pub use reload::{Reloads, Serving};
pub use upgrade::Upgrade;

use crate::reach::{retention, start_engine, start_engine_in_turn};
use crate::traces::Export;
use inheritance::Sockets;
use page::Page;
use signals::{End, Reloads as Hangups};
use sockets::{Addresses, listen_operator, listen_page};

/// One half of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    /// Answers downloads and ships their events.
    Gateway,
    /// Answers questions.
    Dashboards,
}

/// A running program. Ends when [`Program::run_until_signal`] or [`Program::run_until_succeeded`] returns.
pub struct Program {
    serving: Arc<Serving>,
    engine: Arc<Engine>,
    downloads: Option<Downloads>,
    page: Option<Page>,
    background: Runtime,
    /// True from the moment on that no new requests are wanted, and true once none is taken.
    unready: watch::Sender<bool>,
    shutdown: watch::Sender<bool>,
    drain_delay: Duration,
    traces: Option<Export>,
    end: End,
    /// What a successor would listen on.
    sockets: Sockets,
}

/// The half that answers downloads.
struct Downloads {
    gateway: Gateway,
    ingest: Arc<Ingest>,
    shipper: Shipper,
    /// None once a successor does it.
    upkeep: Option<Upkeep>,
    runtime: Runtime,
    addresses: Addresses,
    /// Connections are accepted once this is sent or dropped.
    open: Option<oneshot::Sender<()>>,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
    /// Follows the operator's rules about clients, where there are any.
    _client_rules: Option<Watch>,
}

impl Downloads {
    /// Accepts connections from here on.
    fn open(&mut self) {
        drop(self.open.take());
    }

    /// The way to ClickHouse, as soon as its tables are made.
    fn prepared(&self, engine: &Arc<Engine>) -> Connect {
        let (engine, shipping) = (Arc::clone(engine), self.shipper.state());
        Arc::new(move || {
            let is_prepared = shipping.borrow().prepared;
            is_prepared.then(|| page::connect(engine.access(Role::Dash)))
        })
    }
}

impl Program {
    /// Starts everything, or the half that `only` names. `path` is where a reload reads again.
    pub fn start(
        config: Config,
        path: Option<PathBuf>,
        only: Option<Only>,
    ) -> anyhow::Result<Self> {
        Self::start_after(config, path, only, None)
    }

    /// The same in the place of another process, which goes on until everything here runs.
    pub fn start_after(
        config: Config,
        path: Option<PathBuf>,
        only: Option<Only>,
        mut inheritance: Option<Inheritance>,
    ) -> anyhow::Result<Self> {
        protect::from_dumps();
        descriptors::raise_limit();
        // Another provider set earlier in this process serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Config {
            settings,
            catalogue,
            files,
            ..
        } = config;
        if only == Some(Only::Dashboards) && settings.clickhouse.url.is_none() {
            anyhow::bail!("the dashboard alone has no engine of its own: set [clickhouse] url");
        }
        let mut handed = |address| inheritance.as_mut()?.socket(address);
        let listeners = match only {
            Some(Only::Dashboards) => Listeners::default(),
            _ => weir_gateway::listen(&settings.gateway, &mut handed)?,
        };
        let page = match only {
            Some(Only::Gateway) => None,
            _ => Some(listen_page(&settings, &mut handed)?),
        };
        let operator = listen_operator(&settings, &mut handed)?;
        let sockets = sockets::again(&settings, &listeners, page.as_ref(), operator.as_ref())?;
        std::fs::create_dir_all(&settings.data_dir)
            .with_context(|| format!("cannot create the folder {}", settings.data_dir.display()))?;
        let (shutdown, stop) = watch::channel(false);
        let (unready, ending) = watch::channel(false);
        let serving = Arc::new(Serving::new(catalogue));
        let background = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("background")
            .enable_all()
            .build()?;
        let end = background.block_on(async { End::listen() })?;
        let traces = settings.operator.traces.as_ref();
        let traces = traces.map(|traces| Export::start(traces, &background));

        let ingest = (only != Some(Only::Dashboards))
            .then(|| Ingest::open_with(&settings, inheritance.as_ref().map(Inheritance::salt)))
            .transpose()?
            .map(Arc::new);
        if let Some(ingest) = &ingest {
            places::follow(&settings, ingest, &background)?;
        }
        let engine = Arc::new(match inheritance {
            None => start_engine(&settings)?,
            Some(_) => start_engine_in_turn(&settings)?,
        });
        let mut downloads = ingest
            .map(|ingest| {
                start_downloads(
                    &settings,
                    &serving,
                    ingest,
                    &engine,
                    listeners,
                    stop.clone(),
                    &background,
                )
            })
            .transpose()?;
        // Another process answers until everything here runs.
        if let (None, Some(downloads)) = (&inheritance, &mut downloads) {
            downloads.open();
        }
        if let Some(downloads) = &downloads {
            let connect = downloads.prepared(&engine);
            let counting = badges::count(
                connect,
                settings.retention.raw_days,
                Arc::clone(&serving),
                downloads.gateway.clone(),
            );
            background.spawn(counting);
        }
        let page = page
            .map(|listener| {
                page::start(
                    &settings,
                    &serving,
                    &engine,
                    downloads.as_ref(),
                    listener,
                    stop.clone(),
                    &background,
                )
            })
            .transpose()?;
        if let Some(listener) = operator {
            let sources = operator::Sources {
                engine: Arc::clone(&engine),
                serving: Arc::clone(&serving),
                downloads: downloads.as_ref().map(|downloads| operator::Downloads {
                    gateway: downloads.gateway.clone(),
                    ingest: Arc::clone(&downloads.ingest),
                    shipping: downloads.shipper.state(),
                    wrong_days: downloads
                        .upkeep
                        .as_ref()
                        .map(Upkeep::wrong_days)
                        .unwrap_or_default(),
                    spool_quota_bytes: settings.spool.quota_bytes,
                }),
                ending,
            };
            operator::start(listener, sources, &background)?;
        }
        if let Some(path) = path {
            let gateway = downloads
                .as_ref()
                .map(|downloads| downloads.gateway.clone());
            let hangups = background.block_on(async { Hangups::listen() })?;
            reload::follow(
                path,
                files,
                hangups,
                reload::Running {
                    serving: Arc::clone(&serving),
                    gateway,
                    exports: page.as_ref().map(|page| page.exports.clone()),
                },
                &background,
            );
        }
        service::live(match &downloads {
            Some(downloads) => &downloads.runtime,
            None => &background,
        });
        let mut program = Self {
            serving,
            engine,
            downloads,
            page,
            background,
            unready,
            shutdown,
            drain_delay: Duration::from_secs(settings.operator.drain_delay_s),
            traces: traces.transpose()?.flatten(),
            end,
            sockets,
        };
        if let Some(inheritance) = inheritance {
            program.enter_upon(inheritance);
        }
        Ok(program)
    }

    /// Accepts connections, and lets the other process know.
    fn enter_upon(&mut self, inheritance: Inheritance) {
        if let Some(downloads) = &mut self.downloads {
            downloads.open();
        }
        if let Err(error) = inheritance.enter_upon() {
            // All the more reason to serve.
            tracing::warn!(%error, "the process before this one ended by itself");
        }
    }

    /// The code that makes the owner, while there is none.
    pub fn setup_code(&self) -> Option<&str> {
        let accounts = self.page.as_ref()?.accounts.as_ref()?;
        self.background.block_on(accounts.setup_code())
    }

    /// How to reach ClickHouse in `role`.
    pub fn access(&self, role: Role) -> Access {
        self.engine.access(role)
    }

    /// How the engine is.
    pub fn engine_state(&self) -> watch::Receiver<weir_ingest::engine::EngineState> {
        self.engine.state()
    }

    /// Where work beside the program may run.
    pub fn background(&self) -> &Runtime {
        &self.background
    }

    fn greet(&self) {
        if let Some(downloads) = &self.downloads {
            let catalogue = self.serving.load();
            for address in &downloads.addresses.http {
                tracing::info!(%address, packages = catalogue.packages.len(), indexes = catalogue.indexes.len(), "gateway listens");
            }
            for address in &downloads.addresses.https {
                tracing::info!(%address, "gateway listens for TLS");
            }
        }
        if let Some(Page {
            address, accounts, ..
        }) = &self.page
        {
            tracing::info!(%address, "dashboard listens");
            if let Some(accounts) = accounts {
                self.background
                    .block_on(accounts::greet(accounts, *address));
            }
        }
    }
}

/// How long rows are kept, for those who are counted to read.
fn kept(settings: &Settings) -> Kept {
    Kept {
        events_days: settings.retention.raw_days,
        counts_months: Some(settings.retention.rollup_months),
    }
}

fn start_downloads(
    settings: &Settings,
    serving: &Serving,
    ingest: Arc<Ingest>,
    engine: &Engine,
    listeners: Listeners,
    stop: watch::Receiver<bool>,
    background: &Runtime,
) -> anyhow::Result<Downloads> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(settings.gateway.threads)
        .thread_name("gateway")
        .enable_all()
        .build()?;
    let gateway = Gateway::new(
        settings.gateway.clone(),
        &settings.certificates,
        settings.privacy.controller.clone(),
        kept(settings),
        serving.load(),
        Arc::clone(&ingest),
    )?;
    if let (Some(acme), false) = (&settings.acme, listeners.https.is_empty()) {
        // Whatever is wrong with the folder, downloads go on.
        match gateway.keep_certificates(acme.clone(), &settings.data_dir) {
            Ok(keeping) => drop(background.spawn(keeping)),
            Err(error) => tracing::error!(%error, "no certificates are ordered"),
        }
    }
    drop(background.spawn(gateway.keep_owners(&settings.data_dir)));
    let shipper = Shipper::start(Arc::clone(ingest.spool()), engine, retention(settings))?;
    let upkeep = Upkeep::start(engine, retention(settings))?;
    let forgetful = Arc::clone(&ingest);
    runtime.spawn(async move {
        let mut minutes = tokio::time::interval(Duration::from_mins(1));
        loop {
            minutes.tick().await;
            forgetful.forget();
        }
    });
    let hangups = runtime.block_on(async { Hangups::listen() })?;
    let client_rules = client_rules::follow(&ingest, hangups, &runtime);
    let serve = gateway.clone();
    let addresses = Addresses::of(&listeners)?;
    let (open, opened) = oneshot::channel();
    let done = runtime.spawn(async move {
        let _ = opened.await;
        serve.serve(listeners, stop).await
    });
    Ok(Downloads {
        gateway,
        ingest,
        shipper,
        upkeep: Some(upkeep),
        runtime,
        addresses,
        open: Some(open),
        done,
        _client_rules: client_rules,
    })
}
