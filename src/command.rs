//! The command line: one file a subcommand.

mod check;
mod convert;
mod demo;
mod explain;
mod export;
mod import;
mod init;
mod migrate;
mod serve;
mod spool;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use weir_config::Config;

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
#[command(version, verbatim_doc_comment, arg_required_else_help = true)]
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
    /// Write a first configuration from what the installed package managers use.
    Init(init::Arguments),
    /// Turn another gateway's rules into a configuration.
    Convert(convert::Arguments),
    /// Write events, or the rows of a question, into a file: CSV, NDJSON, Parquet, Arrow.
    Export(export::Arguments),
    /// Bring in events, access logs, and what registries counted.
    Import(import::Arguments),
    /// Bring the tables of a ClickHouse server up to this version.
    Migrate(migrate::Arguments),
    /// See what waits to be stored, was refused or damaged, and send it again.
    Spool(spool::Arguments),
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
        Command::Init(arguments) => init::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Import(arguments) => import::run(&arguments),
        Command::Migrate(arguments) => migrate::run(&arguments),
        Command::Spool(arguments) => spool::run(&arguments),
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

/// Loads the configuration with the environment's settings, and says what is probably not meant.
fn load(path: &Path) -> Result<Config, Failed> {
    let config = Config::load(path, std::env::vars())
        .map_err(|errors| Failed::Config(errors.to_string()))?;
    for warning in &config.warnings {
        eprintln!("warning: {warning}");
    }
    Ok(config)
}
