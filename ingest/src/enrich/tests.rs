use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use weir_event::{Audience, Channel, Ci, Kind};

use super::*;

mod spellings;

use crate::address::looks;

const NOON: u32 = 20_000 * 86_400 + 43_200;
const ID: EventId = EventId {
    node: 1,
    boot: 1,
    counter: 1,
};

fn enricher() -> Enricher {
    Enricher::new(Places::default().with_local_country("CH"), NOON).expect("random bytes")
}

fn from(address: &str) -> ClientIp {
    ClientIp::new(address.parse().expect("an address"))
}

fn download() -> Observation<'static> {
    Observation {
        package: "acme/rocket",
        ecosystem: "file",
        version: "1.2.3-beta.1",
        artifact: "rocket.tar.gz",
        os: "macos",
        user_agent: "curl/8.9.1",
        ..Observation::new(Kind::Download)
    }
}

#[test]
fn an_observation_becomes_the_event_a_row_holds() {
    let seen = download();
    let event = enricher()
        .enrich(&seen, from("127.0.0.1"), ID, NOON + 59)
        .expect("an event");
    assert_eq!((event.time, event.kind), (NOON, Kind::Download));
    assert_eq!((&*event.version_major, event.channel), ("1", Channel::Pre));
    assert_eq!(
        (&*event.client, &*event.client_version, &*event.os),
        ("curl", "8.9.1", "darwin")
    );
    assert_eq!(
        (event.audience, &*event.audience_reasons),
        (Audience::People, "client:interactive")
    );
    assert_eq!((&*event.country, event.ci), ("CH", Ci::Unknown));
    assert!(event.visitor != 0 && event.salt_epoch != 0);
}

#[test]
fn text_of_the_request_is_borrowed_and_not_copied() {
    let seen = download();
    let event = enricher()
        .enrich(&seen, from("127.0.0.1"), ID, NOON)
        .expect("an event");
    for text in [
        &event.package,
        &event.version,
        &event.version_major,
        &event.artifact,
        &event.client,
        &event.client_version,
    ] {
        assert!(matches!(text, Text::Borrowed(_)), "{text}");
    }
}

#[test]
fn who_asks_not_to_be_counted_leaves_a_number_and_nothing_else() {
    let enricher = enricher();
    let seen = Observation {
        opted_out: true,
        ..download()
    };
    assert!(
        enricher
            .enrich(&seen, from("203.0.113.77"), ID, NOON)
            .is_none()
    );
    assert_eq!(enricher.optout_total(NOON), 1);
}

#[test]
fn the_address_of_who_asks_not_to_be_counted_is_never_looked_at() {
    let enricher = enricher();
    let looks = |opted_out| {
        let seen = Observation {
            opted_out,
            referrer: "https://acme.example/",
            props: vec![("note".into(), "seen from 198.51.100.7".into())],
            ..download()
        };
        let before = looks::taken();
        enricher.enrich(&seen, from("203.0.113.77"), ID, NOON);
        looks::taken() - before
    };
    assert_eq!(looks(true), 0, "no place, no network, no visitor, no scrub");
    assert_ne!(looks(false), 0, "of others it is");
}

#[test]
fn of_a_proxy_that_reads_for_others_no_visitor_and_no_place_is_kept() {
    let enricher = enricher();
    let of = |user_agent| {
        let seen = Observation {
            ecosystem: "docs",
            user_agent,
            ..Observation::new(Kind::View)
        };
        let event = enricher.enrich(&seen, from("127.0.0.1"), ID, NOON);
        let event = event.expect("an event");
        (
            event.audience,
            event.visitor != 0,
            event.country.into_owned(),
        )
    };
    let hidden = |audience| (audience, false, String::new());
    assert_eq!(of("github-camo (876de43e)"), hidden(Audience::Proxy));
    assert_eq!(
        of("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"),
        (Audience::People, true, "CH".to_owned())
    );
}

#[test]
fn a_visitor_is_the_same_for_a_package_and_a_day_only() {
    let enricher = enricher();
    let visitor = |package: &'static str, address: &str, now| {
        let seen = Observation {
            package,
            ..download()
        };
        enricher
            .enrich(&seen, from(address), ID, now)
            .expect("an event")
            .visitor
    };
    let first = visitor("acme/rocket", "203.0.113.77", NOON);
    assert_eq!(first, visitor("acme/rocket", "203.0.113.77", NOON + 3_600));
    assert_eq!(first, visitor("acme/rocket", "::ffff:203.0.113.77", NOON));
    assert_ne!(first, visitor("acme/other", "203.0.113.77", NOON));
    assert_ne!(first, visitor("acme/rocket", "203.0.113.78", NOON));
    assert_ne!(first, visitor("acme/rocket", "203.0.113.77", NOON + 86_400));
}

