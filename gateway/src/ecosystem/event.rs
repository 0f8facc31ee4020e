//! The collector: events that a package's own users send, by path, query, JSON or NDJSON.

use std::borrow::Cow;

use serde_json::{Deserializer, Value};
use sha2::{Digest as _, Sha256};
use weir_config::Captures;
use weir_config::catalogue::{Route, Tokens};
use weir_event::Kind;

use crate::answer::{Dialect, Failure, Reply};
use crate::ecosystem::collector::Collector;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// Most bytes of one body.
pub(crate) const MAX_BODY: usize = 64 * 1024;
/// Most events in one body.
const MAX_EVENTS: usize = 1000;
/// Most properties of one event.
const MAX_PROPS: usize = 64;

/// Decides a request that `route` of `package` has matched.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    package: &'a str,
    route: &'a Route,
    taken: &Captures<'a>,
) -> Decision<'a> {
    let kind = if head.method == Method::Head {
        Kind::Check
    } else {
        Kind::Custom
    };
    let mut fact = Fact::new(kind, "event", package, &route.name);
    for (name, _) in taken.iter() {
        put(
            &mut fact,
            Cow::Borrowed(name),
            taken.get(name).unwrap_or_default(),
        );
    }
    // A regex or a plain path leaves the whole query to the sender's own data; a template its rest.
    for part in taken.rest_of_query() {
        for (name, value) in url::form_urlencoded::parse(part.as_bytes()) {
            put(&mut fact, name, value);
        }
    }
    let status = route.status;
    let decision = match head.method {
        Method::Options => Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method))),
        _ if !may_send(head, route.tokens.as_ref()) => {
            Decision::uncounted(Plan::Fail(Failure::NoToken))
        }
        Method::Get | Method::Head => Decision::new(Plan::Reply(accepted(status, 1)), fact),
        Method::Post => Decision::new(Plan::Collect(Collector::Events { status }), fact),
    };
    decision.in_dialect(Dialect::Json)
}

/// Whether the sender gives one of the tokens, if the route asks for one.
fn may_send(head: &Head<'_>, tokens: Option<&Tokens>) -> bool {
    let Some(Tokens(known)) = tokens else {
        return true;
    };
    let given = head.text("authorization").split_once(' ');
    let given = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let Some((_, given)) = given else {
        return false;
    };
    // Of digests it does not matter how much of one a comparison gives away by the time it takes.
    let given = Sha256::digest(given.trim());
    known.iter().any(|token| Sha256::digest(token) == given)
}

/// The words that are columns of their own go there; the rest is the sender's own data.
fn put<'a>(fact: &mut Fact<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    match name.as_ref() {
        "version" => fact.version = value,
        "os" | "platform" => fact.os = value,
        "arch" => fact.arch = value,
        _ if fact.props.len() < MAX_PROPS && fact.props.iter().all(|(known, _)| *known != name) => {
            fact.props.push((name, value));
        }
        _ => {}
    }
}

/// The answer to `count` events taken.
pub(crate) fn accepted(status: u16, count: usize) -> Reply {
    Reply::json(status, &serde_json::json!({ "accepted": count })).with("cache-control", "no-store")
}

/// Why a body holds no events. Nothing of it is taken then.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// Not JSON.
    #[error("line {line}, column {column}: not JSON: {reason}")]
    Json {
        line: usize,
        column: usize,
        reason: String,
    },
    /// JSON, but not an object of simple values.
    #[error("line {line}: an event is a JSON object")]
    NotAnObject { line: usize },
    /// More than [`MAX_EVENTS`].
    #[error("more than {MAX_EVENTS} events in one body")]
    TooMany,
}

