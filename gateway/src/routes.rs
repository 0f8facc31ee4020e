//! Host and path to the one thing that is meant. Pure; built once from the catalogue, then only read.
//!
//! On a host, in this order: pixels under `/-/px/`, a registry under `/v2`, Python projects with listed
//! files, indexes by their paths, the innermost first, and the routes of files and collectors, where the
//! most exact pattern wins (see [`weir_config::Rank`]), a regex comes after every template, and a
//! catch-all last.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;
use weir_config::catalogue::{Index, IndexKind, Matcher, Package, PackageKind, Pixel, Route};
use weir_config::{Captures, Catalogue, is_repository};
use weir_event::Kind;

use crate::answer::{Dialect, Failure};
use crate::ecosystem::oci::Target;
use crate::ecosystem::pypi::listed;
use crate::ecosystem::{
    Decision, Plan, apt, cargo, composer, conda, event, file, go, helm, hex, homebrew, maven, npm,
    nuget, oci, pixel, pypi, rpm, rubygems, script, terraform,
};
use crate::fact::{Fact, UNKNOWN_HOST};
use crate::head::{Head, Method};

/// Everything that is served, by host.
#[derive(Debug)]
pub(crate) struct Routes {
    catalogue: Arc<Catalogue>,
    hosts: HashMap<String, Host>,
}

/// What is served on one host: places in the catalogue.
#[derive(Debug, Default)]
struct Host {
    /// Literal paths to the templates that have them, most exact first: with a query, then without.
    exact: HashMap<String, Vec<At>>,
    /// First literal segment to the templates that begin with it, most exact first.
    by_segment: HashMap<String, Vec<At>>,
    /// Templates that begin with a variable, then regexes, then the catch-all.
    anywhere: Vec<At>,
    images: HashMap<String, usize>,
    /// Patterns of images, most exact first.
    image_patterns: Vec<usize>,
    any_private: bool,
    pixels: HashMap<String, usize>,
    /// Innermost path first.
    indexes: Vec<usize>,
    /// Python projects with listed files, by normal name.
    projects: HashMap<String, usize>,
}

/// A route's place: which package, and which of its routes.
#[derive(Clone, Copy, Debug)]
struct At {
    package: usize,
    route: usize,
}

impl Routes {
    /// Arranges a checked catalogue for look-up.
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        let mut hosts: HashMap<String, Host> = HashMap::new();
        for (number, package) in catalogue.packages.iter().enumerate() {
            for domain in &package.domains {
                hosts
                    .entry(domain.clone())
                    .or_default()
                    .add_package(number, package);
            }
        }
        for (number, index) in catalogue.indexes.iter().enumerate() {
            for domain in &index.domains {
                hosts
                    .entry(domain.clone())
                    .or_default()
                    .indexes
                    .push(number);
            }
        }
        for (number, pixel) in catalogue.pixels.iter().enumerate() {
            for domain in &pixel.domains {
                hosts
                    .entry(domain.clone())
                    .or_default()
                    .pixels
                    .insert(pixel.id.clone(), number);
            }
        }
        for host in hosts.values_mut() {
            host.sort(&catalogue);
        }
        Self { catalogue, hosts }
    }

    /// Decides what a request is and what to answer. `midnight` is today's beginning as an HTTP date.
    pub(crate) fn decide<'a>(&'a self, head: &Head<'a>, midnight: &str) -> Decision<'a> {
        let Some((_, host)) = self.hosts.get_key_value(head.host.as_ref()) else {
            let fact = Fact::new(Kind::BrokenLink, "", "", UNKNOWN_HOST);
            return Decision::new(Plan::Fail(Failure::UnknownHost), fact)
                .in_dialect(dialect(head.path));
        };
        let on_host = OnHost {
            catalogue: &self.catalogue,
            host,
        };
        on_host
            .pixel(head, midnight)
            .or_else(|| on_host.registry(head))
            .or_else(|| on_host.project(head))
            .or_else(|| on_host.index(head))
            .or_else(|| on_host.route(head))
            .unwrap_or_else(|| {
                let fact = Fact::new(Kind::BrokenLink, "", "", "unknown path");
                Decision::new(Plan::Fail(Failure::UnknownPath), fact).in_dialect(dialect(head.path))
            })
    }

    /// The private image called `name` on `host`, for signing in.
    pub(crate) fn private_image<'a>(&'a self, host: &str, name: &'a str) -> Option<Target<'a>> {
        let on_host = self.on(host)?;
        on_host.image(name).filter(|target| target.image.private)
    }

    /// The registry of the private images on `host`, if it is one only.
    pub(crate) fn private_registry(&self, host: &str) -> Option<&Url> {
        let on_host = self.on(host)?;
        let mut registries = on_host.private_registries();
        let first = registries.next()?;
        registries.all(|other| other == first).then_some(first)
    }

    fn on(&self, host: &str) -> Option<OnHost<'_>> {
        Some(OnHost {
            catalogue: &self.catalogue,
            host: self.hosts.get(host)?,
        })
    }
}

