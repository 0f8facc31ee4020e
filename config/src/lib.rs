//! What an operator writes, as written and as used.
//!
//! [`Config::load`] reads one TOML file and the environment into [`Settings`] (how the process runs) and a
//! [`Catalogue`] (what it serves), or says everything that is wrong with them at once. `written` knows the keys,
//! `catalogue` and `settings` the checked results, `conflicts` what single entries cannot know of each other,
//! `private` which upstreams the settings do not allow.

pub mod catalogue;
mod conflicts;
mod controller;
mod environment;
mod host;
pub mod limit;
mod load;
mod names;
pub mod network;
mod oidc;
mod private;
mod problem;
mod secret;
pub mod settings;
mod size;
mod source;
mod template;
mod watch;
mod written;

pub use catalogue::Catalogue;
pub use controller::{Contact, Controller};
pub use host::{UNCOUNTED, host_name};
pub use load::Config;
pub use names::{Exactness, Names, NamesError, Taken, is_repository};
pub use oidc::{Oidc, OidcGroup};
pub use problem::{Errors, Problem};
pub use settings::Settings;
pub use template::{Captures, ExpandError, Rank, Template, TemplateError, TemplateFault};
pub use watch::{Seen, Watch, WatchError, watch};
