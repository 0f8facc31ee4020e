//! What single entries cannot know of each other: things claimed twice, and routes that compete for one request.

mod images;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ptr;

use crate::catalogue::{Catalogue, Index, IndexKind, Matcher, PackageKind, Pattern, Place, Route};
use crate::source::Source;
use crate::template::{Rank, Template};
use crate::written::{Reading, nearest};

/// Notes every conflict within a catalogue that was read from `source`.
pub(crate) fn find(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    twice(catalogue, source, reading);
    competing(catalogue, source, reading);
    shadowed(catalogue, source, reading);
    images::competing(catalogue, source, reading);
    unknown_packages(catalogue, source, reading);
    unserved_domains(catalogue, reading);
}

/// What an entry wants for itself alone: a domain, a thing on it, and where that was written.
type Claim<'c> = (&'c str, String, &'c Place);

/// Notes what two entries claim.
fn twice(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let mut first = HashMap::new();
    for (domain, what, place) in claims(catalogue) {
        match first.entry((domain, what)) {
            Entry::Vacant(free) => {
                free.insert(place);
            }
            Entry::Occupied(taken) => {
                let (domain, what) = taken.key();
                let message = format!("{what} on {domain} is already taken at {}", taken.get());
                let problem = source.problem_at(place.clone(), 1, message);
                reading.error(problem.help("remove one of the two, or give it another domain"));
            }
        }
    }
}

fn claims(catalogue: &Catalogue) -> Vec<Claim<'_>> {
    let mut claims = Vec::new();
    for package in &catalogue.packages {
        match &package.kind {
            PackageKind::Oci(image) => claim(
                &mut claims,
                &package.domains,
                &format!("image {:?}", image.name.as_str()),
                &package.place,
            ),
            PackageKind::Python(project) => claim(
                &mut claims,
                &package.domains,
                &format!("Python project {:?}", project.name),
                &package.place,
            ),
            other => {
                for route in other.routes() {
                    if let Some(what) = sole(route) {
                        claim(&mut claims, &package.domains, &what, &route.place);
                    }
                }
            }
        }
    }
    for index in &catalogue.indexes {
        for what in places(index) {
            claim(&mut claims, &index.domains, &what, &index.place);
        }
    }
    for pixel in &catalogue.pixels {
        claim(
            &mut claims,
            &pixel.domains,
            &format!("pixel {:?}", pixel.id),
            &pixel.place,
        );
    }
    claims
}

/// An index takes its path whole. Terraform finds its registry by the host alone besides.
fn places(index: &Index) -> Vec<String> {
    let mut places = vec![format!("an index at {:?}", index.path)];
    if index.kind == IndexKind::Terraform {
        places.push("a registry of Terraform's".to_owned());
    }
    places
}

fn claim<'c>(claims: &mut Vec<Claim<'c>>, domains: &'c [String], what: &str, place: &'c Place) {
    claims.extend(
        domains
            .iter()
            .map(|domain| (domain.as_str(), what.to_owned(), place)),
    );
}

/// What a route takes whole. Regexes can overlap in part, which only their operator can judge.
fn sole(route: &Route) -> Option<String> {
    match &route.path {
        Matcher::CatchAll => Some("every path".to_owned()),
        Matcher::Regex(_) => Some(format!("regex {:?}", route.name)),
        Matcher::Template(_) => None,
    }
}

/// A route with a template.
struct Candidate<'c> {
    route: &'c Route,
    template: &'c Template,
    shape: String,
}

/// Notes routes of equal rank on one domain that can match the same request: an error if they always do, a warning if
/// they sometimes do, as `/{a}-{b}` and `/{a}.{b}` both match `/x-y.z`.
fn competing(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    // Packages often share several domains; one problem for a pair is enough.
    let mut known = HashSet::new();
    for group in candidates(catalogue).into_values() {
        for (at, candidate) in group.iter().enumerate() {
            let Some(winner) = rival(candidate, &group[..at]) else {
                continue;
            };
            if !known.insert((ptr::from_ref(winner.route), ptr::from_ref(candidate.route))) {
                continue;
            }
            let Route { name, place, .. } = winner.route;
            let problem = |message| source.problem_at(candidate.route.place.clone(), 1, message);
            if winner.shape == candidate.shape {
                let problem = problem(format!(
                    "this route matches the same requests as {name:?} at {place}"
                ));
                reading.error(
                    problem.help("remove one of the two; the one written first would always win"),
                );
            } else {
                let problem = problem(format!(
                    "some requests match both this route and {name:?} at {place}"
                ));
                reading.warning(problem.help(format!("{name:?} wins them, being written first")));
            }
        }
    }
}

