//! Files behind templates: which route answers, where it leads to the byte, and what counts.

#[path = "../world/mod.rs"]
mod world;

mod counting;
mod presence;
mod privacy;
mod releases;
mod scripts;

use world::{Event, World, columns};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/rocket/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  [[package.route]]
  path = "/stream/{version}/{file}"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/{file}"
  proxy = true
  [[package.route]]
  path = "/through/{+v}"
  to   = "REGISTRY/through/{+v}"
  proxy = true
  [[package.route]]
  path = "/plain/{v}"
  to   = "https://files.test/{v}"
  [[package.route]]
  path = "/exact/{+v}"
  to   = "https://files.test/{+v}"
  [[package.route]]
  path = "/query?os={os}&arch={arch}"
  to   = "https://files.test/{os}/{arch}?via=query"
  [[package.route]]
  path = "/keep/{v}"
  to   = "https://files.test/{v}"
  status = 307
  [[package.route]]
  path = "/beacon/{version}"
  [[package.route]]
  regex = "/v(?<version>[0-9.]+)/(?<file>[a-z-]+\\.deb)"
  to = "https://files.test/{version}/{file}"

[[package]]
name = "acme/site"
kind = "file"
domains = ["www.test.localhost"]
  [[package.route]]
  catch_all = true
  to = "https://site.test/"
"#;

const HOST: &str = "get.test.localhost";
const FILE: &str = "rocket-linux-amd64.tar.gz";
const WHAT: [&str; 8] = [
    "kind", "package", "version", "artifact", "method", "status", "answer", "bytes",
];

/// Sends each raw target on one connection; status and `Location` of each, one line a target.
async fn answers(world: &World, host: &str, targets: &[&str]) -> String {
    let mut connection = world.connect().await;
    let mut lines = Vec::new();
    for target in targets {
        connection
            .send(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
            .await;
        let answer = connection.answer().await.expect("an answer");
        lines.push(format!(
            "{target} -> {} {}",
            answer.status,
            answer.header("location").unwrap_or("-")
        ));
    }
    lines.join("\n")
}

fn lines(events: &[Event]) -> String {
    events
        .iter()
        .map(|event| columns(event, &WHAT))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn a_target_is_written_byte_for_byte() {
    let world = World::start(CONFIG).await;
    let targets = [
        "/plain/a-b_c.d~e",
        "/plain/a+b",
        "/plain/a%2bb",
        "/plain/a%2Fb",
        "/plain/a/b",
        "/plain/",
        "/exact/a/b+c",
        "/exact/%2f%2F%7E@scope%2fname",
        "/exact/a?b=%2f&b=2&c",
        "/plain/a?x=1&x=2",
        "/query?os=linux&arch=arm64",
        "/query?arch=arm64&os=linux",
        "/query?arch=arm64&extra=%20&os=linux",
        "/query?os=linux",
        "/keep/a",
        "/beacon/1.0",
        "/v1.2/rocket-cli.deb",
        "/v1.2/rocket-cli.deb?token=a%2Fb",
        "/v1.2/rocket-cli.deb.sig",
        "/x/v1.2/rocket-cli.deb",
        "/nowhere",
    ];
    insta::assert_snapshot!(answers(&world, HOST, &targets).await, @r"
    /plain/a-b_c.d~e -> 302 https://files.test/a-b_c.d~e
    /plain/a+b -> 302 https://files.test/a%2Bb
    /plain/a%2bb -> 302 https://files.test/a%2Bb
    /plain/a%2Fb -> 404 -
    /plain/a/b -> 404 -
    /plain/ -> 404 -
    /exact/a/b+c -> 302 https://files.test/a/b+c
    /exact/%2f%2F%7E@scope%2fname -> 302 https://files.test/%2f%2F%7E@scope%2fname
    /exact/a?b=%2f&b=2&c -> 302 https://files.test/a?b=%2f&b=2&c
    /plain/a?x=1&x=2 -> 302 https://files.test/a?x=1&x=2
    /query?os=linux&arch=arm64 -> 302 https://files.test/linux/arm64?via=query
    /query?arch=arm64&os=linux -> 302 https://files.test/linux/arm64?via=query
    /query?arch=arm64&extra=%20&os=linux -> 302 https://files.test/linux/arm64?via=query&extra=%20
    /query?os=linux -> 404 -
    /keep/a -> 307 https://files.test/a
    /beacon/1.0 -> 200 -
    /v1.2/rocket-cli.deb -> 302 https://files.test/1.2/rocket-cli.deb
    /v1.2/rocket-cli.deb?token=a%2Fb -> 302 https://files.test/1.2/rocket-cli.deb?token=a%2Fb
    /v1.2/rocket-cli.deb.sig -> 404 -
    /x/v1.2/rocket-cli.deb -> 404 -
    /nowhere -> 404 -
    ");
}

#[tokio::test]
async fn what_is_streamed_is_asked_for_byte_for_byte() {
    let world = World::start(CONFIG).await;
    let targets = [
        "/through/a/b/%2f%2F%7E@scope%2fname",
        "/through/+!$&'()*,;=:@-._~",
        "/through/a?b=%2f&b=2&c",
    ];
    let answers = answers(&world, HOST, &targets).await;
    assert!(
        answers.lines().all(|line| line.ends_with(" -> 404 -")),
        "{answers}"
    );
    let asked: Vec<_> = world
        .registry
        .seen()
        .into_iter()
        .map(|seen| seen.path)
        .collect();
    assert_eq!(asked, targets);
}

#[tokio::test]
async fn a_catch_all_passes_path_and_query_on_as_they_came() {
    let world = World::start(CONFIG).await;
    let targets = [
        "/",
        "/a//b/",
        "/a%2fb/%7E+@!$&'()*,;=:",
        "/a?b=c?d=%2f&&e",
        "/a?",
        "//evil.test/x",
        "/@evil.test",
    ];
    insta::assert_snapshot!(answers(&world, "www.test.localhost", &targets).await, @r"
    / -> 302 https://site.test/
    /a//b/ -> 302 https://site.test/a//b/
    /a%2fb/%7E+@!$&'()*,;=: -> 302 https://site.test/a%2fb/%7E+@!$&'()*,;=:
    /a?b=c?d=%2f&&e -> 302 https://site.test/a?b=c?d=%2f&&e
    /a? -> 302 https://site.test/a
    //evil.test/x -> 302 https://site.test//evil.test/x
    /@evil.test -> 302 https://site.test/@evil.test
    ");
}

#[tokio::test]
async fn a_redirect_is_never_kept_and_a_route_without_target_answers_empty() {
    // The host is no real one, so it is not asked for the file.
    let world = World::start_with(CONFIG, &[("WEIR_GATEWAY__VERIFY_FILES", "false")]).await;
    let mut connection = world.connect().await;
    connection
        .send(b"GET /plain/a HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n")
        .await;
    insta::assert_snapshot!(connection.answer().await.expect("an answer").text(), @r"
    HTTP/1.1 302 Found
    location: https://files.test/a
    cache-control: no-store
    content-type: text/plain; charset=utf-8
    content-length: 43

    follow the redirect to download (curl: -L)
    ");
    connection
        .send(b"GET /beacon/1.0 HTTP/1.1\r\nHost: get.test.localhost\r\n\r\n")
        .await;
    insta::assert_snapshot!(connection.answer().await.expect("an answer").text(), @r"
    HTTP/1.1 200 OK
    content-type: text/plain; charset=utf-8
    content-length: 0
    ");
}
