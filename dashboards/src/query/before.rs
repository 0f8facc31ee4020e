//! The test `before`: versions that come before another one, by the rules of the package's registry.
//!
//! SQL knows no such rules. So the versions there are get asked for first, are put in order here, and those before
//! the bound stand in the test's place by their names.

use super::dimension::Field;
use super::filter::{Filter, Test};
use super::parse::{Question, Target};
use super::period::Period;
use super::place::{Invalid, Place, quoted};
use super::sql::{Param, Params, Sql, about, utc};
use super::version_order::Rules;

/// Columns whose values have an order.
const FIELDS: &[Field] = &[Field::Version, Field::RuntimeVersion];
/// What the names may have together: they travel in the address of a request, which holds 64 KiB.
const MOST_BYTES: usize = 24 << 10;

/// A version, and the ecosystem that it is one of; empty where that says nothing of its order.
pub(crate) type Known = (String, String);

/// Checks the condition `field` before `values`.
pub(super) fn check(
    place: &Place<'_>,
    word: &Place<'_>,
    field: Field,
    values: &[String],
) -> Result<(), Invalid> {
    if !FIELDS.contains(&field) {
        return Err(word.invalid(format!(
            "{} has no order; before takes version or runtime_version",
            quoted(field.as_str())
        )));
    }
    match values {
        [_] => Ok(()),
        _ => Err(place.invalid("before takes one value")),
    }
}

/// Refuses `before` where rows stream from one statement: which versions those are takes another.
pub(super) fn refuse(filters: &[Filter]) -> Result<(), Invalid> {
    let is_tested = |field: &Field| filters.iter().any(|filter| tests(filter, *field));
    if FIELDS.iter().any(is_tested) {
        return Err(invalid(
            "an export knows no order of versions; name them with \"is\"".to_owned(),
        ));
    }
    Ok(())
}

impl Question {
    /// The columns that are tested with `before`.
    pub(crate) fn ordered_fields(&self) -> Vec<Field> {
        let is_tested = |field: &&Field| self.filters.iter().any(|filter| tests(filter, **field));
        FIELDS.iter().filter(is_tested).copied().collect()
    }

    /// The statement for the values of `field` that there are in `period`.
    pub(crate) fn known_values(&self, field: Field, period: &Period) -> Result<Sql, Invalid> {
        let mut params = Params::default();
        let about = about(&self.target, &mut params).unwrap_or_else(|| "1".to_owned());
        params.named("from", Param::Text(utc(period.from)));
        let template = match (field, &self.target) {
            (Field::RuntimeVersion, _) => include_str!("known_runtimes.sql"),
            (_, Target::Package(_)) => include_str!("known_versions.sql"),
            _ => {
                return Err(invalid(
                    "versions of several packages have no order; ask about one package".to_owned(),
                ));
            }
        };
        Ok(Sql::fill(template, &[("where", &about)], params))
    }

    /// The same question with the names of versions in place of `before`, given all that there are.
    pub(crate) fn with_values(mut self, field: Field, known: &[Known]) -> Result<Self, Invalid> {
        let filters = self.filters.into_iter();
        self.filters = filters
            .map(|filter| named(filter, field, known))
            .collect::<Result<_, _>>()?;
        Ok(self)
    }
}

fn tests(filter: &Filter, field: Field) -> bool {
    match filter {
        Filter::Column(test, other, _) => *test == Test::Before && *other == field,
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().any(|filter| tests(filter, field))
        }
        Filter::Not(filter) => tests(filter, field),
    }
}

fn named(filter: Filter, field: Field, known: &[Known]) -> Result<Filter, Invalid> {
    let all = |filters: Vec<Filter>| -> Result<Vec<Filter>, Invalid> {
        let filters = filters.into_iter();
        filters.map(|filter| named(filter, field, known)).collect()
    };
    Ok(match filter {
        Filter::Column(Test::Before, other, bound) if other == field => {
            let bound = bound.first().map_or("", String::as_str);
            Filter::Column(Test::Is, field, names_before(bound, known)?)
        }
        Filter::And(filters) => Filter::And(all(filters)?),
        Filter::Or(filters) => Filter::Or(all(filters)?),
        Filter::Not(filter) => Filter::Not(Box::new(named(*filter, field, known)?)),
        column @ Filter::Column(..) => column,
    })
}

fn names_before(bound: &str, known: &[Known]) -> Result<Vec<String>, Invalid> {
    let readable = |ecosystem: &str| Rules::of(ecosystem).compare(bound, bound).is_some();
    let ecosystem = known.first().map_or("", |(_, ecosystem)| ecosystem);
    if !readable(ecosystem) {
        return Err(invalid(format!(
            "{} is no version that has an order here; write one such as 3.0",
            quoted(bound)
        )));
    }
    let is_before = |(version, ecosystem): &&Known| {
        Rules::of(ecosystem)
            .compare(version, bound)
            .is_some_and(std::cmp::Ordering::is_lt)
    };
    let names: Vec<_> = known
        .iter()
        .filter(is_before)
        .map(|(version, _)| version.clone())
        .collect();
    if names.iter().map(String::len).sum::<usize>() > MOST_BYTES {
        return Err(invalid(
            "too many versions come before it; ask for a shorter range".to_owned(),
        ));
    }
    Ok(names)
}

fn invalid(message: String) -> Invalid {
    Invalid {
        pointer: "/filters".to_owned(),
        message,
    }
}
