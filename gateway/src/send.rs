//! A reply as Pingora sends it.

use std::borrow::Cow;

use bytes::Bytes;
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
    let body = describe(reply, |name, value| response.insert_header(name, value))?;
    let empty = head_only || body.is_empty();
    session
        .write_response_header(Box::new(response), empty)
        .await?;
    if !empty {
        session.write_response_body(Some(body), true).await?;
    }
    Ok(())
}

/// Has the fields of `reply` put where they belong, each in the place of one of its name; its body.
pub(crate) fn describe(
    reply: Reply,
    mut put: impl FnMut(HeaderName, HeaderValue) -> Result<()>,
) -> Result<Bytes> {
    let mut has_length = matches!(reply.status, 204 | 304);
    for (name, value) in reply.headers {
        has_length |= matches!(name, "content-length" | "transfer-encoding");
        put(header_name(name), header_value(value)?)?;
    }
    if !reply.content_type.is_empty() {
        let content_type = HeaderValue::from_static(reply.content_type);
        put(header::CONTENT_TYPE, content_type)?;
    }
    if !has_length {
        put(header::CONTENT_LENGTH, reply.body.len().into())?;
    }
    Ok(reply.body)
}

/// Names are looked up letter by letter, but for those of a redirect, which are known.
fn header_name(name: &'static str) -> HeaderName {
    match name {
        "location" => header::LOCATION,
        "cache-control" => header::CACHE_CONTROL,
        _ => HeaderName::from_static(name),
    }
}

/// Text from upstream that cannot stand in a header is our failure, not the client's.
fn header_value(value: Cow<'static, str>) -> Result<HeaderValue> {
    let value = match value {
        Cow::Borrowed(ours) => return Ok(HeaderValue::from_static(ours)),
        Cow::Owned(value) => HeaderValue::try_from(value),
    };
    value.map_err(|_| Error::new_in(ErrorType::InvalidHTTPHeader))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    fn fields(reply: Reply) -> HeaderMap {
        let mut fields = HeaderMap::new();
        let put = |name, value| {
            fields.insert(name, value);
            Ok(())
        };
        describe(reply, put).expect("text");
        fields
    }

    #[test]
    fn a_redirect_says_where_and_how_long_its_words_are() {
        let fields = fields(Reply::redirect(302, "https://files.example/a".into()));
        insta::assert_debug_snapshot!(fields, @r#"
        {
            "location": "https://files.example/a",
            "cache-control": "no-store",
            "content-type": "text/plain; charset=utf-8",
            "content-length": "43",
        }
        "#);
    }

    #[test]
    fn a_length_is_not_said_twice_and_not_of_what_has_no_body() {
        let told = fields(Reply::text(200, "").with("content-length", "7"));
        let lengths: Vec<_> = told.get_all(header::CONTENT_LENGTH).iter().collect();
        assert_eq!(lengths, ["7"]);
        for status in [204, 304] {
            assert!(!fields(Reply::new(status, "", "")).contains_key(header::CONTENT_LENGTH));
        }
    }
}
