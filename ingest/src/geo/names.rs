//! What a system is used for, guessed from the name that its holder registered: for systems that no
//! data set sorts. Where a name tells nothing, or could mean two things, the answer is "unknown".

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::enrich::NetworkType::{
    self, Business, Carrier, Cdn, Education, Government, Hosting, Mobile, Nonprofit, Residential,
    Unknown,
};

/// Names that rules below would get wrong, or not at all; whole words, anywhere in the name.
const KNOWN: &[(&str, NetworkType)] = &[
    ("google fiber", Residential),
    ("credit union", Business),
    ("apple bank", Business),
    ("amazonia", Residential),
    ("department of defense", Government),
    ("dod network information", Government),
    ("research and education network", Education),
    ("cloudflare", Cdn),
    ("fastly", Cdn),
    ("akamai", Cdn),
    ("edgecast", Cdn),
    ("edgio", Cdn),
    ("cdn77", Cdn),
    ("bunnyway", Cdn),
    ("gcore", Cdn),
    ("amazon com", Hosting),
    ("amazon data services", Hosting),
    ("google llc", Hosting),
    ("google cloud", Hosting),
    ("microsoft corporation", Hosting),
    ("microsoft azure", Hosting),
    ("oracle corporation", Hosting),
    ("alibaba", Hosting),
    ("tencent", Hosting),
    ("huawei clouds", Hosting),
    ("ovh", Hosting),
    ("hetzner", Hosting),
    ("digitalocean", Hosting),
    ("linode", Hosting),
    ("vultr", Hosting),
    ("constant company", Hosting),
    ("contabo", Hosting),
    ("scaleway", Hosting),
    ("online s a s", Hosting),
    ("leaseweb", Hosting),
    ("ionos", Hosting),
    ("strato", Hosting),
    ("m247", Hosting),
    ("godaddy", Hosting),
    ("rackspace", Hosting),
    ("equinix", Hosting),
    ("psychz", Hosting),
    ("upcloud", Hosting),
    ("exoscale", Hosting),
    ("github", Hosting),
    ("datacamp", Hosting),
    ("cogent", Carrier),
    ("arelion", Carrier),
    ("level 3", Carrier),
    ("gtt communications", Carrier),
    ("ntt america", Carrier),
    ("ntt global", Carrier),
    ("hurricane electric", Carrier),
    ("zayo", Carrier),
    ("telia carrier", Carrier),
    ("tata communications", Carrier),
    ("telxius", Carrier),
    ("sparkle", Carrier),
    ("internet exchange", Carrier),
    ("swisscom", Residential),
    ("comcast", Residential),
    ("verizon", Residential),
    ("at t", Residential),
    ("charter communications", Residential),
    ("cox communications", Residential),
    ("centurylink", Residential),
    ("vodafone", Residential),
    ("orange s a", Residential),
    ("free sas", Residential),
    ("bouygues", Residential),
    ("virgin media", Residential),
    ("sky uk", Residential),
    ("chinanet", Residential),
    ("china unicom", Residential),
    ("china mobile", Mobile),
    ("t mobile", Mobile),
];

/// Words, in the order in which they count; a word that ends in `*` stands for all that begin so.
const WORDS: &[(NetworkType, &[&str])] = &[
    (
        Education,
        &[
            "universi*",
            "uniwersytet*",
            "college*",
            "colegio",
            "school*",
            "schule*",
            "hochschul*",
            "fachhochschule*",
            "akademi*",
            "academy",
            "campus",
            "politecnic*",
            "polytechnic*",
            "politechnik*",
            "facult*",
            "escola*",
            "escuela*",
            "ecole",
            "lycee",
            "educacion*",
            "educational",
            "education",
            "eth",
            "epfl",
            "cern",
            "nren",
            "renater",
            "surf",
            "janet",
            "garr",
            "cesnet",
            "rediris",
            "internet2",
        ],
    ),
    (
        Government,
        &[
            "government*",
            "gobierno",
            "governo",
            "gouvernement*",
            "ministr*",
            "ministerio*",
            "ministere",
            "county",
            "municipal*",
            "municipio",
            "prefeitura",
            "gemeente*",
            "gemeinde*",
            "kommune*",
            "landkreis",
            "bundes*",
            "parliament*",
            "senate",
            "tribunal*",
            "judiciary",
            "navy",
            "army",
            "usaisc",
            "police",
        ],
    ),
    (
        Mobile,
        &[
            "mobile",
            "mobiles",
            "movil*",
            "movistar",
            "cellular",
            "wireless",
            "gsm",
            "lte",
            "mobil",
            "mobilcom*",
        ],
    ),
    (
        Hosting,
        &[
            "hosting*",
            "webhost*",
            "host",
            "hosts",
            "hoster*",
            "cloud*",
            "datacenter*",
            "datacentre*",
            "datacent*",
            "colo",
            "colocation",
            "vps*",
            "server*",
            "serverius",
            "dedicated",
            "rechenzentrum*",
        ],
    ),
    (
        Residential,
        &[
            "telecom*",
            "telekom*",
            "telco*",
            "telefon*",
            "telephone",
            "telephon*",
            "telef*",
            "broadband*",
            "internet",
            "isp",
            "cable*",
            "kabel*",
            "cablevision",
            "fiber*",
            "fibre*",
            "fibra*",
            "glasfaser*",
            "dsl",
            "adsl",
            "ftth",
            "net",
            "netcom",
            "telenet",
            "communications",
            "comunicac*",
            "comunicacoes",
            "telecomunicac*",
            "provedor*",
            "wisp",
            "wifi",
        ],
    ),
    (
        Nonprofit,
        &[
            "foundation",
            "stiftung",
            "verein",
            "nonprofit",
            "association",
            "fundacion",
            "fundacao",
        ],
    ),
    (
        Business,
        &[
            "bank*",
            "banco",
            "banque",
            "insurance*",
            "versicherung*",
            "assurance*",
            "hospital*",
            "klinik*",
            "clinic*",
            "pharma*",
            "motors",
            "airline*",
            "airways",
            "automotive",
            "holdings",
            "steel",
            "energy",
            "petroleum",
            "brewery",
            "retail",
            "logistics",
            "securities",
            "capital",
            "financial",
        ],
    ),
];

