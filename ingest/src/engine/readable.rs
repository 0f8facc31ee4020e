//! What people may read by statements of their own: counts and what describes them, by column.
//!
//! Not granted is what identifies: `visitor` and its epoch, the ids of events and batches, and
//! `daily.visitors`, whose states keep visitors by an invertible hash long after the events are gone.
//! `people` has their numbers. A column that a migration adds is refused until it is named here.

/// Tables, and the columns of each.
const READABLE: [(&str, &str); 8] = [
    (
        "events",
        "time, kind, package, ecosystem, domain, route, version, version_major, channel, artifact, \
         digest, method, status, answer, bytes, client, client_version, runtime, runtime_version, os, \
         os_version, arch, libc, ci, ci_name, audience, audience_reasons, country, region, asn, \
         net_type, org_id, org_name, org_domain, org_type, org_confidence, org_evidence, page, \
         referrer_host, source, campaign, props",
    ),
    (
        "hourly",
        "package, hour, kind, audience, requests, answered, bytes",
    ),
    (
        "daily",
        "package, day, kind, version, audience, requests, answered, bytes",
    ),
    (
        "splits",
        "property, package, day, value, detail, kind, audience, requests, answered, bytes",
    ),
    ("people", "package, day, by, kind, version, people"),
    ("releases", "package, version, first_seen, last_seen"),
    (
        "organisations",
        "package, org_id, asn, day, kind, audience, version, version_major, org_name, org_domain, \
         org_type, org_confidence, org_evidence, requests, answered",
    ),
    (
        "imported_totals",
        "source, package, version, country, day, span, downloads, imported_at",
    ),
];

/// Every such column, with its table.
pub fn readable_columns() -> Vec<(&'static str, &'static str)> {
    let columns = READABLE
        .into_iter()
        .flat_map(|(table, columns)| columns.split(", ").map(move |column| (table, column)));
    columns.collect()
}

/// The grants of the user that runs people's statements.
pub(super) fn grants(database: &str) -> Vec<String> {
    let grant = |(table, columns)| format!("GRANT SELECT({columns}) ON {database}.{table}");
    READABLE.into_iter().map(grant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_column_that_tells_one_visitor_from_another_is_granted() {
        for (table, column) in readable_columns() {
            assert!(
                !["visitor", "visitors", "salt_epoch", "event_id", "batch_id"].contains(&column),
                "{table}.{column}"
            );
        }
        assert!(grants("weir").contains(
            &"GRANT SELECT(package, version, first_seen, last_seen) ON weir.releases".to_owned()
        ));
    }
}
