//! Organisations that come from the docs to a package: what they read, copied and downloaded, and how long they stay.
//!
//! Beside the crowd of `rows`, whose members have no organisation. Names are made of words, under `example`.

use super::calendar::RELEASES;
use super::rows::{self, NODE};
use super::{Ecosystem, ROUTE, Subject};

const TEMPLATE: &str = include_str!("adopters.sql");
const READMES: &str = include_str!("readmes.sql");

/// Most organisations of one package.
const MOST: u64 = 400;
/// Events of the whole history for each of them.
const EVENTS_EACH: u64 = 700;
/// Views of a README for each of them.
const README_VIEWS: u64 = 14;

/// Pages beside the first and the installation, with how likely somebody reads them who adopts, and who does not.
const PAGES: [(&str, f64, f64); 6] = [
    ("/docs/guide", 0.5, 0.4),
    ("/docs/compare/other-tool", 0.42, 0.1),
    ("/docs/migrate", 0.26, 0.05),
    ("/docs/security", 0.2, 0.08),
    ("/docs/faq", 0.18, 0.24),
    ("/docs/upgrading-to-2", 0.08, 0.12),
];

const NAMES: [&str; 20] = [
    "Northmere",
    "Blue Harbour",
    "Lumen",
    "Granite Bay",
    "Orchard",
    "Copper Fox",
    "Tidewater",
    "Silver Pine",
    "Brightfield",
    "Cedar Hill",
    "Falcon Ridge",
    "Marigold",
    "Ironwood",
    "Quiet Lake",
    "Amberline",
    "Stonebridge",
    "Fernwood",
    "High Meadow",
    "Redwillow",
    "Seven Oaks",
];

/// What they do, and their type.
const TRADES: [(&str, &str); 16] = [
    ("Software", "business"),
    ("University", "education"),
    ("Bank", "business"),
    ("Robotics", "business"),
    ("Institute", "education"),
    ("Energy", "business"),
    ("City Council", "government"),
    ("Logistics", "business"),
    ("Foundation", "nonprofit"),
    ("Insurance", "business"),
    ("Health", "business"),
    ("Labs", "business"),
    ("Airways", "business"),
    ("College", "education"),
    ("Media", "business"),
    ("Observatory", "education"),
];

/// Referring host, source and campaign of readers, the common ones more than once.
const SOURCES: [(&str, &str, &str); 16] = [
    ("github.com", "GitHub", ""),
    ("github.com", "GitHub", ""),
    ("github.com", "GitHub", ""),
    ("www.google.com", "Search engines", ""),
    ("www.google.com", "Search engines", ""),
    ("duckduckgo.com", "Search engines", ""),
    ("chatgpt.com", "AI assistants", ""),
    ("claude.ai", "AI assistants", ""),
    ("news.ycombinator.com", "Hacker News", ""),
    ("www.reddit.com", "Reddit", ""),
    ("lobste.rs", "Lobsters", ""),
    ("stackoverflow.com", "Stack Overflow", ""),
    ("", "Newsletters", "autumn-release"),
    ("", "conference", "talks-2026"),
    ("blog.orchard-labs.example", "blog.orchard-labs.example", ""),
    ("", "direct", ""),
];

/// The statements that write what organisations did with each of `subjects` in the year before `today` (days since
/// 1970), beside a history of `events`: a statement for each subject, and one for the views of its README.
pub fn statements(
    today: u32,
    subjects: &[Subject<'_>],
    events: u64,
    database: &str,
) -> Vec<String> {
    let organisations = (events / EVENTS_EACH).min(MOST);
    if organisations == 0 {
        return Vec::new();
    }
    let of = |(number, subject): (usize, &Subject<'_>)| {
        let values = values(number, subject, organisations, today, database);
        [TEMPLATE, READMES].map(|template| rows::filled(template, &values))
    };
    subjects.iter().enumerate().flat_map(of).collect()
}

fn values(
    number: usize,
    subject: &Subject<'_>,
    organisations: u64,
    today: u32,
    database: &str,
) -> Vec<(&'static str, String)> {
    let (client, client_version, command) = how(subject);
    let released = RELEASES.iter().map(|it| today.saturating_sub(it.age));
    vec![
        ("database", database.to_owned()),
        ("node", NODE.to_string()),
        // Far above those of the crowd's months.
        (
            "batch",
            ((u64::from(NODE) << 32) + (1 << 24) + number as u64).to_string(),
        ),
        ("package", rows::escape(subject.package)),
        ("domain", rows::escape(subject.domain)),
        ("route", ROUTE.to_owned()),
        ("ecosystem", rows::word(subject.ecosystem).to_owned()),
        ("artifact", rows::artifact(subject)),
        ("status", rows::status(subject.ecosystem).to_owned()),
        ("client", client.to_owned()),
        ("client_version", client_version.to_owned()),
        ("command", rows::escape(&command)),
        ("today", today.to_string()),
        ("organisations", organisations.to_string()),
        ("readme_views", (organisations * README_VIEWS).to_string()),
        ("pages", rows::list(PAGES.iter().map(|it| it.0))),
        ("eager", rows::numbers(PAGES.iter().map(|it| it.1))),
        ("idle", rows::numbers(PAGES.iter().map(|it| it.2))),
        ("names", rows::list(NAMES.iter())),
        ("trades", tuples(TRADES.iter().map(|it| vec![it.0, it.1]))),
        (
            "sources",
            tuples(SOURCES.iter().map(|it| vec![it.0, it.1, it.2])),
        ),
        (
            "countries",
            rows::list(["DE", "US", "FR", "GB", "CH", "NL", "JP", "SE", "PL", "CA"].iter()),
        ),
        ("versions", rows::versions(subject.ecosystem)),
        ("release_days", rows::numbers(released)),
        (
            "release_appeals",
            rows::numbers(RELEASES.iter().map(|it| it.appeal)),
        ),
    ]
}

/// The client of its downloads, and the command that its docs show.
fn how(subject: &Subject<'_>) -> (&'static str, &'static str, String) {
    let name = subject.package.rsplit('/').next().unwrap_or_default();
    let domain = subject.domain;
    match subject.ecosystem {
        Ecosystem::File => ("curl", "8.5.0", format!("curl -fLO http://{domain}/{name}")),
        Ecosystem::Oci => ("docker", "28.4.0", format!("docker pull {domain}/{name}")),
        Ecosystem::Pypi => ("pip", "25.2", format!("pip install {name}")),
    }
}

fn tuples<'a>(of: impl Iterator<Item = Vec<&'a str>>) -> String {
    let quoted = of.map(|texts| {
        let texts: Vec<_> = texts
            .iter()
            .map(|text| format!("'{}'", rows::escape(text)))
            .collect();
        format!("({})", texts.join(","))
    });
    format!("[{}]", quoted.collect::<Vec<_>>().join(","))
}
