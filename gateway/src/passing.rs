//! What is changed of a request and its answer on their way through, and what its event says of them.

use std::borrow::Cow;

use http::header;
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::{Error, ErrorType, Result};
use url::{Position, Url};
use weir_event::Answer;

use crate::field_names::FieldNames;
use crate::fulfil::Forward;
use crate::recorder::Outcome;
use crate::scheme;

/// What a client's fields an upstream gets: those that say what is wanted and in which form, and the wish not to be
/// tracked, which is meant for everyone on the way. All else says who asks, belongs to one connection (RFC 9110 §7.6.1),
/// or is nobody's business; the sender's sign-in is for us alone.
static FORWARDED: FieldNames<21> = FieldNames::new([
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "dnt",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    // Storage says who may read its answer in a browser only where it is told who wants to.
    "origin",
    "pragma",
    "range",
    "sec-gpc",
    "user-agent",
    "want-content-digest",
    "want-repr-digest",
]);

/// Fields of an upstream that would change what the client does on our host, or have it tell others of its visits; and
/// those that are meant for us alone (RFC 9110 §7.6.1).
static NOT_PASSED_ON: FieldNames<13> = FieldNames::new([
    "set-cookie",
    "alt-svc",
    "strict-transport-security",
    "www-authenticate",
    "nel",
    "report-to",
    "reporting-endpoints",
    "clear-site-data",
    "accept-ch",
    "critical-ch",
    "keep-alive",
    "proxy-authenticate",
    "upgrade",
]);

/// Makes a client's request one to the upstream of `forward`.
pub(crate) fn request(request: &mut RequestHeader, forward: &Forward) -> Result<()> {
    let ends_here: Vec<_> = request
        .headers
        .keys()
        .filter(|name| !is_forwarded(name.as_str()))
        .cloned()
        .collect();
    for name in &ends_here {
        request.remove_header(name);
    }
    request.set_uri(
        target(&forward.url)
            .parse()
            .map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))?,
    );
    request.insert_header(header::HOST, authority(&forward.url))?;
    if let Some(authorization) = &forward.authorization {
        request.insert_header(header::AUTHORIZATION, authorization.clone())?;
    }
    Ok(())
}

/// Whether an upstream gets the client's field of this name.
pub(crate) fn is_forwarded(name: &str) -> bool {
    FORWARDED.have(name)
}

/// Path and query of `url`.
pub(crate) fn target(url: &Url) -> &str {
    &url[Position::BeforePath..Position::AfterQuery]
}

/// Host and port of `url`, as an upstream wants to be named.
pub(crate) fn authority(url: &Url) -> &str {
    &url[Position::BeforeHost..Position::AfterPort]
}

/// Refuses an answer whose end Pingora and a client could find in different places (RFC 9112 §6.1): it is read as it
/// comes, its coding is passed on, and the next answer would seem to begin within it.
pub(crate) fn check_framing(response: &ResponseHeader) -> Result<()> {
    let codings = response.headers.get_all(header::TRANSFER_ENCODING);
    match is_chunked(codings.iter().map(http::HeaderValue::as_bytes)) {
        Some(_) => Ok(()),
        None => Err(Error::new_up(ErrorType::InvalidHTTPHeader)),
    }
}

/// Whether an answer with these `Transfer-Encoding`s comes in chunks; nothing of one that comes otherwise encoded.
pub(crate) fn is_chunked<'a>(mut codings: impl Iterator<Item = &'a [u8]>) -> Option<bool> {
    match (codings.next(), codings.next()) {
        (None, _) => Some(false),
        (Some(coding), None) => coding.eq_ignore_ascii_case(b"chunked").then_some(true),
        (Some(_), Some(_)) => None,
    }
}

/// Makes an upstream's answer one to the client; `strict` is what browsers are told of https.
pub(crate) fn response(
    response: &mut ResponseHeader,
    forward: &Forward,
    strict: Option<&str>,
) -> Result<()> {
    // Few answers have one, and to read a name costs more than to compare it.
    let names = response.headers.keys();
    let ends_here: Vec<_> = names
        .filter(|name| ends_here(name.as_str()))
        .cloned()
        .collect();
    for name in &ends_here {
        response.remove_header(name);
    }
    let location = response
        .headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    for (name, value) in instead(response.status.as_u16(), location, forward, strict) {
        response.insert_header(name, value.as_ref())?;
    }
    Ok(())
}

