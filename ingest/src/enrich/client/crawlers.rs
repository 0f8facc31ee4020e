//! Crawlers and scanners, by the words in agents that no package manager sends.

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
    use super::is_crawler;

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
}
