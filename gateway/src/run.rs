//! What a client calls the run that a request is part of, where it says so: an install, a restore.
//!
//! Requests of one run are one client's, however many addresses it has, and those of two runs behind
//! one address are not.

use crate::head::Head;

/// Fields with an id for one run: of the .NET package manager for each operation, of npm for each command.
const FIELDS: [&str; 2] = ["x-nuget-session-id", "npm-session"];

/// The id, or nothing; `agent` is the head's.
pub(crate) fn id<'a>(head: &Head<'a>, agent: &'a str) -> &'a str {
    FIELDS
        .iter()
        .filter_map(|name| head.field(name))
        .find(|value| is_id(value))
        .or_else(|| bundlers(agent))
        .unwrap_or_default()
}

/// Bundler ends its agent with eight random bytes in hexadecimal.
fn bundlers(agent: &str) -> Option<&str> {
    agent
        .starts_with("bundler/")
        .then(|| agent.rsplit(' ').next())
        .flatten()
        .filter(|last| last.len() == 16 && last.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Random enough to be nobody else's: short values and free text are no names of runs.
fn is_id(value: &str) -> bool {
    (8..=64).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Fields;

    fn run(name: &str, value: &str) -> String {
        let fields = [("Host", "get.test"), (name, value)].map(|(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        });
        let head = Head::new("GET", "/", Fields::raw(&fields)).expect("a good head");
        id(&head, head.text("user-agent")).to_owned()
    }

    #[test]
    fn clients_name_their_runs_in_fields_of_their_own_or_at_the_agents_end() {
        let guid = "1b4e28ba-2fa1-11d2-883f-0016d3cca427";
        assert_eq!(run("X-NuGet-Session-Id", guid), guid);
        assert_eq!(run("npm-session", "9f8a3c1d5b7e2f60"), "9f8a3c1d5b7e2f60");
        let bundler = "bundler/2.3.15 rubygems/3.3.15 ruby/3.1.2 (x86_64-pc-linux-gnu) command/install 1a2b3c4d5e6f7a8b";
        assert_eq!(run("User-Agent", bundler), "1a2b3c4d5e6f7a8b");
    }

    #[test]
    fn what_could_be_anybodys_names_no_run() {
        for (name, value) in [
            ("X-NuGet-Session-Id", "1"),
            ("npm-session", "a whole sentence"),
            ("npm-session", ""),
            ("User-Agent", "curl/8.9.1 1a2b3c4d5e6f7a8b"),
            ("User-Agent", "bundler/2.3.15 command/install"),
        ] {
            assert_eq!(run(name, value), "", "{name}: {value}");
        }
    }
}
