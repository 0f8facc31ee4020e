//! The headers of a package: typed values by tag, as rpm writes and checks them.

/// One value of a header.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Int16(Vec<u16>),
    Int32(Vec<u32>),
    Text(String),
    Texts(Vec<String>),
    /// Text in several languages, of which there is one.
    Translated(String),
}

impl Value {
    fn kind(&self) -> u32 {
        match self {
            Self::Int16(_) => 3,
            Self::Int32(_) => 4,
            Self::Text(_) => 6,
            Self::Texts(_) => 8,
            Self::Translated(_) => 9,
        }
    }

    fn count(&self) -> u32 {
        let count = match self {
            Self::Int16(numbers) => numbers.len(),
            Self::Int32(numbers) => numbers.len(),
            Self::Texts(texts) => texts.len(),
            Self::Text(_) | Self::Translated(_) => 1,
        };
        count as u32
    }

    fn alignment(&self) -> usize {
        match self {
            Self::Int16(_) => 2,
            Self::Int32(_) => 4,
            _ => 1,
        }
    }

    fn write(&self, store: &mut Vec<u8>) {
        let mut text = |text: &str| store.extend(text.bytes().chain([0]));
        match self {
            Self::Text(one) | Self::Translated(one) => text(one),
            Self::Texts(several) => several.iter().for_each(|one| text(one)),
            Self::Int16(numbers) => store.extend(numbers.iter().flat_map(|one| one.to_be_bytes())),
            Self::Int32(numbers) => store.extend(numbers.iter().flat_map(|one| one.to_be_bytes())),
        }
    }
}

/// A header with `values` in the order of their tags. `region` is the tag of the entry that says
/// that the rest is as the builder made it.
pub(super) fn header(region: u32, values: &[(u32, Value)]) -> Vec<u8> {
    const BINARY: u32 = 7;
    const ENTRY: u32 = 16;
    let entries = values.len() as u32 + 1;
    let (mut index, mut store) = (Vec::new(), Vec::new());
    for (tag, value) in values {
        store.resize(store.len().next_multiple_of(value.alignment()), 0);
        index.extend([*tag, value.kind(), store.len() as u32, value.count()]);
        value.write(&mut store);
    }
    // The region's own value comes last: an entry that points back over all of the index.
    let first = [region, BINARY, store.len() as u32, ENTRY];
    let back = (entries * ENTRY).wrapping_neg();
    store.extend(
        [region, BINARY, back, ENTRY]
            .iter()
            .flat_map(|word| word.to_be_bytes()),
    );
    let mut bytes = vec![0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0];
    let head = [entries, store.len() as u32];
    let words = head.iter().chain(&first).chain(&index);
    bytes.extend(words.flat_map(|word| word.to_be_bytes()));
    bytes.extend(store);
    bytes
}
