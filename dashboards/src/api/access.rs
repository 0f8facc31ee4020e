//! What each route needs: one table, and one guard that asks it before any handler runs.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::failure::{ErrorCode, Failure, unknown_path};
use super::{Shared, cookie, guard};
use crate::accounts::{Caller, Permission};

/// What a route needs of whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Needs {
    /// Nothing: it is how somebody comes in, or the same for everybody.
    Nothing,
    /// Somebody with this permission.
    Only(Permission),
}

use Needs::{Nothing, Only};
use Permission::{Audit, Correct, Export, Import, OwnAccount, Read, Releases, Sql, Users};

/// Every route of the API. What is not in here is not answered.
const ROUTES: &[(Method, &str, Needs)] = &[
    (Method::GET, "/healthz", Nothing),
    (Method::GET, "/readyz", Nothing),
    (Method::GET, "/api/v2/openapi.json", Nothing),
    (Method::GET, "/api/v2/schema.json", Nothing),
    (Method::GET, "/api/v2/session", Nothing),
    (Method::POST, "/api/v2/session", Nothing),
    (Method::DELETE, "/api/v2/session", Nothing),
    (Method::POST, "/api/v2/session/code", Nothing),
    (Method::POST, "/api/v2/oidc", Nothing),
    (Method::GET, "/api/v2/oidc/callback", Nothing),
    (Method::POST, "/api/v2/setup", Nothing),
    (Method::POST, "/api/v2/invitation", Nothing),
    (Method::POST, "/api/v2/invitation/accept", Nothing),
    (Method::GET, "/api/v2/public/{package}", Nothing),
    (Method::GET, "/api/v2/packages", Only(Read)),
    (Method::POST, "/api/v2/query", Only(Read)),
    (Method::GET, "/api/v2/events", Only(Read)),
    (Method::GET, "/api/v2/live", Only(Read)),
    (Method::GET, "/api/v2/scorecard", Only(Read)),
    (Method::POST, "/api/v2/checks", Only(Read)),
    (Method::GET, "/api/v2/operation", Only(Users)),
    (Method::GET, "/api/v2/operation/rules", Only(Users)),
    (Method::GET, "/api/v2/imported", Only(Read)),
    (Method::GET, "/api/v2/organisations", Only(Read)),
    (Method::GET, "/api/v2/organisation", Only(Read)),
    (Method::GET, "/api/v2/stages", Only(Read)),
    (Method::POST, "/api/v2/corrections", Only(Correct)),
    (Method::GET, "/api/v2/docs/reading", Only(Read)),
    (Method::GET, "/api/v2/docs/copied", Only(Read)),
    (Method::GET, "/api/v2/funnel", Only(Read)),
    (Method::GET, "/api/v2/retention", Only(Read)),
    (Method::GET, "/api/v2/status", Only(Read)),
    (Method::GET, "/api/v2/export", Only(Export)),
    (Method::POST, "/api/v2/export", Only(Export)),
    (Method::POST, "/api/v2/import", Only(Import)),
    (Method::POST, super::scarf::PACKAGE, Only(Import)),
    (Method::POST, super::scarf::PIXEL, Only(Import)),
    (Method::POST, super::scarf::OWNER, Only(Import)),
    (Method::POST, "/api/v2/releases", Only(Releases)),
    (Method::POST, "/api/v2/sql", Only(Sql)),
    (Method::GET, "/api/v2/sql/schema", Only(Sql)),
    (Method::GET, "/api/v2/sessions", Only(OwnAccount)),
    (Method::DELETE, "/api/v2/sessions", Only(OwnAccount)),
    (Method::DELETE, "/api/v2/sessions/{id}", Only(OwnAccount)),
    (Method::PUT, "/api/v2/password", Only(OwnAccount)),
    (Method::POST, "/api/v2/second-factor", Only(OwnAccount)),
    (Method::PUT, "/api/v2/second-factor", Only(OwnAccount)),
    (Method::POST, "/api/v2/second-factor/off", Only(OwnAccount)),
    (Method::GET, "/api/v2/tokens", Only(OwnAccount)),
    (Method::POST, "/api/v2/tokens", Only(OwnAccount)),
    (Method::DELETE, "/api/v2/tokens/{id}", Only(OwnAccount)),
    (Method::GET, "/api/v2/users", Only(Users)),
    (Method::PUT, "/api/v2/users/{id}", Only(Users)),
    (Method::DELETE, "/api/v2/users/{id}", Only(Users)),
    (Method::POST, "/api/v2/users/{id}/reset", Only(Users)),
    (Method::GET, "/api/v2/invitations", Only(Users)),
    (Method::POST, "/api/v2/invitations", Only(Users)),
    (Method::DELETE, "/api/v2/invitations/{id}", Only(Users)),
    (Method::GET, "/api/v2/audit", Only(Audit)),
];

