//! Files behind URL templates: release assets, installers, anything with a stable address.

use std::borrow::Cow;

use url::Url;
use weir_config::Captures;
use weir_config::catalogue::Route;
use weir_event::Kind;

use crate::answer::{Failure, Reply};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};

/// Decides a request that `route` of `package` has matched.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    package: &'a str,
    route: &'a Route,
    taken: &Captures<'a>,
) -> Decision<'a> {
    let artifact = head.path.rsplit('/').next().unwrap_or_default();
    let mut fact = Fact::new(kind_of(head, artifact), "file", package, &route.name);
    fact.artifact = Cow::Borrowed(artifact);
    let own = |name: &str| taken.get(name).unwrap_or_default();
    fact.version = own("version");
    fact.os = own("os");
    fact.arch = own("arch");
    let plan = match (head.method, route.target(taken)) {
        (Method::Post | Method::Options, _) => {
            return Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method)));
        }
        (_, Ok(None)) => Plan::Reply(Reply::text(200, "")),
        (_, Err(_)) => Plan::Fail(Failure::UnknownPath),
        (method, Ok(Some(target))) => fetch(method, route, target),
    };
    if matches!(plan, Plan::Fail(_)) {
        fact = fact.failed(404);
    }
    Decision::new(plan, fact)
}

fn fetch(method: Method, route: &Route, target: String) -> Plan<'static> {
    if method == Method::Get && !route.proxy {
        return Plan::Redirect {
            status: route.status,
            location: target,
        };
    }
    match Url::parse(&target) {
        Ok(url) if method == Method::Head => Plan::Probe {
            url,
            credentials: None,
        },
        Ok(url) => Plan::Forward {
            url,
            credentials: None,
        },
        Err(_) => Plan::Fail(Failure::UnknownPath),
    }
}

/// A download is the artifact from its first byte; what surrounds it is looked at, not downloaded.
fn kind_of(head: &Head<'_>, artifact: &str) -> Kind {
    const BESIDE: [&str; 12] = [
        ".sha256",
        ".sha512",
        ".sha1",
        ".md5",
        ".sig",
        ".asc",
        ".minisig",
        ".sbom",
        ".pem",
        ".sha256sum",
        ".sigstore",
        ".sigstore.json",
    ];
    let beside = BESIDE.iter().any(|ending| artifact.ends_with(ending))
        || artifact.starts_with("SHA256SUMS");
    match head.method {
        Method::Get if beside => Kind::Metadata,
        Method::Get if head.wants_start() => Kind::Download,
        Method::Get => Kind::Inspect,
        _ => Kind::Check,
    }
}
