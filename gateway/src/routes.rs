//! Host and path to the one thing that is meant. Pure; built once from the catalogue, then only read.
//!
//! On a host, in this order: what is kept of a request, pixels under `/-/px/`, badges and the pixels' script,
//! what snippets of other products send, a registry under `/v2`, Python projects with listed
//! files, indexes by their paths, the innermost first, and the routes of files and collectors, where the
//! most exact pattern wins (see [`weir_config::Rank`]), a regex comes after every template, and a
//! catch-all last.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use url::Url;
use weir_config::catalogue::{Index, IndexKind, Matcher, Package, PackageKind, Pixel, Route};
use weir_config::{Captures, Catalogue, is_repository};
use weir_event::Kind;

use crate::answer::{Dialect, Failure};
use crate::ecosystem::compat::Sites;
use crate::ecosystem::oci::Target;
use crate::ecosystem::pypi::listed;
use crate::ecosystem::{
    Decision, Plan, apt, badge, cargo, compat, composer, conda, event, file, go, helm, hex,
    homebrew, maven, npm, nuget, oci, onward, page_script, pixel, pypi, rpm, rubygems, script,
    terraform,
};
use crate::fact::{Fact, UNKNOWN_HOST};
use crate::head::{Head, Method};
use crate::moment::Moment;
use crate::privacy::{Form, Served};
use crate::traced::Pattern;

/// Everything that is served, by host.
#[derive(Debug)]
pub(crate) struct Routes {
    catalogue: Arc<Catalogue>,
    hosts: ByName<Host>,
}

/// Keys are the operator's, so nobody who asks can make them collide, and every request looks some up.
type ByName<T> = HashMap<Box<str>, T, foldhash::fast::RandomState>;

/// What is served on one host: places in the catalogue.
#[derive(Debug, Default)]
struct Host {
    /// Literal paths to the templates that have them, most exact first: with a query, then without.
    exact: ByName<Vec<At>>,
    /// First literal segment to the templates that begin with it, most exact first.
    by_segment: ByName<Vec<At>>,
    /// Templates that begin with a variable, then regexes, then the catch-all.
    anywhere: Vec<At>,
    images: ByName<usize>,
    /// Patterns of images, most exact first.
    image_patterns: Vec<usize>,
    any_private: bool,
    pixels: ByName<usize>,
    /// Those whose snippets speak other products' protocols.
    sites: Sites,
    /// Innermost path first.
    indexes: Vec<usize>,
    /// Python projects with listed files, by normal name.
    projects: ByName<usize>,
}

/// A route's place: which package, and which of its routes.
#[derive(Clone, Copy, Debug)]
struct At {
    package: u32,
    route: u32,
}

