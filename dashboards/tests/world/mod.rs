//! A dashboard on a port of its own, and a browser in front of it.

#![allow(dead_code)] // each test file uses a part of it

pub(crate) mod bucket;
pub(crate) mod engine;

use std::sync::Arc;

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use weir_dashboards::{Accounts, ConfiguredPackage, Connect, EngineState, Options, Status};

pub(crate) const PASSWORD: &str = "a long enough password";

/// A running dashboard; it ends when this is dropped.
pub(crate) struct World {
    pub(crate) address: String,
    pub(crate) code: String,
    _stop: tokio::sync::oneshot::Sender<()>,
    _folder: tempfile::TempDir,
}

/// Starts a dashboard that reads from wherever `connect` says, and exports from wherever `export` does.
pub(crate) async fn dashboard(connect: Connect, export: Connect) -> World {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let accounts = Accounts::open(&folder.path().join("weir.db"), Arc::new(Timestamp::now))
        .expect("a database");
    let code = accounts.setup_code().expect("a code").to_owned();
    let package = ConfiguredPackage {
        name: "acme/rocket".to_owned(),
        ecosystem: "file".to_owned(),
        domains: vec!["get.acme.example".to_owned()],
        commands: vec!["curl -fLO https://get.acme.example/rocket".to_owned()],
    };
    let options = Options {
        catalogue: Arc::new(move || vec![package.clone()]),
        status: Arc::new(status),
        clock: Arc::new(Timestamp::now),
        export,
        connect,
        accounts,
        import: None,
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(weir_dashboards::run(options, listener, async {
        let _ = stopped.await;
    }));
    World {
        address,
        code,
        _stop: stop,
        _folder: folder,
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

    /// Posts, and reads the answer as it is.
    pub(crate) async fn bytes(&self, path: &str, body: Value) -> Vec<u8> {
        let request = self.client.post(format!("{}{path}", self.base)).json(&body);
        let request = request
            .header("origin", self.origin.as_deref().unwrap_or_default())
            .header("cookie", self.cookie.as_deref().unwrap_or_default());
        let answer = request.send().await.expect("an answer");
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
