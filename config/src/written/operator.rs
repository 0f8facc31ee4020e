//! `[operator]` as written.

use std::net::SocketAddr;

use ::url::Url;

use super::setting::{address, collide};
use super::{Item, Reading, Table, secret, url};
use crate::settings::{Gateway, Operator, Traces};

/// Which part of requests is traced unless it is said.
const RATIO: f64 = 0.01;
/// Longest that an end may be put off: service managers are not patient for much longer.
const LONGEST_DELAY_S: u64 = 300;

/// Reads it. The listener is on none of the others' addresses.
pub(super) fn operator(
    mut table: Table<'_>,
    page: SocketAddr,
    gateway: &Gateway,
    reading: &mut Reading,
) -> Operator {
    let written = table.take("listen");
    let listen = written.as_ref().and_then(|item| address(item, reading));
    let mut taken = gateway.http.iter().chain(&gateway.https).chain([&page]);
    if let (Some(item), Some(listen)) = (&written, listen)
        && let Some(taken) = taken.find(|taken| collide(**taken, listen))
    {
        let problem = item.problem(format!("{taken} already takes this address"));
        reading.error(problem.help("give it a port of its own, such as \"127.0.0.1:9080\""));
    }
    let drain_delay_s = table
        .take("drain_delay_s")
        .and_then(|item| item.integer(0..=LONGEST_DELAY_S, reading));
    let traces = traces(&mut table, reading);
    table.finish(reading);
    Operator {
        listen,
        drain_delay_s: drain_delay_s.unwrap_or_default(),
        traces,
    }
}

fn traces(table: &mut Table<'_>, reading: &mut Reading) -> Option<Traces> {
    let collector = table.take("traces");
    let further = ["trace_ratio", "traces_join", "traces_headers_file"];
    let [ratio, join, headers] = further.map(|key| table.take(key));
    let Some(collector) = collector else {
        for item in [ratio, join, headers].into_iter().flatten() {
            let problem = item.problem("there is no collector that this is about");
            reading.error(problem.help("name it with traces, such as \"http://127.0.0.1:4318\""));
        }
        return None;
    };
    let ratio = ratio.map_or(Some(RATIO), |item| item.share(reading));
    let join = join.map_or(Some(false), |item| item.boolean(reading));
    let headers = headers.map_or(Some(Vec::new()), |item| fields(&item, reading));
    Some(Traces {
        url: signal(url::collector(&collector, reading)?),
        ratio: ratio?,
        join: join?,
        headers: headers?,
    })
}

/// Where traces go at a collector of this base address (OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP").
fn signal(mut base: Url) -> Url {
    let path = format!("{}/v1/traces", base.path().trim_end_matches('/'));
    base.set_path(&path);
    base
}

/// Reads `name: value`, a line each.
fn fields(item: &Item<'_>, reading: &mut Reading) -> Option<Vec<(String, String)>> {
    let text = secret(item, reading)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let fields: Option<Vec<_>> = lines.map(field).collect();
    if fields.is_none() {
        let problem = item.problem("a line of the file is no header");
        reading.error(problem.help("write \"name: value\", one on each line"));
    }
    fields
}

/// A field's name and value (RFC 9110, 5.1 and 5.5).
fn field(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let value = value.trim();
    let is_value = value
        .bytes()
        .all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte));
    let good = !name.is_empty() && name.bytes().all(is_token) && is_value && !value.is_empty();
    good.then(|| (name.to_ascii_lowercase(), value.to_owned()))
}
