//! Which hosts and tags belong to which source: a table that the program carries, looked up by name.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

const BUILTIN: &str = include_str!("../../../sources/builtin.toml");

/// The table as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    source: Vec<WrittenSource>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSource {
    name: String,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
}

/// Names of sources by what leads to them.
#[derive(Debug)]
pub(in crate::enrich) struct SourceRules {
    hosts: HashMap<String, String>,
    /// Hosts without their public ending, which may be any.
    stems: HashMap<String, String>,
    tags: HashMap<String, String>,
}

impl SourceRules {
    /// The rules of the program itself, read once.
    pub(in crate::enrich) fn builtin() -> &'static Self {
        static OWN: LazyLock<SourceRules> = LazyLock::new(|| {
            let written = toml::from_str(BUILTIN);
            SourceRules::compile(written.expect("the program's own rules are tested"))
        });
        &OWN
    }

    fn compile(written: Written) -> Self {
        let mut rules = Self {
            hosts: HashMap::new(),
            stems: HashMap::new(),
            tags: HashMap::new(),
        };
        for WrittenSource { name, hosts, tags } in written.source {
            for host in hosts {
                match host.strip_suffix(".*") {
                    Some(stem) => rules.stems.insert(stem.to_owned(), name.clone()),
                    None => rules.hosts.insert(host, name.clone()),
                };
            }
            let tags = tags.into_iter().map(|tag| (tag, name.clone()));
            rules.tags.extend(tags);
        }
        rules
    }

    /// The source of a referring host in lower case: of the longest name that is known.
    pub(super) fn of_host(&self, host: &str) -> Option<&str> {
        let mut name = host;
        loop {
            let (first, rest) = name.split_once('.').unwrap_or((name, ""));
            let found = self.hosts.get(name);
            let found = found.or_else(|| self.stems.get(first).filter(|_| is_ending(rest)));
            if found.is_some() || rest.is_empty() {
                return found.map(String::as_str);
            }
            name = rest;
        }
    }

    /// The source that a tag in lower case names.
    pub(super) fn of_tag(&self, tag: &str) -> Option<&str> {
        self.tags.get(tag).map(String::as_str)
    }
}

/// Whether names are given out below it to everybody: `com`, `co.uk`, and not `github.io`.
fn is_ending(name: &str) -> bool {
    let suffix = psl::suffix(name.as_bytes());
    suffix.is_some_and(|it| it == name.as_bytes() && it.typ() == Some(psl::Type::Icann))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_host_and_a_tag_stand_in_the_table_once_and_in_lower_case() {
        let written: Written = toml::from_str(BUILTIN).expect("the table");
        let mut known = HashSet::new();
        for source in &written.source {
            for word in source.hosts.iter().chain(&source.tags) {
                assert_eq!(*word, word.to_ascii_lowercase());
                let is_tag = source.tags.contains(word);
                assert!(known.insert((is_tag, word)), "{word} stands twice");
            }
        }
    }

    #[test]
    fn the_longest_name_decides() {
        let rules = SourceRules::builtin();
        assert_eq!(rules.of_host("mail.google.com"), Some("Newsletters"));
        assert_eq!(rules.of_host("gemini.google.com"), Some("AI assistants"));
        assert_eq!(rules.of_host("news.google.co.uk"), Some("Search engines"));
    }
}
