//! `weir serve`

use std::path::PathBuf;

use weir::program::{Only, Program};

use super::{ConfigFile, Failed, load};

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// Run one half of it; the halves meet at ClickHouse (set `clickhouse.url`).
    #[arg(long, value_name = "HALF")]
    only: Option<Only>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let path: PathBuf = arguments.file.config.clone();
    let config = load(&path)?;
    weir::log::start();
    Program::start(config, Some(path), arguments.only)?.run_until_signal()?;
    Ok(())
}
