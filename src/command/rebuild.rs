//! `weir rebuild`: counts rollups again from the events.

use weir::reach::Reached;
use weir_ingest::engine::Role;
use weir_ingest::rollups::{ROLLUPS, Wrong, differences, rebuild};

use super::{ConfigFile, Failed, load, runtime, today};

/// Where to rebuild.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    file: ConfigFile,
    /// Also where more is counted than there are events. Counts of events that are gone are lost then.
    #[arg(long)]
    and_forget: bool,
}

#[expect(clippy::print_stdout, reason = "the outcome is the command's output")]
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let settings = load(&arguments.file.config)?.settings;
    runtime()?.block_on(async {
        let server = Reached::open(&settings).await?;
        let access = server.access(Role::Migrate);
        let first = server.retention.first_whole_day(today());
        for rollup in ROLLUPS {
            let table = rollup.table;
            let which = if arguments.and_forget {
                Wrong::Any
            } else {
                Wrong::Behind
            };
            for wrong in rebuild(&access, &server.layout, rollup, first, which).await? {
                println!("{table}: counted again: {wrong}");
            }
            let left = differences(&access, &server.layout, rollup, first).await?;
            for difference in &left {
                println!("{table}: left as it is: {difference}");
            }
            if left.is_empty() {
                println!("{table}: agrees with the events");
            }
        }
        server.close();
        Ok(())
    })
}
