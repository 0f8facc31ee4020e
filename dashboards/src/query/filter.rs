//! Which events a question is about: a tree of conditions over columns.

use super::before;
use super::dimension::Field;
use super::place::{Invalid, Place, quoted};
use super::plan::Table;
use super::sql::Params;
use super::words::{listed, words};

words! {
    /// How a column is compared with the values beside it; one fitting value is enough.
    Test {
        /// Equal to one of them.
        Is => "is",
        /// Equal to none of them.
        IsNot => "is_not",
        /// Has one of them in it.
        Contains => "contains",
        /// Has none of them in it.
        ContainsNot => "contains_not",
        /// Fits one of these regular expressions (RE2).
        Matches => "matches",
        /// Fits none of these regular expressions.
        MatchesNot => "matches_not",
        /// A version that comes before the one given, by the rules of its registry.
        Before => "before",
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Filter {
    /// A column against values.
    Column(Test, Field, Vec<String>),
    /// All of these.
    And(Vec<Filter>),
    /// One of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
}

const MOST_DEPTH: usize = 8;
const MOST_BRANCHES: usize = 50;
const MOST_VALUES: usize = 200;
const MOST_VALUE_BYTES: usize = 1024;

impl Filter {
    /// Reads a list of filters, all of which must hold.
    pub(super) fn read_all(place: &Place<'_>) -> Result<Vec<Self>, Invalid> {
        read_list(place, 0)
    }

    /// Calls `visit` with every column that the condition looks at.
    pub(super) fn each_field(&self, visit: &mut impl FnMut(Field)) {
        match self {
            Self::Column(_, field, _) => visit(*field),
            Self::And(filters) | Self::Or(filters) => {
                for filter in filters {
                    filter.each_field(visit);
                }
            }
            Self::Not(filter) => filter.each_field(visit),
        }
    }

    /// The condition on `table` as SQL; values become parameters.
    pub(super) fn condition(&self, table: Table, params: &mut Params) -> String {
        match self {
            Self::Column(test, field, values) => {
                column(*test, field.expression(table), values, params)
            }
            Self::And(filters) => joined(filters, " AND ", table, params),
            Self::Or(filters) => joined(filters, " OR ", table, params),
            Self::Not(filter) => format!("NOT ({})", filter.condition(table, params)),
        }
    }
}

fn joined(filters: &[Filter], word: &str, table: Table, params: &mut Params) -> String {
    let conditions: Vec<_> = filters
        .iter()
        .map(|filter| filter.condition(table, params))
        .collect();
    format!("({})", conditions.join(word))
}

fn column(test: Test, column: &str, values: &[String], params: &mut Params) -> String {
    match test {
        Test::Is => format!("{column} IN {}", params.texts(values)),
        Test::IsNot => format!("{column} NOT IN {}", params.texts(values)),
        Test::Contains => format!("multiSearchAny({column}, {})", params.texts(values)),
        Test::ContainsNot => format!("NOT multiSearchAny({column}, {})", params.texts(values)),
        Test::Matches => patterns(column, values, params),
        Test::MatchesNot => format!("NOT {}", patterns(column, values, params)),
        // Names stand in its place by now (`before.rs`); an export, which knows none, refuses it.
        Test::Before => "0".to_owned(),
    }
}

fn patterns(column: &str, values: &[String], params: &mut Params) -> String {
    let fits: Vec<_> = values
        .iter()
        .map(|value| format!("match({column}, {})", params.text(value)))
        .collect();
    format!("({})", fits.join(" OR "))
}

fn read_list(place: &Place<'_>, depth: usize) -> Result<Vec<Filter>, Invalid> {
    place
        .items(MOST_BRANCHES)?
        .iter()
        .map(|item| read(item, depth))
        .collect()
}

fn read(place: &Place<'_>, depth: usize) -> Result<Filter, Invalid> {
    if depth == MOST_DEPTH {
        return Err(place.invalid(format!("filters nest at most {MOST_DEPTH} deep")));
    }
    let parts = place.items(3)?;
    let Some((word, rest)) = parts.split_first() else {
        return Err(place.invalid("expected an operator, such as [\"is\", \"country\", [\"CH\"]]"));
    };
    match (word.text()?, rest) {
        ("and", [list]) => Ok(Filter::And(some(list, read_list(list, depth + 1)?)?)),
        ("or", [list]) => Ok(Filter::Or(some(list, read_list(list, depth + 1)?)?)),
        ("not", [filter]) => Ok(Filter::Not(Box::new(read(filter, depth + 1)?))),
        (operator @ ("and" | "or" | "not"), _) => {
            Err(place.invalid(format!("{operator:?} takes exactly one list")))
        }
        (operator, _) => read_column(place, word, operator, rest),
    }
}

fn read_column(
    place: &Place<'_>,
    word: &Place<'_>,
    operator: &str,
    rest: &[Place<'_>],
) -> Result<Filter, Invalid> {
    let test = Test::from_word(operator).ok_or_else(|| {
        let tests = listed!(Test);
        word.invalid(format!(
            "invalid operator {}; one of {tests}, and, or, not",
            quoted(operator)
        ))
    })?;
    let [field, values] = rest else {
        return Err(place.invalid(format!(
            "{operator:?} takes a dimension and a list of values"
        )));
    };
    let (column, list) = (field, values);
    let field = Field::read(column)?;
    let values = read_values(list, test)?;
    if test == Test::Before {
        before::check(list, column, field, &values)?;
    }
    Ok(Filter::Column(test, field, values))
}

fn read_values(place: &Place<'_>, test: Test) -> Result<Vec<String>, Invalid> {
    let items = place.items(MOST_VALUES)?;
    let values = items
        .iter()
        .map(|item| read_value(item, test))
        .collect::<Result<Vec<_>, _>>()?;
    some(place, values)
}

fn read_value(place: &Place<'_>, test: Test) -> Result<String, Invalid> {
    let value = place.text()?;
    if value.len() > MOST_VALUE_BYTES {
        return Err(place.invalid(format!("a value has at most {MOST_VALUE_BYTES} bytes")));
    }
    if matches!(test, Test::Matches | Test::MatchesNot) {
        check_pattern(place, value)?;
    }
    Ok(value.to_owned())
}

/// The engine runs the pattern with RE2, whose syntax this library shares but for corner cases.
fn check_pattern(place: &Place<'_>, pattern: &str) -> Result<(), Invalid> {
    match regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build()
    {
        Ok(_) => Ok(()),
        Err(_) => Err(place.invalid(format!("invalid regular expression {}", quoted(pattern)))),
    }
}

fn some<T>(place: &Place<'_>, list: Vec<T>) -> Result<Vec<T>, Invalid> {
    if list.is_empty() {
        Err(place.invalid("expected at least one element"))
    } else {
        Ok(list)
    }
}
