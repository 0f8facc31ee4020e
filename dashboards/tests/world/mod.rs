//! A dashboard on a port of its own, and a browser in front of it.

#![allow(dead_code)] // each test file uses a part of it

pub(crate) mod bucket;
pub(crate) mod engine;
pub(crate) mod postgres;
pub(crate) mod provider;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use weir_dashboards::{
    Accounts, AccountsAt, Check, Checked, Clock, ConfiguredPackage, Connect, EngineState,
    OidcSettings, Operation, Options, Outcome, Stages, Status,
};

pub(crate) const PASSWORD: &str = "a long enough password";

/// A running dashboard; it ends when this is dropped.
pub(crate) struct World {
    pub(crate) address: String,
    pub(crate) code: String,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) accounts: Accounts,
    catalogue: Arc<Mutex<Vec<ConfiguredPackage>>>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

/// The ways of a dashboard to ClickHouse, one a user.
struct Ways {
    read: Connect,
    export: Connect,
    sql: Option<Connect>,
}

impl Ways {
    /// Without one for people's own statements.
    fn of(read: Connect, export: Connect) -> Self {
        let sql = None;
        Self { read, export, sql }
    }
}

/// Starts a dashboard on an engine, with a way for people's own statements.
pub(crate) async fn dashboard_on_engine(engine: &engine::Filled) -> World {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = AccountsAt::File(folder.path().join("weir.db"));
    let ways = Ways {
        sql: Some(engine.connect_for_sql()),
        ..Ways::of(engine.connect(), engine.connect_to_export())
    };
    start(folder, at, ways, Arc::new(Timestamp::now), None).await
}

/// Starts a dashboard that has no ClickHouse.
pub(crate) async fn without_engine() -> World {
    dashboard(Arc::new(|| None), Arc::new(|| None)).await
}

/// Starts a dashboard that reads from wherever `connect` says, and exports from wherever `export` does.
pub(crate) async fn dashboard(connect: Connect, export: Connect) -> World {
    let folder = tempfile::tempdir().expect("a temporary folder");
    dashboard_in(folder, connect, export, Arc::new(Timestamp::now)).await
}

/// The same, in a folder of the test's own and at whatever time `clock` tells.
pub(crate) async fn dashboard_in(
    folder: tempfile::TempDir,
    connect: Connect,
    export: Connect,
    clock: Clock,
) -> World {
    let at = AccountsAt::File(folder.path().join("weir.db"));
    start(folder, at, Ways::of(connect, export), clock, None).await
}

/// A dashboard without ClickHouse that listens on `listener` and signs people in through `oidc`.
pub(crate) async fn dashboard_with(listener: TcpListener, oidc: OidcSettings) -> World {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = AccountsAt::File(folder.path().join("weir.db"));
    let nowhere: Connect = Arc::new(|| None);
    let clock = Arc::new(Timestamp::now);
    let provider = Some((listener, oidc));
    let ways = Ways::of(Arc::clone(&nowhere), nowhere);
    start(folder, at, ways, clock, provider).await
}

/// The same, with accounts kept elsewhere.
pub(crate) async fn dashboard_on(
    folder: tempfile::TempDir,
    at: AccountsAt,
    connect: Connect,
    export: Connect,
) -> World {
    let clock = Arc::new(Timestamp::now);
    start(folder, at, Ways::of(connect, export), clock, None).await
}

async fn start(
    folder: tempfile::TempDir,
    at: AccountsAt,
    ways: Ways,
    clock: Clock,
    provider: Option<(TcpListener, OidcSettings)>,
) -> World {
    let (listener, oidc) = provider.unzip();
    let accounts = Accounts::open(&at, 30, Arc::new(Timestamp::now)).await;
    let accounts = accounts.expect("a database");
    let code = accounts.setup_code().await.expect("a code").to_owned();
    let package = ConfiguredPackage {
        name: "acme/rocket".to_owned(),
        ecosystem: "file".to_owned(),
        domains: vec!["get.acme.example".to_owned()],
        commands: vec!["curl -fLO https://get.acme.example/rocket".to_owned()],
        public: true,
    };
    let catalogue = Arc::new(Mutex::new(vec![package]));
    let served = Arc::clone(&catalogue);
    let options = Options {
        catalogue: Arc::new(move || {
            let served = served.lock().unwrap_or_else(PoisonError::into_inner);
            served.clone()
        }),
        status: Arc::new(status),
        event_days: 90,
        clock,
        export: ways.export,
        sql: ways.sql,
        connect: ways.read,
        accounts: accounts.clone(),
        import: None,
        oidc,
        public: folder.path().join("public"),
        operating: Arc::new(|| Box::pin(async { operation() })),
        check: Arc::new(|package| Box::pin(async move { vec![check(package)] })),
        stages: Stages::open(None).expect("what is built in"),
        correct: None,
    };
    let listener = match listener {
        Some(listener) => listener,
        None => TcpListener::bind("127.0.0.1:0").await.expect("a port"),
    };
    let address = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(weir_dashboards::run(options, listener, async {
        let _ = stopped.await;
    }));
    World {
        address,
        code,
        folder,
        accounts,
        catalogue,
        _stop: stop,
    }
}

