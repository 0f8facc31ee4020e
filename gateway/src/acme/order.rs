//! One order: a name is shown to be ours, and a certificate for it comes back.

use std::sync::Arc;
use std::time::Duration;

use instant_acme::{
    Account, AuthorizationHandle, AuthorizationStatus, CertificateIdentifier, ChallengeType,
    Identifier, NewOrder, Order, OrderStatus, Problem, RetryPolicy,
};
use rcgen::{CertificateParams, CustomExtension, DistinguishedName, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use weir_config::settings::Challenge;

use super::challenges::Challenges;
use super::hook::{HookError, Record};

/// How the authority is asked whether it is done: soon at first, for as long as its look may take.
const POLL: RetryPolicy = RetryPolicy::new()
    .initial_delay(Duration::from_millis(500))
    .backoff(1.5)
    .timeout(Duration::from_mins(2));

/// Why there is no certificate.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OrderError {
    /// The authority refuses, cannot be reached, or says what cannot be understood.
    #[error("{0}")]
    Authority(#[from] instant_acme::Error),
    /// The authority looked and did not find the challenge's answer.
    #[error("the authority did not find that the name is ours: {0}")]
    NotShown(String),
    /// The authority does not look in the way that the settings want.
    #[error("the authority does not offer {0}: choose another [acme] challenge")]
    NotOffered(&'static str),
    /// The record is not there.
    #[error("the record for the challenge was not made: {0}")]
    Hook(#[from] HookError),
    /// A key or a request cannot be made.
    #[error("cannot make a key or a request: {0}")]
    Key(#[from] rcgen::Error),
    /// A certificate for a challenge cannot be shown.
    #[error("cannot show a certificate for the challenge: {0}")]
    Shown(#[from] rustls::Error),
    /// The order ended otherwise than with a certificate.
    #[error("the order ended as {0:?}")]
    Ended(OrderStatus),
}

impl OrderError {
    /// The authority was asked too often (RFC 8555 §6.6).
    pub(crate) fn is_limit(&self) -> bool {
        matches!(self, Self::Authority(instant_acme::Error::Api(problem)) if is_limit(problem))
    }
}

fn is_limit(problem: &Problem) -> bool {
    let kind = problem.r#type.as_deref().unwrap_or_default();
    kind.ends_with(":rateLimited") || problem.status == Some(429)
}

/// A certificate and its key, in PEM.
pub(crate) struct Made {
    pub(crate) key: String,
    pub(crate) chain: String,
}

/// What an order is carried out with.
pub(crate) struct Ordering<'a> {
    pub(crate) account: &'a Account,
    pub(crate) challenge: &'a Challenge,
    pub(crate) challenges: &'a Challenges,
}

impl Ordering<'_> {
    /// Orders a certificate for `name`, in the place of the one that `replaces` names.
    pub(crate) async fn order(
        &self,
        name: &str,
        replaces: Option<CertificateIdentifier<'static>>,
    ) -> Result<Made, OrderError> {
        let identifiers = [Identifier::Dns(name.to_owned())];
        let mut request = NewOrder::new(&identifiers);
        if let Some(replaced) = replaces {
            request = request.replaces(replaced);
        }
        let mut order = self.account.new_order(&request).await?;
        let mut record = None;
        let ready = self.show(&mut order, name, &mut record).await;
        self.challenges.close();
        if let (Challenge::Dns(command), Some(value)) = (self.challenge, &record) {
            let record = Record {
                command,
                name,
                value,
            };
            if let Err(error) = record.clean_up().await {
                tracing::warn!(name, %error, "the record of a challenge was left behind");
            }
        }
        ready?;
        finish(&mut order, name).await
    }

    /// Answers all challenges, and waits until the authority has looked. `record` is what was put into DNS.
    async fn show(
        &self,
        order: &mut Order,
        name: &str,
        record: &mut Option<String>,
    ) -> Result<(), OrderError> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Pending {
                self.answer(&mut authorization, name, record).await?;
            }
        }
        match order.poll_ready(&POLL).await.map_err(found)? {
            OrderStatus::Ready | OrderStatus::Valid => Ok(()),
            status => Err(not_shown(order).await.unwrap_or(OrderError::Ended(status))),
        }
    }

    async fn answer<'a>(
        &self,
        authorization: &'a mut AuthorizationHandle<'a>,
        name: &str,
        record: &mut Option<String>,
    ) -> Result<(), OrderError> {
        let (kind, word) = match self.challenge {
            Challenge::Http => (ChallengeType::Http01, "http-01"),
            Challenge::TlsAlpn => (ChallengeType::TlsAlpn01, "tls-alpn-01"),
            Challenge::Dns(_) => (ChallengeType::Dns01, "dns-01"),
        };
        let mut challenge = authorization
            .challenge(kind)
            .ok_or(OrderError::NotOffered(word))?;
        let proof = challenge.key_authorization();
        match self.challenge {
            Challenge::Http => self.challenges.show_file(&challenge.token, proof.as_str()),
            Challenge::TlsAlpn => {
                let certificate = proving(name, proof.digest().as_ref())?;
                self.challenges.show_certificate(name, &certificate);
            }
            Challenge::Dns(command) => {
                let value = record.insert(proof.dns_value());
                let record = Record {
                    command,
                    name,
                    value,
                };
                record.present().await?;
            }
        }
        challenge.set_ready().await.map_err(found)
    }
}

/// What an authority says once it may look: what it found, most likely.
fn found(error: instant_acme::Error) -> OrderError {
    match error {
        instant_acme::Error::Api(problem) if !is_limit(&problem) => {
            OrderError::NotShown(problem.to_string())
        }
        other => other.into(),
    }
}

/// A certificate that says of `name` what was asked for, and nothing else (RFC 8737 §3).
fn proving(name: &str, digest: &[u8]) -> Result<Arc<CertifiedKey>, OrderError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.custom_extensions = vec![CustomExtension::new_acme_identifier(digest)];
    let certificate = params.self_signed(&key)?.der().clone();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = rustls::crypto::ring::default_provider();
    let key = provider.key_provider.load_private_key(key)?;
    // Not proved to be a pair: the extension is one that only authorities understand.
    Ok(Arc::new(CertifiedKey::new(vec![certificate], key)))
}

/// Has the certificate made, for a key that is new each time.
async fn finish(order: &mut Order, name: &str) -> Result<Made, OrderError> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new([name.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    let request = params.serialize_request(&key)?;
    order.finalize_csr(request.der()).await?;
    let chain = order.poll_certificate(&POLL).await?;
    let key = key.serialize_pem();
    Ok(Made { key, chain })
}

/// What the authority found instead of an answer.
async fn not_shown(order: &mut Order) -> Option<OrderError> {
    let mut authorizations = order.authorizations();
    while let Some(authorization) = authorizations.next().await {
        let mut authorization = authorization.ok()?;
        let state = authorization.refresh().await.ok()?;
        let mut problems = state.challenges.iter().filter_map(|one| one.error.as_ref());
        if let Some(problem) = problems.next() {
            return Some(OrderError::NotShown(problem.to_string()));
        }
    }
    None
}
