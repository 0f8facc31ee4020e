//! What is changed of a request and its answer on their way through.

use http::header::{self, HeaderName};
use pingora::http::{RequestHeader, ResponseHeader};
use pingora::{Error, ErrorType, Result};

use crate::fulfil::Forward;

/// Fields that say who asks, or that belong to one connection: they end here (RFC 9110 §7.6.1).
static NOT_FORWARDED: [HeaderName; 20] = [
    header::AUTHORIZATION,
    header::CONNECTION,
    header::COOKIE,
    header::DNT,
    header::EXPECT,
    header::FORWARDED,
    HeaderName::from_static("keep-alive"),
    header::PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-connection"),
    header::REFERER,
    HeaderName::from_static("sec-gpc"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::VIA,
    HeaderName::from_static("x-forwarded-for"),
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-real-ip"),
];

/// Fields of an upstream that would change what the client does on our host.
const NOT_PASSED_ON: [&str; 4] = [
    "set-cookie",
    "alt-svc",
    "strict-transport-security",
    "www-authenticate",
];

/// Makes a client's request one to the upstream of `forward`.
pub(crate) fn request(request: &mut RequestHeader, forward: &Forward) -> Result<()> {
    for name in &NOT_FORWARDED {
        request.remove_header(name);
    }
    let url = &forward.url;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    request.set_uri(
        target
            .parse()
            .map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))?,
    );
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    request.insert_header(header::HOST, host)?;
    if let Some(authorization) = &forward.authorization {
        request.insert_header(header::AUTHORIZATION, authorization.clone())?;
    }
    Ok(())
}

/// Makes an upstream's answer one to the client.
pub(crate) fn response(response: &mut ResponseHeader, forward: &Forward) -> Result<()> {
    for name in NOT_PASSED_ON {
        response.remove_header(name);
    }
    if is_redirect(response.status.as_u16()) {
        point_absolutely(response, forward)?;
    }
    if let (401, Some(challenge)) = (response.status.as_u16(), &forward.challenge) {
        response.insert_header(header::WWW_AUTHENTICATE, challenge.as_str())?;
    }
    Ok(())
}

/// Whether an answer of this status sends the client elsewhere.
pub(crate) fn is_redirect(status: u16) -> bool {
    (300..400).contains(&status) && status != 304
}

/// A `Location` that the client would resolve against us is made the upstream's. Nobody keeps it: every
/// download asks here.
fn point_absolutely(response: &mut ResponseHeader, forward: &Forward) -> Result<()> {
    response.insert_header(header::CACHE_CONTROL, "no-store")?;
    let location = response
        .headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok());
    if let Some(absolute) = location.and_then(|location| forward.url.join(location).ok()) {
        response.insert_header(header::LOCATION, absolute.as_str())?;
    }
    Ok(())
}
