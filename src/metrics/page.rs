//! The table as a page for people: `docs/METRICS.md`.

use std::fmt::Write as _;

use super::table::{GROUPS, Kind};

/// What stands before the table.
const HEAD: &str = "# Metrics

`[operator] listen` opens a listener for those who run Weir; `/metrics` there answers in OpenMetrics, for Prometheus and
what speaks like it. [Operating](operating.md) says what to watch and what to do.

Nothing is told apart by what a package, a client or a host is called, so the number of series is bounded whatever is
asked for. All counters start at 0 with the process. This page is made from the table in `src/metrics/`.
";

/// The page.
pub fn page() -> String {
    let mut text = HEAD.to_owned();
    for group in GROUPS {
        // INVARIANT: a string takes all that is written to it.
        let _ = write!(
            text,
            "\n## {}\n\n{}\n\n| name | kind | labels | says |\n|---|---|---|---|\n",
            group.title, group.about
        );
        for metric in group.metrics {
            let labels: Vec<_> = metric
                .labels
                .iter()
                .map(|label| format!("`{label}`"))
                .collect();
            let kind = match metric.kind {
                Kind::Histogram => "histogram, in seconds",
                kind => kind.as_str(),
            };
            let _ = writeln!(
                text,
                "| `{}` | {kind} | {} | {}. |",
                metric.series(),
                labels.join(", "),
                metric.help
            );
        }
    }
    text
}
