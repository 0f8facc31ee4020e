//! HTTP/2 from clients, within bounds, and its requests as those of HTTP/1.1.

use http::{HeaderValue, Method, Version, header};
use pingora::protocols::http::v2::server::{H2Options, default_h2_options};
use pingora::proxy::Session;

use crate::door::{MAX_HEAD, STALLED};
use crate::head::Refusal;

/// Requests that a connection may have under way.
pub(crate) const STREAMS: u32 = 100;
/// Answers of a connection that wait for their client, in bytes for each.
const UNSENT: usize = 128 * 1024;

/// The bounds of a connection. Those of resets, pings and endless heads are h2's own, and end it.
pub(crate) fn options() -> H2Options {
    let mut options = default_h2_options();
    options.max_header_list_size(MAX_HEAD as u32);
    options.max_concurrent_streams(STREAMS);
    options.max_send_buffer_size(UNSENT);
    options
}

/// Makes a request of HTTP/2 look like one of HTTP/1.1: the host stands in a field, and only a POST has a body.
pub(crate) fn check(session: &mut Session) -> Result<(), Refusal> {
    let header = session.req_header();
    if header.version != Version::HTTP_2 {
        return Ok(());
    }
    let is_post = header.method == Method::POST;
    // Pingora refused what has both and says two things.
    let named = header.headers.contains_key(header::HOST);
    if let (Some(authority), false) = (header.uri.authority(), named) {
        let host = HeaderValue::from_str(authority.as_str())
            .map_err(|_| Refusal::Bad("malformed Host"))?;
        session
            .req_header_mut()
            .insert_header(header::HOST, host)
            .map_err(|_| Refusal::Bad("malformed Host"))?;
    }
    if !is_post && !session.is_body_empty() {
        return Err(Refusal::Bad("unexpected body"));
    }
    session.set_write_timeout(Some(STALLED));
    Ok(())
}
