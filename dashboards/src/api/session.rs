//! Who is looking: sign in, sign out, and what the page asks before anything else.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::{ErrorBody, Failure};
use super::{Shared, cookie};
use crate::accounts::{SignedIn, User};

/// The session as the page sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// What the page can do.
    state: SessionState,
    /// Who is signed in.
    user: Option<SessionUser>,
    /// What is running.
    product: Product,
}

/// What the page can do.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SessionState {
    /// There is no owner yet; `POST /setup` makes one.
    Setup,
    /// `POST /session` signs in.
    SignedOut,
    /// Questions are answered.
    SignedIn,
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
struct SessionUser {
    /// As chosen at set-up.
    name: String,
}

/// The program.
#[derive(Debug, Serialize, ToSchema)]
struct Product {
    /// Release, such as `0.1.0`.
    version: &'static str,
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Name as chosen at set-up; case does not matter.
    name: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
}

impl Session {
    fn new(state: SessionState, user: Option<User>) -> Self {
        let user = user.map(|User { name }| SessionUser { name });
        Self {
            state,
            user,
            product: Product {
                version: env!("CARGO_PKG_VERSION"),
            },
        }
    }
}

/// Who is looking. Needs no session.
#[utoipa::path(get, path = "/session", tag = "session",
    responses((status = 200, description = "state of this browser", body = Session)))]
pub(crate) async fn show_session(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
) -> Result<Json<Session>, Failure> {
    let accounts = &dashboard.accounts;
    let user = cookie::token(&headers)
        .map(|token| accounts.session(&token))
        .transpose()?
        .flatten();
    let state = match &user {
        Some(_) => SessionState::SignedIn,
        None if accounts.has_owner()? => SessionState::SignedOut,
        None => SessionState::Setup,
    };
    Ok(Json(Session::new(state, user)))
}

/// Sign in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Credentials, responses(
    (status = 200, description = "signed in; sets the session cookie", body = Session),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "wrong name or password", body = ErrorBody),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
    (status = 429, description = "more than five tries in a minute; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn sign_in(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Credentials { name, password }) = body?;
    let signed_in = dashboard.accounts.sign_in(&name, &password).await?;
    if let Some(old) = cookie::token(&headers) {
        dashboard.accounts.sign_out(&old)?;
    }
    Ok(welcome(signed_in, &headers))
}

/// Sign out.
#[utoipa::path(delete, path = "/session", tag = "session", responses(
    (status = 204, description = "signed out; the cookie is worth nothing from now on"),
    (status = 403, description = "asked by another site's page", body = ErrorBody),
))]
pub(crate) async fn sign_out(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if let Some(token) = cookie::token(&headers) {
        dashboard.accounts.sign_out(&token)?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        set_cookie(cookie::cleared(&headers)),
    )
        .into_response())
}

/// The answer to a sign-in, with the cookie.
pub(super) fn welcome(signed_in: SignedIn, request: &HeaderMap) -> Response {
    let set = cookie::set(&signed_in.token, request);
    let session = Session::new(SessionState::SignedIn, Some(signed_in.user));
    (set_cookie(set), Json(session)).into_response()
}

fn set_cookie(value: HeaderValue) -> [(header::HeaderName, HeaderValue); 1] {
    [(header::SET_COOKIE, value)]
}
