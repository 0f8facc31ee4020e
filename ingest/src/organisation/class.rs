//! What a name says of its holder, by the words in `organisations/names.toml`.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::name::Name;

/// Sorts of holder that a name can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Class {
    /// A secure web gateway.
    Gateway,
    /// A provider of anonymity.
    Vpn,
    /// Machines for hire, and what is served from such.
    Hosting,
    /// Carries others' traffic.
    Carrier,
    /// Carries universities' traffic.
    ResearchNetwork,
    /// Teaches or researches.
    Education,
    /// Governs.
    Government,
    /// Serves a purpose of its own.
    Nonprofit,
    /// Does business.
    Business,
}

impl Class {
    /// Whether a holder of this class is never an organisation, whatever else is known.
    pub(crate) fn is_passage(self) -> bool {
        matches!(
            self,
            Self::Gateway | Self::Vpn | Self::Hosting | Self::Carrier | Self::ResearchNetwork
        )
    }
}

/// What names mean, once read.
static BOOK: LazyLock<Book> = LazyLock::new(|| {
    Book::read(include_str!("../../organisations/names.toml"))
        .expect("the file that was built in is read by a test")
});

/// What `name` says, and by which of its words; nothing where it says nothing or several things.
pub(crate) fn class(name: &Name) -> Option<Class> {
    BOOK.class(name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    gateway: Words,
    vpn: Words,
    hosting: Words,
    carrier: Words,
    research_network: Words,
    education: Words,
    government: Words,
    nonprofit: Words,
    business: Words,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Words {
    #[serde(rename = "words")]
    whole: Vec<String>,
    stems: Vec<String>,
    phrases: Vec<String>,
    names: Vec<String>,
}

struct Book {
    names: HashMap<String, Class>,
    words: HashMap<String, Class>,
    stems: Vec<(String, Class)>,
    /// With a space before and after, the longest first.
    phrases: Vec<(String, Class)>,
}

impl Book {
    fn read(text: &str) -> Result<Self, toml::de::Error> {
        let written: Written = toml::from_str(text)?;
        let classes = [
            (Class::Gateway, written.gateway),
            (Class::Vpn, written.vpn),
            (Class::Hosting, written.hosting),
            (Class::Carrier, written.carrier),
            (Class::ResearchNetwork, written.research_network),
            (Class::Education, written.education),
            (Class::Government, written.government),
            (Class::Nonprofit, written.nonprofit),
            (Class::Business, written.business),
        ];
        let mut book = Self {
            names: HashMap::new(),
            words: HashMap::new(),
            stems: Vec::new(),
            phrases: Vec::new(),
        };
        for (class, written) in classes {
            let read = |texts: Vec<String>| texts.into_iter().map(move |text| (text, class));
            book.names.extend(read(written.names));
            book.words.extend(read(written.whole));
            book.stems.extend(read(written.stems));
            let phrases = read(written.phrases).map(|(text, class)| (format!(" {text} "), class));
            book.phrases.extend(phrases);
        }
        book.phrases
            .sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        Ok(book)
    }

    fn class(&self, name: &Name) -> Option<Class> {
        self.names
            .get(name.core())
            .copied()
            .or_else(|| self.by_phrase(name))
            .or_else(|| self.by_words(name))
    }

    fn by_phrase(&self, name: &Name) -> Option<Class> {
        let found = self
            .phrases
            .iter()
            .find(|(phrase, _)| name.has_phrase(phrase));
        found.map(|(_, class)| *class)
    }

    fn by_words(&self, name: &Name) -> Option<Class> {
        let mut only: Option<Class> = None;
        let mut several = false;
        for class in name.words().filter_map(|word| self.word(word)) {
            if class.is_passage() {
                return Some(class);
            }
            several |= only.is_some_and(|only| only != class);
            only = Some(class);
        }
        only.filter(|_| !several)
    }

    fn word(&self, word: &str) -> Option<Class> {
        let by_stem = || {
            let found = self
                .stems
                .iter()
                .find(|(stem, _)| word.starts_with(stem.as_str()));
            found.map(|(_, class)| *class)
        };
        self.words.get(word).copied().or_else(by_stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_written_as_names_are_read() {
        for text in BOOK
            .words
            .keys()
            .chain(BOOK.stems.iter().map(|(stem, _)| stem))
        {
            assert_eq!(Name::new(text).spelled(), text, "folded");
            assert!(!text.contains(' '), "{text:?} is a phrase");
        }
        for (phrase, _) in &BOOK.phrases {
            assert_eq!(format!(" {} ", Name::new(phrase).spelled()), *phrase);
        }
        for name in BOOK.names.keys() {
            assert_eq!(Name::new(name).core(), name, "without a legal form");
        }
    }

    #[test]
    fn names_that_look_alike_are_told_apart() {
        let read = |name: &str| format!("{name}: {:?}", class(&Name::new(name)));
        let classes: Vec<String> = [
            "Google Fiber Inc.",
            "Apple Bank for Savings",
            "AMAZONIA TELECOMUNICACOES LTDA",
            "Stanford Federal Credit Union",
            "American College of Surgeons",
            "Universität Wien",
            "JISC Services Limited",
            "Zscaler Switzerland GmbH",
            "City of Boston",
            "Orange County Government",
            "Orange S.A.",
            "Acme Inc.",
            "University Hospital",
        ]
        .into_iter()
        .map(read)
        .collect();
        insta::assert_snapshot!(classes.join("\n"), @"
        Google Fiber Inc.: Some(Carrier)
        Apple Bank for Savings: Some(Business)
        AMAZONIA TELECOMUNICACOES LTDA: Some(Carrier)
        Stanford Federal Credit Union: Some(Business)
        American College of Surgeons: Some(Business)
        Universität Wien: Some(Education)
        JISC Services Limited: Some(ResearchNetwork)
        Zscaler Switzerland GmbH: Some(Gateway)
        City of Boston: Some(Government)
        Orange County Government: Some(Government)
        Orange S.A.: Some(Carrier)
        Acme Inc.: None
        University Hospital: Some(Business)
        ");
    }
}
