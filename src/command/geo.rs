//! `weir geo`: data about networks, fetched, listed and asked.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::PathBuf;

use clap::Subcommand;
use jiff::Timestamp;
use weir_config::settings::Settings;
use weir_ingest::ClientIp;
use weir_ingest::Places;
use weir_ingest::geo::{
    Explanation, Installed, InstalledFile, LoadError, Outcome, Said, Source, SourceError,
    UpdateError, Updater, explain,
};

use super::{ConfigFile, Failed, load};

/// Data about networks: the country of an address, the system that announces it and what that is used
/// for, and lists such as those of clouds and VPNs. None of it comes with Weir; each source has a licence
/// of its own.
///
/// Fetch the usual sources:     weir geo update
/// Files that you have:         weir geo update --from dbip-country-lite-2026-11.mmdb.gz
/// See what is in use:          weir geo list
/// Ask it:                      weir geo lookup 203.0.113.77
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Say what is in use: licence, age, size, checksum. This is what `weir geo` does.
    List,
    /// List every source that is known, with what it needs.
    Sources,
    /// Bring data up to date. A running weir takes it within a second.
    Update(Update),
    /// Say what each file says of an address, and what a row would keep. Nothing is written.
    Lookup {
        /// An IPv4 or IPv6 address.
        address: IpAddr,
    },
    /// Forget a source and remove its files.
    Remove {
        /// As it is listed.
        name: String,
    },
}

#[derive(clap::Args)]
struct Update {
    /// Sources to bring up to date. Default: those of `[geo] sources`, or else the usual ones.
    names: Vec<String>,
    /// Take these files, or what is known of a folder's, instead of fetching. Packed ones may stay packed.
    #[arg(long, value_name = "PATH", num_args = 1..)]
    from: Vec<PathBuf>,
    /// Take data even if much less came than there was.
    #[arg(long)]
    force: bool,
}

#[expect(
    clippy::print_stdout,
    reason = "what is listed is the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(&arguments.file.config)?.settings;
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let updater = Updater::new(&settings).map_err(asked)?;
    match arguments.what.as_ref().unwrap_or(&What::List) {
        What::List => print!("{}", list(&settings, &updater)?),
        What::Sources => print!("{}", sources(updater.sources().all())),
        What::Update(what) if what.from.is_empty() => update(&updater, what)?,
        What::Update(what) => take(&updater, what)?,
        What::Lookup { address } => {
            let address = ClientIp::new(*address);
            print!("{}", lookup(&explain(&settings, &address, now())?));
        }
        What::Remove { name } => {
            if !updater.remove(name)? {
                let hint = "`weir geo list` lists what is";
                return Err(Failed::Asked(format!("{name} is not there; {hint}")));
            }
            println!("{name}: removed");
        }
    }
    Ok(())
}

