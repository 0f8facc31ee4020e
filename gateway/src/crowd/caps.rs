//! How many connections are served at a time.

use std::time::Duration;

use rustix::process::{Resource, getrlimit};

/// More in one process take more memory (about 20 KiB each) than they are worth.
const MOST: u64 = 50_000;
/// From one address: whole offices and runners of continuous integration come from one, and what of theirs only waits
/// makes room for what is new.
const MOST_OF_ADDRESS: u32 = 1_000;

/// Waiting for less than this, a connection's client is merely not that fast.
const PATIENCE: Duration = Duration::from_secs(1);

/// The most connections at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caps {
    pub(crate) all: u32,
    /// From one network: of 24 bits, or of 48 bits of IPv6, which is what one customer is given.
    pub(crate) network: u32,
    /// From one address, or 64 bits of IPv6.
    pub(crate) address: u32,
    /// How long one waits for its client before it may end in the place of another.
    pub(super) patience: Duration,
}

impl Caps {
    /// What so many descriptors are enough for: a quarter is left for upstreams, files and the engine.
    pub(crate) fn within(descriptors: u64) -> Self {
        let all = (descriptors / 4 * 3).clamp(4, MOST) as u32;
        Self {
            all,
            network: all / 2,
            address: MOST_OF_ADDRESS.min(all / 4),
            patience: PATIENCE,
        }
    }

    /// Since when one must have waited by `now` to end, in milliseconds.
    pub(super) fn since(&self, now: u64) -> u64 {
        now.saturating_sub(self.patience.as_millis() as u64)
    }
}

/// How many descriptors this process may have open.
pub(crate) fn descriptors() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_limit_is_shared_and_a_large_one_is_not_used_up() {
        let lines = [64, 256, 1024, 20_000, 1 << 20].map(|descriptors| {
            let Caps {
                all,
                network,
                address,
                ..
            } = Caps::within(descriptors);
            format!("{descriptors}: {all} in all, {network} of a network, {address} of an address")
        });
        insta::assert_snapshot!(lines.join("\n"), @"
        64: 48 in all, 24 of a network, 12 of an address
        256: 192 in all, 96 of a network, 48 of an address
        1024: 768 in all, 384 of a network, 192 of an address
        20000: 15000 in all, 7500 of a network, 1000 of an address
        1048576: 50000 in all, 25000 of a network, 1000 of an address
        ");
    }
}
