//! Entries put together: what stands in one `[[package]]` or `[[index]]`, and in which order they stand.

use std::collections::hash_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};

use super::entry::{Entry, Item, Route, Way};
use super::writing::{file_text, keep, list, route_text, string};

/// Some lines and the rules that they came from.
pub(super) struct Piece {
    pub(super) rules: Vec<usize>,
    pub(super) text: String,
}

/// One `[[package]]` or `[[index]]`.
pub(super) struct Block {
    key: Key,
    rank: u8,
    /// The lowest number of a rule in it.
    first: usize,
    domains: Vec<String>,
    ids: Vec<String>,
    parts: Vec<Piece>,
}

/// What entries share that stand in one block.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Image {
        package: String,
        name: String,
        upstream: String,
    },
    Routes {
        package: String,
        collects: bool,
    },
    /// Regexes are tried in the order written, so only neighbours share a block.
    Regexes {
        package: String,
        collects: bool,
        neighbours: usize,
    },
    Project {
        package: String,
    },
    Index {
        upstream: String,
    },
}

/// Puts entries together that are written together; `tokens` takes the tokens that go into files.
pub(super) fn blocks(entries: &[Entry], tokens: &mut BTreeMap<String, Vec<String>>) -> Vec<Block> {
    let mut order: Vec<&Entry> = entries.iter().collect();
    order.sort_by_key(|entry| rank(&entry.item));
    let mut blocks = grouped(&order, tokens);
    // Packages in the manifest's order; regexes stay as they are tried.
    let place = |block: &Block| match block.rank {
        REGEXES => 0,
        _ => block.first,
    };
    blocks.sort_by_key(|block| (block.rank, place(block)));
    shared(blocks)
}

fn grouped(order: &[&Entry], tokens: &mut BTreeMap<String, Vec<String>>) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut known: HashMap<(Key, &str), usize> = HashMap::new();
    let (mut last, mut neighbours) = (None, 0);
    for entry in order {
        let own = (&entry.package, &entry.domain, collects(&entry.item));
        if last != Some(own) {
            neighbours += 1;
            last = Some(own);
        }
        let key = key(entry, neighbours);
        let at = match known.entry((key.clone(), &entry.domain)) {
            Slot::Occupied(slot) => *slot.get(),
            Slot::Vacant(slot) => {
                blocks.push(Block {
                    key,
                    rank: rank(&entry.item),
                    first: entry.rule,
                    domains: vec![entry.domain.clone()],
                    ids: Vec::new(),
                    parts: Vec::new(),
                });
                *slot.insert(blocks.len() - 1)
            }
        };
        blocks[at].add(entry, tokens);
    }
    blocks
}

/// See [`rank`].
const REGEXES: u8 = 2;

/// Where in the file an entry stands.
fn rank(item: &Item) -> u8 {
    match item {
        Item::Image { .. } => 0,
        Item::Route(Route {
            way: Way::Regex(_), ..
        }) => REGEXES,
        Item::Route(_) => 1,
        Item::File(_) | Item::Indexed { .. } => 3,
    }
}

fn collects(item: &Item) -> bool {
    matches!(item, Item::Route(Route { collects: true, .. }))
}

fn key(entry: &Entry, neighbours: usize) -> Key {
    let package = entry.package.clone();
    match &entry.item {
        Item::Image { name, upstream } => Key::Image {
            package,
            name: name.clone(),
            upstream: upstream.clone(),
        },
        Item::Route(Route {
            way: Way::Regex(_),
            collects,
            ..
        }) => Key::Regexes {
            package,
            collects: *collects,
            neighbours,
        },
        Item::Route(Route { collects, .. }) => Key::Routes {
            package,
            collects: *collects,
        },
        Item::File(_) => Key::Project { package },
        Item::Indexed { upstream } => Key::Index {
            upstream: upstream.clone(),
        },
    }
}

