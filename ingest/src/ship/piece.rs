//! How a refused batch is taken apart.

use std::ops::Range;

/// A contiguous part of a batch with a token of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Positions among the batch's events; never none.
    pub(super) range: Range<usize>,
    /// Names exactly these events, for ever.
    pub(super) token: String,
}

impl Piece {
    /// The halves for a stack that is to give the left one first; none of a single row.
    pub(super) fn left_first(&self) -> Vec<Self> {
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
