//! `weir serve`

use std::path::PathBuf;

use anyhow::Context as _;
use weir::log::{self, Format};
use weir::program::{Inheritance, Only, Program, Upgrade};

use super::{ConfigFile, Failed, load};

/// What to run.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// Run one half of it; the halves meet at ClickHouse (set `clickhouse.url`).
    #[arg(long, value_name = "HALF")]
    only: Option<Only>,
    /// How the log on standard error is written; `WEIR_LOG` sets its level.
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    log_format: Format,
    /// Take the place of the process that started this one.
    #[arg(long, hide = true)]
    take_over: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let path: PathBuf = arguments.file.config.clone();
    let config = load(&path)?;
    log::start(arguments.log_format);
    let upgrade = Upgrade::of_this_process().context("cannot tell how this program was started")?;
    let inheritance = arguments.take_over.then(Inheritance::receive).transpose()?;
    Program::start_after(config, Some(path), arguments.only, inheritance)?
        .run_until_succeeded(&upgrade)?;
    Ok(())
}
