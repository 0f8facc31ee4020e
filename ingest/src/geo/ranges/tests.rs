use proptest::prelude::*;

use super::*;

fn rows(text: &str) -> Rows<u32> {
    let mut rows = Rows::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut words = line.split(' ');
        let mut word = || words.next().expect("three words");
        let first = word().parse().expect("an address");
        let last = word().parse().expect("an address");
        assert!(rows.add(first, last, word().parse().expect("a number")));
    }
    rows
}

fn at(ranges: &Ranges<u32>, address: &str) -> Option<u32> {
    ranges.at(address.parse().expect("an address"))
}

fn within(ranges: &Ranges<u32>, network: &str) -> Option<u32> {
    ranges.first_within(network.parse().expect("a network"))
}

#[test]
fn both_ends_belong_to_a_range_and_gaps_to_none() {
    let ranges = Ranges::new(rows(
        "198.51.100.0 198.51.101.255 2
         203.0.113.0 203.0.113.255 1
         2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3",
    ))
    .expect("apart");
    assert_eq!(at(&ranges, "203.0.113.0"), Some(1));
    assert_eq!(at(&ranges, "203.0.113.255"), Some(1));
    assert_eq!(at(&ranges, "198.51.101.77"), Some(2));
    assert_eq!(at(&ranges, "203.0.112.255"), None);
    assert_eq!(at(&ranges, "203.0.114.0"), None);
    assert_eq!(at(&ranges, "255.255.255.255"), None);
    assert_eq!(at(&ranges, "2001:db8:1::1"), Some(3));
    assert_eq!(at(&ranges, "2001:db9::"), None);
    assert_eq!(at(&Ranges::default(), "203.0.113.0"), None);
}

#[test]
fn the_first_and_the_last_address_of_all_can_be_found() {
    let ranges = Ranges::new(rows(
        "0.0.0.0 0.0.0.0 1
         255.255.0.0 255.255.255.255 2
         :: :: 3
         ffff:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 4",
    ))
    .expect("apart");
    assert_eq!(at(&ranges, "0.0.0.0"), Some(1));
    assert_eq!(at(&ranges, "255.255.255.255"), Some(2));
    assert_eq!(at(&ranges, "::"), Some(3));
    assert_eq!(
        at(&ranges, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        Some(4)
    );
}

#[test]
fn a_network_takes_what_its_first_known_part_says() {
    let ranges = Ranges::new(rows(
        "203.0.113.160 203.0.113.191 1
         203.0.113.192 203.0.113.255 2
         2001:db8:1:8000:: 2001:db8:1:ffff:ffff:ffff:ffff:ffff 3",
    ))
    .expect("apart");
    assert_eq!(within(&ranges, "203.0.113.0/24"), Some(1));
    assert_eq!(within(&ranges, "203.0.112.0/24"), None);
    assert_eq!(within(&ranges, "203.0.114.0/24"), None);
    assert_eq!(within(&ranges, "2001:db8:1::/48"), Some(3));
    assert_eq!(within(&ranges, "2001:db8:2::/48"), None);
}

#[test]
fn neighbours_that_say_the_same_are_one_range_and_contradictions_an_error() {
    let ranges = Ranges::new(rows(
        "203.0.114.0 203.0.114.255 1
         203.0.113.0 203.0.113.255 1
         203.0.115.0 203.0.115.255 2",
    ))
    .expect("apart");
    assert_eq!(ranges.len(), 2);
    let contradiction = Ranges::new(rows(
        "203.0.113.0 203.0.113.255 1
         203.0.113.77 203.0.113.77 2",
    ));
    let said = contradiction.err().map(|overlap| overlap.to_string());
    assert_eq!(said.as_deref(), Some("ranges overlap at 203.0.113.77"));
}

#[test]
fn one_contradiction_among_a_thousand_rows_is_settled_for_the_later_beginning() {
    let mut many = Rows::default();
    let address = |number: u32| Ipv4Addr::from_bits(number).into();
    for at in 0..1000 {
        let first = 0x0b00_0000 + at * 512;
        assert!(many.add(address(first), address(first + 255), at));
    }
    let last = 0x0b00_0000 + 999 * 512;
    assert!(many.add(address(last + 16), address(last + 300), 7));
    let ranges = Ranges::new(many).expect("one is settled");
    assert_eq!(ranges.at(address(last + 15)), Some(999));
    assert_eq!(ranges.at(address(last + 16)), Some(7));
    assert_eq!(ranges.at(address(last + 300)), Some(7));
}

#[test]
fn a_range_the_wrong_way_round_or_of_two_families_is_none() {
    let mut rows = Rows::default();
    let (low, high) = ([203, 0, 113, 0].into(), [203, 0, 113, 9].into());
    assert!(!rows.add(high, low, ()));
    assert!(!rows.add(low, IpAddr::V6(Ipv6Addr::LOCALHOST), ()));
    assert!(rows.is_empty());
}

proptest! {
    /// Whatever the ranges are, the table says of each address what a look at all of them says.
    #[test]
    fn a_search_finds_what_a_look_at_every_range_finds(
        cuts in proptest::collection::btree_set(any::<u32>(), 2..60),
        asked in proptest::collection::vec(any::<u32>(), 50),
    ) {
        let cuts: Vec<u32> = cuts.into_iter().collect();
        let all: Vec<Row<u32, u32>> = cuts
            .chunks_exact(2)
            .zip(0..)
            .map(|(pair, at)| Row { start: pair[0], end: pair[1] - 1, value: at % 3 })
            .collect();
        let table = Table::new(all.clone()).expect("apart");
        for key in asked.into_iter().chain(cuts) {
            let plain = all.iter().find(|row| (row.start..=row.end).contains(&key));
            prop_assert_eq!(table.at(key), plain.map(|row| row.value));
        }
    }
}
