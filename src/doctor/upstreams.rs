//! Whether upstreams answer, and by their clocks whether ours is right.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::DATE;
use tokio::task::JoinSet;
use url::Url;
use weir_config::{Catalogue, Settings};
use weir_gateway::{NotPermitted, permitted, upstreams};

use super::{Finding, cause, whole};

const ABOUT: &str = "upstreams";
/// Longest that one may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// Upstreams that are asked; the rest are most probably much like them.
const MOST: usize = 32;
/// Seconds that a clock may be off: theirs are told in whole ones, and an answer takes its time.
const OFF: i64 = 5;
/// Seconds from which on signatures and certificates are refused, and days are counted wrong.
const FAR_OFF: i64 = 60;

pub(super) async fn look(settings: &Settings, catalogue: &Catalogue) -> Vec<Finding> {
    let client = reqwest::Client::builder()
        .timeout(PATIENCE.min(Duration::from_secs(settings.gateway.upstream_timeout_s)))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("weir-doctor/", env!("CARGO_PKG_VERSION")))
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            let todo = "install certificates of authorities (ca-certificates)";
            return vec![Finding::problem(ABOUT, whole(&error), todo)];
        }
    };
    let mut asked = JoinSet::new();
    for url in origins(catalogue).into_iter().take(MOST) {
        let (client, settings) = (client.clone(), settings.gateway.clone());
        asked.spawn(async move {
            match permitted(&settings, &url).await {
                Ok(()) => ask(&client, url).await,
                Err(error) => (refused(&url, &error), None),
            }
        });
    }
    let mut answers = asked.join_all().await;
    answers.sort_by(|one, other| one.0.says.cmp(&other.0.says));
    let (mut findings, off): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
    findings.extend(clock(off.into_iter().flatten().collect()));
    findings
}

/// Each scheme, host and port, as an address.
fn origins(catalogue: &Catalogue) -> BTreeSet<Url> {
    let packages = catalogue.packages.iter();
    let of_packages = packages.flat_map(|package| upstreams(catalogue, &package.name));
    let of_indexes = catalogue.indexes.iter().map(|index| index.upstream.clone());
    of_packages
        .chain(of_indexes)
        .filter_map(|url| url.join("/").ok())
        .collect()
}

/// The gateway would not connect to it.
fn refused(url: &Url, error: &NotPermitted) -> Finding {
    Finding::problem(
        ABOUT,
        format!("{url} is not asked: {error}"),
        "see to its address in the configuration, to [gateway] name_servers and private_upstreams",
    )
}

/// Whether `url` answers, and how many seconds its clock is before ours.
async fn ask(client: &reqwest::Client, url: Url) -> (Finding, Option<i64>) {
    match client.head(url.clone()).send().await {
        Ok(answer) => {
            let date = answer.headers().get(DATE);
            let date = date.and_then(|date| date.to_str().ok());
            let off = date.and_then(|date| ahead(date, Timestamp::now()));
            (Finding::fine(ABOUT, format!("{url} answers")), off)
        }
        Err(error) => {
            let finding = Finding::problem(
                ABOUT,
                format!("{url} does not answer: {}", cause(&error)),
                "see to its address in the configuration, and to the way out of this network",
            );
            (finding, None)
        }
    }
}

/// How many seconds `date`, as HTTP writes it (RFC 9110 §5.6.7), is ahead of `now`.
fn ahead(date: &str, now: Timestamp) -> Option<i64> {
    let date = rfc2822::DateTimeParser::new().parse_timestamp(date).ok()?;
    Some(date.as_second() - now.as_second())
}

/// By most of them: a single upstream's clock may be the wrong one. Nothing where none was told.
fn clock(mut off: Vec<i64>) -> Option<Finding> {
    const ABOUT: &str = "clock";
    off.sort_unstable();
    let middle = *off.get(off.len() / 2)?;
    let says = format!("upstreams' clocks are {middle} s ahead of this one's");
    let todo = "keep it right by NTP (timedatectl set-ntp true)";
    Some(match middle.abs() {
        0..=OFF => Finding::fine(ABOUT, "it is as upstreams' are"),
        ..=FAR_OFF => Finding::warning(ABOUT, says, todo),
        _ => Finding::problem(ABOUT, says, todo),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    #[test]
    fn the_clock_is_judged_by_most_of_the_upstreams() {
        let level = |off: &[i64]| clock(off.to_vec()).map(|finding| finding.level);
        assert_eq!(level(&[]), None);
        assert_eq!(level(&[0, 1, 4000]), Some(Level::Fine));
        assert_eq!(level(&[-30, -31, 0]), Some(Level::Warning));
        assert_eq!(level(&[90]), Some(Level::Problem));
    }

    #[test]
    fn dates_are_read_as_http_writes_them() {
        let now = Timestamp::from_second(784_111_777 - 10).expect("a time");
        assert_eq!(ahead("Sun, 06 Nov 1994 08:49:37 GMT", now), Some(10));
        assert_eq!(ahead("yesterday", now), None);
    }
}
