use std::collections::HashSet;

use proptest::prelude::*;

use super::calendar::{Stream, apportioned, cells};
use super::*;

/// 1 November 2026, a Sunday.
const TODAY: u32 = 20_758;

const SUBJECTS: [Subject<'_>; 2] = [
    Subject {
        package: "acme/rocket",
        ecosystem: Ecosystem::File,
        domain: "get.acme.example",
        weight: 3,
    },
    Subject {
        package: "o'hare\\compass",
        ecosystem: Ecosystem::Pypi,
        domain: "pypi.acme.example",
        weight: 1,
    },
];

fn total(cells: &[Cell]) -> u64 {
    cells.iter().map(|cell| cell.count).sum()
}

fn total_of(cells: &[Cell], wanted: impl Fn(&Cell) -> bool) -> u64 {
    let cells: Vec<_> = cells.iter().copied().filter(wanted).collect();
    total(&cells)
}

fn year() -> Vec<Cell> {
    cells(TODAY - DAYS..TODAY, 100_000, "acme/rocket")
}

#[test]
fn the_same_arguments_make_the_same_statements() {
    let once = statements(TODAY, &SUBJECTS, 10_000, "weir");
    assert_eq!(once, statements(TODAY, &SUBJECTS, 10_000, "weir"));
    let tomorrow = statements(TODAY + 1, &SUBJECTS, 10_000, "weir");
    assert_ne!(once, tomorrow);
}

#[test]
fn each_statement_fills_one_month_of_one_package() {
    let statements = statements(TODAY, &SUBJECTS, 10_000, "weir");
    // The last year before 1 November is twelve whole months.
    assert_eq!(statements.len(), 12 * SUBJECTS.len());
    for cell in by_month(&year()) {
        let first = calendar::month(cell[0].day);
        assert!(cell.iter().all(|cell| calendar::month(cell.day) == first));
    }
}

#[test]
fn history_is_a_year_that_ends_yesterday() {
    let cells = year();
    assert_eq!(cells[0].day, TODAY - DAYS);
    assert_eq!(cells[cells.len() - 1].day, TODAY - 1);
    assert_eq!(total(&cells), 100_000);
}

#[test]
fn people_and_build_services_rest_on_weekends_and_mirrors_do_not() {
    let cells = year();
    let per_day = |stream: Stream, weekend: bool| {
        // 1 January 1970 was a Thursday.
        let wanted = |cell: &Cell| cell.stream == stream && ((cell.day + 3) % 7 >= 5) == weekend;
        total_of(&cells, wanted) / if weekend { 2 } else { 5 }
    };
    for stream in [Stream::People, Stream::Ci, Stream::Reader] {
        assert!(
            per_day(stream, true) * 10 < per_day(stream, false) * 7,
            "{stream:?}"
        );
    }
    assert!(per_day(Stream::Mirror, true) * 10 > per_day(Stream::Mirror, false) * 9);
}

#[test]
fn a_project_grows_over_the_year() {
    let cells = year();
    let quarter = |from: u32| {
        total_of(&cells, |cell| {
            cell.stream == Stream::Ci && (from..from + 91).contains(&(cell.day + DAYS - TODAY))
        })
    };
    assert!(quarter(274) > 2 * quarter(0));
}

#[test]
fn a_release_is_news_for_a_few_days() {
    let cells = year();
    let people = |day: u32| {
        total_of(&cells, |cell| {
            cell.stream == Stream::People && cell.day == day
        })
    };
    // 2.1.0, and the same weekday of the week before.
    let released = TODAY - 23;
    assert!(people(released) * 10 > people(released - 7) * 13);
}

#[test]
fn a_large_history_has_many_packages_and_few_of_them_have_half_of_it() {
    assert_eq!(fleet::extras(200_000).len(), 0);
    let extras = fleet::extras(20_000_000);
    let subjects = fleet::subjects(&SUBJECTS, &extras);
    let packages: HashSet<_> = subjects.iter().map(|subject| subject.package).collect();
    assert_eq!(packages.len(), SUBJECTS.len() + 47);
    let weights: Vec<u32> = subjects.iter().map(|subject| subject.weight).collect();
    let first: u32 = weights.iter().take(6).sum();
    let all: u32 = weights.iter().sum();
    assert!(weights.iter().all(|weight| *weight > 0));
    assert!(
        2 * first > all * 4 / 5 && 2 * first < all * 6 / 5,
        "{first} of {all}"
    );
}

#[test]
fn nothing_comes_of_nothing() {
    assert_eq!(statements(TODAY, &[], 1000, "weir"), [""; 0]);
    assert_eq!(statements(TODAY, &SUBJECTS, 0, "weir"), [""; 0]);
}

#[test]
fn names_cannot_leave_their_quotes() {
    let statements = statements(TODAY, &SUBJECTS, 10_000, "weir");
    let last = statements.last().expect("two packages make statements");
    assert!(last.contains(r"'o\'hare\\compass'"));
}

#[test]
fn batches_have_numbers_of_their_own() {
    let statements = statements(TODAY, &SUBJECTS, 10_000, "weir");
    let batch = |statement: &String| {
        let mut lines = statement.lines().skip_while(|line| *line != "SELECT");
        lines.nth(2).map(str::to_owned)
    };
    let batches: HashSet<_> = statements.iter().map(batch).collect();
    assert_eq!(batches.len(), statements.len());
}

#[test]
fn organisations_read_before_they_download_and_are_called_like_nobody() {
    let made_up = organisations::organisations();
    let domains: HashSet<_> = made_up.iter().map(|one| &one.domain).collect();
    assert_eq!(domains.len(), made_up.len());
    for one in &made_up {
        assert!(one.domain.ends_with(".example"), "{one:?}");
        assert!(one.reads > one.downloads, "{one:?}");
        assert!(one.downloads >= one.builds || one.downloads == 0, "{one:?}");
        assert!(one.leaves <= one.reads, "{one:?}");
    }
    assert!(made_up.iter().any(|one| one.leaves > 0));
}

#[test]
fn a_statement_says_where_it_writes_and_that_it_was_made_up() {
    let statement = &statements(TODAY, &SUBJECTS[..1], 365, "weir")[0];
    let head: Vec<_> = statement.lines().take(6).collect();
    insta::assert_snapshot!(head.join("\n"), @r"
        INSERT INTO weir.events
            (event_id, batch_id, time, kind, package, ecosystem, domain, route, version, version_major, channel, artifact,
             method, status, answer, bytes, client, client_version, os, arch, ci, ci_name, audience, country,
             asn, org_id, org_name, org_domain, org_type, org_confidence, org_evidence,
             visitor, page, referrer_host, source, props)
        WITH
        ");
    assert!(statement.contains("'made-up history'"));
    assert!(statement.contains("map('made_up', 'true')"));
}

proptest! {
    #[test]
    fn parts_add_up_to_the_whole(
        total in 0u64..10_000_000,
        weights in proptest::collection::vec(0.0f64..100.0, 1..50),
    ) {
        let parts = apportioned(total, &weights);
        prop_assert_eq!(parts.len(), weights.len());
        let sum: f64 = weights.iter().sum();
        prop_assert_eq!(parts.iter().sum::<u64>(), if sum > 0.0 { total } else { 0 });
    }
}
