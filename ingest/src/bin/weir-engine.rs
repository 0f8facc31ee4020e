//! The engine's process and nothing else: `weir engine` for this package's own tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_ingest::engine::launch(std::env::args_os().skip(1))
}
