//! `weir migrate`: brings a ClickHouse server's tables up to this version.

use weir::reach::Reached;
use weir_ingest::engine::Role;
use weir_ingest::rollups::{ROLLUPS, Wrong, rebuild};
use weir_ingest::schema::{self, Layout};

use super::{ConfigFile, Failed, load, runtime, today};

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
    let settings = load(&arguments.file.config)?.settings;
    if settings.clickhouse.url.is_none() {
        println!(
            "the built-in engine's tables are brought up to date by `weir serve`; nothing to do"
        );
        return Ok(());
    }
    runtime()?.block_on(async {
        let server = Reached::open(&settings).await?;
        let access = server.access(Role::Migrate);
        if arguments.dry_run {
            print!("{}", schema::dry_run(&access, &server.layout).await?);
            return Ok(());
        }
        let applied = schema::migrate_in(&access, &server.layout).await?;
        schema::retain(&access, &server.layout, server.retention).await?;
        if !applied.is_empty() {
            // A rollup that is new counts the events that were there before it.
            let first = server.retention.first_whole_day(today());
            for rollup in ROLLUPS {
                let days = rebuild(&access, &server.layout, rollup, first, Wrong::Behind).await?;
                if let (Some(from), Some(to)) = (days.first(), days.last()) {
                    let (table, from, to) = (rollup.table, &from.date, &to.date);
                    println!("{table}: counted from the events that are kept, {from} to {to}");
                }
            }
        }
        match applied.len() {
            0 => println!("already up to date"),
            count => println!("applied {count} migrations"),
        }
        if let Layout::Cluster(cluster) = &server.layout
            && !cluster.keeper
        {
            println!("there is no Keeper: run this for each of the cluster's servers, with its `clickhouse.url`");
        }
        Ok(())
    })
}
