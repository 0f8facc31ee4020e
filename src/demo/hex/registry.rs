//! The registry's documents: protocol buffers (Hex's `package.proto`, `names.proto`, `versions.proto`),
//! signed, compressed. Clients refuse what was altered on the way.

use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA512, RsaKeyPair};

use super::REPOSITORY;
use super::package::Recipe;
use crate::demo::archive::gzip;
use crate::demo::seal::sha256;

/// The registry's key. Like [`crate::demo::seal`]'s it guards nothing: the content is public.
const KEY: &[u8] = include_bytes!("key.der");

/// A protocol buffers message being written.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    /// Adds a field of bytes, text or another message.
    fn with(mut self, field: u8, content: impl AsRef<[u8]>) -> Self {
        const LENGTH_DELIMITED: u8 = 2;
        let content = content.as_ref();
        self.0.push(field << 3 | LENGTH_DELIMITED);
        self.put_number(content.len());
        self.0.extend(content);
        self
    }

    /// Adds the same field once for each of `contents`.
    fn with_each<C: AsRef<[u8]>>(self, field: u8, contents: impl IntoIterator<Item = C>) -> Self {
        contents
            .into_iter()
            .fold(self, |message, content| message.with(field, content))
    }

    /// Seven bits a byte, lowest first.
    fn put_number(&mut self, mut number: usize) {
        while number > 0x7f {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }
}

impl AsRef<[u8]> for Message {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// All versions of one package.
pub(super) fn package(versions: &[Recipe<'_>]) -> Vec<u8> {
    let message = Message::default()
        .with_each(1, versions.iter().map(release))
        .with(2, versions[0].name)
        .with(3, REPOSITORY);
    signed(&message)
}

/// What packages there are.
pub(super) fn names(packages: &[Vec<Recipe<'_>>]) -> Vec<u8> {
    let name = |versions: &Vec<Recipe<'_>>| Message::default().with(1, versions[0].name);
    signed(
        &Message::default()
            .with_each(1, packages.iter().map(name))
            .with(2, REPOSITORY),
    )
}

/// What packages there are, and in which versions.
pub(super) fn versions(packages: &[Vec<Recipe<'_>>]) -> Vec<u8> {
    let package = |versions: &Vec<Recipe<'_>>| {
        Message::default()
            .with(1, versions[0].name)
            .with_each(2, versions.iter().map(|version| version.version))
    };
    signed(
        &Message::default()
            .with_each(1, packages.iter().map(package))
            .with(2, REPOSITORY),
    )
}

fn release(version: &Recipe<'_>) -> Message {
    let needs = version
        .needs
        .map(|(name, versions)| Message::default().with(1, name).with(2, versions));
    Message::default()
        .with(1, version.version)
        .with(2, version.inner_checksum())
        .with_each(3, needs)
        .with(5, sha256(&version.tarball()))
}

/// `message` under the registry's signature, compressed.
fn signed(message: &Message) -> Vec<u8> {
    let key = RsaKeyPair::from_der(KEY).expect("the key in this folder is one");
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA512,
        &SystemRandom::new(),
        message.as_ref(),
        &mut signature,
    )
    .expect("the signature has the length of the key");
    gzip(
        Message::default()
            .with(1, message)
            .with(2, signature)
            .as_ref(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_lengths_are_written_as_protocol_buffers_have_them() {
        let long = "x".repeat(300);
        let message = Message::default()
            .with(1, "ab")
            .with_each(3, ["c", "d"])
            .with(2, &long);
        // 300 is 0b10_0101100: the lower seven bits with the sign that more follow, then the rest.
        let expected = [
            &b"\x0a\x02ab\x1a\x01c\x1a\x01d\x12\xac\x02"[..],
            long.as_bytes(),
        ]
        .concat();
        assert_eq!(message.as_ref(), expected);
    }

    #[test]
    fn equal_documents_are_equal_bytes() {
        let package = [Recipe {
            name: "a",
            version: "1.0.0",
            needs: Some(("b", "~> 1.0")),
            code: "",
        }];
        assert_eq!(super::package(&package), super::package(&package));
    }
}
