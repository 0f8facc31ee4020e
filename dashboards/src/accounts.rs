//! Who may look and what they may do: users, their sessions and tokens, and a log of what was done.
//!
//! State is one database, SQLite unless told otherwise, that holds nothing to sign in with: passwords as
//! Argon2id; sessions, links, tokens and recovery codes as SHA-256 of what their holder keeps. Only
//! secrets of second factors can be read there, since codes are computed from them. Times come from a
//! [`Clock`], so that tests can let days pass.

mod attempts;
mod audit;
mod before;
mod caller;
mod database;
mod first_run;
mod identities;
mod invitations;
mod one_time;
mod packages;
mod password;
mod releases;
mod role;
mod second_factor;
mod secret;
mod sessions;
#[cfg(test)]
mod tests;
mod tokens;
mod user;
mod users;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use attempts::Attempts;
use database::Database;
use one_time::SetupCode;
use password::Passwords;

pub use audit::Actor;
pub(crate) use audit::{Action, Entry};
pub(crate) use caller::Caller;
pub use database::{AccountsAt, DatabaseError, copy_database};
pub(crate) use identities::{Arrival, Arrived};
pub use invitations::Link;
pub use packages::Packages;
pub(crate) use releases::{Announced, NewRelease};
pub(crate) use role::Permission;
pub use role::{Role, Scope};
pub(crate) use second_factor::Enrolment;
pub(crate) use secret::Secret;
pub(crate) use sessions::{SignIn, SignedIn};
pub use tokens::{NewToken, Token};
pub use user::User;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Fewest characters of a password.
pub(crate) const LEAST_PASSWORD_CHARS: usize = 12;
const MOST_PASSWORD_BYTES: usize = 1024;
const MOST_NAME_BYTES: usize = 64;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The name or the password is wrong; which one is not said.
    #[error("wrong name or password")]
    WrongPassword,
    /// The code of the second factor is wrong or was used already.
    #[error("wrong code, or one that was used; wait for the next")]
    WrongSecondFactor,
    /// The secret of a new second factor is none.
    #[error("#/secret: send the one that was proposed")]
    InvalidSecondFactor,
    /// The one-time code is wrong or has expired.
    #[error("wrong or expired code; a new one is printed on the console when weir starts")]
    WrongCode,
    /// The link was used, taken back or is too old.
    #[error("this link was used or has expired; ask for a new one")]
    WrongLink,
    /// There is an owner already.
    #[error("already set up")]
    AlreadySetUp,
    /// Too many tries in a minute.
    #[error("too many attempts; wait {retry_after_s} s")]
    TooManyAttempts {
        /// Seconds until the next try is looked at.
        retry_after_s: u64,
    },
    /// The chosen name cannot be used.
    #[error("#/name: must have 1 to {MOST_NAME_BYTES} bytes and no control characters")]
    InvalidName,
    /// Somebody has the name already.
    #[error("#/name: somebody has this name; choose another")]
    NameTaken,
    /// The chosen password is too short or far too long.
    #[error(
        "#/password: must have at least {LEAST_PASSWORD_CHARS} characters and at most {MOST_PASSWORD_BYTES} bytes"
    )]
    InvalidPassword,
    /// A guest without packages, or somebody else with them.
    #[error("#/packages: name packages for a guest, at least one, and for nobody else")]
    InvalidPackages,
    /// A token for nothing, for ever, or for what its user may not do.
    #[error("#/{member}: {problem}")]
    InvalidToken {
        /// What cannot be used.
        member: &'static str,
        /// Why not.
        problem: &'static str,
    },
    /// A release that no mark can be made of.
    #[error("#/{member}: {problem}")]
    InvalidRelease {
        /// What cannot be used.
        member: &'static str,
        /// Why not.
        problem: &'static str,
    },
    /// There is nothing of that id, or it is not theirs to see.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// No account is theirs, and no group lets them in.
    #[error("you have no account here; ask for an invitation")]
    NotInvited,
    /// Whoever the provider vouches for has an account already.
    #[error("you have an account already; sign in without the link")]
    IdentityTaken,
    /// The account has no password that could prove anything.
    #[error(
        "this account has no password, since a provider signs it in; a link to a new password gives it one"
    )]
    NoPassword,
    /// The role of whoever asks does not reach that far.
    #[error("only an owner may do this")]
    NotAllowed,
    /// Nobody could make another owner.
    #[error("the last owner stays; make another owner first")]
    LastOwner,
    /// The account database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The machine gave no random numbers, or a task died.
    #[error("cannot compute the password hash: {0}")]
    Hash(String),
}

impl From<sqlx::Error> for AccountsError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// The account database and everything that guards it. Clones share it.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    database: Database,
    passwords: Passwords,
    attempts: Mutex<Attempts>,
    setup: Option<SetupCode>,
    keep_audit: SignedDuration,
    clock: Clock,
}

impl Accounts {
    /// Opens the database, making its tables (and the file, readable by its owner alone) where they are
    /// missing. What was done is remembered for `audit_days`.
    pub async fn open(
        at: &AccountsAt,
        audit_days: u32,
        clock: Clock,
    ) -> Result<Self, AccountsError> {
        let database = Database::open(at).await?;
        let setup = if first_run::has_owner(&database).await? {
            None
        } else {
            Some(SetupCode::new(clock())?)
        };
        Ok(Self(Arc::new(Inner {
            database,
            passwords: Passwords::new()?,
            attempts: Mutex::new(Attempts::new()),
            setup,
            keep_audit: SignedDuration::from_hours(24 * i64::from(audit_days)),
            clock,
        })))
    }

    fn attempt(&self, what: &str) -> Result<(), AccountsError> {
        let seconds = self.seconds();
        self.attempts()
            .count(what, seconds)
            .map_err(|retry_after_s| AccountsError::TooManyAttempts { retry_after_s })
    }

    fn now(&self) -> Timestamp {
        (self.0.clock)()
    }

    fn seconds(&self) -> i64 {
        self.now().as_second()
    }

    fn attempts(&self) -> MutexGuard<'_, Attempts> {
        self.0
            .attempts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_name(name: &str) -> Result<(), AccountsError> {
    let fits = (1..=MOST_NAME_BYTES).contains(&name.len()) && !name.chars().any(char::is_control);
    if fits && name.trim() == name {
        Ok(())
    } else {
        Err(AccountsError::InvalidName)
    }
}

fn check_password(password: &str) -> Result<(), AccountsError> {
    let long_enough = password.chars().count() >= LEAST_PASSWORD_CHARS;
    if long_enough && password.len() <= MOST_PASSWORD_BYTES {
        Ok(())
    } else {
        Err(AccountsError::InvalidPassword)
    }
}
