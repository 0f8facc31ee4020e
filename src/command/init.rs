//! `weir init`: a first configuration from what the machine's own package managers are set to.

mod installed;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;

use self::installed::{Client, Found};
use super::Failed;

/// What to write.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The file to write; an existing one is left alone.
    #[arg(long, short, default_value = "weir.toml", value_name = "FILE")]
    output: PathBuf,
    /// The domain under which packages are served.
    #[arg(long, default_value = "weir.localhost", value_name = "DOMAIN")]
    domain: String,
    /// A package to count; may be repeated and may hold `*`. Everything that passes, if not given.
    #[arg(long = "package", value_name = "PATTERN")]
    packages: Vec<String>,
}

#[expect(
    clippy::print_stdout,
    reason = "what to do next is the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let domain = weir_config::host_name(&arguments.domain)
        .filter(|_| !arguments.domain.contains(':'))
        .ok_or_else(|| Failed::Asked(format!("{:?} is not a domain name", arguments.domain)))?;
    let found = installed::found();
    write_new(
        &arguments.output,
        &configuration(&domain, &arguments.packages, &found),
    )?;
    let file = arguments.output.display();
    println!("wrote {file}");
    println!("next:");
    println!("  weir check --config {file}\n  weir serve --config {file}");
    for one in found {
        if patterns(one.client, &arguments.packages).is_some() {
            println!("  {}", command(one.client, &domain));
        }
    }
    Ok(())
}

/// Creates the file, and only creates it.
fn write_new(path: &PathBuf, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut file = std::fs::File::create_new(path).with_context(|| {
        format!(
            "cannot create {} (an existing file is left alone; name another with --output)",
            path.display()
        )
    })?;
    file.write_all(text.as_bytes())
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Installs through Weir, as far as one line can say.
fn command(client: Client, domain: &str) -> String {
    let host = format!("{}.{domain}", client.kind());
    match client {
        Client::Pip => {
            format!("pip install --trusted-host {host} --index-url http://{host}:8080/simple/ NAME")
        }
        Client::Npm => format!("npm install --registry http://{host}:8080/ NAME"),
        Client::Cargo => format!("cargo install --index sparse+http://{host}:8080/ NAME"),
        Client::Go => format!("GOPROXY=http://{host}:8080 go get NAME@latest"),
        Client::Gem => format!("gem install --clear-sources --source http://{host}:8080/ NAME"),
        Client::Apt => {
            format!("deb http://{host}:8080/ SUITE main   # in /etc/apt/sources.list.d/weir.list")
        }
    }
}

fn configuration(domain: &str, packages: &[String], found: &[Found]) -> String {
    let private = private(found);
    let mut text = format!(
        "# Weir's configuration. `weir check` says what is wrong with it, `weir explain URL` what it does.\n\
         \n\
         [gateway]\n\
         http = [\"0.0.0.0:8080\"]\n\
         {private}\n\
         [dashboards]\n\
         listen = \"127.0.0.1:8081\"\n\
         \n\
         # Files behind a template; uncomment and make it yours.\n\
         # [[package]]\n\
         # name = \"acme/rocket\"\n\
         # kind = \"file\"\n\
         # domains = [\"get.{domain}\"]\n\
         #   [[package.route]]\n\
         #   path = \"/rocket/{{version}}/{{os}}-{{arch}}.tar.gz\"\n\
         #   to   = \"https://files.acme.example/rocket/v{{version}}/rocket-{{os}}-{{arch}}.tar.gz\"\n"
    );
    if found.is_empty() {
        text += "\n# No package manager is installed here, so there is no upstream to take over.\n";
    }
    for one in found {
        if let Some(patterns) = patterns(one.client, packages) {
            text += &index(one, domain, &patterns);
        }
    }
    text
}

/// Leave for upstreams that are not on the public internet, where there are any.
fn private(found: &[Found]) -> String {
    let mut addresses: Vec<String> = found
        .iter()
        .flat_map(|one| weir_config::network::private_addresses(&one.upstream))
        .map(|address| quoted(&address.to_string()))
        .collect();
    addresses.sort();
    addresses.dedup();
    if addresses.is_empty() {
        return String::new();
    }
    format!(
        "# Upstreams below are not on the public internet.\nprivate_upstreams = [{}]\n",
        addresses.join(", ")
    )
}

/// What is counted of a client's packages: those that may be names of its kind, or all where none is
/// named. Nothing if all that are named are of other kinds.
fn patterns(client: Client, packages: &[String]) -> Option<String> {
    if packages.is_empty() {
        return Some(quoted("*"));
    }
    let fit: Vec<String> = packages
        .iter()
        .filter(|pattern| client.may_have(pattern))
        .map(|pattern| quoted(pattern))
        .collect();
    (!fit.is_empty()).then(|| fit.join(", "))
}

/// One registry behind one domain.
fn index(found: &Found, domain: &str, patterns: &str) -> String {
    let (kind, client) = (found.client.kind(), found.client.program());
    let mut text = String::new();
    let _ = write!(
        text,
        "\n# {} packages. The upstream is the one that {client} on this machine uses. Packages that match\n\
         # are counted; all others are sent on to the upstream uncounted.\n\
         [[index]]\n\
         kind = \"{kind}\"\n\
         domains = [\"{kind}.{domain}\"]\n\
         upstream = {}\n\
         packages = [{patterns}]\n",
        found.client.language(),
        quoted(&found.upstream),
    );
    text
}

/// A TOML string. Debug escapes are TOML's for everything that an address or a name may hold.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(client: Client) -> Found {
        Found {
            client,
            upstream: format!("https://{}.example/", client.kind()),
        }
    }

    #[test]
    fn what_it_writes_is_a_valid_configuration() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        let text = configuration("acme.example", &["rocket*".into()], &Client::ALL.map(found));
        write_new(&path, &text).expect("a new file");
        let config = weir_config::Config::load(&path, []).expect("valid");
        // A Go module's name has a slash.
        assert_eq!(config.catalogue.indexes.len(), Client::ALL.len() - 1);
        assert_eq!(
            config.catalogue.indexes[0].upstream.as_str(),
            "https://pypi.example/"
        );
        let internal = |client| Found {
            client,
            upstream: "http://10.0.0.5:3141/".to_owned(),
        };
        let internal = configuration("acme.example", &[], &Client::ALL.map(internal));
        std::fs::write(&path, internal).expect("written");
        let config = weir_config::Config::load(&path, []).expect("valid");
        assert_eq!(
            config.settings.gateway.private_upstreams,
            ["10.0.0.5/32".parse().expect("a network")]
        );
        assert!(
            write_new(&path, "").is_err(),
            "an existing file is left alone"
        );
    }

    #[test]
    fn a_scoped_name_is_counted_where_scopes_exist() {
        let packages = ["@acme/*".to_owned(), "six".to_owned()];
        assert_eq!(
            patterns(Client::Npm, &packages).as_deref(),
            Some(r#""@acme/*", "six""#)
        );
        assert_eq!(
            patterns(Client::Pip, &packages).as_deref(),
            Some(r#""six""#)
        );
        assert_eq!(patterns(Client::Cargo, &packages[..1]), None);
        assert_eq!(patterns(Client::Apt, &[]).as_deref(), Some(r#""*""#));
    }
}
