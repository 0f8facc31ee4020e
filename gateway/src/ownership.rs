//! Domains that belong to somebody else: served once their owners have shown by a TXT record that they are theirs, and
//! for as long as they do.
//!
//! Whoever names a domain in a configuration could name anybody's. Its DNS is what only its owner writes, so there it
//! has to be said who that is. A domain that was shown once is not given up for a name server that is silent: downloads
//! go on until the record is gone for days.

mod proof;
mod proofs;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use weir_config::catalogue::Owned;

use crate::tls::certificates::now;
use crate::upstream::address::{Addresses, Texts};
pub(crate) use proof::Seen;
pub(crate) use proofs::Proofs;

/// Longest pause before it is looked again, whatever is due.
const LONGEST: Duration = Duration::from_hours(1);

/// What is known of who owns what, and which domains are held back for want of a proof.
#[derive(Debug, Default)]
pub(crate) struct Ownership {
    known: Mutex<Known>,
    withheld: ArcSwap<BTreeSet<String>>,
    /// Whether there are any, which every request asks.
    withholds_any: AtomicBool,
}

/// Both under one lock: a look that waited for DNS must not go by the domains that there were when it began.
#[derive(Debug, Default)]
struct Known {
    /// The owned domains of the configuration in force.
    owned: Arc<[Owned]>,
    proofs: Proofs,
    /// The domains that this process has said it holds back, so that it says so once.
    told: BTreeSet<String>,
}

impl Ownership {
    /// Whether nothing is served on `host` yet, a name as [`weir_config::host_name`] gives it.
    pub(crate) fn withholds(&self, host: &str) -> bool {
        self.withholds_any.load(Acquire) && self.withheld.load().contains(host)
    }

    /// How many domains are held back.
    pub(crate) fn withheld(&self) -> usize {
        self.withheld.load().len()
    }

    /// Goes by what was seen in earlier runs, which `data_dir` has, and keeps what is seen there.
    pub(crate) fn remember(&self, data_dir: &Path) {
        let mut known = self.known();
        known.proofs = Proofs::read(data_dir);
        self.hold_back(&known);
    }

    /// Goes by these domains from here on: holds back those that are not shown to be their owners', and no others.
    pub(crate) fn follow(&self, owned: &[Owned]) {
        let mut known = self.known();
        known.owned = owned.into();
        self.hold_back(&known);
    }

    /// Looks for the records that are due; whether another domain is served now than before.
    pub(crate) async fn look(&self, addresses: &Addresses) -> bool {
        let owned = Arc::clone(&self.known().owned);
        let mut changed = false;
        for owned in &*owned {
            if self.known().proofs.of(owned).ask_at <= now() {
                let seen = look(addresses, owned).await;
                changed |= self.note(owned, seen);
            }
        }
        changed
    }

    /// How long until a record is due.
    pub(crate) fn wait(&self) -> Duration {
        let Known { owned, proofs, .. } = &*self.known();
        let next = owned.iter().map(|owned| proofs.of(owned).ask_at).min();
        next.map_or(LONGEST, |next| {
            let seconds = (next - now()).max(1).cast_unsigned();
            Duration::from_secs(seconds).min(LONGEST)
        })
    }

    /// Notes what DNS says of one domain; whether that makes it served, or ends that.
    fn note(&self, owned: &Owned, seen: Seen) -> bool {
        let mut known = self.known();
        let before = known.proofs.holds(owned);
        known.proofs.note(owned, seen, now());
        let holds = known.proofs.holds(owned);
        self.hold_back(&known);
        let is_news = if holds {
            known.told.remove(&owned.domain)
        } else {
            known.told.insert(owned.domain.clone())
        };
        tell(owned, seen, before, holds, is_news);
        before != holds
    }

    /// Takes what is known, so that nobody changes it meanwhile.
    fn hold_back(&self, known: &MutexGuard<'_, Known>) {
        let Known { owned, proofs, .. } = &**known;
        let unproven = owned.iter().filter(|owned| !proofs.holds(owned));
        let names: BTreeSet<_> = unproven.map(|owned| owned.domain.clone()).collect();
        let any = !names.is_empty();
        self.withheld.store(names.into());
        self.withholds_any.store(any, Release);
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what became of a domain that was served `before`, or was not; `is_news` where that was not said yet.
fn tell(owned: &Owned, seen: Seen, before: bool, holds: bool, is_news: bool) {
    let Owned { domain, owner, .. } = owned;
    match (before, holds) {
        (false, false) if is_news => {
            let (record, value) = (record(domain), value(owner));
            tracing::warn!(
                domain,
                owner,
                record,
                value,
                "the domain is not served until its owner publishes this TXT record"
            );
        }
        (false, true) => tracing::info!(domain, owner, "the domain is shown to be its owner's"),
        (true, false) => {
            tracing::error!(
                domain,
                owner,
                "the domain's TXT record is gone for days: it is served no more"
            );
        }
        (true, true) if seen == Seen::Absent => {
            tracing::warn!(
                domain,
                owner,
                "the domain's TXT record is gone: it is served for two days yet"
            );
        }
        _ => {}
    }
}

/// Where the owner of `domain` says so.
pub(crate) fn record(domain: &str) -> String {
    format!("_weir.{domain}")
}

/// What they say. It is no secret: that it stands there is what counts.
pub(crate) fn value(owner: &str) -> String {
    format!("weir-owner={owner}")
}

/// What DNS says of who owns a domain.
pub(crate) async fn look(addresses: &Addresses, owned: &Owned) -> Seen {
    match addresses.texts(&record(&owned.domain)).await {
        Texts::Found(texts) if texts.contains(&value(&owned.owner)) => Seen::Shown,
        Texts::Found(_) | Texts::Nothing => Seen::Absent,
        Texts::Failed => Seen::Unknown,
    }
}
