//! Who did what, and when: kept beside the accounts, without any address.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sqlx::{Any, AnyConnection, Transaction};
use utoipa::ToSchema;

use super::role::Role;
use super::secret::random_id;
use super::{Accounts, AccountsError};

/// Who does something.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) role: Role,
}

impl Actor {
    /// Whoever can run commands on this machine.
    pub fn console() -> Self {
        Self {
            id: String::new(),
            name: "command line".to_owned(),
            role: Role::Owner,
        }
    }

    /// A user who acts on their own account.
    pub(super) fn of_user(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            role: Role::Guest,
        }
    }
}

/// Something worth remembering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Action {
    /// The owner was made at first run.
    SetUp,
    /// Somebody signed in.
    SignedIn,
    /// A link to a new account was made.
    Invited,
    /// A link was taken back.
    Withdrew,
    /// An account was made.
    UserAdded,
    /// An account has another role or other packages.
    RoleChanged,
    /// An account is gone.
    UserRemoved,
    /// A link to a new password was made.
    ResetAsked,
    /// An account has another password.
    PasswordChanged,
    /// Sessions were ended.
    SessionsEnded,
    /// A second factor is on.
    SecondFactorOn,
    /// A second factor is off.
    SecondFactorOff,
    /// A recovery code was used up.
    RecoveryCodeUsed,
    /// A token was made.
    TokenMade,
    /// A token is worth nothing any more.
    TokenRevoked,
    /// Something was said of a release.
    ReleaseAnnounced,
    /// A provider's word opens an account from now on.
    IdentityLinked,
    /// The provider's groups let somebody in no more.
    ShutOut,
    /// Events are not an organisation's.
    MatchRefused,
    /// Events are an organisation's of another name.
    MatchRenamed,
    /// Events are again whose they were stored as.
    CorrectionUndone,
}

impl Action {
    /// Every action.
    pub(crate) const ALL: [Self; 21] = [
        Self::SetUp,
        Self::SignedIn,
        Self::Invited,
        Self::Withdrew,
        Self::UserAdded,
        Self::RoleChanged,
        Self::UserRemoved,
        Self::ResetAsked,
        Self::PasswordChanged,
        Self::SessionsEnded,
        Self::SecondFactorOn,
        Self::SecondFactorOff,
        Self::RecoveryCodeUsed,
        Self::TokenMade,
        Self::TokenRevoked,
        Self::ReleaseAnnounced,
        Self::IdentityLinked,
        Self::ShutOut,
        Self::MatchRefused,
        Self::MatchRenamed,
        Self::CorrectionUndone,
    ];

    /// The word for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "set_up",
            Self::SignedIn => "signed_in",
            Self::Invited => "invited",
            Self::Withdrew => "withdrew",
            Self::UserAdded => "user_added",
            Self::RoleChanged => "role_changed",
            Self::UserRemoved => "user_removed",
            Self::ResetAsked => "reset_asked",
            Self::PasswordChanged => "password_changed",
            Self::SessionsEnded => "sessions_ended",
            Self::SecondFactorOn => "second_factor_on",
            Self::SecondFactorOff => "second_factor_off",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::TokenMade => "token_made",
            Self::TokenRevoked => "token_revoked",
            Self::ReleaseAnnounced => "release_announced",
            Self::IdentityLinked => "identity_linked",
            Self::ShutOut => "shut_out",
            Self::MatchRefused => "match_refused",
            Self::MatchRenamed => "match_renamed",
            Self::CorrectionUndone => "correction_undone",
        }
    }
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// When.
    pub(crate) at: Timestamp,
    /// Name at the time.
    pub(crate) name: String,
    /// What.
    pub(crate) action: Action,
    /// Whom or what it was done to, by the name at the time.
    pub(crate) object: String,
}

/// A change of the accounts, with the lines that say who made it. Dropped, it never happened.
pub(super) struct Change {
    transaction: Transaction<'static, Any>,
    now: Timestamp,
    keep: SignedDuration,
    /// Lines so far: each is a microsecond after the one before, so that they keep their order.
    lines: i64,
}

impl Change {
    /// For statements.
    pub(super) fn on(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Seconds since 1970, the same throughout.
    pub(super) fn seconds(&self) -> i64 {
        self.now.as_second()
    }

    /// Writes a line. Lines that are too old go at the same time.
    pub(super) async fn record(
        &mut self,
        actor: &Actor,
        action: Action,
        object: &str,
    ) -> Result<(), AccountsError> {
        let (now, oldest) = (self.now, self.now - self.keep);
        sqlx::query("DELETE FROM audit WHERE at < $1")
            .bind(oldest.as_microsecond())
            .execute(self.on())
            .await?;
        let sql = "INSERT INTO audit (id, at, user_id, name, action, object)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        sqlx::query(sql)
            .bind(random_id()?)
            .bind(now.as_microsecond() + self.lines)
            .bind(actor.id.clone())
            .bind(actor.name.clone())
            .bind(action.as_str())
            .bind(object.to_owned())
            .execute(self.on())
            .await?;
        self.lines += 1;
        Ok(())
    }

    /// Makes it so.
    pub(super) async fn commit(self) -> Result<(), AccountsError> {
        Ok(self.transaction.commit().await?)
    }
}

impl Accounts {
    pub(super) async fn change(&self) -> Result<Change, AccountsError> {
        Ok(Change {
            transaction: self.0.database.change().await?,
            now: self.now(),
            keep: self.0.keep_audit,
            lines: 0,
        })
    }

    /// Remembers something that was done elsewhere than in the accounts.
    pub(crate) async fn note(
        &self,
        actor: &Actor,
        action: Action,
        object: &str,
    ) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        change.record(actor, action, object).await?;
        change.commit().await
    }

    /// The newest `limit` lines before `before`, newest first.
    pub(crate) async fn audit(
        &self,
        before: Option<Timestamp>,
        limit: u32,
    ) -> Result<Vec<Entry>, AccountsError> {
        let sql = "SELECT at, name, action, object FROM audit WHERE at < $1 AND at >= $2
                   ORDER BY at DESC, id LIMIT $3";
        let oldest = self.now() - self.0.keep_audit;
        let rows: Vec<(i64, String, String, String)> = sqlx::query_as(sql)
            .bind(before.map_or(i64::MAX, Timestamp::as_microsecond))
            .bind(oldest.as_microsecond())
            .bind(i64::from(limit))
            .fetch_all(self.0.database.pool())
            .await?;
        Ok(rows.into_iter().filter_map(entry).collect())
    }
}

/// Leaves out what a later version wrote and this one has no word for.
fn entry((at, name, action, object): (i64, String, String, String)) -> Option<Entry> {
    let is_it = |known: &Action| known.as_str() == action;
    Some(Entry {
        at: Timestamp::from_microsecond(at).ok()?,
        name,
        action: Action::ALL.into_iter().find(is_it)?,
        object,
    })
}
