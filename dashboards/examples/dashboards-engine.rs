//! The engine's process for this package's tests: an example, because tests may have no program of
//! their own that knows the ingest package.

use std::process::ExitCode;

fn main() -> ExitCode {
    weir_ingest::engine::launch(std::env::args_os().skip(1))
}
