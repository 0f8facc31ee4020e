//! A real OpenID provider in a process of its own, and a browser that walks there and back.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use weir_dashboards::OidcSettings;

use super::{World, dashboard_with};

pub(crate) const CLIENT_SECRET: &str = "what the provider knows us by";

/// The provider; it ends when this is dropped.
pub(crate) struct Provider {
    process: Child,
    pub(crate) issuer: String,
    /// Open as long as it runs: it dies where nobody can hear it.
    _said: BufReader<ChildStdout>,
    client: reqwest::Client,
}

impl Provider {
    fn start(dashboard: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        assert!(
            folder.join("node_modules").exists(),
            "run `make setup`, which installs the provider"
        );
        let mut process = Command::new("node")
            .arg("provider.mjs")
            .arg(CLIENT_SECRET)
            .arg(format!("http://{dashboard}/api/v2/oidc/callback"))
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let mut said = BufReader::new(process.stdout.take().expect("a pipe"));
        let issuer = (&mut said).lines().map_while(Result::ok).find_map(|line| {
            let issuer = line.strip_prefix("listening on ")?;
            Some(issuer.to_owned())
        });
        Self {
            process,
            issuer: issuer.expect("it listens"),
            _said: said,
            client: client(),
        }
    }

    /// Says what the provider does from now on.
    pub(crate) async fn told(&self, what: Value) {
        let address = format!("{}/control", self.issuer);
        let sent = self.client.post(address).json(&what).send().await;
        assert_eq!(sent.expect("an answer").status(), StatusCode::OK);
    }

    /// Says what it knows of somebody.
    pub(crate) async fn knows(&self, person: &str, claims: Value) {
        self.told(json!({"person": person, "claims": claims})).await;
    }

    /// Puts claims into every ID token, signed as all are; null leaves one out.
    pub(crate) async fn claims(&self, claims: Value) {
        self.told(json!({"fault": {"claims": claims}})).await;
    }

    pub(crate) fn stop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A dashboard that signs people in through a provider, as `change` would have it.
pub(crate) async fn with_provider(change: impl FnOnce(&mut OidcSettings)) -> (World, Provider) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let provider = Provider::start(&address);
    let mut settings = OidcSettings {
        issuer: provider.issuer.clone(),
        client_id: "weir".to_owned(),
        client_secret: Some(CLIENT_SECRET.to_owned()),
        name: "Acme".to_owned(),
        scopes: ["profile", "email", "groups"].map(str::to_owned).into(),
        groups_claim: "groups".to_owned(),
        domains: Vec::new(),
        groups: Vec::new(),
        join: None,
        link_by_email: false,
        password: true,
        public_origin: format!("http://{address}"),
    };
    change(&mut settings);
    (dashboard_with(listener, settings).await, provider)
}

/// An answer, with what matters of it here.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) status: StatusCode,
    pub(crate) location: String,
    pub(crate) cookies: Vec<String>,
    pub(crate) body: String,
}

/// A browser with a jar of cookies for each host, that follows where it is told to.
pub(crate) struct Traveller {
    client: reqwest::Client,
    pub(crate) home: String,
    pub(crate) jars: BTreeMap<String, BTreeMap<String, String>>,
}

impl Traveller {
    pub(crate) fn new(world: &World) -> Self {
        Self {
            client: client(),
            home: format!("http://{}", world.address),
            jars: BTreeMap::new(),
        }
    }

    pub(crate) async fn get(&mut self, address: &str) -> Seen {
        self.send(Method::GET, address, None).await
    }

    /// Asks the dashboard as its page does.
    pub(crate) async fn post(&mut self, path: &str, body: Value) -> Seen {
        let address = format!("{}{path}", self.home);
        self.send(Method::POST, &address, Some(Body::Json(body)))
            .await
    }

    /// The address at the provider, for somebody who wants to go on to `next`.
    pub(crate) async fn departs(&mut self, body: Value) -> String {
        let seen = self.post("/api/v2/oidc", body).await;
        assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
        let body: Value = serde_json::from_str(&seen.body).expect("JSON");
        body["address"].as_str().expect("an address").to_owned()
    }

    /// Signs in at the provider, which begins at `address`, and says where it sends the browser back to.
    pub(crate) async fn signs_in_there(&mut self, address: String, name: &str) -> String {
        let mut at = address;
        for _ in 0..12 {
            if at.starts_with(&self.home) {
                return at;
            }
            let page = if at.contains("/interaction/") {
                let form = self.get(&at).await.body;
                let prompt = if form.contains("value=\"login\"") {
                    "login"
                } else {
                    "consent"
                };
                let filled = Body::Form(format!("prompt={prompt}&login={name}&password=any"));
                self.send(Method::POST, &at, Some(filled)).await
            } else {
                self.get(&at).await
            };
            let base = Url::parse(&at).expect("an address");
            assert_ne!(page.location, "", "{at}: {} {}", page.status, page.body);
            at = base.join(&page.location).expect("an address").into();
        }
        panic!("the provider leads nowhere: {at}");
    }

    /// Signs in through the provider, and says where that ends.
    pub(crate) async fn signs_in(&mut self, name: &str) -> Seen {
        self.goes(name, json!({"next": "/p/acme/rocket?r=7d"}))
            .await
    }

    /// There and back.
    pub(crate) async fn goes(&mut self, name: &str, departure: Value) -> Seen {
        let address = self.departs(departure).await;
        let back = self.signs_in_there(address, name).await;
        self.get(&back).await
    }

    /// What the dashboard thinks of this browser.
    pub(crate) async fn session(&mut self) -> Value {
        let address = format!("{}/api/v2/session", self.home);
        serde_json::from_str(&self.get(&address).await.body).expect("JSON")
    }

    pub(crate) async fn send(&mut self, method: Method, at: &str, body: Option<Body>) -> Seen {
        let url = Url::parse(at).expect("an address");
        let origin = url.origin().ascii_serialization();
        let jar = self.jars.entry(origin.clone()).or_default();
        let cookies: Vec<_> = jar
            .iter()
            .map(|(name, is)| format!("{name}={is}"))
            .collect();
        let mut request = self.client.request(method, url);
        request = request.header("cookie", cookies.join("; "));
        request = match body {
            Some(Body::Json(body)) => request.header("origin", &self.home).json(&body),
            Some(Body::Form(text)) => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(text),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        let text = |value: &reqwest::header::HeaderValue| {
            value.to_str().expect("visible ASCII").to_owned()
        };
        let cookies: Vec<_> = answer
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(text)
            .collect();
        for cookie in &cookies {
            let pair = cookie.split(';').next().unwrap_or_default();
            let (name, is) = pair.split_once('=').expect("a pair");
            if is.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), is.to_owned());
            }
        }
        Seen {
            status: answer.status(),
            location: answer
                .headers()
                .get("location")
                .map(text)
                .unwrap_or_default(),
            cookies,
            body: answer.text().await.expect("a body"),
        }
    }
}

/// What is sent.
pub(crate) enum Body {
    Json(Value),
    Form(String),
}

fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(reqwest::redirect::Policy::none()).build();
    client.expect("a client")
}
