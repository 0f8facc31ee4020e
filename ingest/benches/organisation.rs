//! What naming the organisation of one event costs, and what a cache by system would make of it.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use moka::sync::Cache;
use weir_config::settings::Organisations as Settings;
use weir_ingest::organisation::{Organisation, Organisations};
use weir_ingest::{ClientIp, Lists, Network, NetworkType};

fn network(name: &str, domain: &str, kind: NetworkType) -> Network {
    Network {
        asn: 64500,
        name: name.into(),
        domain: domain.into(),
        size: 65536,
        kind,
        lists: Lists::default(),
    }
}

fn cases() -> [(&'static str, Network); 5] {
    let cloud = Network {
        lists: Lists::CLOUD,
        ..network("Acme Cloud LLC", "acme.example", NetworkType::Hosting)
    };
    [
        ("cloud", cloud),
        (
            "provider",
            network(
                "Acme Broadband Communications GmbH & Co. KG",
                "acme.example",
                NetworkType::Residential,
            ),
        ),
        (
            "university",
            network(
                "Acme University of Applied Sciences",
                "acme.edu",
                NetworkType::Education,
            ),
        ),
        (
            "company",
            network(
                "Acme Rocket Works Aktiengesellschaft",
                "acme.example",
                NetworkType::Business,
            ),
        ),
        (
            "unknown",
            network(
                "Acme Rocket Works Aktiengesellschaft",
                "",
                NetworkType::Unknown,
            ),
        ),
    ]
}

fn resolve(criterion: &mut Criterion) {
    let organisations = Organisations::open(&Settings {
        enabled: true,
        ..Settings::default()
    });
    let address = ClientIp::new([198, 51, 100, 7].into());
    let mut group = criterion.benchmark_group("organisation");
    for (name, network) in &cases() {
        group.bench_function(format!("{name}/decided"), |bencher| {
            bencher.iter(|| organisations.of(&address, black_box(network), "US"));
        });
        let cache: Cache<u32, Option<Organisation>> = Cache::new(100_000);
        group.bench_function(format!("{name}/cached"), |bencher| {
            bencher.iter(|| {
                cache.get_with(black_box(network).asn, || {
                    organisations.of(&address, network, "US")
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, resolve);
criterion_main!(benches);
