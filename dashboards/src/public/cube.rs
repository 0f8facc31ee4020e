//! Which cells of a cube may be told. Pure.
//!
//! A cell needs [`K`] visitors of a day, added up over days, and as many downloads. All others go into "other",
//! which has to be as large, and never has only one in it: the difference to the whole would be that one. So
//! whatever is subtracted from whatever, what is left is a sum of cells of that size.

/// Fewest visitor-days, and fewest downloads.
pub(crate) const K: u64 = 10;

/// Most cells with a name of their own.
const MOST_NAMED: usize = 20;

/// How much there was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) downloads: u64,
    /// Distinct visitors of a day, added up over days.
    pub(super) visitors: u64,
}

/// What one value had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) value: String,
    pub(super) count: Count,
}

/// Cells to be told, exact.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    /// Most downloads first.
    pub(super) named: Vec<Cell>,
    /// Downloads of all others together, if there are any.
    pub(super) other: Option<u64>,
}

impl Count {
    fn is_large(self) -> bool {
        self.downloads >= K && self.visitors >= K
    }
}

/// What may be told of `cells`, which part `whole`; nothing where even the whole is about too few.
pub(super) fn told(whole: Count, mut cells: Vec<Cell>) -> Option<Told> {
    if !whole.is_large() {
        return None;
    }
    let rank = |cell: &Cell| (std::cmp::Reverse(cell.count.downloads), cell.value.clone());
    cells.sort_by_cached_key(rank);
    let (mut named, mut folded): (Vec<_>, Vec<_>) =
        cells.into_iter().partition(|cell| cell.count.is_large());
    if named.len() > MOST_NAMED {
        folded.extend(named.split_off(MOST_NAMED));
    }
    while !folded.is_empty() && !may_be_other(&folded) {
        match named.pop() {
            Some(smallest) => folded.push(smallest),
            // Then "other" is the whole, which is large.
            None => break,
        }
    }
    let counted: u64 = named.iter().map(|cell| cell.count.downloads).sum();
    let other = (!folded.is_empty()).then(|| whole.downloads.saturating_sub(counted));
    Some(Told { named, other })
}

/// Whether the sum of these is large and hides each of them.
///
/// Who is in several cells is one visitor, so the largest is all that is certain of how many there are.
fn may_be_other(folded: &[Cell]) -> bool {
    let most = |of: fn(&Cell) -> u64| folded.iter().map(of).max().unwrap_or(0);
    let largest = Count {
        downloads: most(|cell| cell.count.downloads),
        visitors: most(|cell| cell.count.visitors),
    };
    folded.len() > 1 && largest.is_large()
}

