//! Scripts that are piped into a shell, as in `curl -fsS https://get.acme.example/install.sh | sh`.
//!
//! A curl without `-L` prints nothing of a redirect, so they are passed through. What the script
//! downloads comes by as a request of its own.

use std::borrow::Cow;

use url::Url;
use weir_config::Captures;
use weir_config::catalogue::Route;
use weir_event::Kind;

use crate::answer::Failure;
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// What shells are given (there is no registered type for scripts).
const SCRIPT: &str = "text/x-shellscript; charset=utf-8";
/// What readers are given.
const TEXT: &str = "text/plain; charset=utf-8";

/// Decides a request that `route` of `package` has matched.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    package: &'a str,
    route: &'a Route,
    taken: &Captures<'a>,
) -> Decision<'a> {
    // Someone who opens the script in a browser reads it first.
    let reader = head.list("accept").contains("text/html");
    let kind = match head.method {
        Method::Get if reader => Kind::View,
        Method::Get => Kind::Script,
        Method::Head => Kind::Check,
        Method::Post | Method::Options => {
            return Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method)));
        }
    };
    let mut fact = Fact::new(kind, "script", package, route.name());
    fact.artifact = Cow::Borrowed(head.path.rsplit('/').next().unwrap_or_default());
    fact.version = taken.get("version").unwrap_or_default();
    let target = route.target(taken).ok().flatten();
    match target.and_then(|target| Url::parse(&target).ok()) {
        Some(url) => Decision::new(
            Plan::Script {
                url,
                content_type: if reader { TEXT } else { SCRIPT },
            },
            fact,
        ),
        None => Decision::new(Plan::Fail(Failure::UnknownPath), fact.failed(404)),
    }
}
