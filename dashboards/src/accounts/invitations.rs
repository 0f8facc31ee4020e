//! Links that work once: to an account of one's own, or to a new password.

use jiff::Timestamp;

use super::audit::{Action, Actor, Change};
use super::packages::Packages;
use super::role::Role;
use super::secret::{Secret, random_id};
use super::users::{NewUser, check_packages, find, insert, managed, set_password};
use super::{Accounts, AccountsError, SignedIn, check_name, check_password};

/// A link to a new account works this long, in seconds.
const INVITATION_S: i64 = 7 * 24 * 3600;
/// A link to a new password works this long, in seconds.
const RESET_S: i64 = 24 * 3600;

/// What to send to somebody. It is shown once; the database keeps its digest.
#[derive(Debug)]
pub struct Link {
    secret: Secret,
    /// Until when it works.
    pub expires_at: Timestamp,
}

impl Link {
    /// The path on the dashboard's own address. The secret comes behind `#`, where no log sees it.
    pub fn path(&self) -> String {
        format!("/invite#{}", self.secret.as_text())
    }
}

/// A link that was not used yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) packages: Packages,
    /// Name of whoever made it.
    pub(crate) created_by: String,
    pub(crate) expires_at: Timestamp,
}

/// What a link offers to whoever has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) role: Role,
    pub(crate) packages: Packages,
    /// Whose password it changes; none where it makes an account.
    pub(crate) name: Option<String>,
}

/// A link's row: `id, role, packages, user_id`.
type LinkRow = (String, String, String, Option<String>);

impl Accounts {
    /// Makes a link to a new account.
    pub(crate) async fn invite(
        &self,
        actor: &Actor,
        role: Role,
        packages: &Packages,
    ) -> Result<Link, AccountsError> {
        check_packages(role, packages)?;
        if !actor.role.manages(role) {
            return Err(AccountsError::NotAllowed);
        }
        let mut change = self.change().await?;
        let offer = (role, packages, None);
        let link = insert_link(&mut change, actor, offer, INVITATION_S).await?;
        change.record(actor, Action::Invited, role.as_str()).await?;
        change.commit().await?;
        Ok(link)
    }

    /// Makes a link by which a user chooses a new password. Using it ends their sessions and turns the
    /// second factor off: it is for somebody who lost one or the other.
    pub async fn reset(&self, actor: &Actor, user: &str) -> Result<Link, AccountsError> {
        let mut change = self.change().await?;
        let user = managed(&mut change, actor, user).await?;
        let offer = (user.role, &user.packages, Some(user.id.as_str()));
        let link = insert_link(&mut change, actor, offer, RESET_S).await?;
        change.record(actor, Action::ResetAsked, &user.name).await?;
        change.commit().await?;
        Ok(link)
    }

    /// Links to new accounts that still work.
    pub(crate) async fn invitations(&self) -> Result<Vec<Invitation>, AccountsError> {
        let sql = "SELECT id, role, packages, created_by, expires_at FROM invitations
                   WHERE expires_at > $1 AND user_id IS NULL ORDER BY expires_at, id";
        let rows: Vec<(String, String, String, String, i64)> = sqlx::query_as(sql)
            .bind(self.seconds())
            .fetch_all(self.0.database.pool())
            .await?;
        let invitation =
            |(id, role, packages, created_by, expires_at): (_, String, String, _, _)| {
                Some(Invitation {
                    id,
                    role: Role::from_word(&role)?,
                    packages: Packages::from_text(&packages),
                    created_by,
                    expires_at: Timestamp::from_second(expires_at).ok()?,
                })
            };
        Ok(rows.into_iter().filter_map(invitation).collect())
    }

