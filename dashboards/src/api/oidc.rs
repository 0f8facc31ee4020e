//! Signing in through the provider: there by `POST`, which names the address to go to, and back by the
//! provider's redirect, which always ends at a page.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::failure::{ErrorBody, ErrorCode, Failure};
use super::session::{Session, welcome};
use super::{Shared, cookie};
use crate::accounts::{AccountsError, Arrival, Arrived, Secret};
use crate::oidc::{Oidc, Person, ProviderError, Purpose, RoundTrip, WrongDomain, safe_next};

/// What somebody goes to the provider for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Departure {
    /// The path of the page to come back to; one of another site is read as `/`.
    #[serde(default)]
    next: String,
    /// What stands behind the `#` of a link that is to be used; null to sign in.
    #[serde(default)]
    invitation: Option<String>,
}

/// Where to go.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Destination {
    /// The provider's address, for this browser and for ten minutes.
    address: String,
}

/// What the provider says.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Returned {
    /// Proof that this browser asked.
    #[serde(default)]
    state: String,
    /// What an ID token can be had for, once.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// Who says so (RFC 9207).
    iss: Option<String>,
}

/// The code of the second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Six digits of the second factor, or a recovery code.
    code: String,
}

/// Why somebody comes back without a session: a word in the address of the page, which explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    /// The provider did not sign them in.
    Refused,
    /// Another browser asked, or it was too long ago, or the answer was used before.
    Expired,
    /// The provider does not answer.
    Unreachable,
    /// What it sent proves nothing.
    Unproven,
    /// Their address is not verified, or of another domain.
    Domain,
    /// There is no account for them.
    NotInvited,
    /// The link was used.
    Link,
    /// They have an account already.
    Taken,
    /// It is our fault, or too many came at a time.
    Failed,
}

impl Problem {
    fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Unreachable => "unreachable",
            Self::Unproven => "unproven",
            Self::Domain => "domain",
            Self::NotInvited => "not_invited",
            Self::Link => "link",
            Self::Taken => "taken",
            Self::Failed => "failed",
        }
    }
}

/// Go to the provider. Sets a cookie that the way back needs.
#[utoipa::path(post, path = "/oidc", tag = "session", request_body = Departure, responses(
    (status = 200, description = "where to go", body = Destination),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 404, description = "there is no provider, or the link was used", body = ErrorBody),
    (status = 503, description = "the provider does not answer; `Retry-After` says when to try again", body = ErrorBody),
))]
pub(crate) async fn depart(
    State(dashboard): State<Shared>,
    body: Result<Json<Departure>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Departure { next, invitation }) = body?;
    let oidc = dashboard.oidc.as_ref().ok_or_else(no_provider)?;
    let purpose = match invitation {
        None => Purpose::SignIn,
        Some(secret) => {
            let known = Secret::from_text(&secret).ok_or(AccountsError::WrongLink)?;
            dashboard.accounts.offer(&known).await?;
            Purpose::Accept(secret)
        }
    };
    let trip = RoundTrip::begin(purpose, &next)?;
    let address = oidc.provider.authorization(&trip).await.map_err(|_| {
        let name = &oidc.settings.name;
        let said = format!("{name} does not answer; try again in a moment. Downloads go on");
        Failure::later(ErrorCode::ProviderDown, &said, 5)
    })?;
    let set = cookie::set_trip(&trip.as_text(), oidc.is_https());
    Ok(([(header::SET_COOKIE, set)], Json(Destination { address })).into_response())
}

/// Come back from the provider. Browsers are sent here; what comes of it is a page.
#[utoipa::path(get, path = "/oidc/callback", tag = "session", params(Returned), responses(
    (status = 303, description = "to the page, with the session cookie; or to `/sign-in`, which says what went wrong"),
    (status = 400, description = "a parameter makes no sense", body = ErrorBody),
    (status = 404, description = "there is no provider", body = ErrorBody),
))]
pub(crate) async fn come_back(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    returned: Result<Query<Returned>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(returned) = returned?;
    let oidc = dashboard.oidc.as_ref().ok_or_else(no_provider)?;
    let trip = cookie::trip(&headers).and_then(|text| RoundTrip::from_text(&text));
    let mut cookies = vec![cookie::cleared_trip(oidc.is_https())];
    let location = match arrived(&dashboard, oidc, trip.as_ref(), returned).await {
        Ok(arrived) => {
            if let Some(old) = cookie::secret(&headers) {
                dashboard.accounts.sign_out(&old).await?;
            }
            let secret = &arrived.signed_in.secret;
            cookies.push(cookie::set_over(secret, oidc.is_https()));
            let next = trip.as_ref().map_or("/", RoundTrip::next);
            page(next, arrived.awaits_code.then_some("code"))
        }
        Err(problem) => {
            let next = trip.as_ref().map_or("/", RoundTrip::next);
            page(next, Some(problem.as_str()))
        }
    };
    let cookies = cookies.into_iter().map(|set| (header::SET_COOKIE, set));
    let cookies: Vec<_> = cookies.collect();
    let location = [(header::LOCATION, location)];
    Ok((StatusCode::SEE_OTHER, AppendHeaders(cookies), location).into_response())
}

