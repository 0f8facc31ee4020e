//! No address is written: a client's own is sent in every place that a request has, and then looked
//! for, in every spelling, in every byte on disk, in the log and in the tables.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use crate::world::World;

const V4: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 207);
const V6: Ipv6Addr = Ipv6Addr::new(
    0x2001, 0xdb8, 0x5eed, 0xcafe, 0xb00c, 0x7a1e, 0xfade, 0x1dea,
);

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path  = "/dead/{file}"
  to    = "http://127.0.0.1:9/{file}"
  proxy = true

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["events.test"]
  [[package.route]]
  path = "/sent/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test"]
image = "server"
upstream = "REGISTRY/acme/rocket-server"

[[index]]
kind = "pypi"
domains = ["pypi.test"]
upstream = "REGISTRY/simple/"
packages = ["*"]

[[index]]
kind = "pypi"
domains = ["dead.test"]
upstream = "http://127.0.0.1:9/simple/"
packages = ["*"]

[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"
"#;

/// A spelling of an address, with its name.
type Spelling = (&'static str, Vec<u8>);

/// How an address might be written as text or bytes. Four raw bytes may stand in any file by
/// chance, so they are looked for in the spool alone.
fn spellings(address: IpAddr) -> Vec<Spelling> {
    let mapped = match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped(),
        IpAddr::V6(v6) => v6,
    };
    let mut all: Vec<Spelling> = vec![
        ("text", address.to_string().into_bytes()),
        ("sixteen bytes", mapped.octets().to_vec()),
        (
            "sixteen bytes, turned",
            mapped.octets().into_iter().rev().collect(),
        ),
    ];
    let bytes = match address {
        IpAddr::V4(v4) => {
            all.push(("number", u32::from(v4).to_string().into_bytes()));
            all.push(("with dashes", v4.to_string().replace('.', "-").into_bytes()));
            v4.octets().to_vec()
        }
        IpAddr::V6(v6) => {
            let full = v6
                .segments()
                .map(|segment| format!("{segment:04x}"))
                .join(":");
            all.push(("in full", full.into_bytes()));
            v6.octets().to_vec()
        }
    };
    all.push(("hexadecimal", hex::encode(&bytes).into_bytes()));
    all.push(("hexadecimal", hex::encode_upper(&bytes).into_bytes()));
    all
}

fn canaries() -> Vec<Spelling> {
    [IpAddr::V4(V4), IpAddr::V6(V6)]
        .into_iter()
        .flat_map(spellings)
        .collect()
}

/// Where in `bytes` an address stands, in words.
fn find(place: &str, bytes: &[u8], wanted: &[Spelling]) -> Vec<String> {
    let stands = |spelling: &[u8]| {
        bytes
            .windows(spelling.len())
            .any(|window| window == spelling)
    };
    wanted
        .iter()
        .filter(|(_, spelling)| stands(spelling))
        .map(|(name, _)| format!("{place}: {name}"))
        .collect()
}

/// Looks into every file below `folder`; how many there were is counted in `seen`.
fn find_below(folder: &Path, wanted: &[Spelling], seen: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(find_below(&path, wanted, seen));
        } else if let Ok(bytes) = fs::read(&path) {
            *seen += 1;
            found.extend(find(&path.display().to_string(), &bytes, wanted));
        }
    }
    found
}

fn assert_no_address_below(data: &Path) {
    let mut seen = 0;
    assert_eq!(
        find_below(data, &canaries(), &mut seen),
        Vec::<String>::new()
    );
    assert!(seen > 20, "only {seen} files in {}", data.display());
    let raw = [
        ("four bytes", V4.octets().to_vec()),
        (
            "four bytes, turned",
            V4.octets().into_iter().rev().collect(),
        ),
    ];
    assert_eq!(
        find_below(&data.join("spool"), &raw, &mut seen),
        Vec::<String>::new()
    );
}

