//! Hex packages made in memory: Erlang, built by rebar3 or mix.

use crate::demo::archive::{gzip, tar_of};
use crate::demo::seal::sha256;

/// What a package is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    /// Another package that it needs, and in which versions.
    pub(super) needs: Option<(&'a str, &'a str)>,
    /// Its one module without the first line.
    pub(super) code: &'a str,
}

/// The version of the tarball's format.
const FORMAT: &str = "3";

impl Recipe<'_> {
    /// SHA-256 of what is in the tarball, as the registry and the tarball itself have it.
    pub(super) fn inner_checksum(&self) -> [u8; 32] {
        sha256(
            &[
                FORMAT.as_bytes(),
                self.metadata().as_bytes(),
                &self.contents(),
            ]
            .concat(),
        )
    }

    /// The tarball: an uncompressed tar with the compressed one of the sources in it.
    pub(super) fn tarball(&self) -> Vec<u8> {
        let checksum = hex::encode_upper(self.inner_checksum());
        tar_of(&[
            ("VERSION", 0o644, FORMAT.as_bytes()),
            ("CHECKSUM", 0o644, checksum.as_bytes()),
            ("metadata.config", 0o644, self.metadata().as_bytes()),
            ("contents.tar.gz", 0o644, &self.contents()),
        ])
    }

    /// Erlang terms, each with a full stop.
    fn metadata(&self) -> String {
        let Self { name, version, .. } = self;
        let needs = self.needs.map(|(other, versions)| {
            format!(
                "{{<<\"{other}\">>,[{{<<\"app\">>,<<\"{other}\">>}},{{<<\"optional\">>,false}},\
                 {{<<\"requirement\">>,<<\"{versions}\">>}},{{<<\"repository\">>,<<\"{}\">>}}]}}",
                super::REPOSITORY
            )
        });
        format!(
            "{{<<\"name\">>,<<\"{name}\">>}}.\n{{<<\"version\">>,<<\"{version}\">>}}.\n{{<<\"app\">>,<<\"{name}\">>}}.\n\
             {{<<\"description\">>,<<\"Points north.\">>}}.\n{{<<\"licenses\">>,[<<\"Apache-2.0\">>]}}.\n{{<<\"links\">>,[]}}.\n\
             {{<<\"files\">>,[<<\"rebar.config\">>,<<\"src/{name}.app.src\">>,<<\"src/{name}.erl\">>]}}.\n\
             {{<<\"requirements\">>,[{}]}}.\n{{<<\"build_tools\">>,[<<\"rebar3\">>]}}.\n",
            needs.unwrap_or_default()
        )
    }

    fn contents(&self) -> Vec<u8> {
        let Self { name, version, .. } = self;
        let needed = self.needs.map(|(other, _)| format!(", {other}"));
        let dependency = self
            .needs
            .map(|(other, versions)| format!("{{{other}, \"{versions}\"}}"));
        let settings = format!("{{deps, [{}]}}.\n", dependency.unwrap_or_default());
        let application = format!(
            "{{application, {name}, [{{description, \"Points north.\"}}, {{vsn, \"{version}\"}}, \
             {{applications, [kernel, stdlib{}]}}]}}.\n",
            needed.unwrap_or_default()
        );
        let module = format!("-module({name}).\n{}", self.code);
        gzip(&tar_of(&[
            ("rebar.config", 0o644, settings.as_bytes()),
            (
                &format!("src/{name}.app.src"),
                0o644,
                application.as_bytes(),
            ),
            (&format!("src/{name}.erl"), 0o644, module.as_bytes()),
        ]))
    }
}
