//! Digests, and the seal that tokens and signed addresses carry.

use md5::Md5;
use sha1::Sha1;
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

/// SHA-1 of `bytes`, lower-case hex: some protocols know no other sum.
pub(super) fn sha1_hex(bytes: &[u8]) -> String {
    hex::encode(Sha1::digest(bytes))
}

/// MD5 of `bytes`, lower-case hex: some protocols know no other sum.
pub(super) fn md5_hex(bytes: &[u8]) -> String {
    hex::encode(Md5::digest(bytes))
}

/// What only the registry can put under `message`.
pub(super) fn seal(message: &str) -> String {
    let inner = sha256(&[KEY, message.as_bytes()].concat());
    sha256_hex(&[KEY, &inner].concat())
}
