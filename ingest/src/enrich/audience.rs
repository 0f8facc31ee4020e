//! Tells whose download it is, and by which rule.

use weir_event::{Audience, Ci};

use super::client::{Class, ClientRules};
use super::network::{Lists, Network, NetworkType};

/// One rule: an audience for whatever meets every condition that is given.
#[derive(Debug)]
pub(crate) struct AudienceRule {
    /// The rule's name, which the event keeps.
    pub(crate) rule: &'static str,
    pub(crate) audience: Audience,
    /// Whether the client says that a build service runs it.
    pub(crate) ci: Option<bool>,
    pub(crate) classes: Option<Classes>,
    pub(crate) clients: Option<Box<[Box<str>]>>,
    /// Any of these lists.
    pub(crate) lists: Option<Box<[Lists]>>,
    pub(crate) networks: Option<Box<[NetworkType]>>,
    /// Autonomous systems.
    pub(crate) asns: Option<Box<[u32]>>,
    /// Versions of the package that the client took within a minute, at least.
    pub(crate) versions: Option<u32>,
    /// Events and views of the package that the address sent within a minute, at least.
    pub(crate) events: Option<u32>,
}

/// Sorts of programs, as a set: most rules are done with after a look at it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Classes(u16);

impl Classes {
    fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u16 != 0
    }
}

impl<'a> FromIterator<&'a Class> for Classes {
    fn from_iter<I: IntoIterator<Item = &'a Class>>(classes: I) -> Self {
        let bits = classes.into_iter().map(|class| 1 << *class as u16);
        Self(bits.fold(0, |set, bit| set | bit))
    }
}

/// What rules about audiences look at.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Name of the client.
    pub client: &'a str,
    /// What sort of program it is.
    pub class: Class,
    /// Whether it says that a build service runs it.
    pub ci: Ci,
    /// Where it is.
    pub network: &'a Network,
    /// What it did within a minute.
    pub lately: Lately,
}

/// What a client did with one package within a minute.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lately {
    /// Versions that it took.
    pub versions: u32,
    /// Events and views that its address sent.
    pub events: u32,
}

/// The audience, and the name of the rule that says so.
pub fn judge(rules: &ClientRules, seen: &Seen<'_>) -> (Audience, &'static str) {
    let rule = rules.audiences.iter().find(|rule| rule.holds(seen));
    rule.map_or((Audience::Unknown, "none"), |rule| {
        (rule.audience, rule.rule)
    })
}

impl AudienceRule {
    fn holds(&self, seen: &Seen<'_>) -> bool {
        self.classes.is_none_or(|classes| classes.has(seen.class))
            && self.ci.is_none_or(|ci| ci == (seen.ci == Ci::Yes))
            && self
                .versions
                .is_none_or(|least| seen.lately.versions >= least)
            && self.events.is_none_or(|least| seen.lately.events >= least)
            && among(self.lists.as_deref(), |list| seen.network.lists.has(*list))
            && among(self.networks.as_deref(), |kind| *kind == seen.network.kind)
            && among(self.asns.as_deref(), |asn| *asn == seen.network.asn)
            && among(self.clients.as_deref(), |name| **name == *seen.client)
    }
}

/// Whether one of those asked for is there; nothing asked for is no condition.
fn among<T>(asked: Option<&[T]>, is: impl Fn(&T) -> bool) -> bool {
    asked.is_none_or(|asked| asked.iter().any(is))
}

#[cfg(test)]
mod tests;
