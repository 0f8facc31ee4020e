//! The two ways through the gateway answer alike: a redirect, a pixel or an error from the front
//! door is what Pingora's phases would have answered.

use pingora::apps::HttpServerApp as _;
use pingora::protocols::http::ServerSession;
use pingora::proxy::HttpProxy;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestCaseError, TestRunner};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use weir_config::Config;

use super::*;

mod http2;
mod relay;

const CONFIG: &str = r#"
[gateway]
verify_files = false

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{file}"
  to   = "https://files.test/v{version}/{file}"
  [[package.route]]
  path = "/exact/{+rest}?os={os}"
  to   = "https://files.test/{os}/{+rest}"
  status = 307
  [[package.route]]
  path = "/beacon/{version}"

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test"]
  [[package.route]]
  path = "/-/installed/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["get.test"]
image = "server"
upstream = "https://registry.test/acme/server"

[[index]]
kind = "pypi"
domains = ["get.test"]
upstream = "https://index.test/simple/"
packages = ["rocket"]

[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"
"#;

/// Both ways, over one state.
struct Ways {
    door: Arc<Door>,
    shared: Arc<Shared>,
    crowd: Arc<Crowd>,
    proxy: Arc<HttpProxy<Proxy>>,
    shutdown: ShutdownWatch,
    /// Turns true at the end of serving.
    end: tokio::sync::watch::Sender<bool>,
    folder: tempfile::TempDir,
}

impl Ways {
    fn new() -> Self {
        Self::serving(CONFIG)
    }

    fn serving(config: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("weir.toml");
        std::fs::write(&path, format!("data_dir = \"data\"\n{config}")).expect("a configuration");
        let config = Config::load(&path, []).expect("a valid configuration");
        let ingest = Arc::new(Ingest::open(&config.settings).expect("a spool"));
        let kept = Kept {
            events_days: 90,
            counts_months: None,
        };
        let gateway = Gateway::new(
            config.settings.gateway,
            &config.settings.certificates,
            config.settings.privacy.controller,
            kept,
            Arc::new(config.catalogue),
            ingest,
        )
        .expect("a gateway");
        let proxy = Arc::new(http_proxy(
            &Arc::new(ServerConf::default()),
            Proxy::new(Arc::clone(&gateway.shared)),
        ));
        let (end, shutdown) = tokio::sync::watch::channel(false);
        let crowd = Arc::clone(&gateway.shared.crowd);
        let shared = Arc::clone(&gateway.shared);
        let door = Arc::new(Door::new(gateway.shared, Arc::clone(&proxy)));
        Self {
            door,
            shared,
            crowd,
            proxy,
            shutdown,
            end,
            folder,
        }
    }

    async fn by_the_door(&self, request: &str) -> String {
        let (client, stream) = connection(request).await;
        let place = self.crowd.enter().await;
        self.door
            .serve(
                Line::Wrapped(Box::new(stream)),
                [127, 0, 0, 1].into(),
                &place,
                None,
                &self.shutdown,
            )
            .await;
        answer(client).await
    }

    async fn by_pingora(&self, request: &str) -> String {
        let (client, stream) = connection(request).await;
        let session = ServerSession::new_http1(Box::new(stream));
        drop(self.proxy.process_new_http(session, &self.shutdown).await);
        answer(client).await
    }
}

/// A connection on which `request` was sent and nothing will follow.
async fn connection(request: &str) -> (DuplexStream, DuplexStream) {
    let (mut client, stream) = tokio::io::duplex(64 * 1024);
    client
        .write_all(request.as_bytes())
        .await
        .expect("room for a request");
    client.shutdown().await.expect("an open connection");
    (client, stream)
}

/// The answer without what is of the connection or the moment; header order means nothing.
async fn answer(mut client: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.expect("an answer");
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let head = head.to_ascii_lowercase();
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .expect("a status");
    let mut fields: Vec<_> = lines
        .filter(|line| !line.starts_with("date:") && !line.starts_with("connection:"))
        .collect();
    fields.sort_unstable();
    format!("{status}\n{}\n\n{body}", fields.join("\n"))
}

/// A request, in whichever version of HTTP.
#[derive(Clone, Debug)]
struct Asked {
    method: &'static str,
    target: String,
    host: &'static str,
    /// Name and value of one more, or nothing.
    field: Option<(&'static str, &'static str)>,
}

impl Asked {
    fn by_http1(&self) -> String {
        let Self {
            method,
            target,
            host,
            field,
        } = self;
        let field = field.map(|(name, value)| format!("{name}: {value}\r\n"));
        let field = field.unwrap_or_default();
        format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n{field}Connection: close\r\n\r\n")
    }
}

/// Requests that need no upstream: the front door answers them by itself.
fn request() -> impl Strategy<Value = Asked> {
    const PATHS: [&str; 24] = [
        "/",
        "/rocket/1.2.3/a.tar.gz",
        "/rocket/1.2.3/",
        "/rocket/%2b/a+b",
        "/rocket/1/%2f",
        "/rocket/1/%c3%a4",
        "/exact/a/b%2Fc",
        "/exact/",
        "/beacon/1.0",
        "/-/installed/1.0",
        "/-/px/docs.gif",
        "/-/px/docs.png",
        "/-/px/docs.svg",
        "/-/px/none.gif",
        "/-/privacy",
        "/.well-known/gpc.json",
        "/.well-known/download-analytics.json",
        "/-/no-track/-/px/docs.gif",
        "/-/no-track/rocket/1.2.3/a.tar.gz",
        "/-/no-track/-/no-track/",
        "/v2/",
        "/v2/none/manifests/1",
        "/simple/",
        "/simple/other/",
    ];
    let path = proptest::sample::select(&PATHS[..]);
    let query = prop_oneof![
        Just(String::new()),
        Just("?os=linux".to_owned()),
        Just("?x=%2f&os=a%20b".to_owned()),
        "\\?[a-z=&+;:@/?-]{0,12}"
    ];
    let method = proptest::sample::select(&["GET", "GET", "HEAD"][..]);
    let host = proptest::sample::select(
        &[
            "get.test",
            "GET.test.:8080",
            "notrack.get.test",
            "unknown.test",
        ][..],
    );
    let field = proptest::sample::select(
        &[
            None,
            Some(("range", "bytes=5-9")),
            Some(("sec-purpose", "prefetch")),
            Some(("dnt", "1")),
            Some(("x-no-analytics", "yes")),
            Some(("accept", "application/json")),
            Some(("cookie", "a=b")),
            Some(("user-agent", "Googlebot/2.1")),
        ][..],
    );
    (method, path, query, host, field).prop_map(|(method, path, query, host, field)| {
        // A HEAD of a file is asked of its upstream.
        let is_file = path.contains("/rocket") || path.starts_with("/exact");
        Asked {
            method: if is_file { "GET" } else { method },
            target: format!("{path}{query}"),
            host,
            field,
        }
    })
}

/// Runs `agree` for many requests.
fn for_many(agree: impl Fn(Asked) -> Result<(), TestCaseError>) {
    let mut runner = TestRunner::new(Runs {
        cases: 512,
        failure_persistence: None,
        ..Runs::default()
    });
    runner
        .run(&request(), agree)
        .expect("one answer, whichever way");
}

#[test]
fn the_front_door_answers_as_pingora_would() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let _entered = runtime.enter();
    let ways = Ways::new();
    for_many(|asked| {
        let request = asked.by_http1();
        let (door, pingora) = runtime.block_on(async {
            (
                ways.by_the_door(&request).await,
                ways.by_pingora(&request).await,
            )
        });
        prop_assert_eq!(door, pingora, "{}", request);
        Ok(())
    });
}

#[tokio::test]
async fn requests_that_come_together_are_answered_one_after_the_other() {
    let ways = Ways::new();
    let whole = |version| format!("GET /rocket/{version}/a HTTP/1.1\r\nHost: get.test\r\n\r\n");
    let broken = "GET /rocket/3/a HTTP/1.1\r\nHost: get.test\n\r\n\r\n";
    let sent = [&whole(1), &whole(2), broken].concat();
    let answers = ways.by_the_door(&sent).await;
    let told = ["files.test/v1/a", "files.test/v2/a", "HTTP/1.1 400"];
    let places = told.map(|told| answers.find(told).expect(&answers));
    assert!(places.is_sorted(), "{answers}");
    assert!(!answers.contains("files.test/v3"), "{answers}");
}
