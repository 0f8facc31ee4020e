//! Which partition of the tables a moment belongs to.

/// The partition of an event at `time` (seconds since 1970): year and month in UTC, as `toYYYYMM` has it.
///
/// A batch whose events share it is stored as one block: whole or not at all.
pub fn partition(time: u32) -> u32 {
    // Years that begin in March have their leap day last, so months follow a fixed pattern of 153
    // days in five; days are counted from 1 March of the year 0.
    let days = time / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (year, month) = if month < 10 {
        (year, month + 3)
    } else {
        (year + 1, month - 9)
    };
    (era * 400 + year) * 100 + month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_at_midnight_utc() {
        for (time, expected) in [
            (0, 197_001),
            (951_782_400, 200_002),   // 29 February 2000
            (951_868_800, 200_003),   // 1 March 2000
            (1_767_225_599, 202_512), // the last second of 2025
            (1_767_225_600, 202_601),
            (u32::MAX, 210_602),
        ] {
            assert_eq!(partition(time), expected, "{time}");
        }
    }
}
