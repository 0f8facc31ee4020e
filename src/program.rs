//! The running program: what is started in which order, how it reloads, and how it ends.
//!
//! Listeners come first, so that a taken port is an error before anything is touched. Nothing that
//! starts after the gateway can stop it: a missing engine or a full disk shows on the page and in
//! the log, and downloads go on.

mod exports;
mod first_use;
mod install;
mod reload;
mod signals;
mod status;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use weir_config::Config;
use weir_config::settings::{ClickHouse, Settings};
use weir_dashboards::{Accounts, ConnectInfo};
use weir_gateway::Gateway;
use weir_ingest::Ingest;
use weir_ingest::engine::{Access, Engine, EngineOptions, Role};
use weir_ingest::ship::Shipper;

pub use exports::{check_exports, connect_to as connect_to_export};
pub use reload::Serving;

use signals::{End, Reloads};

/// One half of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Only {
    /// Answers downloads and ships their events.
    Gateway,
    /// Answers questions.
    Dashboards,
}

/// A running program. Ends when [`Program::run_until_signal`] returns.
pub struct Program {
    serving: Arc<Serving>,
    engine: Arc<Engine>,
    downloads: Option<Downloads>,
    page: Option<Page>,
    background: Runtime,
    shutdown: watch::Sender<bool>,
    end: End,
}

/// The half that answers downloads.
struct Downloads {
    gateway: Gateway,
    ingest: Arc<Ingest>,
    shipper: Shipper,
    runtime: Runtime,
    addresses: Vec<SocketAddr>,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
}

/// The half that answers questions.
struct Page {
    address: SocketAddr,
    accounts: Accounts,
}