    /// Takes a link back.
    pub(crate) async fn withdraw(&self, actor: &Actor, id: &str) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let found: Option<(String,)> =
            sqlx::query_as("SELECT role FROM invitations WHERE id = $1 AND user_id IS NULL")
                .bind(id.to_owned())
                .fetch_optional(change.on())
                .await?;
        let (role,) = found.ok_or(AccountsError::Missing("invitation"))?;
        sqlx::query("DELETE FROM invitations WHERE id = $1")
            .bind(id.to_owned())
            .execute(change.on())
            .await?;
        change.record(actor, Action::Withdrew, &role).await?;
        change.commit().await
    }

    /// What a link offers; it can still be used after that.
    pub(crate) async fn offer(&self, secret: &Secret) -> Result<Offer, AccountsError> {
        let mut change = self.change().await?;
        let (_, role, packages, user) = find_link(&mut change, secret).await?;
        let name = match user {
            Some(user) => Some(find(&mut change, &user).await?.name),
            None => None,
        };
        Ok(Offer {
            role: Role::from_word(&role).ok_or(AccountsError::WrongLink)?,
            packages: Packages::from_text(&packages),
            name,
        })
    }

    /// Uses a link: makes the account, or changes the password, and signs in. The name counts for a new
    /// account alone.
    pub(crate) async fn accept(
        &self,
        secret: &Secret,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, AccountsError> {
        let offer = self.offer(secret).await?;
        if offer.name.is_none() {
            check_name(name)?;
        }
        check_password(password)?;
        let permit = self.0.passwords.permit().await?;
        let hash = permit.hash(password.to_owned()).await?;
        let mut change = self.change().await?;
        // Looked for again: of two who use it at once, one finds it gone.
        let (role, packages, user) = use_up(&mut change, secret).await?;
        let (user, action) = if let Some(user) = user {
            renew(&mut change, &user, &hash).await?;
            (user, Action::PasswordChanged)
        } else {
            let new = NewUser {
                name,
                role,
                packages: &packages,
                password: &hash,
            };
            (insert(&mut change, &new).await?, Action::UserAdded)
        };
        let user = find(&mut change, &user).await?;
        change
            .record(&Actor::from(&user), action, &user.name)
            .await?;
        change.commit().await?;
        self.start_session(&user.id, false).await
    }
}

async fn renew(change: &mut Change, user: &str, hash: &str) -> Result<(), AccountsError> {
    set_password(change, user, hash, "").await?;
    super::second_factor::remove(change, user).await
}

/// Uses a link up, and says what it offers and whose account it is for.
pub(super) async fn use_up(
    change: &mut Change,
    secret: &Secret,
) -> Result<(Role, Packages, Option<String>), AccountsError> {
    let (id, role, packages, user) = find_link(change, secret).await?;
    sqlx::query("DELETE FROM invitations WHERE id = $1")
        .bind(id)
        .execute(change.on())
        .await?;
    let role = Role::from_word(&role).ok_or(AccountsError::WrongLink)?;
    Ok((role, Packages::from_text(&packages), user))
}

/// Links that are too old go when a new one comes.
async fn insert_link(
    change: &mut Change,
    actor: &Actor,
    (role, packages, user): (Role, &Packages, Option<&str>),
    lifetime_s: i64,
) -> Result<Link, AccountsError> {
    let (secret, now) = (Secret::random()?, change.seconds());
    sqlx::query("DELETE FROM invitations WHERE expires_at <= $1")
        .bind(now)
        .execute(change.on())
        .await?;
    let sql = "INSERT INTO invitations (token, id, role, packages, user_id, created_by, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sqlx::query(sql)
        .bind(secret.digest())
        .bind(random_id()?)
        .bind(role.as_str())
        .bind(packages.as_text())
        .bind(user.map(ToOwned::to_owned))
        .bind(actor.name.clone())
        .bind(now + lifetime_s)
        .execute(change.on())
        .await?;
    let expires_at = Timestamp::from_second(now + lifetime_s).unwrap_or(Timestamp::MAX);
    Ok(Link { secret, expires_at })
}

async fn find_link(change: &mut Change, secret: &Secret) -> Result<LinkRow, AccountsError> {
    let now = change.seconds();
    let sql =
        "SELECT id, role, packages, user_id FROM invitations WHERE token = $1 AND expires_at > $2";
    let found: Option<LinkRow> = sqlx::query_as(sql)
        .bind(secret.digest())
        .bind(now)
        .fetch_optional(change.on())
        .await?;
    found.ok_or(AccountsError::WrongLink)
}
