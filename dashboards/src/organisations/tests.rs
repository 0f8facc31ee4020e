//! Stages of organisations, over days that somebody might have and over any others.

use proptest::prelude::*;

use super::seen::Seen;
use super::*;

/// Today.
const TODAY: Day = 20_778;

fn done(views: u64, downloads: u64, ci: u64) -> Done {
    Done {
        views,
        downloads,
        ci,
    }
}

/// What was done some days ago.
fn ago(days: &[(Day, Done)]) -> Activity {
    Activity::new(days.iter().map(|(ago, done)| (TODAY - ago, *done)))
}

fn judged(days: &[(Day, Done)]) -> String {
    let reason = StageRules::builtin().judge(&ago(days), TODAY);
    reason.map_or_else(
        || "no rule holds".to_owned(),
        |reason| format!("{}: {reason}", reason.stage.as_str()),
    )
}

#[test]
fn the_rule_that_holds_is_told_with_its_numbers() {
    let weekly: Vec<_> = (0..12)
        .filter(|week| *week != 4)
        .map(|week| (7 * week, done(0, 1, 0)))
        .collect();
    let lines = [
        judged(&[(3, done(1, 0, 0))]),
        judged(&[(3, done(12, 0, 0))]),
        judged(&[(3, done(0, 1, 0))]),
        judged(&[(3, done(0, 2, 3))]),
        judged(&weekly),
        judged(&[2, 9, 16, 23].map(|day| (day, done(0, 0, 1)))),
        judged(&[(63, done(0, 400, 0))]),
        judged(&[]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    interest: 1 page view in the last 60 days
    investigation: 12 page views in the last 28 days
    investigation: 1 download in the last 60 days
    experimentation: 5 downloads in the last 60 days
    ongoing_use: downloads in 11 of the last 12 weeks
    ongoing_use: downloads by build services in 4 of the last 6 weeks
    inactive: no page views or downloads for 63 days
    inactive: no page views or downloads ever
    ");
}

#[test]
fn stages_follow_each_other_without_gaps() {
    let activity = ago(&[
        (150, done(2, 0, 0)),
        (140, done(0, 1, 0)),
        (130, done(0, 6, 0)),
        (3, done(1, 0, 0)),
    ]);
    let spans = history(&StageRules::builtin(), &activity, TODAY);
    let lines = spans.iter().map(|span| {
        let stage = span.stage.map_or("none", Stage::as_str);
        format!(
            "{} to {} days ago: {stage}",
            TODAY - span.first,
            TODAY - span.last
        )
    });
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r"
    150 to 141 days ago: interest
    140 to 131 days ago: investigation
    130 to 71 days ago: experimentation
    70 to 4 days ago: inactive
    3 to 0 days ago: interest
    ");
}

#[test]
fn a_mistake_in_a_file_is_named_with_its_place() {
    let wrong = |text: &str| StageRules::read(text).expect_err("a mistake");
    let rule = |condition: &str| format!("[[rule]]\nstage = \"interest\"\nwhen = [{condition}]\n");
    let many = (0..3).map(|part| {
        let days = 40 * part + 1..=40 * part + 40;
        let all = days.map(|days| format!(r#"{{ what = "ci", at_least = 1, in_days = {days} }}"#));
        rule(&all.collect::<Vec<_>>().join(", "))
    });
    let errors = [
        wrong("[[rule]]\nstage = \"love\"\nwhen = []\n"),
        wrong(&rule("")),
        wrong(&rule(r#"{ what = "coffee", at_least = 1, in_days = 7 }"#)),
        wrong(&rule(r#"{ what = "views", at_least = 1 }"#)),
        wrong(&rule(r#"{ what = "views", in_weeks = 5, of_weeks = 4 }"#)),
        wrong(&rule(r#"{ what = "views", none_in_days = 0 }"#)),
        wrong(&many.collect::<String>()),
        wrong(""),
    ];
    insta::assert_snapshot!(errors.join("\n"), @r#"
    TOML parse error at line 2, column 9
      |
    2 | stage = "love"
      |         ^^^^^^
    unknown variant `love`, expected one of `interest`, `investigation`, `experimentation`, `ongoing_use`, `inactive`

    TOML parse error at line 3, column 8
      |
    3 | when = []
      |        ^^
    a rule has 1 to 50 conditions

    TOML parse error at line 3, column 8
      |
    3 | when = [{ what = "coffee", at_least = 1, in_days = 7 }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    "coffee" is none of anything, views, downloads, ci

    TOML parse error at line 3, column 8
      |
    3 | when = [{ what = "views", at_least = 1 }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    a condition has in_weeks and of_weeks, or at_least and in_days, or none_in_days

    TOML parse error at line 3, column 8
      |
    3 | when = [{ what = "views", in_weeks = 5, of_weeks = 4 }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    in_weeks is 1 to of_weeks, and at_least is 1 or more

    TOML parse error at line 3, column 8
      |
    3 | when = [{ what = "views", none_in_days = 0 }]
      |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    a window has 1 to 760 days

    the conditions look at 120 different windows; 100 are possible
    TOML parse error at line 1, column 1
      |
    1 | 
      | ^
    missing field `rule`
    "#);
}

#[test]
fn a_file_of_rules_is_read_again_and_a_broken_one_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stages.toml");
    let write = |text: &str| std::fs::write(&file, text).expect("written");
    let rule = |days| {
        format!(
            "[[rule]]\nstage = \"inactive\"\nwhen = [{{ what = \"anything\", none_in_days = {days} }}]\n"
        )
    };
    assert!(Stages::open(Some(&file)).is_err());
    write(&rule(30));
    let stages = Stages::open(Some(&file)).expect("rules");
    let days = || stages.rules().rules()[0].to_string();
    assert_eq!(days(), "no page views or downloads in the last 30 days");
    write("[[rule]]\n");
    stages.reload().expect_err("half a rule");
    assert_eq!(days(), "no page views or downloads in the last 30 days");
    write(&rule(90));
    stages.reload().expect("rules");
    assert_eq!(days(), "no page views or downloads in the last 90 days");
}

#[test]
fn a_month_is_compared_with_the_month_before() {
    let standing = |days: &[(Day, Done)]| {
        let activity = ago(days);
        let first = activity.days().first().map_or(TODAY, |(day, _)| *day);
        let (now, before) = windows(&activity);
        Standing::of(now, before, first, TODAY)
    };
    let some = |downloads| done(0, downloads, 0);
    let old = (300, some(1));
    for (days, expected) in [
        (vec![(27, some(1))], Some(Standing::New)),
        (vec![(28, some(1)), (3, some(1))], Some(Standing::Steady)),
        (
            vec![old, (28, some(10)), (3, some(15))],
            Some(Standing::Growing),
        ),
        (
            vec![old, (28, some(10)), (3, some(14))],
            Some(Standing::Steady),
        ),
        (
            vec![old, (28, some(10)), (3, some(5))],
            Some(Standing::Quiet),
        ),
        (vec![old, (55, some(1))], Some(Standing::Quiet)),
        (vec![old, (3, some(1))], Some(Standing::Growing)),
        (vec![old, (56, some(9))], None),
    ] {
        assert_eq!(standing(&days), expected, "{days:?}");
    }
}

/// What was done in the last 28 days, and in those before.
fn windows(activity: &Activity) -> (u64, u64) {
    let window = |last| activity.sum(What::Anything, last - WINDOW_DAYS + 1, last);
    (window(TODAY), window(TODAY - WINDOW_DAYS))
}

fn seen(name: &str, downloads: u64, days: &[(Day, Done)]) -> Seen {
    let activity = ago(days);
    let (lately, earlier) = windows(&activity);
    let tallies = StageRules::builtin().tallies().into_iter();
    let tallies = tallies.map(|tally| (tally, tally.count(&activity, TODAY)));
    Seen {
        key: format!("{name}.example"),
        name: name.to_owned(),
        domain: format!("{name}.example"),
        kind: if name.len() > 4 {
            "education"
        } else {
            "business"
        }
        .to_owned(),
        confidence: if name.len() > 4 { 70 } else { 90 },
        first: activity.days().first().map_or(0, |(day, _)| *day),
        last: activity.days().last().map_or(0, |(day, _)| *day),
        period: done(0, downloads, 0),
        packages: 1,
        lately,
        earlier,
        tallies: tallies.collect(),
    }
}

#[test]
fn a_list_counts_those_that_stand_otherwise_too() {
    let all = || {
        vec![
            seen("acme", 5, &[(3, done(0, 5, 0))]),
            seen("Beta", 9, &[(100, done(1, 0, 0)), (2, done(0, 9, 0))]),
            seen(
                "gamma university",
                1,
                &[(40, done(0, 9, 0)), (2, done(0, 1, 0))],
            ),
            seen("zeta", 9, &[(300, done(0, 1, 0))]),
        ]
    };
    let list = |wish: Wish| {
        let wish = Wish { limit: 50, ..wish };
        let listing = Listing::of(all(), &StageRules::builtin(), TODAY, &wish);
        let names = listing.page.iter().map(|listed| listed.seen.name.clone());
        let Standings {
            new,
            growing,
            steady,
            quiet,
        } = listing.standings;
        let names: Vec<_> = names.collect();
        format!(
            "{} of {}, new {new} growing {growing} steady {steady} quiet {quiet}",
            names.join(", "),
            listing.total
        )
    };
    let lines = [
        list(Wish::default()),
        list(Wish {
            standing: Some(Standing::Quiet),
            ..Wish::default()
        }),
        list(Wish {
            confidence: 80,
            sort: Sort::Name,
            ascending: true,
            ..Wish::default()
        }),
        list(Wish {
            search: "BETA".to_owned(),
            ..Wish::default()
        }),
        list(Wish {
            kind: Some("education".to_owned()),
            ..Wish::default()
        }),
        list(Wish {
            stage: Some(Stage::Inactive),
            sort: Sort::Stage,
            ..Wish::default()
        }),
        list(Wish {
            offset: 3,
            ..Wish::default()
        }),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    Beta, zeta, acme, gamma university of 4, new 1 growing 1 steady 0 quiet 1
    gamma university of 1, new 1 growing 1 steady 0 quiet 1
    acme, Beta, zeta of 3, new 1 growing 1 steady 0 quiet 0
    Beta of 1, new 0 growing 1 steady 0 quiet 0
    gamma university of 1, new 0 growing 0 steady 0 quiet 1
    zeta of 1, new 0 growing 0 steady 0 quiet 0
    gamma university of 4, new 1 growing 1 steady 0 quiet 1
    ");
}

fn any_days() -> impl Strategy<Value = Vec<(Day, Done)>> {
    let done =
        (0u64..4, 0u64..4, 0u64..4).prop_map(|(views, downloads, ci)| done(views, downloads, ci));
    prop::collection::vec((0..400, done), 0..60)
}

proptest! {
    #[test]
    fn the_built_in_rules_know_a_stage_for_every_day_since_the_first(days in any_days()) {
        let activity = ago(&days);
        let spans = history(&StageRules::builtin(), &activity, TODAY);
        prop_assert!(spans.iter().all(|span| span.stage.is_some()));
        prop_assert_eq!(spans.first().map(|span| span.first), activity.days().first().map(|(day, _)| *day));
        prop_assert!(spans.windows(2).all(|pair| pair[0].last + 1 == pair[1].first && pair[0].stage != pair[1].stage));
        prop_assert!(spans.last().is_none_or(|span| span.last == TODAY));
    }

    #[test]
    fn a_stage_depends_on_what_came_before_and_how_long_ago(days in any_days(), later in 0..1000, after in 1..100) {
        let rules = StageRules::builtin();
        let activity = ago(&days);
        let moved = Activity::new(activity.days().iter().map(|(day, done)| (day + later, *done)));
        prop_assert_eq!(rules.judge(&activity, TODAY), rules.judge(&moved, TODAY + later));
        let with_future = Activity::new(activity.days().iter().copied().chain([(TODAY + after, done(1, 1, 1))]));
        prop_assert_eq!(rules.judge(&activity, TODAY), rules.judge(&with_future, TODAY));
    }

    #[test]
    fn numbers_that_were_counted_elsewhere_give_the_same_reason(days in any_days()) {
        let rules = StageRules::builtin();
        let activity = ago(&days);
        let counted: Vec<_> = rules.tallies().into_iter().map(|tally| (tally, tally.count(&activity, TODAY))).collect();
        let of = |tally| counted.iter().find(|(other, _)| *other == tally).and_then(|(_, found)| *found);
        prop_assert_eq!(rules.judge_by(of), rules.judge(&activity, TODAY));
    }

    #[test]
    fn no_text_makes_reading_rules_panic(text in "(\\[\\[rule\\]\\]|stage|when|what|=|\"views\"|\"interest\"|\\[|\\{|\\}|\\]|in_weeks|[0-9]{1,6}|,|\n| ){0,40}") {
        let _ = StageRules::read(&text);
    }
}