#[test]
fn long_and_many_are_cut_to_what_a_row_holds() {
    let long = "x".repeat(5_000);
    let seen = Observation {
        package: &long,
        page: &long,
        referrer: &long,
        user_agent: &long,
        props: (0..100)
            .map(|at| (format!("{at}{long}").into(), long.as_str().into()))
            .collect(),
        ..download()
    };
    let event = enricher()
        .enrich(&seen, from("127.0.0.1"), ID, NOON)
        .expect("an event");
    assert_eq!(
        (event.package.len(), event.page.len(), event.props.len()),
        (255, 512, MOST_PROPS)
    );
    assert!(
        event
            .props
            .iter()
            .all(|(key, value)| key.len() == 64 && value.len() == 512)
    );
    assert_eq!(&*event.client, "");
}

/// The kinds that `requests` become, asked by one address at the seconds given.
fn kinds(seen: &Observation<'_>, moments: &[u32]) -> Vec<Kind> {
    let enricher = enricher();
    let kind = |&now: &u32| {
        let event = enricher.enrich(seen, from("203.0.113.77"), ID, now);
        event.expect("an event").kind
    };
    moments.iter().map(kind).collect()
}

fn answered(status: u16) -> Observation<'static> {
    Observation {
        target: "/rocket.tar.gz",
        status,
        ..download()
    }
}

#[test]
fn a_download_that_is_asked_for_again_is_a_repeat_until_the_window_or_the_day_ends() {
    use Kind::{Download, Repeat};
    assert_eq!(
        kinds(&answered(302), &[NOON, NOON + 59, NOON + 60]),
        [Download, Repeat, Download]
    );
    let midnight = NOON + 43_200;
    assert_eq!(
        kinds(&answered(302), &[midnight - 2, midnight - 1, midnight]),
        [Download, Repeat, Download]
    );
}

#[test]
fn only_downloads_that_were_answered_are_repeated() {
    let twice = [NOON, NOON];
    for kind in Kind::ALL.iter().filter(|&&kind| kind != Kind::Download) {
        let seen = Observation {
            kind: *kind,
            ..answered(200)
        };
        assert_eq!(kinds(&seen, &twice), [*kind; 2]);
    }
    let pull = Observation {
        ecosystem: "oci",
        ..answered(200)
    };
    for seen in [answered(404), pull] {
        assert_eq!(kinds(&seen, &twice), [Kind::Download; 2], "{seen:?}");
    }
}

#[test]
fn who_asks_not_to_be_counted_makes_no_download_a_repeat() {
    let enricher = enricher();
    let seen = answered(302);
    let unseen = Observation {
        opted_out: true,
        ..seen.clone()
    };
    let silent = enricher.enrich(&unseen, from("203.0.113.77"), ID, NOON);
    let event = enricher.enrich(&seen, from("203.0.113.77"), ID, NOON);
    assert_eq!(
        (silent.is_none(), event.expect("an event").kind),
        (true, Kind::Download)
    );
}

#[test]
fn the_hundredth_event_of_an_address_within_a_minute_is_nobodys() {
    let enricher = enricher();
    let audience = |kind, agent: &str, address: &str| {
        let seen = Observation {
            user_agent: agent,
            kind,
            ..download()
        };
        let event = enricher.enrich(&seen, from(address), ID, NOON);
        let event = event.expect("an event");
        (event.audience, event.audience_reasons.into_owned())
    };
    // Whatever it calls itself, and whichever of the two it sends.
    for number in 1..100 {
        let kind = [Kind::Custom, Kind::View][number % 2];
        let agent = format!("curl/8.{number}");
        let (said, _) = audience(kind, &agent, "203.0.113.77");
        assert_eq!(said, Audience::People, "{number}");
    }
    let flagged = (Audience::Unknown, "events:many".to_owned());
    assert_eq!(audience(Kind::Custom, "curl/8.9", "203.0.113.77"), flagged);
    assert_eq!(audience(Kind::View, "curl/8.9", "203.0.113.77"), flagged);
    assert_eq!(
        audience(Kind::Custom, "curl/8.9", "198.51.100.9").0,
        Audience::People
    );
    assert_eq!(
        audience(Kind::Download, "curl/8.9", "203.0.113.77").0,
        Audience::People
    );
}

