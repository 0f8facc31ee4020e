//! Closed lists of words: what a request may say and what may stand in SQL.

/// Declares an enum whose variants are words of the API, with `ALL`, `as_str` and `from_word`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant,)+ }

        impl $name {
            /// Every value, in the order the documentation lists them.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it.
            pub(crate) fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value that `word` stands for.
            pub(crate) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

/// The words of a list, for an error that says what would have been right.
macro_rules! listed {
    ($name:ident) => {
        $name::ALL
            .iter()
            .map(|value| value.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
}

pub(super) use {listed, words};
