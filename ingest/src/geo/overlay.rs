//! Lists that overlap, laid over one another: ranges in which the same lists hold.

use super::ranges::{Bits, Row, Rows};
use crate::enrich::Lists;

/// Cuts all rows at each other's ends, so that every address is in one row, with all lists that name it.
pub(super) fn overlay(rows: &Rows<Lists>) -> Rows<Lists> {
    Rows {
        v4: laid_over(&rows.v4),
        v6: laid_over(&rows.v6),
    }
}

/// Walks along all starts and ends, counting how many rows of each list are open.
fn laid_over<K: Bits>(rows: &[Row<K, Lists>]) -> Vec<Row<K, Lists>> {
    let starts = rows.iter().map(|row| (row.start, row.value, 1));
    // A row to the very last address has no end to walk past.
    let ends = rows
        .iter()
        .filter_map(|row| Some((row.end.next()?, row.value, -1)));
    let mut changes: Vec<(K, Lists, i32)> = starts.chain(ends).collect();
    changes.sort_by_key(|(at, ..)| *at);

    let mut open = [0_i32; Lists::COUNT];
    let mut laid = Vec::new();
    let mut changes = changes.into_iter().peekable();
    while let Some((start, lists, by)) = changes.next() {
        change(&mut open, lists, by);
        while let Some((_, lists, by)) = changes.next_if(|(at, ..)| *at == start) {
            change(&mut open, lists, by);
        }
        let value = held(&open);
        if value == Lists::default() {
            continue;
        }
        // What is open behind the last change has no end that could be walked past.
        let end = changes.peek().map_or(K::LAST, |(next, ..)| next.previous());
        laid.push(Row { start, end, value });
    }
    laid
}

fn change(open: &mut [i32; Lists::COUNT], lists: Lists, by: i32) {
    for (count, _) in open
        .iter_mut()
        .zip(Lists::ALL)
        .filter(|(_, list)| lists.has(*list))
    {
        *count += by;
    }
}

fn held(open: &[i32; Lists::COUNT]) -> Lists {
    let held = Lists::ALL
        .into_iter()
        .zip(open)
        .filter(|(_, count)| **count > 0);
    held.fold(Lists::default(), |all, (list, _)| all.with(list))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: [Lists; 2] = [Lists::CLOUD, Lists::TOR];

    proptest! {
        /// Every address has exactly the lists of all rows that it is in.
        #[test]
        fn an_address_keeps_every_list_that_names_it(
            given in proptest::collection::vec((any::<u8>(), any::<u8>(), 0..2_usize), 0..12),
        ) {
            // The top of the family, where an end has no number behind it.
            let high = |low: u8| u32::MAX - u32::from(u8::MAX - low);
            let rows: Vec<Row<u32, Lists>> = given
                .iter()
                .map(|(one, other, list)| Row {
                    start: high(*one.min(other)),
                    end: high(*one.max(other)),
                    value: BOTH[*list],
                })
                .collect();
            let laid = laid_over(&rows);
            for address in (0..=u8::MAX).map(high) {
                let naming = |rows: &[Row<u32, Lists>]| {
                    rows.iter()
                        .filter(|row| (row.start..=row.end).contains(&address))
                        .fold(Lists::default(), |all, row| all.with(row.value))
                };
                prop_assert_eq!(naming(&laid), naming(&rows));
                let rows_at = laid.iter().filter(|row| (row.start..=row.end).contains(&address));
                prop_assert!(rows_at.count() <= 1);
            }
        }
    }
}
