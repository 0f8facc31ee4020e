//! The search itself: a leak made on purpose is found wherever it is.

use std::fs;
use std::net::IpAddr;

use crate::clients::addresses;
use crate::engine::Engine;
use crate::evidence::Evidence;
use crate::world::World;
use crate::world::load::ROCKET;

/// A table in which every client's address stands in every type that holds one.
async fn leak(engine: &Engine, codec: &str) {
    let table = format!("leak_{}", codec.to_lowercase());
    let create = format!(
        "CREATE TABLE {table} (
            text String CODEC({codec}), words Map(LowCardinality(String), String) CODEC({codec}),
            number UInt32 CODEC({codec}), wide IPv6 CODEC({codec}), hash UInt64 CODEC({codec})
        ) ENGINE = MergeTree ORDER BY tuple()"
    );
    engine.lines(&create).await;
    let row = |address: &IpAddr| {
        let number = match address {
            IpAddr::V4(v4) => v4.to_bits(),
            IpAddr::V6(_) => 0,
        };
        format!(
            "('{address}', {{'ip': '{address}'}}, {number}, toIPv6('{address}'), xxHash64('{address}'))"
        )
    };
    let rows: Vec<_> = addresses().iter().map(row).collect();
    engine
        .lines(&format!("INSERT INTO {table} VALUES {}", rows.join(", ")))
        .await;
}

/// The spellings that were found in places beginning with `place`, each address in all of them.
fn found(evidence: &Evidence, place: &str, address: IpAddr) -> String {
    let there = evidence
        .traces()
        .iter()
        .filter(|trace| trace.place.starts_with(place));
    let mut spellings: Vec<_> = there
        .filter(|trace| trace.address == address)
        .map(|trace| trace.spelling.clone())
        .collect();
    spellings.sort();
    spellings.dedup();
    spellings.join(", ")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leak_into_a_table_is_found_however_it_is_compressed() {
    let world = World::start(ROCKET).await;
    world.ready().await;
    let engine = Engine::of(&world);
    for codec in ["NONE", "LZ4", "ZSTD"] {
        leak(&engine, codec).await;
    }
    let mut evidence = Evidence::new();
    evidence.look_below(&world.data());
    for (table, bytes) in engine.dump().await {
        evidence.look(&format!("table {table}"), &bytes);
    }
    let (v4, v6) = (addresses()[0], addresses()[2]);
    // In files only where nothing is compressed; the rows show all of them.
    let files = [v4, v6].map(|address| found(&evidence, "clickhouse/data/store/", address));
    insta::assert_snapshot!(files.join("\n"), @"
    /24 prefix, four bytes, four bytes, turned, mapped in bytes, text, xxHash64 of its text, lower half, turned, xxHash64 of its text, turned, xxHash64 of its text, upper half, turned
    /48 prefix, /48 prefix in bytes, interface's bytes, network's bytes, sixteen bytes, text, xxHash64 of its text, lower half, turned, xxHash64 of its text, turned, xxHash64 of its text, upper half, turned
    ");
    let mut rows = Vec::new();
    for codec in ["none", "lz4", "zstd"] {
        let table = format!("table weir.leak_{codec}");
        rows.push([v4, v6].map(|address| found(&evidence, &table, address)));
    }
    assert!(rows.iter().all(|row| *row == rows[0]), "{rows:#?}");
    insta::assert_snapshot!(rows[0].join("\n"), @"
    /24 prefix, four bytes, four bytes, turned, mapped in bytes, text, xxHash64 of its text, lower half, turned, xxHash64 of its text, turned, xxHash64 of its text, upper half, turned
    /48 prefix, /48 prefix in bytes, interface's bytes, network's bytes, sixteen bytes, text, xxHash64 of its text, lower half, turned, xxHash64 of its text, turned, xxHash64 of its text, upper half, turned
    ");
    for address in addresses() {
        assert!(
            !found(&evidence, "table weir.leak_zstd", address).is_empty(),
            "{address}"
        );
    }
}

#[test]
fn a_leak_into_a_file_is_found_wherever_the_file_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two] = [addresses()[0], addresses()[1]];
    let IpAddr::V4(bytes) = one else {
        unreachable!("of IPv4")
    };
    let IpAddr::V4(others) = two else {
        unreachable!("of IPv4")
    };
    for (name, contents) in [
        (
            "spool/acked/000001.ready",
            [&bytes.octets()[..], b"between", &others.octets()].concat(),
        ),
        (
            "spool/dead/000001.batch.reason",
            format!("refused: {one}").into_bytes(),
        ),
        ("weir.db", format!("ada|{one}|1790000000").into_bytes()),
        ("weir.db-wal", hex::encode(one.to_string()).into_bytes()),
        (
            "backup/tables/events-202611.native.zst",
            zstd::encode_all(one.to_string().as_bytes(), 3).expect("in memory"),
        ),
        (
            "stderr",
            format!(r#"{{"peer":"[::ffff:{one}]:4711"}}"#).into_bytes(),
        ),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(path, contents).expect("written");
    }
    let mut evidence = Evidence::new();
    evidence.look_below(folder.path());
    let mut places: Vec<_> = evidence
        .traces()
        .iter()
        .map(|trace| trace.place.as_str())
        .collect();
    places.dedup();
    insta::assert_snapshot!(places.join("\n"), @"
    backup/tables/events-202611.native.zst
    spool/acked/000001.ready
    spool/dead/000001.batch.reason
    stderr
    weir.db
    weir.db-wal
    ");
}

#[test]
#[should_panic(expected = "the marker is not in data/spool/")]
fn a_search_that_sees_nothing_fails() {
    Evidence::new().assert_no_trace("running", &["data/spool/"]);
}