/// Reads a body of JSON objects, one after another or in arrays, each on top of `base`.
pub(crate) fn read_body(
    base: &Fact<'static>,
    body: &[u8],
) -> Result<Vec<Fact<'static>>, BodyError> {
    if body.trim_ascii().is_empty() {
        return Ok(vec![base.clone()]);
    }
    let mut facts = Vec::new();
    let mut values = Deserializer::from_slice(body).into_iter::<Value>();
    loop {
        let begins = values.byte_offset();
        let items = match values.next() {
            None => return Ok(facts),
            Some(Ok(Value::Array(items))) => items,
            Some(Ok(value)) => vec![value],
            Some(Err(error)) => return Err(BodyError::json(&error)),
        };
        if facts.len() + items.len() > MAX_EVENTS {
            return Err(BodyError::TooMany);
        }
        for item in &items {
            let fact = read_event(base, item).ok_or_else(|| BodyError::NotAnObject {
                line: line_after(body, begins),
            })?;
            facts.push(fact);
        }
    }
}

/// The line, from 1, of the first text after `offset`.
fn line_after(body: &[u8], offset: usize) -> usize {
    let space = body[offset..]
        .iter()
        .take_while(|byte| byte.is_ascii_whitespace());
    let before = offset + space.count();
    1 + memchr::memchr_iter(b'\n', &body[..before]).count()
}

impl BodyError {
    fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let reason = text
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_owned();
        Self::Json {
            line: error.line(),
            column: error.column(),
            reason,
        }
    }
}

fn read_event(base: &Fact<'static>, value: &Value) -> Option<Fact<'static>> {
    if !value.is_object() {
        return None;
    }
    let mut fact = base.clone();
    flatten(&mut fact, String::new(), value, 0);
    Some(fact)
}

/// `{"a":{"b":1}}` becomes `a.b = 1`; deeper than four is kept as text.
fn flatten(fact: &mut Fact<'static>, name: String, value: &Value, depth: usize) {
    match value {
        Value::Object(fields) if depth < 4 => {
            for (key, value) in fields {
                let name = if name.is_empty() {
                    key.clone()
                } else {
                    format!("{name}.{key}")
                };
                flatten(fact, name, value, depth + 1);
            }
        }
        Value::Null => {}
        Value::String(text) => put(fact, Cow::Owned(name), Cow::Owned(text.clone())),
        other => put(fact, Cow::Owned(name), Cow::Owned(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Vec<Fact<'static>>, BodyError> {
        read_body(
            &Fact::new(Kind::Custom, "event", "acme/app", "/t"),
            body.as_bytes(),
        )
    }

    #[test]
    fn an_object_is_flattened_and_known_words_become_columns() {
        let facts =
            read(r#"{"version":"1.2","os":"linux","step":{"name":"start","took":3},"none":null}"#)
                .expect("an event");
        insta::assert_debug_snapshot!((&facts[0].version, &facts[0].os, &facts[0].props), @r#"
        (
            "1.2",
            "linux",
            [
                (
                    "step.name",
                    "start",
                ),
                (
                    "step.took",
                    "3",
                ),
            ],
        )
        "#);
    }

    #[test]
    fn lines_are_events_and_errors_name_theirs() {
        assert_eq!(
            read("{\"a\":1}\n\n{\"a\":2}\n").map(|facts| facts.len()),
            Ok(2)
        );
        assert_eq!(read("[{},{}]").map(|facts| facts.len()), Ok(2));
        assert_eq!(
            read("{\"a\":1} {\"a\":2}{\n\"a\":3\n}[{}]").map(|facts| facts.len()),
            Ok(4)
        );
        insta::assert_snapshot!(read("{\"a\":1}\n{oops}\n").unwrap_err(), @"line 2, column 2: not JSON: key must be a string");
        insta::assert_snapshot!(read("{\n  \"a\": 1,\n  oops\n}").unwrap_err(), @"line 3, column 3: not JSON: key must be a string");
        insta::assert_snapshot!(read("{\"a\":1}\n7\n").unwrap_err(), @"line 2: an event is a JSON object");
    }

    #[test]
    fn an_empty_body_is_one_event() {
        assert_eq!(read("").map(|facts| facts.len()), Ok(1));
    }
}
