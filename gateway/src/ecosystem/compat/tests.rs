//! What each product's messages become, and what their senders are answered.

use weir_config::catalogue::Place;
use weir_ingest::Class;

use super::*;
use crate::date::Now;
use crate::head::Fields;

fn sites() -> Sites {
    let mut sites = Sites::default();
    for (id, protocols) in [
        ("docs.acme.example", vec![Protocol::Plausible]),
        (
            "3fca0d9b",
            vec![Protocol::Umami, Protocol::GoatCounter, Protocol::Scarf],
        ),
        ("@acme/rocket", vec![Protocol::Scarf]),
    ] {
        sites.push(Arc::new(Site {
            id: id.to_owned(),
            domains: vec!["stats.acme.example".to_owned()],
            protocols,
            package: "acme/rocket".to_owned(),
            pages: vec!["docs.acme.example".to_owned()],
            place: Place {
                file: "weir.toml".into(),
                line: 1,
                column: 1,
            },
        }));
    }
    sites
}

fn line(fact: &Fact<'_>) -> String {
    let props = fact
        .props
        .iter()
        .map(|(name, value)| format!("{name}={value}"));
    let props = props.collect::<Vec<_>>().join(" ");
    let own = if fact.own_page { "own" } else { "" };
    format!(
        "{:?} {} | {} {} {} | {} | {} | {} {own} | {props}",
        fact.kind,
        fact.package,
        fact.version,
        fact.os,
        fact.arch,
        fact.page,
        fact.query,
        fact.referrer.as_deref().unwrap_or("-"),
    )
}

