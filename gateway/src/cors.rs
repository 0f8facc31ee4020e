//! Which pages' scripts may send here and read the answer (WHATWG Fetch, "HTTP extensions").

use std::borrow::Cow;

use weir_config::catalogue::Origins;

use crate::answer::Reply;
use crate::head::Head;

/// Seconds for which a browser need not ask again; the longest that any of them keeps to.
const MAX_AGE: &str = "86400";

/// What is said to the page that a request comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Page {
    /// Nothing: no page sent it, or nobody said which may.
    #[default]
    Unnamed,
    /// It may send and read: what `Access-Control-Allow-Origin` says.
    Welcome(Cow<'static, str>),
    /// It is none of those that may send.
    Stranger,
}

/// The page that `head` comes from, where these `origins` may send.
pub(crate) fn page(head: &Head<'_>, origins: &Origins) -> Page {
    match (origins, head.field("origin")) {
        (Origins::Unset, _) | (_, None) => Page::Unnamed,
        (Origins::Any, Some(_)) => Page::Welcome(Cow::Borrowed("*")),
        (Origins::Listed(known), Some(origin)) if known.iter().any(|one| one == origin) => {
            Page::Welcome(Cow::Owned(origin.to_owned()))
        }
        (Origins::Listed(_), Some(_)) => Page::Stranger,
    }
}

/// The answer to a browser that asks before it sends. Who may is told by [`Page::allow`].
pub(crate) fn preflight(methods: &'static str, fields: &'static str) -> Reply {
    Reply::new(204, "", "")
        .with("access-control-allow-methods", methods)
        .with("access-control-allow-headers", fields)
        .with("access-control-max-age", MAX_AGE)
}

impl Page {
    /// Lets the page read `reply`, if it may.
    pub(crate) fn allow(&self, reply: Reply) -> Reply {
        let Self::Welcome(origin) = self else {
            return reply;
        };
        let reply = reply.with("access-control-allow-origin", origin.clone());
        if origin == "*" {
            reply
        } else {
            reply.with("vary", "origin")
        }
    }
}
