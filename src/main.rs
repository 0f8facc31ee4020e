//! The `weir` program: parses the command line, dispatches, and turns errors into exit codes.

mod allocator;
mod command;

use std::process::ExitCode;

fn main() -> ExitCode {
    // The engine must be started before any thread is.
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == "engine") {
        return weir_ingest::engine::launch(arguments);
    }
    command::run()
}