/// The use that a name speaks of.
pub(super) fn kind(name: &str) -> NetworkType {
    let plain = plain(name);
    let words: Vec<&str> = plain.split_whitespace().collect();
    known(&plain, &words).unwrap_or_else(|| by_words(&words))
}

/// In lower case, with one blank around every word and nothing else between them.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 2);
    plain.push(' ');
    for letter in name.chars() {
        if letter.is_alphanumeric() {
            plain.extend(letter.to_lowercase().map(without_mark));
        } else if !plain.ends_with(' ') {
            plain.push(' ');
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// The letter under a mark, for the letters that the words above need.
fn without_mark(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ã' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ï' | 'î' => 'i',
        'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        _ => letter,
    }
}

/// The tables above, found by the words that a name has: a hundred thousand names are read at a start.
struct Rules {
    /// Known names by their first word.
    known: HashMap<&'static str, Vec<(&'static str, NetworkType)>>,
    /// Whole words, each with the place of its kind in [`WORDS`].
    whole: HashMap<&'static str, usize>,
    /// Beginnings of words by their first letter.
    stems: HashMap<char, Vec<(&'static str, usize)>>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let mut rules = Rules {
        known: HashMap::new(),
        whole: HashMap::new(),
        stems: HashMap::new(),
    };
    for (name, kind) in KNOWN {
        let first = name.split(' ').next().unwrap_or(name);
        rules.known.entry(first).or_default().push((name, *kind));
    }
    for (rank, (_, words)) in WORDS.iter().enumerate() {
        for word in *words {
            match word.strip_suffix('*') {
                Some(stem) => {
                    let first = stem.chars().next().unwrap_or_default();
                    rules.stems.entry(first).or_default().push((stem, rank));
                }
                None => drop(rules.whole.insert(word, rank)),
            }
        }
    }
    rules
});

fn known(plain: &str, words: &[&str]) -> Option<NetworkType> {
    let candidates = words
        .iter()
        .filter_map(|word| RULES.known.get(word))
        .flatten();
    let is_whole = |name: &str| {
        plain.match_indices(name).any(|(at, _)| {
            let bytes = plain.as_bytes();
            bytes[at - 1] == b' ' && bytes[at + name.len()] == b' '
        })
    };
    let mut found = candidates.filter(|(name, _)| is_whole(name));
    // What says more of the name counts: a company's fibre is not its cloud.
    let first = found.next()?;
    let longest = found.fold(first, |best, other| {
        if other.0.len() > best.0.len() {
            other
        } else {
            best
        }
    });
    Some(longest.1)
}

fn by_words(words: &[&str]) -> NetworkType {
    let rank = |word: &&str| {
        let whole = RULES.whole.get(word).copied();
        let first = word.chars().next()?;
        let stems = RULES.stems.get(&first).map_or(&[][..], |stems| stems);
        let begun = stems.iter().filter(|(stem, _)| word.starts_with(stem));
        begun.map(|(_, rank)| *rank).chain(whole).min()
    };
    let best = words.iter().filter_map(rank).min();
    best.map_or(Unknown, |rank| WORDS[rank].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_say_what_they_are_are_understood() {
        let names = [
            "Stanford University",
            "Universität Zürich",
            "Massachusetts Institute of Technology",
            "Deutsche Telekom AG",
            "Hetzner Online GmbH",
            "Amazon.com, Inc.",
            "Cloudflare, Inc.",
            "T-Mobile USA, Inc.",
            "Cogent Communications",
            "Ministry of Finance",
            "Zürcher Kantonalbank",
            "Royal Bank of Canada",
            "Wikimedia Foundation Inc.",
            "Acme GmbH",
            "",
        ];
        let said: Vec<String> = names
            .iter()
            .map(|name| format!("{name}: {}", kind(name).as_str()))
            .collect();
        insta::assert_snapshot!(said.join("\n"), @r"
        Stanford University: education
        Universität Zürich: education
        Massachusetts Institute of Technology: 
        Deutsche Telekom AG: residential
        Hetzner Online GmbH: hosting
        Amazon.com, Inc.: hosting
        Cloudflare, Inc.: cdn
        T-Mobile USA, Inc.: mobile
        Cogent Communications: carrier
        Ministry of Finance: government
        Zürcher Kantonalbank: 
        Royal Bank of Canada: business
        Wikimedia Foundation Inc.: nonprofit
        Acme GmbH: 
        :
        ");
    }

    #[test]
    fn names_that_only_begin_like_another_are_not_mistaken_for_it() {
        assert_eq!(kind("Google Fiber Inc."), Residential);
        assert_eq!(kind("Apple Bank"), Business);
        assert_eq!(kind("AMAZONIA TELECOMUNICACOES LTDA"), Residential);
        assert_eq!(kind("Stanford Federal Credit Union"), Business);
        assert_eq!(kind("Cogentrix Energy"), Business);
    }
}
