//! No address of anybody is ever written, and what keeps it so.

#[path = "../world/mod.rs"]
mod world;

mod carrier;
mod clients;
mod control;
mod egress;
mod engine;
mod evidence;
mod gateway;
mod no_trace;
mod odd;
mod page;
mod public;
mod retention;
mod scanner;
mod schema;
mod spelling;