fn now() -> u64 {
    u64::try_from(Timestamp::now().as_second()).unwrap_or_default()
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` gives it
fn asked(error: SourceError) -> Failed {
    Failed::Asked(error.to_string())
}

/// Fetches one source after the other; one that fails keeps none from being tried.
fn update(updater: &Updater, what: &Update) -> Result<(), Failed> {
    let sources = if what.names.is_empty() {
        updater.sources().wanted()
    } else {
        let named = what.names.iter().map(|name| updater.sources().named(name));
        named.collect::<Result<_, _>>().map_err(asked)?
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut failed = 0;
    for source in &sources {
        let outcome = runtime.block_on(updater.update(source, what.force, now()));
        failed += usize::from(outcome.is_err());
        say(&source.name, outcome);
    }
    if failed > 0 {
        let all = sources.len();
        let error =
            anyhow::anyhow!("{failed} of {all} sources failed; what was in use stays in use");
        return Err(error.into());
    }
    Ok(())
}

fn take(updater: &Updater, what: &Update) -> Result<(), Failed> {
    let name = match &*what.names {
        [] => None,
        [name] => Some(name.as_str()),
        _ => {
            let problem = "files can only be given for one source at a time: name one, or none";
            return Err(Failed::Asked(problem.to_owned()));
        }
    };
    let taken = updater.take(&what.from, name, what.force, now())?;
    if taken.is_empty() {
        let problem = match name {
            Some(name) => {
                format!("no file there is called as those of {name}: give its files one by one")
            }
            None => {
                "no file there belongs to a source that is known: name the source before --from"
                    .to_owned()
            }
        };
        return Err(Failed::Asked(problem));
    }
    for (name, outcome) in taken {
        say(&name, Ok(outcome));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "progress is the command's output")]
fn say(name: &str, outcome: Result<Outcome, UpdateError>) {
    match outcome {
        Ok(Outcome::Installed { records, bytes }) => {
            println!("{name}: {records} records, {}", size(bytes));
        }
        Ok(Outcome::Unchanged) => println!("{name}: nothing newer"),
        Err(error) => eprintln!("{name}: {:#}", anyhow::Error::from(error)),
    }
}

/// What is in use, a block for each source, and what is not used and why.
fn list(settings: &Settings, updater: &Updater) -> Result<String, Failed> {
    let (places, errors) = Places::open(settings, now()).map_err(asked)?;
    let manifest = updater.manifest()?;
    let mut text = String::new();
    let mut listed: Vec<String> = Vec::new();
    for file in places.files() {
        if listed.contains(&file.name) {
            continue;
        }
        listed.push(file.name.clone());
        let block = match manifest.of(&file.name) {
            Some(installed) => fetched(installed, &file.gives.join(", ")),
            None => format!(
                "{}\n  gives     {}\n  {}\n  file      {}\n",
                file.name,
                file.gives.join(", "),
                credit(&file.licence, &file.attribution, &file.link),
                file.path.display()
            ),
        };
        text += &block;
    }
    if text.is_empty() {
        text += "no data about networks: places stay unknown; fetch some with `weir geo update`\n";
    } else {
        let memory = size(places.bytes() as u64);
        writeln!(
            text,
            "{} systems are known; all of it takes {memory} of memory",
            places.systems()
        )?;
    }
    for error in errors {
        writeln!(text, "not used: {}", chain(error))?;
    }
    Ok(text)
}

fn chain(error: LoadError) -> String {
    format!("{:#}", anyhow::Error::from(error))
}

fn fetched(installed: &Installed, gives: &str) -> String {
    let Installed {
        name,
        licence,
        attribution,
        link,
        installed,
        checked,
        files,
        ..
    } = installed;
    let text = format!(
        "{name}\n  gives     {gives}\n  {}\n  fetched   {}, asked {}\n",
        credit(licence, attribution, link),
        day(*installed),
        day(*checked),
    );
    text + &files.iter().map(fetched_file).collect::<String>()
}

fn fetched_file(file: &InstalledFile) -> String {
    let made = file
        .built
        .map_or(String::new(), |built| format!(", made {}", day(built)));
    format!(
        "  file      {}: {} records, {}{made}\n            from {}\n            sha256 {}\n",
        file.original,
        file.records,
        size(file.bytes),
        file.from,
        file.sha256
    )
}

fn credit(licence: &str, attribution: &str, link: &str) -> String {
    let licence = if licence.is_empty() {
        "unknown"
    } else {
        licence
    };
    let parts = [licence, attribution, link];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("licence   {}", parts.join(", "))
}

fn day(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok();
    let time = time.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(
        || "never".to_owned(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// A line each: name, what it is, licence, and what it needs.
fn sources(all: &[Source]) -> String {
    let mut text = String::new();
    for source in all {
        let what = match &source.list {
            Some(list) => format!("{} ({list})", source.format.as_str()),
            None => source.format.as_str().to_owned(),
        };
        let needs = if source.account && source.credentials.is_none() {
            "  needs an account"
        } else if source.usual {
            "  usual"
        } else {
            ""
        };
        let line = format!("{:<22}{what:<20}{:<30}{needs}", source.name, source.licence);
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn lookup(explanation: &Explanation) -> String {
    let Explanation {
        files,
        kept,
        errors,
    } = explanation;
    let mut text = String::new();
    for (at, said) in files.iter().enumerate() {
        // A source often has a file for each family of addresses, of which one says nothing.
        let others = files.iter().enumerate().filter(|(other, _)| *other != at);
        let mut of_source = others.filter(|(_, other)| other.name == said.name);
        let is_said = |(other, said): (usize, &Said)| other < at || !said.facts.is_empty();
        if !said.facts.is_empty() || !of_source.any(is_said) {
            text.extend([&*said.name, " says ", &*facts(&said.facts), "\n"]);
        }
    }
    for error in errors {
        text.extend(["not used: ", &*error.to_string(), "\n"]);
    }
    text + "a row keeps " + &facts(kept) + "\n"
}

fn facts(facts: &[(&'static str, String)]) -> String {
    if facts.is_empty() {
        return "nothing".to_owned();
    }
    let facts = facts.iter().map(|(what, fact)| format!("{what} {fact}"));
    facts.collect::<Vec<_>>().join("; ")
}
