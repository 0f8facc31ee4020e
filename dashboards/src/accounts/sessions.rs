//! Signing in and out, and the sessions of browsers that did.

use jiff::Timestamp;

use super::audit::{Action, Actor};
use super::caller::Caller;
use super::secret::{Secret, random_id};
use super::user::{User, UserRow};
use super::{Accounts, AccountsError};

/// A session ends after this long without a request, in seconds.
const IDLE_S: i64 = 12 * 3600;
/// A session ends this long after sign-in whatever happens, in seconds.
const LIFETIME_S: i64 = 7 * 24 * 3600;
/// A session that awaits a code ends this long after the provider's word, in seconds.
const CODE_S: i64 = 600;
/// How exactly the last use is kept: a write for every request would be too many.
const USED_EVERY_S: i64 = 60;

/// What a successful sign-in gives: the browser keeps the secret.
#[derive(Debug)]
pub(crate) struct SignedIn {
    /// Who.
    pub(crate) user: User,
    /// The new session.
    pub(crate) secret: Secret,
}

/// How a sign-in went whose password was right.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// There is a session.
    Done(Box<SignedIn>),
    /// The same is to be sent again with a code of the second factor.
    NeedsCode,
}

/// One of somebody's sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) created_at: Timestamp,
    /// To the minute.
    pub(crate) used_at: Timestamp,
}

impl Accounts {
    /// Signs a user in. Wrong name and wrong password take the same time and give the same error.
    pub(crate) async fn sign_in(
        &self,
        name: &str,
        password: &str,
        code: Option<&str>,
    ) -> Result<SignIn, AccountsError> {
        // Tries are counted one by one, when their turn to be hashed has come: what is counted is
        // then bounded by what two cores can hash, and a flood cannot fill the counters.
        let permit = self.0.passwords.permit().await?;
        self.attempt(name)?;
        let sql = "SELECT id, password, totp_secret FROM users WHERE name_key = $1";
        let found: Option<(String, String, String)> = sqlx::query_as(sql)
            .bind(name.to_lowercase())
            .fetch_optional(self.0.database.pool())
            .await?;
        // An account of a provider's may have none, which takes no less time to find out.
        let hash = found.as_ref().map(|(_, hash, _)| hash.clone());
        let hash = hash.filter(|hash| !hash.is_empty());
        let fits = permit.verify(password.to_owned(), hash).await?;
        let Some((id, _, factor)) = found.filter(|(_, hash, _)| fits && !hash.is_empty()) else {
            return Err(AccountsError::WrongPassword);
        };
        if !factor.is_empty() {
            match code {
                Some(code) => self.take_code(&id, code).await?,
                None => return Ok(SignIn::NeedsCode),
            }
        }
        self.attempts().forget(name);
        let signed_in = self.start_session(&id, false).await?;
        self.note_sign_in(&signed_in.user).await?;
        Ok(SignIn::Done(Box::new(signed_in)))
    }

