//! Users: made, listed, given another role, removed; and their passwords.

use super::audit::{Action, Actor, Change};
use super::packages::Packages;
use super::role::Role;
use super::secret::{Secret, random_id};
use super::user::{User, UserRow};
use super::{Accounts, AccountsError, Link, check_name, check_password};

/// A user to be. The password is a hash.
pub(super) struct NewUser<'a> {
    pub(super) name: &'a str,
    pub(super) role: Role,
    pub(super) packages: &'a Packages,
    pub(super) password: &'a str,
}

/// Adds a user and says by which id.
pub(super) async fn insert(
    change: &mut Change,
    user: &NewUser<'_>,
) -> Result<String, AccountsError> {
    let id = random_id()?;
    let sql = "INSERT INTO users (id, name, name_key, role, packages, password, totp_secret, totp_step, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, '', 0, $7) ON CONFLICT (name_key) DO NOTHING";
    let now = change.seconds();
    let added = sqlx::query(sql)
        .bind(id.clone())
        .bind(user.name.to_owned())
        .bind(user.name.to_lowercase())
        .bind(user.role.as_str())
        .bind(user.packages.as_text())
        .bind(user.password.to_owned())
        .bind(now)
        .execute(change.on())
        .await?;
    match added.rows_affected() {
        0 => Err(AccountsError::NameTaken),
        _ => Ok(id),
    }
}

/// The user of that id, as it is within the change.
pub(super) async fn find(change: &mut Change, id: &str) -> Result<User, AccountsError> {
    let sql = "SELECT id, name, role, packages, totp_secret FROM users WHERE id = $1";
    let found: Option<UserRow> = sqlx::query_as(sql)
        .bind(id.to_owned())
        .fetch_optional(change.on())
        .await?;
    found.map(User::from).ok_or(AccountsError::Missing("user"))
}

/// Gives a user another password and ends every session but `keep`.
pub(super) async fn set_password(
    change: &mut Change,
    user: &str,
    hash: &str,
    keep: &str,
) -> Result<(), AccountsError> {
    sqlx::query("UPDATE users SET password = $2 WHERE id = $1")
        .bind(user.to_owned())
        .bind(hash.to_owned())
        .execute(change.on())
        .await?;
    sqlx::query("DELETE FROM sessions WHERE user_id = $1 AND id != $2")
        .bind(user.to_owned())
        .bind(keep.to_owned())
        .execute(change.on())
        .await?;
    Ok(())
}

/// Guests see packages by name, at least one; everybody else sees all.
pub(super) fn check_packages(role: Role, packages: &Packages) -> Result<(), AccountsError> {
    let fits = match packages.names() {
        Some(names) => role == Role::Guest && !names.is_empty(),
        None => role != Role::Guest,
    };
    if fits {
        Ok(())
    } else {
        Err(AccountsError::InvalidPackages)
    }
}

impl Accounts {
    /// Everybody, by name.
    pub async fn users(&self) -> Result<Vec<User>, AccountsError> {
        let sql = "SELECT id, name, role, packages, totp_secret FROM users ORDER BY name_key";
        let rows: Vec<UserRow> = sqlx::query_as(sql)
            .fetch_all(self.0.database.pool())
            .await?;
        Ok(rows.into_iter().map(User::from).collect())
    }

    /// The user of that name.
    pub async fn user_named(&self, name: &str) -> Result<User, AccountsError> {
        let sql = "SELECT id, name, role, packages, totp_secret FROM users WHERE name_key = $1";
        let found: Option<UserRow> = sqlx::query_as(sql)
            .bind(name.to_lowercase())
            .fetch_optional(self.0.database.pool())
            .await?;
        found.map(User::from).ok_or(AccountsError::Missing("user"))
    }

    /// Adds a user with a password that somebody chose for them.
    pub async fn add_user(
        &self,
        actor: &Actor,
        name: &str,
        role: Role,
        packages: &Packages,
        password: &str,
    ) -> Result<User, AccountsError> {
        check_name(name)?;
        check_password(password)?;
        check_packages(role, packages)?;
        if !actor.role.manages(role) {
            return Err(AccountsError::NotAllowed);
        }
        let permit = self.0.passwords.permit().await?;
        let password = &permit.hash(password.to_owned()).await?;
        let mut change = self.change().await?;
        let user = NewUser {
            name,
            role,
            packages,
            password,
        };
        let id = insert(&mut change, &user).await?;
        change.record(actor, Action::UserAdded, name).await?;
        let user = find(&mut change, &id).await?;
        change.commit().await?;
        Ok(user)
    }

