//! Digests, and the seal that tokens and signed addresses carry.

use sha2::{Digest, Sha256};

/// The registry's key. Its content is public and it listens on loopback alone; the seal is there
/// so that a client which loses or alters what it was given is refused, as it would be elsewhere.
const KEY: &[u8] = b"weir demo stand-in registry";

/// SHA-256 of `bytes`.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-256 of `bytes`, lower-case hex.
pub(super) fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(sha256(bytes))
}

/// What only the registry can put under `message`.
pub(super) fn seal(message: &str) -> String {
    let inner = sha256(&[KEY, message.as_bytes()].concat());
    sha256_hex(&[KEY, &inner].concat())
}
