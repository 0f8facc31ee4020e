//! Scarf's CSV, as its export gives it. The header says which column is which.
//!
//! Scarf has no address any more: its pseudonym of a source stands in for one, in memory, so that one
//! source stays one visitor of a day; its places and organisations are taken over as they are.

use std::net::{IpAddr, Ipv6Addr};

use serde_json::Value;
use weir_event::Kind;

use super::csv;
use super::entry::{Entry, Refusal, Told};
use super::format::Known;
use super::json;
use super::scarf::{ecosystem, put_reserved};

/// One line by the names of its columns.
struct Line<'a> {
    columns: &'a [String],
    fields: Vec<String>,
}

impl Line<'_> {
    fn text(&self, name: &str) -> &str {
        let at = self.columns.iter().position(|column| column == name);
        at.and_then(|at| self.fields.get(at))
            .map_or("", String::as_str)
    }
}

pub(super) fn read(
    text: &str,
    columns: &mut Vec<String>,
    known: &Known,
) -> Option<Result<Entry, Refusal>> {
    let fields = csv::fields(text);
    if columns.is_empty() {
        *columns = fields;
        let has_time = columns.iter().any(|name| name == "time");
        return (!has_time).then_some(Err(Refusal::Missing("the header's column time")));
    }
    let line = Line { columns, fields };
    Some(event(&line, known))
}

fn event(line: &Line<'_>, known: &Known) -> Result<Entry, Refusal> {
    let kind = match line.text("type") {
        "pixel-fetch" => Kind::View,
        _ => Kind::Download,
    };
    let time = super::time::of_text(line.text("time")).ok_or(Refusal::Malformed("time"))?;
    let mut told = Told::new(kind, time);
    let id = line.text("id");
    told.id = (!id.is_empty()).then(|| id.to_owned());
    let (package, pixel) = (line.text("package"), line.text("pixel"));
    let named = if package.is_empty() { pixel } else { package };
    told.package = known.package.clone().unwrap_or_else(|| named.to_owned());
    if told.package.is_empty() {
        return Err(Refusal::Missing("package"));
    }
    pixel.clone_into(&mut told.artifact);
    line.text("version").clone_into(&mut told.version);
    line.text("user_agent").clone_into(&mut told.user_agent);
    line.text("referer").clone_into(&mut told.referrer);
    line.text("platform").clone_into(&mut told.os);
    told.opted_out = matches!(line.text("dnt"), "true" | "t" | "1");
    told.address = stand_in(line.text("origin_id"));
    if let Ok(variables) = serde_json::from_str::<Value>(line.text("variables")) {
        json::flat("", &variables, &mut told.props);
    }
    put_reserved(&mut told);
    told.given = given(line, kind);
    Ok(Entry::Told(Box::new(told)))
}

fn given(line: &Line<'_>, kind: Kind) -> Vec<(&'static str, String)> {
    let country = line.text("origin_country");
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut given = vec![
        ("ecosystem", ecosystem(kind).to_owned()),
        // Also where it is none: the stand-in for the address lies nowhere.
        (
            "country",
            if is_code {
                country.to_ascii_uppercase()
            } else {
                String::new()
            },
        ),
        ("net_type", line.text("origin_connection_type").to_owned()),
        ("org_name", line.text("origin_company").to_owned()),
        ("org_domain", line.text("origin_domain").to_owned()),
    ];
    if !line.text("origin_company").is_empty() {
        given.push(("org_evidence", "scarf".to_owned()));
    }
    if let Some(confidence) = percent(line.text("confidence")) {
        given.push(("org_confidence", confidence.to_string()));
    }
    given
}

/// A probability from 0 to 1, or a percentage.
fn percent(text: &str) -> Option<u8> {
    let number: f64 = text.parse().ok()?;
    let percent = if number <= 1.0 {
        number * 100.0
    } else {
        number
    };
    #[allow(clippy::cast_sign_loss)] // just looked at
    (0.0..=100.0)
        .contains(&percent)
        .then_some(percent.round() as u8)
}

/// An address that nobody has (unique local, RFC 4193), the same for the same source.
fn stand_in(source: &str) -> Option<IpAddr> {
    if source.is_empty() {
        return None;
    }
    let mut octets = [0; 16];
    octets.copy_from_slice(&blake3::hash(source.as_bytes()).as_bytes()[..16]);
    octets[0] = 0xfd;
    Some(Ipv6Addr::from(octets).into())
}
