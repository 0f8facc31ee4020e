//! Crawlers and scanners: by the words in agents that no package manager sends, and by the open list,
//! which names those that do not say so and tells what each is for.
//!
//! Only agents that no rule takes for a package manager's are looked at: to a list of crawlers most of
//! those are crawlers too.

use std::borrow::Cow;

use weir_event::Text;

use super::{Class, Client, notes, open_data};
use crate::enrich::words;

/// Those whose names do not say what they are.
const NAMED: &[&str] = &[
    "facebookexternalhit",
    "meta-externalagent",
    "ia_archiver",
    "mediapartners-google",
    "googleother",
    "google-inspectiontool",
    "feedfetcher-google",
    "chrome-lighthouse",
    "bingpreview",
    "slurp",
    "zgrab",
    "nmap",
    "masscan",
    "nikto",
    "nuclei",
    "censysinspect",
    "expanse",
    "internetmeasurement",
    "scrapy",
    "nutch",
    "pingdom",
    "statuscake",
    "datadog",
    "site24x7",
    "newrelicpinger",
    "ptst",
    "chatgpt-user",
    "claude-user",
    "perplexity-user",
    "bytespider",
    "petalbot",
    "dataprovider",
    "netcraftsurveyagent",
    "siteimprove",
    "w3c_validator",
];

/// What the rest call themselves, anywhere in the name.
const WORDS: &[&str] = &["crawl", "spider"];

/// Phones whose maker's name ends as a crawler's would.
const PHONES: &[&str] = &["cubot"];

/// How words begin by which apps are known that people read pages in, and whose agents hold what the
/// open list takes for a crawler's name, or the name of the phone's network.
const APPS: &[&str] = &["[fban", "fbav", "[fb_iab", "slack_ssb", "wired/"];

/// A crawler.
pub(super) struct Crawler<'a> {
    name: Text<'a>,
    /// What the open list says it is for; empty where it says nothing.
    tag: &'static str,
}

/// The crawler that sends this agent, if one does.
pub(super) fn find(agent: &str) -> Option<Crawler<'_>> {
    if notes::words(agent).any(is_app) {
        return None;
    }
    let listed = open_data::crawler(agent);
    let tag = listed
        .and_then(|info| info.tags.first())
        .map_or("", String::as_str);
    let said = notes::words(agent).find(|word| is_crawler(word));
    let name = match (said, listed) {
        (Some(word), _) => words::name(word.split('/').next().unwrap_or(word)),
        (None, Some(info)) => longest_word(&info.pattern).and_then(words::name),
        (None, None) => return None,
    };
    Some(Crawler {
        name: name.unwrap_or(Cow::Borrowed("crawler")),
        tag,
    })
}

impl<'a> Crawler<'a> {
    pub(super) fn tell(self, client: &mut Client<'a>) {
        client.name = self.name;
        client.tag = self.tag;
        client.class = match self.tag {
            "browser-automation" => Class::Headless,
            _ => Class::Crawler,
        };
    }
}

/// The longest plain word of a pattern, which is what its crawler is called.
fn longest_word(pattern: &str) -> Option<&str> {
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    pattern
        .split(|letter| !in_word(letter))
        .max_by_key(|word| word.len())
}

fn is_app(word: &str) -> bool {
    APPS.iter().any(|app| has_prefix(word, app))
}

/// Whether a word of an agent (`Googlebot/2.1`) names a crawler.
pub(super) fn is_crawler(word: &str) -> bool {
    let name = word.split('/').next().unwrap_or(word);
    let among = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    let begins = |names: &[&str]| names.iter().any(|known| has_prefix(name, known));
    let says = || is_bot(name) || WORDS.iter().any(|part| places(name, part).next().is_some());
    // The rarest question first: nearly every word ends there.
    among(NAMED) || says() && !is_address(word) && !begins(PHONES)
}

/// `Googlebot`, `AdsBot-Google`, but not `Botocore`.
fn is_bot(name: &str) -> bool {
    const BOT: &str = "bot";
    let follows = |at: usize| name.as_bytes().get(at + BOT.len());
    places(name, BOT).any(|at| !follows(at).is_some_and(u8::is_ascii_alphabetic))
}

/// Links stand beside names, and lead to pages about bots of every kind.
fn is_address(word: &str) -> bool {
    word.contains("://") || word.contains('@')
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.as_bytes()
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Where `part`, in lower case, stands in `text`.
fn places<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> + 't {
    let first = part.as_bytes()[0];
    let windows = text.as_bytes().windows(part.len()).enumerate();
    // The first letter rules out nearly all places at a fraction of the cost.
    let stands = move |window: &[u8]| {
        window[0].to_ascii_lowercase() == first && window.eq_ignore_ascii_case(part.as_bytes())
    };
    windows
        .filter(move |(_, window)| stands(window))
        .map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crawlers_are_known_by_name_or_by_what_they_call_themselves() {
        for word in [
            "Googlebot/2.1",
            "AdsBot-Google",
            "Baiduspider-render/2.0",
            "MyCrawler",
            "bot",
            "zgrab/0.x",
        ] {
            assert!(is_crawler(word), "{word}");
        }
    }

    #[test]
    fn words_that_only_resemble_theirs_are_nobodys() {
        for word in [
            "Botocore/1.34",
            "CUBOT_X19",
            "+https://example.org/bot",
            "robotics",
            "bots@example.org",
            "curl/8",
        ] {
            assert!(!is_crawler(word), "{word}");
        }
    }

    #[test]
    fn apps_that_people_read_pages_in_are_no_crawlers() {
        open_data::load();
        for agent in [
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/21E219 [FBAN/FBIOS;FBAV/460.0.0.30.109;FBCR/OrangeBotswana]",
            "Mozilla/5.0 (Linux; U; Android 4.4; en-us) AppleWebKit/533.1 (KHTML, like Gecko) Version/4.0 Mobile Safari/533.1 [FBAN/FB4A;FBAV/1.8.1;FBPN/com.facebook.katana]",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_12_4) AppleWebKit/537.36 (KHTML, like Gecko) AtomShell/2.6.0 Chrome/56.0.2924.87 Electron/1.6.3 Safari/537.36 Slack_SSB/2.6.0",
            "Mozilla/5.0 (iPad; U; CPU iPhone OS 7_0 like Mac OS X; de-DE) WIRED/3.2.3.11.87970",
        ] {
            assert!(find(agent).is_none(), "{agent}");
        }
    }

    #[test]
    fn a_crawler_that_does_not_say_so_is_known_by_the_list_with_what_it_is_for() {
        open_data::load();
        let found = |agent| find(agent).map(|crawler| format!("{} {}", crawler.name, crawler.tag));
        insta::assert_snapshot!(found("Mozilla/5.0 (compatible; heritrix/3.2.0 +http://archive.example/)").unwrap_or_default(), @"heritrix archiver");
        assert_eq!(
            found("Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"),
            None
        );
        assert_eq!(found("python-requests/2.32.3"), None);
    }
}
