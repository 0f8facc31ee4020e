//! `weir migrate`: brings a ClickHouse server's tables up to this version.

use anyhow::Context as _;
use weir_ingest::engine::Access;
use weir_ingest::schema;

use super::{ConfigFile, Failed, load};

/// What to migrate.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// Print the SQL instead of running it.
    #[arg(long)]
    dry_run: bool,
}

#[expect(
    clippy::print_stdout,
    reason = "SQL and the outcome are the command's output"
)]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(&arguments.file.config)?.settings.clickhouse;
    let Some(url) = settings.url else {
        println!(
            "the built-in engine's tables are brought up to date by `weir serve`; nothing to do"
        );
        return Ok(());
    };
    // Another provider set earlier in this process serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let password = settings
        .password
        .map(|credentials| credentials.password)
        .unwrap_or_default();
    let access = Access {
        url: url.into(),
        user: settings.user,
        password,
        database: settings.database,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    if arguments.dry_run {
        print!("{}", runtime.block_on(schema::dry_run(&access))?);
        return Ok(());
    }
    let applied = runtime.block_on(schema::migrate(&access))?;
    match applied.len() {
        0 => println!("already up to date"),
        count => println!("applied {count} migrations"),
    }
    Ok(())
}
