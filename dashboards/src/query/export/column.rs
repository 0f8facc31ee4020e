//! The columns of an event that may leave the store.
//!
//! Two kinds stay behind. `visitor` and `salt_epoch` are erased after two days, which nobody could
//! do in a file; and the number of a batch means nothing outside this store.

use super::super::place::{Invalid, Place, quoted};
use super::Format;

/// A column of an export.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    name: &'static str,
    kind: Kind,
}

#[derive(Debug, PartialEq, Eq)]
enum Kind {
    /// 128 bits, written as 32 hex digits: no format has a number of that size.
    Id,
    Time,
    Text,
    /// A word of a closed list.
    Word,
    Number,
    /// Texts by name.
    Map,
}

use Kind::{Id, Map, Number, Text, Time, Word};

impl Column {
    /// Every column, in the order of the table.
    pub(super) const ALL: &'static [Self] = &[
        of("event_id", Id),
        of("time", Time),
        of("kind", Word),
        of("package", Text),
        of("ecosystem", Text),
        of("domain", Text),
        of("route", Text),
        of("version", Text),
        of("version_major", Text),
        of("channel", Word),
        of("artifact", Text),
        of("digest", Text),
        of("method", Text),
        of("status", Number),
        of("answer", Word),
        of("bytes", Number),
        of("client", Text),
        of("client_version", Text),
        of("runtime", Text),
        of("runtime_version", Text),
        of("os", Text),
        of("os_version", Text),
        of("arch", Text),
        of("libc", Text),
        of("ci", Word),
        of("ci_name", Text),
        of("audience", Word),
        of("audience_reasons", Text),
        of("country", Text),
        of("region", Text),
        of("asn", Number),
        of("net_type", Text),
        of("org_id", Number),
        of("org_name", Text),
        of("org_domain", Text),
        of("org_type", Text),
        of("org_confidence", Number),
        of("org_evidence", Text),
        of("page", Text),
        of("referrer_host", Text),
        of("source", Text),
        of("campaign", Text),
        of("props", Map),
    ];

    /// Whether corrections of organisations change it.
    pub(super) fn is_organisation(&self) -> bool {
        self.name.starts_with("org_")
    }

    /// The column as `format` has it, under its own name.
    pub(super) fn selected(&self, format: Format) -> String {
        let name = self.name;
        let value = match self.kind {
            Id => format!("leftPad(lower(hex({name})), 32, '0')"),
            Time if format.is_typed() => format!("toDateTime64({name}, 3, 'UTC')"),
            Word => format!("toString({name})"),
            Text => format.text(&format!("toString({name})")),
            Map if format == Format::Csv => format!("toJSONString({name})"),
            Time | Number | Map => name.to_owned(),
        };
        format!("{value} AS {name}")
    }
}

const fn of(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// Reads a list of names, at least one and none twice.
pub(super) fn read_all(place: &Place<'_>) -> Result<Vec<&'static Column>, Invalid> {
    let mut columns: Vec<&'static Column> = Vec::new();
    for item in &place.items(Column::ALL.len())? {
        let column = read(item)?;
        if columns.contains(&column) {
            return Err(item.invalid("named twice"));
        }
        columns.push(column);
    }
    if columns.is_empty() {
        return Err(place.invalid("expected at least one element"));
    }
    Ok(columns)
}

fn read(place: &Place<'_>) -> Result<&'static Column, Invalid> {
    let word = place.text()?;
    let known = Column::ALL.iter().find(|column| column.name == word);
    known.ok_or_else(|| {
        let names: Vec<_> = Column::ALL.iter().map(|column| column.name).collect();
        let (word, names) = (quoted(word), names.join(", "));
        place.invalid(format!("invalid column {word}; one of {names}"))
    })
}
