//! A body of one JSON object a line (NDJSON), taken as it arrives: a wrong line is told and costs no other.

use serde_json::{Value, json};

use super::{Wanted, Wrong, read};
use crate::answer::{Failure, Reply};
use crate::fact::Fact;

/// Longest line, in bytes; all of a body that is held at a time.
pub(crate) const MAX_LINE: usize = 64 * 1024;
/// Most events of one body.
const MAX_EVENTS: usize = 10_000;
/// Most wrong lines that are told; the others are counted.
const MAX_TOLD: usize = 20;

/// The lines of a body that have arrived.
pub(crate) struct Lines {
    wanted: Wanted,
    base: Fact<'static>,
    /// The beginning of a line whose end has not arrived.
    open: Vec<u8>,
    /// That line is too long already, and its rest is passed over.
    overlong: bool,
    /// Number of the last line that ended, from 1.
    line: usize,
    accepted: usize,
    refused: usize,
    told: Vec<Value>,
}

impl Lines {
    pub(crate) fn new(wanted: Wanted, base: Fact<'static>) -> Self {
        Self {
            wanted,
            base,
            open: Vec::new(),
            overlong: false,
            line: 0,
            accepted: 0,
            refused: 0,
            told: Vec::new(),
        }
    }

    /// The events of the lines that `piece` ends.
    pub(crate) fn piece(&mut self, piece: &[u8]) -> Vec<Fact<'static>> {
        let mut facts = Vec::new();
        let mut parts = piece.split(|&byte| byte == b'\n');
        let last = parts.next_back().unwrap_or_default();
        for part in parts {
            self.hold(part);
            facts.extend(self.end_line());
        }
        self.hold(last);
        facts
    }

    /// The event of a last line without an end, and the answer: `arrived` says whether the body is whole.
    pub(crate) fn end(mut self, arrived: Result<(), Failure>) -> (Option<Fact<'static>>, Reply) {
        let last = arrived.is_ok().then(|| self.end_line()).flatten();
        (last, self.report(arrived.err()))
    }

    fn hold(&mut self, part: &[u8]) {
        if self.open.len() + part.len() > MAX_LINE {
            self.overlong = true;
            self.open.clear();
        }
        if !self.overlong {
            self.open.extend_from_slice(part);
        }
    }

    fn end_line(&mut self) -> Option<Fact<'static>> {
        self.line += 1;
        let line = std::mem::take(&mut self.open);
        let event = if std::mem::take(&mut self.overlong) {
            Err((0, Wrong::TooLong))
        } else if line.trim_ascii().is_empty() || self.is_full() {
            // What comes after the last event that is taken is refused with the body.
            return None;
        } else {
            self.event(&line)
        };
        match event {
            Ok(fact) => {
                self.accepted += 1;
                Some(fact)
            }
            Err((column, wrong)) => {
                self.refuse(column, &wrong);
                None
            }
        }
    }

    /// The event of a line, or the column, from 1, where it goes wrong, if that is known.
    fn event(&self, line: &[u8]) -> Result<Fact<'static>, (usize, Wrong)> {
        let value = serde_json::from_slice(line);
        let value = value.map_err(|error| (error.column(), Wrong::json(&error)))?;
        read(&self.base, &value, &self.wanted.values).map_err(|wrong| (0, wrong))
    }

    fn refuse(&mut self, column: usize, wrong: &Wrong) {
        self.refused += 1;
        if self.told.len() == MAX_TOLD {
            return;
        }
        let error = wrong.to_string();
        self.told.push(match column {
            0 => json!({ "line": self.line, "error": error }),
            column => json!({ "line": self.line, "column": column, "error": error }),
        });
    }

    fn is_full(&self) -> bool {
        self.accepted + self.refused >= MAX_EVENTS
    }

    /// 207 (RFC 4918 §11.1) where some lines were taken and others not.
    fn report(self, failure: Option<Failure>) -> Reply {
        let full = format!("a body has at most {MAX_EVENTS} events; send the rest in another");
        let (status, error) = match (failure, self.accepted, self.refused) {
            (Some(failure), ..) => (failure.status(), Some(failure.to_string())),
            (None, ..) if self.is_full() => (413, Some(full)),
            (None, _, 0) => (self.wanted.status, None),
            (None, 0, _) => (400, Some("no line is an event".to_owned())),
            (None, ..) => (207, None),
        };
        let mut report = json!({ "accepted": self.accepted });
        if let Some(error) = error {
            report["error"] = error.into();
        }
        if self.refused > 0 {
            report["refused"] = self.refused.into();
            report["errors"] = self.told.into();
        }
        Reply::json(status, &report).with("cache-control", "no-store")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use weir_event::Kind;

    use super::*;

    /// How many events `pieces` hold, the answer's status and its text.
    fn take<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> (usize, u16, String) {
        let wanted = Wanted {
            status: 202,
            values: Arc::default(),
            by_line: true,
        };
        let base = Fact::new(Kind::Custom, "event", "acme/app", "/t");
        let mut lines = Lines::new(wanted, base);
        let taken = pieces.into_iter().map(|piece| lines.piece(piece).len());
        let taken = taken.sum::<usize>();
        let (last, reply) = lines.end(Ok(()));
        let text = String::from_utf8(reply.body.to_vec()).expect("text");
        (taken + usize::from(last.is_some()), reply.status, text)
    }

    #[test]
    fn a_wrong_line_is_told_with_its_place_and_the_others_are_taken() {
        let (taken, status, text) =
            take([b"{\"a\":1}\n\n{oops}\r\n7\n{\"a\":2}\n{\"a\":3}".as_slice()]);
        assert_eq!((taken, status), (3, 207));
        insta::assert_snapshot!(text, @r#"{"accepted":3,"refused":2,"errors":[{"line":3,"column":2,"error":"not JSON: key must be a string"},{"line":4,"error":"an event is a JSON object"}]}"#);
    }

    #[test]
    fn lines_of_which_none_is_an_event_are_refused() {
        let (taken, status, text) = take([b"7\n".as_slice()]);
        assert_eq!((taken, status), (0, 400));
        insta::assert_snapshot!(text, @r#"{"accepted":0,"error":"no line is an event","refused":1,"errors":[{"line":1,"error":"an event is a JSON object"}]}"#);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_not_held() {
        let long = vec![b' '; MAX_LINE];
        let (taken, status, text) = take([b"{", &long[..], &long[..], b"}\n{}\n"]);
        assert_eq!((taken, status), (1, 207));
        insta::assert_snapshot!(text, @r#"{"accepted":1,"refused":1,"errors":[{"line":1,"error":"the line is longer than 64 KiB"}]}"#);
    }

    #[test]
    fn a_body_has_an_end() {
        let many = "{}\n".repeat(MAX_EVENTS + 1);
        let (taken, status, _) = take([many.as_bytes()]);
        assert_eq!((taken, status), (MAX_EVENTS, 413));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_a_body_is_cut(body in "[{}a1\":\n ]{0,60}", cut in 0_usize..60) {
            let body = body.as_bytes();
            let (front, back) = body.split_at(cut.min(body.len()));
            prop_assert_eq!(take([front, back]), take([body]));
        }
    }
}
