//! How wide text is, for drawing around it without a font at hand.

/// Units of an em in the table.
const EM: u32 = 2048;

/// Advance widths of Verdana from the space to the tilde, as its `hmtx` table has them. Who lacks Verdana draws with
/// `DejaVu Sans`, which is as wide; `textLength` makes any other fit.
#[rustfmt::skip]
const ADVANCES: [u16; 95] = [
    720, 806, 940, 1676, 1302, 2204, 1488, 550, 930, 930, 1302, 1676, 745, 930, 745, 930,
    1302, 1302, 1302, 1302, 1302, 1302, 1302, 1302, 1302, 1302, 930, 930, 1676, 1676, 1676, 1117,
    2048, 1400, 1404, 1430, 1578, 1295, 1177, 1588, 1539, 862, 931, 1419, 1140, 1726, 1532, 1612,
    1235, 1612, 1424, 1400, 1262, 1499, 1400, 2025, 1403, 1260, 1403, 930, 930, 930, 1676, 1302,
    1302, 1230, 1276, 1067, 1276, 1220, 720, 1276, 1296, 562, 705, 1212, 562, 1992, 1296, 1243,
    1276, 1276, 874, 1067, 807, 1296, 1212, 1676, 1212, 1212, 1076, 1300, 930, 1300, 1676,
];

/// Of what is not in the table: most such letters are no wider than an em, and the en dash is a digit wide.
const OTHER: u16 = 1302;

/// Tenths of a pixel that `text` takes at `size` pixels an em.
pub(super) fn tenths(text: &str, size: u32) -> u32 {
    let advance = |letter: char| {
        let place = (letter as usize).checked_sub(' ' as usize);
        let known = place.and_then(|place| ADVANCES.get(place));
        u32::from(*known.unwrap_or(&OTHER))
    };
    let units: u32 = text.chars().map(advance).sum();
    (units * size * 10).div_ceil(EM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_its_width() {
        assert_eq!(tenths("", 11), 0);
        assert_eq!(tenths("i", 11), 31);
        assert_eq!(tenths("m", 11), 107);
        assert_eq!(tenths("–", 11), tenths("0", 11));
        // The sum is rounded, not each letter.
        assert_eq!(tenths("downloads", 11), 584);
    }
}
