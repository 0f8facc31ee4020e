//! The two ways through the gateway answer alike: a redirect, a pixel or an error from the front
//! door is what Pingora's phases would have answered.

use pingora::apps::HttpServerApp as _;
use pingora::protocols::http::ServerSession;
use pingora::proxy::HttpProxy;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use weir_config::Config;

use super::*;

const CONFIG: &str = r#"
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
    door: Door,
    proxy: Arc<HttpProxy<Proxy>>,
    shutdown: ShutdownWatch,
    _asked: tokio::sync::watch::Sender<bool>,
    _folder: tempfile::TempDir,
}

impl Ways {
    fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("weir.toml");
        std::fs::write(&path, format!("data_dir = \"data\"\n{CONFIG}")).expect("a configuration");
        let config = Config::load(&path, []).expect("a valid configuration");
        let ingest = Arc::new(Ingest::open(&config.settings).expect("a spool"));
        let gateway = Gateway::new(config.settings.gateway, Arc::new(config.catalogue), ingest)
            .expect("a gateway");
        let proxy = Arc::new(http_proxy(
            &Arc::new(ServerConf::default()),
            Proxy::new(Arc::clone(&gateway.shared)),
        ));
        let (asked, shutdown) = tokio::sync::watch::channel(false);
        let door = Door::new(gateway.shared, Arc::clone(&proxy));
        Self {
            door,
            proxy,
            shutdown,
            _asked: asked,
            _folder: folder,
        }
    }

    async fn by_the_door(&self, request: &str) -> String {
        let (client, stream) = connection(request).await;
        self.door
            .serve(Box::new(stream), [127, 0, 0, 1].into(), &self.shutdown)
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
async fn answer(mut client: DuplexStream) -> String {
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

/// Requests that need no upstream: the front door answers them by itself.
fn request() -> impl Strategy<Value = String> {
    const PATHS: [&str; 17] = [
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
        "/-/px/none.gif",
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
    let host = proptest::sample::select(&["get.test", "GET.test.:8080", "unknown.test"][..]);
    let field = proptest::sample::select(
        &[
            "",
            "Range: bytes=5-9\r\n",
            "Sec-Purpose: prefetch\r\n",
            "DNT: 1\r\n",
            "Accept: application/json\r\n",
            "Cookie: a=b\r\n",
        ][..],
    );
    (method, path, query, host, field).prop_map(|(method, path, query, host, field)| {
        // A HEAD of a file is asked of its upstream.
        let method = if path.starts_with("/rocket") || path.starts_with("/exact") {
            "GET"
        } else {
            method
        };
        format!(
            "{method} {path}{query} HTTP/1.1\r\nHost: {host}\r\n{field}Connection: close\r\n\r\n"
        )
    })
}

#[test]
fn the_front_door_answers_as_pingora_would() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let _entered = runtime.enter();
    let ways = Ways::new();
    let mut runner = TestRunner::new(Runs {
        cases: 512,
        failure_persistence: None,
        ..Runs::default()
    });
    let agree = |request: String| {
        let (door, pingora) = runtime.block_on(async {
            (
                ways.by_the_door(&request).await,
                ways.by_pingora(&request).await,
            )
        });
        prop_assert_eq!(door, pingora, "{}", request);
        Ok(())
    };
    runner
        .run(&request(), agree)
        .expect("one answer, whichever way");
}
