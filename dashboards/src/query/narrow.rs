//! What else holds for every row that a filter lets through, where ClickHouse finds such rows without reading all.

use super::dimension::Field;
use super::filter::{Filter, Test};
use super::plan::Table;
use super::sql::Params;

/// A condition that changes no answer, beside that of `filter` on `table`.
///
/// Names hang together with the numbers that rows of organisations are stored under, and one of the table's projections
/// knows all names; see `organisations.rs`.
pub(super) fn beside(filter: &Filter, table: Table, params: &mut Params) -> Option<String> {
    let Filter::Column(Test::Is, Field::Organisation | Field::OrganisationDomain, values) = filter
    else {
        return None;
    };
    let somebody = values.iter().all(|value| !value.is_empty());
    (table == Table::Organisations && somebody).then(|| {
        let named = filter.condition(table, params);
        format!("(org_id, asn) GLOBAL IN (SELECT org_id, asn FROM organisations WHERE {named} GROUP BY org_id, asn)")
    })
}
