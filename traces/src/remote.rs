//! A trace that somebody else began: the `traceparent` field (W3C Trace Context, section 3.2).

/// The span that asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    pub(crate) trace: [u8; 16],
    pub(crate) span: [u8; 8],
    /// Whoever began it wants all of it.
    pub(crate) sampled: bool,
}

/// Characters of the fields that every version has.
const LENGTH: usize = 55;

impl Remote {
    /// Reads the field; nothing where it is malformed, which starts a trace anew.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        let (fixed, rest) = text.split_at_checked(LENGTH)?;
        let [version] = hex(&fixed[..2])?;
        // Later versions may say more, behind another hyphen; this one says no more.
        let fits = match version {
            0 => rest.is_empty(),
            0xff => false,
            _ => rest.first().is_none_or(|first| *first == b'-'),
        };
        let hyphens = [2, 35, 52].iter().all(|at| fixed[*at] == b'-');
        if !(fits && hyphens) {
            return None;
        }
        let (trace, span) = (hex(&fixed[3..35])?, hex(&fixed[36..52])?);
        let [flags] = hex(&fixed[53..])?;
        (trace != [0; 16] && span != [0; 8]).then_some(Self {
            trace,
            span,
            sampled: flags & 1 == 1,
        })
    }
}

/// `N` bytes of lower-case hexadecimal digits, as the field has them.
fn hex<const N: usize>(digits: &[u8]) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'f' => Some(letter - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_good_field_names_trace_span_and_whether_it_is_wanted() {
        let remote = Remote::parse(GOOD).expect("a good field");
        assert_eq!((remote.trace[0], remote.trace[15]), (0x0a, 0x9c));
        assert_eq!((remote.span[0], remote.span[7]), (0xb7, 0x31));
        assert!(remote.sampled);
        let unwanted = GOOD.replace("-01", "-00");
        assert!(Remote::parse(&unwanted).is_some_and(|remote| !remote.sampled));
    }

    #[test]
    fn a_later_version_may_say_more_and_this_one_may_not() {
        let later = GOOD.replacen("00", "01", 1);
        assert!(Remote::parse(&later).is_some());
        assert!(Remote::parse(&format!("{later}-more")).is_some());
        for wrong in [format!("{later}more"), format!("{GOOD}-more")] {
            assert_eq!(Remote::parse(&wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_malformed_names_nothing() {
        for wrong in [
            "",
            "00",
            &GOOD.replacen("00", "ff", 1),
            &GOOD.to_uppercase(),
            &GOOD.replace('-', "_"),
            &GOOD.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            &GOOD.replace("b7ad6b7169203331", &"0".repeat(16)),
            &GOOD.replace("b7ad", "b7ax"),
        ] {
            assert_eq!(Remote::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_field_makes_it_panic(text: String) {
            let _ = Remote::parse(&text);
        }
    }
}
