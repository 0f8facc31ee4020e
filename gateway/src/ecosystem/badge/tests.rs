use std::sync::Arc;

use weir_config::Config;
use weir_ingest::Class;

use super::*;
use crate::date::{self, Now};
use crate::head::Fields;
use crate::routes::Routes;

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
public = true
  [[package.route]]
  path = "/rocket/{version}"
  to = "https://site.test/{version}"

[[package]]
name = "acme/secret"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/secret/{version}"
  to = "https://site.test/{version}"

[[pixel]]
id = "readme"
domains = ["get.test"]
package = "acme/rocket"
badge = true
"#;

fn routes(config: &str) -> Routes {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("weir.toml");
    std::fs::write(&path, config).expect("a configuration");
    let config = Config::load(&path, []).expect("a valid configuration");
    Routes::new(Arc::new(config.catalogue))
}

fn badges() -> Arc<Badges> {
    let numbers = BadgeNumbers {
        downloads: Some(1_160_000),
        people: Some(38_412),
        organisations: None,
        latest_percent: Some(62),
        until: Some("2026-11-15".to_owned()),
    };
    let names = ["acme/rocket", "acme/secret", "a<b>&\"c"];
    Arc::new(names.map(|name| (name.to_owned(), numbers.clone())).into())
}

/// Status, chosen fields, body, and what is recorded.
fn asked(config: &str, path: &str, fields: &[(&str, &str)]) -> String {
    date::now(|now| at(now, config, path, fields, Class::Browser))
}

fn at(now: &Now, config: &str, path: &str, fields: &[(&str, &str)], class: Class) -> String {
    let routes = routes(config);
    let mut raw = vec![("host", "get.test")];
    raw.extend(fields);
    let raw: Vec<_> = raw
        .iter()
        .map(|(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        })
        .collect();
    let head = Head::new("GET", path, Fields::raw(&raw)).expect("a request");
    let moment = Moment {
        now,
        class: &|_| class,
        badges: &badges,
    };
    let decision = routes.decide(&head, moment);
    let Plan::Reply(reply) = decision.plan else {
        return "no badge".to_owned();
    };
    let counted = decision.fact.map_or("nothing".to_owned(), |fact| {
        format!(
            "{} of {:?} by {}",
            fact.kind.as_str(),
            fact.package,
            fact.route
        )
    });
    let kept = reply
        .headers
        .iter()
        .filter(|(name, _)| matches!(*name, "cache-control" | "x-dropped" | "last-modified"));
    let kept: Vec<_> = kept
        .map(|(name, value)| format!("{name}: {}", value.replace(&now.midnight, "MIDNIGHT")))
        .collect();
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    format!("{} {} | {counted}\n{body}", reply.status, kept.join(", "))
}

