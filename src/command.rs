//! The command line: one file a subcommand.

mod backup;
mod check;
mod clients;
mod convert;
mod demo;
mod doctor;
mod domains;
mod explain;
mod export;
mod geo;
mod import;
mod init;
mod migrate;
mod orgs;
mod progress;
mod rebuild;
mod restore;
mod serve;
mod spool;
mod token;
mod user;
mod version;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use weir::program;
use weir_config::Config;
use weir_config::settings::Settings;
use weir_dashboards::{Accounts, AccountsError};

/// A failure that the caller caused: wrong arguments, a wrong configuration.
const ASKED_WRONG: u8 = 2;

/// Count downloads of your packages on your own domain.
///
/// Weir stands in front of package registries, release files and docs. Package managers pull through
/// it; it sends every download on its way, records one anonymous event for it and shows you how your
/// software is used.
///
/// Try it:        weir demo
/// For real:      weir init, then weir check, then weir serve
#[derive(Parser)]
#[command(version, long_version = version::LONG.as_str(), verbatim_doc_comment, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the gateway, the event path and the dashboard.
    Serve(serve::Arguments),
    /// Run with sample packages, a stand-in registry and a year of made-up history.
    Demo(demo::Arguments),
    /// Check the configuration: where it is wrong and what to write instead.
    Check(ConfigFile),
    /// Say which route matches an address, what would be answered and what recorded.
    Explain(explain::Arguments),
    /// Say how each domain stands: DNS, certificate, and what is missing.
    Domains(domains::Arguments),
    /// See whether this machine, its network and its disk can carry what is configured. Changes nothing.
    Doctor(doctor::Arguments),
    /// See which clients are known, what an agent is read as, and who is not known yet.
    Clients(clients::Arguments),
    /// Write a first configuration from what the installed package managers use.
    Init(init::Arguments),
    /// Turn another gateway's rules into a configuration.
    Convert(convert::Arguments),
    /// Write events, or the rows of a question, into a file: CSV, NDJSON, Parquet, Arrow.
    Export(export::Arguments),
    /// Bring in events, access logs, and what registries counted.
    Import(import::Arguments),
    /// Fetch data about networks and their places, list it, and ask it about an address.
    Geo(geo::Arguments),
    /// Bring the tables of a ClickHouse server up to this version.
    Migrate(migrate::Arguments),
    /// Save everything into a folder: tables, spool, accounts, configuration.
    Backup(backup::Arguments),
    /// Put a backup back where there is nothing yet.
    Restore(restore::Arguments),
    /// Count again what charts are drawn from, where it differs from the events.
    Rebuild(rebuild::Arguments),
    /// Say why an organisation is named, and put wrong matches right, also those of the past.
    Orgs(orgs::Arguments),
    /// See what waits to be stored, was refused or damaged, and send it again.
    Spool(spool::Arguments),
    /// Make, list and revoke tokens for programs that use the API.
    Token(token::Arguments),
    /// Add, list and remove users of the page, and change what they may do.
    User(user::Arguments),
}

/// Where the configuration is.
#[derive(clap::Args)]
struct ConfigFile {
    /// The configuration file. Any setting can also be given as `WEIR_SECTION__KEY`.
    #[arg(long, short, default_value = "weir.toml", value_name = "FILE")]
    config: PathBuf,
}

/// Why a command did not do what it was asked.
enum Failed {
    /// The configuration is wrong; the text says where, for people.
    Config(String),
    /// An argument is wrong; the text says what to give instead.
    Asked(String),
    /// Something else went wrong.
    Other(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self::Other(error.into())
    }
}

/// Parses the command line and runs the command.
pub(crate) fn run() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Check(file) => check::run(&file),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Domains(arguments) => domains::run(&arguments),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Clients(arguments) => clients::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Geo(arguments) => geo::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Orgs(arguments) => orgs::run(&arguments),
        Command::Spool(arguments) => spool::run(&arguments),
        Command::Backup(arguments) => backup::run(&arguments),
        Command::Restore(arguments) => restore::run(&arguments),
        Command::Rebuild(arguments) => rebuild::run(&arguments),
        Command::Token(arguments) => token::run(&arguments),
        Command::User(arguments) => user::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failed::Config(problems)) => {
            eprintln!("{problems}");
            ExitCode::from(ASKED_WRONG)
        }
        Err(Failed::Asked(problem)) => {
            eprintln!("weir: {problem}");
            ExitCode::from(ASKED_WRONG)
        }
        Err(Failed::Other(error)) => {
            eprintln!("weir: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does something with the accounts that the settings name, also while a server has them open.
fn with_accounts(
    settings: &Settings,
    does: impl AsyncFnOnce(Accounts) -> Result<String, AccountsError>,
) -> Result<String, Failed> {
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::fs::create_dir_all(&settings.data_dir)
        .with_context(|| format!("cannot create the folder {}", settings.data_dir.display()))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    runtime.block_on(async {
        let clock: weir_dashboards::Clock = Arc::new(jiff::Timestamp::now);
        let accounts = program::open_accounts(settings, &clock).await?;
        does(accounts).await.map_err(failed)
    })
}

/// What an argument caused and what the machine did.
fn failed(error: AccountsError) -> Failed {
    match error {
        AccountsError::Database(_) | AccountsError::Hash(_) => Failed::Other(error.into()),
        asked => Failed::Asked(asked.to_string()),
    }
}

/// Loads the configuration with the environment's settings, and says what is probably not meant.
fn load(path: &Path) -> Result<Config, Failed> {
    let config = Config::load(path, std::env::vars())
        .map_err(|errors| Failed::Config(errors.to_string()))?;
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(config)
}

/// For commands that ask ClickHouse a few things.
fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")
}

/// Days since 1970.
fn today() -> u32 {
    u32::try_from(jiff::Timestamp::now().as_second() / 86_400).unwrap_or_default()
}
