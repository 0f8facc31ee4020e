//! The collector: events that a package's own users send, by path, query, JSON or NDJSON.

pub(crate) mod document;
pub(crate) mod lines;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use weir_config::Captures;
use weir_config::catalogue::{Intake, Origins, Route, Tokens, ValueType};
use weir_event::Kind;

use crate::answer::{Dialect, Failure, Reply};
use crate::cors::{self, Page};
use crate::ecosystem::collector::Collector;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// Most values of one event beside the columns that all have; rows keep as many.
const MAX_VALUES: usize = 32;
/// What a page's script may send with, and which fields.
const METHODS: &str = "GET, HEAD, POST";
const FIELDS: &str = "authorization, content-type, idempotency-key";
/// Media types of an object a line.
const BY_LINE: [&str; 4] = [
    "application/x-ndjson",
    "application/ndjson",
    "application/jsonl",
    "application/x-jsonlines",
];

/// What a route takes of a body.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Acknowledges events that were taken.
    pub(crate) status: u16,
    /// What values must be.
    pub(crate) values: Arc<[(String, ValueType)]>,
    /// Each line is an object by itself, and a wrong one costs no other.
    pub(crate) by_line: bool,
}

/// Whether `route` answers this method at all.
pub(crate) fn answers(route: &Route, method: Method) -> bool {
    let Some(intake) = &route.intake else {
        return true;
    };
    let by_page = method == Method::Options && intake.origins != Origins::Unset;
    !intake.post_only || method == Method::Post || by_page
}

/// Decides a request that `route` of `package` has matched.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    package: &'a str,
    route: &'a Route,
    intake: &Intake,
    taken: &Captures<'a>,
) -> Decision<'a> {
    let page = cors::page(head, &intake.origins);
    let decision = match head.method {
        _ if page == Page::Stranger => Decision::uncounted(Plan::Fail(Failure::Origin)),
        Method::Options if page == Page::Unnamed => {
            Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method)))
        }
        // A browser asks before it shows a token.
        Method::Options => Decision::uncounted(Plan::Reply(cors::preflight(METHODS, FIELDS))),
        _ if !may_send(head, intake.tokens.as_ref()) => {
            Decision::uncounted(Plan::Fail(Failure::NoToken))
        }
        Method::Get | Method::Head => {
            let fact = fact(head, package, route, taken);
            match checked(fact, &intake.values) {
                Ok(fact) => Decision::new(Plan::Reply(accepted(route.status, 1)), fact),
                Err(wrong) => Decision::uncounted(Plan::Reply(refused(&wrong))),
            }
        }
        Method::Post => {
            let wanted = Wanted {
                status: route.status,
                values: Arc::clone(&intake.values),
                by_line: is_by_line(head),
            };
            let fact = fact(head, package, route, taken);
            Decision::new(Plan::Collect(Collector::Events(wanted)), fact)
        }
    };
    decision.in_dialect(Dialect::Json).for_page(page)
}

/// What path and query say.
fn fact<'a>(head: &Head<'a>, package: &'a str, route: &'a Route, taken: &Captures<'a>) -> Fact<'a> {
    let kind = if head.method == Method::Head {
        Kind::Check
    } else {
        Kind::Custom
    };
    let mut fact = Fact::new(kind, "event", package, route.name());
    for (name, _) in taken.iter() {
        let value = taken.get(name).unwrap_or_default();
        put(&mut fact, name.into(), value);
    }
    // A regex or a plain path leaves the whole query to the sender's own data; a template its rest.
    for part in taken.rest_of_query() {
        for (name, value) in url::form_urlencoded::parse(part.as_bytes()) {
            put(&mut fact, name, value);
        }
    }
    fact
}

fn is_by_line(head: &Head<'_>) -> bool {
    let media_type = head.text("content-type").split(';').next();
    let media_type = media_type.unwrap_or_default().trim();
    BY_LINE
        .iter()
        .any(|known| known.eq_ignore_ascii_case(media_type))
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
    let given: [u8; 32] = Sha256::digest(given.trim()).into();
    known.contains(&given)
}

/// The words that are columns of their own go there; the rest is the sender's own data.
pub(crate) fn put<'a>(fact: &mut Fact<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    match name.as_ref() {
        "version" | "$version" => fact.version = value,
        "os" | "platform" => fact.os = value,
        "arch" => fact.arch = value,
        // Scarf's other words tell who sends and when, which the request itself tells here.
        reserved if reserved.starts_with('$') => {}
        _ if fact.props.len() <= MAX_VALUES
            && fact.props.iter().all(|(known, _)| *known != name) =>
        {
            fact.props.push((name, value));
        }
        _ => {}
    }
}

