//! What Weir was doing, and for how long, for a collector of the operator's that speaks OpenTelemetry.
//!
//! A span holds words of ours, numbers, and what the operator wrote; see [`Value`]. No text of a client's has a way in,
//! so that nobody has to look for addresses in what leaves. Whoever begins a [`Span`] need not know whether anybody
//! wants it: while tracing is off, one relaxed load says so and nothing is kept.
//!
//! Spans are handed over by dropping them, to a queue of bounded length that nobody waits for. What is too much is
//! dropped and counted. This package makes the bytes that a collector takes (`otlp`), and sends nothing.

mod attribute;
mod counts;
mod otlp;
mod remote;
mod sampling;
mod sink;
mod span;

pub use attribute::{Key, Value};
pub use counts::{Counts, Dropped, counts, note_dropped, note_sent};
pub use otlp::{Resource, rejected};
pub use remote::Remote;
pub use sink::{Finished, Joining, Options, joins, options, start, traces_requests};
pub use span::{Request, Span};
