//! Who may hold an address, by the sources themselves: what passes here passes with a reviewer who looked.

use std::any::type_name_of_val;
use std::fs;
use std::path::{Path, PathBuf};

use weir_event::{Event, EventId, Kind};

/// Names of what holds an address.
const WORDS: [&str; 4] = ["IpAddr", "SocketAddr", "client_addr", "peer_addr"];

/// Clients' addresses come by here: from the socket to the event path, and from others' logs.
const CLIENTS: [&str; 23] = [
    "config/src/limit/network.rs",
    "gateway/src/context.rs",
    "gateway/src/crowd/origin.rs",
    "gateway/src/door.rs",
    "gateway/src/door/line.rs",
    "gateway/src/door/relay.rs",
    "gateway/src/gateway.rs",
    "gateway/src/proxy.rs",
    "gateway/src/proxy_protocol.rs",
    "gateway/src/recorder.rs",
    "gateway/src/scheme.rs",
    "gateway/src/telemetry.rs",
    "ingest/src/address.rs",
    "ingest/src/address/proxies.rs",
    "ingest/src/import/combined.rs",
    "ingest/src/import/entry.rs",
    "ingest/src/import/json.rs",
    "ingest/src/import/scarf_csv.rs",
    "ingest/src/ingest.rs",
    // Names of addresses are asked of DNS, where an operator turned that on.
    "ingest/src/organisation/pointer.rs",
    "ingest/src/organisation/reverse.rs",
    // For people who ask about one.
    "src/command/geo.rs",
    "src/command/orgs/explain.rs",
];

/// Networks that data or an operator names; nobody's own address.
const NETWORKS: [&str; 7] = [
    "ingest/src/geo/csv.rs",
    "ingest/src/geo/data.rs",
    "ingest/src/geo/list.rs",
    "ingest/src/geo/mmdb.rs",
    "ingest/src/geo/ranges.rs",
    "ingest/src/geo/systems.rs",
    "ingest/src/organisation/directory.rs",
];

/// The operator's addresses: of listeners, upstreams, networks that are allowed.
const OPERATORS: [&str; 19] = [
    "config/src/network.rs",
    "config/src/settings.rs",
    "config/src/settings/operator.rs",
    "config/src/written/operator.rs",
    "config/src/written/setting.rs",
    "config/src/written/url.rs",
    "gateway/src/door/relay/upstream.rs",
    "gateway/src/listeners.rs",
    "gateway/src/peer.rs",
    "gateway/src/upstream/address.rs",
    "gateway/src/upstream/kept.rs",
    "gateway/src/upstream/resolver.rs",
    "ingest/src/engine/launch.rs",
    "src/command/demo.rs",
    "src/program/accounts.rs",
    "src/program/inheritance.rs",
    "src/program/page.rs",
    "src/program/sockets.rs",
    "src/demo/registry.rs",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust sources of a folder and what is in it, tests left out.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources").flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() && name != "tests" {
            sources(&path, found);
        } else if name != "tests.rs" && path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Without its tests, which stand at the end.
fn holds_an_address(path: &Path) -> bool {
    let text = fs::read_to_string(path).expect("text");
    let code = text.split("#[cfg(test)]\nmod tests {").next();
    let mut words = code
        .unwrap_or_default()
        .split(|character: char| !character.is_alphanumeric() && character != '_');
    words.any(|word| WORDS.contains(&word))
}

#[test]
fn addresses_are_held_where_they_are_known_to_be_and_nowhere_else() {
    let mut files = Vec::new();
    for package in [
        "config",
        "dashboards",
        "gateway",
        "ingest",
        "ingest/event",
        "ingest/spool",
        "traces",
        "",
    ] {
        sources(&root().join(package).join("src"), &mut files);
    }
    let holding: Vec<String> = files
        .iter()
        .filter(|path| holds_an_address(path))
        .map(|path| {
            let path = path.strip_prefix(root()).expect("below the root");
            path.display().to_string()
        })
        .collect();
    let allowed = || CLIENTS.iter().chain(&NETWORKS).chain(&OPERATORS);
    // The search of all memory is compiled for tests alone.
    let is_known =
        |path: &String| path == "ingest/src/memory.rs" || allowed().any(|one| one == path);
    let unknown: Vec<_> = holding.iter().filter(|path| !is_known(path)).collect();
    assert_eq!(
        unknown,
        Vec::<&String>::new(),
        "hand on a ClientIp or what it answers; or, with a reason, add the file to this test"
    );
    let gone: Vec<_> = allowed()
        .filter(|path| !holding.iter().any(|one| one == *path))
        .collect();
    assert_eq!(gone, Vec::<&&str>::new(), "no longer hold one");
}

/// Names the types of all columns; one that is added and not named here does not compile.
macro_rules! columns {
    ($event:expr; $($name:ident),+ $(,)?) => {{
        let Event { $($name),+ } = &$event;
        vec![$((stringify!($name), type_name_of_val($name))),+]
    }};
}

/// A text is scrubbed before it gets here, and a word of ours is one of a few; numbers are what is left to
/// look at.
#[test]
fn no_column_of_an_event_is_made_for_an_address() {
    let id = EventId {
        node: 1,
        boot: 1,
        counter: 1,
    };
    let columns = columns!(
        Event::new(id, Kind::Download, 0);
        event_id, time, kind, package, ecosystem, domain, route, version, version_major, channel, artifact,
        digest, method, status, answer, bytes, client, client_version, runtime, runtime_version, os,
        os_version, arch, libc, ci, ci_name, audience, audience_reasons, country, region, asn, net_type,
        org_id, org_name, org_domain, org_type, org_confidence, org_evidence, visitor, salt_epoch, page,
        referrer_host, source, campaign, props,
    );
    let text = type_name_of_val(&weir_event::Text::Borrowed(""));
    let others = columns.iter().filter(|(_, kind)| *kind != text);
    let lines: Vec<_> = others
        .map(|(name, kind)| format!("{name}: {kind}"))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @"
    event_id: weir_event::EventId
    time: u32
    kind: weir_event::kinds::Kind
    channel: weir_event::kinds::Channel
    status: u16
    answer: weir_event::kinds::Answer
    bytes: u64
    ci: weir_event::kinds::Ci
    audience: weir_event::kinds::Audience
    asn: u32
    org_id: u32
    org_confidence: u8
    visitor: u32
    salt_epoch: u16
    props: alloc::vec::Vec<(alloc::borrow::Cow<'_, str>, alloc::borrow::Cow<'_, str>)>
    ");
}
