//! A statement: text from the `.sql` files beside this one, and values that travel as parameters.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::dimension::Dimension;
use super::filter::{Filter, Test};
use super::narrow;
use super::parse::{Column, Direction, Question, Target};
use super::period::Period;
use super::plan::Table;
use super::source::source;

/// What the store runs. Equal statements have equal answers, so this is also the key of the cache.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Sql {
    /// Text with server-side parameters such as `{from:Date}`; it never contains a caller's value.
    pub text: String,
    /// The parameters by name.
    pub params: Vec<(String, Param)>,
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Param {
    /// Text, or anything written as text: a date, a time.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// A list of numbers that the store gave.
    Numbers(Vec<u32>),
    /// A count.
    Number(u64),
}

/// Parameters of a statement in the making.
#[derive(Debug, Default)]
pub(super) struct Params(Vec<(String, Param)>);

impl Params {
    /// Adds a value and returns its placeholder.
    pub(super) fn text(&mut self, value: &str) -> String {
        self.numbered("String", Param::Text(value.to_owned()))
    }

    /// Adds a list and returns its placeholder.
    pub(super) fn texts(&mut self, values: &[String]) -> String {
        self.numbered("Array(String)", Param::Texts(values.to_vec()))
    }

    fn numbered(&mut self, sql_type: &str, value: Param) -> String {
        let name = format!("p{}", self.0.len());
        let placeholder = format!("{{{name}:{sql_type}}}");
        self.0.push((name, value));
        placeholder
    }

    /// Adds a value whose placeholder stands in a template.
    pub(super) fn named(&mut self, name: &str, value: Param) {
        self.0.push((name.to_owned(), value));
    }
}

impl Param {
    fn size_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Texts(texts) => texts.iter().map(String::len).sum(),
            Self::Numbers(numbers) => size_of_val(numbers.as_slice()),
            Self::Number(_) => size_of::<u64>(),
        }
    }
}

impl Sql {
    /// About how much memory it takes.
    pub(crate) fn size_bytes(&self) -> usize {
        let params = self
            .params
            .iter()
            .map(|(name, value)| name.len() + value.size_bytes());
        self.text.len() + params.sum::<usize>()
    }

    /// The table that the text reads first. Each FROM of ours begins a line, but for those of constants.
    pub(crate) fn table(&self) -> &str {
        let lines = self.text.lines().map(str::trim_start);
        lines
            .filter_map(|line| read_first(line.strip_prefix("FROM ")?))
            .find(|source| *source != "(")
            .unwrap_or_default()
    }

    /// What it answers, as the template's first comment says it, up to the first pause.
    pub(crate) fn question(&self) -> Option<&str> {
        let comment = self.text.strip_prefix("-- ")?.lines().next()?;
        comment.split(['.', ',', ';', ':']).next()
    }

    /// Fills the `$words` of a template. Parameters that the text does not use are left out.
    pub(super) fn fill(template: &str, words: &[(&str, &str)], params: Params) -> Self {
        let mut text = template.trim_end().to_owned();
        for (word, replacement) in words {
            text = text.replace(&format!("${word}"), replacement);
        }
        let used = |name: &str| text.contains(&format!("{{{name}:"));
        let params = params
            .0
            .into_iter()
            .filter(|(name, _)| used(name))
            .collect();
        Self { text, params }
    }
}

impl std::fmt::Display for Sql {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)?;
        for (name, value) in &self.params {
            match value {
                Param::Text(text) => write!(f, "\n-- {name} = {text:?}")?,
                Param::Texts(texts) => write!(f, "\n-- {name} = {texts:?}")?,
                Param::Numbers(numbers) => write!(f, "\n-- {name} = {numbers:?}")?,
                Param::Number(number) => write!(f, "\n-- {name} = {number}")?,
            }
        }
        Ok(())
    }
}

/// The statement that answers `question` for `period` from `table`.
pub(crate) fn statement(question: &Question, period: &Period, table: Table) -> Sql {
    let mut params = Params::default();
    let rows = rows(question, period, table, &mut params);
    let source = source(question, period, table, &rows, &mut params);
    let conditions = conditions(question, table, rows, &mut params);
    params.named(
        "zone",
        Param::Text(period.zone.iana_name().unwrap_or("UTC").to_owned()),
    );
    params.named("last", Param::Text(period.last.to_string()));
    params.named("limit", Param::Number(question.limit));
    params.named("offset", Param::Number(question.offset));

    let select = select(question, table);
    let dimensions = aliases('d', question.dimensions.len()).join(", ");
    let any = aliases('m', question.metrics.len())
        .iter()
        .map(|metric| format!("{metric} != 0"))
        .collect::<Vec<_>>()
        .join(" OR ");
    let words = [
        ("any", any.as_str()),
        ("select", select.as_str()),
        ("table", source.as_str()),
        ("where", &conditions),
        ("dimensions", &dimensions),
        ("order", &order(question)),
    ];
    Sql::fill(template(&question.dimensions), &words, params)
}

fn template(dimensions: &[Dimension]) -> &'static str {
    match dimensions {
        [] => include_str!("totals.sql"),
        [Dimension::Time(_)] => include_str!("series.sql"),
        _ => include_str!("breakdown.sql"),
    }
}

