//! Prints how long one event takes, in nanoseconds, for a few agents.
#![allow(clippy::print_stdout)] // a program that prints

use std::hint::black_box;
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
        let start = Instant::now();
        for counter in 1..=u64::from(ROUNDS) {
            let address = ClientIp::new([203, 0, 113, 77].into());
            let id = EventId {
                node: 1,
                boot: 1,
                counter,
            };
            black_box(enricher.enrich(black_box(&seen), address, id, now));
        }
        println!(
            "{name:8} {:6} ns",
            start.elapsed().as_nanos() / u128::from(ROUNDS)
        );
    }
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
        user_agent: agent,
        ..Observation::new(Kind::Download)
    }
}