impl Program {
    /// Starts everything, or the half that `only` names. `path` is where a reload reads again.
    pub fn start(
        config: Config,
        path: Option<PathBuf>,
        only: Option<Only>,
    ) -> anyhow::Result<Self> {
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
        let listeners = match only {
            Some(Only::Dashboards) => Vec::new(),
            _ => weir_gateway::listen(&settings.gateway.http)?,
        };
        let page = match only {
            Some(Only::Gateway) => None,
            _ => Some(listen_page(&settings)?),
        };
        std::fs::create_dir_all(&settings.data_dir)
            .with_context(|| format!("cannot create the folder {}", settings.data_dir.display()))?;
        let (shutdown, stop) = watch::channel(false);
        let serving = Arc::new(Serving::new(catalogue));
        let background = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("background")
            .enable_all()
            .build()?;
        let end = background.block_on(async { End::listen() })?;

        let ingest = (only != Some(Only::Dashboards))
            .then(|| Ingest::open(&settings))
            .transpose()?
            .map(Arc::new);
        let engine = Arc::new(start_engine(&settings)?);
        let downloads = ingest
            .map(|ingest| {
                start_downloads(
                    &settings,
                    &serving,
                    ingest,
                    &engine,
                    listeners,
                    stop.clone(),
                )
            })
            .transpose()?;
        let page = page
            .map(|listener| {
                start_page(
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
        if let Some(path) = path {
            let gateway = downloads
                .as_ref()
                .map(|downloads| downloads.gateway.clone());
            let hangups = background.block_on(async { Reloads::listen() })?;
            reload::follow(
                path,
                files,
                hangups,
                Arc::clone(&serving),
                gateway,
                &background,
            );
        }
        Ok(Self {
            serving,
            engine,
            downloads,
            page,
            background,
            shutdown,
            end,
        })
    }

    /// The code that makes the owner, while there is none.
    pub fn setup_code(&self) -> Option<&str> {
        self.page.as_ref()?.accounts.setup_code()
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

    /// Says where everything is, waits for SIGTERM or SIGINT, and ends in order: answers under way,
    /// then the spool, then the engine.
    pub fn run_until_signal(mut self) -> anyhow::Result<()> {
        self.greet();
        self.background.block_on(self.end.asked());
        tracing::info!("ending");
        self.shutdown.send_replace(true);
        if let Some(downloads) = self.downloads {
            downloads
                .runtime
                .block_on(downloads.done)
                .context("the gateway's task panicked")??;
            downloads.runtime.shutdown_background();
            downloads.ingest.spool().close();
            downloads.shipper.stop();
        }
        self.background
            .shutdown_timeout(std::time::Duration::from_secs(5));
        self.engine.stop();
        tracing::info!("ended");
        Ok(())
    }

    fn greet(&self) {
        if let Some(downloads) = &self.downloads {
            let catalogue = self.serving.load();
            for address in &downloads.addresses {
                tracing::info!(%address, packages = catalogue.packages.len(), indexes = catalogue.indexes.len(), "gateway listens");
            }
        }
        if let Some(Page { address, accounts }) = &self.page {
            tracing::info!(%address, "dashboard listens");
            if let Some(code) = accounts.setup_code() {
                // For the console only: the log may be kept.
                eprintln!(
                    "\nFirst run. Make the owner's account at\n\n  http://{address}/setup#code={code}\n"
                );
            }
        }
    }
}

fn listen_page(settings: &Settings) -> anyhow::Result<std::net::TcpListener> {
    let address = settings.dashboards.listen;
    let listener = std::net::TcpListener::bind(address).with_context(|| {
        format!("cannot listen on {address}; choose another in [dashboards] listen")
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

pub(crate) fn start_engine(settings: &Settings) -> anyhow::Result<Engine> {
    if let Some(access) = server(settings) {
        return Ok(Engine::external(access));
    }
    Ok(Engine::start(engine_options(settings)?)?)
}

/// ClickHouse for a command of its own: a server, the engine of a running program, or one that is started.
pub fn reach_engine(settings: &Settings) -> anyhow::Result<Engine> {
    if let Some(access) = server(settings) {
        return Ok(Engine::external(access));
    }
    Ok(Engine::start_or_join(engine_options(settings)?)?)
}

/// The server that somebody else runs, if there is one.
fn server(settings: &Settings) -> Option<Access> {
    let ClickHouse {
        url,
        user,
        password,
        database,
        ..
    } = settings.clickhouse.clone();
    Some(Access {
        url: url?.into(),
        user,
        password: password
            .map(|credentials| credentials.password)
            .unwrap_or_default(),
        database,
    })
}

fn engine_options(settings: &Settings) -> anyhow::Result<EngineOptions> {
    let ClickHouse {
        database,
        engine,
        memory_bytes,
        ..
    } = settings.clickhouse.clone();
    Ok(EngineOptions {
        data_dir: settings.data_dir.clone(),
        executable: std::env::current_exe().context("cannot find the running program")?,
        arguments: vec!["engine".into()],
        engine,
        database,
        memory_bytes,
    })
}

fn start_downloads(
    settings: &Settings,
    serving: &Serving,
    ingest: Arc<Ingest>,
    engine: &Engine,
    listeners: Vec<std::net::TcpListener>,
    stop: watch::Receiver<bool>,
) -> anyhow::Result<Downloads> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(settings.gateway.threads)
        .thread_name("gateway")
        .enable_all()
        .build()?;
    let gateway = Gateway::new(
        settings.gateway.clone(),
        serving.load(),
        Arc::clone(&ingest),
    )?;
    let shipper = Shipper::start(Arc::clone(ingest.spool()), engine)?;
    let forgetful = Arc::clone(&ingest);
    runtime.spawn(async move {
        let mut minutes = tokio::time::interval(std::time::Duration::from_mins(1));
        loop {
            minutes.tick().await;
            forgetful.forget();
        }
    });
    let serve = gateway.clone();
    let addresses = listeners
        .iter()
        .map(std::net::TcpListener::local_addr)
        .collect::<Result<_, _>>()?;
    let done = runtime.spawn(async move { serve.serve(listeners, stop).await });
    Ok(Downloads {
        gateway,
        ingest,
        shipper,
        runtime,
        addresses,
        done,
    })
}

fn start_page(
    settings: &Settings,
    serving: &Arc<Serving>,
    engine: &Arc<Engine>,
    downloads: Option<&Downloads>,
    listener: std::net::TcpListener,
    mut stop: watch::Receiver<bool>,
    background: &Runtime,
) -> anyhow::Result<Page> {
    let clock: weir_dashboards::Clock = Arc::new(jiff::Timestamp::now);
    let accounts = Accounts::open(&settings.data_dir.join("weir.db"), Arc::clone(&clock))?;
    let reader = Arc::clone(engine);
    let catalogue = Arc::clone(serving);
    let gateway = downloads
        .and_then(|downloads| downloads.addresses.first())
        .or_else(|| settings.gateway.http.first());
    let port = gateway.map_or(80, SocketAddr::port);
    let status = status::source(
        engine,
        downloads.map(|downloads| {
            let state = downloads.shipper.state();
            (&downloads.gateway, &downloads.ingest, state)
        }),
    );
    let jobs = exports::jobs(settings, engine, &status, &clock)?;
    background.spawn(jobs.run());
    let options = weir_dashboards::Options {
        catalogue: Arc::new(move || catalogue.configured(port)),
        connect: Arc::new(move || Some(connect(reader.access(Role::Dash)))),
        export: exports::connect_to(engine),
        status: Arc::clone(&status),
        accounts: accounts.clone(),
        clock,
        import: crate::import::by_http(settings, Arc::clone(serving), Arc::clone(engine)),
    };
    let address = listener.local_addr()?;
    let listener = {
        let _inside = background.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    background.spawn(async move {
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        if let Err(error) = weir_dashboards::run(options, listener, stopped).await {
            tracing::error!(%error, "the dashboard ended");
        }
    });
    Ok(Page { address, accounts })
}

fn connect(access: Access) -> ConnectInfo {
    let Access {
        url,
        user,
        password,
        database,
    } = access;
    ConnectInfo {
        url,
        user,
        password,
        database,
    }
}
