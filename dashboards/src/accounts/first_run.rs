//! The first run: whoever reads the console makes the owner, once.

use super::audit::{Action, Actor};
use super::database::Database;
use super::one_time::SetupCode;
use super::packages::Packages;
use super::role::Role;
use super::users::{NewUser, insert};
use super::{Accounts, AccountsError, SignedIn, check_name, check_password};

const OWNERS: &str = "SELECT count(*) FROM users WHERE role = 'owner'";

impl Accounts {
    /// The code that makes the owner; none once there is one. It works for 24 hours.
    pub async fn setup_code(&self) -> Option<&str> {
        let waiting = !self.has_owner().await.unwrap_or(true);
        self.0
            .setup
            .as_ref()
            .filter(|_| waiting)
            .map(SetupCode::as_str)
    }

    /// Whether set-up is over.
    pub async fn has_owner(&self) -> Result<bool, AccountsError> {
        has_owner(&self.0.database).await
    }

    /// Makes the owner and signs them in; works once.
    pub(crate) async fn create_owner(
        &self,
        code: &str,
        name: &str,
        password: &str,
    ) -> Result<SignedIn, AccountsError> {
        let setup = match &self.0.setup {
            Some(setup) if !self.has_owner().await? => setup,
            _ => return Err(AccountsError::AlreadySetUp),
        };
        check_name(name)?;
        check_password(password)?;
        self.attempt("setup")?;
        if !setup.accepts(code, self.now()) {
            return Err(AccountsError::WrongCode);
        }
        let permit = self.0.passwords.permit().await?;
        let password = permit.hash(password.to_owned()).await?;
        let mut change = self.change().await?;
        let (owners,): (i64,) = sqlx::query_as(OWNERS).fetch_one(change.on()).await?;
        if owners != 0 {
            return Err(AccountsError::AlreadySetUp);
        }
        let owner = NewUser {
            name,
            role: Role::Owner,
            packages: &Packages::ALL,
            password: &password,
        };
        let id = insert(&mut change, &owner).await?;
        let actor = Actor {
            id: id.clone(),
            name: name.to_owned(),
            role: Role::Owner,
        };
        change.record(&actor, Action::SetUp, name).await?;
        change.commit().await?;
        self.start_session(&id, false).await
    }
}

pub(super) async fn has_owner(database: &Database) -> Result<bool, AccountsError> {
    let (owners,): (i64,) = sqlx::query_as(OWNERS).fetch_one(database.pool()).await?;
    Ok(owners != 0)
}
