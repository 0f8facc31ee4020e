//! The provider: its description and keys, remembered for an hour, and the exchange of a code for an ID
//! token that was checked.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenClaims,
    IdTokenFields, IssuerUrl, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, Scope, StandardErrorResponse, StandardTokenResponse, TokenResponse as _,
};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::person::{OwnClaims, Person, has_second_factor};
use super::transport::Transport;
use super::{CALLBACK, OidcSettings, RoundTrip};
use crate::accounts::Clock;

/// How long description and keys are taken for what they were.
const FRESH: Duration = Duration::from_hours(1);
/// How long a provider that did not answer is left alone.
const PAUSE: Duration = Duration::from_secs(5);
/// Codes exchanged at a time: more would be somebody who makes them up.
const AT_A_TIME: usize = 8;
/// How far the provider's clock may be from ours, in seconds.
const SKEW_S: i64 = 60;
/// How old an ID token may be, in seconds: it was made when the code was exchanged.
const OLDEST_S: i64 = 300;

/// Signatures by a key of the provider's own. What is made with the client's secret could be made by
/// whoever knows it, and `none` by anybody.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 7] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Fields = IdTokenFields<
    OwnClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

type Claims = IdTokenClaims<OwnClaims, CoreGenderClaim>;

type Refusal = StandardErrorResponse<CoreErrorResponseType>;

type Registered = Client<
    OwnClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    Refusal,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why nobody could be recognised.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum ProviderError {
    /// It does not answer, or not as a provider does.
    #[error("the provider does not answer as it should: {0}")]
    Unreachable(String),
    /// It does not take the code: used before, or too old.
    #[error("the provider refused the code: {0}")]
    Refused(String),
    /// It does not take us: the client or its secret is wrong, or something is missing there.
    #[error(
        "the provider does not serve this client; look at client_id and client_secret_file: {0}"
    )]
    Unserved(String),
    /// It sent an ID token that proves nothing.
    #[error("the provider's token cannot be believed: {0}")]
    Unproven(String),
    /// Too many come back at a time.
    #[error("too many are signing in")]
    Busy,
}

/// Asks the provider, and remembers what changes rarely.
pub(crate) struct Provider {
    settings: Arc<OidcSettings>,
    transport: Transport,
    known: Mutex<Known>,
    slots: Semaphore,
    clock: Clock,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Instant, Arc<CoreProviderMetadata>)>,
    failed: Option<(Instant, ProviderError)>,
}

impl Provider {
    pub(super) fn new(settings: Arc<OidcSettings>, clock: Clock) -> Self {
        Self {
            settings,
            transport: Transport::new(),
            known: Mutex::default(),
            slots: Semaphore::new(AT_A_TIME),
            clock,
        }
    }

    /// Where to send a browser.
    pub(crate) async fn authorization(&self, trip: &RoundTrip) -> Result<String, ProviderError> {
        let client = self.client(&*self.metadata(FRESH).await?)?;
        let (state, nonce) = (trip.state(), trip.nonce());
        let verifier = PkceCodeVerifier::new(trip.verifier());
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (address, _, _) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(scopes)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(address.into())
    }

