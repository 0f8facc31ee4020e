//! CloudFront's standard log (W3C extended log file format): fields between tabs, named by the line
//! `#Fields:` above them, percent-encoded by CloudFront.

use percent_encoding::percent_decode_str;

use super::entry::{Entry, Logged, Refusal};
use super::format::Known;
use super::json;
use super::time;

pub(super) fn read(
    text: &str,
    columns: &mut Vec<String>,
    known: &Known,
) -> Option<Result<Entry, Refusal>> {
    if let Some(names) = text.strip_prefix("#Fields:") {
        *columns = names.split_whitespace().map(str::to_owned).collect();
        return None;
    }
    if text.starts_with('#') {
        return None;
    }
    Some(request(text, columns, known))
}

fn request(text: &str, columns: &[String], known: &Known) -> Result<Entry, Refusal> {
    if columns.is_empty() {
        return Err(Refusal::Missing("the line #Fields above it"));
    }
    let values: Vec<&str> = text.split('\t').collect();
    let field = |name: &str| {
        let at = columns.iter().position(|column| column == name);
        let value = at
            .and_then(|at| values.get(at))
            .copied()
            .unwrap_or_default();
        if value == "-" { "" } else { value }
    };
    let at = format!("{}T{}Z", field("date"), field("time"));
    // `cs(Host)` is the distribution's own name, `x-host-header` the client's.
    let host = [field("x-host-header"), field("cs(Host)")]
        .into_iter()
        .find(|host| !host.is_empty())
        .map(str::to_owned)
        .or_else(|| known.domain.clone());
    let target = match field("cs-uri-query") {
        "" => field("cs-uri-stem").to_owned(),
        query => format!("{}?{query}", field("cs-uri-stem")),
    };
    let id = field("x-edge-request-id");
    Ok(Entry::Logged(Box::new(Logged {
        id: (!id.is_empty()).then(|| id.to_owned()),
        time: time::of_text(&at).ok_or(Refusal::Malformed("date and time"))?,
        address: json::address(field("c-ip"), "c-ip")?,
        host: host.ok_or(Refusal::Missing("a host (name the log's with --domain)"))?,
        method: field("cs-method").to_owned(),
        target,
        status: field("sc-status")
            .parse()
            .map_err(|_| Refusal::Malformed("sc-status"))?,
        bytes: field("sc-bytes").parse().unwrap_or(0),
        user_agent: decoded(field("cs(User-Agent)")),
        referrer: decoded(field("cs(Referer)")),
        opted_out: false,
    })))
}

/// CloudFront encodes a field once more than the client did, spaces as `%20` and older logs as `%2520`.
fn decoded(text: &str) -> String {
    let once = percent_decode_str(text).decode_utf8_lossy();
    if once.contains("%20") && !once.contains(' ') {
        return percent_decode_str(&once).decode_utf8_lossy().into_owned();
    }
    once.into_owned()
}