impl Routes {
    /// Arranges a checked catalogue for look-up.
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        let mut hosts: ByName<Host> = HashMap::default();
        for (number, package) in catalogue.packages.iter().enumerate() {
            for domain in &package.domains {
                hosts
                    .entry(domain.as_str().into())
                    .or_default()
                    .add_package(number, package);
            }
        }
        for (number, index) in catalogue.indexes.iter().enumerate() {
            for domain in &index.domains {
                hosts
                    .entry(domain.as_str().into())
                    .or_default()
                    .indexes
                    .push(number);
            }
        }
        for (number, pixel) in catalogue.pixels.iter().enumerate() {
            for domain in &pixel.domains {
                hosts
                    .entry(domain.as_str().into())
                    .or_default()
                    .pixels
                    .insert(pixel.id.as_str().into(), number);
            }
        }
        for site in &catalogue.sites {
            for domain in &site.domains {
                let host = hosts.entry(domain.as_str().into()).or_default();
                host.sites.push(Arc::clone(site));
            }
        }
        for host in hosts.values_mut() {
            host.sort(&catalogue);
        }
        Self { catalogue, hosts }
    }

    /// Decides a request for a host on which nothing is served.
    pub(crate) fn on_no_host<'a>(head: &Head<'a>) -> Box<Decision<'a>> {
        let fact = Fact::new(Kind::BrokenLink, "", "", UNKNOWN_HOST);
        let decision = Decision::new(Plan::Fail(Failure::UnknownHost), fact);
        Box::new(decision.in_dialect(dialect(head.path)))
    }

    /// Decides what a request is and what to answer. Boxed: it is large, and passes many hands.
    pub(crate) fn decide<'a>(&'a self, head: &Head<'a>, moment: Moment<'_>) -> Box<Decision<'a>> {
        let Some((_, host)) = self.hosts.get_key_value(head.host.as_ref()) else {
            return Self::on_no_host(head);
        };
        let on_host = OnHost {
            catalogue: &self.catalogue,
            host,
        };
        if let Some(form) = Form::at(head.path) {
            return Box::new(statement(head, form));
        }
        if let Some(decision) = on_host.page(head, moment) {
            return Box::new(decision);
        }
        if let Some(decision) = on_host.registry(head) {
            return Box::new(decision.of(Pattern::Below("/v2")));
        }
        if let Some(decision) = on_host.project(head) {
            return Box::new(decision.of(Pattern::Below("/")));
        }
        if let Some(decision) = on_host.index(head) {
            return Box::new(decision);
        }
        if let Some(decision) = on_host.route(head) {
            return decision;
        }
        let fact = Fact::new(Kind::BrokenLink, "", "", "unknown path");
        let decision = Decision::new(Plan::Fail(Failure::UnknownPath), fact);
        Box::new(decision.in_dialect(dialect(head.path)))
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

    /// Whether any pixel or site keeps the paths of pages.
    pub(crate) fn keep_pages(&self) -> bool {
        let mut pixels = self.catalogue.pixels.iter();
        let mut sites = self.catalogue.sites.iter();
        pixels.any(|pixel| !pixel.pages.is_empty()) || sites.any(|site| !site.pages.is_empty())
    }

    /// Every domain that something is served on.
    pub(crate) fn domains(&self) -> BTreeSet<String> {
        self.hosts
            .keys()
            .map(|host| host.as_ref().to_owned())
            .collect()
    }

    /// The domain that `host` is, if something is served on it.
    pub(crate) fn domain(&self, host: &str) -> Option<&str> {
        Some(self.hosts.get_key_value(host)?.0)
    }

    /// What is served on `host`.
    pub(crate) fn served(&self, host: &str) -> Vec<Served<'_>> {
        let Some(OnHost { catalogue, host }) = self.on(host) else {
            return Vec::new();
        };
        let files =
            !(host.exact.is_empty() && host.by_segment.is_empty() && host.anywhere.is_empty());
        let images = !(host.images.is_empty() && host.image_patterns.is_empty());
        let indexes = host.indexes.iter();
        let indexes = indexes.filter_map(|&number| catalogue.indexes.get(number));
        let files = files.then_some(Served::Files).into_iter();
        files
            .chain(images.then_some(Served::Images))
            .chain((!host.projects.is_empty()).then_some(Served::Project))
            .chain(indexes.map(Served::Index))
            .collect()
    }

    fn on(&self, host: &str) -> Option<OnHost<'_>> {
        Some(OnHost {
            catalogue: &self.catalogue,
            host: self.hosts.get(host)?,
        })
    }
}

/// What is kept of a request, for whoever reads it.
fn statement<'a>(head: &Head<'_>, form: Form) -> Decision<'a> {
    onward::unless_reading(head).unwrap_or_else(|| Decision::uncounted(Plan::Statement(form)))
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
                    let at = At {
                        package: number as u32,
                        route: route as u32,
                    };
                    self.add_route(at, written);
                }
            }
            PackageKind::Oci(image) => {
                self.any_private |= image.private;
                if image.name.is_single() {
                    self.images.insert(image.name.as_str().into(), number);
                } else {
                    self.image_patterns.push(number);
                }
            }
            PackageKind::Python(project) => {
                self.projects.insert(project.name.as_str().into(), number);
            }
        }
    }

    fn add_route(&mut self, at: At, route: &Route) {
        let Matcher::Template(template) = &route.path else {
            return self.anywhere.push(at);
        };
        let prefix = template.literal_prefix();
        if template.path_is_literal() {
            self.exact.entry(prefix.into()).or_default().push(at);
        } else if let Some(segment) = first_segment(prefix) {
            self.by_segment.entry(segment.into()).or_default().push(at);
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
            templates.shrink_to_fit();
        }
    }
}

/// The whole first segment of a path, if `prefix` holds all of it.
fn first_segment(prefix: &str) -> Option<&str> {
    let rest = prefix.strip_prefix('/')?;
    rest.split_once('/').map(|(segment, _)| segment)
}

