//! Certificates from an authority that makes them by itself (ACME, RFC 8555).
//!
//! One task orders, one name after the other, for names of the configuration and no others: a handshake never does.
//! What it makes is proved, kept on disk and then shown, so that the one before is shown until the moment that the
//! next one can be.

mod account;
pub(crate) mod challenges;
pub(crate) mod due;
mod hook;
pub(crate) mod ledger;
mod order;
pub(crate) mod store;
mod transport;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use instant_acme::{Account, CertificateIdentifier};
use tokio::sync::Notify;
use weir_config::settings::{Acme, Challenge};
use weir_traces::{Key, Span, Value};

use crate::gateway::Shared;
use crate::tls::certificates::{Certificates, now, whole};
use crate::tls::pair::{Pair, PairError};
use account::AccountError;
use due::{Next, Wanted};
use ledger::{Ledger, spread};
use order::{Made, OrderError, Ordering};
use store::{Store, StoreError};

/// How often the name servers are asked about a name that has no address yet, and the disk about what another process
/// made.
const WAITING: Duration = Duration::from_mins(1);
/// Shortest and longest time, in seconds, until the authority is asked again when it would like to renew.
const ASK: (i64, i64) = (3600, 24 * 3600);

/// For how many names the authority is asked that at once, and the pause before the next.
const ASKED_AT_ONCE: usize = 20;
const PAUSE: Duration = Duration::from_secs(5);

