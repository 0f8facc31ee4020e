//! `weir clients`: which clients are known, what an agent is read as and why, and who is not known yet.

use std::collections::BTreeMap;

use clap::Subcommand;
use weir_config::Config;
use weir_ingest::{
    Class, Client, ClientRule, ClientRules, Lately, Lists, Network, Seen, StrangerCounts, judge,
    list_named, load_open_data, network_named, strangers,
};

use super::{ConfigFile, Failed, load};

/// Clients whose rules are printed beside a list of unknown ones.
const MOST_STUBS: usize = 20;

/// What to do with the rules about clients.
#[derive(clap::Args)]
#[command(after_help = "\
Rules of your own go into a file that [clients] rules names; it is read again when it changes.
docs/audiences.md has every word of it.")]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the rules about clients in their order: the first that fits an agent counts.
    List {
        /// Only this sort of program: tool, browser, library, mirror, updater, crawler, …
        #[arg(long)]
        class: Option<String>,
    },
    /// Say which rules an agent meets, and every field that is read from it.
    ///
    /// For example: weir clients test 'npm/11.1.0 node/v22.1.0 linux x64 ci/gitlab'
    Test(Test),
    /// List clients that no rule knows by how often they came this week, and rules to begin with.
    Unknown,
}

#[derive(clap::Args)]
struct Test {
    /// The User-Agent as the client sends it.
    agent: String,
    /// What it asks for, where clients share an agent: npm, pypi, oci, …
    #[arg(long, default_value = "")]
    ecosystem: String,
    /// What its network is used for: residential, business, hosting, …
    #[arg(long, default_value = "unknown")]
    network: String,
    /// A range list that its address is in: cloud, ci, tor, relay, vpn, cdn, gateway. May be repeated.
    #[arg(long = "list")]
    lists: Vec<String>,
    /// Its autonomous system.
    #[arg(long, default_value_t = 0)]
    asn: u32,
    /// How many versions of one package it took within a minute.
    #[arg(long, default_value_t = 1)]
    versions: u32,
    /// How many events and views of one package its address sent within a minute.
    #[arg(long, default_value_t = 0)]
    events: u32,
}

#[expect(clippy::print_stdout, reason = "lists are the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = load(&arguments.file.config)?;
    let text = match &arguments.what {
        What::List { class } => list(&rules(&config)?, class.as_deref())?,
        What::Test(test) => {
            load_open_data();
            explain(&rules(&config)?, test)?
        }
        What::Unknown => unknown(&strangers(&config.settings.data_dir)?),
    };
    print!("{text}");
    Ok(())
}

/// The rules that a gateway with this configuration uses.
fn rules(config: &Config) -> Result<ClientRules, Failed> {
    ClientRules::load(&config.settings.clients.rules)
        .map_err(|error| Failed::Config(error.to_string()))
}

fn list(rules: &ClientRules, class: Option<&str>) -> Result<String, Failed> {
    let wanted = class.map(class_named).transpose()?;
    let lines = rules
        .clients()
        .iter()
        .filter(|rule| wanted.is_none_or(|wanted| rule.class() == wanted));
    Ok(lines.map(rule_line).collect())
}

fn rule_line(rule: &ClientRule) -> String {
    let (name, class, place) = (rule.name(), rule.class().as_str(), rule.place());
    format!("{name:22} {class:12} {:45} {place}\n", rule.shape())
}

fn class_named(word: &str) -> Result<Class, Failed> {
    Class::named(word).ok_or_else(|| {
        Failed::Asked(format!(
            "no class {word:?}; `weir clients list` shows every rule with its class"
        ))
    })
}

/// What an agent is read as, by which rules.
fn explain(rules: &ClientRules, test: &Test) -> Result<String, Failed> {
    let client = rules.read(&test.agent, &test.ecosystem);
    let network = network(test)?;
    let seen = Seen {
        client: &client.name,
        class: client.class,
        ci: client.ci,
        network: &network,
        lately: Lately {
            versions: test.versions,
            events: test.events,
        },
    };
    let (audience, by) = judge(rules, &seen);
    let rule = match rules.rule(&test.agent, &test.ecosystem) {
        Some(rule) => format!("{} ({})", rule.shape(), rule.place()),
        None => "none fits".to_owned(),
    };
    let audience = format!("{} by {by}", audience.as_str());
    let mut lines = vec![("rule", &*rule), ("class", client.class.as_str())];
    lines.extend(fields(&client));
    lines.push(("audience", &audience));
    let known = lines.into_iter().filter(|(_, value)| !value.is_empty());
    Ok(known.map(field_line).collect())
}

fn field_line((field, value): (&str, &str)) -> String {
    format!("{field:16} {value}\n")
}

