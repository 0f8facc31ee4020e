//! People whom a provider vouches for: whose account it is, and what the provider's groups make of it.

use super::audit::{Action, Actor, Change};
use super::invitations::use_up;
use super::packages::Packages;
use super::role::Role;
use super::secret::Secret;
use super::user::User;
use super::users::{NewUser, check_packages, find, insert, keeps_an_owner};
use super::{Accounts, AccountsError, SignedIn, check_name};

/// Of names that somebody has already, so many are tried with a number behind.
const MOST_NAMESAKES: u32 = 99;

/// Somebody who comes from a provider.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) issuer: String,
    /// By which the provider knows them for ever.
    pub(crate) subject: String,
    /// What a new account could be called, the best first.
    pub(crate) names: Vec<String>,
    /// A verified e-mail address that may open the account of that name.
    pub(crate) opens: Option<String>,
    /// What the provider's groups let them do.
    pub(crate) granted: Option<(Role, Packages)>,
    /// Whether the provider asked for a second factor, so that we need not.
    pub(crate) second_factor: bool,
}

/// How coming from a provider went.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) signed_in: SignedIn,
    /// The session is worth nothing before a code of the second factor was given.
    pub(crate) awaits_code: bool,
}

/// An identity's row: `user_id, by_groups`.
type IdentityRow = (String, i64);

impl Accounts {
    /// Signs in whoever the provider vouches for: the account that is theirs, or the one that is made for
    /// them where groups let them in.
    pub(crate) async fn arrive(&self, arrival: &Arrival) -> Result<Arrived, AccountsError> {
        let mut change = self.change().await?;
        let user = match (known(&mut change, arrival).await?, &arrival.granted) {
            (None, _) => welcome(&mut change, arrival).await?,
            (Some((user, 0)), _) => user,
            (Some((user, _)), Some(granted)) => {
                follow(&mut change, &user, granted).await?;
                user
            }
            (Some((user, _)), None) => {
                shut_out(&mut change, &user).await?;
                change.commit().await?;
                return Err(AccountsError::NotInvited);
            }
        };
        self.let_in(change, &user, arrival).await
    }

    /// Uses a link by what the provider says instead of a password: makes the account that it offers, or
    /// gives the account that it is for to whoever comes.
    pub(crate) async fn accept_arrival(
        &self,
        secret: &Secret,
        arrival: &Arrival,
    ) -> Result<Arrived, AccountsError> {
        let mut change = self.change().await?;
        if known(&mut change, arrival).await?.is_some() {
            return Err(AccountsError::IdentityTaken);
        }
        let (role, packages, user) = use_up(&mut change, secret).await?;
        let user = match user {
            Some(user) => user,
            None => make(&mut change, arrival, role, &packages).await?,
        };
        link(&mut change, arrival, &user, false).await?;
        self.let_in(change, &user, arrival).await
    }

    async fn let_in(
        &self,
        mut change: Change,
        user: &str,
        arrival: &Arrival,
    ) -> Result<Arrived, AccountsError> {
        let user = find(&mut change, user).await?;
        let awaits_code = user.has_second_factor && !arrival.second_factor;
        if !awaits_code {
            let actor = Actor::from(&user);
            change.record(&actor, Action::SignedIn, &user.name).await?;
        }
        change.commit().await?;
        let signed_in = self.start_session(&user.id, awaits_code).await?;
        Ok(Arrived {
            signed_in,
            awaits_code,
        })
    }
}

async fn known(
    change: &mut Change,
    arrival: &Arrival,
) -> Result<Option<IdentityRow>, AccountsError> {
    let sql = "SELECT user_id, by_groups FROM identities WHERE issuer = $1 AND subject = $2";
    let found = sqlx::query_as(sql)
        .bind(arrival.issuer.clone())
        .bind(arrival.subject.clone())
        .fetch_optional(change.on())
        .await?;
    Ok(found)
}

/// The account of somebody who comes for the first time, without a link.
async fn welcome(change: &mut Change, arrival: &Arrival) -> Result<String, AccountsError> {
    if let Some(user) = opened(change, arrival).await? {
        link(change, arrival, &user, false).await?;
        return Ok(user);
    }
    let (role, packages) = arrival.granted.as_ref().ok_or(AccountsError::NotInvited)?;
    let user = make(change, arrival, *role, packages).await?;
    link(change, arrival, &user, true).await?;
    Ok(user)
}