/// Puts blocks that differ in their domain alone into one.
fn shared(blocks: Vec<Block>) -> Vec<Block> {
    let mut kept: Vec<Block> = Vec::new();
    let mut known: HashMap<(Key, String), usize> = HashMap::new();
    for block in blocks {
        let text = block.parts.iter().map(|part| part.text.as_str()).collect();
        match known.entry((block.key.clone(), text)) {
            Slot::Vacant(slot) => {
                slot.insert(kept.len());
                kept.push(block);
            }
            Slot::Occupied(slot) => {
                let one = &mut kept[*slot.get()];
                one.domains.extend(block.domains);
                one.ids.extend(block.ids);
                for (part, other) in one.parts.iter_mut().zip(block.parts) {
                    part.rules.extend(other.rules);
                }
            }
        }
    }
    kept
}

impl Block {
    fn add(&mut self, entry: &Entry, tokens: &mut BTreeMap<String, Vec<String>>) {
        self.ids.extend(entry.id.clone());
        self.first = self.first.min(entry.rule);
        let text = match &entry.item {
            Item::Image { .. } => String::new(),
            Item::Route(route) => {
                let file = route
                    .tokens
                    .as_ref()
                    .map(|list| keep(list, entry, route, tokens));
                route_text(route, file.as_deref())
            }
            Item::File(file) => file_text(file),
            Item::Indexed { .. } => entry.package.clone(),
        };
        // Of a project in an index there is one mention for all of its files.
        let known = match &entry.item {
            Item::Indexed { .. } => self.parts.iter_mut().find(|part| part.text == text),
            _ => None,
        };
        match known {
            Some(part) => part.rules.push(entry.rule),
            None => self.parts.push(Piece {
                rules: vec![entry.rule],
                text,
            }),
        }
    }

    /// The block's lines: its head, then its parts, then an empty line.
    pub(super) fn pieces(self) -> Vec<Piece> {
        let rules = self
            .parts
            .iter()
            .flat_map(|part| part.rules.iter().copied());
        let head = Piece {
            rules: rules.collect(),
            text: self.head(),
        };
        let parts = match self.key {
            Key::Image { .. } | Key::Index { .. } => Vec::new(),
            _ => self.parts,
        };
        let end = Piece {
            rules: Vec::new(),
            text: "\n".to_owned(),
        };
        std::iter::once(head).chain(parts).chain([end]).collect()
    }

    fn head(&self) -> String {
        let domains = list(&self.domains);
        let ids = self.comment();
        let package = |name: &str, kind: &str, rest: String| {
            let name = string(name);
            format!(
                "{ids}[[package]]\nname = {name}\nkind = \"{kind}\"\ndomains = {domains}\n{rest}"
            )
        };
        match &self.key {
            Key::Image {
                package: name,
                name: image,
                upstream,
            } => {
                let rest = format!(
                    "image = {}\nupstream = {}\n",
                    string(image),
                    string(upstream)
                );
                package(name, "oci", rest)
            }
            Key::Routes {
                package: name,
                collects,
            }
            | Key::Regexes {
                package: name,
                collects,
                ..
            } => {
                let kind = if *collects { "event" } else { "file" };
                package(name, kind, String::new())
            }
            Key::Project { package: name } => package(name, "python", "status = 307\n".to_owned()),
            Key::Index { upstream } => {
                let projects: Vec<String> =
                    self.parts.iter().map(|part| part.text.clone()).collect();
                let (upstream, projects) = (string(upstream), list(&projects));
                format!(
                    "{ids}[[index]]\nkind = \"pypi\"\ndomains = {domains}\nupstream = {upstream}\npackages = {projects}\n"
                )
            }
        }
    }

    /// Scarf's keys, for those who have data from there.
    fn comment(&self) -> String {
        let mut ids = self.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        match &ids[..] {
            [] => String::new(),
            [id] => format!("# Scarf's package {id}\n"),
            ids => format!("# Scarf's packages {}\n", ids.join(", ")),
        }
    }
}
