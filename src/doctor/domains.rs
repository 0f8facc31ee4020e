//! DNS and certificates of the domains, as `weir domains` sees them.

use std::sync::Arc;

use weir_config::{Catalogue, Settings};

use super::Finding;

pub(super) async fn look(settings: &Settings, catalogue: &Arc<Catalogue>) -> Vec<Finding> {
    const ABOUT: &str = "domains";
    let domains = weir_gateway::domains(settings, Arc::clone(catalogue)).await;
    let missing = domains.iter().flat_map(|domain| {
        let missing = domain.missing.iter();
        missing.map(|missing| {
            let (says, todo) = missing.split_once(": ").unwrap_or((missing, ""));
            let todo = match todo {
                "" => "run weir domains, which tells all about it",
                todo => todo,
            };
            Finding::problem(ABOUT, format!("{}: {says}", domain.name), todo)
        })
    });
    let mut findings: Vec<_> = missing.collect();
    let ready = domains.iter().filter(|domain| domain.missing.is_empty());
    let ready = ready.count();
    if ready > 0 {
        findings.push(Finding::fine(
            ABOUT,
            format!("{ready} of {} are ready", domains.len()),
        ));
    }
    findings
}
