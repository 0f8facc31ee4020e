//! nuget

use axum::Router;

use super::Addresses;

/// Everything the stand-in answers for nuget.
pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
}
