//! Answers questions about downloads: the query API, sign-in, and the page that asks.
//!
//! | module | what it does |
//! |---|---|
//! | `query` | a question in JSON to SQL and back to an answer; pure |
//! | `store` | runs SQL on ClickHouse; the only file that knows its client |
//! | `answers` | asks the store and remembers for a moment |
//! | `export` | rows by the million: to a reader, a file or a bucket, once or by the clock |
//! | `public` | downloads by week for everybody, of packages that are public |
//! | `badges` | what badges say of public packages |
//! | `checks`, `scorecard` | whether downloads can come through, and what is worth doing next |
//! | `operation` | how the program runs, for those who run it |
//! | `live` | events as they arrive, for all who watch by one look a second |
//! | `accounts` | users, roles, sessions, links, tokens, the audit log; SQLite or PostgreSQL |
//! | `oidc` | signing in through a provider |
//! | `organisations` | how far organisations have come, by rules over days; pure |
//! | `api` | one file a resource, described for `openapi.json` |
//! | `assets` | the built page and its content security policy |
//! | `import` | who may import by HTTP, and how a body reaches whoever does it |
//! | `workbench` | statements that people write themselves |
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
mod badges;
mod checks;
mod connections;
pub mod export;
mod import;
mod live;
mod oidc;
mod operation;
mod organisations;
mod public;
mod query;
mod scorecard;
mod server;
mod status;
mod store;
mod workbench;

pub use accounts::{
    Accounts, AccountsAt, AccountsError, Actor, Clock, DatabaseError, Link, NewToken, Packages,
    Role, Scope, Token, User, copy_database,
};
pub use api::openapi;
pub use badges::{BadgeCounts, Badges, BadgesError};
pub use checks::{Check, Checked, Checking, Outcome};
pub use connections::ServeError;
pub use import::{Import, ImportFailure, ImportRequest, Imported, RunImport};
pub use oidc::{GroupRole, OidcSettings};
pub use operation::{AudienceRule, Operating, Operation, ScheduledExport, Told, UnknownClient};
pub use organisations::{
    Activity, Condition, Correct, CorrectionFailure, Day, Done, Found, Measure, Reason, Rule,
    Stage, StageRules, StageRulesError, Stages, Verdict, What, WrongMatch,
};
pub use server::{ConfiguredPackage, Options, router, run};
pub use status::{DocumentStatus, EngineState, EngineStatus, PlaceData, SpoolStatus, Status};
pub use store::{Connect, ConnectInfo};
