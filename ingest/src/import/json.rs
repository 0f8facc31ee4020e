//! A JSON object's fields as the kinds of value that imports have.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::entry::Refusal;

/// One line's object.
pub(super) struct Object(pub(super) Map<String, Value>);

impl Object {
    pub(super) fn parse(text: &str) -> Result<Self, Refusal> {
        // The parser's own words may repeat the line's, so they go no further.
        serde_json::from_str(text)
            .map(Self)
            .map_err(|_| Refusal::NotJson)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A field's text; a number's or a truth value's spelling.
    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).map(text_of).unwrap_or_default()
    }

    /// The first of several names that has text.
    pub(super) fn any_text(&self, names: &[&str]) -> String {
        let texts = names.iter().map(|name| self.text(name));
        texts
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    /// A whole number, also where it is written as text.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        number_of(self.get(name)?)
    }

    /// An address, with or without a port; an error where something else stands.
    pub(super) fn address(&self, name: &'static str) -> Result<Option<IpAddr>, Refusal> {
        address(&self.text(name), name)
    }

    pub(super) fn time(&self, name: &'static str) -> Result<u32, Refusal> {
        let value = self.get(name).ok_or(Refusal::Missing(name))?;
        super::time::of_value(value).ok_or(Refusal::Malformed(name))
    }
}

/// An address, with or without a port; nothing and a dash are none.
pub(super) fn address(text: &str, name: &'static str) -> Result<Option<IpAddr>, Refusal> {
    if text.is_empty() || text == "-" {
        return Ok(None);
    }
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let with_port = || {
        text.parse::<std::net::SocketAddr>()
            .map(|socket| socket.ip())
    };
    let parsed = bare.parse().or_else(|_| with_port());
    parsed.map(Some).map_err(|_| Refusal::Malformed(name))
}

pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

pub(super) fn number_of(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An object's fields as properties; what is nested gets a name with dots, as collectors have it.
pub(super) fn flat(name: &str, value: &Value, props: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (inner, value) in fields {
                let name = if name.is_empty() {
                    inner.clone()
                } else {
                    format!("{name}.{inner}")
                };
                flat(&name, value, props);
            }
        }
        Value::Null => {}
        other => props.push((name.to_owned(), text_of(other))),
    }
}
