//! What a lookup costs, in the data that set-up fetches: our ranges with their index, a plain binary search
//! of the same rows, an MMDB, and a cache in front; and what loading costs.
#![allow(missing_docs)] // the macros of criterion make functions without any

use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use maxminddb::{PathElement, Reader};
use weir_config::settings::Settings;
use weir_ingest::geo::Updater;
use weir_ingest::{ClientIp, Places};

const NOW: u64 = 1_795_132_800;

fn setup(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../.setup")
        .join(path)
}

/// Places with all data, in a folder that lives as long as what this returns.
fn places() -> (tempfile::TempDir, Settings, Places) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        ..Settings::default()
    };
    let updater = Updater::new(&settings).expect("known sources");
    let folders = [setup("geo"), setup("systems")];
    updater
        .take(&folders, None, false, NOW)
        .expect("run `make geo` first");
    let (places, _) = Places::open(&settings, NOW).expect("known sources");
    (folder, settings, places)
}

/// Networks all over IPv4, in no order: the worst that can come. The constants are Knuth's MMIX generator.
fn addresses() -> impl FnMut() -> u32 {
    let mut state = 1_u64;
    move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // First halves of networks that are in use.
        ((state >> 33) as u32 % 0xdf00_0000).max(0x0100_0000)
    }
}

fn client(bits: u32) -> ClientIp {
    ClientIp::new(Ipv4Addr::from_bits(bits).into())
}

fn lookups(c: &mut Criterion) {
    let (_folder, _settings, places) = places();
    let mut group = c.benchmark_group("lookup");
    let mut next = addresses();
    group.bench_function("network: system, name, lists", |b| {
        b.iter(|| black_box(places.network(&client(next()))));
    });

    let rows = rows();
    group.bench_function("system, plain binary search", |b| {
        b.iter(|| {
            let key = black_box(next());
            let at = rows.partition_point(|(_, last, _)| *last < key);
            black_box(rows.get(at).filter(|(first, ..)| *first <= key))
        });
    });

    let file = setup("geo/geo-whois-asn-country-ipv4.mmdb");
    let reader = Reader::open_readfile(file).expect("run `make geo` first");
    let country = |address: IpAddr| -> Option<&str> {
        let found = reader.lookup(address).ok()?;
        found
            .decode_path(&[PathElement::Key("country_code")])
            .ok()?
    };
    group.bench_function("country, MMDB", |b| {
        b.iter(|| black_box(country(Ipv4Addr::from_bits(next()).into())));
    });

    let cache = moka::sync::Cache::new(10_000);
    for network in 0..10_000_u32 {
        cache.insert(network, network);
    }
    group.bench_function("hit of a cache, whatever is behind it", |b| {
        b.iter(|| black_box(cache.get(&(next() % 10_000))));
    });
    group.finish();
}

/// The rows of the table of systems as they stand in it.
fn rows() -> Vec<(u32, u32, u32)> {
    let text = std::fs::read_to_string(setup("systems/asn-ipv4-num.csv"));
    let text = text.expect("run `make geo` first");
    let rows = text.lines().map(|line| {
        let mut numbers = line
            .split(',')
            .map(|field| field.parse().unwrap_or_default());
        let mut number = || numbers.next().unwrap_or_default();
        (number(), number(), number())
    });
    rows.collect()
}

fn load(c: &mut Criterion) {
    let (_folder, settings, places) = places();
    let mut group = c.benchmark_group("load");
    group.sample_size(10);
    let name = format!(
        "a million records to {} systems, {} kB",
        places.systems(),
        places.bytes() / 1000
    );
    group.bench_function(name, |b| {
        b.iter(|| black_box(Places::open(&settings, NOW).expect("known sources")));
    });
    group.finish();
}

criterion_group!(benches, lookups, load);
criterion_main!(benches);