/// The audience of the last of 60 versions of a package, taken by one client within a minute.
fn audience_after_60_versions(address: &str) -> Audience {
    let enricher = enricher();
    let versions: Vec<_> = (0..60).map(|minor| format!("1.{minor}.0")).collect();
    let audience = |version| {
        let seen = Observation {
            version,
            ..download()
        };
        let event = enricher.enrich(&seen, from(address), ID, NOON);
        event.expect("an event").audience
    };
    let all = versions.iter().map(|version| audience(version));
    all.fold(Audience::Unknown, |_, audience| audience)
}

#[test]
fn who_takes_every_version_within_a_minute_is_a_mirror_unless_it_is_nobody_in_particular() {
    assert_eq!(audience_after_60_versions("203.0.113.77"), Audience::Mirror);
    assert_eq!(audience_after_60_versions("0.0.0.0"), Audience::People);
}

#[test]
fn what_a_crawler_is_for_stands_beside_the_rule() {
    client::load_open_data();
    let seen = Observation {
        user_agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        ..download()
    };
    let event = enricher().enrich(&seen, from("127.0.0.1"), ID, NOON);
    insta::assert_snapshot!(event.expect("an event").audience_reasons, @"agent:crawler,tag:search-engine");
}

/// An address in the spellings that text carries.
fn spellings(address: IpAddr) -> Vec<String> {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, d] = v4.octets();
            vec![
                v4.to_string(),
                format!("{a:03}.{b:03}.{c:03}.{d:03}"),
                format!("{a}-{b}-{c}-{d}"),
                format!("{a}%2E{b}%2e{c}%2E{d}"),
                format!("{a}%252E{b}%252E{c}%252E{d}"),
                format!("{d}.{c}.{b}.{a}.in-addr.arpa"),
                format!("{a:02x}{b:02x}{c:02x}{d:02x}"),
                format!("{a:02X}{b:02X}{c:02X}{d:02X}"),
                format!("0x{a:02x}{b:02x}{c:02x}{d:02x}"),
                format!("{a:02x}:{b:02x}:{c:02x}:{d:02x}"),
                v4.to_bits().to_string(),
                v4.to_ipv6_mapped().to_string(),
                Ipv6Addr::from_bits(v4.to_ipv6_mapped().to_bits())
                    .to_string()
                    .to_uppercase(),
            ]
        }
        IpAddr::V6(v6) => {
            let hex = format!("{:032x}", v6.to_bits());
            let groups: Vec<_> = v6
                .segments()
                .iter()
                .map(|group| format!("{group:04x}"))
                .collect();
            vec![
                v6.to_string(),
                v6.to_string().to_uppercase(),
                v6.to_string().replace(':', "%3A"),
                groups.join(":"),
                format!("[{v6}]:443"),
                hex.to_uppercase(),
                hex,
            ]
        }
    }
}

/// What must not be found: the spelling without its mark-up, and the address in digits.
fn leaks(event: &Event<'_>, address: IpAddr, spelled: &str) -> bool {
    let mut bytes = Vec::new();
    event.encode(&mut bytes);
    let text = format!("{event:?} {}", String::from_utf8_lossy(&bytes)).to_lowercase();
    let bare = spelled
        .trim_end_matches("]:443")
        .trim_matches('[')
        .to_lowercase();
    text.contains(&bare)
        || spellings(address)
            .iter()
            .any(|spelling| text.contains(&spelling.to_lowercase()))
}

fn carrying<'a>(word: &'a str, agent: &'a str, referrer: &'a str) -> Observation<'a> {
    Observation {
        package: word,
        domain: word,
        version: word,
        artifact: word,
        digest: word,
        os: word,
        arch: word,
        page: word,
        user_agent: agent,
        referrer,
        props: vec![(word.into(), word.into())],
        ..Observation::new(Kind::Custom)
    }
}

