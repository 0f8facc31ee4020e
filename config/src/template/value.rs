//! What a variable may hold: the one place that decides which text from a request can reach a target.

use std::borrow::Cow;

/// Most characters of a `{v}`.
const LONGEST: usize = 200;

/// Checks a value as it grows, one character (raw or percent-encoded) at a time.
pub(super) struct Growing {
    reserved: bool,
    length: usize,
    /// Dots in the segment so far; none once it holds anything else.
    dots: Option<usize>,
}

impl Growing {
    pub(super) fn new(reserved: bool) -> Self {
        let dots = Some(0);
        Self {
            reserved,
            length: 0,
            dots,
        }
    }

    /// Takes the next character of `raw`; says how many bytes it has, or nothing where the value must have ended.
    pub(super) fn take(&mut self, raw: &[u8]) -> Option<usize> {
        let (byte, width) = character(raw)?;
        let encoded = width > 1;
        let fits = if self.reserved {
            is_passable(byte, encoded)
        } else {
            self.length < LONGEST && is_plain(byte)
        };
        // An encoded slash parts segments too: the target may decode it before it resolves dots.
        if !fits || (byte == b'/' && self.is_dot_segment()) {
            return None;
        }
        self.length += 1;
        self.dots = match byte {
            b'/' => Some(0),
            b'.' => self.dots.map(|dots| dots + 1),
            _ => None,
        };
        Some(width)
    }

    /// Takes all of `plain`, bytes that stand for themselves in a `{v}`; says how many, or nothing where the value must
    /// have ended among them.
    pub(super) fn take_plain(&mut self, plain: &[u8]) -> Option<usize> {
        self.length += plain.len();
        let more_dots = plain.iter().all(|byte| *byte == b'.');
        self.dots = self
            .dots
            .filter(|_| more_dots)
            .map(|dots| dots + plain.len());
        (self.length <= LONGEST).then_some(plain.len())
    }

    /// Whether the value may end here.
    pub(super) fn is_whole(&self) -> bool {
        self.length > 0 && !self.is_dot_segment()
    }

    fn is_dot_segment(&self) -> bool {
        matches!(self.dots, Some(1 | 2))
    }
}

/// Whether all of `raw` may go to a target byte for byte. Unlike in `{+v}`, it may be empty and hold `//`.
pub(super) fn is_safe(raw: &str) -> bool {
    let mut growing = Growing::new(true);
    let mut rest = raw.as_bytes();
    while !rest.is_empty() {
        match growing.take(rest) {
            Some(width) => rest = &rest[width..],
            None => return false,
        }
    }
    raw.is_empty() || growing.is_whole()
}

/// Whether a query may go to a target byte for byte.
pub(super) fn is_safe_query(raw: &str) -> bool {
    raw.bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

/// Decodes percent-encoded bytes once. Bytes that are not UTF-8 become U+FFFD.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('%') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(String::from_utf8_lossy(&decode_bytes(raw)).into_owned())
}

/// Appends `raw` with all but RFC 3986's unreserved characters percent-encoded, whatever was encoded before.
pub(super) fn encode_onto(target: &mut String, raw: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    // Without a branch: most values are through with this.
    let strange = raw
        .bytes()
        .fold(false, |strange, byte| strange | !is_unreserved(byte));
    if !strange {
        return target.push_str(raw);
    }
    for byte in decode_bytes(raw) {
        if is_unreserved(byte) {
            target.push(char::from(byte));
        } else {
            target.push('%');
            target.push(char::from(HEX[usize::from(byte >> 4)]));
            target.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn decode_bytes(raw: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some(&first) = rest.first() {
        let (byte, width) = character(rest).unwrap_or((first, 1));
        bytes.push(byte);
        rest = &rest[width..];
    }
    bytes
}

/// The byte that `raw` begins with, decoded, and how many raw bytes it takes; nothing for a `%` without two hex digits.
fn character(raw: &[u8]) -> Option<(u8, usize)> {
    match *raw {
        [b'%', high, low, ..] => Some((hex(high)? << 4 | hex(low)?, 3)),
        [b'%', ..] | [] => None,
        [byte, ..] => Some((byte, 1)),
    }
}

pub(super) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[inline]
fn is_unreserved(byte: u8) -> bool {
    SORTS[usize::from(byte)] == UNRESERVED
}

#[inline]
pub(super) fn is_plain(byte: u8) -> bool {
    SORTS[usize::from(byte)] != OTHER
}

/// Neither of the two below.
const OTHER: u8 = 0;
/// What a `{v}` holds, and is written percent-encoded.
const PLAIN: u8 = 1;
/// What a `{v}` holds, and is written as it is (RFC 3986 §2.3).
const UNRESERVED: u8 = 2;

/// The sort of each byte. A table, because every byte of every path is asked for.
const SORTS: [u8; 256] = {
    let mut sorts = [OTHER; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'-') {
            sorts[byte as usize] = UNRESERVED;
        } else if byte == b'+' {
            sorts[byte as usize] = PLAIN;
        }
        byte += 1;
    }
    sorts
};

fn is_passable(byte: u8, encoded: bool) -> bool {
    let allowed = byte != b'\\' && !byte.is_ascii_control();
    allowed && (encoded || (byte.is_ascii_graphic() && byte != b'?' && byte != b'#'))
}