    async fn note_sign_in(&self, user: &User) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let actor = Actor::from(user);
        change.record(&actor, Action::SignedIn, &user.name).await?;
        change.commit().await
    }

    /// Starts a session; one that awaits a code is worth nothing before it is given. Dead ones go.
    pub(super) async fn start_session(
        &self,
        user: &str,
        awaits_code: bool,
    ) -> Result<SignedIn, AccountsError> {
        let (secret, now) = (Secret::random()?, self.seconds());
        let pool = self.0.database.pool();
        sqlx::query("DELETE FROM sessions WHERE used_at <= $1 OR created_at <= $2 OR (awaits_code = 1 AND created_at <= $3)")
            .bind(now - IDLE_S)
            .bind(now - LIFETIME_S)
            .bind(now - CODE_S)
            .execute(pool)
            .await?;
        let sql = "INSERT INTO sessions (token, id, user_id, created_at, used_at, awaits_code)
                   VALUES ($1, $2, $3, $4, $4, $5)";
        sqlx::query(sql)
            .bind(secret.digest())
            .bind(random_id()?)
            .bind(user.to_owned())
            .bind(now)
            .bind(i64::from(awaits_code))
            .execute(pool)
            .await?;
        let row: UserRow =
            sqlx::query_as("SELECT id, name, role, packages, totp_secret FROM users WHERE id = $1")
                .bind(user.to_owned())
                .fetch_one(pool)
                .await?;
        let user = row.into();
        Ok(SignedIn { user, secret })
    }

    /// Whose session this is, if it is one that still lives; using it keeps it alive.
    pub(crate) async fn session(&self, secret: &Secret) -> Result<Option<Caller>, AccountsError> {
        let now = self.seconds();
        let sql = "SELECT users.id, name, role, packages, totp_secret, sessions.id, used_at
                   FROM sessions JOIN users ON users.id = user_id
                   WHERE token = $1 AND used_at > $2 AND sessions.created_at > $3 AND awaits_code = 0";
        let found: Option<(String, String, String, String, String, String, i64)> =
            sqlx::query_as(sql)
                .bind(secret.digest())
                .bind(now - IDLE_S)
                .bind(now - LIFETIME_S)
                .fetch_optional(self.0.database.pool())
                .await?;
        let Some((user, name, role, packages, factor, session, used_at)) = found else {
            return Ok(None);
        };
        if now - used_at >= USED_EVERY_S {
            sqlx::query("UPDATE sessions SET used_at = $2 WHERE id = $1")
                .bind(session.clone())
                .bind(now)
                .execute(self.0.database.pool())
                .await?;
        }
        let user = User::from((user, name, role, packages, factor));
        Ok(Some(Caller::by_session(user, session)))
    }

    /// Whose session it is that awaits a code: their id and name.
    async fn awaiting(&self, secret: &Secret) -> Result<Option<(String, String)>, AccountsError> {
        let sql = "SELECT users.id, name FROM sessions JOIN users ON users.id = user_id
                   WHERE token = $1 AND awaits_code = 1 AND sessions.created_at > $2";
        let found = sqlx::query_as(sql)
            .bind(secret.digest())
            .bind(self.seconds() - CODE_S)
            .fetch_optional(self.0.database.pool())
            .await?;
        Ok(found)
    }

    /// Whether the session awaits a code of the second factor.
    pub(crate) async fn awaits_code(&self, secret: &Secret) -> Result<bool, AccountsError> {
        Ok(self.awaiting(secret).await?.is_some())
    }

    /// Gives the code that a session awaits, and makes it another that is worth something.
    pub(crate) async fn give_code(
        &self,
        secret: &Secret,
        code: &str,
    ) -> Result<SignedIn, AccountsError> {
        let awaiting = self.awaiting(secret).await?;
        let (user, name) = awaiting.ok_or(AccountsError::WrongSecondFactor)?;
        self.attempt(&name)?;
        self.take_code(&user, code).await?;
        self.attempts().forget(&name);
        self.sign_out(secret).await?;
        let signed_in = self.start_session(&user, false).await?;
        self.note_sign_in(&signed_in.user).await?;
        Ok(signed_in)
    }

    /// Ends a session; the secret is worth nothing from then on.
    pub(crate) async fn sign_out(&self, secret: &Secret) -> Result<(), AccountsError> {
        sqlx::query("DELETE FROM sessions WHERE token = $1")
            .bind(secret.digest())
            .execute(self.0.database.pool())
            .await?;
        Ok(())
    }

    /// A user's living sessions, the one last used first.
    pub(crate) async fn sessions(&self, user: &User) -> Result<Vec<Session>, AccountsError> {
        let now = self.seconds();
        let sql = "SELECT id, created_at, used_at FROM sessions
                   WHERE user_id = $1 AND used_at > $2 AND created_at > $3 AND awaits_code = 0 ORDER BY used_at DESC, id";
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(sql)
            .bind(user.id.clone())
            .bind(now - IDLE_S)
            .bind(now - LIFETIME_S)
            .fetch_all(self.0.database.pool())
            .await?;
        let session = |(id, created_at, used_at)| {
            Some(Session {
                id,
                created_at: Timestamp::from_second(created_at).ok()?,
                used_at: Timestamp::from_second(used_at).ok()?,
            })
        };
        Ok(rows.into_iter().filter_map(session).collect())
    }

    /// Ends one of a user's own sessions.
    pub(crate) async fn end_session(&self, user: &User, id: &str) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let ended = sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id = $2")
            .bind(user.id.clone())
            .bind(id.to_owned())
            .execute(change.on())
            .await?;
        if ended.rows_affected() == 0 {
            return Err(AccountsError::Missing("session"));
        }
        let actor = Actor::from(user);
        change.record(&actor, Action::SessionsEnded, "one").await?;
        change.commit().await
    }

    /// Ends all of a user's sessions: signs them out everywhere.
    pub(crate) async fn end_sessions(&self, user: &User) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        sqlx::query("DELETE FROM sessions WHERE user_id = $1")
            .bind(user.id.clone())
            .execute(change.on())
            .await?;
        let actor = Actor::from(user);
        change.record(&actor, Action::SessionsEnded, "all").await?;
        change.commit().await
    }
}
