use std::collections::HashMap;

use maxminddb_writer::Database as Writer;
use maxminddb_writer::metadata::IpVersion;
use maxminddb_writer::paths::IpAddrWithMask;
use serde::Serialize;

use super::*;
use crate::geo::ranges::Ranges;

/// A database of `kind`, made at `built`, with a record for each network.
pub(crate) fn file<T: Serialize>(
    kind: &str,
    built: u64,
    version: IpVersion,
    networks: Vec<(&str, T)>,
) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.metadata.ip_version = version;
    writer.metadata.binary_format_major_version = 2;
    writer.metadata.database_type = kind.into();
    writer.metadata.build_epoch = built;
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

/// `{country_code}`, as the smaller makers have it.
#[derive(Serialize)]
pub(crate) struct Flat {
    pub(crate) country_code: &'static str,
}

#[derive(Serialize)]
struct Nested {
    country: NestedCountry,
    subdivisions: Vec<NestedSubdivision>,
}

#[derive(Serialize)]
struct NestedCountry {
    geoname_id: u32,
    iso_code: &'static str,
    names: HashMap<&'static str, &'static str>,
}

#[derive(Serialize)]
struct NestedSubdivision {
    iso_code: &'static str,
}

/// `{country: {iso_code}}` and what stands beside it, as MaxMind has it.
pub(crate) fn nested(iso_code: &'static str, region: &'static str) -> impl Serialize {
    Nested {
        country: NestedCountry {
            geoname_id: 1,
            iso_code,
            names: HashMap::from([("en", "a name")]),
        },
        subdivisions: vec![NestedSubdivision { iso_code: region }],
    }
}

fn spots(contents: &Contents) -> Vec<(&str, &str)> {
    let spots = contents.spots.values.iter();
    spots.map(|spot| (spot.country, &*spot.region)).collect()
}

#[test]
fn both_ways_to_write_a_country_are_read_and_regions_only_if_wanted() {
    let flat = file(
        "Test",
        0,
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", Flat { country_code: "CH" }),
            ("8.8.0.0/16", Flat { country_code: "us" }),
        ],
    );
    let contents = read(&flat, false).expect("sound");
    assert_eq!(spots(&contents), [("US", ""), ("CH", "")]);
    assert_eq!(contents.records, 2);

    let six = vec![("2001:db8::/32", nested("CH", "ZH"))];
    let official = file("Test-City", 1_790_000_000, IpVersion::V6, six);
    assert_eq!(spots(&read(&official, false).expect("sound")), [("CH", "")]);
    let contents = read(&official, true).expect("sound");
    assert_eq!(spots(&contents), [("CH", "CH-ZH")]);
    assert_eq!(
        (&*contents.kind, contents.built),
        ("Test-City", Some(1_790_000_000))
    );
}

#[test]
fn ipinfos_records_give_country_system_and_domain() {
    #[derive(Serialize)]
    struct Lite {
        country: &'static str,
        country_code: &'static str,
        asn: &'static str,
        as_name: &'static str,
        as_domain: &'static str,
    }
    let record = |asn, as_name| Lite {
        country: "Switzerland",
        country_code: "CH",
        asn,
        as_name,
        as_domain: "Acme.Example",
    };
    let networks = vec![
        ("203.0.113.0/24", record("AS64500", "Acme Inc.")),
        ("198.51.100.0/24", record("", "")),
    ];
    let contents = read(
        &file("ipinfo generic_lite", 0, IpVersion::V4, networks),
        false,
    );
    let contents = contents.expect("sound");
    assert_eq!(contents.about[&64500].name, "Acme Inc.");
    assert_eq!(contents.about[&64500].domain, "acme.example");
    assert_eq!(spots(&contents), [("CH", "")]);
    let systems = Ranges::new(contents.systems).expect("apart");
    assert_eq!(systems.at([203, 0, 113, 7].into()), Some(64500));
    assert_eq!(systems.at([198, 51, 100, 7].into()), None);
}

