use std::collections::HashMap;
use std::path::{Path, PathBuf};

use maxminddb_writer::Database as Writer;
use maxminddb_writer::metadata::IpVersion;
use maxminddb_writer::paths::IpAddrWithMask;
use serde::Serialize;

use super::*;

#[derive(Serialize)]
struct Flat {
    country_code: &'static str,
}

#[derive(Serialize)]
struct Nested {
    country: Country,
}

#[derive(Serialize)]
struct Country {
    geoname_id: u32,
    iso_code: &'static str,
}

fn nested(iso_code: &'static str) -> Nested {
    Nested {
        country: Country {
            geoname_id: 1,
            iso_code,
        },
    }
}

fn file<T: Serialize>(version: IpVersion, networks: Vec<(&str, T)>) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.metadata.ip_version = version;
    writer.metadata.binary_format_major_version = 2;
    writer.metadata.database_type = "Test-Country".into();
    writer.metadata.description = HashMap::from([("en".into(), "made for a test".into())]);
    for (network, record) in networks {
        let record = writer.insert_value(record).expect("a record");
        writer.insert_node(
            network.parse::<IpAddrWithMask>().expect("a network"),
            record,
        );
    }
    writer
        .write_to(Vec::new())
        .expect("a vector takes every byte")
}

fn flat() -> Vec<u8> {
    file(
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", Flat { country_code: "CH" }),
            ("8.8.0.0/16", Flat { country_code: "us" }),
        ],
    )
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file");
    path
}

fn country(places: &Places, address: &str) -> &'static str {
    places.country(&ClientIp::new(address.parse().expect("an address")))
}

#[test]
fn both_schemas_and_both_families_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let six = file(IpVersion::V6, vec![("2001:db8::/32", nested("DE"))]);
    let paths = [
        put(folder.path(), "4.mmdb", &flat()),
        put(folder.path(), "6.mmdb", &six),
    ];
    let places = Places::load(&paths).expect("sound files");
    assert_eq!(country(&places, "203.0.113.77"), "CH");
    assert_eq!(country(&places, "8.8.8.8"), "US");
    assert_eq!(country(&places, "2001:db8::1"), "DE");
    assert_eq!(country(&places, "198.51.100.1"), "");
    assert_eq!(country(&places, "2001:4860::1"), "");
}

#[test]
fn the_first_file_that_knows_names_the_country() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = file(
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", nested("FR")),
            ("198.51.100.0/24", nested("AT")),
        ],
    );
    let paths = [
        put(folder.path(), "a.mmdb", &flat()),
        put(folder.path(), "b.mmdb", &other),
    ];
    let places = Places::load(&paths).expect("sound files");
    assert_eq!(country(&places, "203.0.113.77"), "CH");
    assert_eq!(country(&places, "198.51.100.1"), "AT");
}

#[test]
fn a_network_that_a_file_cuts_smaller_takes_the_country_of_its_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let fine = file(
        IpVersion::V6,
        vec![
            ("::203.0.113.160/123", nested("GB")),
            ("2001:db8:1:8000::/49", nested("SE")),
        ],
    );
    let places = Places::load(&[put(folder.path(), "fine.mmdb", &fine)]).expect("a sound file");
    assert_eq!(country(&places, "203.0.113.161"), "GB");
    assert_eq!(country(&places, "2001:db8:1:9000::1"), "SE");
    assert_eq!(country(&places, "203.0.114.161"), "");
}

#[test]
fn a_file_without_description_is_sound() {
    let mut writer = Writer::default();
    writer.metadata.binary_format_major_version = 2;
    writer.metadata.database_type = "Bare".into();
    let record = writer
        .insert_value(Flat { country_code: "CH" })
        .expect("a record");
    writer.insert_node(
        "203.0.113.0/24"
            .parse::<IpAddrWithMask>()
            .expect("a network"),
        record,
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = put(
        folder.path(),
        "bare.mmdb",
        &writer.write_to(Vec::new()).expect("bytes"),
    );
    assert_eq!(
        country(
            &Places::load(&[path]).expect("a sound file"),
            "203.0.113.77"
        ),
        "CH"
    );
}

#[test]
fn local_addresses_are_where_the_settings_say() {
    let places = Places::default().with_local_country("ch");
    assert_eq!(country(&places, "127.0.0.1"), "CH");
    assert_eq!(country(&places, "203.0.113.77"), "");
    assert_eq!(
        country(
            &Places::default().with_local_country("Switzerland"),
            "127.0.0.1"
        ),
        ""
    );
}

#[test]
fn a_damaged_file_keeps_the_one_in_use_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = put(folder.path(), "4.mmdb", &flat());
    let places = Places::load(std::slice::from_ref(&path)).expect("a sound file");
    put(folder.path(), "4.mmdb", b"no database");
    let errors = places.reload(std::slice::from_ref(&path));
    let said: Vec<_> = errors
        .iter()
        .map(|error| {
            error
                .to_string()
                .replace(&*folder.path().to_string_lossy(), "")
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"geo database /4.mmdb is damaged; fetch it again");
    assert_eq!(country(&places, "203.0.113.77"), "CH");

    let newer = file(IpVersion::V4, vec![("203.0.113.0/24", nested("LI"))]);
    put(folder.path(), "4.mmdb", &newer);
    assert!(places.reload(std::slice::from_ref(&path)).is_empty());
    assert_eq!(country(&places, "203.0.113.77"), "LI");
}

#[test]
fn a_missing_or_foreign_file_is_left_out_and_the_rest_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = file(IpVersion::V4, vec![("203.0.113.0/24", "a word")]);
    let paths = [
        folder.path().join("missing.mmdb"),
        put(folder.path(), "foreign.mmdb", &foreign),
        put(folder.path(), "4.mmdb", &flat()),
    ];
    let places = Places::default();
    let errors = places.reload(&paths);
    assert!(matches!(
        &errors[..],
        [
            DatabaseError::Read { .. },
            DatabaseError::NoCountries { .. }
        ]
    ));
    assert_eq!(places.count(), 1);
    assert_eq!(country(&places, "203.0.113.77"), "CH");
}

#[test]
fn no_cut_or_broken_file_makes_it_panic_or_lie() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = file(
        IpVersion::V6,
        vec![("2001:db8::/32", nested("DE")), ("2a00::/16", nested("FR"))],
    );
    for length in (0..whole.len()).step_by(5) {
        let path = put(folder.path(), "cut.mmdb", &whole[..length]);
        if let Ok(places) = Places::load(&[path]) {
            assert_eq!(country(&places, "2001:db8::1"), "DE", "cut to {length}");
        }
    }
    for at in (0..whole.len()).step_by(5) {
        let mut broken = whole.clone();
        broken[at] ^= 0xff;
        let path = put(folder.path(), "broken.mmdb", &broken);
        if let Ok(places) = Places::load(&[path]) {
            let code = country(&places, "2001:db8::1");
            assert!(code.is_empty() || code.len() == 2, "broken at {at}");
        }
    }
}
