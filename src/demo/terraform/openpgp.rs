//! Just enough `OpenPGP` to sign with: one Ed25519 key, and detached signatures by it.
//!
//! RFC 4880 with the algorithm of draft-ietf-openpgp-rfc4880bis (RFC 9580 §5.2.3.3),
//! which is what Terraform's library reads. Everything is fixed, so that nothing differs between runs.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use ring::signature::{Ed25519KeyPair, KeyPair as _};
use sha2::{Digest as _, Sha256};

/// Long before any run, and no secret: the key signs stand-ins for packages alone.
const CREATED: u32 = 1_577_836_800;
const SEED: [u8; 32] = *b"weir demo: signs stand-ins alone";
const OWNER: &[u8] = b"Acme (demo) <demo@acme.example>";

/// Packet types (RFC 4880 §4.3).
const SIGNATURE: u8 = 2;
const PUBLIC_KEY: u8 = 6;
const USER_ID: u8 = 13;

/// Signature types (RFC 4880 §5.2.1).
const OF_BINARY: u8 = 0x00;
const OF_OWNER: u8 = 0x13;

/// A key pair with its owner.
pub(super) struct Key {
    pair: Ed25519KeyPair,
    /// The public key's packet without its header.
    body: Vec<u8>,
    fingerprint: Vec<u8>,
}

impl Key {
    pub(super) fn new() -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&SEED).expect("a seed is 32 bytes");
        let curve = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];
        // Version 4, created, EdDSA, the curve, the point with its prefix 0x40.
        let mut body = vec![4];
        body.extend(CREATED.to_be_bytes());
        body.extend([22, curve.len() as u8]);
        body.extend(curve);
        body.extend(integer(&[&[0x40], pair.public_key().as_ref()].concat()));
        let fingerprint = digest(&SHA1_FOR_LEGACY_USE_ONLY, &hashed_key(&body));
        Self {
            pair,
            body,
            fingerprint: fingerprint.as_ref().to_vec(),
        }
    }

    /// The key's identifier as tools print it.
    pub(super) fn id(&self) -> String {
        hex::encode_upper(&self.fingerprint[12..])
    }

    /// The public key with its owner, in ASCII armour.
    pub(super) fn armoured(&self) -> String {
        let mut owned = hashed_key(&self.body);
        owned.push(0xb4);
        owned.extend((OWNER.len() as u32).to_be_bytes());
        owned.extend(OWNER);
        // Key flags: it certifies and signs.
        let signature = self.signature(OF_OWNER, &[2, 27, 0x03], &owned);
        let packets = [
            packet(PUBLIC_KEY, &self.body),
            packet(USER_ID, OWNER),
            signature,
        ]
        .concat();
        let text = BASE64_STANDARD.encode(packets);
        let lines: Vec<_> = text
            .as_bytes()
            .chunks(64)
            .map(String::from_utf8_lossy)
            .collect();
        format!(
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{}\n-----END PGP PUBLIC KEY BLOCK-----\n",
            lines.join("\n")
        )
    }

    /// The detached signature of `bytes`.
    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        self.signature(OF_BINARY, &[], bytes)
    }

    /// A signature's packet over `what`, with `subpackets` besides the time (RFC 4880 §5.2.3, §5.2.4).
    fn signature(&self, kind: u8, subpackets: &[u8], what: &[u8]) -> Vec<u8> {
        let mut hashed = vec![5, 2];
        hashed.extend(CREATED.to_be_bytes());
        hashed.extend(subpackets);
        // Version 4, EdDSA, SHA-256.
        let mut body = vec![4, kind, 22, 8];
        body.extend((hashed.len() as u16).to_be_bytes());
        body.extend(hashed);
        let mut trailer = vec![4, 0xff];
        trailer.extend((body.len() as u32).to_be_bytes());
        let digest = Sha256::digest([what, &body, &trailer].concat());
        let issuer = [&[9, 16][..], &self.fingerprint[12..]].concat();
        body.extend((issuer.len() as u16).to_be_bytes());
        body.extend(issuer);
        body.extend(&digest[..2]);
        let signed = self.pair.sign(&digest);
        let (r, s) = signed.as_ref().split_at(32);
        body.extend([integer(r), integer(s)].concat());
        packet(SIGNATURE, &body)
    }
}

/// What is hashed of a public key (RFC 4880 §12.2).
fn hashed_key(body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16).to_be_bytes();
    [&[0x99], &length[..], body].concat()
}

/// A packet of the old format with a length of two bytes (RFC 4880 §4.2.1).
fn packet(tag: u8, body: &[u8]) -> Vec<u8> {
    let length = (body.len() as u16).to_be_bytes();
    [&[0x80 | tag << 2 | 1], &length[..], body].concat()
}

/// A number with its length in bits (RFC 4880 §3.2).
fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    let bytes = &bytes[zeros..];
    let bits = bytes
        .first()
        .map_or(0, |first| bytes.len() * 8 - first.leading_zeros() as usize);
    [&(bits as u16).to_be_bytes()[..], bytes].concat()
}
