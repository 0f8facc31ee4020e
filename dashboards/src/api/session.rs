//! Who is looking: sign in, sign out, and what the page asks before anything else.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failure::{ErrorBody, ErrorCode, Failure};
use super::{Shared, cookie};
use crate::accounts::{Packages, Role, SignIn, SignedIn, User};
use crate::server::Dashboard;

/// The session as the page sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// What the page can do.
    state: SessionState,
    /// Who is signed in.
    user: Option<SessionUser>,
    /// How somebody can sign in.
    ways: Ways,
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
    /// A `code` of the second factor is missing: `POST /session` is to be sent again with it, or
    /// `POST /session/code` after a provider's word.
    SecondFactor,
    /// Questions are answered.
    SignedIn,
}

/// How somebody can sign in.
#[derive(Debug, Serialize, ToSchema)]
struct Ways {
    /// By name and password.
    password: bool,
    /// Through a provider, which is called so: `POST /oidc` says where to go.
    provider: Option<String>,
}

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct SessionUser {
    /// As chosen.
    name: String,
    /// What they may do.
    role: Role,
    /// What they may see; null is all.
    packages: Packages,
    /// Whether signing in takes a second factor.
    second_factor: bool,
}

impl From<User> for SessionUser {
    fn from(user: User) -> Self {
        Self {
            name: user.name,
            role: user.role,
            packages: user.packages,
            second_factor: user.has_second_factor,
        }
    }
}

/// The program.
#[derive(Debug, Serialize, ToSchema)]
struct Product {
    /// Release, such as `0.1.0`.
    version: &'static str,
}

/// Name and password, and a code where there is a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    /// Name as chosen; case does not matter.
    name: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
    /// Six digits of the second factor, or a recovery code.
    #[serde(default)]
    code: Option<String>,
}

impl Session {
    fn new(dashboard: &Dashboard, state: SessionState, user: Option<User>) -> Self {
        let provider = dashboard.oidc.as_ref().map(|oidc| &oidc.settings);
        Self {
            state,
            user: user.map(SessionUser::from),
            ways: Ways {
                password: dashboard.takes_passwords(),
                provider: provider.map(|settings| settings.name.clone()),
            },
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
    let secret = cookie::secret(&headers);
    let user = match &secret {
        Some(secret) => accounts.session(secret).await?.map(|caller| caller.user),
        None => None,
    };
    let awaits_code = match &secret {
        Some(secret) if user.is_none() => accounts.awaits_code(secret).await?,
        _ => false,
    };
    let state = match &user {
        Some(_) => SessionState::SignedIn,
        None if awaits_code => SessionState::SecondFactor,
        None if accounts.has_owner().await? => SessionState::SignedOut,
        None => SessionState::Setup,
    };
    Ok(Json(Session::new(&dashboard, state, user)))
}

/// Sign in.
#[utoipa::path(post, path = "/session", tag = "session", request_body = Credentials, responses(
    (status = 200, description = "signed in, with the session cookie; or, in state `second_factor`, not yet", body = Session),
    (status = 400, description = "not the expected JSON", body = ErrorBody),
    (status = 401, description = "wrong name, password or code", body = ErrorBody),
    (status = 403, description = "asked by another site's page, or only the provider signs in", body = ErrorBody),
    (status = 429, description = "more than five tries in a minute; `Retry-After` says when", body = ErrorBody),
))]
pub(crate) async fn sign_in(
    State(dashboard): State<Shared>,
    headers: HeaderMap,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<Response, Failure> {
    let Json(Credentials {
        name,
        password,
        code,
    }) = body?;
    if !dashboard.takes_passwords() {
        return Err(no_passwords());
    }
    let accounts = &dashboard.accounts;
    match accounts.sign_in(&name, &password, code.as_deref()).await? {
        SignIn::NeedsCode => {
            let session = Session::new(&dashboard, SessionState::SecondFactor, None);
            Ok(Json(session).into_response())
        }
        SignIn::Done(signed_in) => {
            if let Some(old) = cookie::secret(&headers) {
                accounts.sign_out(&old).await?;
            }
            Ok(welcome(&dashboard, *signed_in, &headers))
        }
    }
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
    if let Some(secret) = cookie::secret(&headers) {
        dashboard.accounts.sign_out(&secret).await?;
    }
    Ok((
        StatusCode::NO_CONTENT,
        set_cookie(cookie::cleared(&headers)),
    )
        .into_response())
}

/// The answer to a sign-in, with the cookie.
pub(super) fn welcome(dashboard: &Dashboard, signed_in: SignedIn, request: &HeaderMap) -> Response {
    let set = cookie::set(&signed_in.secret, request);
    let session = Session::new(dashboard, SessionState::SignedIn, Some(signed_in.user));
    (set_cookie(set), Json(session)).into_response()
}

/// The operator turned passwords off.
pub(super) fn no_passwords() -> Failure {
    let said = "passwords sign nobody in here; use the provider";
    Failure::new(ErrorCode::PasswordsOff, said)
}

fn set_cookie(value: HeaderValue) -> [(header::HeaderName, HeaderValue); 1] {
    [(header::SET_COOKIE, value)]
}