#[test]
fn no_field_carries_the_clients_address_in_any_spelling() {
    let enricher = enricher();
    for address in [
        "203.0.113.77",
        "8.8.4.4",
        "24.187.3.250",
        "2001:db8:1234:5678:9abc:def0:1234:5678",
        "2a02:8109::77",
    ] {
        let address: IpAddr = address.parse().expect("an address");
        for spelled in spellings(address) {
            for agent in agents(&spelled) {
                for referrer in [
                    format!("http://{spelled}/x"),
                    format!("http://a-{spelled}.example/"),
                    spelled.clone(),
                ] {
                    let seen = carrying(&spelled, &agent, &referrer);
                    let event = enricher
                        .enrich(&seen, ClientIp::new(address), ID, NOON)
                        .expect("an event");
                    assert!(
                        !leaks(&event, address, &spelled),
                        "{spelled} through {agent} and {referrer}: {event:?}"
                    );
                }
            }
        }
    }
}

/// Every place of every format that keeps a word.
fn agents(word: &str) -> Vec<String> {
    [
        "*", "*/1.0", "tool/*", "tool (*)", "curl/*", "pip/*", "npm/* node/*", "npm/1.0 node/* linux x64 ci/*",
        "docker/1.0 os/* arch/*", "Debian APT-HTTP/1.3 (*)", "Gradle/1.0 (Linux;1;amd64) (Debian;*;*)",
        "Mozilla/5.0 (X11; Linux) Chrome/*", "Mozilla/5.0 (compatible; *bot/1.0)", "Mozilla/5.0 (compatible; bot-*)",
        "Homebrew/1.0 (Macintosh; arm64 Mac OS X *)", "libdnf (Fedora *; generic; Linux.x86_64)", "containers/* (x)",
        r#"pip/1.0 {"cpu":"*","python":"*","distro":{"name":"Debian","version":"*"},"implementation":{"name":"*","version":"*"},"system":{"name":"Linux"}}"#,
        r#"pip/1.0 {"system":{"name":"Windows","release":"*"}}"#,
    ]
    .into_iter()
    .map(|agent| agent.replace('*', word))
    .collect()
}

#[test]
fn other_peoples_addresses_do_not_pass_in_free_text_either() {
    let enricher = enricher();
    let address: IpAddr = "203.0.113.77".parse().expect("an address");
    for spelled in [
        "203.0.113.77",
        "203%2E0%2E113%2E77",
        "203-0-113-77",
        "2001:db8::77",
    ] {
        let referrer = format!("http://{spelled}/");
        for agent in agents(spelled) {
            let seen = carrying(spelled, &agent, &referrer);
            let event = enricher
                .enrich(&seen, from("127.0.0.1"), ID, NOON)
                .expect("an event");
            assert!(
                !leaks(&event, address, spelled),
                "{spelled} through {agent}: {event:?}"
            );
        }
    }
}

proptest! {
    #[test]
    fn no_request_makes_it_panic(text in "\\PC{0,60}|.{0,60}", agent in ".{0,200}", address: u128, now: u32) {
        let seen = carrying(&text, &agent, &text);
        let address = ClientIp::new(Ipv6Addr::from_bits(address).into());
        prop_assert!(enricher().enrich(&seen, address, ID, now).is_some());
    }

    #[test]
    fn no_agent_of_a_known_program_makes_it_panic_or_grow(
        head in prop::sample::select(vec![
            "pip/1 {", "uv/1 {\"distro\":", "npm/1 node/", "docker/1 os/", "Mozilla/5.0 (", "Gradle/", "bundler/1 ", "libdnf (",
        ]),
        tail in "[a-zA-Z0-9 ./;(){}\":,\\\\é_-]{0,1500}",
    ) {
        let rules = ClientRules::builtin();
        let agent = format!("{head}{tail}");
        let client = rules.read(&agent, "");
        for text in [&client.name, &client.version, &client.runtime, &client.runtime_version, &client.arch, &client.ci_name] {
            prop_assert!(text.len() <= 32, "{text}");
        }
    }

    #[test]
    fn the_clients_address_never_shows(bits: u32, agent: prop::sample::Index, spelling: prop::sample::Index) {
        // Versions and the addresses of private networks look alike below 32.
        let address = IpAddr::V4(Ipv4Addr::from_bits(bits | 0x4000_0000));
        let spelled = spelling.get(&spellings(address)).clone();
        let agent = agent.get(&agents(&spelled)).clone();
        let seen = carrying(&spelled, &agent, &spelled);
        let event = enricher().enrich(&seen, ClientIp::new(address), ID, NOON).expect("an event");
        prop_assert!(!leaks(&event, address, &spelled), "{event:?}");
    }
}
