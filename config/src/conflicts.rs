//! What single entries cannot know of each other: things claimed twice, and routes that compete for one request.

mod images;

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ptr;

use crate::catalogue::{
    Catalogue, Index, IndexKind, Matcher, Owned, PackageKind, Pattern, Place, Protocol, Route,
};
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
    badges_of_nobody(catalogue, source, reading);
    unserved_domains(catalogue, reading);
    owned_by_two(catalogue, source, reading);
}

/// What an entry wants for itself alone: a domain, a thing on it, and where that was written.
type Claim<'c> = (&'c str, String, &'c Place);

/// Notes domains that two entries say the owner of.
fn owned_by_two(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let mut first: HashMap<&str, &Owned> = HashMap::new();
    for owned in &catalogue.owned {
        let Some(other) = first.get(owned.domain.as_str()) else {
            first.insert(&owned.domain, owned);
            continue;
        };
        let (domain, owner, place) = (&owned.domain, &other.owner, &other.place);
        let message = format!("{domain} belongs to {owner:?} already, at {place}");
        let problem = source.problem_at(owned.place.clone(), 1, message);
        reading.error(problem.help("a domain has one owner: remove one of the two"));
    }
}

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
        if pixel.badge {
            let what = format!("counting looks at badges of {:?}", pixel.package);
            claim(&mut claims, &pixel.domains, &what, &pixel.place);
        }
    }
    for site in &catalogue.sites {
        for protocol in &site.protocols {
            claim(
                &mut claims,
                &site.domains,
                &site_for(*protocol, &site.id),
                &site.place,
            );
        }
    }
    claims
}

/// `GoatCounter`'s snippet knows its site by the host alone.
fn site_for(protocol: Protocol, id: &str) -> String {
    match protocol {
        Protocol::GoatCounter => "GoatCounter's site".to_owned(),
        protocol => format!("site {id:?} of {}", protocol.as_str()),
    }
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
        Matcher::Regex(_) => Some(format!("regex {:?}", route.name())),
        Matcher::Template(_) => None,
    }
}

/// A route with a template.
#[derive(Clone, Copy)]
struct Candidate<'c> {
    route: &'c Route,
    template: &'c Template,
}

/// Notes routes of equal rank on one domain that can match the same request: an error if they always do, a warning if
/// they sometimes do, as `/{a}-{b}` and `/{a}.{b}` both match `/x-y.z`.
fn competing(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    // Packages often share several domains; one problem for a pair is enough.
    let mut known = HashSet::new();
    for group in candidates(catalogue).into_values().flat_map(groups) {
        let shapes: Vec<_> = group.iter().map(|one| one.template.shape()).collect();
        for (at, candidate) in group.iter().enumerate() {
            let Some((winner, is_same)) = rival(at, &group, &shapes) else {
                continue;
            };
            if !known.insert((ptr::from_ref(winner.route), ptr::from_ref(candidate.route))) {
                continue;
            }
            let (name, place) = (winner.route.name(), &winner.route.place);
            let problem = |message| source.problem_at(candidate.route.place.clone(), 1, message);
            if is_same {
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

/// The first before the one `at` that always, or else sometimes, matches what that matches; and whether it always does.
fn rival<'c>(
    at: usize,
    group: &[Candidate<'c>],
    shapes: &[String],
) -> Option<(Candidate<'c>, bool)> {
    let same = shapes[..at].iter().position(|shape| *shape == shapes[at]);
    let overlaps = |one: &&Candidate<'_>| one.template.overlaps(group[at].template);
    match same {
        Some(same) => Some((group[same], true)),
        None => Some((*group[..at].iter().find(overlaps)?, false)),
    }
}

/// Every template by its domains, in the order written.
fn candidates(catalogue: &Catalogue) -> BTreeMap<&str, Vec<Candidate<'_>>> {
    let mut on: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for package in &catalogue.packages {
        for route in package.kind.routes() {
            let Matcher::Template(template) = &route.path else {
                continue;
            };
            for domain in &package.domains {
                let candidates = on.entry(domain.as_str()).or_default();
                candidates.push(Candidate { route, template });
            }
        }
    }
    on
}

/// What routes of a domain have in common that can compete: rank and anchors.
type Group<'c> = (Rank, Vec<&'c str>);

/// Those of a domain by what they can compete with, without those that compete with none. Only within a group is every
/// pair compared, so that ten thousand routes of one form do not cost a hundred million comparisons; and only a domain's
/// are grouped at a time, since a hundred thousand together take tens of megabytes.
fn groups(candidates: Vec<Candidate<'_>>) -> impl Iterator<Item = Vec<Candidate<'_>>> {
    let mut groups: BTreeMap<Group<'_>, Vec<_>> = BTreeMap::new();
    for candidate in candidates {
        let group = (candidate.template.rank(), candidate.template.anchors());
        groups.entry(group).or_default().push(candidate);
    }
    groups.into_values().filter(|group| group.len() > 1)
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

/// Warns of domains that settings name and nothing is served on.
fn unserved_domains(catalogue: &Catalogue, reading: &mut Reading) {
    let packages = catalogue.packages.iter().map(|package| &package.domains);
    let indexes = catalogue.indexes.iter().map(|index| &index.domains);
    let pixels = catalogue.pixels.iter().map(|pixel| &pixel.domains);
    let sites = catalogue.sites.iter().map(|site| &site.domains);
    let served: Vec<&str> = packages
        .chain(indexes)
        .chain(pixels)
        .chain(sites)
        .flatten()
        .map(String::as_str)
        .collect();
    for (domain, problem) in std::mem::take(&mut reading.named_domains) {
        if served.contains(&domain.as_str()) {
            continue;
        }
        reading.warning(match nearest(&domain, &served) {
            Some(known) => problem.help(format!("did you mean {known:?}?")),
            None => problem.help("name a domain of a package or index"),
        });
    }
}

/// Warns of pixels that count looks at badges which nobody gets.
fn badges_of_nobody(catalogue: &Catalogue, source: &Source, reading: &mut Reading) {
    let pixels = catalogue.pixels.iter();
    for pixel in pixels.filter(|pixel| pixel.badge && !catalogue.is_public(&pixel.package)) {
        let message = format!(
            "badges of {:?} say nothing: it is not public",
            pixel.package
        );
        let problem = source.problem_at(pixel.place.clone(), 1, message);
        reading.warning(problem.help("give the package public = true, or leave out badge"));
    }
}

/// Warns of pixels and sites whose package nothing else mentions.
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
    let pixels = catalogue.pixels.iter();
    let pixels = pixels.map(|pixel| ("pixel", &pixel.package, &pixel.place));
    let sites = catalogue.sites.iter();
    let sites = sites.map(|site| ("site", &site.package, &site.place));
    for (what, name, place) in pixels.chain(sites) {
        let name = name.as_str();
        if names.contains(&name) || in_index(name) || in_images(name) {
            continue;
        }
        let message = format!("no package here is called {name:?}, which this {what} counts for");
        let problem = source.problem_at(place.clone(), 1, message);
        reading.warning(match nearest(name, &names) {
            Some(known) => problem.help(format!("did you mean {known:?}?")),
            None => problem.help("leave it so if the package is distributed elsewhere"),
        });
    }
}
