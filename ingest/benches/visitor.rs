//! What it costs to take an address in and to make a visitor of it.

use std::hint::black_box;
use std::net::IpAddr;

use criterion::{Criterion, criterion_group, criterion_main};
use weir_ingest::{ClientIp, ProcessKey, Salts};

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn steps(criterion: &mut Criterion) {
    let salts = Salts::new(0).expect("random bytes");
    let key = ProcessKey::new().expect("random bytes");
    let mut group = criterion.benchmark_group("person");
    for (name, text) in [("v4", "203.0.113.77"), ("6to4", "2002:cb00:714d::1")] {
        let peer = address(text);
        group.bench_function(format!("canonical {name}"), |bencher| {
            bencher.iter(|| ClientIp::new(black_box(peer)));
        });
    }
    let client = ClientIp::new(address("203.0.113.77"));
    group.bench_function("network", |bencher| {
        bencher.iter(|| black_box(&client).net_key());
    });
    group.bench_function("salt of the day", |bencher| {
        bencher.iter(|| salts.at(black_box(60)).epoch());
    });
    group.bench_function("canonical and visitor", |bencher| {
        let peer = address("203.0.113.77");
        bencher.iter(|| {
            let salt = salts.at(black_box(60));
            ClientIp::new(black_box(peer)).visitor(&salt, "acme/rocket", "pip", "linux")
        });
    });
    group.bench_function("session", |bencher| {
        bencher.iter(|| black_box(&client).session(&key, "docker/28.0.1 go/go1.22.7 os/linux"));
    });
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
