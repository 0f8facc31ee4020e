//! Requests of real clients, decided one after the other: what the tests of ecosystems read.

use std::sync::Arc;

use weir_config::Catalogue;
use weir_config::catalogue::{Index, IndexKind, Pattern, Place};

use crate::explain::{Explanation, explain};

/// Explains each `METHOD PATH` of `trace` on an index of `kind` below `mount` that counts `packages`.
/// Lines with `#` say who sent what follows.
pub(crate) fn explained(kind: IndexKind, mount: &str, packages: &[&str], trace: &str) -> String {
    let catalogue = Arc::new(Catalogue {
        indexes: vec![index(kind, mount, packages)],
        ..Catalogue::default()
    });
    let settings = weir_config::Settings::default().gateway;
    let decided = trace.lines().map(|line| match line.split_once(' ') {
        Some((method, path)) if method != "#" => {
            let address = format!("http://registry.test{path}");
            let explanation = explain(Arc::clone(&catalogue), &settings, method, &address)
                .expect("clients send requests that are looked at");
            format!("{line}\n{}\n", described(&explanation))
        }
        _ => format!("{line}\n"),
    });
    decided.collect()
}

/// An index of `kind` below `mount` whose upstream is `https://up.test/root/`.
pub(crate) fn index(kind: IndexKind, mount: &str, packages: &[&str]) -> Index {
    Index {
        kind,
        domains: vec!["registry.test".to_owned()],
        path: mount.to_owned(),
        upstream: "https://up.test/root/".parse().expect("an address"),
        packages: packages
            .iter()
            .map(|&name| Pattern(name.to_owned()))
            .collect(),
        public: Vec::new(),
        proxy: false,
        credentials: None,
        place: Place {
            file: "weir.toml".into(),
            line: 1,
            column: 1,
        },
    }
}

/// The event without what the request line says already, then the answer.
fn described(explanation: &Explanation) -> String {
    const TOLD: [&str; 3] = ["ecosystem", "domain", "method"];
    let event = explanation.event.as_ref().map(|columns| {
        let untold = columns.iter().filter(|(name, _)| !TOLD.contains(name));
        let values: Vec<_> = untold.map(|(_, value)| value.as_str()).collect();
        values.join(" | ")
    });
    format!(
        "  {}\n  {}",
        event.as_deref().unwrap_or("not counted"),
        explanation.answer
    )
}