#[test]
fn a_badge_is_drawn_around_its_words() {
    insta::assert_snapshot!(asked(CONFIG, "/-/badge/acme/rocket/people.svg", &[]).replace("><", ">\n<"), @r##"
200 cache-control: private, no-cache, last-modified: MIDNIGHT | view of "acme/rocket" by badge
<svg xmlns="http://www.w3.org/2000/svg" width="104" height="20" role="img" aria-label="people: 38k/mo (acme/rocket, four weeks until 2026-11-15)">
<title>people: 38k/mo (acme/rocket, four weeks until 2026-11-15)</title>
<clipPath id="r">
<rect width="104" height="20" rx="3"/>
</clipPath>
<g clip-path="url(#r)">
<path fill="#4b5463" d="M0 0h49v20H0z"/>
<path fill="#2458b6" d="M49 0h55v20H49z"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
<text x="6" y="14" textLength="36.6">people</text>
<text x="55" y="14" textLength="42.9">38k/mo</text>
</g>
</svg>
"##);
}

#[test]
fn each_number_has_a_label_that_says_of_what() {
    let metrics = [
        "downloads",
        "people",
        "organisations",
        "latest-share",
        "stars",
    ];
    let told = metrics.map(|metric| {
        asked(
            CONFIG,
            &format!("/-/badge/acme%2Frocket/{metric}.json"),
            &[],
        )
    });
    insta::assert_snapshot!(told.join("\n"), @r##"
200 cache-control: no-cache | nothing
{"schemaVersion":1,"label":"downloads","message":"1.2M/mo","color":"#2458b6","cacheSeconds":3600}
200 cache-control: no-cache | nothing
{"schemaVersion":1,"label":"people","message":"38k/mo","color":"#2458b6","cacheSeconds":3600}
200 cache-control: no-cache | nothing
{"schemaVersion":1,"label":"organisations","message":"–","color":"#626c7c","cacheSeconds":3600}
200 cache-control: no-cache | nothing
{"schemaVersion":1,"label":"on latest major","message":"62%","color":"#2458b6","cacheSeconds":3600}
200 cache-control: no-store, x-dropped: unknown-badge | broken_link of "" by badge
{"schemaVersion":1,"label":"badge","message":"not found","color":"#626c7c","cacheSeconds":3600,"isError":true}
"##);
}

#[test]
fn of_what_is_not_public_a_badge_tells_as_much_as_of_what_is_not_there() {
    let of = |package: &str| asked(CONFIG, &format!("/-/badge/{package}/people.json"), &[]);
    assert_eq!(of("acme/secret"), of("acme/none"));
    insta::assert_snapshot!(of("acme/none"), @r##"
200 cache-control: no-store, x-dropped: unknown-badge | broken_link of "" by badge
{"schemaVersion":1,"label":"badge","message":"not found","color":"#626c7c","cacheSeconds":3600,"isError":true}
"##);
}

#[test]
fn a_badge_counts_as_a_view_where_its_owner_says_so() {
    let uncounted = CONFIG.replace("badge = true", "");
    let first_line = |text: String| text.lines().next().unwrap_or_default().to_owned();
    let svg = |config: &str, metric: &str, fields: &[(&str, &str)]| {
        first_line(asked(
            config,
            &format!("/-/badge/acme/rocket/{metric}.svg"),
            fields,
        ))
    };
    let again = date::now(|now| now.midnight.clone());
    let proxied = date::now(|now| {
        at(
            now,
            CONFIG,
            "/-/badge/acme/rocket/people.svg",
            &[],
            Class::ImageProxy,
        )
    });
    insta::assert_snapshot!([
        svg(CONFIG, "people", &[]),
        svg(CONFIG, "people", &[("if-modified-since", &again)]),
        svg(CONFIG, "organisations", &[("if-modified-since", &again)]),
        svg(CONFIG, "people", &[("sec-purpose", "prefetch")]),
        first_line(proxied),
        svg(&uncounted, "people", &[]),
    ].join("\n"), @r##"
200 cache-control: private, no-cache, last-modified: MIDNIGHT | view of "acme/rocket" by badge
304 cache-control: private, no-cache, last-modified: MIDNIGHT | view of "acme/rocket" by badge
200 cache-control: no-store | view of "acme/rocket" by badge
200 cache-control: no-store | nothing
200 cache-control: max-age=0, no-cache, no-store, must-revalidate | view of "acme/rocket" by badge
200 cache-control: no-cache | nothing
"##);
}

#[test]
fn words_stand_for_themselves_in_the_picture() {
    let config = CONFIG.replace("acme/rocket", "a<b>&\\\"c");
    let drawn = asked(&config, "/-/badge/a%3Cb%3E&%22c/people.svg", &[]);
    assert!(
        drawn.contains("(a&lt;b&gt;&amp;&quot;c, four weeks"),
        "{drawn}"
    );
}

#[test]
fn a_badge_is_asked_for_by_package_and_number() {
    let asked = |path| {
        let asked = Asked::at(path)?;
        Some((asked.package.into_owned(), asked.metric, asked.form))
    };
    let people = |package: &str| Some((package.to_owned(), Some(Metric::People), Form::Svg));
    assert_eq!(
        asked("/-/badge/acme/rocket/people.svg"),
        people("acme/rocket")
    );
    assert_eq!(
        asked("/-/badge/acme%2Frocket/people.svg"),
        people("acme/rocket")
    );
    assert_eq!(asked("/-/badge/rocket/people.svg"), people("rocket"));
    assert_eq!(asked("/-/badge/rocket/people.png"), None);
    assert_eq!(asked("/-/badge/people.svg"), None);
    assert_eq!(asked("/-/badge/%ff/people.svg"), None);
}
