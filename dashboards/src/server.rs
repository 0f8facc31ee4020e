//! Puts the parts together behind a listener. Listener, clock and shutdown come from outside.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use tokio::net::TcpListener;

use crate::accounts::{Accounts, Clock};
use crate::answers::Answers;
use crate::api::limits::Limits;
use crate::checks::Checking;
use crate::connections::{self, ServeError};
use crate::export::Exporter;
use crate::import::Import;
use crate::live::Live;
use crate::oidc::{Oidc, OidcSettings};
use crate::operation::Operating;
use crate::organisations::{Correct, Stages};
use crate::public::{self, Public};
use crate::status::Status;
use crate::store::Connect;
use crate::workbench::Workbench;
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
    /// Whether everybody may know its downloads by week.
    pub public: bool,
}

/// What the dashboard needs from the program around it.
pub struct Options {
    /// The packages configured at the moment.
    pub catalogue: Arc<dyn Fn() -> Vec<ConfiguredPackage> + Send + Sync>,
    /// Where ClickHouse is at the moment, with a user that may only read.
    pub connect: Connect,
    /// The same ClickHouse with a user whose statements may take long and answer much.
    pub export: Connect,
    /// The same ClickHouse with a user for statements that people write; none where there is no such user.
    pub sql: Option<Connect>,
    /// The state of engine and spool at the moment.
    pub status: Arc<dyn Fn() -> Status + Send + Sync>,
    /// Days that single events are kept for.
    pub event_days: u16,
    /// Who may look.
    pub accounts: Accounts,
    /// Tells the time.
    pub clock: Clock,
    /// Importing by HTTP, where the operator allows it.
    pub import: Option<Import>,
    /// The provider through which people sign in, where the operator has one.
    pub oidc: Option<OidcSettings>,
    /// Folder for the counts of public packages.
    pub public: PathBuf,
    /// How the program runs.
    pub operating: Operating,
    /// Looks whether a package's downloads can come through.
    pub check: Checking,
    /// How far organisations have come: the rules in force.
    pub stages: Stages,
    /// Writes down which matches of organisations are wrong; none where nothing can be written.
    pub correct: Option<Arc<Correct>>,
}

/// Everything that handlers share.
pub(crate) struct Dashboard {
    pub(crate) catalogue: Arc<dyn Fn() -> Vec<ConfiguredPackage> + Send + Sync>,
    pub(crate) answers: Answers,
    pub(crate) exporter: Exporter,
    pub(crate) workbench: Option<Workbench>,
    pub(crate) status: Arc<dyn Fn() -> Status + Send + Sync>,
    pub(crate) accounts: Accounts,
    pub(crate) clock: Clock,
    pub(crate) import: Option<Import>,
    pub(crate) oidc: Option<Oidc>,
    pub(crate) public: Public,
    pub(crate) live: Live,
    pub(crate) operating: Operating,
    pub(crate) check: Checking,
    /// Held by the checks under way: they wait for others' answers.
    pub(crate) checking: tokio::sync::Mutex<()>,
    pub(crate) stages: Stages,
    pub(crate) correct: Option<Arc<Correct>>,
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
    let dashboard = Arc::new(Dashboard::new(options));
    let counting = tokio::spawn(public::count_by_the_hour(Arc::clone(&dashboard)));
    let live = Arc::clone(&dashboard);
    // Streams do not end by themselves, and answers under way are waited for.
    let shutdown = async move {
        shutdown.await;
        live.live.close();
    };
    let served = connections::serve(listener, serving(dashboard), shutdown).await;
    counting.abort();
    served
}

/// The dashboard as a service without a listener.
pub fn router(options: Options) -> Router {
    serving(Arc::new(Dashboard::new(options)))
}

impl Dashboard {
    fn new(options: Options) -> Self {
        let started = (options.clock)().as_microsecond();
        Self {
            operating: options.operating,
            check: options.check,
            checking: tokio::sync::Mutex::default(),
            live: Live::new(format!("{started:x}")),
            catalogue: options.catalogue,
            answers: Answers::new(options.connect, options.event_days),
            exporter: Exporter::new(options.export, options.event_days),
            workbench: options.sql.map(Workbench::new),
            status: options.status,
            accounts: options.accounts,
            oidc: options
                .oidc
                .map(|settings| Oidc::new(settings, Arc::clone(&options.clock))),
            clock: options.clock,
            import: options.import,
            public: Public::new(options.public),
            stages: options.stages,
            correct: options.correct,
            importing: tokio::sync::Mutex::default(),
        }
    }

    /// Whether a password signs somebody in.
    pub(crate) fn takes_passwords(&self) -> bool {
        self.oidc.as_ref().is_none_or(|oidc| oidc.settings.password)
    }
}

fn serving(dashboard: Arc<Dashboard>) -> Router {
    let imports = api::imports(Arc::clone(&dashboard)).with_state(Arc::clone(&dashboard));
    api::router(Arc::clone(&dashboard))
        .with_state(dashboard)
        .fallback_service(assets::router())
        .layer(DefaultBodyLimit::max(MOST_BODY_BYTES))
        .layer(middleware::from_fn(api::guard::in_time))
        .merge(imports)
        .layer(middleware::from_fn_with_state(
            Arc::<Limits>::default(),
            api::limits::within,
        ))
        .layer(middleware::from_fn(api::guard::hardened))
        .layer(middleware::from_fn(api::guard::named))
}
