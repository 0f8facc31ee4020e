//! Puts the parts together behind a listener. Listener, clock and shutdown come from outside.

use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tokio::net::TcpListener;

use crate::accounts::{Accounts, Clock};
use crate::answers::Answers;
use crate::connections::{self, ServeError};
use crate::export::Exporter;
use crate::import::Import;
use crate::status::Status;
use crate::store::Connect;
use crate::{api, assets};

/// A package of the operator's configuration, as far as a page needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredPackage {
    /// The name that events carry.
    pub name: String,
    /// Kind of registry: file, oci, pypi, event; docs where only a pixel counts for it.
    pub ecosystem: String,
    /// Host names that serve it.
    pub domains: Vec<String>,
    /// Commands that download it through them, to be copied; what stands in braces is for the reader to fill.
    pub commands: Vec<String>,
}

/// What the dashboard needs from the program around it.
pub struct Options {
    /// The packages configured at the moment.
    pub catalogue: Arc<dyn Fn() -> Vec<ConfiguredPackage> + Send + Sync>,
    /// Where ClickHouse is at the moment, with a user that may only read.
    pub connect: Connect,
    /// The same ClickHouse with a user whose statements may take long and answer much.
    pub export: Connect,
    /// The state of engine and spool at the moment.
    pub status: Arc<dyn Fn() -> Status + Send + Sync>,
    /// Who may look.
    pub accounts: Accounts,
    /// Tells the time.
    pub clock: Clock,
    /// Importing by HTTP, where the operator allows it.
    pub import: Option<Import>,
}

/// Everything that handlers share.
pub(crate) struct Dashboard {
    pub(crate) catalogue: Arc<dyn Fn() -> Vec<ConfiguredPackage> + Send + Sync>,
    pub(crate) answers: Answers,
    pub(crate) exporter: Exporter,
    pub(crate) status: Arc<dyn Fn() -> Status + Send + Sync>,
    pub(crate) accounts: Accounts,
    pub(crate) clock: Clock,
    pub(crate) import: Option<Import>,
    /// Held by the import under way: one at a time is as fast as ClickHouse takes them.
    pub(crate) importing: tokio::sync::Mutex<()>,
}

/// The largest body of a request, in bytes: a question is a few hundred.
const MOST_BODY_BYTES: usize = 64 << 10;

/// Serves the dashboard until `shutdown` completes, then lets running requests finish.
pub async fn run(
    options: Options,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    connections::serve(listener, router(options), shutdown).await
}

/// The dashboard as a service without a listener.
pub fn router(options: Options) -> Router {
    let dashboard = Arc::new(Dashboard {
        catalogue: options.catalogue,
        answers: Answers::new(options.connect),
        exporter: Exporter::new(options.export),
        status: options.status,
        accounts: options.accounts,
        clock: options.clock,
        import: options.import,
        importing: tokio::sync::Mutex::default(),
    });
    let imports = api::imports().with_state(Arc::clone(&dashboard));
    api::router()
        .with_state(dashboard)
        .fallback_service(assets::router())
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::from_fn(api::guard::in_time))
        .merge(imports)
        .layer(middleware::from_fn(api::guard::hardened))
}
