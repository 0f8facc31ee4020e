//! Patterns of images that compete for names.

use std::collections::{BTreeMap, HashSet};
use std::ptr;

use crate::catalogue::{Catalogue, Package, PackageKind};
use crate::names::{Exactness, Names};
use crate::source::Source;
use crate::written::Reading;

/// Warns of patterns of equal rank on one domain that some name fits both, as `a/*` and `*/b` both fit `a/b`.
pub(super) fn competing(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let mut known = HashSet::new();
    for group in patterns(catalogue).into_values() {
        for (at, (package, names)) in group.iter().enumerate() {
            let rival = group[..at].iter().find(|(_, one)| one.overlaps(names));
            let Some((winner, rival)) = rival.filter(|(_, rival)| rival != names) else {
                continue;
            };
            if !known.insert((ptr::from_ref(*winner), ptr::from_ref(*package))) {
                continue;
            }
            let (rival, place) = (rival.as_str(), &winner.place);
            let message = format!(
                "some names fit both {:?} and {rival:?} at {place}",
                names.as_str()
            );
            let problem = source.problem_at(package.place.clone(), 1, message);
            reading.warning(problem.help(format!("{rival:?} wins them, being written first")));
        }
    }
}

/// Every pattern of images by what it can compete with, in the order written.
fn patterns(catalogue: &Catalogue) -> BTreeMap<(&str, Exactness), Vec<(&Package, &Names)>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for package in &catalogue.packages {
        let PackageKind::Oci(image) = &package.kind else {
            continue;
        };
        if image.name.is_single() {
            continue;
        }
        for domain in &package.domains {
            let group = (domain.as_str(), image.name.exactness());
            groups
                .entry(group)
                .or_default()
                .push((package, &image.name));
        }
    }
    groups
}
