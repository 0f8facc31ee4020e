use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    referrer: String,
    #[serde(default)]
    query: String,
    #[serde(default)]
    own: bool,
    #[serde(default)]
    hidden: bool,
    source: String,
    #[serde(default)]
    campaign: String,
}

fn nobody() -> ClientIp {
    ClientIp::new([127, 0, 0, 1].into())
}

/// Source and campaign of a view.
fn told(case: &Case) -> (String, String) {
    let host = scrub::host(&case.referrer, &nobody());
    let way = Way {
        query: &case.query,
        referrer: &case.referrer,
        referrer_host: &host,
        is_own: case.own,
        is_hidden: case.hidden,
    };
    let source = source(SourceRules::builtin(), way, &nobody());
    (
        source.into_owned(),
        campaign(&case.query, &nobody()).into_owned(),
    )
}

#[test]
fn ways_to_a_page_are_named_as_labelled() {
    let cases: Cases =
        toml::from_str(include_str!("../../../sources/labelled.toml")).expect("the cases");
    assert!(cases.case.len() >= 80, "{} cases", cases.case.len());
    let wrong: Vec<String> = cases
        .case
        .iter()
        .filter_map(|case| {
            let expected = (case.source.clone(), case.campaign.clone());
            let told = told(case);
            (told != expected).then(|| {
                let Case {
                    referrer, query, ..
                } = case;
                format!("{referrer} ?{query}: {told:?}, expected {expected:?}")
            })
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_a_link_says_is_bounded() {
    let long = "a".repeat(5_000);
    let query = format!("utm_source={long}&utm_campaign={long}");
    let (source, campaign) = told(&Case {
        referrer: String::new(),
        query,
        own: false,
        hidden: false,
        source: String::new(),
        campaign: String::new(),
    });
    assert_eq!((source.len(), campaign.len()), (LONGEST, LONGEST));
}

proptest! {
    #[test]
    fn no_query_and_no_referrer_makes_it_panic_or_leaks_an_address(
        referrer in "(https?://)?\\PC{0,40}", query in "(utm_source=|ref=|utm_campaign=)?[a-z0-9&=%+@.\\PC]{0,60}",
    ) {
        let case = Case { referrer, query: format!("{query} 192.0.2.7"), own: false, hidden: false, source: String::new(), campaign: String::new() };
        let (source, campaign) = told(&case);
        prop_assert!(!source.contains("192.0.2.7") && !campaign.contains("192.0.2.7"));
    }
}