fn select(question: &Question, table: Table) -> String {
    let dimensions = question
        .dimensions
        .iter()
        .map(|dimension| dimension.expression(table));
    let metrics = question
        .metrics
        .iter()
        .map(|metric| metric.expression(table));
    let named = |expressions: Vec<&str>, letter| {
        let aliases = aliases(letter, expressions.len());
        expressions
            .iter()
            .zip(aliases)
            .map(|(expression, alias)| format!("{expression} AS {alias}"))
            .collect()
    };
    let columns: [Vec<String>; 2] = [
        named(dimensions.collect(), 'd'),
        named(metrics.collect(), 'm'),
    ];
    columns.concat().join(", ")
}

fn aliases(letter: char, count: usize) -> Vec<String> {
    (0..count).map(|index| format!("{letter}{index}")).collect()
}

/// The sorting asked for, then every dimension, so that pages never overlap.
fn order(question: &Question) -> String {
    let asked = question.order.iter().map(|(column, direction)| {
        let alias = match column {
            Column::Metric(index) => format!("m{index}"),
            Column::Dimension(index) => format!("d{index}"),
        };
        match direction {
            Direction::Ascending => alias,
            Direction::Descending => format!("{alias} DESC"),
        }
    });
    let ties = aliases('d', question.dimensions.len());
    asked.chain(ties).collect::<Vec<_>>().join(", ")
}

/// Which rows of `table` the question is about, before its filters.
fn rows(question: &Question, period: &Period, table: Table, params: &mut Params) -> String {
    let mut conditions = vec![during(period, table, params)];
    conditions.extend(about(&question.target, params));
    if let Table::Splits(property) = table {
        conditions.insert(0, property.condition().to_owned());
    }
    conditions.join(" AND ")
}

fn conditions(question: &Question, table: Table, rows: String, params: &mut Params) -> String {
    let mut conditions = vec![rows];
    for filter in &question.filters {
        conditions.extend(narrow::beside(filter, table, params));
        conditions.push(filter.condition(table, params));
    }
    conditions.join(" AND ")
}

/// The condition that a row belongs to `period`.
pub(super) fn during(period: &Period, table: Table, params: &mut Params) -> String {
    match table {
        Table::Events => {
            params.named("from", Param::Text(utc(period.from)));
            params.named("to", Param::Text(utc(period.to)));
            "time >= {from:DateTime('UTC')} AND time < {to:DateTime('UTC')}".to_owned()
        }
        Table::Hourly => {
            params.named("from", Param::Text(utc(period.from)));
            params.named("to", Param::Text(utc(period.to)));
            "hour >= {from:DateTime('UTC')} AND hour < {to:DateTime('UTC')}".to_owned()
        }
        Table::Daily | Table::Splits(_) | Table::Organisations | Table::Imported => {
            params.named("from", Param::Text(period.first.to_string()));
            params.named("to", Param::Text(period.last_utc_day().to_string()));
            "day >= {from:Date} AND day <= {to:Date}".to_owned()
        }
    }
}

/// The condition that a row is about `target`, unless that is everything.
pub(super) fn about(target: &Target, params: &mut Params) -> Option<String> {
    match target {
        Target::All => None,
        Target::Package(name) => {
            params.named("package", Param::Text(name.clone()));
            Some("package = {package:String}".to_owned())
        }
        Target::Among(names) => {
            params.named("packages", Param::Texts(names.clone()));
            Some("package IN {packages:Array(String)}".to_owned())
        }
    }
}

/// An instant as a `DateTime('UTC')` parameter is written.
pub(super) fn utc(instant: Timestamp) -> String {
    instant
        .to_zoned(TimeZone::UTC)
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

impl Question {
    /// The same question about another period, asked only for the values that `found` holds: a page
    /// of rows needs the comparison of these rows and of no others.
    #[must_use]
    pub(crate) fn narrowed(&self, found: &[Vec<String>]) -> Self {
        let mut narrowed = self.clone();
        narrowed.limit = super::parse::MOST_ROWS;
        narrowed.offset = 0;
        for (index, dimension) in self.dimensions.iter().enumerate() {
            if let Dimension::Field(field) = dimension {
                let mut values: Vec<_> = found.iter().map(|values| values[index].clone()).collect();
                values.sort_unstable();
                values.dedup();
                narrowed
                    .filters
                    .push(Filter::Column(Test::Is, *field, values));
            }
        }
        narrowed
    }
}

/// The first word of what stands behind FROM, or of what a statement within brackets there reads.
fn read_first(mut text: &str) -> Option<&str> {
    while let Some(within) = text.strip_prefix("(SELECT ") {
        text = within.split_once(" FROM ")?.1;
    }
    text.split_whitespace().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_is_read_is_told_also_where_it_stands_within_brackets() {
        let table = |template: &str| {
            let sql = Sql::fill(template, &[], Params::default());
            sql.table().to_owned()
        };
        let tables = [
            include_str!("export_events.sql"),
            include_str!("export_organisations.sql"),
            include_str!("known_versions.sql"),
        ]
        .map(table);
        insta::assert_snapshot!(tables.join(" "), @"events events events");
    }

    #[test]
    fn a_question_is_called_as_its_template_says_up_to_the_first_pause() {
        let question = |template: &str| {
            let sql = Sql::fill(template, &[], Params::default());
            sql.question().map(str::to_owned)
        };
        let called = [
            include_str!("breakdown.sql"),
            include_str!("funnel.sql"),
            "SELECT 1",
        ]
        .map(question);
        insta::assert_debug_snapshot!(called, @r#"
        [
            Some(
                "The metrics for each combination of the dimensions' values",
            ),
            Some(
                "How many organisations went how far from the docs to using the package",
            ),
            None,
        ]
        "#);
    }
}
