//! Caddy's access log: one JSON object a request, with the request's head in it.

use serde_json::Value;

use super::entry::{Entry, Logged, Refusal};
use super::format::Known;
use super::json::{self, Object};

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let object = Object::parse(text)?;
    let Some(Value::Object(request)) = object.get("request") else {
        return Err(Refusal::Missing("request"));
    };
    let request = Object(request.clone());
    // Behind trusted proxies the client is another than the peer.
    let name = if request.get("client_ip").is_some() {
        "client_ip"
    } else {
        "remote_ip"
    };
    let status = object.number("status").ok_or(Refusal::Missing("status"))?;
    let host = request.text("host");
    Ok(Entry::Logged(Box::new(Logged {
        id: None,
        time: object.time("ts")?,
        address: request.address(name)?,
        host: if host.is_empty() {
            known.domain.clone().unwrap_or_default()
        } else {
            host
        },
        method: request.text("method"),
        target: request.text("uri"),
        status: u16::try_from(status).map_err(|_| Refusal::Malformed("status"))?,
        bytes: object.number("size").unwrap_or(0),
        user_agent: header(&request, "User-Agent"),
        referrer: header(&request, "Referer"),
        opted_out: ["Dnt", "Sec-Gpc"]
            .iter()
            .any(|name| header(&request, name) == "1"),
    })))
}

/// Header fields are lists of values, under the names that Go gives them.
fn header(request: &Object, name: &str) -> String {
    let value = request
        .get("headers")
        .and_then(|headers| headers.get(name)?.get(0));
    value.map(json::text_of).unwrap_or_default()
}
