//! Answers downloads; the only package that knows Pingora.
//!
//! The life of a request here:
//!
//! 1. `door` reads its head, bounded in size and time, and refuses what is malformed (`head`).
//! 2. `routes` finds what the host and path mean; an `ecosystem` says what the request is (a
//!    [`fact`](self) with kind, package, version) and plans an answer. Both are pure.
//! 3. A redirect, a pixel or an error is answered at once. Other plans go through Pingora
//!    (`proxy`), which lets `fulfil` ask the upstream and streams what must be streamed.
//! 4. `recorder` hands the fact to ingest before the answer's first byte leaves.

mod answer;
mod body;
mod classify;
mod date;
mod door;
mod ecosystem;
mod explain;
mod fact;
mod fulfil;
mod gateway;
mod head;
mod hosts;
mod passing;
mod peer;
mod proxy;
mod pulls;
mod recorder;
mod routes;
mod run;
mod send;
mod upstream;
mod wire;

pub use classify::Classifier;
pub use explain::{ExplainError, Explanation, explain};
pub use gateway::{Gateway, StartError, listen};
pub use hosts::{Beyond, RedirectHost, redirect_hosts};
pub use upstream::counters::DocumentCounts;
