//! What most ecosystems have in common: a thing lies upstream under the same path, and a request for
//! it is sent there.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;
use weir_config::catalogue::Index;
use weir_event::Kind;

use crate::answer::Failure;
use crate::ecosystem::{Decision, Plan};
use crate::head::{Head, Method, Refusal};

/// What a request of a file is: a download from its first byte, a look at a later piece, or a check
/// whether it is there.
pub(crate) fn of_file(head: &Head<'_>) -> Kind {
    match head.method {
        Method::Get if head.wants_start() => Kind::Download,
        Method::Get => Kind::Inspect,
        _ => Kind::Check,
    }
}

/// What a request of something about files is.
pub(crate) fn of_metadata(head: &Head<'_>) -> Kind {
    match head.method {
        Method::Get => Kind::Metadata,
        _ => Kind::Check,
    }
}

/// The name of the file that `path` leads to, decoded; none for a folder and for what is no name.
pub(crate) fn file_name(path: &str) -> Option<Cow<'_, str>> {
    let raw = path.rsplit('/').next().unwrap_or_default();
    let name = percent_decode_str(raw).decode_utf8().ok()?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// The refusal of everything but GET and HEAD.
pub(crate) fn unless_reading<'a>(head: &Head<'_>) -> Option<Decision<'a>> {
    let reading = matches!(head.method, Method::Get | Method::Head);
    (!reading).then(|| Decision::uncounted(Plan::Fail(Failure::Refused(Refusal::Method))))
}

/// Where the upstream has `path`, which begins with `/`: byte for byte as the client wrote it, so that
/// no escape changes its meaning on the way.
pub(crate) fn address(index: &Index, path: &str, query: Option<&str>) -> String {
    let base = index.upstream.as_str().trim_end_matches('/');
    let (mark, query) = query.map_or(("", ""), |query| ("?", query));
    [base, path, mark, query].concat()
}

/// To the upstream's file at `location`. A HEAD is answered here, since clients size files up before
/// they fetch them, and some then fetch from where the HEAD ended.
pub(crate) fn to_file<'a>(head: &Head<'_>, index: &'a Index, location: String) -> Plan<'a> {
    if head.method == Method::Get && !index.proxy {
        return redirect(location);
    }
    through(head, index, &location)
}

/// To the upstream's document at `location`, whose bytes name no address of a file.
pub(crate) fn to_document<'a>(head: &Head<'_>, index: &'a Index, location: String) -> Plan<'a> {
    if !index.proxy {
        return redirect(location);
    }
    through(head, index, &location)
}

/// What is not ours to count goes where it would go without us.
pub(crate) fn pass<'a>(head: &Head<'_>, index: &'a Index, path: &str) -> Decision<'a> {
    let location = address(index, path, head.query);
    Decision::uncounted(to_document(head, index, location))
}

fn redirect<'a>(location: String) -> Plan<'a> {
    Plan::Redirect {
        status: 302,
        location,
    }
}

/// Served through us.
pub(crate) fn through<'a>(head: &Head<'_>, index: &'a Index, location: &str) -> Plan<'a> {
    let credentials = index.credentials.as_ref();
    match Url::parse(location) {
        Ok(url) if head.method == Method::Head => Plan::Probe { url, credentials },
        Ok(url) => Plan::Forward { url, credentials },
        Err(_) => Plan::Fail(Failure::UnknownPath),
    }
}