fn network(test: &Test) -> Result<Network, Failed> {
    let unknown =
        |what: &str, word: &str| Failed::Asked(format!("no {what} {word:?}; --help names them"));
    let kind = network_named(&test.network).ok_or_else(|| unknown("network", &test.network))?;
    let mut lists = Lists::default();
    for word in &test.lists {
        lists = lists.with(list_named(word).ok_or_else(|| unknown("list", word))?);
    }
    Ok(Network {
        asn: test.asn,
        kind,
        lists,
        ..Network::default()
    })
}

fn fields<'c>(client: &'c Client<'_>) -> [(&'static str, &'c str); 11] {
    [
        ("client", &client.name),
        ("client_version", &client.version),
        ("runtime", &client.runtime),
        ("runtime_version", &client.runtime_version),
        ("os", &client.os),
        ("os_version", &client.os_version),
        ("arch", &client.arch),
        ("libc", &client.libc),
        ("ci", client.ci.as_str()),
        ("ci_name", &client.ci_name),
        ("tag", client.tag),
    ]
}

/// Unknown clients of all days that are kept, most first, and a rule for each of the first.
fn unknown(counts: &StrangerCounts) -> String {
    let mut names: BTreeMap<&str, u64> = BTreeMap::new();
    for (name, requests) in counts.values().flatten() {
        *names.entry(name).or_default() += requests;
    }
    if names.is_empty() {
        return "every client of the last days is known; a running weir writes new ones down each minute\n"
            .to_owned();
    }
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|(name, requests)| (std::cmp::Reverse(*requests), *name));
    let counted: String = names.iter().map(count_line).collect();
    let said = names.iter().filter(|(name, _)| !name.starts_with('('));
    let stubs: String = said.take(MOST_STUBS).map(stub).collect();
    format!(
        "    requests  client\n{counted}
Rules to begin with; write as class what each is, and as name what you call it.\n
client = [\n{stubs}]\n"
    )
}

fn count_line((name, requests): &(&str, u64)) -> String {
    format!("{requests:>12}  {name}\n")
}

fn stub((name, _): &(&str, u64)) -> String {
    format!("  {{ agent = \"{name}\", name = \"{name}\", class = \"tool\" }},\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(agent: &str) -> Test {
        Test {
            agent: agent.to_owned(),
            ecosystem: String::new(),
            network: "unknown".to_owned(),
            lists: Vec::new(),
            asn: 0,
            versions: 1,
            events: 0,
        }
    }

    fn explained(test: &Test) -> String {
        explain(&ClientRules::builtin(), test).unwrap_or_else(|_| panic!("asked well"))
    }

    #[test]
    fn an_agent_is_explained_by_its_rules_and_fields() {
        insta::assert_snapshot!(explained(&test("npm/11.1.0 node/v22.1.0 linux x64 ci/gitlab")), @r#"
        rule             begins "npm/" (built in)
        class            tool
        client           npm
        client_version   11.1.0
        runtime          node
        runtime_version  22.1.0
        os               linux
        arch             amd64
        ci               true
        ci_name          gitlab-ci
        audience         ci by ci:declared
        "#);
    }

    #[test]
    fn where_a_client_is_counts_as_it_does_for_downloads() {
        let in_ci = Test {
            lists: vec!["ci".to_owned()],
            ..test("cargo/1.95.0")
        };
        insta::assert_snapshot!(explained(&in_ci), @r#"
        rule             begins "cargo/" (built in)
        class            tool
        client           cargo
        client_version   1.95.0
        ci               unknown
        audience         ci by network:ci
        "#);
    }

    #[test]
    fn unknown_clients_are_listed_with_rules_to_begin_with() {
        let day = |counts: &[(&str, u64)]| {
            let named = |(name, requests): &(&str, u64)| ((*name).to_owned(), *requests);
            counts.iter().map(named).collect()
        };
        let counts = StrangerCounts::from([
            (20_000, day(&[("acme-fetch", 3), ("(unnamed)", 40)])),
            (20_001, day(&[("acme-fetch", 9), ("zed", 1)])),
        ]);
        insta::assert_snapshot!(unknown(&counts), @r#"
            requests  client
                  40  (unnamed)
                  12  acme-fetch
                   1  zed

        Rules to begin with; write as class what each is, and as name what you call it.

        client = [
          { agent = "acme-fetch", name = "acme-fetch", class = "tool" },
          { agent = "zed", name = "zed", class = "tool" },
        ]
        "#);
        insta::assert_snapshot!(unknown(&StrangerCounts::new()), @"every client of the last days is known; a running weir writes new ones down each minute");
    }
}
