//! The half that answers questions: what it is told about the rest of the program, and how it is started.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::runtime::Runtime;
use tokio::sync::watch;
use weir_config::settings::Settings;
use weir_dashboards::{Accounts, Connect, ConnectInfo};
use weir_ingest::engine::{Access, Engine, Role};

use super::exports::Scheduled;
use super::first_use::Front;
use super::reload::Serving;
use super::{
    Downloads, accounts, checks, corrections, exports, operation, provider, stages, status,
    workbench,
};

/// The half that answers questions.
pub(super) struct Page {
    pub(super) address: SocketAddr,
    pub(super) done: tokio::task::JoinHandle<()>,
    /// None where their database did not answer at start.
    pub(super) accounts: Option<Accounts>,
    pub(super) exports: Scheduled,
}

/// How clients reach the gateway, here or where it runs alone.
fn front(settings: &Settings, downloads: Option<&Downloads>) -> Front {
    let port = |address: Option<&SocketAddr>| address.map(SocketAddr::port);
    let Some(Downloads {
        gateway, addresses, ..
    }) = downloads
    else {
        return Front {
            port: port(settings.gateway.http.first()).unwrap_or(80),
            https: port(settings.gateway.https.first()),
            has_certificate: Arc::new(|_| true),
        };
    };
    let gateway = gateway.clone();
    Front {
        port: port(addresses.http.first()).unwrap_or(80),
        https: port(addresses.https.first()),
        has_certificate: Arc::new(move |domain| gateway.has_certificate(domain)),
    }
}

/// Starts answering on `listener`. Their database may come later; until then nobody can sign in.
pub(super) fn start(
    settings: &Settings,
    serving: &Arc<Serving>,
    engine: &Arc<Engine>,
    downloads: Option<&Downloads>,
    listener: TcpListener,
    mut stop: watch::Receiver<bool>,
    background: &Runtime,
) -> anyhow::Result<Page> {
    let clock: weir_dashboards::Clock = Arc::new(jiff::Timestamp::now);
    let accounts = background.block_on(accounts::at_start(settings, &clock))?;
    let catalogue = Arc::clone(serving);
    let front = front(settings, downloads);
    let status = status::source(
        engine,
        downloads.map(|downloads| {
            let state = downloads.shipper.state();
            (&downloads.gateway, &downloads.ingest, state)
        }),
    );
    let exports = Scheduled::new(settings)?;
    background.spawn(exports.jobs(engine, &status, &clock).run());
    let export = exports::connect_to(engine);
    let sql = workbench::connect_to(engine);
    let reader = downloads.map_or_else(
        || {
            let engine = Arc::clone(engine);
            Arc::new(move || Some(connect(engine.access(Role::Dash)))) as Connect
        },
        |downloads| downloads.prepared(engine),
    );
    let import = crate::import::by_http(settings, Arc::clone(serving), Arc::clone(engine));
    let public = settings.data_dir.join("public");
    let check = checks::checking(serving, front.clone())?;
    let ingest = downloads.map(|downloads| Arc::clone(&downloads.ingest));
    let operating = operation::source(settings, ingest, serving, &exports, front.clone());
    let stages = stages::follow(settings, background)?;
    let correct = corrections::by_page(engine);
    let event_days = settings.retention.raw_days;
    let provider = provider::of(settings);
    let (wanted, ticks) = (settings.clone(), Arc::clone(&clock));
    let options = move |accounts| weir_dashboards::Options {
        catalogue: Arc::new(move || catalogue.configured(&front)),
        connect: reader,
        export,
        sql,
        status,
        event_days,
        accounts,
        clock,
        import: Some(import),
        oidc: provider,
        public,
        operating,
        check,
        stages,
        correct: Some(correct),
    };
    let address = listener.local_addr()?;
    let listener = {
        let _inside = background.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    let known = accounts.clone();
    let done = background.spawn(async move {
        let accounts = match known {
            Some(accounts) => accounts,
            None => accounts::in_time(&wanted, &ticks, address).await,
        };
        let stopped = async move {
            let _ = stop.wait_for(|stop| *stop).await;
        };
        if let Err(error) = weir_dashboards::run(options(accounts), listener, stopped).await {
            tracing::error!(%error, "the dashboard ended");
        }
    });
    Ok(Page {
        address,
        done,
        accounts,
        exports,
    })
}

/// The same as the dashboard wants it.
pub(super) fn connect(access: Access) -> ConnectInfo {
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
