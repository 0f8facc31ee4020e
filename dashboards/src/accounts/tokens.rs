//! Tokens for programs: `weir_`, 256 random bits, and a checksum, so that scanners of leaked secrets can
//! tell one from noise without asking.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::audit::{Action, Actor};
use super::caller::{Caller, Via};
use super::packages::Packages;
use super::role::Scope;
use super::secret::{Secret, random_id};
use super::user::User;
use super::{Accounts, AccountsError, check_name};

const PREFIX: &str = "weir_";
/// Longest life of a token, in days.
const MOST_DAYS: u32 = 366;
/// Most living tokens of one user.
const MOST_TOKENS: i64 = 100;

/// What a token is to be.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// What it is for, in words.
    pub name: String,
    /// What it may do; never more than its user.
    pub scopes: Vec<Scope>,
    /// What it may see; never more than its user.
    pub packages: Packages,
    /// How long it works.
    pub days: u32,
}

/// A token as it is listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Names it, for revoking.
    pub id: String,
    /// Name of its user.
    pub user: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// What it may see.
    pub packages: Packages,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// UTC day of the last use; empty before the first.
    pub used_day: String,
}

/// A user's `id, name, role, packages, totp_secret` and a token's `name, scopes, packages, used_day`.
type ShownRow = (
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
    String,
);

/// A token's `id`, its user's name, and its `name, scopes, packages, expires_at, used_day`.
type ListedRow = (String, String, String, String, String, i64, String);

/// The secret as a program keeps it.
fn written(secret: &Secret) -> String {
    let text = format!("{PREFIX}{}", secret.as_text());
    format!("{text}{:08x}", crc32c::crc32c(text.as_bytes()))
}

/// Reads a token; none unless its checksum is right.
fn read(text: &str) -> Option<Secret> {
    let (body, sum) = text.split_at_checked(text.len().checked_sub(8)?)?;
    let secret = Secret::from_text(body.strip_prefix(PREFIX)?)?;
    (format!("{:08x}", crc32c::crc32c(body.as_bytes())) == sum).then_some(secret)
}

impl Accounts {
    /// Makes a token for `user` and returns its text, which is never seen again.
    pub async fn create_token(
        &self,
        actor: &Actor,
        user: &User,
        new: &NewToken,
    ) -> Result<String, AccountsError> {
        check_name(&new.name)?;
        check(user, new)?;
        let secret = Secret::random()?;
        let mut change = self.change().await?;
        let now = change.seconds();
        let sql = "SELECT count(*) FROM tokens WHERE user_id = $1 AND expires_at > $2";
        let (living,): (i64,) = sqlx::query_as(sql)
            .bind(user.id.clone())
            .bind(now)
            .fetch_one(change.on())
            .await?;
        if living >= MOST_TOKENS {
            return Err(invalid(
                "name",
                "a user has at most 100 tokens; revoke one first",
            ));
        }
        let sql = "INSERT INTO tokens (token, id, user_id, name, scopes, packages, created_at, expires_at, used_day)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '')";
        sqlx::query(sql)
            .bind(secret.digest())
            .bind(random_id()?)
            .bind(user.id.clone())
            .bind(new.name.clone())
            .bind(words(&new.scopes))
            .bind(new.packages.as_text())
            .bind(now)
            .bind(now + 24 * 3600 * i64::from(new.days))
            .execute(change.on())
            .await?;
        let what = format!("{}: {}", new.name, words(&new.scopes));
        change.record(actor, Action::TokenMade, &what).await?;
        change.commit().await?;
        Ok(written(&secret))
    }

    /// Who shows this token, if it is one that works.
    pub(crate) async fn token(&self, text: &str) -> Result<Option<Caller>, AccountsError> {
        let Some(secret) = read(text) else {
            return Ok(None);
        };
        let (digest, now) = (secret.digest(), self.now());
        let sql = "SELECT users.id, users.name, role, users.packages, totp_secret,
                          tokens.name, scopes, tokens.packages, used_day
                   FROM tokens JOIN users ON users.id = user_id
                   WHERE token = $1 AND expires_at > $2";
        let found: Option<ShownRow> = sqlx::query_as(sql)
            .bind(digest.clone())
            .bind(now.as_second())
            .fetch_optional(self.0.database.pool())
            .await?;
        let Some((id, name, role, visible, factor, token, scopes, packages, last_day)) = found
        else {
            return Ok(None);
        };
        let today = now.to_zoned(TimeZone::UTC).date().to_string();
        if last_day != today {
            sqlx::query("UPDATE tokens SET used_day = $2 WHERE token = $1")
                .bind(digest)
                .bind(today)
                .execute(self.0.database.pool())
                .await?;
        }
        let user = User::from((id, name, role, visible, factor));
        Ok(Some(Caller {
            packages: user.packages.and(&Packages::from_text(&packages)),
            user,
            via: Via::Token(token, read_words(&scopes)),
        }))
    }

