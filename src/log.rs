//! Logging: one line an occurrence, on standard error, without addresses.
//!
//! Lines of libraries that use the `log` crate are not taken over: theirs may hold a client's address.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// Starts logging. `WEIR_LOG` sets the level (`info` if unset), JSON lines where no terminal reads.
pub fn start() {
    use std::io::IsTerminal as _;
    let filter = EnvFilter::try_from_env("WEIR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let terminal = std::io::stderr().is_terminal();
    let text = terminal.then(|| {
        tracing_subscriber::fmt::layer()
            .with_target(false)
            .with_writer(std::io::stderr)
    });
    let json = (!terminal).then(|| {
        tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(std::io::stderr)
    });
    let registry = tracing_subscriber::registry()
        .with(filter)
        .with(text)
        .with(json);
    // A second start in one process keeps the first.
    let _ = tracing::subscriber::set_global_default(registry);
}
