//! `weir orgs explain`: the decision over one network, step by step.

use std::net::IpAddr;
use std::path::Path;

use weir_ingest::organisation::{Organisations, explain};
use weir_ingest::{ClientIp, Lists, Network, NetworkType, Places};

use super::super::{Failed, load};

/// Kinds of network, as `--kind` takes them.
const KINDS: [NetworkType; 9] = [
    NetworkType::Residential,
    NetworkType::Mobile,
    NetworkType::Business,
    NetworkType::Education,
    NetworkType::Government,
    NetworkType::Hosting,
    NetworkType::Cdn,
    NetworkType::Carrier,
    NetworkType::Nonprofit,
];

/// What to explain.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// An address, or the number of a system such as AS64500.
    what: String,
    /// The system that announces the network, in the place of what the data says.
    #[arg(long, value_name = "NUMBER")]
    asn: Option<u32>,
    /// The name its holder registered.
    #[arg(long)]
    name: Option<String>,
    /// The holder's domain.
    #[arg(long)]
    domain: Option<String>,
    /// How many IPv4 addresses the system announces.
    #[arg(long)]
    size: Option<u64>,
    /// What the system is used for, such as business, education or residential.
    #[arg(long)]
    kind: Option<String>,
    /// A list that names the address: cloud, ci, tor, relay, vpn, cdn, gateway. May be given several times.
    #[arg(long = "list", value_name = "LIST")]
    lists: Vec<String>,
    /// The country the request came from, in the place of what the data says.
    #[arg(long, value_name = "CODE")]
    country: Option<String>,
    /// The domain of a confirmed name of the address. DNS is not asked.
    #[arg(long, value_name = "DOMAIN")]
    pointer: Option<String>,
}

#[expect(
    clippy::print_stdout,
    reason = "the explanation is the command's output"
)]
pub(super) fn run(config: &Path, arguments: &Arguments) -> Result<(), Failed> {
    let (asn, address) = asked(&arguments.what)?;
    let settings = load(config)?.settings;
    let (places, _) =
        Places::open(&settings, now()).map_err(|error| Failed::Asked(error.to_string()))?;
    let known = match &address {
        Some(address) => places.network(address),
        None => places.system(asn).unwrap_or(Network {
            asn,
            ..Network::default()
        }),
    };
    let network = network(arguments, known)?;
    let organisations = Organisations::open(&settings.organisations);
    let country = match (&arguments.country, &address) {
        (Some(country), _) => country.to_ascii_uppercase(),
        (None, Some(address)) => places.country(address).to_owned(),
        (None, None) => String::new(),
    };
    let explained = explain(
        &organisations,
        &network,
        address.as_ref(),
        &country,
        arguments.pointer.as_deref(),
    );
    for (step, text) in &explained.steps {
        println!("{step:10} {text}");
    }
    Ok(())
}

/// The number of a system, or an address.
fn asked(what: &str) -> Result<(u32, Option<ClientIp>), Failed> {
    let number = what.strip_prefix("AS").or_else(|| what.strip_prefix("as"));
    if let Some(asn) = number.and_then(|number| number.parse().ok()) {
        return Ok((asn, None));
    }
    let address = what.parse::<IpAddr>().map_err(|_| {
        let message = "is neither an address such as 198.51.100.7 nor a system such as AS64500";
        Failed::Asked(format!("{what:?} {message}"))
    })?;
    Ok((0, Some(ClientIp::new(address))))
}

fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default()
}

/// What is known of the network, with what the arguments say in its place.
fn network(arguments: &Arguments, known: Network) -> Result<Network, Failed> {
    let kind = arguments.kind.as_deref().map(kind).transpose()?;
    let mut lists = known.lists;
    for word in &arguments.lists {
        let list = Lists::from_word(word)
            .ok_or_else(|| Failed::Asked(format!("no list is called {word:?}")))?;
        lists = lists.with(list);
    }
    Ok(Network {
        asn: arguments.asn.unwrap_or(known.asn),
        name: arguments.name.as_deref().map_or(known.name, Into::into),
        domain: arguments.domain.as_deref().map_or(known.domain, Into::into),
        size: arguments.size.unwrap_or(known.size),
        kind: kind.unwrap_or(known.kind),
        lists,
    })
}

fn kind(word: &str) -> Result<NetworkType, Failed> {
    let known = KINDS.into_iter().find(|kind| kind.as_str() == word);
    known.ok_or_else(|| {
        let words: Vec<_> = KINDS.iter().map(|kind| kind.as_str()).collect();
        Failed::Asked(format!("no kind {word:?}; one of {}", words.join(", ")))
    })
}
