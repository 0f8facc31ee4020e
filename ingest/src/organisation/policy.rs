//! Which organisations an operator wants to know, and where nobody is looked for.

use weir_config::settings::Organisations as Settings;

use super::{Organisation, OrganisationType};

/// The European Economic Area as one word: the 27 states of the Union, and Iceland, Liechtenstein, Norway.
const EEA: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// What is never stored, however sure it is.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    countries: Vec<String>,
    types: Vec<OrganisationType>,
    least_confidence: u8,
}

impl Policy {
    /// As the settings say.
    pub fn new(settings: &Settings) -> Self {
        let type_of = |word: &String| {
            let mut all = OrganisationType::ALL.into_iter();
            all.find(|kind| kind.as_str() == word)
        };
        Self {
            countries: settings.exclude_countries.clone(),
            types: settings.exclude_types.iter().filter_map(type_of).collect(),
            least_confidence: settings.least_confidence,
        }
    }

    /// Whether nobody from `country` (ISO 3166-1) may be named. Where countries are excluded and it is not known
    /// which one this is, it may be one of them.
    pub fn excludes_country(&self, country: &str) -> bool {
        let is = |excluded: &String| match excluded.as_str() {
            "EEA" => EEA.contains(&country),
            excluded => excluded == country,
        };
        !self.countries.is_empty() && (country.is_empty() || self.countries.iter().any(is))
    }

    /// The countries, as the settings name them.
    pub fn countries(&self) -> &[String] {
        &self.countries
    }

    /// Whether an organisation may be stored.
    pub fn allows(&self, organisation: &Organisation) -> bool {
        organisation.confidence >= self.least_confidence && !self.types.contains(&organisation.kind)
    }
}
