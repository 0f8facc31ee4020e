//! Which of several rules answers a request: at Scarf the first of an order by type and text, here the most exact.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;

use weir_config::Template;
use weir_config::catalogue::{Catalogue, Matcher, PackageKind, Route as Ours};

use super::entry::{Entry, Item, PYTHON, Route, Way};
use super::report::{Refusal, Report};
use super::writing::Draft;

/// Where a rule stands at Scarf: by type, then by its text, then as in the manifest. The lower is asked first.
type Position<'e> = (u8, Reverse<&'e [String]>, &'e [String], usize);

fn position(entry: &Entry) -> Position<'_> {
    const NONE: &[String] = &[];
    match &entry.item {
        Item::Route(route) if route.class() == 1 => (1, Reverse(NONE), &route.order, entry.rule),
        Item::Route(route) => (route.class(), Reverse(&route.order), NONE, entry.rule),
        Item::Image { .. } => (0, Reverse(NONE), NONE, entry.rule),
        Item::File(_) | Item::Indexed { .. } => (PYTHON, Reverse(NONE), NONE, entry.rule),
    }
}

/// Puts entries into Scarf's order and leaves out those that none of its requests reached.
pub(super) fn reached(mut entries: Vec<Entry>, report: &mut Report) -> Vec<Entry> {
    entries.sort_by(|a, b| position(a).cmp(&position(b)));
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    let implied = |entry: &Entry| matches!(&entry.item, Item::Route(Route { implied: true, .. }));
    let mut is_reached = |entry: &Entry| {
        let Some(what) = sole(&entry.item, &entry.package) else {
            return true;
        };
        match first.entry((entry.domain.clone(), what)) {
            Slot::Vacant(slot) => {
                slot.insert(entry.rule);
                true
            }
            Slot::Occupied(slot) => {
                if !implied(entry) && *slot.get() != entry.rule {
                    let about =
                        format!("it takes what rule {} takes, which comes first", slot.get());
                    report.left_out(entry.rule, Refusal::new(about, ""));
                }
                false
            }
        }
    };
    // What is only implied gives way to every rule that says it.
    let mut kept: Vec<bool> = vec![false; entries.len()];
    for wanted in [false, true] {
        for (entry, kept) in entries.iter().zip(&mut kept) {
            if implied(entry) == wanted {
                *kept = is_reached(entry);
            }
        }
    }
    let mut kept = kept.into_iter();
    entries.retain(|_| kept.next().unwrap_or_default());
    entries
}

/// What an entry takes whole on its domain.
fn sole(item: &Item, package: &str) -> Option<String> {
    match item {
        Item::Image { name, .. } => Some(format!("image {name}")),
        Item::File(file) => Some(format!("file {} {}", package.to_lowercase(), file.filename)),
        Item::Indexed { .. } => None,
        Item::Route(route) => match &route.way {
            Way::Path(path) => Some(format!("path {}", Template::parse(path).ok()?.shape())),
            Way::Regex(regex) => Some(format!("regex {regex}")),
            Way::CatchAll => Some("every path".to_owned()),
        },
    }
}

/// A route or project as it is served, and the entry that it came from.
struct Served<'c, 'e> {
    entry: &'e Entry,
    taken: Taken<'c>,
}

enum Taken<'c> {
    Route(&'c Ours),
    /// The path of a Python project's page.
    Page(String),
}

/// Reports requests that another rule answers here than at Scarf.
pub(super) fn moved(entries: &[Entry], draft: &Draft, catalogue: &Catalogue, report: &mut Report) {
    for served in by_domain(entries, draft, catalogue).values() {
        for (at, winner) in served.iter().enumerate() {
            for (other_at, loser) in served.iter().enumerate() {
                let (there, here) = (position(winner.entry), position(loser.entry));
                if winner.entry.rule == loser.entry.rule || there < here {
                    continue;
                }
                if beats((at, winner), (other_at, loser)) {
                    let rule = loser.entry.rule;
                    let about = format!(
                        "it answers requests that rule {rule} matches as well, being more exact; Scarf gives them to that one"
                    );
                    report.changed(winner.entry.rule, Refusal::new(about, ""));
                }
            }
        }
    }
}

/// Whether some request that both match goes to `one`.
fn beats((at, one): (usize, &Served<'_, '_>), (other_at, other): (usize, &Served<'_, '_>)) -> bool {
    let Taken::Route(theirs) = other.taken else {
        return false;
    };
    match &one.taken {
        Taken::Page(path) => theirs.path.matches(path, None).is_some(),
        Taken::Route(ours) => match (&ours.path, &theirs.path) {
            (Matcher::Template(a), Matcher::Template(b)) => {
                let (prefix, other) = (a.literal_prefix(), b.literal_prefix());
                let may_meet = prefix.starts_with(other) || other.starts_with(prefix);
                may_meet && (a.rank(), Reverse(at)) > (b.rank(), Reverse(other_at)) && a.overlaps(b)
            }
            (Matcher::Template(a), Matcher::Regex(_)) if a.path_is_literal() => {
                theirs.path.matches(a.literal_prefix(), None).is_some()
            }
            _ => false,
        },
    }
}

fn by_domain<'c, 'e>(
    entries: &'e [Entry],
    draft: &Draft,
    catalogue: &'c Catalogue,
) -> HashMap<&'e str, Vec<Served<'c, 'e>>> {
    let mut by_rule: HashMap<usize, Vec<&Entry>> = HashMap::new();
    for entry in entries {
        by_rule.entry(entry.rule).or_default().push(entry);
    }
    let mut served: HashMap<&str, Vec<Served<'_, '_>>> = HashMap::new();
    let mut add = |rule: &usize, taken: Taken<'c>| {
        if let Some(entry) = by_rule.get(rule).and_then(|entries| entries.first()) {
            served
                .entry(&entry.domain)
                .or_default()
                .push(Served { entry, taken });
        }
    };
    for package in &catalogue.packages {
        match &package.kind {
            PackageKind::File(routes)
            | PackageKind::Script(routes)
            | PackageKind::Event(routes) => {
                for route in routes {
                    for rule in draft.rules_at(route.place.line) {
                        add(rule, Taken::Route(route));
                    }
                }
            }
            PackageKind::Python(project) => {
                for rule in draft.rules_at(package.place.line) {
                    add(rule, Taken::Page(format!("/simple/{}/", project.name)));
                }
            }
            PackageKind::Oci(_) => {}
        }
    }
    for index in &catalogue.indexes {
        for rule in draft.rules_at(index.place.line) {
            add(rule, Taken::Page("/simple/".to_owned()));
        }
    }
    served
}
