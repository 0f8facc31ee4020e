//! What a template consists of, as places in its text: a hundred thousand of them are held, each as two allocations.

/// Literal text, or a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'t> {
    Literal(&'t str),
    Variable(Variable<'t>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Variable<'t> {
    pub(super) name: &'t str,
    /// Written `{+name}`: keeps reserved characters.
    pub(super) reserved: bool,
}

impl<'t> Part<'t> {
    /// The literal text; empty for a variable.
    pub(super) fn text(self) -> &'t str {
        match self {
            Self::Literal(text) => text,
            Self::Variable(_) => "",
        }
    }

    pub(super) fn variable(self) -> Option<&'t str> {
        match self {
            Self::Literal(_) => None,
            Self::Variable(variable) => Some(variable.name),
        }
    }
}

/// Where a part is: its text or its name, in bytes of the template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    start: u16,
    end: u16,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Literal,
    Variable,
    Reserved,
}

impl Piece {
    /// Longest template, in bytes, so that two of them are enough for any place in it.
    pub(super) const LONGEST: usize = u16::MAX as usize;

    /// A part of a template that is no longer than that.
    pub(super) fn new(kind: Kind, start: usize, length: usize) -> Self {
        Self {
            start: start as u16,
            end: (start + length) as u16,
            kind,
        }
    }

    pub(super) fn is_literal(&self) -> bool {
        self.kind == Kind::Literal
    }

    /// Its text or name, where it is a part of `whole`.
    #[inline]
    pub(super) fn text<'t>(&self, whole: &'t str) -> &'t str {
        &whole[usize::from(self.start)..usize::from(self.end)]
    }

    #[inline]
    fn of<'t>(&self, whole: &'t str) -> Part<'t> {
        let text = self.text(whole);
        match self.kind {
            Kind::Literal => Part::Literal(text),
            Kind::Variable | Kind::Reserved => Part::Variable(Variable {
                name: text,
                reserved: self.kind == Kind::Reserved,
            }),
        }
    }
}

/// Parts of a template, one after the other. No two literals stand side by side and none is empty.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts<'t> {
    whole: &'t str,
    pieces: &'t [Piece],
}

impl<'t> Parts<'t> {
    /// Those of `whole` that are where `pieces` say.
    pub(super) fn new(whole: &'t str, pieces: &'t [Piece]) -> Self {
        Self { whole, pieces }
    }

    #[inline]
    pub(super) fn first(self) -> Option<Part<'t>> {
        Some(self.pieces.first()?.of(self.whole))
    }

    #[inline]
    pub(super) fn split_first(self) -> Option<(Part<'t>, Self)> {
        let (first, pieces) = self.pieces.split_first()?;
        Some((first.of(self.whole), Self { pieces, ..self }))
    }

    pub(super) fn len(self) -> usize {
        self.pieces.len()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Part<'t>> {
        self.pieces.iter().map(move |piece| piece.of(self.whole))
    }
}