/// Give the code of the second factor, after a provider that asked for none.
#[utoipa::path(post, path = "/session/code", tag = "session", request_body = Code, responses(
    (status = 200, description = "signed in, with another session cookie", body = Session),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "wrong code, or there is no session that awaits one", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 429, description = "more than five tries in a minute; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn give_code(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    body: Result<Json<Code>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Code { code }) = body?;
    let secret = cookie::secret(&headers).ok_or(AccountsError::WrongSecondFactor)?;
    let signed_in = dashboard.accounts.give_code(&secret, &code).await?;
    Ok(welcome(&dashboard, signed_in, &headers))
}

async fn arrived(
    dashboard: &Shared,
    oidc: &Oidc,
    trip: Option<&RoundTrip>,
    returned: Returned,
) -> Result<Arrived, Problem> {
    let trip = trip.filter(|trip| trip.state() == returned.state);
    let trip = trip.ok_or(Problem::Expired)?;
    let issuer = &oidc.settings.issuer;
    if returned.iss.is_some_and(|said| said != *issuer) {
        return Err(Problem::Unproven);
    }
    let code = match (returned.error, returned.code) {
        (None, Some(code)) => code,
        (error, _) => {
            tracing::info!(?error, "the provider signed nobody in");
            return Err(Problem::Refused);
        }
    };
    let person = oidc.provider.person(trip, code).await.map_err(|error| {
        tracing::warn!(%error, "nobody signed in by the provider");
        problem(&error)
    })?;
    let arrival = arrival(oidc, person).map_err(|WrongDomain| Problem::Domain)?;
    let accounts = &dashboard.accounts;
    let arrived = match &trip.purpose {
        Purpose::SignIn => accounts.arrive(&arrival).await,
        Purpose::Accept(secret) => match Secret::from_text(secret) {
            Some(secret) => accounts.accept_arrival(&secret, &arrival).await,
            None => Err(AccountsError::WrongLink),
        },
    };
    arrived.map_err(|error| match error {
        AccountsError::NotInvited => Problem::NotInvited,
        AccountsError::WrongLink => Problem::Link,
        AccountsError::IdentityTaken => Problem::Taken,
        error => {
            tracing::error!(%error, "somebody could not sign in by the provider");
            Problem::Failed
        }
    })
}

fn arrival(oidc: &Oidc, person: Person) -> Result<Arrival, WrongDomain> {
    let admission = oidc.settings.admission(&person)?;
    Ok(Arrival {
        issuer: person.issuer,
        subject: person.subject,
        names: person.names,
        opens: person.email.filter(|_| oidc.settings.link_by_email),
        granted: admission.map(|admission| (admission.role, admission.packages)),
        second_factor: person.second_factor,
    })
}

fn problem(error: &ProviderError) -> Problem {
    match error {
        ProviderError::Unreachable(_) => Problem::Unreachable,
        // A code is taken once, and for a minute or so.
        ProviderError::Refused(_) => Problem::Expired,
        ProviderError::Unproven(_) => Problem::Unproven,
        ProviderError::Unserved(_) | ProviderError::Busy => Problem::Failed,
    }
}

/// The page to go to, or the one that signs in and says why.
fn page(next: &str, problem: Option<&str>) -> HeaderValue {
    let next = safe_next(next);
    let location = match problem {
        None => next.to_owned(),
        Some(word) => format!("/sign-in?problem={word}&next={}", in_query(next)),
    };
    HeaderValue::try_from(location).expect("a path of visible ASCII")
}

/// A path within a query: its own query and fragment stay its own.
fn in_query(path: &str) -> String {
    let mut text = String::new();
    for byte in path.chars() {
        match byte {
            '%' => text.push_str("%25"),
            '&' => text.push_str("%26"),
            '#' => text.push_str("%23"),
            '+' => text.push_str("%2B"),
            other => text.push(other),
        }
    }
    text
}

fn no_provider() -> Failure {
    Failure::new(ErrorCode::NoProvider, "no provider signs people in here")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_keeps_where_somebody_was_going() {
        let page = |next, word| page(next, word).to_str().expect("ASCII").to_owned();
        insta::assert_snapshot!(page("/p/a?r=7d&f=a%20b#x", Some("code")), @"/sign-in?problem=code&next=/p/a?r=7d%26f=a%2520b%23x");
        insta::assert_snapshot!(page("/p/a?r=7d", None), @"/p/a?r=7d");
        insta::assert_snapshot!(page("//evil.example", None), @"/");
    }
}
