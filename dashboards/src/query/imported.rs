//! What registries counted, as the metric `imported`. It stands alone: a download in there may be one that the
//! gateway saw too, so nothing of it is ever beside events, nor split by what only events know.

use super::dimension::{Dimension, Field, Interval};
use super::metric::Metric;
use super::parse::Question;
use super::period::Period;
use super::place::{Invalid, Place, quoted};
use super::plan::{LAST_DAY_WHOLE, Plan, Reads, Table};

/// What a total says besides how many and when.
const FIELDS: &[Field] = &[
    Field::Registry,
    Field::Package,
    Field::Version,
    Field::VersionMinor,
    Field::Country,
];

impl Question {
    /// Whether it is about what registries counted.
    pub(crate) fn is_imported(&self) -> bool {
        self.metrics.contains(&Metric::Imported)
    }
}

/// Checks that a wish asks of what is counted only what is known of it. `metrics` are those at the root, none
/// where it is about single events.
pub(super) fn check(root: &Place<'_>, metrics: &[Metric]) -> Result<(), Invalid> {
    let imported = metrics
        .iter()
        .position(|metric| *metric == Metric::Imported);
    if let Some(place) = imported.filter(|_| metrics.len() > 1) {
        let place = items(root, "metrics")?.swap_remove(place);
        return Err(place.invalid(
            "imported stands alone: registries count by rules of their own; ask for it in a question of its own",
        ));
    }
    let is_imported = imported.is_some();
    for place in items(root, "dimensions")? {
        match Dimension::read(&place)? {
            Dimension::Time(Interval::Hour) if is_imported => {
                return Err(place.invalid("registries count by day; ask for time:day"));
            }
            Dimension::Time(_) => {}
            Dimension::Field(field) => check_field(&place, field, is_imported)?,
        }
    }
    items(root, "filters")?
        .iter()
        .try_for_each(|filter| check_filter(filter, is_imported))
}

/// A filter that was read before, so it has the shape of one.
fn check_filter(filter: &Place<'_>, is_imported: bool) -> Result<(), Invalid> {
    let parts = filter.items(usize::MAX)?;
    let (Some(word), Some(rest)) = (parts.first(), parts.get(1)) else {
        return Ok(());
    };
    match word.text()? {
        "and" | "or" => rest
            .items(usize::MAX)?
            .iter()
            .try_for_each(|filter| check_filter(filter, is_imported)),
        "not" => check_filter(rest, is_imported),
        _ => check_field(rest, Field::read(rest)?, is_imported),
    }
}

fn check_field(place: &Place<'_>, field: Field, is_imported: bool) -> Result<(), Invalid> {
    if is_imported && !FIELDS.contains(&field) {
        let known: Vec<_> = FIELDS.iter().map(|field| field.as_str()).collect();
        return Err(place.invalid(format!(
            "imported totals know no {}; one of {}",
            quoted(field.as_str()),
            known.join(", ")
        )));
    }
    if !is_imported && field == Field::Registry {
        return Err(place.invalid("only the metric imported has a registry"));
    }
    Ok(())
}

fn items<'a>(root: &Place<'a>, member: &str) -> Result<Vec<Place<'a>>, Invalid> {
    root.member(member)
        .map_or(Ok(Vec::new()), |place| place.items(usize::MAX))
}

/// How a question about totals is answered: by the one table that has them.
pub(super) fn plan(period: &Period, other: Option<&Period>) -> Plan {
    let reads = Reads::only(Table::Imported);
    let mut warnings = Vec::new();
    if !period.is_utc_days() {
        warnings.push("days are UTC days here: registries count by those".to_owned());
    }
    if other.is_some_and(|other| !other.is_whole_days()) {
        warnings.push(LAST_DAY_WHOLE.to_owned());
    }
    Plan {
        reads,
        compared: reads,
        comparable: true,
        people_comparable: true,
        incomplete: false,
        warnings,
    }
}