fn route_at(catalogue: &Catalogue, at: At) -> Option<(&Package, &Route)> {
    let package = catalogue.packages.get(at.package as usize)?;
    Some((package, package.kind.routes().get(at.route as usize)?))
}

/// One host's view of the catalogue.
struct OnHost<'a> {
    catalogue: &'a Catalogue,
    host: &'a Host,
}

impl<'a> OnHost<'a> {
    /// What pages show, load and send.
    fn page(&self, head: &Head<'a>, moment: Moment<'_>) -> Option<Decision<'a>> {
        if head.path.starts_with("/-/") {
            let below = |path| move |decision: Decision<'a>| decision.of(Pattern::Below(path));
            let shown = self
                .pixel(head, moment)
                .map(below("/-/px"))
                .or_else(|| self.badge(head, moment).map(below("/-/badge")))
                .or_else(|| self.page_script(head).map(below("/-")));
            if shown.is_some() {
                return shown;
            }
        }
        compat::decide(head, &self.host.sites, moment)
    }

    fn pixel(&self, head: &Head<'a>, moment: Moment<'_>) -> Option<Decision<'a>> {
        let (id, picture) = pixel::parse(head.path)?;
        let found = self.pixel_called(id);
        Some(pixel::decide(head, id, picture, found, moment))
    }

    fn badge(&self, head: &Head<'a>, moment: Moment<'_>) -> Option<Decision<'a>> {
        let asked = badge::Asked::at(head.path)?;
        let is_public = self.catalogue.is_public(&asked.package);
        let pixels = self.host.pixels.values();
        let mut pixels = pixels.filter_map(|&number| self.catalogue.pixels.get(number));
        let pixel = pixels.find(|pixel| pixel.badge && pixel.package == asked.package);
        Some(badge::decide(head, &asked, is_public, pixel, moment))
    }

    /// The script for pages is where pixels are: it counts for one of them.
    fn page_script(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        if self.host.pixels.is_empty() {
            return None;
        }
        match head.path {
            page_script::SCRIPT => Some(page_script::script(head)),
            page_script::EVENTS if head.method == Method::Post => {
                let id = page_script::id(head.query);
                Some(page_script::event(head, id, self.pixel_called(id)))
            }
            _ => None,
        }
    }

    fn pixel_called(&self, id: &str) -> Option<&'a Pixel> {
        let number = *self.host.pixels.get(id)?;
        self.catalogue.pixels.get(number)
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
            .or_else(|| listed::root(head, projects.keys().map(AsRef::as_ref)).filter(|_| is_alone))
    }

    fn index(&self, head: &Head<'a>) -> Option<Decision<'a>> {
        self.host
            .indexes
            .iter()
            .filter_map(|&number| self.catalogue.indexes.get(number))
            .find_map(|index| Some(decide_in(head, index)?.of(Pattern::Below(&index.path))))
    }

    fn route(&self, head: &Head<'a>) -> Option<Box<Decision<'a>>> {
        let exact = self.host.exact.get(head.path).into_iter().flatten();
        let rest = &head.path[1..];
        let end = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        let segment = &rest[..end];
        let templates = self.host.by_segment.get(segment).into_iter().flatten();
        let mut candidates = exact.chain(templates).chain(&self.host.anywhere);
        candidates.find_map(|&at| {
            let (package, route) = route_at(self.catalogue, at)?;
            if !event::answers(route, head.method) {
                return None;
            }
            let taken: Captures<'a> = route.path.matches(head.path, head.query)?;
            // Boxed where it is made: it is large.
            let mut decision = Box::new(match package.kind {
                PackageKind::Event(_) => {
                    let intake = route.intake.as_ref()?;
                    event::decide(head, &package.name, route, intake, &taken)
                }
                PackageKind::Script(_) => script::decide(head, &package.name, route, &taken),
                PackageKind::File(_) | PackageKind::Oci(_) | PackageKind::Python(_) => {
                    file::decide(head, &package.name, route, taken)
                }
            });
            decision.pattern = pattern(&route.path);
            Some(decision)
        })
    }
}

/// A route's pattern as the operator wrote it.
fn pattern(matcher: &Matcher) -> Pattern<'_> {
    match matcher {
        Matcher::Template(template) => Pattern::Whole(template.as_str()),
        Matcher::Regex(regex) => Pattern::Whole(regex.as_str()),
        Matcher::CatchAll => Pattern::Below("/"),
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
