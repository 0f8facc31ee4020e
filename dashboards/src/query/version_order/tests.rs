use std::cmp::Ordering;

use proptest::prelude::*;

use super::{Rules, newest};

const ALL: [Rules; 5] = [
    Rules::Pep440,
    Rules::Semver,
    Rules::Debian,
    Rules::Maven,
    Rules::Plain,
];

/// Every version comes before the one after it, and after the one before.
fn rising(rules: Rules, versions: &[&str]) {
    for pair in versions.windows(2) {
        let [a, b] = pair else { continue };
        assert_eq!(rules.compare(a, b), Some(Ordering::Less), "{a} < {b}");
        assert_eq!(rules.compare(b, a), Some(Ordering::Greater), "{b} > {a}");
    }
}

#[test]
fn python_orders_as_pep_440_says() {
    // The example under "Summary of permitted suffixes and relative ordering".
    rising(
        Rules::of("pypi"),
        &[
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ],
    );
}

#[test]
fn semantic_versions_order_by_item_11() {
    // The example of item 11.4.
    rising(
        Rules::of("npm"),
        &[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "v1.2",
            "1.10.0",
            "2",
        ],
    );
    assert_eq!(
        Rules::Semver.compare("1.0.0+a", "1.0.0+b"),
        Some(Ordering::Equal),
        "build metadata has no part in it"
    );
}

#[test]
fn debian_orders_by_epoch_tilde_and_revision() {
    // From deb-version(7), and Policy 5.6.12 for the tilde.
    rising(
        Rules::of("apt"),
        &[
            "1.0~~",
            "1.0~~a",
            "1.0~",
            "1.0",
            "1.0-2",
            "1.0a",
            "1.0+b1",
            "1.0.1",
            "1.2",
            "1.10",
            "2:0.9",
            "2:2.36-9",
            "2:2.36-9+deb12u1",
            "2:2.36-10",
        ],
    );
}

#[test]
fn maven_orders_by_its_specification() {
    // From "Version Order Specification" of the POM reference.
    rising(
        Rules::of("maven"),
        &[
            "1-alpha2",
            "1-alpha-123",
            "1-beta-2",
            "1-beta-123",
            "1-m2",
            "1-m11",
            "1-rc",
            "1-SNAPSHOT",
            "1",
            "1-sp",
            "1-sp-1",
            "1-abc",
            "1-1",
            "1-2",
            "1.1-rc",
            "1.1",
            "1.2",
            "1.10",
            "2",
        ],
    );
    for equal in ["1.0", "1.0.0", "1-ga", "1.final", "1-0", "1.0-RELEASE"] {
        assert_eq!(
            Rules::Maven.compare("1", equal),
            Some(Ordering::Equal),
            "{equal}"
        );
    }
    assert_eq!(
        Rules::Maven.compare("1-cr2", "1.rc2"),
        Some(Ordering::Equal)
    );
}

#[test]
fn tags_order_by_their_numbers_and_what_is_no_number_has_no_place() {
    rising(
        Rules::of("oci"),
        &[
            "1.9",
            "v1.10.0-alpha.1",
            "1.10-beta2",
            "1.10.0-rc.9",
            "1.10.0-rc.10",
            "1.10",
            "1.10.1-alpine",
            "2",
            "2.0.0.1",
            "20240101",
        ],
    );
    assert_eq!(
        Rules::Plain.compare("3.19-alpine", "3.19"),
        Some(Ordering::Equal),
        "a variant of the same version"
    );
    for (rules, tag) in [
        (Rules::Plain, "latest"),
        (Rules::Plain, ""),
        (Rules::Plain, "1..2"),
        (Rules::Pep440, "main"),
        (Rules::Semver, "next"),
        (Rules::Semver, "1.2.3.4"),
        (Rules::Debian, "sid"),
        (Rules::Maven, "LATEST"),
    ] {
        assert_eq!(rules.compare(tag, "1.0"), None, "{tag}");
        assert_eq!(rules.compare("1.0", tag), None, "{tag}");
    }
}

fn version() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,3}(\\.[0-9]{1,2}){0,3}([-.~+]?(a|alpha|rc|sp|x|SNAPSHOT)?[0-9]{0,2}){0,2}",
        ".{0,12}",
    ]
}

proptest! {
    #[test]
    fn every_order_is_one(a in version(), b in version(), c in version()) {
        for rules in ALL {
            if let Some(order) = rules.compare(&a, &b) {
                prop_assert_eq!(rules.compare(&b, &a), Some(order.reverse()));
                prop_assert_eq!(rules.compare(&a, &a), Some(Ordering::Equal));
                if rules.compare(&b, &c) == Some(order) {
                    prop_assert_eq!(rules.compare(&a, &c), Some(order), "{:?} {} {} {}", rules, a, b, c);
                }
            }
        }
    }
}

#[test]
fn the_newest_of_several_is_found_among_words() {
    let of = |versions: &[&'static str]| newest(versions.iter().copied());
    assert_eq!(of(&["latest", "9", "10", "2"]), Some("10"));
    assert_eq!(of(&["0.4", "0.12", "nightly"]), Some("0.12"));
    assert_eq!(of(&["latest"]), None);
    assert_eq!(of(&[]), None);
}
