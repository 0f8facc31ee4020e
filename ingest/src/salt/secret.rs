//! Secrets in memory: pages of their own that are never swapped, dumped or inherited, wiped at the end.

use std::sync::Once;

use memmap2::{Advice, MmapMut};
use zeroize::Zeroize as _;

use super::NoRandomness;

/// Bytes of most secrets.
pub(super) const LENGTH: usize = 32;

/// Bytes that are wiped when dropped and can be neither shown nor copied.
pub(super) struct Secret<const N: usize = LENGTH>(Room<N>);

/// Where the bytes are. A page cannot always be had, and a day without a secret would be worse.
enum Room<const N: usize> {
    Page(MmapMut),
    Heap(Box<[u8; N]>),
}

impl Secret {
    /// A new one.
    pub(super) fn random() -> Result<Self, NoRandomness> {
        let mut secret = Self::zero();
        getrandom::fill(secret.bytes_mut()).map_err(NoRandomness)?;
        Ok(secret)
    }

    /// One that is known already. Wiping `bytes` is left to their owner.
    pub(super) fn known(bytes: &[u8; LENGTH]) -> Self {
        let mut secret = Self::zero();
        secret.bytes_mut().copy_from_slice(bytes);
        secret
    }
}

impl<const N: usize> Secret<N> {
    /// Room for one that is yet to come.
    pub(super) fn zero() -> Self {
        let page = page(N).inspect_err(|error| {
            tracing::warn!(%error, "no page for a secret; it lies on the heap");
        });
        Self(page.map_or_else(|_| Room::Heap(Box::new([0; N])), Room::Page))
    }

    pub(super) fn bytes(&self) -> &[u8; N] {
        match &self.0 {
            // INVARIANT: the mapping was made this long.
            Room::Page(page) => page.first_chunk().expect("a secret's length"),
            Room::Heap(bytes) => bytes,
        }
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8; N] {
        match &mut self.0 {
            // INVARIANT: the mapping was made this long.
            Room::Page(page) => page.first_chunk_mut().expect("a secret's length"),
            Room::Heap(bytes) => bytes,
        }
    }
}

impl<const N: usize> Drop for Secret<N> {
    fn drop(&mut self) {
        self.bytes_mut().zeroize();
    }
}

/// A page outside of swap, core dumps and children. What of that the system does not allow is said once.
fn page(length: usize) -> std::io::Result<MmapMut> {
    static WARNED: Once = Once::new();
    let page = MmapMut::map_anon(length)?;
    let guarded = page
        .lock()
        .and_then(|()| page.advise(Advice::DontDump))
        .and_then(|()| page.advise(Advice::DontFork));
    if let Err(error) = guarded {
        WARNED.call_once(|| {
            tracing::warn!(
                %error,
                "secrets may be swapped to disk: allow locked memory (LimitMEMLOCK, ulimit -l) or turn swap off"
            );
        });
    }
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_locked_and_stays_out_of_dumps_and_children() {
        let secret = Secret::random().expect("random bytes");
        let at = format!("{:x}-", secret.bytes().as_ptr().addr());
        let maps = std::fs::read_to_string("/proc/self/smaps").expect("Linux");
        let flags = maps
            .lines()
            .skip_while(|line| !line.starts_with(&at))
            .find_map(|line| line.strip_prefix("VmFlags:"))
            .expect("the mapping of the secret");
        for (flag, meaning) in [
            ("lo", "locked"),
            ("dd", "not dumped"),
            ("dc", "not inherited"),
        ] {
            assert!(
                flags.split(' ').any(|set| set == flag),
                "{meaning}: {flags}"
            );
        }
    }

    #[test]
    fn two_secrets_differ_and_a_known_one_is_as_given() {
        let secret = || -> Secret { Secret::random().expect("random bytes") };
        let (one, other) = (secret(), secret());
        assert_ne!(one.bytes(), other.bytes());
        assert_eq!(Secret::known(one.bytes()).bytes(), one.bytes());
    }
}
