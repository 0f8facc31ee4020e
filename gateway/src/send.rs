//! A reply as Pingora sends it.

use http::header::{self, HeaderName, HeaderValue};
use pingora::http::ResponseHeader;
use pingora::proxy::Session;
use pingora::{Error, ErrorType, Result};

use crate::answer::Reply;
use crate::date;

/// Sends `reply` whole; of a HEAD's, the head alone.
pub(crate) async fn send(session: &mut Session, reply: Reply) -> Result<()> {
    let head_only = session.req_header().method == http::Method::HEAD;
    let mut response = ResponseHeader::build(reply.status, Some(reply.headers.len() + 3))?;
    date::now(|now| response.insert_header(header::DATE, now.date.as_str()))?;
    for (name, value) in &reply.headers {
        response.insert_header(HeaderName::from_static(name), header_value(value)?)?;
    }
    if !reply.content_type.is_empty() {
        response.insert_header(header::CONTENT_TYPE, reply.content_type)?;
    }
    let has_length = [header::CONTENT_LENGTH, header::TRANSFER_ENCODING]
        .iter()
        .any(|name| response.headers.contains_key(name));
    if !has_length && !matches!(reply.status, 204 | 304) {
        response.insert_header(header::CONTENT_LENGTH, reply.body.len())?;
    }
    let empty = head_only || reply.body.is_empty();
    session
        .write_response_header(Box::new(response), empty)
        .await?;
    if !empty {
        session.write_response_body(Some(reply.body), true).await?;
    }
    Ok(())
}

/// Text from upstream that cannot stand in a header is our failure, not the client's.
fn header_value(value: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(value).map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))
}
