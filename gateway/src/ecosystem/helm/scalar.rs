//! Scalars of YAML on one line (YAML 1.2.2, chapter 7): plain, or in either kind of quotes.

use std::borrow::Cow;
use std::ops::Range;

/// The scalar at the start of `text`: where it lies, and what it says. `None` for what spans lines or
/// is no scalar. In a flow collection (`flow`) its marks end a plain one.
pub(super) fn read(text: &str, flow: bool) -> Option<(Range<usize>, Cow<'_, str>)> {
    match text.as_bytes().first()? {
        b'"' => double(text),
        b'\'' => single(text),
        b'>' | b'|' | b'&' | b'*' | b'!' | b'{' | b'}' | b'[' | b']' | b'%' | b'@' | b'`'
        | b'#' => None,
        _ => plain(text, flow),
    }
}

/// JSON's strings are YAML's, but for escapes that nobody writes into names and addresses.
fn double(text: &str) -> Option<(Range<usize>, Cow<'_, str>)> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let said = values.next()?.ok()?;
    Some((0..values.byte_offset(), Cow::Owned(said)))
}

fn single(text: &str) -> Option<(Range<usize>, Cow<'_, str>)> {
    let mut from = 1;
    loop {
        let end = from + text[from..].find('\'')?;
        if !text[end + 1..].starts_with('\'') {
            return Some((0..end + 1, Cow::Owned(text[1..end].replace("''", "'"))));
        }
        from = end + 2;
    }
}

fn plain(text: &str, flow: bool) -> Option<(Range<usize>, Cow<'_, str>)> {
    let mut end = text.find(" #").unwrap_or(text.len());
    if flow {
        end = text[..end].find([',', ']', '}']).unwrap_or(end);
    }
    let said = text[..end].trim_end();
    (!said.is_empty()).then_some((0..said.len(), Cow::Borrowed(said)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_scalar_ends_where_its_style_says() {
        let said = |text, flow| read(text, flow).map(|(range, said)| format!("{range:?} {said}"));
        for (text, flow, expected) in [
            ("2.1.0", false, Some("0..5 2.1.0")),
            ("2.1.0   # the newest", false, Some("0..5 2.1.0")),
            ("a#b", false, Some("0..3 a#b")),
            ("'it''s' # so", false, Some("0..7 it's")),
            (r#""a\/b", c"#, true, Some("0..6 a/b")),
            ("a, b]", true, Some("0..1 a")),
            ("a, b]", false, Some("0..5 a, b]")),
            ("'open", false, None),
            (r#""open"#, false, None),
            (">-", false, None),
            ("*anchor", false, None),
            ("", false, None),
        ] {
            assert_eq!(said(text, flow).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_scalar_lies_within_its_line(text in ".{0,40}", flow: bool) {
            if let Some((range, _)) = read(&text, flow) {
                prop_assert!(text.get(range).is_some());
            }
        }
    }
}
