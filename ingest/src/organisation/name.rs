//! Names as registries hold them, read word by word.
//!
//! A name is shown as it was registered. For comparing, case, accents and punctuation go, and the legal form at its
//! ends: `ZSCALER INC.` is `Zscaler, Inc.` and both are `zscaler`. No two names are taken for one beyond that: firms of
//! different countries share their distinctive word too often.

/// Legal forms at the end of a name, and at its beginning where they are written first. Longer ones come first.
const FORMS: &[&str] = &[
    "s a de c v",
    "sp z o o",
    "spol s r o",
    "gmbh co kg",
    "s r l",
    "s p a",
    "s r o",
    "d o o",
    "s a s",
    "a d",
    "a s",
    "b v",
    "n v",
    "s a",
    "c v",
    "k k",
    "l l c",
    "a g",
    "incorporated",
    "inc",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "corporation",
    "corp",
    "company",
    "co",
    "plc",
    "gmbh",
    "mbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "ev",
    "eg",
    "aktiengesellschaft",
    "sa",
    "sas",
    "sarl",
    "sasu",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "asa",
    "aps",
    "oy",
    "oyj",
    "ou",
    "doo",
    "ltda",
    "eireli",
    "pty",
    "pte",
    "kft",
    "zrt",
    "sro",
    "jsc",
    "ojsc",
    "pjsc",
    "cjsc",
    "pao",
    "zao",
    "ooo",
    "oao",
    "bhd",
    "sdn",
    "tbk",
    "pt",
    "uab",
    "sia",
    "ead",
    "eood",
    "ood",
    "se",
    "na",
    "as",
];

/// Forms that are written before a name.
const LEADING: &[&str] = &[
    "the", "ooo", "pjsc", "jsc", "ojsc", "cjsc", "pao", "zao", "oao", "llc", "pt", "uab", "sia",
];

/// A name, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// The words in lower case, a space before and after each.
    spelled: String,
    /// Which part of `spelled` is left without the legal form, with the spaces around it.
    core: std::ops::Range<usize>,
}

impl Name {
    /// Reads a name as it was registered.
    pub(crate) fn new(registered: &str) -> Self {
        let mut spelled = String::with_capacity(registered.len() + 2);
        spelled.push(' ');
        for letter in registered.chars() {
            // An apostrophe is inside a word.
            match letter {
                '\'' | '’' => {}
                letter if letter.is_alphanumeric() => fold(letter, &mut spelled),
                _ if spelled.ends_with(' ') => {}
                _ => spelled.push(' '),
            }
        }
        if !spelled.ends_with(' ') {
            spelled.push(' ');
        }
        let core = core(&spelled);
        Self { spelled, core }
    }

    /// All words, the legal form among them, one space between.
    pub(crate) fn spelled(&self) -> &str {
        self.spelled.trim()
    }

    /// The words without the legal form.
    pub(crate) fn core(&self) -> &str {
        self.spelled[self.core.clone()].trim()
    }

    /// The words without the legal form, one by one.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.core().split(' ')
    }

    /// Whether these words stand in the name, one after the other.
    pub(crate) fn has_phrase(&self, padded: &str) -> bool {
        self.spelled.contains(padded)
    }

    /// Whether the name has the form of a company.
    pub(crate) fn has_legal_form(&self) -> bool {
        self.core.end < self.spelled.len() || self.core.start > 0
    }

    /// Whether the name's first word, or all of them together, is the label of `domain`.
    pub(crate) fn is_label_of(&self, domain: &str) -> bool {
        let label = domain.split('.').next().unwrap_or_default();
        let is = |text: &str| text.len() > 2 && text == label;
        is(self.words().next().unwrap_or_default())
            || is(&self.core().replace(' ', ""))
            || is(&self.core().replace(' ', "-"))
    }
}

/// Cuts legal forms off until none is left, but never everything.
fn core(spelled: &str) -> std::ops::Range<usize> {
    let mut core = 0..spelled.len();
    while let Some(form) = FORMS
        .iter()
        .find(|form| ends_with(&spelled[core.clone()], form))
    {
        core.end -= form.len() + 1;
    }
    while let Some(form) = LEADING
        .iter()
        .find(|form| starts_with(&spelled[core.clone()], form))
    {
        core.start += form.len() + 1;
    }
    core
}

