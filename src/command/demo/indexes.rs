//! Every other kind of index behind one domain, each below a path of its own.

use std::fmt::Write as _;

use weir::demo::{
    apt, composer, conda, go, helm, hex, homebrew, maven, nuget, rpm, rubygems, terraform,
};

/// The domain.
pub(super) const DOMAIN: &str = "all.demo.localhost";

/// Kind, where the stand-in registry has it, and what of it is counted.
const INDEXES: [(&str, &str, &str); 12] = [
    ("go", go::ROOT, go::MODULE),
    ("maven", maven::ROOT, maven::ARTIFACT),
    ("rubygems", rubygems::ROOT, rubygems::GEM),
    ("helm", helm::ROOT, helm::CHART),
    ("nuget", nuget::ROOT, nuget::PACKAGE),
    ("composer", composer::ROOT, composer::PACKAGE),
    ("apt", apt::ROOT, apt::PACKAGE),
    ("rpm", rpm::ROOT, rpm::PACKAGE),
    ("conda", conda::ROOT, conda::PACKAGE),
    ("hex", hex::ROOT, hex::PACKAGE),
    ("homebrew", homebrew::ROOT, homebrew::FORMULA),
    ("terraform", "/", terraform::PROVIDER),
];

/// Their part of the configuration; `registry` is the stand-in's address.
pub(super) fn configuration(registry: &str) -> String {
    let mut text = String::new();
    for (kind, root, package) in INDEXES {
        let _ = write!(
            text,
            "\n[[index]]\n\
             kind = \"{kind}\"\n\
             domains = [\"{DOMAIN}\"]\n\
             path = \"/{kind}/\"\n\
             upstream = \"{registry}{root}\"\n\
             packages = [\"{package}\"]\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_index_of_the_demo_is_a_valid_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        let text = format!(
            "[gateway]\nprivate_upstreams = [\"127.0.0.0/8\"]\n{}",
            configuration("http://127.0.0.1:1")
        );
        std::fs::write(&path, text).expect("written");
        let config = weir_config::Config::load(&path, []).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(config.catalogue.indexes.len(), INDEXES.len());
    }
}
