//! Lists of names that the fields of every message are looked up in.

/// Names of fields, in lower case, with one bit for each length of one: most of the fields that come are told apart by
/// it, and compared with none.
pub(crate) struct FieldNames<const COUNT: usize> {
    names: [&'static str; COUNT],
    lengths: u32,
}

impl<const COUNT: usize> FieldNames<COUNT> {
    pub(crate) const fn new(names: [&'static str; COUNT]) -> Self {
        let (mut lengths, mut at) = (0, 0);
        while at < COUNT {
            assert!(names[at].len() < 32, "there is a bit for each length");
            lengths |= 1 << names[at].len();
            at += 1;
        }
        Self { names, lengths }
    }

    /// Whether `name` is one of them, in any case.
    #[inline]
    pub(crate) fn have(&self, name: &str) -> bool {
        let may_be = name.len() < 32 && self.lengths & 1 << name.len() != 0;
        may_be && self.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.names.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_in_any_case_and_no_other_is() {
        let names = FieldNames::new(["etag", "x-a", "content-length"]);
        for name in ["etag", "ETag", "X-A", "Content-Length"] {
            assert!(names.have(name), "{name}");
        }
        let long = "e".repeat(64 + 4);
        for name in ["", "eta", "etah", "x-b", "content-lengt", &long] {
            assert!(!names.have(name), "{name}");
        }
    }
}
