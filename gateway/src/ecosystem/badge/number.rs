//! Numbers as badges write them: two digits that say something, so that no badge tells of one more or less.

/// What three digits each are called.
const UNITS: [&str; 7] = ["", "k", "M", "G", "T", "P", "E"];

/// `38k` of 38,412: rounded, half away from zero.
pub(super) fn short(count: u64) -> String {
    let digits = count.checked_ilog10().unwrap_or(0) + 1;
    let dropped = 10_u64.pow(digits.saturating_sub(2));
    // A count of all there is cannot be rounded up any more.
    let rounded = count.saturating_add(dropped / 2) / dropped * dropped;
    let thousands = rounded.checked_ilog10().unwrap_or(0) / 3;
    let unit = 1000_u64.pow(thousands);
    let (whole, tenth) = (rounded / unit, rounded % unit * 10 / unit);
    let unit = UNITS[thousands as usize];
    if tenth > 0 && whole < 10 {
        format!("{whole}.{tenth}{unit}")
    } else {
        format!("{whole}{unit}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_digits_and_a_unit() {
        let numbers = [
            0,
            7,
            42,
            99,
            100,
            104,
            105,
            994,
            995,
            999,
            1_000,
            1_049,
            1_050,
            9_949,
            9_950,
            38_412,
            994_999,
            995_000,
            1_160_000,
            999_999_999,
            u64::MAX,
        ];
        let written: Vec<_> = numbers.iter().map(|&number| short(number)).collect();
        insta::assert_snapshot!(written.join(" "), @"0 7 42 99 100 100 110 990 1k 1k 1k 1k 1.1k 9.9k 10k 38k 990k 1M 1.2M 1G 18E");
    }

    proptest! {
        #[test]
        fn no_number_is_longer_than_four_letters(number: u64) {
            prop_assert!(short(number).len() <= 4);
        }
    }
}
