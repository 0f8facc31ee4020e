//! The header fields of a request: where they lie, and which are there at all.

use http::HeaderMap;

/// A name and a value.
pub(crate) type TextField<'a> = (&'a str, &'a str);

/// Header fields, wherever they lie.
#[derive(Clone, Copy)]
pub(crate) enum Fields<'a> {
    /// As the front door reads them, with what they are called.
    Text(&'a [TextField<'a>], Names),
    /// The same where not all of the head is text.
    Raw(&'a [httparse::Header<'a>], Names),
    /// As Pingora holds them.
    Map(&'a HeaderMap),
}

impl<'a> Fields<'a> {
    pub(crate) fn text(fields: &'a [TextField<'a>]) -> Self {
        Self::Text(fields, Names::of(fields.iter().map(|(name, _)| *name)))
    }

    pub(crate) fn raw(fields: &'a [httparse::Header<'a>]) -> Self {
        Self::Raw(fields, Names::of(fields.iter().map(|field| field.name)))
    }

    /// The values of every field called `name`, which is in lower case.
    #[inline]
    pub(crate) fn all(self, name: &'static str) -> Values<'a> {
        match self {
            Self::Text(_, names) | Self::Raw(_, names) if !names.may_have(name) => {
                Values::Raw([].iter(), name)
            }
            Self::Text(fields, _) => Values::Text(fields.iter(), name),
            Self::Raw(fields, _) => Values::Raw(fields.iter(), name),
            Self::Map(map) => Values::Map(map.get_all(name).into_iter()),
        }
    }

    /// The first value of a field called `name`, if it is text.
    #[inline]
    pub(crate) fn first(self, name: &'static str) -> Option<&'a str> {
        match self {
            Self::Text(_, names) if !names.may_have(name) => None,
            Self::Text(fields, _) => {
                let mut fields = fields.iter();
                let found = fields.find(|(called, _)| is_called(called, name));
                found.map(|(_, value)| *value)
            }
            Self::Raw(..) | Self::Map(_) => {
                let first = self.all(name).next();
                first.and_then(|value| std::str::from_utf8(value).ok())
            }
        }
    }

    /// Whether there may be a field of one of these names, which are as [`bits`] says; if not, there is none.
    #[inline]
    pub(crate) fn may_have_any(self, names: u64) -> bool {
        match self {
            Self::Text(_, held) | Self::Raw(_, held) => held.held & names != 0,
            Self::Map(_) => true,
        }
    }

    /// Whether there may be several fields called `name`; if not, the first is the only one.
    #[inline]
    pub(crate) fn may_repeat(self, name: &str) -> bool {
        match self {
            Self::Text(_, names) | Self::Raw(_, names) => names.may_repeat(name),
            Self::Map(_) => true,
        }
    }

    /// Tells `with` the name and value of each field, in their order.
    pub(crate) fn each(self, mut with: impl FnMut(&'a str, &'a [u8])) {
        match self {
            Self::Text(fields, _) => fields
                .iter()
                .for_each(|(name, value)| with(name, value.as_bytes())),
            Self::Raw(fields, _) => fields
                .iter()
                .for_each(|field| with(field.name, field.value)),
            Self::Map(map) => map
                .iter()
                .for_each(|(name, value)| with(name.as_str(), value.as_bytes())),
        }
    }
}

/// The values of one field, in their order.
pub(crate) enum Values<'a> {
    Text(std::slice::Iter<'a, TextField<'a>>, &'static str),
    Raw(std::slice::Iter<'a, httparse::Header<'a>>, &'static str),
    Map(http::header::ValueIter<'a, http::HeaderValue>),
}

impl<'a> Iterator for Values<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        match self {
            Self::Text(fields, name) => fields
                .find(|(called, _)| is_called(called, name))
                .map(|(_, value)| value.as_bytes()),
            Self::Raw(fields, name) => fields
                .find(|field| is_called(field.name, name))
                .map(|field| field.value),
            Self::Map(values) => values.next().map(http::HeaderValue::as_bytes),
        }
    }
}

