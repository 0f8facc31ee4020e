//! The parts of the `weir` program that are worth testing on their own.
//!
//! The program itself is `main.rs` and `command/`: they parse, dispatch and print. What a command
//! needs beyond the library packages (gateway, ingest, dashboards, config) lives here.

pub mod backup;
pub mod demo;
pub mod doctor;
pub mod import;
pub mod log;
pub mod metrics;
pub mod program;
pub mod reach;
pub mod traces;
