//! Python rules that name the index their project is in: Scarf's gateway lists files by rule all the same, ours asks.

use std::collections::{BTreeMap, HashMap};

use super::manifest::{Kind, Rule, Written};

/// A file's rule and the index that it names.
type File<'r> = (usize, Option<&'r str>);

/// The index to ask, by rule: where all rules of a project name the same one, and one index for each domain. Other
/// projects are listed file by file.
pub(super) fn named(rules: &[Rule]) -> HashMap<usize, String> {
    let mut of_domain: HashMap<&str, &str> = HashMap::new();
    let mut found = HashMap::new();
    for ((domain, _), files) in projects(rules) {
        let index = files[0].1;
        let Some(index) = index.filter(|_| files.iter().all(|file| file.1 == index)) else {
            continue;
        };
        if *of_domain.entry(domain).or_insert(index) == index {
            found.extend(files.iter().map(|(rule, _)| (*rule, index.to_owned())));
        }
    }
    found
}

/// Files by domain and project.
fn projects(rules: &[Rule]) -> BTreeMap<(&str, String), Vec<File<'_>>> {
    let mut projects: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for Rule {
        number, written, ..
    } in rules
    {
        let Ok(written) = written else { continue };
        let Written {
            domain,
            kind: Kind::Python(file),
            ..
        } = written
        else {
            continue;
        };
        let project = projects.entry((domain.as_str(), written.package()));
        let index = file.backend_simple_index_url.as_deref();
        project.or_default().push((*number, index));
    }
    projects
}
