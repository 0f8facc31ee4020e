//! What may happen to a file.

use arbitrary::Arbitrary;

/// Bytes of a block, the unit in which file systems lose data.
const BLOCK: usize = 4096;

/// One thing that happens; places are taken modulo the file's length.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub enum Harm {
    /// A bit is another.
    Flip(u16, u8),
    /// The rest is gone.
    Truncate(u16),
    /// A block was never written.
    Zero(u16),
    /// Bytes stand where others should. Whole frames are the dangerous ones, so both ends are at multiples of 8.
    Copy {
        /// From where.
        from: u16,
        /// Where to.
        to: u16,
        /// How many.
        count: u16,
    },
}

impl Harm {
    pub(crate) fn inflict(self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        let place = |at: u16| usize::from(at) % length;
        match self {
            Self::Flip(at, bit) => bytes[place(at)] ^= 1 << (bit % 8),
            Self::Truncate(at) => bytes.truncate(place(at)),
            Self::Zero(at) => {
                let start = place(at) / BLOCK * BLOCK;
                bytes[start..length.min(start + BLOCK)].fill(0);
            }
            Self::Copy { from, to, count } => {
                let [from, to] = [from, to].map(|at| place(at) / 8 * 8);
                let count = usize::from(count).min(length - from).min(length - to);
                bytes.copy_within(from..from + count, to);
            }
        }
    }
}
