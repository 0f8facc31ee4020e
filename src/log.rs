//! Logging: one line an occurrence, on standard error, without addresses.
//!
//! Lines of libraries that use the `log` crate are not taken over: theirs may hold a client's address.

use std::io::IsTerminal as _;
use std::panic::{self, PanicHookInfo};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// How lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people where a terminal reads, else for programs.
    #[default]
    Auto,
    /// For people.
    Text,
    /// For programs: a JSON object a line.
    Json,
}

/// Starts logging. `WEIR_LOG` sets the level (`info` if unset).
pub fn start(format: Format) {
    let filter = EnvFilter::try_from_env("WEIR_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let is_text = match format {
        Format::Auto => std::io::stderr().is_terminal(),
        Format::Text => true,
        Format::Json => false,
    };
    let text = is_text.then(|| {
        tracing_subscriber::fmt::layer()
            .with_target(false)
            .with_writer(std::io::stderr)
    });
    let json = (!is_text).then(|| {
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
    if tracing::subscriber::set_global_default(registry).is_ok() {
        panic::set_hook(Box::new(note_panic));
    }
}

/// A panic is a line like any other failure; who reads lines of JSON reads it as well.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let reason = panic.payload_as_str().unwrap_or_default();
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or_default();
    tracing::error!(
        place,
        thread,
        reason,
        "a thread panicked: this is a defect of weir"
    );
}
