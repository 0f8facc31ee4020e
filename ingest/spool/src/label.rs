//! Who wrote a segment: the 64 bytes at its head, and again at its foot with what it must hold.

/// Bytes of a header or a footer.
pub(crate) const BYTES: usize = 64;

/// First 8 bytes: a magic, which end it is, and the version of the format.
const HEADER: u64 = u64::from_le_bytes(*b"WEIRSPH\x01");
pub(crate) const FOOTER: u64 = u64::from_le_bytes(*b"WEIRSPF\x01");

/// What is the same for every record of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) node: u32,
    pub(crate) boot: u32,
    /// The segment's number; also its file name, so a copied file gives itself away.
    pub(crate) seq: u64,
    pub(crate) partition: u32,
    /// Secret start of every frame's checksum.
    pub(crate) salt: u32,
}

/// What a sealed segment must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) count: u32,
    /// Checksum over the frames' words in order.
    pub(crate) fingerprint: u32,
    /// Offset of the footer, which makes a copy of it elsewhere worthless.
    pub(crate) end: u32,
}

impl Label {
    /// The header.
    pub(crate) fn header(&self) -> [u8; BYTES] {
        self.encode(HEADER, Tally::default())
    }

    /// The footer.
    pub(crate) fn footer(&self, tally: Tally) -> [u8; BYTES] {
        self.encode(FOOTER, tally)
    }

    /// Reads a header.
    pub(crate) fn from_header(bytes: &[u8]) -> Option<Self> {
        decode(HEADER, bytes).map(|(label, _)| label)
    }

    /// Reads a footer.
    pub(crate) fn from_footer(bytes: &[u8]) -> Option<(Self, Tally)> {
        decode(FOOTER, bytes)
    }

    fn encode(&self, magic: u64, tally: Tally) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        bytes[0..8].copy_from_slice(&magic.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.seq.to_le_bytes());
        let words = [
            self.node,
            self.boot,
            self.partition,
            self.salt,
            tally.count,
            tally.fingerprint,
            tally.end,
        ];
        for (place, word) in bytes[16..44].chunks_exact_mut(4).zip(words) {
            place.copy_from_slice(&word.to_le_bytes());
        }
        let checksum = crc32c::crc32c(&bytes[..BYTES - 4]);
        bytes[BYTES - 4..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }
}

fn decode(magic: u64, bytes: &[u8]) -> Option<(Label, Tally)> {
    let bytes: &[u8; BYTES] = bytes.first_chunk()?;
    let word = |at: usize| {
        bytes[at..]
            .first_chunk()
            .map(|word| u32::from_le_bytes(*word))
    };
    let long = |at: usize| {
        bytes[at..]
            .first_chunk()
            .map(|long| u64::from_le_bytes(*long))
    };
    let genuine = long(0)? == magic && word(BYTES - 4)? == crc32c::crc32c(&bytes[..BYTES - 4]);
    if !genuine {
        return None;
    }
    let label = Label {
        seq: long(8)?,
        node: word(16)?,
        boot: word(20)?,
        partition: word(24)?,
        salt: word(28)?,
    };
    let tally = Tally {
        count: word(32)?,
        fingerprint: word(36)?,
        end: word(40)?,
    };
    Some((label, tally))
}
