use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use maxminddb_writer::metadata::IpVersion;
use serde::Serialize;

use super::super::network::{Lists, NetworkType};
use super::*;
use crate::geo::made::{Flat, file, nested};

/// 20 November 2026.
const NOW: u64 = 1_795_132_800;

fn settings(folder: &Path) -> Settings {
    Settings {
        data_dir: folder.to_owned(),
        ..Settings::default()
    }
}

fn database<T: Serialize>(version: IpVersion, networks: Vec<(&str, T)>) -> Vec<u8> {
    file("Test-Country", NOW, version, networks)
}

fn flat() -> Vec<u8> {
    database(
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", Flat { country_code: "CH" }),
            ("8.8.0.0/16", Flat { country_code: "us" }),
        ],
    )
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let geo = folder.join("geo");
    std::fs::create_dir_all(&geo).expect("a folder");
    std::fs::write(geo.join(name), bytes).expect("a file");
}

/// Puts text behind the manifest's back, as a source of that name.
fn fetched(folder: &Path, format: &str, list: Option<&str>, text: &str) {
    let files = folder.join("geo/files");
    std::fs::create_dir_all(&files).expect("a folder");
    std::fs::write(files.join(format), text).expect("a file");
    let manifest = folder.join("geo/manifest.json");
    let mut table: serde_json::Value = match std::fs::read(&manifest) {
        Ok(bytes) => serde_json::from_slice(&bytes).expect("a table"),
        Err(_) => serde_json::json!({ "version": 1, "sources": [] }),
    };
    let sources = table["sources"].as_array_mut().expect("a list");
    sources.push(serde_json::json!({
        "name": format, "format": format, "list": list, "licence": "CC0-1.0", "attribution": "Acme",
        "link": "", "installed": NOW, "checked": NOW,
        "files": [{
            "file": format, "original": format, "from": "", "sha256": "", "bytes": text.len(),
            "records": 1, "kind": format,
        }],
    }));
    std::fs::write(manifest, table.to_string()).expect("a file");
}

fn open(settings: &Settings) -> Places {
    let (places, errors) = Places::open(settings, NOW).expect("known sources");
    assert!(errors.is_empty(), "{errors:?}");
    places
}

fn client(address: &str) -> ClientIp {
    ClientIp::new(address.parse().expect("an address"))
}

fn country(places: &Places, address: &str) -> &'static str {
    places.country(&client(address))
}

fn told(folder: &Path, errors: &[LoadError]) -> String {
    let said = errors.iter().map(|error| {
        let below = std::error::Error::source(error).map(ToString::to_string);
        let whole = format!("{error} < {}", below.unwrap_or_default());
        whole.replace(&*folder.to_string_lossy(), "")
    });
    said.collect::<Vec<_>>().join("\n")
}

#[test]
fn files_of_one_family_miss_the_others_addresses() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "4.mmdb", &flat());
    let six = database(IpVersion::V6, vec![("2001:db8::/32", nested("DE", "BE"))]);
    put(folder.path(), "6.mmdb", &six);
    let places = open(&settings(folder.path()));
    assert_eq!(country(&places, "203.0.113.77"), "CH");
    assert_eq!(country(&places, "8.8.8.8"), "US");
    assert_eq!(country(&places, "2001:db8::1"), "DE");
    assert_eq!(country(&places, "198.51.100.1"), "");
    assert_eq!(country(&places, "2001:4860::1"), "");
}

#[test]
fn the_first_file_that_knows_names_the_country() {
    let folder = tempfile::tempdir().expect("a folder");
    let other = database(
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", nested("FR", "75")),
            ("198.51.100.0/24", nested("AT", "9")),
        ],
    );
    put(folder.path(), "a.mmdb", &flat());
    put(folder.path(), "b.mmdb", &other);
    let places = open(&settings(folder.path()));
    assert_eq!(country(&places, "203.0.113.77"), "CH");
    assert_eq!(country(&places, "198.51.100.1"), "AT");

    let mut named = settings(folder.path());
    named.geo.country = vec![folder.path().join("geo/b.mmdb")];
    assert_eq!(country(&open(&named), "203.0.113.77"), "FR");
}

#[test]
fn a_network_that_a_file_cuts_smaller_takes_the_country_of_its_parts() {
    let folder = tempfile::tempdir().expect("a folder");
    let fine = database(
        IpVersion::V6,
        vec![
            ("::203.0.113.160/123", nested("GB", "ENG")),
            ("2001:db8:1:8000::/49", nested("SE", "AB")),
        ],
    );
    put(folder.path(), "fine.mmdb", &fine);
    let places = open(&settings(folder.path()));
    assert_eq!(country(&places, "203.0.113.161"), "GB");
    assert_eq!(country(&places, "2001:db8:1:9000::1"), "SE");
    assert_eq!(country(&places, "203.0.114.161"), "");
}

#[test]
fn regions_are_kept_where_the_settings_ask_for_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let cities = database(IpVersion::V4, vec![("203.0.113.0/24", nested("CH", "ZH"))]);
    put(folder.path(), "cities.mmdb", &cities);
    let region = |settings: &Settings| open(settings).region(&client("203.0.113.77"));
    let mut settings = settings(folder.path());
    assert_eq!(region(&settings), "");
    settings.geo.region = true;
    assert_eq!(region(&settings), "CH-ZH");
}

#[test]
fn local_addresses_are_where_the_settings_say() {
    let places = Places::default().with_local_country("ch");
    assert_eq!(country(&places, "127.0.0.1"), "CH");
    assert_eq!(country(&places, "203.0.113.77"), "");
    let word = Places::default().with_local_country("Switzerland");
    assert_eq!(country(&word, "127.0.0.1"), "");
}

