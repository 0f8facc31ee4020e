//! Who asks not to be counted gets all that others get and leaves nothing here, in whichever way they say so and
//! wherever their client goes next.

#[path = "../world/mod.rs"]
mod world;

mod addresses;
mod pulls;
mod statement;

use world::{World, of_kind};

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

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/-/installed/{version}"
  [[package.route]]
  path = "/-/events"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["get.test.localhost"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[pixel]]
id = "docs"
domains = ["get.test.localhost"]
package = "acme/rocket"

[[index]]
kind = "npm"
domains = ["get.test.localhost"]
path = "/n/"
upstream = "REGISTRY/npm/"
packages = ["@acme/*"]
"#;

const HOST: &str = "get.test.localhost";
const UNCOUNTED: &str = "notrack.get.test.localhost";
const FILE: &str = "rocket-linux-amd64.tar.gz";

/// How one request says that it is not to be counted.
#[derive(Clone, Copy, Debug)]
enum Way {
    Header(&'static str, &'static str),
    Path,
    Host,
}

const WAYS: [Way; 6] = [
    Way::Header("dnt", "1"),
    Way::Header("sec-gpc", "1"),
    Way::Header("x-no-analytics", "1"),
    Way::Header("x-no-analytics", "yes"),
    Way::Path,
    Way::Host,
];

impl Way {
    fn request(self, world: &World, method: &str, path: &str) -> reqwest::RequestBuilder {
        match self {
            Self::Header(name, value) => world.request(method, HOST, path).header(name, value),
            Self::Path => world.request(method, HOST, &format!("/-/no-track{path}")),
            Self::Host => world.request(method, UNCOUNTED, path),
        }
    }
}

async fn status(request: reqwest::RequestBuilder) -> u16 {
    request.send().await.expect("an answer").status().as_u16()
}

#[tokio::test]
async fn whatever_is_asked_for_is_served_as_to_others_and_not_counted() {
    let world = World::start(CONFIG).await;
    let rocket = format!("/rocket/1.2.3/{FILE}");
    let stream = format!("/stream/1.2.3/{FILE}");
    let requests = [
        ("GET", rocket.as_str(), 302),
        ("HEAD", &rocket, 200),
        ("GET", &stream, 200),
        ("HEAD", &stream, 200),
        ("GET", "/stream/9.9.9/none.tar.gz", 404),
        ("GET", "/nowhere", 404),
        ("GET", "/-/px/docs.gif", 200),
        ("GET", "/-/px/unknown.gif", 200),
        ("GET", "/-/installed/1.0", 202),
        ("POST", "/-/events", 202),
        ("GET", "/n/@acme/compass", 200),
        ("GET", "/n/@acme/compass/-/compass-2.1.0.tgz", 302),
        ("GET", "/v2/server/manifests/1.2.3", 200),
        ("GET", "/v2/none/manifests/1", 404),
    ];
    for way in WAYS {
        for (method, path, expected) in requests {
            let request = way.request(&world, method, path).body(match method {
                "POST" => "[{},{}]",
                _ => "",
            });
            let got = status(request).await;
            assert_eq!(got, expected, "{way:?} {method} {path}");
        }
    }
    // Nobody's invention is a domain, and its uncounted name is not either.
    for host in ["notrack.settled.test", "notrack.notrack.get.test.localhost"] {
        assert_eq!(status(world.request("GET", host, &rocket)).await, 404);
    }
    for value in ["0", "false", ""] {
        let request = world
            .request("GET", HOST, &rocket)
            .header("x-no-analytics", value)
            .header("x-forwarded-for", format!("192.0.2.{}", value.len()));
        assert_eq!(status(request).await, 302, "{value:?} means no");
    }
    let events = world.recorded().await;
    assert_eq!(of_kind(&events, "download").len(), 3);
    assert_eq!(events.len(), 3, "{events:#?}");
}

#[tokio::test]
async fn all_that_is_known_of_them_is_how_many_there_were_today() {
    let world = World::start(CONFIG).await;
    let owner = world.owner().await;
    let told = |status: &serde_json::Value| status["opted_out_today"].as_u64();
    assert_eq!(told(&world.status(&owner).await), Some(0));
    for way in WAYS {
        let request = way.request(&world, "GET", &format!("/stream/1.2.3/{FILE}"));
        assert_eq!(status(request).await, 200);
    }
    world.get(HOST, "/nowhere").await;
    // Midnight may lie between.
    let counted = told(&world.status(&owner).await).expect("a number");
    assert!((1..=WAYS.len() as u64).contains(&counted), "{counted}");
}

#[tokio::test]
async fn what_one_request_of_a_connection_says_holds_for_that_request() {
    let world = World::start(CONFIG).await;
    let mut connection = world.connect().await;
    let requests = [
        (HOST, "/rocket/1.2.1/a.tar.gz", "", 404),
        // Whether the file is there is looked at for the count alone.
        (HOST, "/rocket/1.2.2/a.tar.gz", "DNT: 1\r\n", 302),
        (HOST, "/-/no-track/rocket/1.2.3/a.tar.gz", "", 302),
        (UNCOUNTED, "/stream/1.2.4/a.tar.gz", "", 404),
        (HOST, "/rocket/1.2.5/a.tar.gz", "", 404),
    ];
    let pipelined = requests.map(|(host, path, field, _)| {
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{field}\r\n")
    });
    connection.send(pipelined.concat().as_bytes()).await;
    for (_, path, _, status) in requests {
        let answer = connection.answer().await.expect("an answer");
        assert_eq!(answer.status, status, "{path}");
    }
    let events = world.recorded().await;
    let versions: Vec<_> = events.iter().map(|event| &event["version"]).collect();
    assert_eq!(versions, ["1.2.1", "1.2.5"]);
}