/// Whether a client does not get the upstream's field of this name.
pub(crate) fn ends_here(name: &str) -> bool {
    NOT_PASSED_ON.have(name)
}

/// What a client is told in place of what the upstream says in fields of these names.
pub(crate) fn instead<'a>(
    status: u16,
    location: Option<&str>,
    forward: &'a Forward,
    strict: Option<&'a str>,
) -> Vec<(&'static str, Cow<'a, str>)> {
    let mut fields = Vec::new();
    if is_redirect(status) {
        // Nobody keeps it: every download asks here.
        fields.push(("cache-control", Cow::Borrowed("no-store")));
        // What the client would resolve against us is made the upstream's.
        if let Some(absolute) = location.and_then(|location| forward.url.join(location).ok()) {
            fields.push(("location", Cow::Owned(absolute.into())));
        }
    }
    if let (401, Some(challenge)) = (status, &forward.challenge) {
        fields.push(("www-authenticate", Cow::Borrowed(challenge)));
    }
    if let Some(strict) = strict {
        fields.push((scheme::STRICT, Cow::Borrowed(strict)));
    }
    fields
}

/// Whether an answer of this status sends the client elsewhere.
fn is_redirect(status: u16) -> bool {
    (300..400).contains(&status) && status != 304
}

/// How a request was answered whose answer has this status and length.
pub(crate) fn outcome(status: u16, length: Option<u64>) -> Outcome {
    let (answer, bytes) = if is_redirect(status) {
        (Answer::Redirect, 0)
    } else {
        (Answer::Proxy, length.unwrap_or_default())
    };
    Outcome {
        status,
        answer,
        bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forward() -> Forward {
        Forward {
            url: "https://up.test/a".parse().expect("an address"),
            authorization: None,
            layer: None,
            challenge: None,
            hops_left: None,
        }
    }

    #[test]
    fn an_upstream_learns_what_is_wanted_and_not_who_wants_it() {
        let mut passed = RequestHeader::build("GET", b"/x", None).expect("a request");
        for name in [
            "Host",
            "Accept",
            "Accept-Encoding",
            "User-Agent",
            "Range",
            "If-None-Match",
            "DNT",
            "Sec-GPC",
            "X-No-Analytics",
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "Referer",
            "Connection",
            "TE",
            "Forwarded",
            "X-Forwarded-For",
            "X-Real-IP",
            "True-Client-IP",
            "CF-Connecting-IP",
            "Via",
            "From",
            "npm-session",
            "X-NuGet-Session-Id",
            "X-Invented",
        ] {
            passed.insert_header(name, "1").expect("a field");
        }
        request(&mut passed, &forward()).expect("a request to the upstream");
        let mut fields: Vec<_> = passed
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        fields.sort_unstable();
        insta::assert_snapshot!(fields.join("\n"), @"
        accept-encoding: 1
        accept: 1
        dnt: 1
        host: up.test
        if-none-match: 1
        range: 1
        sec-gpc: 1
        user-agent: 1
        ");
    }

    #[test]
    fn an_answer_is_in_chunks_or_in_no_coding_at_all() {
        let coded = |codings: &[&'static str]| {
            let mut answer = ResponseHeader::build(200, None).expect("an answer");
            for coding in codings {
                let appended = answer.append_header("Transfer-Encoding", *coding);
                appended.expect("a field");
            }
            check_framing(&answer).is_ok()
        };
        assert!(coded(&[]) && coded(&["chunked"]) && coded(&["Chunked"]));
        for codings in [
            &["xchunked"][..],
            &["gzip, chunked"],
            &["chunked", "chunked"],
            &["chunked", "identity"],
            &[""],
        ] {
            assert!(!coded(codings), "{codings:?}");
        }
    }

    #[test]
    fn an_answer_does_not_act_on_our_host() {
        let mut answer = ResponseHeader::build(200, None).expect("an answer");
        let names = NOT_PASSED_ON.iter().chain(["etag", "x-other"]);
        for name in names {
            answer.insert_header(name, "1").expect("a field");
        }
        response(&mut answer, &forward(), None).expect("an answer to the client");
        let mut names: Vec<_> = answer
            .headers
            .keys()
            .map(header::HeaderName::as_str)
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["etag", "x-other"]);
    }
}