/// Registry clients want registry errors, wherever they are wrong.
pub(crate) fn dialect(path: &str) -> Dialect {
    if path == "/v2" || path.starts_with("/v2/") {
        Dialect::Oci
    } else {
        Dialect::Plain
    }
}

impl Host {
    fn add_package(&mut self, number: usize, package: &Package) {
        match &package.kind {
            PackageKind::File(routes)
            | PackageKind::Script(routes)
            | PackageKind::Event(routes) => {
                for (route, written) in routes.iter().enumerate() {
                    self.add_route(
                        At {
                            package: number,
                            route,
                        },
                        written,
                    );
                }
            }
            PackageKind::Oci(image) => {
                self.any_private |= image.private;
                if image.name.is_single() {
                    self.images.insert(image.name.as_str().to_owned(), number);
                } else {
                    self.image_patterns.push(number);
                }
            }
            PackageKind::Python(project) => {
                self.projects.insert(project.name.clone(), number);
            }
        }
    }

    fn add_route(&mut self, at: At, route: &Route) {
        let Matcher::Template(template) = &route.path else {
            return self.anywhere.push(at);
        };
        let prefix = template.literal_prefix();
        if template.path_is_literal() {
            self.exact.entry(prefix.to_owned()).or_default().push(at);
        } else if let Some(segment) = first_segment(prefix) {
            self.by_segment
                .entry(segment.to_owned())
                .or_default()
                .push(at);
        } else {
            self.anywhere.push(at);
        }
    }

    fn sort(&mut self, catalogue: &Catalogue) {
        let rank = |at: &At| {
            let route = route_at(catalogue, *at).map(|(_, route)| &route.path);
            std::cmp::Reverse(match route {
                Some(Matcher::Template(template)) => (2, Some(template.rank())),
                Some(Matcher::Regex(_)) => (1, None),
                Some(Matcher::CatchAll) | None => (0, None),
            })
        };
        self.anywhere.sort_by_key(rank);
        self.image_patterns.sort_by_key(|&number| {
            std::cmp::Reverse(match &catalogue.packages[number].kind {
                PackageKind::Oci(image) => Some(image.name.exactness()),
                _ => None,
            })
        });
        self.indexes.sort_by_key(|&number| {
            let path = catalogue.indexes.get(number).map(|index| index.path.len());
            std::cmp::Reverse(path)
        });
        for templates in self.by_segment.values_mut().chain(self.exact.values_mut()) {
            templates.sort_by_key(rank);
        }
    }
}

/// The whole first segment of a path, if `prefix` holds all of it.
fn first_segment(prefix: &str) -> Option<&str> {
    let rest = prefix.strip_prefix('/')?;
    rest.split_once('/').map(|(segment, _)| segment)
}

fn route_at(catalogue: &Catalogue, at: At) -> Option<(&Package, &Route)> {
    let package = catalogue.packages.get(at.package)?;
    Some((package, package.kind.routes().get(at.route)?))
}

/// One host's view of the catalogue.
struct OnHost<'a> {
    catalogue: &'a Catalogue,
    host: &'a Host,
}

