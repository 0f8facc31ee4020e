//! Answers downloads; the only package that knows Pingora.
//!
//! The life of a request here:
//!
//! 1. `door` reads its head, bounded in size and time, and refuses what is malformed (`head`).
//! 2. `routes` finds what the host and path mean; an `ecosystem` says what the request is (a
//!    [`fact`](self) with kind, package, version) and plans an answer. Both are pure.
//! 3. A redirect, a pixel or an error is answered at once, and a file from an upstream in the clear
//!    passed on (`door::relay`). Other plans go through Pingora (`proxy`), which lets `fulfil` ask
//!    the upstream and streams what must be streamed.
//! 4. `recorder` hands the fact to ingest before the answer's first byte leaves.

mod acme;
mod answer;
mod body;
mod classify;
mod context;
mod cors;
mod crowd;
mod date;
mod domains;
mod door;
mod ecosystem;
mod ending;
mod explain;
mod fact;
mod field_names;
mod fields;
mod fulfil;
mod gateway;
mod gathered;
mod head;
mod head_places;
mod hosts;
mod html;
mod http2;
mod listeners;
mod moment;
mod optout;
mod ownership;
mod passing;
mod peer;
mod permission;
mod privacy;
mod proxy;
mod proxy_protocol;
mod pulls;
mod recorder;
mod routes;
mod run;
mod scheme;
mod send;
mod taken;
mod telemetry;
mod tls;
mod traced;
mod traffic;
mod upstream;
mod wire;

pub use classify::Classifier;
pub use domains::{Certificate, CertificateError, Domain, Owner, check_certificates, domains};
pub use ecosystem::badge::{BadgeNumbers, Badges};
pub use explain::body::{Bodies, BodyExplanation, Sent};
pub use explain::{ExplainError, Explanation, explain};
pub use gateway::{Gateway, KeepError, Load, StartError};
pub use hosts::{Beyond, RedirectHost, redirect_hosts, upstreams};
pub use listeners::{Listeners, listen};
pub use permission::{NotPermitted, permitted};
pub use privacy::Kept;
pub use traffic::{ByWord, Durations, RequestCount, TrafficCounts};
pub use upstream::counters::DocumentCounts;
