use std::net::IpAddr;
use std::time::{Duration, Instant};

use super::*;
use crate::enrich::Lists;

fn settings() -> Settings {
    Settings {
        enabled: true,
        ..Settings::default()
    }
}

fn address(text: &str) -> ClientIp {
    ClientIp::new(text.parse::<IpAddr>().expect("an address"))
}

/// A university with its own network, as good data has it.
fn university() -> Network {
    Network {
        asn: 64500,
        name: "Acme University".into(),
        domain: "acme.edu".into(),
        size: 65536,
        kind: NetworkType::Education,
        lists: Lists::default(),
    }
}

fn named(organisations: &Organisations, network: &Network, country: &str) -> String {
    let found = organisations.of(&address("198.51.100.7"), network, country);
    found.map_or_else(
        || "nobody".to_owned(),
        |found| {
            let (kind, words) = (found.kind.as_str(), found.evidence.words());
            let Organisation {
                name,
                domain,
                confidence,
                ..
            } = found;
            format!("{name} {domain} {kind} {confidence} {words}")
        },
    )
}

#[test]
fn nobody_is_named_unless_the_operator_wants_it() {
    assert_eq!(named(&Organisations::off(), &university(), "US"), "nobody");
    let on = Organisations::open(&settings());
    insta::assert_snapshot!(named(&on, &university(), "US"), @"Acme University acme.edu education 90 asn category name domain");
}

#[test]
fn excluded_countries_and_types_and_weak_matches_are_nobody() {
    let excluding = |countries: &[&str]| {
        Organisations::open(&Settings {
            exclude_countries: countries.iter().map(ToString::to_string).collect(),
            ..settings()
        })
    };
    let eea = excluding(&["EEA"]);
    for country in ["DE", "NO", "IE", ""] {
        assert_eq!(named(&eea, &university(), country), "nobody", "{country}");
    }
    for country in ["GB", "CH", "US"] {
        assert_ne!(named(&eea, &university(), country), "nobody", "{country}");
    }
    assert_eq!(named(&excluding(&["US"]), &university(), "US"), "nobody");
    let types = Organisations::open(&Settings {
        exclude_types: vec!["education".into()],
        ..settings()
    });
    assert_eq!(named(&types, &university(), "US"), "nobody");
    let by_name_alone = Network {
        domain: "".into(),
        kind: NetworkType::Unknown,
        ..university()
    };
    assert_eq!(
        named(&Organisations::open(&settings()), &by_name_alone, "US"),
        "nobody"
    );
    let weak = Organisations::open(&Settings {
        least_confidence: 50,
        ..settings()
    });
    assert_ne!(named(&weak, &by_name_alone, "US"), "nobody");
}

#[test]
fn what_a_list_says_of_the_address_hides_its_holder() {
    let on = Organisations::open(&settings());
    for list in Lists::ALL {
        let network = Network {
            lists: list,
            ..university()
        };
        assert_eq!(named(&on, &network, "US"), "nobody");
    }
}

#[test]
fn an_operators_word_comes_before_everything_but_the_country() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("orgs.toml");
    std::fs::write(
        &path,
        "[[organisation]]\nname = \"Acme Lab\"\nnetworks = [\"198.51.100.0/28\"]\n\n[[nobody]]\nnames = [\"Acme University\"]\n",
    )
    .expect("written");
    let on = Organisations::open(&Settings {
        overrides: Some(path),
        exclude_countries: vec!["DE".into()],
        ..settings()
    });
    let of = |last: u8, country: &str| {
        let address = ClientIp::new([198, 51, 100, last].into());
        let found = on.of(&address, &university(), country);
        found.map(|found| (found.name.to_string(), found.confidence))
    };
    assert_eq!(of(7, "US"), Some(("Acme Lab".to_owned(), 100)));
    assert_eq!(of(17, "US"), None, "the name is on the list of nobody");
    assert_eq!(of(7, "DE"), None);
}

#[test]
fn overrides_are_read_again_and_a_broken_file_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("orgs.toml");
    let write = |text: &str| {
        let fresh = folder.path().join("fresh");
        std::fs::write(&fresh, text).expect("written");
        std::fs::rename(&fresh, &path).expect("put in place");
    };
    write("[[organisation]]\nname = \"First\"\nasns = [64500]\n");
    let on = Organisations::open(&Settings {
        overrides: Some(path.clone()),
        ..settings()
    });
    assert!(named(&on, &university(), "US").starts_with("First "));
    write("[[organisation]]\nname = 1\n");
    read(&path, &on.overrides);
    assert!(named(&on, &university(), "US").starts_with("First "));
    write("[[organisation]]\nname = \"Second\"\nasns = [64500]\n");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !named(&on, &university(), "US").starts_with("Second ") {
        assert!(Instant::now() < deadline, "never read again");
        std::thread::sleep(Duration::from_millis(10)); // the pace of looking
    }
}

#[test]
fn an_id_is_the_same_for_the_same_domain_or_name() {
    assert_eq!(
        id("Acme", "Acme.example"),
        id("Acme Rockets", "acme.example")
    );
    assert_eq!(id("ACME ROCKETS, INC.", ""), id("Acme Rockets Inc", ""));
    assert_ne!(id("Acme Rockets Inc", ""), id("Acme Rockets GmbH", ""));
    assert_ne!(id("acme.example", ""), id("", "acme.example"));
    // Rows keep these numbers for months: they never change.
    assert_eq!(id("Acme", "acme.example"), 288_370_820);
    assert_eq!(id("Acme", ""), 2_566_129_844);
}

#[test]
fn a_decision_is_explained_step_by_step() {
    let explained = |settings: &Settings, country: &str, pointer: Option<&str>| {
        let on = Organisations::open(settings);
        let line = Network {
            name: "Acme Telecom Ltd".into(),
            domain: "acme.example".into(),
            kind: NetworkType::Residential,
            ..university()
        };
        let client = address("198.51.100.7");
        let explained = explain(&on, &line, Some(&client), country, pointer);
        let steps = explained
            .steps
            .iter()
            .map(|(step, text)| format!("{step}: {text}"));
        steps.collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(explained(&settings(), "US", Some("ford.com")), @r#"
    network: AS64500 "Acme Telecom Ltd", acme.example, 65536 IPv4 addresses
    overrides: say nothing
    address: an ordinary one
    lists: on none
    category: residential
    name: says carrier
    domain: says nothing
    pointer: a confirmed name in ford.com
    rule: ptr_known
    found: "Ford Motor Company", ford.com, business, confidence 80 by ptr
    policy: in US: allowed
    stored: org_id 1395859941
    "#);
    let excluding = Settings {
        exclude_countries: vec!["EEA".into()],
        ..settings()
    };
    assert!(
        explained(&excluding, "DE", Some("ford.com"))
            .ends_with("policy: in DE: excluded\nstored: nothing")
    );
    assert!(explained(&Settings::default(), "US", None).contains("organisations are off"));
}
