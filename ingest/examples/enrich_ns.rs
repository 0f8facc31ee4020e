//! Prints how long one event takes, in nanoseconds, for a few agents: a download of a client that
//! was not there before, and the same again.
#![allow(clippy::print_stdout)] // a program that prints

use std::hint::black_box;
use std::net::Ipv4Addr;
use std::time::Instant;

use weir_event::{EventId, Kind};
use weir_ingest::{ClientIp, Enricher, Observation, Places};

const ROUNDS: u32 = 200_000;

const AGENTS: &[(&str, &str)] = &[
    (
        "pip",
        r#"pip/26.3 {"ci":null,"cpu":"x86_64","distro":{"id":"bookworm","libc":{"lib":"glibc","version":"2.36"},"name":"Debian GNU/Linux","version":"12"},"implementation":{"name":"CPython","version":"3.11.7"},"installer":{"name":"pip","version":"26.3"},"openssl_version":"OpenSSL 3.0.19 1 Jan 2026","python":"3.11.7","setuptools_version":"65.5.0","system":{"name":"Linux","release":"6.18.44"}}"#,
    ),
    (
        "docker",
        r"docker/27.3.1 go/go1.22.7 git-commit/41ca978 kernel/6.10.14 os/linux arch/arm64 UpstreamClient(Docker-Client/27.3.1 \(darwin\))",
    ),
    ("curl", "curl/8.9.1"),
    (
        "browser",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    ),
    ("unknown", "acme-fetch/1.0"),
];

fn main() {
    let now = 1_790_000_000;
    let enricher = Enricher::new(Places::default(), now).expect("random bytes");
    for (name, agent) in AGENTS {
        let seen = observation(agent);
        let first = nanoseconds(&enricher, &seen, now, |counter| 0x0b00_0000 + counter);
        let repeat = nanoseconds(&enricher, &seen, now, |_| 0x0b00_0001);
        println!("{name:8} first {first:6} ns, repeated {repeat:6} ns");
    }
}

/// Per event, the clients' addresses being what `address` makes of a counter.
fn nanoseconds(
    enricher: &Enricher,
    seen: &Observation<'_>,
    now: u32,
    address: impl Fn(u32) -> u32,
) -> u128 {
    let start = Instant::now();
    for counter in 1..=ROUNDS {
        let address = ClientIp::new(Ipv4Addr::from_bits(address(counter)).into());
        let id = EventId {
            node: 1,
            boot: 1,
            counter: counter.into(),
        };
        black_box(enricher.enrich(black_box(seen), address, id, now));
    }
    start.elapsed().as_nanos() / u128::from(ROUNDS)
}

fn observation(agent: &str) -> Observation<'_> {
    Observation {
        package: "acme/rocket",
        ecosystem: "file",
        domain: "get.acme.example",
        route: "/rocket/{version}/{os}-{arch}.tar.gz",
        version: "1.2.3",
        artifact: "rocket-linux-amd64.tar.gz",
        os: "linux",
        arch: "amd64",
        method: "GET",
        status: 302,
        target: "/rocket/1.2.3/linux-amd64.tar.gz",
        user_agent: agent,
        ..Observation::new(Kind::Download)
    }
}