/// `{"a":{"b":1}}` becomes `a.b = 1`; deeper than four is kept as text.
pub(crate) fn flatten(fact: &mut Fact<'static>, name: String, value: &Value, depth: usize) {
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

/// Why something is no event.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Wrong {
    /// Not JSON.
    #[error("not JSON: {reason}")]
    Json { reason: String },
    /// JSON, but not an object.
    #[error("an event is a JSON object")]
    NotAnObject,
    /// A value of another type than the route says.
    #[error("{name} is no {expected}")]
    Type {
        name: String,
        expected: &'static str,
    },
    /// More than [`MAX_VALUES`].
    #[error("an event has at most {MAX_VALUES} values")]
    TooManyValues,
    /// A line longer than one event may be.
    #[error("the line is longer than {} KiB", lines::MAX_LINE / 1024)]
    TooLong,
}

impl Wrong {
    /// What `serde_json` says, without the place, which is told apart.
    pub(crate) fn json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or_default();
        Self::Json {
            reason: reason.to_owned(),
        }
    }
}

/// One event of a body, on top of what path and query say.
pub(crate) fn read(
    base: &Fact<'static>,
    value: &Value,
    types: &[(String, ValueType)],
) -> Result<Fact<'static>, Wrong> {
    if !value.is_object() {
        return Err(Wrong::NotAnObject);
    }
    let mut fact = base.clone();
    flatten(&mut fact, String::new(), value, 0);
    checked(fact, types)
}

/// The fact, if its values are what they must be.
pub(crate) fn checked<'a>(
    fact: Fact<'a>,
    types: &[(String, ValueType)],
) -> Result<Fact<'a>, Wrong> {
    if fact.props.len() > MAX_VALUES {
        return Err(Wrong::TooManyValues);
    }
    let wrong = fact.props.iter().find_map(|(name, value)| {
        let (_, expected) = types.iter().find(|(known, _)| known == name)?;
        (!fits(*expected, value)).then(|| Wrong::Type {
            name: name.clone().into_owned(),
            expected: expected.as_str(),
        })
    });
    wrong.map_or(Ok(fact), Err)
}

/// A query has text alone, so it is what a value says that counts.
fn fits(expected: ValueType, value: &str) -> bool {
    match expected {
        ValueType::Text => true,
        ValueType::Number => serde_json::from_str::<serde_json::Number>(value).is_ok(),
        ValueType::Boolean => matches!(value, "true" | "false"),
    }
}

/// The answer to `count` events taken.
pub(crate) fn accepted(status: u16, count: usize) -> Reply {
    Reply::json(status, &json!({ "accepted": count })).with("cache-control", "no-store")
}

/// The answer to what was refused whole.
pub(crate) fn refused(why: &dyn std::fmt::Display) -> Reply {
    Reply::json(400, &json!({ "error": why.to_string() })).with("cache-control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, types: &[(String, ValueType)]) -> Result<Fact<'static>, Wrong> {
        let base = Fact::new(Kind::Custom, "event", "acme/app", "/t");
        read(&base, &serde_json::from_str(text).expect("JSON"), types)
    }

    #[test]
    fn an_object_is_flattened_and_known_words_become_columns() {
        let fact = read_text(
            r#"{"version":"1.2","os":"linux","step":{"name":"start","took":3},"none":null}"#,
            &[],
        )
        .expect("an event");
        insta::assert_debug_snapshot!((&fact.version, &fact.os, &fact.props), @r#"
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
    fn of_scarfs_own_words_the_version_counts_and_nobodys_address_is_taken() {
        let fact = read_text(
            r#"{"$version":"1.2","$remote_address":"203.0.113.7","$headers":[{"name":"a"}],"step":"end"}"#,
            &[],
        )
        .expect("an event");
        assert_eq!(fact.version, "1.2");
        assert_eq!(fact.props, [("step".into(), "end".into())]);
    }

    #[test]
    fn a_value_is_what_its_route_says() {
        let types = [
            ("took".to_owned(), ValueType::Number),
            ("ok".to_owned(), ValueType::Boolean),
        ];
        for good in [
            r#"{"took":3,"ok":true}"#,
            r#"{"took":"3.5e2","ok":"false"}"#,
            r#"{"took":-0.5,"other":[1]}"#,
            r#"{"took":null}"#,
        ] {
            assert!(read_text(good, &types).is_ok(), "{good}");
        }
        let why = |text| read_text(text, &types).unwrap_err().to_string();
        insta::assert_snapshot!(why(r#"{"took":"long"}"#), @"took is no number");
        insta::assert_snapshot!(why(r#"{"took":"NaN"}"#), @"took is no number");
        insta::assert_snapshot!(why(r#"{"took":1,"ok":1}"#), @"ok is no boolean");
    }

    #[test]
    fn an_event_with_more_values_than_a_row_keeps_is_refused() {
        let with = |count: usize| {
            let fields = (0..count).map(|at| format!("\"v{at}\":1"));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        };
        assert!(read_text(&with(32), &[]).is_ok());
        assert_eq!(
            read_text(&with(33), &[]).map(drop),
            Err(Wrong::TooManyValues)
        );
    }
}
