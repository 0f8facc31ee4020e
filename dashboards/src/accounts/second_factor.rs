//! The second factor: codes by the clock (RFC 6238), and recovery codes for when the phone is lost.

use qrcode::{Color, QrCode};
use totp_rs::{Builder, Secret as TotpSecret, Totp};

use super::audit::{Action, Actor, Change};
use super::one_time;
use super::secret::random;
use super::user::User;
use super::{Accounts, AccountsError};

/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// The name under which an app lists the codes.
const ISSUER: &str = "Weir";

/// What an app needs to make codes. Nothing is stored before one of them was seen.
#[derive(Debug)]
pub(crate) struct Enrolment {
    /// In base 32, to be typed.
    pub(crate) secret: String,
    /// The same as an address that apps know.
    pub(crate) uri: String,
    /// The same as a QR code.
    pub(crate) picture: Picture,
}

/// A QR code as an SVG path in units of its modules.
#[derive(Debug)]
pub(crate) struct Picture {
    /// Modules on a side, with the quiet zone around.
    pub(crate) size: usize,
    /// Its dark modules.
    pub(crate) path: String,
}

impl Enrolment {
    /// Proposes a new second factor for `user`.
    pub(crate) fn new(user: &User) -> Result<Self, AccountsError> {
        let secret = TotpSecret::new_stack(random()?);
        let text = secret.to_base32();
        let uri = totp(secret, &user.name)
            .and_then(|totp| totp.to_url().ok())
            .ok_or_else(unusable)?;
        let picture = picture(&uri)?;
        Ok(Self {
            secret: text,
            uri,
            picture,
        })
    }
}

impl Accounts {
    /// Turns the second factor on, once the password and a code prove that it works, and returns the
    /// recovery codes, which are never seen again.
    pub(crate) async fn turn_on_second_factor(
        &self,
        user: &User,
        password: &str,
        secret: &str,
        code: &str,
    ) -> Result<Vec<String>, AccountsError> {
        let secret = TotpSecret::try_from_base32(secret).map_err(|_| unusable())?;
        let text = secret.to_base32();
        let totp = totp(secret, &user.name).ok_or_else(unusable)?;
        self.prove_password(user, password).await?;
        let step = self.step(&totp, code, 0)?;
        let codes = (0..RECOVERY_CODES)
            .map(|_| one_time::code())
            .collect::<Result<Vec<_>, _>>()?;
        let mut change = self.change().await?;
        remove(&mut change, &user.id).await?;
        sqlx::query("UPDATE users SET totp_secret = $2, totp_step = $3 WHERE id = $1")
            .bind(user.id.clone())
            .bind(text)
            .bind(step)
            .execute(change.on())
            .await?;
        for code in &codes {
            sqlx::query("INSERT INTO recovery_codes (code, user_id) VALUES ($1, $2)")
                .bind(hex::encode(one_time::digest(code)))
                .bind(user.id.clone())
                .execute(change.on())
                .await?;
        }
        let actor = Actor::from(user);
        change
            .record(&actor, Action::SecondFactorOn, &user.name)
            .await?;
        change.commit().await?;
        Ok(codes)
    }

    /// Turns the second factor off; the password proves who asks.
    pub(crate) async fn turn_off_second_factor(
        &self,
        user: &User,
        password: &str,
    ) -> Result<(), AccountsError> {
        self.prove_password(user, password).await?;
        let mut change = self.change().await?;
        remove(&mut change, &user.id).await?;
        let actor = Actor::from(user);
        change
            .record(&actor, Action::SecondFactorOff, &user.name)
            .await?;
        change.commit().await
    }

    /// Takes a code, by the clock or for recovery; each works once.
    pub(super) async fn take_code(&self, user: &str, code: &str) -> Result<(), AccountsError> {
        let mut change = self.change().await?;
        let sql = "SELECT name, totp_secret, totp_step FROM users WHERE id = $1";
        let (name, secret, last): (String, String, i64) = sqlx::query_as(sql)
            .bind(user.to_owned())
            .fetch_one(change.on())
            .await?;
        let totp = TotpSecret::try_from_base32(&secret)
            .ok()
            .and_then(|secret| totp(secret, &name))
            .ok_or_else(unusable)?;
        match self.step(&totp, code, last) {
            Ok(step) => {
                sqlx::query("UPDATE users SET totp_step = $2 WHERE id = $1")
                    .bind(user.to_owned())
                    .bind(step)
                    .execute(change.on())
                    .await?;
            }
            Err(wrong) => {
                let sql = "DELETE FROM recovery_codes WHERE user_id = $1 AND code = $2";
                let found = sqlx::query(sql)
                    .bind(user.to_owned())
                    .bind(hex::encode(one_time::digest(code)))
                    .execute(change.on())
                    .await?;
                if found.rows_affected() == 0 {
                    return Err(wrong);
                }
                let actor = Actor::of_user(user, &name);
                change
                    .record(&actor, Action::RecoveryCodeUsed, &name)
                    .await?;
            }
        }
        change.commit().await
    }

    /// The step whose code this is, if it comes after `last`: a code that was taken is not taken again.
    fn step(&self, totp: &Totp, code: &str, last: i64) -> Result<i64, AccountsError> {
        let code: String = code.chars().filter(char::is_ascii_digit).collect();
        let now = u64::try_from(self.seconds()).unwrap_or_default();
        totp.check(&code, now)
            .and_then(|step| i64::try_from(step).ok())
            .filter(|step| *step > last)
            .ok_or(AccountsError::WrongSecondFactor)
    }
}

/// Leaves a user without second factor and recovery codes.
pub(super) async fn remove(change: &mut Change, user: &str) -> Result<(), AccountsError> {
    sqlx::query("UPDATE users SET totp_secret = '', totp_step = 0 WHERE id = $1")
        .bind(user.to_owned())
        .execute(change.on())
        .await?;
    sqlx::query("DELETE FROM recovery_codes WHERE user_id = $1")
        .bind(user.to_owned())
        .execute(change.on())
        .await?;
    Ok(())
}

/// Six digits every 30 s, those before and after included. An app's labels have no colons.
fn totp(secret: TotpSecret, name: &str) -> Option<Totp> {
    Builder::new()
        .with_secret(secret)
        .with_account_name(name.replace(':', " "))
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

fn unusable() -> AccountsError {
    AccountsError::InvalidSecondFactor
}

fn picture(text: &str) -> Result<Picture, AccountsError> {
    /// Light modules around the code that readers need.
    const QUIET: usize = 4;
    let code = QrCode::new(text).map_err(|_| unusable())?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate();
    let dark = dark.filter(|(_, color)| *color == Color::Dark);
    let path: Vec<_> = dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET))
        .collect();
    Ok(Picture {
        size: width + 2 * QUIET,
        path: path.concat(),
    })
}
