//! What the page tells those who run the installation: settings as they are in force, and what they led to.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use weir_config::settings::{self, Settings};
use weir_dashboards::{AudienceRule, Operating, Operation, UnknownClient};
use weir_ingest::{Ingest, StrangerCounts, strangers};

use super::exports::Scheduled;
use super::first_use::Front;
use super::reload::Serving;

/// Unknown clients that are listed; who wants more asks `weir clients unknown`.
const MOST_UNKNOWN: usize = 50;

/// A source of it. Without the downloading half, rules and unknown clients are that half's to know.
pub(super) fn source(
    settings: &Settings,
    ingest: Option<Arc<Ingest>>,
    serving: &Arc<Serving>,
    exports: &Scheduled,
    front: Front,
) -> Operating {
    let (settings, serving, exports) = (
        Arc::new(settings.clone()),
        Arc::clone(serving),
        exports.clone(),
    );
    Arc::new(move || {
        let (settings, ingest) = (Arc::clone(&settings), ingest.clone());
        let (serving, exports) = (Arc::clone(&serving), exports.clone());
        let front = front.clone();
        Box::pin(async move {
            let looking = move || Operation {
                statements: serving.statements(&front),
                public: public(&serving, &front),
                ..on_disk(&settings, ingest.as_deref())
            };
            // Looking at files takes as long as a disk does.
            let found = tokio::task::spawn_blocking(looking).await;
            Operation {
                exports: exports.scheduled().await,
                ..found.unwrap_or_default()
            }
        })
    })
}

fn public(serving: &Serving, front: &Front) -> Vec<String> {
    let packages = serving.configured(front).into_iter();
    let public = packages.filter(|package| package.public);
    public.map(|package| package.name).collect()
}

fn on_disk(settings: &Settings, ingest: Option<&Ingest>) -> Operation {
    let mut rules = ingest.map(Ingest::audience_rules).unwrap_or_default();
    // Several conditions may lead to one name, and events only keep that.
    rules.dedup();
    let rules = rules.into_iter().map(|(rule, audience)| AudienceRule {
        rule: rule.to_owned(),
        audience: audience.as_str().to_owned(),
    });
    let counts = ingest.and_then(|_| strangers(&settings.data_dir).ok());
    Operation {
        rules: rules.collect(),
        unknown_clients: counts.map(unknown_clients).unwrap_or_default(),
        free_bytes: free_bytes(&settings.data_dir),
        ..as_set(settings)
    }
}

/// What stands in the settings.
fn as_set(settings: &Settings) -> Operation {
    let settings::ClickHouse { url, cluster, .. } = &settings.clickhouse;
    let files = settings.clients.rules.iter();
    Operation {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        data_dir: settings.data_dir.display().to_string(),
        event_days: settings.retention.raw_days,
        count_months: settings.retention.rollup_months,
        spool_bytes: settings.spool.quota_bytes,
        clickhouse: url.as_ref().map(without_account),
        cluster: cluster.clone(),
        place_updates: settings.geo.update,
        rule_files: files.map(|file| file.display().to_string()).collect(),
        ..Operation::default()
    }
}

/// An address as it may be shown.
fn without_account(url: &url::Url) -> String {
    url.origin().ascii_serialization()
}

/// All days together, most requests first.
fn unknown_clients(counts: StrangerCounts) -> Vec<UnknownClient> {
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (name, requests) in counts.into_values().flatten() {
        *sums.entry(name).or_default() += requests;
    }
    let sums = sums.into_iter();
    let mut clients: Vec<_> = sums
        .map(|(name, requests)| UnknownClient { name, requests })
        .collect();
    clients.sort_by_key(|client| std::cmp::Reverse(client.requests));
    clients.truncate(MOST_UNKNOWN);
    clients
}

/// Bytes that this user may still write.
fn free_bytes(folder: &Path) -> Option<u64> {
    let space = rustix::fs::statvfs(folder).ok()?;
    space.f_bavail.checked_mul(space.f_frsize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_clients_of_all_days_are_added_up() {
        let day = |counts: &[(&str, u64)]| {
            let counts = counts.iter().map(|&(name, count)| (name.to_owned(), count));
            counts.collect::<BTreeMap<_, _>>()
        };
        let counts = StrangerCounts::from([(1, day(&[("a", 2), ("b", 3)])), (2, day(&[("a", 2)]))]);
        let listed = unknown_clients(counts);
        let listed: Vec<_> = listed
            .iter()
            .map(|one| (one.name.as_str(), one.requests))
            .collect();
        assert_eq!(listed, [("a", 4), ("b", 3)]);
    }

    #[test]
    fn what_opens_clickhouse_is_not_shown() {
        let mut settings = Settings::default();
        let url = "http://user:secret@clickhouse.acme.example:8123/?password=secret";
        settings.clickhouse.url = Some(url.parse().expect("an address"));
        let shown = as_set(&settings).clickhouse;
        assert_eq!(
            shown.as_deref(),
            Some("http://clickhouse.acme.example:8123")
        );
    }
}
