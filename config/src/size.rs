//! Sizes as people write them.

const UNITS: [(&str, u64); 9] = [
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("B", 1),
];

/// Bytes in a text such as `512 MiB` or `2GB`; whole numbers only.
pub(crate) fn bytes(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.parse::<u64>().ok()?.checked_mul(*factor)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn binary_and_decimal_units_differ() {
        assert_eq!(bytes("2 GiB"), Some(2_147_483_648));
        assert_eq!(bytes("2GB"), Some(2_000_000_000));
        assert_eq!(bytes("0 B"), Some(0));
    }

    #[test]
    fn what_is_no_size_is_refused() {
        for text in [
            "",
            "GiB",
            "12",
            "1.5 GiB",
            "2 gib",
            "2 GiB ",
            "-1 B",
            "99999999999 TiB",
        ] {
            assert_eq!(bytes(text), None, "{text:?}");
        }
    }
}
