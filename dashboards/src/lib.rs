//! Answers questions about downloads: the query API, sign-in, and the page that asks.
//!
//! | module | what it does |
//! |---|---|
//! | `query` | a question in JSON to SQL and back to an answer; pure |
//! | `store` | runs SQL on ClickHouse; the only file that knows its client |
//! | `answers` | asks the store and remembers for a moment |
//! | `export` | rows by the million: to a reader, a file or a bucket, once or by the clock |
//! | `accounts` | one owner, sessions, the set-up code; SQLite |
//! | `api` | one file a resource, described for `openapi.json` |
//! | `assets` | the built page and its content security policy |
//! | `import` | who may import by HTTP, and how a body reaches whoever does it |
//! | `server` | puts them together |
//! | `connections` | accepts connections, and ends those that say nothing |
//!
//! A question passes through `api::query` → `query::parse` → `answers` → `query::plan` →
//! `query::statement` → `store` → `query::answer`. Nothing here writes to ClickHouse, and nothing
//! here can slow a download down.

mod accounts;
mod answers;
mod api;
mod assets;
mod connections;
pub mod export;
mod import;
mod query;
mod server;
mod status;
mod store;

pub use accounts::{Accounts, AccountsError, Clock, DatabaseError};
pub use api::openapi;
pub use connections::ServeError;
pub use import::{Import, ImportFailure, ImportRequest, Imported, RunImport};
pub use server::{ConfiguredPackage, Options, router, run};
pub use status::{DocumentStatus, EngineState, EngineStatus, SpoolStatus, Status};
pub use store::{Connect, ConnectInfo};