fn operation() -> Operation {
    Operation {
        version: "0.1.0".to_owned(),
        rule_files: vec!["clients.toml".to_owned()],
        ..Operation::default()
    }
}

fn check(package: String) -> Check {
    Check {
        what: Checked::Gateway,
        of: package,
        outcome: Outcome::Good,
        found: "200 OK".to_owned(),
    }
}

fn status() -> Status {
    let mut status = Status::default();
    status.engine.state = EngineState::Starting;
    status.spool.pending_batches = 3;
    status.catching_up = true;
    status.dropped.insert("late".to_owned(), 7);
    status
}

impl World {
    /// Serves another package from now on.
    pub(crate) fn serve(&self, package: ConfiguredPackage) {
        let catalogue = self.catalogue.lock();
        let mut catalogue = catalogue.unwrap_or_else(PoisonError::into_inner);
        catalogue.push(package);
    }

    /// A browser that shows this dashboard's page.
    pub(crate) fn browser(&self) -> Browser {
        // The client cannot be built without a provider, although nothing here is encrypted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .expect("a client");
        let origin = format!("http://{}", self.address);
        Browser {
            client,
            base: origin.clone(),
            origin: Some(origin),
            cookie: None,
            token: None,
            headers: Vec::new(),
        }
    }

    /// A browser in which the owner has just been made.
    pub(crate) async fn owner(&self) -> Browser {
        let mut browser = self.browser();
        let owner = json!({"code": self.code, "name": "Ada", "password": PASSWORD});
        let answer = browser
            .send(Method::POST, "/api/v2/setup", Some(owner))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        browser
    }
}

/// Sends what a page would send, and keeps its cookie.
pub(crate) struct Browser {
    client: reqwest::Client,
    base: String,
    pub(crate) origin: Option<String>,
    pub(crate) cookie: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) headers: Vec<(&'static str, &'static str)>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = Answer::read(request.send().await.expect("an answer")).await;
        if let Some(set) = answer
            .headers
            .get("set-cookie")
            .and_then(|set| set.to_str().ok())
        {
            let pair = set.split(';').next().unwrap_or_default();
            self.cookie = Some(pair.to_owned()).filter(|pair| !pair.ends_with('='));
        }
        answer
    }

    /// Posts, and leaves the answer to be read.
    pub(crate) async fn begin(&self, path: &str, body: Value) -> Response {
        let request = self.client.post(format!("{}{path}", self.base)).json(&body);
        let request = request
            .header("origin", self.origin.as_deref().unwrap_or_default())
            .header("cookie", self.cookie.as_deref().unwrap_or_default());
        request.send().await.expect("an answer")
    }

    /// Asks for a stream of messages, from the one after `last` on.
    pub(crate) async fn listen(&self, path: &str, last: Option<&str>) -> Response {
        let mut request = self.client.get(format!("{}{path}", self.base));
        request = request.header("cookie", self.cookie.as_deref().unwrap_or_default());
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        request.send().await.expect("an answer")
    }

    /// Posts, and reads the answer as it is.
    pub(crate) async fn bytes(&self, path: &str, body: Value) -> Vec<u8> {
        let answer = self.begin(path, body).await;
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().await.expect("a whole body").to_vec()
    }

    /// Asks a question that has an answer.
    pub(crate) async fn ask(&mut self, question: Value) -> Value {
        let answer = self.post("/api/v2/query", question).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        answer.json()
    }
}

impl Answer {
    async fn read(response: Response) -> Self {
        let (status, headers) = (response.status(), response.headers().clone());
        Self {
            status,
            headers,
            body: response.text().await.expect("a body"),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value: &HeaderValue| value.to_str().unwrap_or(""))
    }
}