#[test]
fn a_network_is_what_its_system_is_and_the_lists_that_name_the_very_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let systems = "203.0.112.0,203.0.127.255,64500,Acme Telecom\n";
    fetched(folder.path(), "systems", None, systems);
    let about = "asn,org,category,openasn_flags\n64500,Acme,isp,mobile_carrier\n";
    fetched(folder.path(), "about", None, about);
    fetched(folder.path(), "networks", Some("tor"), "203.0.113.77\n");
    let places = open(&settings(folder.path()));
    let exit = places.network(&client("203.0.113.77"));
    assert_eq!(
        (exit.asn, &*exit.name, exit.size),
        (64500, "Acme Telecom", 4096)
    );
    assert_eq!((exit.kind, exit.lists), (NetworkType::Mobile, Lists::TOR));
    assert_eq!(exit.word(), "tor");
    let neighbour = places.network(&client("203.0.113.78"));
    assert_eq!(
        (neighbour.kind, neighbour.lists),
        (NetworkType::Mobile, Lists::default())
    );
    assert_eq!(places.network(&client("127.0.0.1")), Network::default());
    assert_eq!(places.network(&client("198.51.100.1")), Network::default());
}

#[test]
fn a_damaged_file_keeps_what_is_in_use_and_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    put(folder.path(), "4.mmdb", &flat());
    let places = open(&settings(folder.path()));
    assert!(places.reload(NOW).is_none(), "nothing has changed");
    put(folder.path(), "4.mmdb", b"no database");
    let errors = places.reload(NOW).expect("a change");
    insta::assert_snapshot!(told(folder.path(), &errors), @"place data /geo/4.mmdb is not used; fetch it again < it is no MMDB, damaged or cut short");
    assert_eq!(country(&places, "203.0.113.77"), "CH");

    let newer = database(IpVersion::V4, vec![("203.0.113.0/24", nested("LI", "11"))]);
    put(folder.path(), "4.mmdb", &newer);
    assert!(places.reload(NOW).expect("a change").is_empty());
    assert_eq!(country(&places, "203.0.113.77"), "LI");
}

#[test]
fn a_missing_or_foreign_file_is_left_out_and_the_rest_is_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let foreign = database(IpVersion::V4, vec![("203.0.113.0/24", "a word")]);
    put(folder.path(), "foreign.mmdb", &foreign);
    put(folder.path(), "4.mmdb", &flat());
    let mut settings = settings(folder.path());
    let files = ["missing.mmdb", "foreign.mmdb", "4.mmdb"];
    let path = |file| folder.path().join("geo").join(file);
    settings.geo.country = files.map(path).to_vec();
    let (places, errors) = Places::open(&settings, NOW).expect("known sources");
    insta::assert_snapshot!(told(folder.path(), &errors), @r"
    cannot read place data /geo/missing.mmdb; fetch it again or take it out of the settings < No such file or directory (os error 2)
    place data /geo/foreign.mmdb is not used; fetch it again < it is no MMDB, damaged or cut short
    ");
    assert_eq!(country(&places, "203.0.113.77"), "CH");
}

#[test]
fn a_database_whose_licence_has_ended_is_not_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let networks = || vec![("203.0.113.0/24", nested("CH", "ZH"))];
    let old = file(
        "GeoLite2-Country",
        NOW - 31 * 86_400,
        IpVersion::V4,
        networks(),
    );
    put(folder.path(), "old.mmdb", &old);
    let (places, errors) = Places::open(&settings(folder.path()), NOW).expect("known sources");
    insta::assert_snapshot!(told(folder.path(), &errors), @"place data old.mmdb is not used: its licence ends 30 days after it was made; fetch it again <");
    assert_eq!(country(&places, "203.0.113.77"), "");

    let young = file(
        "GeoLite2-Country",
        NOW - 29 * 86_400,
        IpVersion::V4,
        networks(),
    );
    put(folder.path(), "old.mmdb", &young);
    assert!(places.reload(NOW).expect("a change").is_empty());
    assert_eq!(country(&places, "203.0.113.77"), "CH");
    let credit = places.files().remove(0).attribution;
    assert_eq!(credit, "Includes GeoLite2 Data created by MaxMind");
    // Two days on its time is over, though nothing has changed on disk.
    assert_eq!(places.reload(NOW + 2 * 86_400).expect("a reason").len(), 1);
    assert_eq!(country(&places, "203.0.113.77"), "");
}

#[test]
fn lookups_during_a_reload_see_all_of_the_old_or_all_of_the_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let lines = |asn: u32, name: &str| format!("203.0.113.0,203.0.113.255,{asn},{name}\n");
    fetched(folder.path(), "systems", None, &lines(64500, "Acme"));
    let places = open(&settings(folder.path()));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let address = client("203.0.113.77");
                while !done.load(Ordering::Relaxed) {
                    let network = places.network(&address);
                    let whole = matches!(
                        (network.asn, &*network.name),
                        (64500, "Acme") | (64501, "Beta Inc.")
                    );
                    assert!(whole, "{network:?}");
                }
            });
        }
        let file = folder.path().join("geo/files/systems");
        for round in 0..60 {
            let text = if round % 2 == 0 {
                lines(64501, "Beta Inc.")
            } else {
                lines(64500, "Acme")
            };
            let fresh = file.with_extension("new");
            std::fs::write(&fresh, text).expect("a file");
            std::fs::rename(&fresh, &file).expect("another file in its place");
            let errors = places.reload(NOW).expect("a change");
            assert!(errors.is_empty(), "{errors:?}");
        }
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(&*places.network(&client("203.0.113.77")).name, "Acme");
}