/// A number with two digits that say something below 1,000, and exact from there on.
pub(super) fn rounded(number: u64) -> u64 {
    if (100..1000).contains(&number) {
        (number + 5) / 10 * 10
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;

    fn cells(list: &[(&str, u64, u64)]) -> (Count, Vec<Cell>) {
        let cell = |&(value, downloads, visitors): &(&str, u64, u64)| Cell {
            value: value.to_owned(),
            count: Count {
                downloads,
                visitors,
            },
        };
        let cells: Vec<_> = list.iter().map(cell).collect();
        let sum = |of: fn(&Cell) -> u64| cells.iter().map(of).sum();
        let whole = Count {
            downloads: sum(|cell| cell.count.downloads),
            visitors: sum(|cell| cell.count.visitors),
        };
        (whole, cells)
    }

    fn text(list: &[(&str, u64, u64)]) -> String {
        let (whole, cells) = cells(list);
        let Some(told) = told(whole, cells) else {
            return "nothing".to_owned();
        };
        let mut words: Vec<_> = told
            .named
            .iter()
            .map(|cell| format!("{} {}", cell.value, cell.count.downloads))
            .collect();
        words.extend(told.other.map(|other| format!("other {other}")));
        words.join(", ")
    }

    #[test]
    fn large_cells_are_named_and_small_ones_share_one() {
        insta::assert_snapshot!([
            text(&[("US", 500, 90), ("DE", 300, 40)]),
            text(&[("US", 500, 90), ("DE", 300, 40), ("CH", 20, 4), ("LI", 3, 1)]),
            text(&[("US", 500, 90), ("DE", 300, 40), ("LI", 300, 1)]),
            text(&[("US", 12, 12), ("LI", 1, 1)]),
            text(&[("US", 9, 9), ("DE", 9, 9)]),
            text(&[("US", 9, 9)]),
            text(&[("US", 900, 9)]),
            text(&[]),
        ].join("\n"), @"
        US 500, DE 300
        US 500, other 323
        US 500, other 600
        other 13
        other 18
        nothing
        nothing
        nothing
        ");
    }

    #[test]
    fn one_small_cell_takes_the_next_with_it() {
        let (_, cells) = cells(&[("LI", 5, 5), ("DE", 40, 30), ("US", 90, 50)]);
        let whole = Count {
            downloads: 135,
            visitors: 85,
        };
        let told = told(whole, cells).expect("large");
        assert_eq!(told.named.len(), 1);
        assert_eq!(told.other, Some(45));
    }

    #[test]
    fn nobody_is_the_difference_between_twenty_names_and_the_whole() {
        let list = [("a", 99, 20); 21];
        let (whole, cells) = cells(&list);
        let told = told(whole, cells).expect("large");
        assert_eq!((told.named.len(), told.other), (19, Some(198)));
    }

    #[test]
    fn the_twenty_first_has_no_name() {
        let many: Vec<_> = (0..30)
            .map(|number| Cell {
                value: format!("1.{number}"),
                count: Count {
                    downloads: 1000 - number,
                    visitors: 50,
                },
            })
            .collect();
        let whole = Count {
            downloads: many.iter().map(|cell| cell.count.downloads).sum(),
            visitors: 50,
        };
        let told = told(whole, many).expect("large");
        assert_eq!(told.named.len(), MOST_NAMED);
        assert_eq!(
            told.named.last().map(|cell| cell.value.as_str()),
            Some("1.19")
        );
        assert_eq!(told.other, Some((971..=980).sum()));
    }

    #[test]
    fn below_a_thousand_two_digits_are_told() {
        let numbers = [10, 99, 100, 104, 105, 994, 995, 999, 1000, 1234];
        assert_eq!(
            numbers.map(rounded),
            [10, 99, 100, 100, 110, 990, 1000, 1000, 1000, 1234]
        );
    }

    /// A download: day, visitor, and the values of two properties.
    type Download = (u8, u8, u8, u8);

    fn cube(downloads: &[Download], of: fn(&Download) -> u8) -> (Count, Vec<Cell>) {
        let mut by: BTreeMap<u8, Vec<&Download>> = BTreeMap::new();
        for download in downloads {
            by.entry(of(download)).or_default().push(download);
        }
        let cells = by.iter().map(|(value, downloads)| Cell {
            value: value.to_string(),
            count: count(downloads),
        });
        (
            count(&downloads.iter().collect::<Vec<_>>()),
            cells.collect(),
        )
    }

    fn count(downloads: &[&Download]) -> Count {
        let visitors: BTreeSet<_> = downloads
            .iter()
            .map(|(day, visitor, ..)| (day, visitor))
            .collect();
        Count {
            downloads: downloads.len() as u64,
            visitors: visitors.len() as u64,
        }
    }

    /// The downloads behind each cell that is told, "other" last.
    fn behind<'d>(
        told: &Told,
        downloads: &'d [Download],
        of: fn(&Download) -> u8,
    ) -> Vec<Vec<&'d Download>> {
        let is = |download: &Download, cell: &Cell| of(download).to_string() == cell.value;
        let mut groups: Vec<Vec<_>> = told
            .named
            .iter()
            .map(|cell| {
                downloads
                    .iter()
                    .filter(|download| is(download, cell))
                    .collect()
            })
            .collect();
        if told.other.is_some() {
            groups.push(
                downloads
                    .iter()
                    .filter(|download| !told.named.iter().any(|cell| is(download, cell)))
                    .collect(),
            );
        }
        groups
    }

    proptest! {
        #[test]
        fn nothing_told_and_no_difference_is_about_fewer_than_ten(
            downloads in prop::collection::vec((0..7u8, 0..12u8, prop::sample::select(vec![0u8, 0, 0, 0, 1, 1, 2, 3, 4, 5]), 0..3u8), 0..160)
        ) {
            let properties: [fn(&Download) -> u8; 2] = [|download| download.2, |download| download.3];
            let mut wholes = Vec::new();
            for of in properties {
                let (whole, cells) = cube(&downloads, of);
                let values = cells.len();
                let Some(told) = told(whole, cells) else {
                    prop_assert!(whole.downloads < K || whole.visitors < K, "told nothing without need");
                    wholes.push(None);
                    continue;
                };
                let groups = behind(&told, &downloads, of);
                for group in &groups {
                    let Count { downloads, visitors } = count(group);
                    prop_assert!(downloads >= K && visitors >= K, "{told:?}");
                }
                // Whoever knows the whole and subtracts what is told is left with cells that are told.
                for left_out in &groups {
                    let left = groups.iter().filter(|group| *group != left_out).flatten().copied().collect::<Vec<_>>();
                    let left = count(&left);
                    prop_assert!(left.downloads == 0 || left.downloads >= K && left.visitors >= K);
                }
                prop_assert_ne!(values - told.named.len(), 1, "one that is not told is the difference");
                let sum = told.named.iter().map(|cell| cell.count.downloads).sum::<u64>() + told.other.unwrap_or(0);
                prop_assert_eq!(sum, whole.downloads);
                wholes.push(Some(sum));
            }
            // Two cubes of the same week differ by nothing.
            prop_assert_eq!(wholes[0], wholes[1]);
        }
    }
}