/// Whether `name`, which is in lower case, is what a field is called. Eight letters at a time: the bit of lower case is set
/// in all that names in lower case are made of, and nothing else that may stand in a name becomes one of them by it.
#[inline]
fn is_called(called: &str, name: &str) -> bool {
    const LOWER: u8 = 0x20;
    let lower = |word: &[u8; 8]| u64::from_ne_bytes(*word) | u64::from_ne_bytes([LOWER; 8]);
    let (mut called, mut name) = (called.as_bytes(), name.as_bytes());
    if called.len() != name.len() {
        return false;
    }
    while let (Some((one, more)), Some((other, others))) =
        (called.split_first_chunk(), name.split_first_chunk())
    {
        if lower(one) != u64::from_ne_bytes(*other) {
            return false;
        }
        (called, name) = (more, others);
    }
    let mut letters = called.iter().zip(name);
    letters.all(|(one, other)| one | LOWER == *other)
}

/// What fields are called, as one bit for each sort of name. A request is asked for two dozen fields and has a few, so
/// most questions are answered by the bit that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Names {
    held: u64,
    /// Bits of more than one field.
    repeated: u64,
}

impl Names {
    fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let bits = names.map(Self::bit);
        let (held, repeated) = bits.fold((0, 0), |(held, repeated), bit| {
            (held | bit, repeated | held & bit)
        });
        Self { held, repeated }
    }

    /// Whether a field may be called `name`; if not, none is.
    #[inline]
    fn may_have(self, name: &str) -> bool {
        self.held & Self::bit(name) != 0
    }

    /// Whether more than one may be called `name`.
    #[inline]
    fn may_repeat(self, name: &str) -> bool {
        self.repeated & Self::bit(name) != 0
    }

    /// By the first and the last letter in either case, and the length. With these factors no name that is asked for has
    /// the bit of another that most requests have.
    #[inline]
    const fn bit(name: &str) -> u64 {
        let [first, .., last] = name.as_bytes() else {
            return 1;
        };
        let letters = (*first | 0x20) as usize * 13 + (*last | 0x20) as usize * 2;
        1 << ((letters + name.len()) % 64)
    }
}

/// Names that are asked for together.
pub(crate) const fn bits(names: &[&str]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < names.len() {
        bits |= Names::bit(names[at]);
        at += 1;
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ASKED: [&str; 4] = ["host", "dnt", "user-agent", "x-no-analytics"];

    proptest! {
        #[test]
        fn every_field_is_found_whatever_its_case_and_no_other(
            sent in proptest::collection::vec(("(?i)host|dnt|user-agent|x-no-analytics|[a-z-]{1,20}", "[a-z]{0,4}"), 0..8),
        ) {
            let fields: Vec<_> = sent
                .iter()
                .map(|(name, value)| httparse::Header { name, value: value.as_bytes() })
                .collect();
            let text: Vec<_> = sent.iter().map(|(name, value)| (&**name, &**value)).collect();
            for name in ASKED {
                let found: Vec<_> = Fields::raw(&fields).all(name).collect();
                let in_text = Fields::text(&text);
                prop_assert_eq!(&found, &in_text.all(name).collect::<Vec<_>>());
                prop_assert_eq!(found.first().copied(), in_text.first(name).map(str::as_bytes));
                let called = sent.iter().filter(|(sent, _)| sent.to_ascii_lowercase() == name);
                let expected: Vec<_> = called.map(|(_, value)| value.as_bytes()).collect();
                prop_assert!(found.len() < 2 || Fields::raw(&fields).may_repeat(name));
                prop_assert!(found.is_empty() || in_text.may_have_any(bits(&["range", name])));
                prop_assert_eq!(found, expected);
            }
        }
    }
}