/// Requests with the client's own address wherever a request has room for text.
async fn send_everywhere(world: &World, own: IpAddr) {
    let bracketed = match own {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("[{v6}]"),
    };
    let requests = [
        ("get.test", "/rocket/1.0.0/linux-amd64.tar.gz".to_owned()),
        ("get.test", format!("/rocket/{own}/linux-amd64.tar.gz")),
        (
            "get.test",
            format!("/rocket/1.0.0-{own}/linux-{own}.tar.gz?ip={own}&{own}=1"),
        ),
        ("get.test", format!("/nothing/{own}?{own}")),
        (
            "get.test",
            format!("/-/px/docs.gif?page=https://docs.example/{own}&ip={own}"),
        ),
        ("get.test", format!("/dead/{own}.tar.gz")),
        ("events.test", format!("/sent/{own}?ip={own}&address={own}")),
        ("cr.test", format!("/v2/server/manifests/{own}")),
        ("cr.test", format!("/v2/{own}/manifests/latest")),
        ("pypi.test", format!("/simple/{own}/")),
        ("dead.test", format!("/simple/{own}/")),
        (&bracketed, "/".to_owned()),
    ];
    for (host, path) in requests {
        let request = world
            .request("GET", host, &path)
            .header("x-forwarded-for", own.to_string())
            .header("user-agent", format!("curl/8.0 ({own}) {own}"))
            .header("referer", format!("http://{bracketed}/{own}?{own}"))
            .header("forwarded", format!("for=\"{bracketed}\""))
            .header("x-real-ip", own.to_string());
        request.send().await.expect("an answer, whatever it says");
    }
    for body in [
        format!("{{\"version\":\"1\",\"ip\":\"{own}\",\"{own}\":\"x\"}}"),
        format!("{{broken {own}"),
    ] {
        let request = world
            .request("POST", "events.test", "/sent/1.0")
            .header("x-forwarded-for", own.to_string());
        request
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await
            .expect("an answer");
    }
    for raw in [
        format!("GET /{own}\u{1} HTTP/1.1\r\nHost: get.test\r\n\r\n"),
        format!("{own} / HTTP/1.1\r\nHost: get.test\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {own} {own}\r\n\r\n"),
        format!(
            "GET / HTTP/1.1\r\nHost: get.test\r\nX: {}{own}\r\n\r\n",
            "x".repeat(20_000)
        ),
        format!("{own}\r\n\r\n"),
    ] {
        world.raw(raw.as_bytes()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_is_written_to_disk_to_the_log_or_to_a_table() {
    let mut world = World::start_with(CONFIG, &[("WEIR_LOG", "debug")]).await;
    world.ready().await;
    for own in [IpAddr::V4(V4), IpAddr::V6(V6)] {
        send_everywhere(&world, own).await;
    }
    let marker = world
        .request("GET", "get.test", "/rocket/marker/linux-amd64.tar.gz")
        .header("x-forwarded-for", V4.to_string());
    assert_eq!(marker.send().await.expect("an answer").status(), 302);
    let events = world
        .wait_for(|events| events.iter().any(|event| event["version"] == "marker"))
        .await;
    assert!(events.len() > 15, "the requests were counted: {events:#?}");
    assert!(
        events.iter().any(|event| event["visitor"] != 0),
        "the address was used before it went"
    );

    let daily = world
        .query("SELECT * EXCEPT visitors FROM daily")
        .await
        .expect("the engine answers");
    let tables = serde_json::to_vec(&(&events, &daily)).expect("JSON");
    assert_eq!(
        find("the tables", &tables, &canaries()),
        Vec::<String>::new()
    );
    assert_no_address_below(&world.data());
    assert_eq!(world.weir.terminate(), Some(0));
    assert_no_address_below(&world.data());
    assert_eq!(
        find("the log", world.weir.said().as_bytes(), &canaries()),
        Vec::<String>::new()
    );
}

#[test]
fn the_search_finds_an_address_in_every_spelling() {
    let folder = tempfile::tempdir().expect("a folder");
    let below = folder.path().join("some/where");
    fs::create_dir_all(&below).expect("made");
    for spelling in canaries() {
        let bytes = [b"before".as_slice(), &spelling.1, b"after"].concat();
        fs::write(below.join("file"), bytes).expect("written");
        let found = find_below(folder.path(), &[spelling], &mut 0);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
