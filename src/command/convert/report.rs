//! What a conversion has to say beside its result: which rules are not in it, and which answer otherwise.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Why a rule cannot be converted, and what to do instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    what: String,
    help: String,
}

impl Refusal {
    pub(super) fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: help.into(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    NotConverted,
    LeftOut,
    Changed,
}

/// The same thing said of one or more rules.
#[derive(Debug)]
struct Finding {
    verdict: Verdict,
    about: Refusal,
    /// Numbers of rules, rising.
    rules: Vec<usize>,
}

/// All findings of one conversion.
#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// A rule that is not in the result though it did something.
    pub(super) fn not_converted(&mut self, rule: usize, about: Refusal) {
        self.add(Verdict::NotConverted, rule, about);
    }

    /// A rule that is not in the result since no request ever reached it.
    pub(super) fn left_out(&mut self, rule: usize, about: Refusal) {
        self.add(Verdict::LeftOut, rule, about);
    }

    /// A rule that answers otherwise than at Scarf.
    pub(super) fn changed(&mut self, rule: usize, about: Refusal) {
        self.add(Verdict::Changed, rule, about);
    }

    fn add(&mut self, verdict: Verdict, rule: usize, about: Refusal) {
        let mut findings = self.findings.iter_mut();
        let same = findings.find(|one| one.verdict == verdict && one.about == about);
        match same {
            Some(finding) if finding.rules.contains(&rule) => {}
            Some(finding) => {
                finding.rules.push(rule);
                finding.rules.sort_unstable();
            }
            None => self.findings.push(Finding {
                verdict,
                about,
                rules: vec![rule],
            }),
        }
    }

    /// How many rules did something and are not in the result.
    pub(super) fn missing(&self) -> usize {
        self.count(Verdict::NotConverted)
    }

    fn count(&self, verdict: Verdict) -> usize {
        self.rules(verdict).len()
    }

    fn rules(&self, verdict: Verdict) -> BTreeSet<usize> {
        let found = self.findings.iter().filter(|one| one.verdict == verdict);
        found.flat_map(|one| one.rules.iter().copied()).collect()
    }

    /// The rules that are not in the result, for whatever reason.
    pub(super) fn absent(&self) -> BTreeSet<usize> {
        let mut absent = self.rules(Verdict::NotConverted);
        absent.extend(self.rules(Verdict::LeftOut));
        absent
    }

    /// Forgets what was said of the answers of rules that are not in the result.
    pub(super) fn settle(&mut self) {
        let gone = self.absent();
        for finding in &mut self.findings {
            if finding.verdict == Verdict::Changed {
                finding.rules.retain(|rule| !gone.contains(rule));
            }
        }
        self.findings.retain(|finding| !finding.rules.is_empty());
    }

    /// The report in lines. `lines` are the rules' own, for people to find them by.
    pub(super) fn text(&self, source: &str, lines: &[usize]) -> String {
        let (missing, unreached) = (self.missing(), self.count(Verdict::LeftOut));
        let total = lines.len();
        let converted = total - missing - unreached;
        let mut text = format!("converted {converted} of {total} rules of {source}\n");
        let parts = [
            (Verdict::NotConverted, "not converted, and yours to mend"),
            (
                Verdict::LeftOut,
                "left out, since no request ever reached them",
            ),
            (Verdict::Changed, "answered otherwise than by Scarf"),
        ];
        for (verdict, title) in parts {
            let findings = self.findings.iter().filter(|one| one.verdict == verdict);
            let mut findings: Vec<&Finding> = findings.collect();
            findings.sort_by_key(|finding| finding.rules[0]);
            for (at, Finding { about, rules, .. }) in findings.into_iter().enumerate() {
                if at == 0 {
                    let _ = writeln!(text, "\n{title}:");
                }
                let Refusal { what, help } = about;
                let _ = writeln!(text, "  {}: {what}", subject(rules, lines));
                if !help.is_empty() {
                    let _ = writeln!(text, "    {help}");
                }
            }
        }
        text
    }
}

/// `rule 3 (line 20)` or `rules 1-4, 9`.
fn subject(rules: &[usize], lines: &[usize]) -> String {
    if let [rule] = rules {
        return format!("rule {rule} (line {})", lines[rule - 1]);
    }
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &rule in rules {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == rule => *last = rule,
            _ => runs.push((rule, rule)),
        }
    }
    let runs: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| match last - first {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first}-{last}"),
        })
        .collect();
    format!("rules {}", runs.join(", "))
}
