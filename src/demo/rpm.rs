//! rpm

use axum::Router;

use super::Addresses;

/// Everything the stand-in answers for rpm.
pub(super) fn router(_addresses: &Addresses) -> Router {
    Router::new()
}
