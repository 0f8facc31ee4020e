//! Organisations that were made up: each reads first, downloads later, has build services later still, and some leave.

/// An organisation with the days of its life, as ages: days before today.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Organisation {
    pub(super) name: String,
    pub(super) domain: String,
    pub(super) kind: &'static str,
    pub(super) confidence: u8,
    pub(super) evidence: &'static str,
    /// Since when it reads, downloads, and has build services that download; none comes from the future.
    pub(super) reads: u32,
    pub(super) downloads: u32,
    pub(super) builds: u32,
    /// Since when it does nothing any more; 0 for those that stay.
    pub(super) leaves: u32,
}

/// Nothing that is called so is known to exist.
const STEMS: [&str; 18] = [
    "Quillmoor",
    "Tarnvale",
    "Osterbrand",
    "Fennholt",
    "Lumenark",
    "Brackwell",
    "Sondermark",
    "Ivelthorpe",
    "Calderlund",
    "Marrowgate",
    "Pellhaven",
    "Duskfjord",
    "Harrowmere",
    "Nivelstad",
    "Grovenau",
    "Kestrelby",
    "Wexenford",
    "Aldermoss",
];

/// What organisations do, with the type of each.
const TRADES: [(&str, &str, &str); 4] = [
    ("{} Robotics", "robotics", "business"),
    ("{} Freight Systems", "freight", "business"),
    ("University of {}", "university", "education"),
    ("{} Open Foundation", "foundation", "nonprofit"),
];

/// How many of the trades the stems have, in turn, so that most are businesses.
const TRADES_OF_A_STEM: [usize; 3] = [3, 2, 4];

/// What matches rest on, and how sure they are.
const MATCHES: [(u8, &str); 4] = [
    (90, "asn category name"),
    (80, "asn category domain"),
    (95, "ptr domain"),
    (70, "asn category"),
];

/// All of them, always the same.
pub(super) fn organisations() -> Vec<Organisation> {
    let stems = STEMS.iter().zip(TRADES_OF_A_STEM.iter().cycle());
    let named = stems.flat_map(|(stem, count)| {
        let trades = TRADES.iter().take(*count);
        trades.map(move |(name, word, kind)| {
            let domain = format!("{}-{word}.example", stem.to_lowercase());
            (name.replace("{}", stem), domain, *kind)
        })
    });
    let made = named.zip(1..);
    made.map(|((name, domain, kind), number)| made_up(name, domain, kind, number))
        .collect()
}

fn made_up(name: String, domain: String, kind: &'static str, number: u32) -> Organisation {
    let (confidence, evidence) = MATCHES[number as usize % MATCHES.len()];
    // Every third was there before the history begins, every ninth came within the last weeks.
    let reads = match number % 9 {
        0 => 4 + spread(number, 1, 20),
        1..=3 => 366,
        _ => 30 + spread(number, 2, 320),
    };
    let downloads = reads.saturating_sub(2 + spread(number, 3, 30));
    let builds = downloads.saturating_sub(8 + spread(number, 4, 60));
    let leaves = match number % 7 {
        // Some stopped long ago, some in these weeks.
        3 => reads.min(35 + spread(number, 5, 150)),
        5 => reads.min(15 + spread(number, 6, 12)),
        _ => 0,
    };
    Organisation {
        name,
        domain,
        kind,
        confidence,
        evidence,
        reads,
        // Every fifth only reads, and every second has no build service.
        downloads: if number.is_multiple_of(5) {
            0
        } else {
            downloads
        },
        builds: if number.is_multiple_of(2) || number.is_multiple_of(5) {
            0
        } else {
            builds
        },
        leaves,
    }
}

/// A number below `most` that looks like chance.
fn spread(number: u32, question: u32, most: u32) -> u32 {
    // Knuth's multiplicative hash, of which the upper bits are well spread.
    (number * 8 + question).wrapping_mul(2_654_435_761) / (u32::MAX / most + 1)
}