/// Lets a request through to its handler with the [`Caller`], or says why not.
pub(crate) async fn admit(
    State(dashboard): State<Shared>,
    path: Option<MatchedPath>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = path.as_ref().map_or("", MatchedPath::as_str);
    match admitted(&dashboard, path, request.method(), request.headers()).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(caller);
            }
            next.run(request).await
        }
        Err(failure) => failure.into_response(),
    }
}

async fn admitted(
    dashboard: &Shared,
    path: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Option<Caller>, Failure> {
    // Another site's page cannot make a browser send a token.
    if bearer(headers).is_none() {
        guard::same_origin(method, headers)?;
    }
    let permission = match needs(method, path) {
        Some(Nothing) => return Ok(None),
        Some(Only(permission)) => permission,
        None if ROUTES.iter().any(|(_, known, _)| *known == path) => {
            return Err(Failure::new(
                ErrorCode::UnknownMethod,
                "this resource has no such method",
            ));
        }
        None => return Err(unknown_path().await),
    };
    let caller = recognised(dashboard, headers).await?;
    if caller.may(permission) {
        Ok(Some(caller))
    } else {
        Err(Failure::new(
            ErrorCode::NotAllowed,
            "your role or your token does not allow this",
        ))
    }
}

/// Whoever answers `GET` answers `HEAD`.
fn needs(method: &Method, path: &str) -> Option<Needs> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let found = ROUTES
        .iter()
        .find(|(on, at, _)| on == method && *at == path);
    found.map(|(_, _, needs)| *needs)
}

/// Who asks: whoever the token names where there is one, or else the browser's session.
pub(super) async fn recognised(dashboard: &Shared, headers: &HeaderMap) -> Result<Caller, Failure> {
    let nobody = || Failure::new(ErrorCode::NotSignedIn, "not signed in");
    if let Some(token) = bearer(headers) {
        let import = dashboard.import.as_ref();
        if import.is_some_and(|import| import.allows(token)) {
            return Ok(Caller::of_import_file());
        }
        let caller = dashboard.accounts.token(token).await?;
        let why = "no such token: misspelt, revoked or expired";
        return caller.ok_or_else(|| Failure::new(ErrorCode::UnknownToken, why));
    }
    let Some(secret) = cookie::secret(headers) else {
        return Err(nobody());
    };
    let caller = dashboard.accounts.session(&secret).await?;
    caller.ok_or_else(nobody)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_described_route_is_guarded_and_nothing_else_is() {
        let described: serde_json::Value =
            serde_json::from_str(&super::super::openapi()).expect("JSON");
        let mut routes = BTreeSet::from(["GET /api/v2/openapi.json".to_owned()]);
        for (path, operations) in described["paths"].as_object().expect("paths") {
            for method in operations.as_object().expect("operations").keys() {
                routes.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
        let guarded = ROUTES
            .iter()
            .map(|(method, path, _)| format!("{method} {path}"));
        assert_eq!(guarded.collect::<BTreeSet<_>>(), routes);
    }

    #[test]
    fn what_is_not_in_the_table_needs_what_nobody_has() {
        assert_eq!(needs(&Method::HEAD, "/api/v2/query"), None);
        assert_eq!(needs(&Method::HEAD, "/api/v2/users"), Some(Only(Users)));
        assert_eq!(needs(&Method::GET, "/api/v2/anything"), None);
        assert_eq!(needs(&Method::GET, ""), None);
    }
}