/// The account that a verified e-mail address opens. It belongs to one person: where the provider vouched
/// for somebody else already, nobody else gets in.
async fn opened(change: &mut Change, arrival: &Arrival) -> Result<Option<String>, AccountsError> {
    let Some(email) = &arrival.opens else {
        return Ok(None);
    };
    let sql = "SELECT id FROM users WHERE name_key = $1
               AND id NOT IN (SELECT user_id FROM identities WHERE issuer = $2)";
    let found: Option<(String,)> = sqlx::query_as(sql)
        .bind(email.to_lowercase())
        .bind(arrival.issuer.clone())
        .fetch_optional(change.on())
        .await?;
    Ok(found.map(|(id,)| id))
}

/// Makes an account without a password, under the first name that is free.
async fn make(
    change: &mut Change,
    arrival: &Arrival,
    role: Role,
    packages: &Packages,
) -> Result<String, AccountsError> {
    check_packages(role, packages)?;
    for name in candidates(&arrival.names) {
        let new = NewUser {
            name: &name,
            role,
            packages,
            password: "",
        };
        match insert(change, &new).await {
            Err(AccountsError::NameTaken) => {}
            Ok(id) => {
                let actor = Actor::of_user(&id, &name);
                change.record(&actor, Action::UserAdded, &name).await?;
                return Ok(id);
            }
            Err(error) => return Err(error),
        }
    }
    Err(AccountsError::NameTaken)
}

/// The names that can be used as they are, then the best of them with a number.
fn candidates(names: &[String]) -> Vec<String> {
    let usable = names.iter().map(|name| name.trim().to_owned());
    let usable: Vec<_> = usable.filter(|name| check_name(name).is_ok()).collect();
    let best = usable.first().cloned().unwrap_or_else(|| "user".to_owned());
    let numbered = (2..=MOST_NAMESAKES).map(move |number| format!("{best} {number}"));
    let numbered = numbered.filter(|name| check_name(name).is_ok());
    usable.into_iter().chain(numbered).collect()
}

async fn link(
    change: &mut Change,
    arrival: &Arrival,
    user: &str,
    by_groups: bool,
) -> Result<(), AccountsError> {
    let sql = "INSERT INTO identities (issuer, subject, user_id, by_groups, created_at)
               VALUES ($1, $2, $3, $4, $5)";
    let now = change.seconds();
    sqlx::query(sql)
        .bind(arrival.issuer.clone())
        .bind(arrival.subject.clone())
        .bind(user.to_owned())
        .bind(i64::from(by_groups))
        .bind(now)
        .execute(change.on())
        .await?;
    let user = find(change, user).await?;
    let actor = Actor::from(&user);
    change
        .record(&actor, Action::IdentityLinked, &user.name)
        .await
}

/// Gives an account that groups made the role that they give now.
async fn follow(
    change: &mut Change,
    user: &str,
    (role, packages): &(Role, Packages),
) -> Result<(), AccountsError> {
    check_packages(*role, packages)?;
    let before = find(change, user).await?;
    if (before.role, &before.packages) == (*role, packages) {
        return Ok(());
    }
    set_role(change, &before, *role, packages).await?;
    // The last owner keeps the place running, whatever a group is called now.
    if before.role == Role::Owner && keeps_an_owner(change).await.is_err() {
        tracing::warn!("the provider's groups would leave no owner; the last one stays");
        return set_role(change, &before, before.role, &before.packages).await;
    }
    let what = format!("{}: {}", before.name, role.as_str());
    let actor = Actor::from(&before);
    change.record(&actor, Action::RoleChanged, &what).await
}

async fn set_role(
    change: &mut Change,
    user: &User,
    role: Role,
    packages: &Packages,
) -> Result<(), AccountsError> {
    sqlx::query("UPDATE users SET role = $2, packages = $3 WHERE id = $1")
        .bind(user.id.clone())
        .bind(role.as_str())
        .bind(packages.as_text())
        .execute(change.on())
        .await?;
    Ok(())
}

/// Ends the sessions of somebody whom no group lets in any more. The account stays, with its tokens, for
/// those who run the place to remove or to keep.
async fn shut_out(change: &mut Change, user: &str) -> Result<(), AccountsError> {
    sqlx::query("DELETE FROM sessions WHERE user_id = $1")
        .bind(user.to_owned())
        .execute(change.on())
        .await?;
    let user = find(change, user).await?;
    let actor = Actor::from(&user);
    change.record(&actor, Action::ShutOut, &user.name).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_called_by_the_first_name_that_can_be_one() {
        let names = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            candidates(&names)[..3].join(" | ")
        };
        insta::assert_snapshot!(names(&["ada", "Ada Lovelace"]), @"ada | Ada Lovelace | ada 2");
        insta::assert_snapshot!(names(&["a\u{1b}[2J", "", " ada "]), @"ada | ada 2 | ada 3");
        insta::assert_snapshot!(names(&[]), @"user 2 | user 3 | user 4");
    }
}
