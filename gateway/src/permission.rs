//! Whether an upstream may be connected to, as it is decided for each download, for whoever asks beforehand.

use std::sync::Arc;

use url::Url;
use weir_config::settings::Gateway as Settings;

use crate::upstream::address::{AddressError, Addresses};

/// Why an upstream would not be connected to.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct NotPermitted(AddressError);

/// Resolves the host of `url` and looks whether it is at an address that may be connected to. Connects to nothing.
pub async fn permitted(settings: &Settings, url: &Url) -> Result<(), NotPermitted> {
    let allowed = settings.private_upstreams.clone();
    let addresses = Arc::new(Addresses::new(&settings.name_servers, allowed));
    addresses.find(url).await.map(drop).map_err(NotPermitted)
}
