//! The proof of a conversion: what it wrote loads. Rules of which that is not true are taken out and reported.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Context as _;
use weir_config::{Config, Problem};

use super::entry::Entry;
use super::output::write_tokens;
use super::report::{Refusal, Report};
use super::writing::{Draft, draft};

/// What is left of `entries` once everything in it loads.
pub(super) struct Proven {
    pub(super) entries: Vec<Entry>,
    pub(super) draft: Draft,
    pub(super) config: Config,
}

/// Writes and loads until there is nothing wrong.
pub(super) fn proven(mut entries: Vec<Entry>, report: &mut Report) -> anyhow::Result<Proven> {
    loop {
        let draft = draft(&entries);
        let problems = match load(&draft)? {
            Ok(config) => {
                return Ok(Proven {
                    entries,
                    draft,
                    config,
                });
            }
            Err(problems) => problems,
        };
        let mut refused = BTreeSet::new();
        for Problem {
            place,
            message,
            help,
            ..
        } in problems
        {
            let help =
                help.unwrap_or_else(|| "mend it in the manifest and convert again".to_owned());
            // The first problem with a rule is enough to find it by.
            for &rule in draft.rules_at(place.line) {
                if refused.insert(rule) {
                    report.not_converted(rule, Refusal::new(message.clone(), help.clone()));
                }
            }
        }
        let before = entries.len();
        entries.retain(|entry| !refused.contains(&entry.rule));
        anyhow::ensure!(
            entries.len() < before,
            "what was converted does not load; please report it with the manifest"
        );
    }
}

/// Loads a draft as `weir serve` would, from a folder of its own.
fn load(draft: &Draft) -> anyhow::Result<Result<Config, Vec<Problem>>> {
    let folder = tempfile::tempdir().context("cannot make a folder to try the result in")?;
    let path = folder.path().join("weir.toml");
    fs::write(&path, &draft.text).context("cannot write the result to try it")?;
    write_tokens(folder.path(), draft)?;
    let name = format!("{}:", path.display());
    Ok(Config::load(&path, []).map_err(|errors| {
        let mut problems = errors.0;
        for problem in &mut problems {
            // The folder is gone when this is read.
            problem.message = problem.message.replace(&name, "line ");
        }
        problems
    }))
}
