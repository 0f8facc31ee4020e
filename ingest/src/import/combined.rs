//! The `combined` log of nginx and Apache:
//! `ADDRESS - USER [TIME] "METHOD TARGET PROTOCOL" STATUS BYTES "REFERRER" "AGENT"`, with the virtual host in
//! front where it is logged, and whatever else is logged behind.

use super::entry::{Entry, Logged, Refusal};
use super::format::Known;
use super::json;
use super::time;

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let (before, rest) = text.split_once(" [").ok_or(Refusal::Missing("the time"))?;
    let (at, rest) = rest
        .split_once("] \"")
        .ok_or(Refusal::Malformed("the time"))?;
    let (request, rest) = quoted(rest).ok_or(Refusal::Malformed("the request"))?;
    let mut words = request.split(' ');
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(Refusal::NoRequest);
    };
    let (host, address) = host_and_address(before)?;
    let mut numbers = rest.split_ascii_whitespace();
    let status = numbers.next().and_then(|word| word.parse().ok());
    let bytes = numbers.next().and_then(|word| word.parse().ok());
    let mut texts = rest
        .split_once('"')
        .map_or((String::new(), String::new()), |(_, rest)| {
            let (referrer, rest) = quoted(rest).unwrap_or_default();
            let agent = rest.split_once('"').and_then(|(_, rest)| quoted(rest));
            (referrer, agent.unwrap_or_default().0)
        });
    for text in [&mut texts.0, &mut texts.1] {
        if text == "-" {
            text.clear();
        }
    }
    let host = host.or_else(|| known.domain.clone());
    Ok(Entry::Logged(Box::new(Logged {
        id: None,
        time: time::of_common_log(at).ok_or(Refusal::Malformed("the time"))?,
        address,
        host: host.ok_or(Refusal::Missing("a host (name the log's with --domain)"))?,
        method: method.to_owned(),
        target: target.to_owned(),
        status: status.ok_or(Refusal::Malformed("the status"))?,
        bytes: bytes.unwrap_or(0),
        user_agent: texts.1,
        referrer: texts.0,
        opted_out: false,
    })))
}

/// `ADDRESS - USER`, or `HOST ADDRESS - USER`, or `HOST:PORT ADDRESS - USER`.
fn host_and_address(before: &str) -> Result<(Option<String>, Option<std::net::IpAddr>), Refusal> {
    let mut words = before.split(' ');
    let first = words.next().unwrap_or_default();
    if let Ok(address) = first.parse() {
        return Ok((None, Some(address)));
    }
    let second = words.next().unwrap_or_default();
    let address = json::address(second, "the address")?;
    // Of a host that is logged as a socket or not resolved nothing is known.
    let host = (second != "-").then(|| first.to_owned());
    Ok((host, address))
}

/// Text up to the quote that ends it, and what follows. nginx writes `\x22` for what would end it, Apache `\"`.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut bytes = Vec::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                return Some((
                    String::from_utf8_lossy(&bytes).into_owned(),
                    &text[at + 1..],
                ));
            }
            '\\' => {
                let (_, escaped) = letters.next()?;
                let code = text.get(at + 2..at + 4).filter(|_| escaped == 'x');
                if let Some(byte) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                    bytes.push(byte);
                    letters.nth(1);
                } else {
                    let mut buffer = [0; 4];
                    bytes.extend_from_slice(escaped.encode_utf8(&mut buffer).as_bytes());
                }
            }
            other => {
                let mut buffer = [0; 4];
                bytes.extend_from_slice(other.encode_utf8(&mut buffer).as_bytes());
            }
        }
    }
    None
}
