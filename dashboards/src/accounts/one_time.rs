//! Codes that people type once: the one that proves, at first run, that whoever sets up can read the
//! console, and those that stand in for a lost second factor.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::AccountsError;
use super::secret::random;

/// No letters that look like a digit; 32 of them, so five bits each.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKMNPQRSTVWXYZ0123456789";

/// 80 random bits, in groups that can be read aloud.
pub(super) fn code() -> Result<String, AccountsError> {
    let bytes: [u8; 16] = random()?;
    let letters: String = bytes
        .iter()
        .map(|byte| char::from(LETTERS[usize::from(byte % 32)]))
        .collect();
    let groups = [
        &letters[..4],
        &letters[4..8],
        &letters[8..12],
        &letters[12..],
    ];
    Ok(groups.join("-"))
}

/// What a code is compared by: case, blanks and dashes do not matter.
pub(super) fn digest(code: &str) -> [u8; 32] {
    let typed: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::digest(typed.to_ascii_uppercase()).into()
}

/// The code of the first run, kept in memory alone.
pub(super) struct SetupCode {
    text: String,
    expires: Timestamp,
}

const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl SetupCode {
    pub(super) fn new(now: Timestamp) -> Result<Self, AccountsError> {
        Ok(Self {
            text: code()?,
            expires: now + LIFETIME,
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Compares without telling by time how much was right.
    pub(super) fn accepts(&self, code: &str, now: Timestamp) -> bool {
        digest(code) == digest(&self.text) && now < self.expires
    }
}