/// The first of `earlier` that always or else sometimes matches what `candidate` matches.
fn rival<'a, 'c>(
    candidate: &Candidate<'c>,
    earlier: &'a [Candidate<'c>],
) -> Option<&'a Candidate<'c>> {
    let same = earlier.iter().find(|one| one.shape == candidate.shape);
    same.or_else(|| {
        earlier
            .iter()
            .find(|one| one.template.overlaps(candidate.template))
    })
}

/// What routes have in common that can compete: domain, rank and anchors.
type Group<'c> = (&'c str, Rank, Vec<&'c str>);

/// Every template by what it can compete with, in the order written. Only within a group is every pair compared, so
/// that ten thousand routes of one form do not cost a hundred million comparisons.
fn candidates(catalogue: &Catalogue) -> BTreeMap<Group<'_>, Vec<Candidate<'_>>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for package in &catalogue.packages {
        for route in package.kind.routes() {
            let Matcher::Template(template) = &route.path else {
                continue;
            };
            let shape = template.shape();
            for domain in &package.domains {
                let group = (domain.as_str(), template.rank(), template.anchors());
                let shape = shape.clone();
                groups.entry(group).or_default().push(Candidate {
                    route,
                    template,
                    shape,
                });
            }
        }
    }
    groups
}

/// Warns of routes that an index keeps every request from.
fn shadowed(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let mut on: HashMap<&str, Vec<&Index>> = HashMap::new();
    for index in catalogue.indexes.iter().filter(|one| takes_all(one.kind)) {
        for domain in &index.domains {
            on.entry(domain).or_default().push(index);
        }
    }
    for package in &catalogue.packages {
        let indexes = package
            .domains
            .iter()
            .filter_map(|domain| on.get(domain.as_str()));
        for route in package.kind.routes() {
            let Matcher::Template(template) = &route.path else {
                continue;
            };
            let takes = |index: &&&Index| template.literal_prefix().starts_with(&index.path);
            if let Some(index) = indexes.clone().flatten().find(takes) {
                let message = format!(
                    "the index at {:?} takes every request of this route ({})",
                    index.path, index.place
                );
                let problem = source.problem_at(route.place.clone(), 1, message);
                reading.warning(problem.help("give the index a path or a domain of its own"));
            }
        }
    }
}

/// Whether an index answers everything below its path, also what no package of its kind has.
fn takes_all(kind: IndexKind) -> bool {
    kind != IndexKind::Pypi
}

/// Warns of domains that always proxy and serve nothing.
fn unserved_domains(catalogue: &Catalogue, reading: &mut Reading) {
    let packages = catalogue.packages.iter().map(|package| &package.domains);
    let indexes = catalogue.indexes.iter().map(|index| &index.domains);
    let served: Vec<&str> = packages
        .chain(indexes)
        .flatten()
        .map(String::as_str)
        .collect();
    for (domain, problem) in std::mem::take(&mut reading.always_proxy) {
        if served.contains(&domain.as_str()) {
            continue;
        }
        reading.warning(match nearest(&domain, &served) {
            Some(known) => problem.help(format!("did you mean {known:?}?")),
            None => problem.help("name a domain of a package or index"),
        });
    }
}

/// Warns of pixels whose package nothing else mentions.
fn unknown_packages(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let names: Vec<&str> = catalogue
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let in_index = |name: &str| {
        catalogue
            .indexes
            .iter()
            .flat_map(|index| &index.packages)
            .any(|one| one.matches(name))
    };
    let in_images = |name: &str| {
        catalogue.packages.iter().any(|package| {
            matches!(package.kind, PackageKind::Oci(_))
                && Pattern(package.name.clone()).matches(name)
        })
    };
    for pixel in &catalogue.pixels {
        let name = pixel.package.as_str();
        if names.contains(&name) || in_index(name) || in_images(name) {
            continue;
        }
        let message = format!("no package here is called {name:?}, which this pixel counts for");
        let problem = source.problem_at(pixel.place.clone(), 1, message);
        reading.warning(match nearest(name, &names) {
            Some(known) => problem.help(format!("did you mean {known:?}?")),
            None => problem.help("leave it so if the package is distributed elsewhere"),
        });
    }
}