#[test]
fn maxminds_records_give_systems() {
    #[derive(Serialize)]
    struct Asn {
        autonomous_system_number: u32,
        autonomous_system_organization: &'static str,
    }
    let record = Asn {
        autonomous_system_number: 64500,
        autonomous_system_organization: "Acme Inc.",
    };
    let made = file(
        "GeoLite2-ASN",
        0,
        IpVersion::V6,
        vec![("2001:db8::/32", record)],
    );
    let contents = read(&made, false).expect("sound");
    assert_eq!(contents.about[&64500].name, "Acme Inc.");
    assert_eq!(contents.systems.v6.len(), 1);
}

#[test]
fn openasns_records_give_uses_and_put_ranges_on_lists() {
    #[derive(Serialize)]
    struct Record {
        asn: u32,
        as_org: &'static str,
        category: Option<&'static str>,
        network_role: Option<&'static str>,
        core_verdict: &'static str,
        core_sources: Vec<&'static str>,
    }
    let record = |asn, category, verdict| Record {
        asn,
        as_org: "Acme",
        category: Some(category),
        network_role: Some("stub"),
        core_verdict: verdict,
        core_sources: vec!["asn_category"],
    };
    let networks = vec![
        ("203.0.113.0/24", record(64500, "isp", "vpn")),
        (
            "198.51.100.0/24",
            record(64501, "education_research", "education"),
        ),
    ];
    let made = file("OpenASN-Core-v1", 0, IpVersion::V4, networks);
    let contents = read(&made, false).expect("sound");
    assert_eq!(contents.about[&64501].kind, NetworkType::Education);
    let lists = Ranges::new(contents.lists).expect("apart");
    assert_eq!(lists.at([203, 0, 113, 7].into()), Some(Lists::VPN));
    assert_eq!(lists.at([198, 51, 100, 7].into()), None);
}

#[test]
fn a_file_without_description_is_sound() {
    let mut writer = Writer::default();
    writer.metadata.binary_format_major_version = 2;
    writer.metadata.database_type = "Bare".into();
    let record = writer.insert_value(Flat { country_code: "CH" });
    writer.insert_node(
        "203.0.113.0/24"
            .parse::<IpAddrWithMask>()
            .expect("a network"),
        record.expect("a record"),
    );
    let bytes = writer.write_to(Vec::new()).expect("bytes");
    assert_eq!(spots(&read(&bytes, false).expect("sound")), [("CH", "")]);
}

fn small() -> Vec<u8> {
    file(
        "Test",
        0,
        IpVersion::V4,
        vec![
            ("203.0.113.0/24", Flat { country_code: "CH" }),
            ("198.51.100.0/25", Flat { country_code: "DE" }),
            ("8.8.0.0/16", Flat { country_code: "US" }),
        ],
    )
}

#[test]
fn a_file_that_is_cut_short_anywhere_is_refused() {
    let whole = small();
    assert!(read(&whole, false).is_ok());
    for length in 0..whole.len() {
        assert!(read(&whole[..length], false).is_err(), "{length} bytes");
    }
}

#[test]
fn a_file_of_something_else_says_so() {
    let foreign = file(
        "Words",
        0,
        IpVersion::V4,
        vec![("203.0.113.0/24", HashMap::from([("word", "yes")]))],
    );
    let said = read(&foreign, false).err().map(|error| error.to_string());
    assert_eq!(
        said.as_deref(),
        Some("it (Words) holds no country, autonomous system or list that is known here")
    );
}

#[test]
fn a_tree_that_runs_in_a_circle_is_refused() {
    let mut whole = small();
    // The first node's records are three bytes each at this size: both lead back to the node itself.
    whole[..6].fill(0);
    assert!(read(&whole, false).is_err());
}

proptest::proptest! {
    /// Whatever is damaged in a file, reading it ends, without a panic.
    #[test]
    fn damage_anywhere_ends_in_an_answer(at in 0_usize..4096, by in 1_u8..) {
        let mut bytes = small();
        let at = at % bytes.len();
        bytes[at] ^= by;
        let _ = read(&bytes, true);
    }
}
