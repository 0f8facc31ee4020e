//! Gems made in memory: Ruby alone, and installable by every client.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::marshal::{self, Value};
use crate::demo::archive::{gzip, tar_of};
use crate::demo::seal::sha256_hex;

/// The oldest RubyGems that the samples are for.
const RUBYGEMS: &str = "3.3.15";

/// What a gem is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    /// Processor and system, or nothing for a gem that runs anywhere.
    pub(super) platform: Option<(&'a str, &'a str)>,
    /// Another gem that it needs, and from which version on.
    pub(super) needs: Option<(&'a str, &'a str)>,
    /// What its one file does.
    pub(super) code: &'a str,
}

impl Recipe<'_> {
    /// `VERSION`, or `VERSION-PLATFORM`.
    pub(super) fn version_and_platform(&self) -> String {
        match self.platform {
            Some((processor, system)) => format!("{}-{processor}-{system}", self.version),
            None => self.version.to_owned(),
        }
    }

    /// What its files are called by.
    pub(super) fn full_name(&self) -> String {
        format!("{}-{}", self.name, self.version_and_platform())
    }

    /// The gem itself: a tar of what describes it, what is in it, and their sums.
    pub(super) fn gem(&self) -> Vec<u8> {
        let metadata = gzip(self.yaml().as_bytes());
        let data = gzip(&tar_of(&[(&self.file(), 0o644, self.code.as_bytes())]));
        let sums = format!(
            "---\nSHA256:\n  metadata.gz: {}\n  data.tar.gz: {}\n",
            sha256_hex(&metadata),
            sha256_hex(&data)
        );
        tar_of(&[
            ("metadata.gz", 0o444, &metadata),
            ("data.tar.gz", 0o444, &data),
            ("checksums.yaml.gz", 0o444, &gzip(sums.as_bytes())),
        ])
    }

    /// Its line in the compact index, without the version.
    pub(super) fn info(&self) -> String {
        let needs = self
            .needs
            .map(|(name, version)| format!("{name}:>= {version}"));
        let sum = sha256_hex(&self.gem());
        format!("{}|checksum:{sum}", needs.unwrap_or_default())
    }

    /// Its specification as the Marshal index has it, compressed.
    pub(super) fn specification(&self) -> Vec<u8> {
        let dumped = marshal::dump(&self.marshalled());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(&dumped).expect("memory takes every write");
        zlib.finish().expect("memory takes every write")
    }

    fn file(&self) -> String {
        format!("lib/{}.rb", self.name.replace('-', "_"))
    }

    fn yaml(&self) -> String {
        let platform = match self.platform {
            Some((processor, system)) => format!("{processor}-{system}"),
            None => "ruby".to_owned(),
        };
        let needs = self.needs.map(|(name, version)| {
            let requirement = yaml_requirement("    ", version);
            format!(
                "\n- !ruby/object:Gem::Dependency\n  name: {name}\n  requirement: {requirement}\n  type: :runtime\n  \
                 prerelease: false\n  version_requirements: {requirement}"
            )
        });
        let any = yaml_requirement("  ", "0");
        format!(
            "--- !ruby/object:Gem::Specification\nname: {}\nversion: !ruby/object:Gem::Version\n  version: {}\n\
             platform: {platform}\nauthors:\n- Acme\ndate: 2026-07-01 00:00:00.000000000 Z\ndependencies:{}\n\
             files:\n- {}\nlicenses:\n- Apache-2.0\nrequire_paths:\n- lib\nrequired_ruby_version: {any}\n\
             required_rubygems_version: {any}\nrubygems_version: {RUBYGEMS}\nspecification_version: 4\n\
             summary: Points north.\n",
            self.name,
            self.version,
            needs.as_deref().unwrap_or(" []"),
            self.file(),
        )
    }

    /// The fields of specification version 4, in the order of `Gem::Specification._load`.
    fn marshalled(&self) -> Value<'_> {
        let platform = match self.platform {
            Some((processor, system)) => Value::Object(
                "Gem::Platform",
                vec![
                    ("@cpu", Value::Text(processor)),
                    ("@os", Value::Text(system)),
                    ("@version", Value::Nil),
                ],
            ),
            None => Value::Text("ruby"),
        };
        let needs = self.needs.map(|(name, at_least)| {
            Value::Object(
                "Gem::Dependency",
                vec![
                    ("@name", Value::Text(name)),
                    ("@requirement", requirement(at_least)),
                    ("@type", Value::Symbol("runtime")),
                    ("@prerelease", Value::False),
                    ("@version_requirements", requirement(at_least)),
                ],
            )
        });
        let fields = vec![
            Value::Text(RUBYGEMS),
            Value::Int(4),
            Value::Text(self.name),
            version(self.version),
            Value::Text("2026-07-01"),
            Value::Text("Points north."),
            requirement("0"),
            requirement("0"),
            Value::Text("ruby"),
            Value::Array(needs.into_iter().collect()),
            Value::Text(""),
            Value::Nil,
            Value::Array(vec![Value::Text("Acme")]),
            Value::Nil,
            Value::Nil,
            Value::True,
            platform,
            Value::Array(vec![Value::Text("Apache-2.0")]),
            Value::EmptyHash,
        ];
        Value::Nested("Gem::Specification", Value::Array(fields).into())
    }
}

fn version(number: &str) -> Value<'_> {
    Value::Loaded(
        "Gem::Version",
        Value::Array(vec![Value::Text(number)]).into(),
    )
}

/// `>= at_least`.
fn requirement(at_least: &str) -> Value<'_> {
    let pair = Value::Array(vec![Value::Text(">="), version(at_least)]);
    let pairs = Value::Array(vec![Value::Array(vec![pair])]);
    Value::Loaded("Gem::Requirement", pairs.into())
}

/// The same in YAML, `indent` deep.
fn yaml_requirement(indent: &str, at_least: &str) -> String {
    format!(
        "!ruby/object:Gem::Requirement\n{indent}requirements:\n{indent}- - \">=\"\n{indent}  - !ruby/object:Gem::Version\n\
         {indent}    version: '{at_least}'"
    )
}