/// Why there is no certificate yet.
#[derive(Debug, thiserror::Error)]
enum MakeError {
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error("what the authority made cannot be used: {0}")]
    Useless(#[from] PairError),
    #[error("what the authority made is not for this name, or not for now")]
    Foreign,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl MakeError {
    /// A nonce that went stale on the way says nothing of the name (RFC 8555 §6.5).
    fn is_stale_nonce(&self) -> bool {
        self.says("badNonce")
    }

    /// The authority knows our account no more, as after a loss of its own (RFC 8555 §6.7).
    fn is_lost_account(&self) -> bool {
        self.says("accountDoesNotExist")
    }

    /// Whether the authority gives this as its reason.
    fn says(&self, reason: &str) -> bool {
        let (Self::Order(OrderError::Authority(error))
        | Self::Account(AccountError::Refused(error))) = self
        else {
            return false;
        };
        let instant_acme::Error::Api(problem) = error else {
            return false;
        };
        let kind = problem.r#type.as_deref().unwrap_or_default();
        kind.strip_prefix("urn:ietf:params:acme:error:") == Some(reason)
    }
}

/// Tries where nonces go stale, beyond those within one exchange.
const TRIES: usize = 5;

/// Keeps certificates for the names of the configuration.
pub(crate) struct Keeper {
    acme: Acme,
    store: Store,
    shared: Arc<Shared>,
    account: Option<Account>,
    ledger: Ledger,
}

impl Keeper {
    pub(crate) fn new(acme: Acme, store: Store, shared: Arc<Shared>) -> Result<Self, StoreError> {
        store.prepare()?;
        let ledger = store.ledger();
        let keeper = Self {
            acme,
            store,
            shared,
            account: None,
            ledger,
        };
        keeper.show_kept(keeper.names());
        Ok(keeper)
    }

    fn certificates(&self) -> &Certificates {
        &self.shared.tls.certificates
    }

    /// Keeps on until the process ends. `changed` says that there are other names.
    pub(crate) async fn run(mut self, changed: Arc<Notify>) {
        let _right = self.right_to_order().await;
        self.ledger = self.store.ledger();
        loop {
            let names = self.names();
            self.show_kept(self.without_certificate(&names));
            let wait = match self.next(&names) {
                Next::Order(name) if self.can_be_shown(name).await => {
                    self.make(name).await;
                    Duration::ZERO
                }
                Next::Order(name) => {
                    self.put_off(name);
                    Duration::ZERO
                }
                Next::Wait(seconds) => {
                    let seconds = Duration::from_secs(seconds);
                    match self.ask_when_to_renew(&names).await {
                        ASKED_AT_ONCE => seconds.min(PAUSE),
                        _ => seconds,
                    }
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = changed.notified() => {}
            }
        }
    }

    /// Waits until no other process orders; what that one makes is shown here meanwhile.
    async fn right_to_order(&self) -> Option<std::fs::File> {
        let mut said = false;
        loop {
            match self.store.lock() {
                Ok(Some(right)) => return Some(right),
                Ok(None) if !said => {
                    tracing::info!("another process orders certificates in this folder");
                    said = true;
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, "certificates are ordered without a lock");
                    return None;
                }
            }
            tokio::time::sleep(WAITING).await;
            self.show_kept(self.names());
        }
    }

    /// The names that are to have a certificate.
    fn names(&self) -> Vec<String> {
        let files = self.certificates().in_files();
        names(&self.acme, &self.shared.routes.load().domains())
            .into_iter()
            .filter(|name| files.find(name).is_none())
            .filter(|name| !self.shared.ownership.withholds(domain(name)))
            .collect()
    }

    /// Those that nothing is shown for yet, though something may be kept: domains come and go.
    fn without_certificate(&self, names: &[String]) -> Vec<String> {
        let names = names.iter();
        names
            .filter(|name| self.certificates().made(name).is_none())
            .cloned()
            .collect()
    }

    fn next<'n>(&self, names: &'n [String]) -> Next<'n> {
        let wanted: Vec<_> = names
            .iter()
            .map(|name| Wanted {
                name,
                held: self.certificates().made(name),
            })
            .collect();
        due::next(&wanted, &self.ledger, now())
    }

    /// Shows what was made for `names` before, in this run or an earlier one.
    fn show_kept(&self, names: Vec<String>) {
        let kept = names
            .into_iter()
            .filter_map(|name| Some((self.kept(&name)?, name)));
        let kept: Vec<_> = kept.map(|(pair, name)| (name, pair)).collect();
        if !kept.is_empty() {
            self.certificates().put_all(kept);
        }
    }

    fn kept(&self, name: &str) -> Option<Pair> {
        let read = self.store.read_made(name)?;
        read.inspect_err(|error| {
            let error = whole(error);
            tracing::error!(name, error, "the certificate that was made cannot be used");
        })
        .ok()
    }

    /// Whether the authority could find the name at all. To ask it before costs one of few tries.
    async fn can_be_shown(&self, name: &str) -> bool {
        if matches!(self.acme.challenge, Challenge::Dns(_)) {
            return true;
        }
        self.shared.upstreams.addresses.is_known(name).await
    }

    /// Waits for a name's address, which is no failure.
    fn put_off(&mut self, name: &str) {
        let attempts = self.ledger.names.entry(name.to_owned()).or_default();
        if attempts.problem != NO_ADDRESS {
            tracing::info!(name, "no certificate is ordered yet: {NO_ADDRESS}");
        }
        attempts.not_before = now() + WAITING.as_secs().cast_signed();
        NO_ADDRESS.clone_into(&mut attempts.problem);
        self.keep_ledger();
    }

    /// Orders for one name and notes how it went.
    async fn make(&mut self, name: &str) {
        self.ledger.begin(name, now());
        self.keep_ledger();
        let mut span = Span::work("order certificate");
        span.note(Key::Server, Value::written(name));
        let mut made = self.order_at_last(name).await;
        // Once: an authority that does not know its newest account either is asked again when it is due.
        if matches!(&made, Err(error) if error.is_lost_account()) && self.forget_account() {
            made = self.order_at_last(name).await;
        }
        match made {
            Ok(pair) => {
                let days = (pair.until - now()) / 86_400;
                self.certificates().put(name, pair);
                self.ledger.succeed(name);
                tracing::info!(name, days, "certificate made");
            }
            Err(error) => {
                let limited = matches!(&error, MakeError::Order(order) if order.is_limit());
                span.fail(if limited { "limited" } else { "not_made" });
                let problem = error.to_string();
                self.ledger.explain(name, &problem, limited, now());
                let minutes = (self.ledger.names[name].not_before - now()) / 60;
                tracing::error!(
                    name,
                    problem,
                    minutes,
                    "no certificate made; tried again in some minutes"
                );
            }
        }
        self.keep_ledger();
    }

    /// Orders again and again while nonces go stale.
    async fn order_at_last(&mut self, name: &str) -> Result<Pair, MakeError> {
        let mut made = self.order(name).await;
        for _ in 1..TRIES {
            if !matches!(&made, Err(error) if error.is_stale_nonce()) {
                break;
            }
            made = self.order(name).await;
        }
        made
    }

    /// Whether the account that the authority does not know is out of the way of a new one.
    fn forget_account(&mut self) -> bool {
        self.account = None;
        let directory = self.acme.directory.as_str();
        tracing::warn!(
            directory,
            "the authority does not know our account: making a new one"
        );
        let forgotten = self.store.forget_account(directory);
        let forgotten = forgotten.inspect_err(|error| tracing::error!(%error, "the account stays"));
        forgotten.is_ok()
    }

    async fn order(&mut self, name: &str) -> Result<Pair, MakeError> {
        let account = self.account().await?;
        let replaces = self.replaced(name);
        let ordering = Ordering {
            account: &account,
            challenge: &self.acme.challenge,
            challenges: &self.certificates().challenges,
        };
        let Made { key, chain } = ordering.order(name, replaces).await?;
        let made = std::path::Path::new("the authority's answer");
        let pair = Pair::parse((made, chain.as_bytes()), (made, key.as_bytes()))?;
        if !pair.names.iter().any(|own| own == name) || pair.until <= now() {
            return Err(MakeError::Foreign);
        }
        self.store.keep_made(name, &key, &chain)?;
        Ok(pair)
    }

    /// The certificate that a renewal is in the place of (RFC 9773 §5), where the authority likes to know.
    fn replaced(&self, name: &str) -> Option<CertificateIdentifier<'static>> {
        let attempts = self.ledger.names.get(name)?;
        // Only a first try: an authority refuses to replace the same one twice.
        let is_first = attempts.failures <= 1 && attempts.renew_at.is_some();
        is_first.then(|| self.identifier(name)).flatten()
    }

    fn identifier(&self, name: &str) -> Option<CertificateIdentifier<'static>> {
        let leaf = self.certificates().leaf(name)?;
        let identifier = CertificateIdentifier::try_from(&leaf).ok()?;
        Some(identifier.into_owned())
    }

    async fn account(&mut self) -> Result<Account, AccountError> {
        if let Some(account) = &self.account {
            return Ok(account.clone());
        }
        let account = account::open(&self.acme, &self.store).await?;
        Ok(self.account.insert(account).clone())
    }

    /// Asks the authority when it would like to renew, where it says so and it is time to ask; for how many names.
    async fn ask_when_to_renew(&mut self, names: &[String]) -> usize {
        let mut count = 0;
        for name in names {
            if count == ASKED_AT_ONCE {
                break;
            }
            let Some(held) = self.certificates().made(name) else {
                continue;
            };
            let asked = self.ledger.names.get(name);
            if asked.is_some_and(|attempts| attempts.ask_at > now()) {
                continue;
            }
            let Some((liked, ask_at)) = self.liked(name).await else {
                break;
            };
            count += 1;
            let attempts = self.ledger.names.entry(name.clone()).or_default();
            if liked.is_some() && attempts.renew_at != liked {
                attempts.renew_at = liked;
                let at = due::renewal(name, held, Some(attempts));
                tracing::info!(
                    name,
                    hours = (at - now()) / 3600,
                    "the authority says when to renew"
                );
            }
            attempts.ask_at = ask_at;
            self.keep_ledger();
        }
        count
    }

    /// When the authority would like to renew, if it says so, and when to ask it again; nothing while there is no
    /// account to ask with.
    async fn liked(&mut self, name: &str) -> Option<(Option<i64>, i64)> {
        let Some(identifier) = self.identifier(name) else {
            return Some((None, now() + ASK.1));
        };
        let account = self.account().await.ok()?;
        Some(match account.renewal_info(&identifier).await {
            Ok((info, after)) => {
                let window = info.suggested_window;
                let (start, end) = (window.start.unix_timestamp(), window.end.unix_timestamp());
                let liked = start + spread(name, start, end - start);
                let after = after.as_secs().cast_signed().clamp(ASK.0, ASK.1);
                (Some(liked), now() + after)
            }
            Err(_) => (None, now() + ASK.1),
        })
    }

    fn keep_ledger(&self) {
        if let Err(error) = self.store.keep_ledger(&self.ledger) {
            tracing::error!(%error, "what was asked of the authority is not remembered");
        }
    }
}

