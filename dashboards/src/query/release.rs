//! Releases in the period of an answer: those that were announced, and those that downloads tell of.

use serde::Serialize;
use utoipa::ToSchema;

use super::parse::Target;
use crate::accounts::Announced;

/// A version and the day it came out.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub(crate) struct Release {
    /// As published.
    pub version: String,
    /// UTC day, `YYYY-MM-DD`: the one that was announced, or else that of the first download.
    pub first_seen: String,
    /// Where to read about it, as announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
    /// What it brings, as announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub notes: Option<String>,
}

/// Puts what was announced of `target` between the days `first` and `last` with what was `seen` in them. What was
/// announced for another day than it was seen stands on the day that was announced.
pub(crate) fn united(
    seen: Vec<Release>,
    announced: &[Announced],
    target: &Target,
    [first, last]: [&str; 2],
) -> Vec<Release> {
    let announced: Vec<_> = announced
        .iter()
        .filter(|release| target.has(&release.package))
        .map(|release| (release.version.as_str(), Release::from(release)))
        .collect();
    let is_announced = |seen: &Release| {
        let mut versions = announced.iter().map(|(version, _)| *version);
        versions.any(|version| number(version) == number(&seen.version))
    };
    let mut releases: Vec<_> = seen
        .into_iter()
        .filter(|seen| !is_announced(seen))
        .collect();
    let within = |release: &Release| (first..=last).contains(&release.first_seen.as_str());
    let announced = announced.into_iter().map(|(_, release)| release);
    releases.extend(announced.filter(within));
    releases.sort_by(|a, b| (&a.first_seen, &a.version).cmp(&(&b.first_seen, &b.version)));
    releases
}

/// A tag and the version that it publishes often differ by this letter.
fn number(version: &str) -> &str {
    version.strip_prefix('v').unwrap_or(version)
}

impl From<&Announced> for Release {
    fn from(announced: &Announced) -> Self {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            version: announced.version.clone(),
            first_seen: announced.at.strftime("%Y-%m-%d").to_string(),
            url: given(&announced.url),
            notes: given(&announced.notes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(version: &str, day: &str) -> Release {
        Release {
            version: version.to_owned(),
            first_seen: day.to_owned(),
            url: None,
            notes: None,
        }
    }

    fn announced(package: &str, version: &str, at: &str) -> Announced {
        Announced {
            package: package.to_owned(),
            version: version.to_owned(),
            at: at.parse().expect("a time"),
            url: format!("https://acme.example/{version}"),
            notes: String::new(),
        }
    }

    #[test]
    fn what_was_announced_stands_on_its_own_day_and_once() {
        let seen = vec![
            seen("1.0.0", "2026-11-03"),
            seen("1.1.0", "2026-11-05"),
            seen("0.9.0", "2026-11-02"),
        ];
        let announced = [
            announced("acme/rocket", "v1.0.0", "2026-11-01T23:30:00Z"),
            announced("acme/rocket", "2.0.0", "2026-11-20T08:00:00Z"),
            announced("acme/rocket", "0.9.0", "2026-10-31T08:00:00Z"),
            announced("acme/other", "3.0.0", "2026-11-10T08:00:00Z"),
        ];
        let rocket = Target::Package("acme/rocket".to_owned());
        let united = united(seen, &announced, &rocket, ["2026-11-01", "2026-11-20"]);
        let lines = united.iter().map(|release| {
            let Release {
                version,
                first_seen,
                url,
                ..
            } = release;
            format!("{first_seen} {version} {}", url.as_deref().unwrap_or("-"))
        });
        insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @"
        2026-11-01 v1.0.0 https://acme.example/v1.0.0
        2026-11-05 1.1.0 -
        2026-11-20 2.0.0 https://acme.example/2.0.0
        ");
    }
}
