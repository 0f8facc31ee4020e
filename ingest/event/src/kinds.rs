//! The closed vocabularies of an event. Numbers are the column's `Enum8` values and never change.

use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal => $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize_repr, Deserialize_repr)]
        #[repr(i8)]
        pub enum $name { $($(#[$vdoc])* $variant = $number,)+ }

        impl $name {
            /// Every value, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word for it in SQL, in the API and on the page.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok(Self::$variant),)+ _ => Err(UnknownWord) }
            }
        }
    };
}

/// The word is none of the vocabulary's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("unknown word")]
pub struct UnknownWord;

vocabulary! {
    /// What happened.
    Kind {
        /// One artifact handed over: a complete answer, or a redirect to it.
        Download = 1 => "download",
        /// A question whether something changed: HEAD, 304, a tag resolved.
        Check = 2 => "check",
        /// An index or description page.
        Metadata = 3 => "metadata",
        /// A look at an artifact's description without taking the artifact.
        Inspect = 4 => "inspect",
        /// A copy for onward distribution.
        Mirror = 5 => "mirror",
        /// An install script.
        Script = 6 => "script",
        /// A package manager saying that it installed something.
        InstallPing = 7 => "install_ping",
        /// A page seen.
        View = 8 => "view",
        /// An event of the sender's own.
        Custom = 9 => "custom",
        /// A request for something that no route knows.
        BrokenLink = 10 => "broken_link",
        /// A download that the same client was given moments ago: a retry, or a second look.
        Repeat = 11 => "repeat",
    }
}

vocabulary! {
    /// How it was answered.
    Answer {
        /// Not answered with content: an error.
        None = 0 => "none",
        /// Sent on by `Location`.
        Redirect = 1 => "redirect",
        /// Passed through from upstream.
        Proxy = 2 => "proxy",
        /// Answered from what we hold.
        Serve = 3 => "serve",
    }
}

vocabulary! {
    /// How settled a version is.
    Channel {
        /// The version does not say.
        Unknown = 0 => "unknown",
        /// A release.
        Stable = 1 => "stable",
        /// Alpha, beta, release candidate.
        Pre = 2 => "pre",
        /// Nightly or development build.
        Nightly = 3 => "nightly",
    }
}

vocabulary! {
    /// Whether a machine of a build service asked. Clients never send a reliable "no".
    Ci {
        /// Not said.
        Unknown = 0 => "unknown",
        /// Said or recognised.
        Yes = 1 => "true",
        /// Known not to be.
        No = 2 => "false",
    }
}

vocabulary! {
    /// Who asked.
    Audience {
        /// Cannot be told.
        Unknown = 0 => "unknown",
        /// A person at a terminal or in a browser.
        People = 1 => "people",
        /// A build service.
        Ci = 2 => "ci",
        /// Something that copies for others.
        Mirror = 3 => "mirror",
        /// A dependency updater.
        Updater = 4 => "updater",
        /// A crawler or scanner.
        Bot = 5 => "bot",
        /// A proxy that hides who asked.
        Proxy = 6 => "proxy",
    }
}