/// Whether the padded `text` ends with the word `form` and has another before it.
fn ends_with(text: &str, form: &str) -> bool {
    let before = text
        .strip_suffix(' ')
        .and_then(|text| text.strip_suffix(form));
    before.is_some_and(|before| before.ends_with(' ') && before.len() > 1)
}

fn starts_with(text: &str, form: &str) -> bool {
    let after = text
        .strip_prefix(' ')
        .and_then(|text| text.strip_prefix(form));
    after.is_some_and(|after| after.starts_with(' ') && after.len() > 1)
}

/// One letter in lower case, without its accent where it is a Latin one.
fn fold(letter: char, into: &mut String) {
    for letter in letter.to_lowercase() {
        match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' => into.push('a'),
            'ç' | 'ć' | 'č' => into.push('c'),
            'ď' | 'đ' => into.push('d'),
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => into.push('e'),
            'ğ' | 'ģ' => into.push('g'),
            'ì'..='ï' | 'ī' | 'į' | 'ı' => into.push('i'),
            'ķ' => into.push('k'),
            'ļ' | 'ł' => into.push('l'),
            'ñ' | 'ń' | 'ň' | 'ņ' => into.push('n'),
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => into.push('o'),
            'ř' => into.push('r'),
            'ś' | 'š' | 'ş' | 'ș' => into.push('s'),
            'ť' | 'ţ' | 'ț' => into.push('t'),
            'ù'..='ü' | 'ū' | 'ů' | 'ű' | 'ų' => into.push('u'),
            'ý' | 'ÿ' => into.push('y'),
            'ź' | 'ż' | 'ž' => into.push('z'),
            'æ' => into.push_str("ae"),
            'ß' => into.push_str("ss"),
            // The dot that lower case leaves over from a Turkish capital I.
            '\u{307}' => {}
            letter => into.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_legal_form_is_cut_and_the_rest_is_kept() {
        let cores: Vec<String> = [
            "ZSCALER INC.",
            "Zscaler, Inc.",
            "Siemens Aktiengesellschaft",
            "OOO \"Network of data-centers\"",
            "Telefónica S.A. de C.V.",
            "Politechnika Łódzka Sp. z o.o.",
            "The Boeing Company",
            "GmbH",
            "McDonald's Corp.",
            "Turkcell İletişim Hizmetleri A.Ş.",
            "",
        ]
        .iter()
        .map(|name| format!("{name} -> {}", Name::new(name).core()))
        .collect();
        insta::assert_snapshot!(cores.join("\n"), @r#"
        ZSCALER INC. -> zscaler
        Zscaler, Inc. -> zscaler
        Siemens Aktiengesellschaft -> siemens
        OOO "Network of data-centers" -> network of data centers
        Telefónica S.A. de C.V. -> telefonica
        Politechnika Łódzka Sp. z o.o. -> politechnika lodzka
        The Boeing Company -> boeing
        GmbH -> gmbh
        McDonald's Corp. -> mcdonalds
        Turkcell İletişim Hizmetleri A.Ş. -> turkcell iletisim hizmetleri
         ->
        "#);
    }

    #[test]
    fn a_name_without_a_form_has_none() {
        assert!(Name::new("Acme GmbH").has_legal_form());
        assert!(!Name::new("Jane Example").has_legal_form());
        assert!(!Name::new("GmbH").has_legal_form());
    }

    #[test]
    fn a_domain_agrees_with_the_name_it_is_made_of() {
        assert!(Name::new("Acme Rockets GmbH").is_label_of("acme.example"));
        assert!(Name::new("Acme Rockets GmbH").is_label_of("acmerockets.example"));
        assert!(Name::new("Acme Rockets GmbH").is_label_of("acme-rockets.example"));
        assert!(!Name::new("Acme Rockets GmbH").is_label_of("rockets.example"));
        assert!(
            !Name::new("A B").is_label_of("a.example"),
            "one letter is no sign"
        );
    }

    proptest! {
        #[test]
        fn reading_what_was_read_changes_nothing(registered in "\\PC{0,60}") {
            let once = Name::new(&registered);
            prop_assert_eq!(Name::new(once.spelled()), once);
        }
    }
}
