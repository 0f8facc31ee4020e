//! What reading agents costs: by the table alone, from each thread's memory, and from a `moka` cache instead.
//!
//! `cargo bench -p weir-ingest --bench enrich`
#![allow(missing_docs)] // criterion's macros make public functions

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use weir_event::Ci;
use weir_ingest::{Agents, Client, ClientRules, Lately, Network, Seen, judge, load_open_data};

const AGENTS: &[(&str, &str)] = &[
    ("curl", "curl/8.9.1"),
    (
        "npm",
        "npm/11.19.1 node/v20.20.2 linux x64 workspaces/false",
    ),
    (
        "docker",
        r"docker/27.3.1 go/go1.22.7 git-commit/41ca978 kernel/6.10.14 os/linux arch/arm64 UpstreamClient(Docker-Client/27.3.1 \(darwin\))",
    ),
    (
        "pip",
        r#"pip/26.3 {"ci":null,"cpu":"x86_64","distro":{"id":"bookworm","libc":{"lib":"glibc","version":"2.36"},"name":"Debian GNU/Linux","version":"12"},"implementation":{"name":"CPython","version":"3.11.7"},"installer":{"name":"pip","version":"26.3"},"openssl_version":"OpenSSL 3.0.19 1 Jan 2026","python":"3.11.7","setuptools_version":"65.5.0","system":{"name":"Linux","release":"6.18.44"}}"#,
    ),
    (
        "browser",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    ),
    (
        "crawler",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    ),
    ("unknown", "acme-fetch/1.0 (build 7)"),
];

fn reading(criterion: &mut Criterion) {
    load_open_data();
    let rules = ClientRules::builtin();
    let mut table = criterion.benchmark_group("table");
    for (name, agent) in AGENTS {
        table.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(rules.read(black_box(agent), "file")).class);
        });
    }
    table.finish();
    let mut agents = Agents::default();
    let mut memory = criterion.benchmark_group("memory of a thread");
    for (name, agent) in AGENTS {
        memory.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(agents.read(&rules, black_box(agent), "file")).class);
        });
    }
    memory.finish();
    let cache: moka::sync::Cache<String, Client<'static>> = moka::sync::Cache::new(20_000);
    let mut moka = criterion.benchmark_group("moka");
    for (name, agent) in AGENTS {
        cache.insert((*agent).to_owned(), rules.read(agent, "file").into_owned());
        moka.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(cache.get(black_box(*agent))).map(|client| client.class));
        });
    }
    moka.finish();
}

fn judging(criterion: &mut Criterion) {
    let rules = ClientRules::builtin();
    let network = Network::default();
    criterion.bench_function("audience", |bencher| {
        let seen = || Seen {
            client: "npm",
            class: weir_ingest::Class::Tool,
            ci: Ci::Unknown,
            network: &network,
            lately: Lately::default(),
        };
        bencher.iter_batched(
            seen,
            |seen| judge(&rules, black_box(&seen)),
            BatchSize::SmallInput,
        );
    });
}

fn loading(criterion: &mut Criterion) {
    criterion.bench_function("rules, compiled", |bencher| {
        bencher.iter(|| ClientRules::load(&[]).map(|rules| rules.clients().len()));
    });
}

criterion_group!(benches, reading, judging, loading);
criterion_main!(benches);
