//! Our account at the authority: the one of before, or a new one that is kept before it is used.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use instant_acme::{Account, AccountBuilder, AccountCredentials, ExternalAccountKey, NewAccount};
use weir_config::settings::Acme;

use super::store::{Store, StoreError};
use super::transport::{Transport, TransportError};

/// Why there is no account.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    /// The authority refuses, cannot be reached, or says what cannot be understood.
    #[error("the authority gives no account: {0}")]
    Refused(#[from] instant_acme::Error),
    /// It cannot be asked.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// It cannot be kept, and would be lost.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The account to order with.
pub(crate) async fn open(acme: &Acme, store: &Store) -> Result<Account, AccountError> {
    let directory = acme.directory.as_str();
    let transport = Transport::new(acme.root.as_deref())?;
    let builder = Account::builder_with_http(Box::new(transport));
    let kept = store.account(directory);
    let kept = kept.and_then(|kept| serde_json::from_value::<AccountCredentials>(kept).ok());
    if let Some(kept) = kept {
        return Ok(builder.from_credentials(kept).await?);
    }
    let (account, credentials) = make(builder, acme).await?;
    store.keep_account(directory, serde_json::json!(credentials))?;
    tracing::info!(directory, "account made at the authority");
    Ok(account)
}

async fn make(
    builder: AccountBuilder,
    acme: &Acme,
) -> Result<(Account, AccountCredentials), instant_acme::Error> {
    let contact = acme.contact.as_ref().map(|mail| format!("mailto:{mail}"));
    let contact: Vec<_> = contact.iter().map(String::as_str).collect();
    let wanted = NewAccount {
        contact: &contact,
        // The settings are not read without.
        terms_of_service_agreed: true,
        only_return_existing: false,
    };
    let external = external(acme);
    let directory = acme.directory.to_string();
    builder.create(&wanted, directory, external.as_ref()).await
}

fn external(acme: &Acme) -> Option<ExternalAccountKey> {
    let account = acme.external_account.as_ref()?;
    let key = BASE64_URL_SAFE_NO_PAD.decode(&account.password).ok()?;
    Some(ExternalAccountKey::new(account.user.clone(), &key))
}
