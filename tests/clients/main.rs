//! Real clients pull through the gateway, and each download is one event that says what it was.
//!
//! One file an ecosystem. What `make setup` installs is run by `make test`; scenarios of any other
//! client are `#[ignore = "make test-clients"]`, which installs everything, runs everything, and
//! makes `docs/CLIENTS.md` from what came out.

#[path = "../world/mod.rs"]
mod world;

mod acceptance;
mod client;
mod requirements;
mod table;
mod user;

mod cargo;
mod files;
mod images;
mod npm;
mod pypi;

/// What an event says of a download and of who made it.
const WHAT: [&str; 9] = [
    "package",
    "ecosystem",
    "version",
    "client",
    "os",
    "arch",
    "country",
    "audience",
    "answer",
];
