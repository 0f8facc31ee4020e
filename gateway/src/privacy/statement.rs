//! The statement for programs. Its fields only ever become more; a change of meaning is another `version`.

use serde_json::{Value, json};
use weir_ingest::Organisations;
use weir_traces::Joining;

use super::Told;
use crate::optout;

/// When what the signal means here was last thought through (Global Privacy Control §4, `lastUpdate`).
const GPC_READ: &str = "2026-11-21";

/// Who keeps what of a download, for how long, and how to have nothing kept.
pub(super) fn json(told: Told<'_>) -> Value {
    let Told {
        controller,
        kept,
        practice,
        traces,
    } = told;
    let visitor = practice.visitor;
    let organisations = practice.organisations.as_ref();
    json!({
        "version": 1,
        "controller": {
            "name": controller.name,
            "contact": controller.contact.as_ref().map(weir_config::Contact::as_str),
        },
        "purposes": purposes(organisations),
        "organisation_recognition": {
            "enabled": organisations.is_some(),
            "excluded_countries": organisations.map_or(&[][..], |known| &known.excluded_countries),
        },
        "ip": {
            "stored": false,
            "forwarded_upstream": false,
            "lookup_prefix": { "v4": practice.lookup_prefix.v4, "v6": practice.lookup_prefix.v6 },
            "ptr": practice.reverse_dns,
        },
        "visitor_id": {
            "method": "blake3-keyed",
            "salt_lifetime_h": visitor.salt_hours,
            "salt_kept": visitor.salt_kept,
            "salt_persisted": false,
            "scope": "package",
            "bits": visitor.bits,
            "erased_after_h": visitor.erased_after_hours,
        },
        "fields": practice.fields,
        "retention": { "events_days": kept.events_days, "counts_months": kept.counts_months },
        "signals": ["DNT", "Sec-GPC", "X-No-Analytics"],
        "opt_out": {
            "path_prefix": format!("{}/", optout::PREFIX),
            "host_prefix": weir_config::UNCOUNTED,
        },
        "traces": traces.map(|traces| json!({
            "share": traces.share,
            "joined": traces.joining == Joining::Trusted,
        })),
        "third_parties": [],
        "data_sources": practice
            .sources
            .iter()
            .map(|source| json!({ "name": source.name, "licence": source.licence }))
            .collect::<Value>(),
        "software": concat!("weir ", env!("CARGO_PKG_VERSION")),
    })
}

/// To know organisations is a purpose of its own.
fn purposes(organisations: Option<&Organisations>) -> Vec<&'static str> {
    let recognition = organisations.map(|_| "organisation-recognition");
    std::iter::once("download-statistics")
        .chain(recognition)
        .collect()
}

/// That the signal is honoured, everywhere and always.
pub(super) fn gpc() -> Value {
    json!({ "gpc": true, "lastUpdate": GPC_READ })
}
