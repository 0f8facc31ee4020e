//! `weir explain URL` and `weir explain --hosts`

use std::sync::Arc;

use weir_config::Config;
use weir_gateway::RedirectHost;

use super::{ConfigFile, Failed, load};

/// What to explain.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// The address that a client would ask for.
    #[arg(required_unless_present = "hosts", conflicts_with = "hosts")]
    url: Option<String>,
    /// The request's method.
    #[arg(long, short = 'X', default_value = "GET")]
    method: String,
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
        return request(config, &arguments.method, url);
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
        None => println!("event    none: this is not ours to count, or is counted by what follows"),
        Some(columns) => {
            for (number, (name, value)) in columns.iter().enumerate() {
                let label = if number == 0 { "event" } else { "" };
                println!("{label:8} {name:9} {value}");
            }
        }
    }
    Ok(())
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
