//! Helm charts from a chart repository (Helm documentation, "The Chart Repository Guide").
//!
//! `index.yaml` passes through with the first address of each of our charts pointed at
//! `/charts/NAME-VERSION.tgz`, the only one that clients use. Digests stay, and the signed provenance
//! beside a chart speaks of names and digests alone, so neither minds. Charts in container registries
//! are images; see [`super::oci`].

mod listing;
mod scalar;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;

use crate::answer::Failure;
use crate::ecosystem::document::Document;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// The list of a repository's charts.
const INDEX: &str = "index.yaml";
/// Where charts are here.
const CHARTS: &str = "/charts/";
const ARCHIVE: &str = ".tgz";
/// What a chart's signature has behind the chart's own name.
const PROVENANCE: &str = ".prov";

/// Decides a request below a chart repository.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if path.strip_prefix('/') == Some(INDEX) {
        let plan = listing(index).map_or(Plan::Fail(Failure::UnknownPath), Plan::Document);
        return Decision::uncounted(plan);
    }
    match Chart::read(path, index) {
        Some(chart) => of_chart(head, path, index, chart),
        None => onward::pass(head, index, path),
    }
}

fn of_chart<'a>(head: &Head<'a>, path: &str, index: &'a Index, chart: Chart) -> Decision<'a> {
    let beside = if chart.is_provenance { PROVENANCE } else { "" };
    let plan = match listing(index) {
        Some(document) if path.starts_with(CHARTS) => Plan::Listed {
            document,
            file: chart.file.clone(),
            beside,
        },
        // Where the upstream itself has it: an index from before us still says so.
        _ => onward::to_file(head, index, onward::address(index, path, head.query)),
    };
    let kind = if chart.is_provenance {
        onward::of_metadata(head)
    } else {
        onward::of_file(head)
    };
    let mut fact = Fact::new(kind, "helm", "", CHARTS);
    fact.package = Cow::Owned(chart.name);
    fact.version = Cow::Owned(chart.version);
    fact.artifact = Cow::Owned(chart.file);
    Decision::new(plan, fact)
}

fn listing(index: &Index) -> Option<Document<'_>> {
    Some(Document {
        index,
        url: index.upstream.join(INDEX).ok()?,
        name: Cow::Borrowed(INDEX),
        accept: "",
        content_type: "application/yaml",
        rewrite: listing::rewrite,
    })
}

/// One version of one of our charts, by the name of its archive.
#[derive(Debug)]
struct Chart {
    name: String,
    version: String,
    file: String,
    is_provenance: bool,
}

impl Chart {
    fn read(path: &str, index: &Index) -> Option<Self> {
        let (_, last) = path.rsplit_once('/')?;
        let last = percent_decode_str(last).decode_utf8().ok()?;
        let file = last.strip_suffix(PROVENANCE).unwrap_or(&last);
        let stem = file.strip_suffix(ARCHIVE)?;
        let (name, version) = parts(stem).find(|(name, _)| index.counts(name))?;
        Some(Self {
            name: name.to_owned(),
            version: version.to_owned(),
            file: file.to_owned(),
            is_provenance: file.len() < last.len(),
        })
    }
}

/// The ways to take `NAME-VERSION` apart, the longest version first: names hold hyphens and digits.
fn parts(stem: &str) -> impl Iterator<Item = (&str, &str)> {
    let hyphens = stem.match_indices('-');
    hyphens
        .map(|(at, _)| (&stem[..at], &stem[at + 1..]))
        .filter(|(name, version)| !name.is_empty() && is_version(version))
}

/// Whether it is a version of three numbers, with a `v` in front perhaps (Semantic Versioning 2.0.0).
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (numbers, rest) = text.split_at(end);
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    numbers.split('.').count() == 3
        && numbers.split('.').all(is_number)
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn a_chart_is_downloaded_by_its_archive() {
        let trace = include_str!("helm/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Helm, "/helm/", &["compass*"], trace), @"
        # Helm/3.15.2: repo add, pull --verify (commands as its source has them)
        GET /helm/index.yaml
          not counted
          the document https://up.test/root/index.yaml with its addresses pointed here
        GET /helm/charts/compass-2.1.0.tgz
          download | compass | /charts/ | 2.1.0 | compass-2.1.0.tgz
          302 to where https://up.test/root/index.yaml says compass-2.1.0.tgz is
        GET /helm/charts/compass-2.1.0.tgz.prov
          metadata | compass | /charts/ | 2.1.0 | compass-2.1.0.tgz
          302 to where https://up.test/root/index.yaml says compass-2.1.0.tgz.prov is
        # Helm/3.15.2: a version with build metadata, and a chart of somebody else's beside ours
        GET /helm/charts/compass-rose-1.0.0%2Bnorth.1.tgz
          download | compass-rose | /charts/ | 1.0.0+north.1 | compass-rose-1.0.0+north.1.tgz
          302 to where https://up.test/root/index.yaml says compass-rose-1.0.0+north.1.tgz is
        GET /helm/tideline-0.3.0.tgz
          not counted
          302 to https://up.test/root/tideline-0.3.0.tgz
        # Flux and Argo CD, every few minutes
        GET /helm/index.yaml
          not counted
          the document https://up.test/root/index.yaml with its addresses pointed here
        # an index from before us, whose addresses are the upstream's own
        GET /helm/files/compass-2.0.0.tgz?token=1
          download | compass | /charts/ | 2.0.0 | compass-2.0.0.tgz
          302 to https://up.test/root/files/compass-2.0.0.tgz?token=1
        HEAD /helm/charts/compass-2.1.0.tgz
          check | compass | /charts/ | 2.1.0 | compass-2.1.0.tgz
          302 to where https://up.test/root/index.yaml says compass-2.1.0.tgz is
        GET /helm/charts/compass.tgz
          not counted
          302 to https://up.test/root/charts/compass.tgz
        ");
    }

    #[test]
    fn names_and_versions_may_both_hold_hyphens() {
        let all = |stem| {
            parts(stem)
                .map(|(name, version)| format!("{name} {version}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(all("compass-2.1.0"), ["compass 2.1.0"]);
        assert_eq!(
            all("compass-rose-2-1.0.0-rc.1+north.5"),
            ["compass-rose-2 1.0.0-rc.1+north.5"]
        );
        assert_eq!(all("compass-v2.1.0"), ["compass v2.1.0"]);
        assert_eq!(
            all("compass-1.0.0-2.0.0"),
            ["compass 1.0.0-2.0.0", "compass-1.0.0 2.0.0"]
        );
        for stem in [
            "compass",
            "compass-2.1",
            "-2.1.0",
            "compass-2.1.0.4",
            "compass-2.1.0_1",
        ] {
            assert!(all(stem).is_empty(), "{stem}");
        }
    }
}
