//! A body that is taken whole or not at all: JSON objects, one after another or in arrays.

use serde_json::{Deserializer, Value};

use super::{Wanted, Wrong, accepted, checked, read, refused};
use crate::answer::Reply;
use crate::fact::Fact;

/// Most events in one body.
const MAX_EVENTS: usize = 1000;

/// Why a body holds no events. Nothing of it is taken then.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum BodyError {
    /// Not JSON from here on.
    #[error("line {line}, column {column}: {wrong}")]
    Json {
        line: usize,
        column: usize,
        wrong: Wrong,
    },
    /// JSON, but no event.
    #[error("line {line}: {wrong}")]
    Event { line: usize, wrong: Wrong },
    /// What path and query say is wrong by itself.
    #[error(transparent)]
    Empty(#[from] Wrong),
    /// More than [`MAX_EVENTS`].
    #[error("more than {MAX_EVENTS} events in one body")]
    TooMany,
}

/// The events of `body`, each on top of `base`, and the answer.
pub(crate) fn take(
    wanted: &Wanted,
    base: &Fact<'static>,
    body: &[u8],
) -> (Vec<Fact<'static>>, Reply) {
    match events(wanted, base, body) {
        Ok(facts) => {
            let reply = accepted(wanted.status, facts.len());
            (facts, reply)
        }
        Err(error) => (Vec::new(), refused(&error)),
    }
}

fn events(
    wanted: &Wanted,
    base: &Fact<'static>,
    body: &[u8],
) -> Result<Vec<Fact<'static>>, BodyError> {
    if body.trim_ascii().is_empty() {
        return Ok(vec![checked(base.clone(), &wanted.values)?]);
    }
    let mut facts = Vec::new();
    let mut values = Deserializer::from_slice(body).into_iter::<Value>();
    loop {
        let begins = values.byte_offset();
        let items = match values.next() {
            None => return Ok(facts),
            Some(Ok(Value::Array(items))) => items,
            Some(Ok(value)) => vec![value],
            Some(Err(error)) => {
                return Err(BodyError::Json {
                    line: error.line(),
                    column: error.column(),
                    wrong: Wrong::json(&error),
                });
            }
        };
        if facts.len() + items.len() > MAX_EVENTS {
            return Err(BodyError::TooMany);
        }
        for item in &items {
            let fact = read(base, item, &wanted.values).map_err(|wrong| BodyError::Event {
                line: line_after(body, begins),
                wrong,
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use weir_event::Kind;

    use super::*;

    fn count(body: &[u8]) -> Result<usize, BodyError> {
        let wanted = Wanted {
            status: 202,
            values: Arc::default(),
            by_line: false,
        };
        let base = Fact::new(Kind::Custom, "event", "acme/app", "/t");
        events(&wanted, &base, body).map(|facts| facts.len())
    }

    #[test]
    fn objects_follow_one_another_and_errors_name_their_place() {
        for (body, events) in [
            ("", 1),
            ("{\"a\":1}\n\n{\"a\":2}\n", 2),
            ("[{},{}]", 2),
            ("{\"a\":1} {\"a\":2}{\n\"a\":3\n}[{}]", 4),
        ] {
            assert_eq!(count(body.as_bytes()), Ok(events), "{body}");
        }
        let why = |body: &str| count(body.as_bytes()).unwrap_err().to_string();
        insta::assert_snapshot!(why("{\"a\":1}\n{oops}\n"), @"line 2, column 2: not JSON: key must be a string");
        insta::assert_snapshot!(why("{\n  \"a\": 1,\n  oops\n}"), @"line 3, column 3: not JSON: key must be a string");
        insta::assert_snapshot!(why("{\"a\":1}\n7\n"), @"line 2: an event is a JSON object");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body: Vec<u8>) {
            let _ = count(&body);
        }
    }
}