    /// Who came back with `code`.
    pub(crate) async fn person(
        &self,
        trip: &RoundTrip,
        code: String,
    ) -> Result<Person, ProviderError> {
        let _slot = self.slots.try_acquire().map_err(|_| ProviderError::Busy)?;
        let metadata = self.metadata(FRESH).await?;
        let client = self.client(&metadata)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|error| ProviderError::Unreachable(error.to_string()))?
            .set_pkce_verifier(PkceCodeVerifier::new(trip.verifier()))
            .request_async(&self.transport)
            .await
            .map_err(refused)?;
        let token = answer
            .id_token()
            .ok_or_else(|| ProviderError::Unproven("there is none".to_owned()))?;
        let nonce = Nonce::new(trip.nonce());
        match self.claims(&client, token, &nonce) {
            // The key may be newer than those that we know. Nobody else can cause this: the token came
            // from the provider itself.
            Err(ClaimsVerificationError::SignatureVerification(_)) => {
                let client = self.client(&*self.metadata(Duration::ZERO).await?)?;
                let claims = self.claims(&client, token, &nonce);
                self.read(claims.map_err(|error| unproven(&error))?)
            }
            claims => self.read(claims.map_err(|error| unproven(&error))?),
        }
    }

    /// Its description and keys, asked for again where they are older than `age`.
    async fn metadata(&self, age: Duration) -> Result<Arc<CoreProviderMetadata>, ProviderError> {
        // One asks, the others wait.
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = &known.metadata
            && at.elapsed() < age
        {
            return Ok(Arc::clone(metadata));
        }
        if let Some((at, error)) = &known.failed
            && at.elapsed() < PAUSE
        {
            return Err(error.clone());
        }
        match self.discover().await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                known.metadata = Some((Instant::now(), Arc::clone(&metadata)));
                known.failed = None;
                Ok(metadata)
            }
            Err(error) => {
                tracing::warn!(%error, "nobody can sign in by the provider; downloads go on");
                known.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    async fn discover(&self) -> Result<CoreProviderMetadata, ProviderError> {
        let issuer = IssuerUrl::new(self.settings.issuer.clone()).map_err(unreachable)?;
        CoreProviderMetadata::discover_async(issuer, &self.transport)
            .await
            .map_err(unreachable)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Result<Registered, ProviderError> {
        let OidcSettings {
            client_id,
            client_secret,
            public_origin,
            ..
        } = &*self.settings;
        let back = RedirectUrl::new(format!("{public_origin}{CALLBACK}")).map_err(unreachable)?;
        let client = Client::from_provider_metadata(
            metadata.clone(),
            ClientId::new(client_id.clone()),
            client_secret.clone().map(ClientSecret::new),
        );
        Ok(client
            .set_auth_type(auth_type(metadata))
            .set_redirect_uri(back))
    }

    /// The claims of an ID token, checked as OpenID Connect Core §3.1.3.7 asks.
    fn claims<'t>(
        &self,
        client: &Registered,
        token: &'t openidconnect::IdToken<
            OwnClaims,
            CoreGenderClaim,
            CoreJweContentEncryptionAlgorithm,
            CoreJwsSigningAlgorithm,
        >,
        nonce: &Nonce,
    ) -> Result<&'t Claims, ClaimsVerificationError> {
        let now = (self.clock)().as_second();
        let early = SystemTime::UNIX_EPOCH + Duration::from_secs((now - SKEW_S).cast_unsigned());
        let verifier = client
            .id_token_verifier()
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || early.into())
            .set_issue_time_verifier_fn(move |issued| {
                let age = now - issued.timestamp();
                if (-SKEW_S..=OLDEST_S + SKEW_S).contains(&age) {
                    Ok(())
                } else {
                    Err(format!("it was made {age} s ago"))
                }
            });
        let claims = token.claims(&verifier, nonce)?;
        match claims.authorized_party() {
            Some(party) if party.as_str() != self.settings.client_id => Err(
                ClaimsVerificationError::InvalidAudience("it was made for another".to_owned()),
            ),
            _ => Ok(claims),
        }
    }

    fn read(&self, claims: &Claims) -> Result<Person, ProviderError> {
        let subject = claims.subject().to_string();
        if subject.is_empty() {
            return Err(ProviderError::Unproven("it names nobody".to_owned()));
        }
        let email = claims.email().map(|email| email.to_string());
        let email = email.filter(|_| claims.email_verified() == Some(true));
        let username = claims.preferred_username().map(|name| name.to_string());
        let name = claims.name().and_then(|name| name.get(None));
        let name = name.map(|name| name.to_string());
        let names = [username, name, email.clone(), Some(subject.clone())];
        let methods = claims.auth_method_refs().into_iter().flatten();
        Ok(Person {
            issuer: claims.issuer().to_string(),
            subject,
            names: names.into_iter().flatten().collect(),
            email,
            groups: claims
                .additional_claims()
                .names(&self.settings.groups_claim),
            second_factor: has_second_factor(methods.map(|method| method.as_str())),
        })
    }
}

/// By header unless the provider only reads the body (OpenID Connect Discovery §3).
fn auth_type(metadata: &CoreProviderMetadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let by_header =
        methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    if by_header {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    }
}

fn unreachable(error: impl std::error::Error) -> ProviderError {
    ProviderError::Unreachable(causes(&error))
}

fn unproven(error: &ClaimsVerificationError) -> ProviderError {
    ProviderError::Unproven(causes(error))
}

fn refused<E: std::error::Error + 'static>(error: RequestTokenError<E, Refusal>) -> ProviderError {
    match error {
        RequestTokenError::ServerResponse(said) => {
            let text = said.to_string().replace(char::is_control, " ");
            match said.error() {
                CoreErrorResponseType::InvalidGrant => ProviderError::Refused(text),
                _ => ProviderError::Unserved(text),
            }
        }
        other => ProviderError::Unreachable(causes(&other)),
    }
}

/// An error and what caused it, on one line whatever a foreign server wrote.
fn causes(error: &dyn std::error::Error) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    let all: Vec<_> = all.map(ToString::to_string).collect();
    all.join(": ").replace(char::is_control, " ")
}
