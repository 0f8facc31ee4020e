//! A look at a text, which is enough for most: words, versions and files of few numbers.

use crate::enrich::literals;

/// What a byte is to an address.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// Stands in none.
    Other,
    /// A hexadecimal digit.
    Digit,
    /// Stands between digits.
    Mark,
    /// Needs a closer look: a control character, percent-encoding, what is not ASCII.
    Strange,
}

/// A table, because every byte of every text is asked for.
const BYTES: [Byte; 256] = {
    let mut table = [Byte::Strange; 256];
    let mut byte = b' ';
    while byte < 0x7f {
        table[byte as usize] = match byte {
            b'%' => Byte::Strange,
            _ if byte.is_ascii_hexdigit() => Byte::Digit,
            _ if literals::in_literal(byte) => Byte::Mark,
            _ => Byte::Other,
        };
        byte += 1;
    }
    table
};

/// Fewer hexadecimal digits are no address, in whichever spelling: 1.0.0.0 is eight decimal ones, `1000000` in
/// hexadecimal behind `0x`, which is looked for by itself.
const FEWEST_DIGITS: u32 = 8;
/// Fewer marks part no four numbers.
const FEWEST_MARKS: u32 = 3;
/// A later part of so few digits is less than 256, and numbers that end with such a one are versions.
const SHORT_PART: u32 = 2;

/// A stretch of digits and marks, as far as it was read.
#[derive(Clone, Copy, Default)]
struct Stretch {
    length: usize,
    digits: u32,
    marks: u32,
    /// Digits since the last mark.
    part: u32,
    /// It has a long part behind its first, or two marks side by side, as IPv6 leaves zeros out.
    is_odd: bool,
}

impl Stretch {
    fn take(&mut self, byte: Byte) {
        self.length += 1;
        if byte == Byte::Digit {
            self.digits += 1;
            self.part += 1;
            self.is_odd |= self.marks > 0 && self.part > SHORT_PART;
        } else {
            self.is_odd |= self.marks > 0 && self.part == 0;
            self.marks += 1;
            self.part = 0;
        }
    }

    /// Whether an address may be written in it.
    fn may_be_address(self) -> bool {
        self.length >= literals::SHORTEST
            && (self.is_odd || self.digits >= FEWEST_DIGITS || self.marks >= FEWEST_MARKS)
    }
}

/// Whether `text` holds no address in any spelling, no control character and nothing encoded. `false` where that takes
/// more than a look.
pub(super) fn is_harmless(text: &str) -> bool {
    is_of_short_stretches(text) || has_no_stretch_of_an_address(text)
}

/// What the first look asks of a byte, as bits.
mod ask {
    /// Is strange, wherever it stands.
    pub(super) const STRANGE: u8 = 1;
    /// A zero; one bit below the letter that makes it the beginning of a hexadecimal number.
    pub(super) const ZERO: u8 = 1 << 4;
    pub(super) const X: u8 = ZERO << 1;
}

const ASKED: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        if matches!(BYTES[byte], Byte::Strange) {
            table[byte] = ask::STRANGE;
        }
        byte += 1;
    }
    table[b'0' as usize] |= ask::ZERO;
    table[b'x' as usize] |= ask::X;
    table[b'X' as usize] |= ask::X;
    table
};

/// Whether every stretch of digits and marks is too short for an address, and nothing else needs a closer look.
/// Without a branch for a byte: this runs over every text of every request.
pub(super) fn is_of_short_stretches(text: &str) -> bool {
    let (mut found, mut last) = (0, 0);
    for byte in text.bytes() {
        let asked = ASKED[usize::from(byte)];
        found |= asked & (last << 1 | ask::STRANGE);
        last = asked;
    }
    found == 0 && !has_long_stretch(text.as_bytes())
}

/// Whether as many bytes of an address stand side by side as the shortest has. Every so many bytes one would be among
/// them, so that only those are looked at, and around them where one fits.
fn has_long_stretch(bytes: &[u8]) -> bool {
    let fits = |byte: &&u8| literals::in_literal(**byte);
    (literals::SHORTEST - 1..bytes.len())
        .step_by(literals::SHORTEST)
        .filter(|&at| literals::in_literal(bytes[at]))
        .any(|at| {
            let (before, behind) = bytes.split_at(at);
            let before = before.iter().rev().take_while(fits).count();
            let behind = behind.iter().take_while(fits).count();
            before + behind >= literals::SHORTEST
        })
}

fn has_no_stretch_of_an_address(text: &str) -> bool {
    let (mut stretch, mut last) = (Stretch::default(), 0);
    for byte in text.bytes() {
        let is_hexadecimal = last == b'0' && byte | 0x20 == b'x';
        last = byte;
        match BYTES[usize::from(byte)] {
            Byte::Other if !is_hexadecimal && !stretch.may_be_address() => {
                stretch = Stretch::default();
            }
            kind @ (Byte::Digit | Byte::Mark) => stretch.take(kind),
            Byte::Other | Byte::Strange => return false,
        }
    }
    !stretch.may_be_address()
}
