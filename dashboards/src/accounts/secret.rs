//! 256 random bits that only their holder keeps: what a browser's session, a link and a token are known by.

use sha2::{Digest, Sha256};

use super::AccountsError;

/// What somebody shows to be recognised.
pub(crate) struct Secret([u8; 32]);

impl Secret {
    pub(crate) fn random() -> Result<Self, AccountsError> {
        Ok(Self(random()?))
    }

    /// Reads what [`Self::as_text`] wrote.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As a cookie's value.
    pub(crate) fn as_text(&self) -> String {
        hex::encode(self.0)
    }

    /// What the database keeps of it.
    pub(super) fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(redacted)")
    }
}

/// Bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], AccountsError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| AccountsError::Hash(error.to_string()))?;
    Ok(bytes)
}

/// A name for something that says nothing and is never given twice: 96 random bits.
pub(super) fn random_id() -> Result<String, AccountsError> {
    Ok(hex::encode(random::<12>()?))
}
