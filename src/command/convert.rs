//! `weir convert`: another gateway's rules as a configuration of ours.

mod block;
mod entry;
mod image;
mod index;
mod manifest;
mod order;
mod output;
mod proof;
mod regex;
mod report;
mod rule;
mod template;
#[cfg(test)]
mod tests;
mod writing;

use std::path::PathBuf;

use anyhow::Context as _;

use super::Failed;
use manifest::Rule;
use report::{Refusal, Report};
use weir_config::catalogue::{Catalogue, Matcher, PackageKind};
use writing::Draft;

/// What to convert.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    from: From,
}

#[derive(clap::Subcommand)]
enum From {
    /// Convert a manifest of Scarf's gateway, `{"rules": [ … ]}`.
    ///
    /// The configuration goes to standard output, or to a new file with --output. What cannot be converted
    /// and what is answered otherwise than before is said on standard error and at the head of the result.
    Scarf(Scarf),
}

#[derive(clap::Args)]
struct Scarf {
    /// The manifest.
    manifest: PathBuf,
    /// The file to write, with files for access tokens beside it; existing ones are left alone.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Serve a domain of the manifest under another name; may be repeated.
    #[arg(long = "domain", value_name = "OLD=NEW", value_parser = renamed)]
    domains: Vec<(String, String)>,
}

/// A configuration and what there is to say about it.
struct Conversion {
    draft: Draft,
    report: Report,
    /// On which line each rule begins.
    lines: Vec<usize>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let From::Scarf(arguments) = &arguments.from;
    let path = &arguments.manifest;
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let rules = manifest::read(&text).map_err(|error| Failed::Asked(error.to_string()))?;
    let conversion = convert(&rules, &arguments.domains)?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy();
    let said = conversion.report.text(&name, &conversion.lines);
    let whole = format!(
        "{}{}",
        head(&said),
        conversion.draft.text.trim_end_matches('\n')
    ) + "\n";
    match &arguments.output {
        Some(path) => output::write(path, &whole, &conversion.draft)?,
        None => output::print(&whole, &conversion.draft),
    }
    eprint!("{said}");
    match conversion.report.missing() {
        0 => Ok(()),
        1 => Err(anyhow::anyhow!("one rule is not in the result").into()),
        count => Err(anyhow::anyhow!("{count} rules are not in the result").into()),
    }
}

/// Converts rules; those that are refused are in the report.
fn convert(rules: &[Rule], renamed: &[(String, String)]) -> anyhow::Result<Conversion> {
    let mut report = Report::default();
    let mut entries = Vec::new();
    let indexes = index::named(rules);
    for Rule {
        number, written, ..
    } in rules
    {
        let index = indexes.get(number).map(String::as_str);
        let converted = match written {
            Ok(written) => rule::entries(*number, written, index, renamed, &mut report),
            Err(refusal) => Err(refusal.clone()),
        };
        match converted {
            Ok(converted) => entries.extend(converted),
            Err(refusal) => report.not_converted(*number, refusal),
        }
    }
    let entries = order::reached(entries, &mut report);
    let proof::Proven {
        entries,
        draft,
        config,
    } = proof::proven(entries, &mut report)?;
    order::moved(&entries, &draft, &config.catalogue, &mut report);
    optional_groups(&draft, &config.catalogue, &mut report);
    report.settle();
    Ok(Conversion {
        draft,
        report,
        lines: rules.iter().map(|rule| rule.line).collect(),
    })
}

/// Reports regexes that can match without one of their groups.
fn optional_groups(draft: &Draft, catalogue: &Catalogue, report: &mut Report) {
    let routes = catalogue
        .packages
        .iter()
        .flat_map(|package| match &package.kind {
            PackageKind::File(routes) => &routes[..],
            _ => &[],
        });
    for route in routes {
        let (Matcher::Regex(regex), Some(to)) = (&route.path, &route.to) else {
            continue;
        };
        let all_take_part = regex.static_captures_len() == Some(regex.captures_len());
        if all_take_part || to.variables().next().is_none() {
            continue;
        }
        for &rule in draft.rules_at(route.place.line) {
            report.changed(rule, Refusal::new(
                "it answers 404 where a group that its target names takes no part in the match; Scarf writes nothing there",
                "let the group match nothing instead, as in (?<signature>(?:\\.asc)?)",
            ));
        }
    }
}

/// What stands above the configuration.
fn head(said: &str) -> String {
    let lines = said.lines().map(|line| match line {
        "" => "#\n".to_owned(),
        line => format!("# {line}\n"),
    });
    let said: String = lines.collect();
    format!(
        "# Weir's configuration, by `weir convert scarf`. `weir check` proves it, `weir explain URL` says what it does.\n#\n{said}\n"
    )
}

fn renamed(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').and_then(|(old, new)| {
        let names = (weir_config::host_name(old)?, weir_config::host_name(new)?);
        Some((names.0.into_owned(), names.1.into_owned()))
    });
    pair.ok_or_else(|| "write OLD=NEW, two domains".to_owned())
}
