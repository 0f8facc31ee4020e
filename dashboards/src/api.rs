//! The HTTP API: a table of contents; one file a resource, each with request, answer and handler.

mod cookie;
mod events;
mod export;
mod failure;
pub(crate) mod guard;
mod health;
mod import;
mod imported;
mod packages;
mod query;
mod session;
mod setup;
mod status;

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
            requests that change something must come from the page's own origin."
    ),
    tags(
        (name = "session", description = "First run, sign-in, sign-out"),
        (name = "import", description = "Events and counts from elsewhere, with a token of `import_tokens_file`"),
        (name = "numbers", description = "Packages, questions, latest events"),
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
    described.get_openapi_mut().merge(imports.into_openapi());
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
        .routes(routes!(setup::create_owner))
        .routes(routes!(packages::list))
        .routes(routes!(query::ask))
        .routes(routes!(query::shape))
        .routes(routes!(events::latest))
        .routes(routes!(export::download, export::wanted))
        .routes(routes!(imported::list))
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

pub(crate) fn router() -> Router<Shared> {
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
        .layer(middleware::from_fn(guard::same_origin))
}

/// Imports, which have no session, take long and are large: beside what bounds all other requests.
pub(crate) fn imports() -> Router<Shared> {
    Router::new().route("/api/v2/import", post(import::take))
}
