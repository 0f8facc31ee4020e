//! Fastly's log in the JSON format of its documentation; by syslog there is a header before each object.

use super::entry::{Entry, Logged, Refusal};
use super::format::Known;
use super::json::Object;

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let begin = text
        .find('{')
        .filter(|_| text.starts_with('<'))
        .unwrap_or(0);
    let object = Object::parse(&text[begin..])?;
    let host = object.text("host");
    let host = if host.is_empty() {
        known.domain.clone()
    } else {
        Some(host)
    };
    let status = object
        .number("response_status")
        .ok_or(Refusal::Missing("response_status"))?;
    Ok(Entry::Logged(Box::new(Logged {
        id: None,
        time: object.time("timestamp")?,
        address: object.address("client_ip")?,
        host: host.ok_or(Refusal::Missing("host"))?,
        method: object.text("request_method"),
        target: object.text("url"),
        status: u16::try_from(status).map_err(|_| Refusal::Malformed("response_status"))?,
        bytes: object.number("response_body_size").unwrap_or(0),
        user_agent: object.text("request_user_agent"),
        referrer: object.text("request_referer"),
        opted_out: false,
    })))
}
