//! How a refused batch is taken apart.

use std::ops::Range;

/// A contiguous part of a batch with a token of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Positions among the batch's events; never none.
    pub(crate) range: Range<usize>,
    /// Names exactly these events, for ever.
    pub(crate) token: String,
}

/// A row that will never be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// Position in the batch.
    pub(crate) position: usize,
    /// Why.
    pub(crate) reason: String,
}

/// A batch on its way in ever smaller pieces, until what is refused of it is alone.
#[derive(Debug)]
pub(crate) struct Apart {
    /// What is still to be sent; the next one is the last.
    pieces: Vec<Piece>,
    refused: Vec<Refused>,
    /// Once this many rows were refused one by one, what else is refused stays in larger pieces.
    most_single: usize,
}

impl Apart {
    /// A batch of `rows`, at least one, called `token`; as a whole first.
    pub(crate) fn whole(rows: usize, token: String, most_single: usize) -> Self {
        let range = 0..rows;
        Self {
            pieces: vec![Piece { range, token }],
            refused: Vec::new(),
            most_single,
        }
    }

    /// The next piece to send, from the left.
    pub(crate) fn next(&mut self) -> Option<Piece> {
        self.pieces.pop()
    }

    /// Sends the halves of a piece instead of it; nothing of a single row.
    pub(crate) fn halve(&mut self, piece: &Piece) {
        self.pieces.extend(piece.left_first());
    }

    /// Takes a refused piece apart, or puts it aside.
    pub(crate) fn refuse(&mut self, piece: Piece, reason: &str) {
        if piece.range.len() > 1 && self.refused.len() < self.most_single {
            return self.halve(&piece);
        }
        self.refused.extend(piece.range.map(|position| Refused {
            position,
            reason: reason.to_owned(),
        }));
    }

    /// What was put aside, from the left.
    pub(crate) fn refused(self) -> Vec<Refused> {
        self.refused
    }
}

impl Piece {
    /// The halves for a stack that is to give the left one first; none of a single row.
    fn left_first(&self) -> Vec<Self> {
        self.halves()
            .map_or_else(Vec::new, |[left, right]| vec![right, left])
    }

    /// The two halves, or nothing for a single row. The same piece always has the same halves, so
    /// what was stored of them before is recognised by their tokens.
    fn halves(&self) -> Option<[Self; 2]> {
        let Range { start, end } = self.range;
        if end - start < 2 {
            return None;
        }
        let middle = usize::midpoint(start, end);
        Some([
            Self {
                range: start..middle,
                token: format!("{}/0", self.token),
            },
            Self {
                range: middle..end,
                token: format!("{}/1", self.token),
            },
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is put aside of `rows` rows, and in how many attempts, where those that `is_wrong` are refused.
    fn put_aside(
        rows: usize,
        most_single: usize,
        is_wrong: fn(usize) -> bool,
    ) -> (Vec<usize>, usize) {
        let mut apart = Apart::whole(rows, "t".into(), most_single);
        let mut attempts = 0;
        while let Some(piece) = apart.next() {
            attempts += 1;
            if piece.range.clone().any(is_wrong) {
                apart.refuse(piece, "wrong");
            }
        }
        let refused = apart.refused();
        (refused.iter().map(|row| row.position).collect(), attempts)
    }

    #[test]
    fn wrong_rows_are_alone_in_the_end() {
        assert_eq!(put_aside(1000, 100, |_| false), (vec![], 1));
        assert_eq!(put_aside(1, 100, |_| true), (vec![0], 1));
        let (refused, attempts) = put_aside(1000, 100, |row| [3, 4, 999].contains(&row));
        assert_eq!(refused, [3, 4, 999]);
        assert!(attempts < 60, "{attempts}");
    }

    #[test]
    fn a_batch_that_is_wrong_all_over_is_not_taken_apart_to_the_end() {
        let (refused, attempts) = put_aside(1000, 10, |_| true);
        assert_eq!(refused, (0..1000).collect::<Vec<_>>());
        assert!(attempts < 50, "{attempts}");
    }

    #[test]
    fn halving_reaches_every_row_once() {
        let mut pieces = vec![Piece {
            range: 0..7,
            token: "t".into(),
        }];
        let mut rows = Vec::new();
        while let Some(piece) = pieces.pop() {
            let halves = piece.left_first();
            if halves.is_empty() {
                rows.push(format!("{} {}", piece.range.start, piece.token));
            }
            pieces.extend(halves);
        }
        insta::assert_snapshot!(rows.join(", "), @"0 t/0/0, 1 t/0/1/0, 2 t/0/1/1, 3 t/1/0/0, 4 t/1/0/1, 5 t/1/1/0, 6 t/1/1/1");
    }
}
