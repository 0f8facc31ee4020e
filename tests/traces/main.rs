//! What a collector of traces is told, and what it never is; and that nobody waits for it.

#[path = "../world/mod.rs"]
mod world;

mod collector;
mod work;

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use collector::{Collector, lines};
use opentelemetry_proto::tonic::trace::v1::Span;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::Command;
use world::{PATIENCE, World};

const HOST: &str = "get.test.localhost";
const ROUTES: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/stream/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  proxy = true
  [[package.route]]
  path = "/plain/{v}"
  to   = "https://files.test/{v}"
  [[package.route]]
  path = "/query?os={os}"
  to   = "https://files.test/{os}"
"#;

/// The routes, with spans to `address` as `more` says.
fn config(address: impl std::fmt::Display, more: &str) -> String {
    format!("[operator]\nlisten = \"127.0.0.1:0\"\ntraces = \"http://{address}\"\n{more}\n{ROUTES}")
}

/// Spans that are part of no other's work.
fn requests(spans: &[Span]) -> Vec<Span> {
    let requests = spans.iter().filter(|span| span.name.starts_with("GET"));
    requests.cloned().collect()
}

fn count(spans: &[Span], name: &str) -> usize {
    spans.iter().filter(|span| span.name == name).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_is_a_request_with_its_upstream_below_and_its_batch_a_trace_of_its_own() {
    let collector = Collector::start().await;
    let world = World::start(&config(collector.address, "trace_ratio = 1")).await;
    let file = "/stream/1.2.3/rocket-linux-amd64.tar.gz";
    assert_eq!(world.get(HOST, "/plain/1").await.status(), 302);
    let answer = world.get(HOST, file).await;
    assert_eq!(answer.status(), 200);
    answer.bytes().await.expect("the file");
    assert_eq!(world.get(HOST, "/nowhere").await.status(), 404);
    let spans = collector
        .wait_for(|spans| count(spans, "insert") > 0 && requests(spans).len() >= 4)
        .await;
    let pull = "GET /stream/{version}/{file}";
    let pull = spans.iter().find(|span| span.name == pull).expect("it");
    let asked = spans
        .iter()
        .find(|span| span.name == "GET" && !span.parent_span_id.is_empty());
    let asked = asked.expect("the upstream");
    assert_eq!(
        (&asked.trace_id, &asked.parent_span_id),
        (&pull.trace_id, &pull.span_id)
    );
    assert!(asked.end_time_unix_nano <= pull.end_time_unix_nano);
    insta::assert_snapshot!(lines(&requests(&spans)), @"
    GET /plain/{v} Server: http.request.method=GET url.scheme=http http.route=/plain/{v} server.address=get.test.localhost weir.ecosystem=file weir.outcome=redirect http.response.status_code=302
    GET /stream/{version}/{file} Server: http.request.method=GET url.scheme=http http.route=/stream/{version}/{file} server.address=get.test.localhost weir.ecosystem=file weir.outcome=proxy http.response.status_code=200
      GET Client: http.request.method=GET server.address=127.0.0.1 server.port http.response.status_code=200
    GET Server: http.request.method=GET url.scheme=http server.address=get.test.localhost weir.ecosystem=none weir.outcome=client_error http.response.status_code=404
    ");
    let shipped: Vec<_> = spans
        .iter()
        .filter(|span| ["ship batch", "insert"].contains(&span.name.as_str()))
        .take(2)
        .cloned()
        .collect();
    assert_ne!(shipped[0].trace_id, asked.trace_id);
    insta::assert_snapshot!(lines(&shipped), @"
    ship batch Internal: weir.rows weir.bytes weir.waited_ms weir.rows_refused=0
      insert Client: db.system.name=clickhouse db.collection.name=events db.operation.name=INSERT weir.rows
    ");
}

/// Something that only a client can have said; and its bytes, where it is an address.
const CANARIES: [&[u8]; 9] = [
    b"canarypath",
    b"canaryquery",
    b"canaryagent",
    b"canaryreferrer",
    b"canaryhost",
    b"canarycookie",
    b"198.51.100.77",
    &[198, 51, 100, 77],
    &[0xca, 0x9a, 0x47, 0xca, 0x9a, 0x47, 0xca, 0x9a],
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_a_client_says_is_in_what_is_sent() {
    let collector = Collector::start().await;
    let world = World::start(&config(collector.address, "trace_ratio = 1")).await;
    let targets = [
        (HOST, "/plain/canarypath"),
        (HOST, "/stream/canarypath/canarypath.tar.gz?canaryquery=1"),
        (HOST, "/query?os=canaryquery"),
        (HOST, "/canarypath/canarypath"),
        ("canaryhost.test", "/canarypath"),
    ];
    for (host, target) in targets {
        for method in ["GET", "HEAD"] {
            let request = world
                .request(method, host, target)
                .header("user-agent", "canaryagent/1")
                .header("referer", "https://canaryreferrer.example/canarypath")
                .header("cookie", "a=canarycookie")
                .header("x-forwarded-for", "198.51.100.77")
                .header(
                    "traceparent",
                    "00-ca9a47ca9a47ca9aca9a47ca9a47ca9a-ca9a47ca9a47ca9a-01",
                );
            request.send().await.expect("an answer");
        }
    }
    // Whoever does not want to be counted leaves no trace either.
    let before = collector.wait_for(|spans| requests(spans).len() >= 5).await;
    let uncounted = world.request("GET", HOST, "/plain/1").header("dnt", "1");
    assert_eq!(uncounted.send().await.expect("an answer").status(), 302);
    let prefixed = world.get(HOST, "/-/no-track/plain/1").await;
    assert_eq!(prefixed.status(), 302);
    let plain = |spans: &[Span]| count(spans, "GET /plain/{v}");
    assert_eq!(world.get(HOST, "/plain/last").await.status(), 302);
    let spans = collector
        .wait_for(|spans| plain(spans) > plain(&before))
        .await;
    assert_eq!(plain(&spans), plain(&before) + 1);
    let bytes = collector.bytes();
    assert!(find(&bytes, b"/plain/{v}"), "the pattern is told");
    for canary in CANARIES {
        let text = String::from_utf8_lossy(canary);
        assert!(!find(&bytes, canary), "{text} was sent: {}", lines(&spans));
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_joined_where_the_operator_wants_it_and_then_the_proxy_chooses() {
    let collector = Collector::start().await;
    let more = "trace_ratio = 0\ntraces_join = true";
    let world = World::start(&config(collector.address, more)).await;
    for (path, flags) in [("/plain/a", "00"), ("/plain/b", "01")] {
        let field = format!("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}");
        let request = world
            .request("GET", HOST, path)
            .header("traceparent", field);
        assert_eq!(request.send().await.expect("an answer").status(), 302);
        assert_eq!(world.get(HOST, path).await.status(), 302);
    }
    let is_batch = |spans: &[Span]| count(spans, "insert") > 0;
    let spans = collector
        .wait_for(|spans| is_batch(spans) && !requests(spans).is_empty())
        .await;
    let [joined] = &requests(&spans)[..] else {
        panic!("one request: {}", lines(&spans))
    };
    assert_eq!(joined.trace_id[..4], [0x0a, 0xf7, 0x65, 0x19]);
    assert_eq!(joined.parent_span_id[..4], [0xb7, 0xad, 0x6b, 0x71]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_gone_costs_no_download_and_no_event() {
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let nobody = nobody.expect("a port").local_addr().expect("an address");
    let world = World::start(&config(nobody, "trace_ratio = 1")).await;
    for number in 0..50 {
        let answer = world.get(HOST, &format!("/plain/{number}")).await;
        assert_eq!(answer.status(), 302);
    }
    assert_eq!(world.downloads(50).await.len(), 50);
    until(
        &world,
        "weir_traces_dropped_total{reason=\"unreachable\"}",
        51,
    )
    .await;
    assert_eq!(metric(&world, "weir_traces_sent_total").await, Some(0));
    world.weir.wait_for_line("the collector takes no traces");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_may_be_taken_later_is_sent_again_and_a_refused_one_is_not() {
    let collector = Collector::start().await;
    collector.refuse(&[StatusCode::SERVICE_UNAVAILABLE]);
    let folder = tempfile::tempdir().expect("a folder");
    secret(
        &folder.path().join("fields"),
        "Authorization: Bearer of-the-operator\n",
    );
    let more = "trace_ratio = 1\ntraces_headers_file = \"fields\"";
    let world = World::start_in(folder, &config(collector.address, more)).await;
    assert_eq!(world.get(HOST, "/plain/1").await.status(), 302);
    collector
        .wait_for(|spans| !requests(spans).is_empty())
        .await;
    assert!(find(
        &collector.bytes(),
        b"authorization: Bearer of-the-operator"
    ));
    collector.refuse(&[StatusCode::UNAUTHORIZED]);
    assert_eq!(world.get(HOST, "/plain/2").await.status(), 302);
    until(&world, "weir_traces_dropped_total{reason=\"refused\"}", 1).await;
}

fn secret(path: &std::path::Path, text: &str) {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).mode(0o600).open(path);
    file.expect("a file")
        .write_all(text.as_bytes())
        .expect("written");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_at_the_end_is_sent_before_it() {
    let collector = Collector::start().await;
    let mut world = World::start(&config(collector.address, "trace_ratio = 1")).await;
    world.ready().await;
    assert_eq!(world.get(HOST, "/plain/1").await.status(), 302);
    assert_eq!(world.weir.terminate(), Some(0));
    let spans = collector
        .wait_for(|spans| !requests(spans).is_empty())
        .await;
    assert_eq!(requests(&spans).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn weir_doctor_asks_the_collector_and_says_what_to_do_where_it_takes_nothing() {
    let collector = Collector::start().await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("weir.toml");
    let write = |address: SocketAddr| {
        let text = config(address, "").replace("REGISTRY", "https://files.test");
        std::fs::write(&file, text).expect("a configuration");
    };
    write(collector.address);
    let address = collector.address.to_string();
    let doctor = async || told(&file).await.replace(&address, "COLLECTOR");
    insta::assert_snapshot!(doctor().await, @"fine: http://COLLECTOR/v1/traces takes them");
    collector.refuse(&[StatusCode::UNAUTHORIZED, StatusCode::NOT_FOUND]);
    insta::assert_snapshot!(doctor().await, @"warning: http://COLLECTOR/v1/traces answers 401 Unauthorized; give what the collector asks for in [operator] traces_headers_file");
    insta::assert_snapshot!(doctor().await, @"warning: http://COLLECTOR/v1/traces answers 404 Not Found; give the address of the collector's OTLP over HTTP in [operator] traces; /v1/traces is added to it");
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let nobody = gone.local_addr().expect("an address");
    drop(gone);
    write(nobody);
    let said = told(&file).await.replace(&nobody.to_string(), "NOBODY");
    insta::assert_snapshot!(said, @"warning: http://NOBODY/v1/traces does not answer: Connection refused (os error 111); see to [operator] traces and to the collector: until it answers, traces are dropped");
}

/// What `weir doctor` finds about traces.
async fn told(config: &Path) -> String {
    let weir = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["doctor", "--json", "--config"])
        .arg(config)
        .current_dir(config.parent().expect("a folder"))
        .output()
        .await
        .expect("it runs");
    let findings: Vec<Value> = serde_json::from_slice(&weir.stdout).expect("a list in JSON");
    let of_traces = findings
        .iter()
        .filter(|finding| finding["about"] == "traces");
    let lines = of_traces.map(|finding| {
        let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        let todo = Some(text("todo")).filter(|todo| !todo.is_empty());
        let todo = todo.map_or(String::new(), |todo| format!("; {todo}"));
        format!("{}: {}{todo}", text("level"), text("says"))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Waits until a metric is at least that.
async fn until(world: &World, series: &str, least: u64) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let now = metric(world, series).await;
        if now >= Some(least) {
            return;
        }
        assert!(Instant::now() < deadline, "{series} is {now:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn metric(world: &World, series: &str) -> Option<u64> {
    let said = world.weir.said();
    let mut lines = said
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.find(|line| line["message"] == "operator listens");
    let address: SocketAddr = line?["address"].as_str()?.parse().ok()?;
    let answer = world
        .http
        .get(format!("http://{address}/metrics"))
        .send()
        .await;
    let text = answer.ok()?.text().await.ok()?;
    let mut lines = text.lines();
    lines.find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}
