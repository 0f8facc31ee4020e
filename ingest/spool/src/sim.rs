//! A spool on a disk in memory that fails, and loses its power, between any two calls.
//!
//! Nothing here has threads or waits: the tests take the background threads' turns themselves, so a
//! seed is a story that can be told again: `WEIR_SEED=7 WEIR_CASES=1 cargo nextest run sim`.

mod bytes;
mod damage;
mod dice;
mod disk;
mod life;
mod model;
mod tests;
