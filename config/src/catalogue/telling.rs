//! Who may tell of events, in which words: routes for events, and sites of other products.

use std::sync::Arc;

use super::Place;

/// How a route takes events.
#[derive(Debug, Default)]
pub struct Intake {
    /// Answers POST alone; for other methods the route is not there.
    pub post_only: bool,
    /// Who may send; without it, anyone.
    pub tokens: Option<Tokens>,
    /// Pages from which browsers may send.
    pub origins: Origins,
    /// Values that have a type, by name.
    pub values: Arc<[(String, ValueType)]>,
}

/// Pages, as browsers name them (WHATWG HTML, "Origins").
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// Nothing is said: browsers may send, and read no answer.
    #[default]
    Unset,
    /// Every page.
    Any,
    /// These alone, each `scheme://host` with the port where it is not the scheme's own.
    Listed(Vec<String>),
}

/// What a value of an event must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Any text.
    Text,
    /// A finite number.
    Number,
    /// `true` or `false`.
    Boolean,
}

impl ValueType {
    /// The word that operators write for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

/// SHA-256 digests of secrets, each of which opens a route. They never print.
#[derive(Clone)]
pub struct Tokens(pub Vec<[u8; 32]>);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tokens(redacted)")
    }
}

/// A site of docs whose snippet speaks the protocol of another product.
#[derive(Debug)]
pub struct Site {
    /// What the snippet calls it: Plausible's domain, Umami's website, Scarf's pixel or package.
    pub id: String,
    /// Host names, lower case, without port.
    pub domains: Vec<String>,
    /// Which protocols are answered for it.
    pub protocols: Vec<Protocol>,
    /// The package that its events are about.
    pub package: String,
    /// Hosts of the docs whose pages are told apart by their paths. Default none.
    pub pages: Vec<String>,
    /// Where it was written.
    pub place: Place,
}

/// Protocols of other products that a site can speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `POST /api/event`.
    Plausible,
    /// `POST /api/send` and `GET /p/ID`.
    Umami,
    /// `/count`.
    GoatCounter,
    /// `/a.png` and `POST /package-event/install`.
    Scarf,
}

impl Protocol {
    /// Every protocol.
    pub const ALL: [Self; 4] = [Self::Plausible, Self::Umami, Self::GoatCounter, Self::Scarf];

    /// The word that operators write for it, which events carry as their route.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plausible => "plausible",
            Self::Umami => "umami",
            Self::GoatCounter => "goatcounter",
            Self::Scarf => "scarf",
        }
    }
}
