//! Agents that put their words where nobody else does.

use super::{Client, notes};
use crate::enrich::words;

/// `containers/5.23.1 (…)` is podman speaking with the name and version of its library.
pub(super) fn podman<'a>(client: &mut Client<'a>, rest: &'a str) {
    client.version = "".into();
    client.runtime = "containers-image".into();
    client.runtime_version = words::version(rest).into();
}

/// `0.19.0 hex/2.5.2 (elixir/1.14.0) (OTP/25)` is Hex, for mix; `0.7.1 (rebar3/3.19.0) (OTP/25)` is rebar3
/// with the same library.
pub(super) fn hex<'a>(client: &mut Client<'a>, rest: &'a str) {
    client.version = "".into();
    for (name, version) in notes::words(rest).filter_map(|word| word.split_once('/')) {
        let version = words::version(version).into();
        match name {
            "hex" => client.version = version,
            "rebar3" => (client.name, client.version) = (name.into(), version),
            "elixir" => (client.runtime, client.runtime_version) = (name.into(), version),
            "OTP" if client.runtime.is_empty() => {
                (client.runtime, client.runtime_version) = ("erlang".into(), version);
            }
            _ => {}
        }
    }
}

/// `(Linux;6.1;amd64) (Debian;17.0.15;…)`: the platform, then the Java machine's maker and version.
pub(super) fn gradle<'a>(client: &mut Client<'a>, rest: &'a str) {
    let mut groups = rest.split('(').skip(1);
    groups
        .next()
        .into_iter()
        .for_each(|platform| notes::read(client, platform));
    let java = groups
        .next()
        .and_then(|machine| machine.split(';').nth(1))
        .map_or("", words::version);
    if !java.is_empty() {
        client.runtime = "java".into();
        client.runtime_version = java.into();
    }
}
