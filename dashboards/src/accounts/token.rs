//! A session's secret: 256 random bits that only the browser keeps.

use sha2::{Digest, Sha256};

use super::AccountsError;

/// What a browser shows to be recognised.
pub struct Token([u8; 32]);

/// What the database keeps of a token.
pub(super) type TokenDigest = [u8; 32];

impl Token {
    pub(super) fn random() -> Result<Self, AccountsError> {
        Ok(Self(random()?))
    }

    /// Reads what [`Self::as_text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The token as a cookie's value.
    pub fn as_text(&self) -> String {
        hex::encode(self.0)
    }

    pub(super) fn digest(&self) -> TokenDigest {
        Sha256::digest(self.0).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(redacted)")
    }
}

/// Bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], AccountsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AccountsError::Hash(error.to_string()))?;
    Ok(bytes)
}
