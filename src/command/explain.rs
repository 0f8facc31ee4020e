//! `weir explain URL` and `weir explain --hosts`

use std::sync::Arc;

use weir_config::Config;
use weir_gateway::{Bodies, RedirectHost, Sent};

use super::{ConfigFile, Failed, load};

/// What to explain.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The address that a client would ask for.
    #[arg(required_unless_present = "hosts", conflicts_with = "hosts")]
    url: Option<String>,
    /// The request's method; GET, or POST with a body.
    #[arg(long, short = 'X')]
    method: Option<String>,
    /// A body that is sent, to see what is taken of it.
    #[arg(long, short = 'd', value_name = "TEXT", requires = "url")]
    data: Option<String>,
    /// A field of the request, as `Name: value`.
    #[arg(long, short = 'H', value_name = "FIELD", requires = "data")]
    header: Vec<String>,
    /// List the hosts that clients are redirected to, for users behind a firewall.
    #[arg(long)]
    hosts: bool,
    /// Print the list as JSON.
    #[arg(long, requires = "hosts")]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let config = load(&arguments.file.config)?;
    if let Some(url) = &arguments.url {
        let method = arguments.method.as_deref();
        return match &arguments.data {
            Some(data) => body(config, method.unwrap_or("POST"), url, arguments, data),
            None => request(config, method.unwrap_or("GET"), url),
        };
    }
    hosts(&config, arguments.json);
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the explanation is the command's output"
)]
fn request(config: Config, method: &str, url: &str) -> Result<(), Failed> {
    let Config {
        settings,
        catalogue,
        ..
    } = config;
    let explanation = weir_gateway::explain(Arc::new(catalogue), &settings.gateway, method, url)
        .map_err(|error| Failed::Asked(error.to_string()))?;
    println!("answer   {}", explanation.answer);
    match explanation.event {
        None if explanation.opted_out => {
            println!("event    none: this address asks not to be counted");
        }
        None => println!("event    none: this is not ours to count, or is counted by what follows"),
        Some(columns) => print_event(&columns),
    }
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "the explanation is the command's output"
)]
fn body(
    config: Config,
    method: &str,
    address: &str,
    arguments: &Arguments,
    data: &str,
) -> Result<(), Failed> {
    let fields = arguments.header.iter().map(|field| named(field));
    let fields: Vec<_> = fields.collect::<Result<_, _>>()?;
    let sent = Sent {
        method,
        address,
        fields: &fields,
    };
    let explanation = Bodies::new(Arc::new(config.catalogue))
        .explain(sent, [data.as_bytes()])
        .map_err(|error| Failed::Asked(error.to_string()))?;
    println!("answer   {} {}", explanation.status, explanation.answer);
    if explanation.opted_out {
        println!("event    none: whoever sends this asks not to be counted");
    } else if explanation.events.is_empty() {
        println!("event    none: nothing of this body is taken");
    } else {
        explanation
            .events
            .iter()
            .for_each(|event| print_event(event));
    }
    Ok(())
}

fn named(field: &str) -> Result<(&str, &str), Failed> {
    let (name, value) = field.split_once(':').ok_or_else(|| {
        Failed::Asked(format!("{field:?} is no field: write it as `Name: value`"))
    })?;
    Ok((name.trim(), value.trim()))
}

#[expect(
    clippy::print_stdout,
    reason = "the explanation is the command's output"
)]
fn print_event(columns: &[(&'static str, String)]) {
    for (number, (name, value)) in columns.iter().enumerate() {
        let label = if number == 0 { "event" } else { "" };
        println!("{label:8} {name:9} {value}");
    }
}

#[expect(clippy::print_stdout, reason = "the list is the command's output")]
fn hosts(config: &Config, json: bool) {
    let settings = &config.settings.gateway;
    let hosts = weir_gateway::redirect_hosts(&config.catalogue, settings);
    if json {
        let list: Vec<_> = hosts.iter().map(as_json).collect();
        let always_proxy = &settings.always_proxy;
        println!(
            "{:#}",
            serde_json::json!({ "hosts": list, "always_proxy": always_proxy })
        );
        return;
    }
    let address = |host: &RedirectHost| format!("{}:{}", host.host, host.port);
    let width = hosts.iter().map(|host| address(host).len()).max();
    for host in &hosts {
        let beyond: Vec<_> = host.beyond.iter().map(|beyond| beyond.sentence()).collect();
        println!(
            "{:width$}  for {}; {}",
            address(host),
            host.domains.join(", "),
            beyond.join(", "),
            width = width.unwrap_or_default()
        );
    }
    for domain in &settings.always_proxy {
        println!("{domain} redirects nowhere: always_proxy");
    }
    if hosts.is_empty() && settings.always_proxy.is_empty() {
        println!("nothing is redirected");
    }
}

fn as_json(host: &RedirectHost) -> serde_json::Value {
    let beyond: Vec<_> = host.beyond.iter().map(|beyond| beyond.as_str()).collect();
    serde_json::json!({
        "host": host.host,
        "port": host.port,
        "domains": host.domains,
        "beyond": beyond,
    })
}
