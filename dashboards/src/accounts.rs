//! Who may look: one owner, made at first run, and the sessions of browsers that signed in.
//!
//! State is one SQLite file that holds no secret in usable form: passwords as Argon2id, sessions as
//! SHA-256 of their token. Times come from a [`Clock`], so that tests can let days pass.

mod attempts;
mod database;
mod password;
mod setup;
#[cfg(test)]
mod tests;
mod token;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use attempts::Attempts;
use database::Database;
use password::Passwords;
use setup::SetupCode;

pub use database::DatabaseError;
pub(crate) use token::Token;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Fewest characters of a password.
pub(crate) const LEAST_PASSWORD_CHARS: usize = 12;
const MOST_PASSWORD_BYTES: usize = 1024;
const MOST_NAME_BYTES: usize = 64;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// As chosen at set-up.
    pub name: String,
}

/// What a successful sign-in gives: the browser keeps the token.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The new session.
    pub token: Token,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The name or the password is wrong; which one is not said.
    #[error("wrong name or password")]
    WrongPassword,
    /// The one-time code is wrong or has expired.
    #[error("wrong or expired code; a new one is printed on the console when weir starts")]
    WrongCode,
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
    /// The chosen password is too short or far too long.
    #[error(
        "#/password: must have at least {LEAST_PASSWORD_CHARS} characters and at most {MOST_PASSWORD_BYTES} bytes"
    )]
    InvalidPassword,
    /// The account database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The machine gave no random numbers, or a task died.
    #[error("cannot compute the password hash: {0}")]
    Hash(String),
}

/// The account database and everything that guards it. Clones share it.
#[derive(Clone)]
pub struct Accounts(Arc<Inner>);

struct Inner {
    database: Mutex<Database>,
    passwords: Passwords,
    attempts: Mutex<Attempts>,
    setup: Option<SetupCode>,
    clock: Clock,
}

impl Accounts {
    /// Opens `weir.db`, making it (readable by its owner alone) where it is missing.
    pub fn open(path: &Path, clock: Clock) -> Result<Self, AccountsError> {
        let database = Database::open(path)?;
        let setup = if database.has_owner()? {
            None
        } else {
            Some(SetupCode::new(clock())?)
        };
        Ok(Self(Arc::new(Inner {
            database: Mutex::new(database),
            passwords: Passwords::new()?,
            attempts: Mutex::new(Attempts::new()),
            setup,
            clock,
        })))
    }

    /// The code that makes the owner; none once there is one. It works for 24 hours.
    pub fn setup_code(&self) -> Option<&str> {
        let waiting = !self.has_owner().unwrap_or(true);
        self.0
            .setup
            .as_ref()
            .filter(|_| waiting)
            .map(SetupCode::as_str)
    }

    /// Whether set-up is over.
    pub fn has_owner(&self) -> Result<bool, AccountsError> {
        Ok(self.database().has_owner()?)
    }

    /// Makes the owner and signs them in; works once.
    pub async fn create_owner(
        &self,
        code: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, AccountsError> {
        let setup = match &self.0.setup {
            Some(setup) if !self.has_owner()? => setup,
            _ => return Err(AccountsError::AlreadySetUp),
        };
        check_name(name)?;
        check_password(password)?;
        self.attempt("setup")?;
        if !setup.accepts(code, self.now()) {
            return Err(AccountsError::WrongCode);
        }
        let permit = self.0.passwords.permit().await?;
        let hash = permit.hash(password.to_owned()).await?;
        if !self.database().insert_owner(name, &hash, self.seconds())? {
            return Err(AccountsError::AlreadySetUp);
        }
        self.start_session(name)
    }

    /// Signs a user in. Wrong name and wrong password take the same time and give the same error.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, AccountsError> {
        // Tries are counted one by one, when their turn to be hashed has come: what is counted is
        // then bounded by what two cores can hash, and a flood cannot fill the counters.
        let permit = self.0.passwords.permit().await?;
        self.attempt(name)?;
        let hash = self.database().password_of(name)?;
        let known = hash.is_some();
        let fits = permit.verify(password.to_owned(), hash).await?;
        if !(known && fits) {
            return Err(AccountsError::WrongPassword);
        }
        self.attempts().forget(name);
        self.start_session(name)
    }

    /// Whose session this is, if it is one that still lives; using it keeps it alive.
    pub fn session(&self, token: &Token) -> Result<Option<User>, AccountsError> {
        let name = self
            .database()
            .use_session(&token.digest(), self.seconds())?;
        Ok(name.map(|name| User { name }))
    }

    /// Ends a session; the token is worth nothing from then on.
    pub fn sign_out(&self, token: &Token) -> Result<(), AccountsError> {
        Ok(self.database().delete_session(&token.digest())?)
    }

    fn start_session(&self, name: &str) -> Result<SignedIn, AccountsError> {
        let token = Token::random()?;
        let name = self
            .database()
            .insert_session(&token.digest(), name, self.seconds())?;
        Ok(SignedIn {
            user: User { name },
            token,
        })
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

    fn database(&self) -> MutexGuard<'_, Database> {
        // A panic while holding it leaves nothing half done: every change is one statement.
        self.0
            .database
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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