fn told(reply: &Reply, facts: &[Fact<'_>]) -> String {
    let named = |name: &&(&str, Cow<'static, str>)| {
        name.0.starts_with("x-") && name.0 != "x-content-type-options"
    };
    let named = reply.headers.iter().filter(named);
    let named = named.map(|(name, value)| format!(" {name}: {value}"));
    let body = match std::str::from_utf8(&reply.body) {
        Ok(text) if !text.starts_with("GIF") => text,
        _ => "PICTURE",
    };
    let head = format!("{}{} {body}", reply.status, named.collect::<String>());
    let facts = facts.iter().map(line);
    [head]
        .into_iter()
        .chain(facts)
        .collect::<Vec<_>>()
        .join("\n  ")
}

fn field<'a>(name: &'a str, value: &'a str) -> httparse::Header<'a> {
    httparse::Header {
        name,
        value: value.as_bytes(),
    }
}

/// What is answered to a request from a page of the docs, and what is recorded.
fn asked(method: &str, target: &str, body: &str) -> String {
    asked_with(&[], method, target, body)
}

/// The same with more fields. Whoever names itself a crawler is one.
fn asked_with(more: &[(&str, &str)], method: &str, target: &str, body: &str) -> String {
    let sites = sites();
    let mut fields = vec![
        field("host", "stats.acme.example"),
        field("origin", "https://docs.acme.example"),
        field("referer", "https://docs.acme.example/guide"),
    ];
    fields.extend(more.iter().map(|(name, value)| field(name, value)));
    let head = Head::new(method, target, Fields::raw(&fields)).expect("a request");
    let now = Now::default();
    let moment = Moment {
        class: &|agent| match agent {
            "crawler" => Class::Crawler,
            "headless" => Class::Headless,
            _ => Class::Browser,
        },
        ..Moment::unasked(&now)
    };
    let Some(decision) = decide(&head, &sites, moment) else {
        return "not ours".to_owned();
    };
    assert_eq!(decision.page, Page::Welcome(Cow::Borrowed("*")));
    match decision.plan {
        Plan::Reply(reply) => told(&reply, decision.fact.as_slice()),
        Plan::Collect(collector) => {
            let base = decision.fact.expect("a base").into_owned();
            let mut reading = collector.begin(base);
            assert_eq!(reading.piece(body.as_bytes()).len(), 0);
            let (facts, reply) = reading.end(Ok(()), decision.dialect);
            if !facts.is_empty() {
                assert_eq!(reply.status, collector.status());
            }
            told(&reply, &facts)
        }
        other => panic!("{other:?}"),
    }
}

fn plausible(body: &str) -> String {
    asked("POST", "/api/event", body)
}

#[test]
fn plausible_views_and_events_are_taken_in_short_and_in_long() {
    insta::assert_snapshot!(plausible(r#"{"n":"pageview","u":"https://docs.acme.example/start?utm_source=hn#x","d":"docs.acme.example","r":"https://news.example/item","w":1280,"h":0}"#), @"
    202 ok
      View acme/rocket |    | /start | utm_source=hn | https://news.example/item  | 
    ");
    insta::assert_snapshot!(plausible(r#"{"name":"Copied","url":"https://docs.acme.example/start","domain":"docs.acme.example","referrer":"https://docs.acme.example/","props":{"what":"pip","deep":{"a":1}},"revenue":{"amount":"1.5","currency":"EUR"}}"#), @"
    202 ok
      Custom acme/rocket |    | /start |  | https://docs.acme.example/ own | event=Copied what=pip revenue.amount=1.5 revenue.currency=EUR
    ");
    insta::assert_snapshot!(plausible(r#"{"n":"pageview","u":"https://docs.acme.example/#!/guide","d":"docs.acme.example","h":1,"p":"{\"a\":true}"}"#), @"
    202 ok
      View acme/rocket |    | /guide |  |   | a=true
    ");
}

#[test]
fn plausible_drops_in_silence_what_is_for_another_site() {
    insta::assert_snapshot!(plausible(r#"{"n":"pageview","u":"https://a.example/","d":"a.example"}"#), @"202 x-plausible-dropped: 1 ok");
    insta::assert_snapshot!(plausible(r#"{"n":"pageview","u":"https://a.example/x","d":"docs.acme.example,a.example"}"#), @"
    202 x-plausible-dropped: 1 ok
      View acme/rocket |    |  |  |   | 
    ");
    insta::assert_snapshot!(plausible(r#"{"n":"engagement","u":"https://docs.acme.example/","d":"docs.acme.example","sd":80,"e":9000}"#), @"202 ok");
}

#[test]
fn plausible_says_what_is_wrong() {
    insta::assert_snapshot!(plausible("{"), @r#"400 {"errors":{"request":"Unable to parse request body as json"}}"#);
    insta::assert_snapshot!(plausible("{}"), @r#"400 {"errors":{"event_name":["can't be blank"]}}"#);
    insta::assert_snapshot!(plausible(r#"{"n":"a","u":"data:text/html,x","d":"a"}"#), @r#"400 {"errors":{"url":["scheme is not allowed"]}}"#);
    let long = "a".repeat(2001);
    insta::assert_snapshot!(plausible(&format!(r#"{{"n":"a","u":"https://a/{long}","d":"a"}}"#)), @r#"400 {"errors":{"pathname":["should be at most 2000 character(s)"]}}"#);
    insta::assert_snapshot!(plausible(&format!(r#"{{"n":"{long}","u":"https://a/","d":"a"}}"#)), @r#"400 {"errors":{"event_name":["should be at most 120 character(s)"]}}"#);
    assert_eq!(asked("GET", "/api/event", ""), "not ours");
    assert_eq!(asked("OPTIONS", "/api/event", ""), "204 ");
}

const PLAUSIBLE_VIEW: &str =
    r#"{"n":"pageview","u":"https://docs.acme.example/start","d":"docs.acme.example,a.example"}"#;

#[test]
fn plausible_tells_a_bot_that_its_events_are_dropped_and_they_count_as_a_bots() {
    for agent in ["crawler", "headless"] {
        let agent = [("user-agent", agent)];
        insta::allow_duplicates! {
            insta::assert_snapshot!(asked_with(&agent, "POST", "/api/event", PLAUSIBLE_VIEW), @"
            202 x-plausible-dropped: 2 ok
              View acme/rocket |    | /start |  |   | 
            ");
        }
    }
}

#[test]
fn plausible_explains_what_it_would_count_and_counts_nothing() {
    let debug = |more: &[(&str, &str)], body: &str| {
        let fields = [&[("x-debug-request", "true")], more].concat();
        asked_with(&fields, "POST", "/api/event", body)
    };
    insta::assert_snapshot!(debug(&[], PLAUSIBLE_VIEW), @r#"200 {"counted":false,"as":"reader","events":[{"domain":"docs.acme.example","kind":"view","page":"/start","from_own_page":false,"props":{}}],"dropped":1}"#);
    insta::assert_snapshot!(debug(&[("user-agent", "crawler")], r#"{"n":"Copied","u":"https://elsewhere.example/x","d":"docs.acme.example","p":{"what":"pip"}}"#), @r#"200 {"counted":false,"as":"bot","events":[{"domain":"docs.acme.example","kind":"custom","page":"","from_own_page":false,"props":{"event":"Copied","what":"pip"}}],"dropped":0}"#);
    insta::assert_snapshot!(debug(&[("sec-gpc", "1")], r#"{"n":"engagement","u":"https://docs.acme.example/","d":"docs.acme.example"}"#), @r#"200 {"counted":false,"as":"nobody","events":[],"dropped":0}"#);
    insta::assert_snapshot!(debug(&[], "{}"), @r#"400 {"errors":{"event_name":["can't be blank"]}}"#);
    let forwarded = [("x-forwarded-for", "203.0.113.7")];
    assert!(!debug(&forwarded, PLAUSIBLE_VIEW).contains("203.0.113.7"));
    // Only the word turns it on.
    let off = asked_with(
        &[("x-debug-request", "false")],
        "POST",
        "/api/event",
        PLAUSIBLE_VIEW,
    );
    assert!(off.starts_with("202 "), "{off}");
}

fn umami(body: &str) -> String {
    asked("POST", "/api/send", body)
}

#[test]
fn umami_views_and_events_are_taken() {
    insta::assert_snapshot!(umami(r#"{"type":"event","payload":{"website":"3fca0d9b","hostname":"docs.acme.example","url":"/start?ref=x","referrer":"https://news.example/","screen":"1x1","title":"Start"}}"#), @r#"
    200 {"cache":"","sessionId":"00000000-0000-0000-0000-000000000000","visitId":"00000000-0000-0000-0000-000000000000"}
      View acme/rocket |    | /start | ref=x | https://news.example/  | 
    "#);
    insta::assert_snapshot!(umami(r#"{"type":"event","payload":{"website":"3fca0d9b","url":"https://docs.acme.example/a","name":"copied","tag":"b","data":{"n":1,"deep":{"a":2}}}}"#), @r#"
    200 {"cache":"","sessionId":"00000000-0000-0000-0000-000000000000","visitId":"00000000-0000-0000-0000-000000000000"}
      Custom acme/rocket |    | /a |  |   | event=copied tag=b n=1 deep.a=2
    "#);
    assert!(
        !umami(r#"{"type":"identify","payload":{"website":"3fca0d9b","data":{"mail":"a@b"}}}"#)
            .contains('|')
    );
}

#[test]
fn umami_greets_bots_as_bots_and_they_count_as_such() {
    let by_bot = |body| asked_with(&[("user-agent", "crawler")], "POST", "/api/send", body);
    insta::assert_snapshot!(by_bot(r#"{"type":"event","payload":{"website":"3fca0d9b","url":"https://docs.acme.example/a"}}"#), @r#"
    200 {"beep":"boop"}
      View acme/rocket |    | /a |  |   | 
    "#);
    insta::assert_snapshot!(by_bot(r#"{"type":"identify","payload":{"website":"3fca0d9b"}}"#), @r#"200 {"beep":"boop"}"#);
    // What is wrong is wrong whoever sends it.
    assert_eq!(by_bot("{"), umami("{"));
}

#[test]
fn umami_says_what_is_wrong() {
    insta::assert_snapshot!(umami("{"), @r#"400 {"error":{"message":"Bad request","code":"bad-request","status":400}}"#);
    insta::assert_snapshot!(umami(r#"{"type":"event","payload":{"website":"other"}}"#), @r#"400 {"error":{"message":"Website not found","code":"bad-request","status":400}}"#);
    insta::assert_snapshot!(umami(r#"{"type":"event","payload":{"website":"a","link":"b"}}"#), @r#"400 {"error":{"message":"Exactly one of website, link and pixel is needed","code":"bad-request","status":400}}"#);
}

#[test]
fn umami_has_pictures_of_known_sites() {
    insta::assert_snapshot!(asked("GET", "/p/3fca0d9b", ""), @"
    200 PICTURE
      View acme/rocket |    | /guide |  | - own | 
    ");
    assert_eq!(asked("GET", "/p/other", ""), "not ours");
}

#[test]
fn goatcounter_counts_by_its_query() {
    insta::assert_snapshot!(asked("GET", "/count?p=%2Fstart%3Fref%3Dx&t=Start&r=https%3A%2F%2Fnews.example%2F&s=1280,800,2&q=%3Fa%3Db&rnd=8x2", ""), @"
    200 PICTURE
      View acme/rocket |    | /start | ref=x&a=b | https://news.example/  | 
    ");
    insta::assert_snapshot!(asked("POST", "/count?p=copied&e=true", ""), @"
    200 PICTURE
      Custom acme/rocket |    |  |  |   | event=copied
    ");
    insta::assert_snapshot!(asked("GET", "/count", ""), @"400 x-goatcounter: p is missing or longer than 2048 bytes PICTURE");
    assert_eq!(asked("GET", "/count?p=/a&b=150", ""), "200 PICTURE");
}

#[test]
fn scarf_pictures_are_views_with_the_page_that_they_name() {
    insta::assert_snapshot!(asked("GET", "/a.png?x-pxid=3fca0d9b&page=https%3A%2F%2Fdocs.acme.example%2Fx&version=1.2&sha=ab&utm_source=hn", ""), @"
    200 PICTURE
      View acme/rocket | 1.2   | /x | x-pxid=3fca0d9b&page=https%3A%2F%2Fdocs.acme.example%2Fx&version=1.2&sha=ab&utm_source=hn |  own | sha=ab
    ");
    insta::assert_snapshot!(asked("HEAD", "/a.png/any?x-pxid=3fca0d9b", ""), @"
    200 PICTURE
      Check acme/rocket |    | /guide | x-pxid=3fca0d9b |  own | 
    ");
    insta::assert_snapshot!(asked("GET", "/a.png?x-pxid=other", ""), @"
    200 PICTURE
      BrokenLink  |    |  |  | -  | 
    ");
}

const INSTALLED: &str = r#"{"libraryType":"npm","rawPlatform":"linux","rawArch":"x64","nodeVersion":"v22.1.0","dependencyInfo":{"scarf":{"name":"@scarf/scarf","version":"1.4.0"},"parent":{"name":"@acme/rocket","version":"1.2.3"},"rootPackage":{"nameHash":"ab"},"anyInChainDisabled":false}}"#;

#[test]
fn scarf_installs_are_those_of_the_package_that_carries_the_hook() {
    insta::assert_snapshot!(asked("POST", "/package-event/install", INSTALLED), @"
    200 
      InstallPing acme/rocket | 1.2.3 linux x64 |  |  | -  | node=v22.1.0
    ");
    insta::assert_snapshot!(asked("POST", "/package-event/install/3fca0d9b", &INSTALLED.replace("@acme/rocket", "other")), @"
    200 
      InstallPing acme/rocket | 1.2.3 linux x64 |  |  | -  | node=v22.1.0
    ");
    let other = INSTALLED.replace("@acme/rocket", "other");
    assert_eq!(asked("POST", "/package-event/install", &other), "200 ");
}

#[test]
fn scarf_installs_are_not_taken_where_somebody_in_the_chain_said_no() {
    let disabled = INSTALLED.replace("Disabled\":false", "Disabled\":true");
    assert_eq!(asked("POST", "/package-event/install", &disabled), "200 ");
    assert_eq!(asked("POST", "/package-event/install", "{"), "422 ");
    assert_eq!(asked("GET", "/package-event/install", ""), "422 ");
}

#[test]
fn what_no_site_speaks_is_left_to_others() {
    let empty = Sites::default();
    let fields = [field("host", "stats.acme.example")];
    for target in ["/api/event", "/api/send", "/count?p=/", "/a.png", "/p/x"] {
        let head = Head::new("POST", target, Fields::raw(&fields)).expect("a request");
        let now = Now::default();
        assert!(
            decide(&head, &empty, Moment::unasked(&now)).is_none(),
            "{target}"
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_body_makes_a_reader_panic(body: Vec<u8>, is_bot: bool, only_asks: bool) {
        let sender = Sender { is_bot, only_asks, opted_out: false };
        let base = Fact::new(Kind::View, "docs", "", "test");
        for message in [
            Message::Plausible { sites: sites(), sender },
            Message::Umami { sites: sites(), sender },
            Message::Install { sites: sites(), id: String::new() },
        ] {
            let (facts, reply) = message.read(&base, &body);
            proptest::prop_assert!(facts.is_empty() || reply.status < 300);
        }
    }
}
