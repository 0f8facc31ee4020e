//! `weir init`: a first configuration from what the machine's own package managers are set to.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::Context as _;

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
    let python = python_index();
    let npm = ask("npm", &["config", "get", "registry"]);
    let text = configuration(
        &domain,
        &arguments.packages,
        python.as_deref(),
        npm.as_deref(),
    );
    write_new(&arguments.output, &text)?;
    println!("wrote {}", arguments.output.display());
    println!("next:");
    println!(
        "  weir check --config {0}\n  weir serve --config {0}",
        arguments.output.display()
    );
    if python.is_some() {
        println!(
            "  pip install --trusted-host pypi.{domain} --index-url http://pypi.{domain}:8080/simple/ NAME"
        );
    }
    if npm.is_some() {
        println!("  npm install --registry http://npm.{domain}:8080/ NAME");
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

/// The index that pip uses: as set, else as built into it.
fn python_index() -> Option<String> {
    const BUILT_IN: &str = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)";
    std::env::var("PIP_INDEX_URL")
        .ok()
        .or_else(|| ask("pip", &["config", "get", "global.index-url"]))
        .or_else(|| {
            ask(
                "python3",
                &["-m", "pip", "config", "get", "global.index-url"],
            )
        })
        .or_else(|| ask("python3", &["-c", BUILT_IN]))
        .map(|index| format!("{}/", index.trim_end_matches('/')))
}

/// A client's answer about itself, if it is installed and has one.
fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    let answer = answer.trim();
    (output.status.success() && answer.starts_with("http")).then(|| answer.to_owned())
}

fn configuration(
    domain: &str,
    packages: &[String],
    python: Option<&str>,
    npm: Option<&str>,
) -> String {
    let private = private(&[python, npm]);
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
    let scoped = |pattern: &&String| pattern.contains(['@', '/']);
    let plain: Vec<&String> = packages.iter().filter(|pattern| !scoped(pattern)).collect();
    match python {
        Some(upstream) => text += &index("pypi", "Python", "pip", domain, upstream, &plain),
        None => {
            text += "\n# pip is not installed here, so there is no upstream to take over for Python packages.\n";
        }
    }
    if let Some(upstream) = npm {
        text += &index(
            "npm",
            "JavaScript",
            "npm",
            domain,
            upstream,
            &packages.iter().collect::<Vec<_>>(),
        );
    }
    text
}

/// Leave for upstreams that are not on the public internet, where there are any.
fn private(upstreams: &[Option<&str>]) -> String {
    let urls = upstreams.iter().flatten();
    let mut addresses: Vec<String> = urls
        .filter_map(|url| weir_config::network::private_address(url))
        .map(|address| quoted(&address.to_string()))
        .collect();
    addresses.dedup();
    if addresses.is_empty() {
        return String::new();
    }
    format!(
        "# Upstreams below are not on the public internet.\nprivate_upstreams = [{}]\n",
        addresses.join(", ")
    )
}

/// One registry behind one domain; everything that passes is counted where no package is named.
fn index(
    kind: &str,
    language: &str,
    client: &str,
    domain: &str,
    upstream: &str,
    packages: &[&String],
) -> String {
    let patterns: Vec<String> = packages.iter().map(|pattern| quoted(pattern)).collect();
    let patterns = if patterns.is_empty() {
        quoted("*")
    } else {
        patterns.join(", ")
    };
    format!(
        "\n# {language} packages. The upstream is the one that {client} on this machine uses. Packages that match\n\
         # are counted; all others are sent on to the upstream uncounted.\n\
         [[index]]\n\
         kind = \"{kind}\"\n\
         domains = [\"{kind}.{domain}\"]\n\
         upstream = {}\n\
         packages = [{patterns}]\n",
        quoted(upstream),
    )
}

/// A TOML string. Debug escapes are TOML's for everything that an address or a name may hold.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_writes_is_a_valid_configuration() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        let text = configuration(
            "acme.example",
            &["rocket*".into()],
            Some("https://index.example/simple/"),
            Some("https://registry.example/"),
        );
        write_new(&path, &text).expect("a new file");
        let config = weir_config::Config::load(&path, []).expect("valid");
        assert_eq!(
            config.catalogue.indexes[0].upstream.as_str(),
            "https://index.example/simple/"
        );
        let internal = configuration(
            "acme.example",
            &[],
            Some("http://10.0.0.5:3141/simple/"),
            Some("http://10.0.0.5:4873/"),
        );
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
}
