//! Faults from a printed seed, then quiet, then the outside view of it: what clients were answered
//! against what is stored. Nothing may be lost, doubled or invented, and a fresh download still counts.
//!
//! `make test` plays each fault briefly; `make chaos` at length, and makes `docs/CHAOS.md` from what
//! came out. `CHAOS_SEED=… cargo nextest run --test chaos NAME` repeats one.

#[path = "../world/mod.rs"]
mod world;

mod dice;
mod proxy;
mod row;
mod server;
mod stage;

mod clickhouse;
mod clients;
mod clock;
mod disk;
mod kill;
mod network;
