//! The parts of the `weir` program that are worth testing on their own.
//!
//! The program itself is `main.rs` and `command/`: they parse, dispatch and print. What a command
//! needs beyond the library packages (gateway, ingest, dashboards, config) lives here.

pub mod demo;
pub mod import;
pub mod log;
pub mod program;