    /// Adds a user, and makes a link by which they choose their password; until then there is none that fits.
    pub async fn add_without_password(
        &self,
        actor: &Actor,
        name: &str,
        role: Role,
        packages: &Packages,
    ) -> Result<Link, AccountsError> {
        let unknown = Secret::random()?.as_text();
        let user = self.add_user(actor, name, role, packages, &unknown).await?;
        self.reset(actor, &user.id).await
    }

    /// Gives a user another role. What they may do changes with their next request.
    pub async fn set_role(
        &self,
        actor: &Actor,
        user: &str,
        role: Role,
        packages: &Packages,
    ) -> Result<User, AccountsError> {
        check_packages(role, packages)?;
        let mut change = self.change().await?;
        let before = managed(&mut change, actor, user).await?;
        if !actor.role.manages(role) {
            return Err(AccountsError::NotAllowed);
        }
        sqlx::query("UPDATE users SET role = $2, packages = $3 WHERE id = $1")
            .bind(user.to_owned())
            .bind(role.as_str())
            .bind(packages.as_text())
            .execute(change.on())
            .await?;
        keeps_an_owner(&mut change).await?;
        let what = format!("{}: {}", before.name, role.as_str());
        change.record(actor, Action::RoleChanged, &what).await?;
        let user = find(&mut change, user).await?;
        change.commit().await?;
        Ok(user)
    }

    /// Removes a user with their sessions and tokens.
    pub async fn remove_user(&self, actor: &Actor, user: &str) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let before = managed(&mut change, actor, user).await?;
        sqlx::query("DELETE FROM users WHERE id = $1")
            .bind(user.to_owned())
            .execute(change.on())
            .await?;
        keeps_an_owner(&mut change).await?;
        change
            .record(actor, Action::UserRemoved, &before.name)
            .await?;
        change.commit().await
    }

    /// Changes one's own password, which the old one proves. Other sessions end.
    pub(crate) async fn change_password(
        &self,
        user: &User,
        session: &str,
        old: &str,
        new: &str,
    ) -> Result<(), AccountsError> {
        check_password(new)?;
        self.prove_password(user, old).await?;
        let permit = self.0.passwords.permit().await?;
        let hash = permit.hash(new.to_owned()).await?;
        let mut change = self.change().await?;
        set_password(&mut change, &user.id, &hash, session).await?;
        let actor = Actor::from(user);
        change
            .record(&actor, Action::PasswordChanged, &user.name)
            .await?;
        change.commit().await
    }

    /// Fails unless it is the password of that user; tries are counted as for signing in.
    pub(super) async fn prove_password(
        &self,
        user: &User,
        password: &str,
    ) -> Result<(), AccountsError> {
        let permit = self.0.passwords.permit().await?;
        self.attempt(&user.name)?;
        let found: Option<(String,)> = sqlx::query_as("SELECT password FROM users WHERE id = $1")
            .bind(user.id.clone())
            .fetch_optional(self.0.database.pool())
            .await?;
        let hash = found.map(|(hash,)| hash);
        if hash.as_deref() == Some("") {
            return Err(AccountsError::NoPassword);
        }
        let known = hash.is_some();
        if permit.verify(password.to_owned(), hash).await? && known {
            self.attempts().forget(&user.name);
            return Ok(());
        }
        Err(AccountsError::WrongPassword)
    }
}

/// The user of that id, if the actor's role reaches them.
pub(super) async fn managed(
    change: &mut Change,
    actor: &Actor,
    user: &str,
) -> Result<User, AccountsError> {
    let user = find(change, user).await?;
    if actor.role.manages(user.role) {
        Ok(user)
    } else {
        Err(AccountsError::NotAllowed)
    }
}

/// Fails where nobody could make another owner.
pub(super) async fn keeps_an_owner(change: &mut Change) -> Result<(), AccountsError> {
    let (owners,): (i64,) = sqlx::query_as("SELECT count(*) FROM users WHERE role = 'owner'")
        .fetch_one(change.on())
        .await?;
    if owners == 0 {
        Err(AccountsError::LastOwner)
    } else {
        Ok(())
    }
}

impl From<&User> for Actor {
    fn from(user: &User) -> Self {
        Self {
            id: user.id.clone(),
            name: user.name.clone(),
            role: user.role,
        }
    }
}
