//! The HTTP API: a table of contents; one file a resource, each with request, answer and handler.

mod access;
mod audit;
mod checks;
mod cookie;
mod corrections;
mod events;
mod export;
mod failure;
mod funnel;
pub(crate) mod guard;
mod health;
mod import;
mod imported;
mod invitations;
pub(crate) mod limits;
mod live;
mod oidc;
mod operation;
mod organisations;
mod own;
mod packages;
mod public;
mod query;
mod reading;
mod refusals;
mod releases;
mod retention;
mod scarf;
mod scorecard;
mod session;
mod setup;
mod sql;
mod stages;
mod status;
mod tokens;
mod users;

use std::sync::Arc;

use axum::{Router, middleware, routing::any, routing::get, routing::post};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::Dashboard;

/// What handlers share.
pub(crate) type Shared = Arc<Dashboard>;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Weir",
        description = "Questions about downloads, and who may ask them. Signing in sets a cookie; \
            requests that change something must come from the page's own origin. Programs send a token \
            as `Authorization: Bearer …`."
    ),
    tags(
        (name = "session", description = "First run, sign-in, sign-out"),
        (name = "account", description = "One's own password, sessions, second factor and tokens"),
        (name = "users", description = "Everybody's accounts, invitations, and what was done"),
        (name = "import", description = "Events and counts from elsewhere, with a token of scope `import` or of `import_tokens_file`"),
        (name = "numbers", description = "Packages, questions, latest events"),
        (name = "public", description = "For everybody, without signing in: packages with `public = true`"),
        (name = "operation", description = "State of the program and descriptions of this API")
    )
)]
struct Description;

fn described() -> OpenApiRouter<Shared> {
    let mut described = page();
    let imports = OpenApiRouter::<Shared>::new().nest(
        "/api/v2",
        OpenApiRouter::new().routes(routes!(import::take)),
    );
    let of_scarf = OpenApiRouter::<Shared>::new()
        .routes(routes!(scarf::of_package))
        .routes(routes!(scarf::of_pixel))
        .routes(routes!(scarf::of_owner));
    described.get_openapi_mut().merge(imports.into_openapi());
    described.get_openapi_mut().merge(of_scarf.into_openapi());
    refusals::describe(described.get_openapi_mut());
    described
}

/// What the page asks for.
fn page() -> OpenApiRouter<Shared> {
    let v2 = OpenApiRouter::new()
        .routes(routes!(
            session::show_session,
            session::sign_in,
            session::sign_out
        ))
        .routes(routes!(oidc::depart))
        .routes(routes!(oidc::come_back))
        .routes(routes!(oidc::give_code))
        .routes(routes!(setup::create_owner))
        .routes(routes!(invitations::show))
        .routes(routes!(invitations::accept))
        .routes(routes!(own::change_password))
        .routes(routes!(own::list_sessions, own::end_sessions))
        .routes(routes!(own::end_session))
        .routes(routes!(own::propose, own::turn_on))
        .routes(routes!(own::turn_off))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(users::list))
        .routes(routes!(users::change, users::remove))
        .routes(routes!(users::reset))
        .routes(routes!(invitations::list, invitations::invite))
        .routes(routes!(invitations::withdraw))
        .routes(routes!(audit::list))
        .routes(routes!(packages::list))
        .routes(routes!(query::ask))
        .routes(routes!(query::shape))
        .routes(routes!(releases::announce))
        .routes(routes!(events::latest))
        .routes(routes!(live::stream))
        .routes(routes!(export::download, export::wanted))
        .routes(routes!(imported::list))
        .routes(routes!(organisations::list))
        .routes(routes!(organisations::show))
        .routes(routes!(stages::list))
        .routes(routes!(corrections::put))
        .routes(routes!(reading::reading))
        .routes(routes!(reading::copied))
        .routes(routes!(funnel::show))
        .routes(routes!(retention::show))
        .routes(routes!(public::weeks))
        .routes(routes!(sql::run))
        .routes(routes!(sql::readable))
        .routes(routes!(scorecard::show))
        .routes(routes!(checks::run))
        .routes(routes!(operation::show))
        .routes(routes!(operation::rules))
        .routes(routes!(status::show_status));
    OpenApiRouter::with_openapi(Description::openapi())
        .nest("/api/v2", v2)
        .routes(routes!(health::alive))
        .routes(routes!(health::ready))
}

/// The OpenAPI description that `openapi.json` holds and clients are generated from.
///
/// # Panics
/// Never: a description is plain data.
pub fn openapi() -> String {
    let mut json = described()
        .into_openapi()
        .to_pretty_json()
        .expect("a description is plain data");
    json.push('\n');
    json
}

pub(crate) fn router(dashboard: Shared) -> Router<Shared> {
    let (router, _) = page().split_for_parts();
    let description = described().into_openapi();
    let description = serde_json::to_value(description).expect("a description is plain data");
    router
        .route(
            "/api/v2/openapi.json",
            get(move || async move { axum::Json(description) }),
        )
        .route("/api", any(failure::unknown_path))
        .route("/api/", any(failure::unknown_path))
        .route("/api/{*unknown}", any(failure::unknown_path))
        .layer(middleware::from_fn_with_state(dashboard, access::admit))
}

/// Imports, which take long and are large: beside what bounds all other requests.
pub(crate) fn imports(dashboard: Shared) -> Router<Shared> {
    Router::new()
        .route("/api/v2/import", post(import::take))
        .route(scarf::PACKAGE, post(scarf::of_package))
        .route(scarf::PIXEL, post(scarf::of_pixel))
        .route(scarf::OWNER, post(scarf::of_owner))
        .layer(middleware::from_fn_with_state(dashboard, access::admit))
}
