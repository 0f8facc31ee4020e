//! The words that rules are written in.

use weir_event::Audience;

use super::Class;
use super::rules::Format;
use crate::enrich::{Lists, NetworkType};

/// Words and their meanings.
pub(super) type Words<T> = &'static [(&'static str, T)];

pub(super) const CLASSES: Words<Class> = &[
    ("tool", Class::Tool),
    ("browser", Class::Browser),
    ("library", Class::Library),
    ("mirror", Class::Mirror),
    ("updater", Class::Updater),
    ("crawler", Class::Crawler),
    ("headless", Class::Headless),
    ("image-proxy", Class::ImageProxy),
    ("unknown", Class::Unknown),
    ("none", Class::Silent),
];

pub(super) const FORMATS: Words<Format> = &[
    ("words", Format::Words),
    ("python-json", Format::PythonJson),
    ("browser", Format::Browser),
    ("opera", Format::Opera),
    ("gradle", Format::Gradle),
    ("hex", Format::Hex),
    ("podman", Format::Podman),
];

pub(super) const AUDIENCES: Words<Audience> = &[
    ("people", Audience::People),
    ("ci", Audience::Ci),
    ("mirror", Audience::Mirror),
    ("updater", Audience::Updater),
    ("bot", Audience::Bot),
    ("proxy", Audience::Proxy),
    ("unknown", Audience::Unknown),
];

pub(super) const LISTS: Words<Lists> = &[
    ("cloud", Lists::CLOUD),
    ("ci", Lists::CI),
    ("tor", Lists::TOR),
    ("relay", Lists::RELAY),
    ("vpn", Lists::VPN),
    ("cdn", Lists::CDN),
    ("gateway", Lists::GATEWAY),
];

pub(super) const NETWORKS: Words<NetworkType> = &[
    ("unknown", NetworkType::Unknown),
    ("residential", NetworkType::Residential),
    ("mobile", NetworkType::Mobile),
    ("business", NetworkType::Business),
    ("education", NetworkType::Education),
    ("government", NetworkType::Government),
    ("hosting", NetworkType::Hosting),
    ("cdn", NetworkType::Cdn),
    ("carrier", NetworkType::Carrier),
    ("nonprofit", NetworkType::Nonprofit),
];

impl Class {
    /// The class as rules spell it.
    pub fn as_str(self) -> &'static str {
        let word = CLASSES.iter().find(|(_, class)| *class == self);
        word.map_or("unknown", |(word, _)| word)
    }

    /// The class that a word means.
    pub fn named(word: &str) -> Option<Self> {
        named(CLASSES, word)
    }
}

/// The list that a word means.
pub fn list_named(word: &str) -> Option<Lists> {
    named(LISTS, word)
}

/// The network type that a word means.
pub fn network_named(word: &str) -> Option<NetworkType> {
    named(NETWORKS, word)
}

fn named<T: Copy>(words: Words<T>, word: &str) -> Option<T> {
    words
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, meaning)| *meaning)
}