/// What stands in the way of a name that DNS does not know.
const NO_ADDRESS: &str = "the name has no address in DNS";

/// The names to have certificates for: those that the settings list, or all `domains` that an authority can know.
pub(crate) fn names(acme: &Acme, domains: &BTreeSet<String>) -> Vec<String> {
    match &acme.names {
        Some(listed) => listed
            .iter()
            .filter(|name| is_served(name, domains))
            .cloned()
            .collect(),
        None => domains
            .iter()
            .filter(|name| is_public(name))
            .cloned()
            .collect(),
    }
}

/// Whether requests for `name` are answered here, also under the name for who does not want to be counted.
fn is_served(name: &str, domains: &BTreeSet<String>) -> bool {
    domains.contains(domain(name))
}

/// The domain of `name`, which may be the one for who does not want to be counted.
fn domain(name: &str) -> &str {
    name.strip_prefix(weir_config::UNCOUNTED).unwrap_or(name)
}

/// Whether a name could be somebody's: it has a dot, is no address, and is not this machine's (RFC 6761 §6.3).
pub(crate) fn is_public(name: &str) -> bool {
    let Some((_, last)) = name.rsplit_once('.') else {
        return false;
    };
    last != "localhost" && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(kind: &str) -> instant_acme::Error {
        let problem = serde_json::json!({"type": format!("urn:ietf:params:acme:error:{kind}")});
        instant_acme::Error::Api(serde_json::from_value(problem).expect("a problem"))
    }

    #[test]
    fn only_a_stale_nonce_and_a_lost_account_are_tried_again_at_once() {
        let order = |kind| MakeError::from(OrderError::from(refused(kind)));
        let account = |kind| MakeError::from(AccountError::from(refused(kind)));
        assert!(order("badNonce").is_stale_nonce() && account("badNonce").is_stale_nonce());
        assert!(!order("rateLimited").is_stale_nonce() && !account("malformed").is_stale_nonce());
        assert!(!MakeError::Foreign.is_stale_nonce());
        assert!(order("accountDoesNotExist").is_lost_account());
        assert!(!order("unauthorized").is_lost_account() && !order("badNonce").is_lost_account());
    }
}
