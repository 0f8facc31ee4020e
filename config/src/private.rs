//! Upstreams whose written host is a private address that the settings do not allow. What a name resolves to only
//! the running gateway can tell, and it refuses the same addresses.

use url::Url;

use crate::catalogue::{Catalogue, PackageKind, Place};
use crate::network::{Sort, literal};
use crate::settings::Gateway;
use crate::source::Source;
use crate::written::Reading;

/// Notes every upstream that the gateway would refuse to ask. A target that clients are only redirected to may be
/// anywhere.
pub(crate) fn find(
    catalogue: &Catalogue,
    gateway: &Gateway,
    source: &Source,
    reading: &mut Reading,
) {
    for (url, place) in upstreams(catalogue) {
        let Some(address) = literal(&url) else {
            continue;
        };
        let Some(sort) = Sort::refused(address, &gateway.private_upstreams) else {
            continue;
        };
        let host = url.host_str().unwrap_or_default();
        let message = format!("{host} is not on the public internet ({})", sort.as_str());
        let problem = source.problem_at(place.clone(), 1, message);
        let address = address.to_canonical();
        reading.error(problem.help(format!(
            "if it is meant, allow it: [gateway] private_upstreams = [\"{address}\"]"
        )));
    }
}

/// What Weir itself asks, and where that was written.
fn upstreams(catalogue: &Catalogue) -> Vec<(Url, &Place)> {
    let mut found = Vec::new();
    for package in &catalogue.packages {
        match &package.kind {
            PackageKind::Oci(image) => found.push((image.registry.clone(), &package.place)),
            other => {
                for route in other.routes().iter().filter(|route| route.proxy) {
                    let target = route.to.as_ref().map(|to| Url::parse(to.literal_prefix()));
                    if let Some(Ok(url)) = target {
                        found.push((url, &route.place));
                    }
                }
            }
        }
    }
    let indexes = catalogue.indexes.iter();
    found.extend(indexes.map(|index| (index.upstream.clone(), &index.place)));
    found
}
