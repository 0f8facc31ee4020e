//! What those who are counted are told, on every domain: for programs, for people, and that Global Privacy Control is
//! honoured. Made anew for each who asks, of what is running, so it cannot drift from it.

mod page;
mod statement;
mod uncounted;

use sha2::{Digest as _, Sha256};
use weir_config::Controller;
use weir_ingest::Practice;

use crate::answer::Reply;
use crate::head::Head;
pub(crate) use uncounted::Served;

/// Before what follows, on every host.
const WELL_KNOWN: &str = "/.well-known/";

/// How long a browser or program may go by what it was told, in seconds.
const MAX_AGE: u32 = 300;

/// In which form somebody wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The statement, for programs.
    Statement,
    /// That the signal is honoured (Global Privacy Control §4).
    Gpc,
    /// The statement, for people.
    Page,
}

impl Form {
    /// The form that lies at `path`. Nothing else below these folders is ours: npm's own paths begin with `/-/` too,
    /// and Terraform's discovery with `/.well-known/`.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path.strip_prefix(WELL_KNOWN) {
            Some("download-analytics.json") => Some(Self::Statement),
            Some("gpc.json") => Some(Self::Gpc),
            None if path == "/-/privacy" => Some(Self::Page),
            _ => None,
        }
    }
}

/// For how long something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Days that single events are.
    pub events_days: u16,
    /// Months that what was counted from them is; without a number it stays.
    pub counts_months: Option<u16>,
}

/// All that the statement is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told<'a> {
    pub(crate) controller: &'a Controller,
    pub(crate) kept: Kept,
    pub(crate) practice: &'a Practice,
    /// How requests are traced, where they are.
    pub(crate) traces: Option<weir_traces::Options>,
}

impl Told<'_> {
    /// The answer in `form`; `base` is scheme and authority of this host as the client knows it.
    pub(crate) fn reply(
        self,
        form: Form,
        head: &Head<'_>,
        base: &str,
        served: &[Served<'_>],
    ) -> Reply {
        let reply = match form {
            Form::Statement => open(Reply::json(200, &statement::json(self))),
            Form::Gpc => open(Reply::json(200, &statement::gpc())),
            Form::Page => page::reply(self, &head.host, &uncounted::ways(base, head, served)),
        };
        fresh_or_unchanged(head, reply)
    }
}

/// Readable by scripts of any page: it is the same for everyone.
fn open(reply: Reply) -> Reply {
    reply.with("access-control-allow-origin", "*")
}

/// With a tag, or 304 where the client has it (RFC 9110 §13.1.2).
fn fresh_or_unchanged(head: &Head<'_>, reply: Reply) -> Reply {
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&reply.body)[..16]));
    let tags = head.list("if-none-match");
    let mut tags = tags.split(',').map(str::trim);
    let is_known = tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag);
    let reply = if is_known {
        Reply {
            headers: reply.headers,
            ..Reply::new(304, "", "")
        }
    } else {
        reply
    };
    reply
        .with("etag", etag)
        .with("cache-control", format!("max-age={MAX_AGE}"))
        .with("x-content-type-options", "nosniff")
}

#[cfg(test)]
mod tests;