    /// Tokens that work, of one user or of all, by user and name.
    pub async fn tokens(&self, of: Option<&User>) -> Result<Vec<Token>, AccountsError> {
        let sql = "SELECT tokens.id, users.name, tokens.name, scopes, tokens.packages, expires_at, used_day
                   FROM tokens JOIN users ON users.id = user_id
                   WHERE expires_at > $1 AND ($2 = '' OR user_id = $2)
                   ORDER BY name_key, tokens.name, tokens.id";
        let rows: Vec<ListedRow> = sqlx::query_as(sql)
            .bind(self.seconds())
            .bind(of.map_or_else(String::new, |user| user.id.clone()))
            .fetch_all(self.0.database.pool())
            .await?;
        let token = |(id, user, name, scopes, packages, expires_at, used_day): ListedRow| {
            Some(Token {
                id,
                user,
                name,
                scopes: read_words(&scopes),
                packages: Packages::from_text(&packages),
                expires_at: Timestamp::from_second(expires_at).ok()?,
                used_day,
            })
        };
        Ok(rows.into_iter().filter_map(token).collect())
    }

    /// Makes a token worthless: one of `of`, or anybody's.
    pub async fn revoke_token(
        &self,
        actor: &Actor,
        of: Option<&User>,
        id: &str,
    ) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let sql = "SELECT name, user_id FROM tokens WHERE id = $1";
        let found: Option<(String, String)> = sqlx::query_as(sql)
            .bind(id.to_owned())
            .fetch_optional(change.on())
            .await?;
        let theirs = |(_, user): &(String, String)| of.is_none_or(|of| of.id == *user);
        let (name, _) = found
            .filter(theirs)
            .ok_or(AccountsError::Missing("token"))?;
        sqlx::query("DELETE FROM tokens WHERE id = $1")
            .bind(id.to_owned())
            .execute(change.on())
            .await?;
        change.record(actor, Action::TokenRevoked, &name).await?;
        change.commit().await
    }
}

fn check(user: &User, new: &NewToken) -> Result<(), AccountsError> {
    if new.scopes.is_empty() {
        return Err(invalid(
            "scopes",
            "expected at least one of read, export, import, releases:write, sql, admin",
        ));
    }
    if !(1..=MOST_DAYS).contains(&new.days) {
        return Err(invalid("days", "expected 1 to 366"));
    }
    let beyond = |name: &String| !user.packages.has(name);
    if new
        .packages
        .names()
        .is_some_and(|names| names.is_empty() || names.iter().any(beyond))
    {
        return Err(invalid(
            "packages",
            "expected packages that its user may see, or null for all of those",
        ));
    }
    Ok(())
}

fn invalid(member: &'static str, problem: &'static str) -> AccountsError {
    AccountsError::InvalidToken { member, problem }
}

/// Scopes as the database keeps them: words with blanks between them, each once.
fn words(scopes: &[Scope]) -> String {
    let words: BTreeSet<_> = scopes.iter().map(|scope| scope.as_str()).collect();
    words.into_iter().collect::<Vec<_>>().join(" ")
}

fn read_words(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(Scope::from_word).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_token_names_its_maker_and_carries_its_checksum() {
        let secret = Secret::from_text(&"0".repeat(64)).expect("64 digits");
        insta::assert_snapshot!(written(&secret), @"weir_00000000000000000000000000000000000000000000000000000000000000006f78d80f");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_and_what_was_changed_is_not(bytes: [u8; 32], at in 0_usize..77, by in 1_u8..16) {
            let secret = Secret::from_text(&hex::encode(bytes)).expect("64 digits");
            let text = written(&secret);
            prop_assert_eq!(read(&text).map(|read| read.digest()), Some(secret.digest()));
            let mut changed = text.clone().into_bytes();
            changed[at] ^= by;
            if let Ok(changed) = String::from_utf8(changed) {
                prop_assert!(changed.eq_ignore_ascii_case(&text) || read(&changed).is_none());
            }
        }

        #[test]
        fn whatever_else_somebody_sends_is_no_token(text in ".{0,100}") {
            prop_assert!(read(&text).is_none());
        }
    }
}
