//! Releases that are announced: kept here and not with the counts, since what is said of a release may be
//! corrected, and a publishing job must not fail while ClickHouse starts.

use jiff::Timestamp;

use super::audit::{Action, Actor};
use super::{Accounts, AccountsError};

const MOST_NAME_BYTES: usize = 256;
const MOST_URL_BYTES: usize = 2048;
const MOST_NOTES_BYTES: usize = 4096;
/// Most releases of which marks are drawn; the newest count.
const MOST_RELEASES: i64 = 1000;

/// A release as it is announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewRelease {
    pub(crate) package: String,
    pub(crate) version: String,
    /// Unless it is now.
    pub(crate) at: Option<Timestamp>,
    /// Where to read about it; may be empty.
    pub(crate) url: String,
    /// What it brings, in words; may be empty.
    pub(crate) notes: String,
}

/// A release that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Announced {
    pub(crate) package: String,
    pub(crate) version: String,
    pub(crate) at: Timestamp,
    pub(crate) url: String,
    pub(crate) notes: String,
}

/// A row of the table.
type Row = (String, String, i64, String, String);

impl Announced {
    fn of((package, version, at, url, notes): Row) -> Option<Self> {
        Some(Self {
            package,
            version,
            at: Timestamp::from_second(at).ok()?,
            url,
            notes,
        })
    }
}

impl Accounts {
    /// Notes a release, in place of what was said of it before. The same again changes nothing, also when it
    /// does not say the time, which stays that of the first announcement.
    pub(crate) async fn announce(
        &self,
        actor: &Actor,
        new: NewRelease,
    ) -> Result<Announced, AccountsError> {
        check(&new)?;
        let mut change = self.change().await?;
        let sql = "SELECT package, version, at, url, notes FROM releases WHERE package = $1 AND version = $2";
        let before: Option<Row> = sqlx::query_as(sql)
            .bind(new.package.clone())
            .bind(new.version.clone())
            .fetch_optional(change.on())
            .await?;
        let first_at = before.as_ref().map(|(_, _, at, ..)| *at);
        let at = new.at.map(Timestamp::as_second).or(first_at);
        let at = at.unwrap_or_else(|| change.seconds());
        let row = (new.package, new.version, at, new.url, new.notes);
        if before.as_ref() != Some(&row) {
            let sql = "INSERT INTO releases (package, version, at, url, notes) VALUES ($1, $2, $3, $4, $5)
                       ON CONFLICT (package, version) DO UPDATE SET at = excluded.at, url = excluded.url, notes = excluded.notes";
            sqlx::query(sql)
                .bind(row.0.clone())
                .bind(row.1.clone())
                .bind(row.2)
                .bind(row.3.clone())
                .bind(row.4.clone())
                .execute(change.on())
                .await?;
            let what = format!("{} {}", row.0, row.1);
            change
                .record(actor, Action::ReleaseAnnounced, &what)
                .await?;
            change.commit().await?;
        }
        Announced::of(row).ok_or_else(|| invalid("at", "expected a time of this era"))
    }

    /// What was announced of `package`, or of all, newest first.
    pub(crate) async fn announced(
        &self,
        package: Option<&str>,
    ) -> Result<Vec<Announced>, AccountsError> {
        let sql = "SELECT package, version, at, url, notes FROM releases
                   WHERE $1 = '' OR package = $1 ORDER BY at DESC, version LIMIT $2";
        let rows: Vec<Row> = sqlx::query_as(sql)
            .bind(package.unwrap_or_default().to_owned())
            .bind(MOST_RELEASES)
            .fetch_all(self.0.database.pool())
            .await?;
        Ok(rows.into_iter().filter_map(Announced::of).collect())
    }
}

fn check(new: &NewRelease) -> Result<(), AccountsError> {
    let is_name = |text: &str| {
        (1..=MOST_NAME_BYTES).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    if !is_name(&new.package) {
        return Err(invalid(
            "package",
            "must have 1 to 256 bytes and no control characters",
        ));
    }
    if !is_name(&new.version) {
        return Err(invalid(
            "version",
            "must have 1 to 256 bytes and no control characters",
        ));
    }
    if !new.url.is_empty() && !is_link(&new.url) {
        return Err(invalid(
            "url",
            "expected an address that begins with https:// or http://",
        ));
    }
    if new.notes.len() > MOST_NOTES_BYTES {
        return Err(invalid(
            "notes",
            "must have at most 4096 bytes; link to the rest",
        ));
    }
    Ok(())
}

/// The page makes a link of it, so it must lead to a site and run nothing.
fn is_link(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control();
    url.len() <= MOST_URL_BYTES
        && rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(is_plain))
}

fn invalid(member: &'static str, problem: &'static str) -> AccountsError {
    AccountsError::InvalidRelease { member, problem }
}