impl<'a> OnHost<'a> {
    fn pixel(&self, head: &Head<'a>, midnight: &str) -> Option<Decision<'a>> {
        if self.host.pixels.is_empty() {
            return None;
        }
        let (id, picture) = pixel::parse(head.path)?;
        let found: Option<&Pixel> = self
            .host
            .pixels
            .get(id)
            .and_then(|&number| self.catalogue.pixels.get(number));
        Some(pixel::decide(
            head,
            id,
            picture,
            found.map(|pixel| pixel.package.as_str()),
            midnight,
        ))
    }

    fn registry(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        let any = !self.host.images.is_empty() || !self.host.image_patterns.is_empty();
        let ours = any && dialect(head.path) == Dialect::Oci;
        ours.then(|| oci::decide(head, |name| self.image(name), self.host.any_private))
    }

    /// The image called `name`: by itself, else by the most exact pattern that it fits.
    fn image(&self, name: &'a str) -> Option<Target<'a>> {
        let exact = self.host.images.get(name);
        let patterns = self
            .host
            .image_patterns
            .iter()
            .filter(|_| is_repository(name));
        exact.into_iter().chain(patterns).find_map(|&number| {
            match self.catalogue.packages.get(number)? {
                package @ Package {
                    kind: PackageKind::Oci(image),
                    ..
                } => Target::new(package, image, name),
                _ => None,
            }
        })
    }

    fn private_registries(&self) -> impl Iterator<Item = &'a Url> {
        let images = self.host.images.values().chain(&self.host.image_patterns);
        images.filter_map(|&number| match &self.catalogue.packages.get(number)?.kind {
            PackageKind::Oci(image) if image.private => Some(&image.registry),
            _ => None,
        })
    }

    fn project(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        let projects = &self.host.projects;
        if projects.is_empty() {
            return None;
        }
        let find = |name: &str| {
            let package = self.catalogue.packages.get(*projects.get(name)?)?;
            match &package.kind {
                PackageKind::Python(project) => Some((package.name.as_str(), project)),
                _ => None,
            }
        };
        // An index beside them has a root of its own.
        let is_alone = self.host.indexes.is_empty();
        listed::decide(head, find)
            .or_else(|| listed::root(head, projects.keys()).filter(|_| is_alone))
    }

    fn index(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        self.host
            .indexes
            .iter()
            .filter_map(|&number| self.catalogue.indexes.get(number))
            .find_map(|index| decide_in(head, index))
    }

    fn route(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        let exact = self.host.exact.get(head.path).into_iter().flatten();
        let segment = head.path[1..].split('/').next().unwrap_or_default();
        let templates = self.host.by_segment.get(segment).into_iter().flatten();
        let mut candidates = exact.chain(templates).chain(&self.host.anywhere);
        candidates.find_map(|&at| {
            let (package, route) = route_at(self.catalogue, at)?;
            if route.post_only && head.method != Method::Post {
                return None;
            }
            let taken: Captures<'a> = route.path.matches(head.path, head.query)?;
            Some(match package.kind {
                PackageKind::Event(_) => event::decide(head, &package.name, route, &taken),
                PackageKind::Script(_) => script::decide(head, &package.name, route, &taken),
                PackageKind::File(_) | PackageKind::Oci(_) | PackageKind::Python(_) => {
                    file::decide(head, &package.name, route, taken)
                }
            })
        })
    }
}

/// Decides a request that may be for `index`. `None` leaves it to what else is served on the host.
fn decide_in<'a>(head: &Head<'a>, index: &'a Index) -> Option<Decision<'a>> {
    if index.kind == IndexKind::Terraform && head.path == terraform::DISCOVERY {
        return Some(terraform::discovery(head, index));
    }
    let path = index.below(head.path)?;
    match index.kind {
        IndexKind::Pypi => pypi::decide(head, path, index),
        IndexKind::Npm => Some(npm::decide(head, path, index)),
        IndexKind::Cargo => Some(cargo::decide(head, path, index)),
        IndexKind::Go => Some(go::decide(head, path, index)),
        IndexKind::Maven => Some(maven::decide(head, path, index)),
        IndexKind::Rubygems => Some(rubygems::decide(head, path, index)),
        IndexKind::Helm => Some(helm::decide(head, path, index)),
        IndexKind::Nuget => Some(nuget::decide(head, path, index)),
        IndexKind::Composer => Some(composer::decide(head, path, index)),
        IndexKind::Apt => Some(apt::decide(head, path, index)),
        IndexKind::Rpm => Some(rpm::decide(head, path, index)),
        IndexKind::Conda => Some(conda::decide(head, path, index)),
        IndexKind::Hex => Some(hex::decide(head, path, index)),
        IndexKind::Homebrew => Some(homebrew::decide(head, path, index)),
        IndexKind::Terraform => Some(terraform::decide(head, path, index)),
    }
}
