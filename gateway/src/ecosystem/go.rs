//! Go modules by the module proxy's protocol (Go Modules Reference, "GOPROXY protocol").
//!
//! Clients build every path from the proxy's address and documents name none, so all of it is sent
//! on. The `.zip` of a module of ours is its download; what comes before it is looked at only.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;

use crate::answer::Failure;
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// What is asked of one module.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    module: String,
    /// Nothing where all versions or the latest one are asked for.
    version: String,
    /// The last part of the path.
    file: String,
}

/// Decides a request below a Go module proxy.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if asks_for_sums(path) {
        return Decision::uncounted(Plan::Fail(Failure::UnknownPath));
    }
    match asked(path) {
        Some(asked) if index.counts(&asked.module) => of_module(head, path, index, asked),
        _ => onward::pass(head, index, path),
    }
}

fn of_module<'a>(head: &Head<'a>, path: &str, index: &'a Index, asked: Asked) -> Decision<'a> {
    let location = onward::address(index, path, head.query);
    let (kind, plan) = if asked.file.strip_suffix(".zip").is_some() {
        (
            onward::of_file(head),
            onward::to_file(head, index, location),
        )
    } else {
        (
            onward::of_metadata(head),
            onward::to_document(head, index, location),
        )
    };
    let mut fact = Fact::new(kind, "go", "", "module");
    fact.package = Cow::Owned(asked.module);
    fact.version = Cow::Owned(asked.version);
    fact.artifact = Cow::Owned(asked.file);
    Decision::new(plan, fact)
}

/// Whether the client asks if checksums can be had by way of us. They cannot: it then asks the
/// checksum database itself, whose answers nobody in between can change.
fn asks_for_sums(path: &str) -> bool {
    path.strip_prefix("/sumdb/")
        .and_then(|rest| rest.strip_suffix("/supported"))
        .is_some_and(|name| !name.is_empty())
}

/// Takes `/MODULE/@latest`, `/MODULE/@v/list` and `/MODULE/@v/VERSION.{info,mod,zip}` apart.
fn asked(path: &str) -> Option<Asked> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let (module, rest) = path.strip_prefix('/')?.split_once("/@")?;
    let version = match rest {
        "latest" | "v/list" => "",
        _ => version(rest.strip_prefix("v/")?)?,
    };
    Some(Asked {
        module: unescape(module).filter(|module| !module.is_empty())?,
        version: unescape(version)?,
        file: path.rsplit('/').next()?.to_owned(),
    })
}

/// The version, still escaped, that a file is of.
fn version(file: &str) -> Option<&str> {
    [".info", ".mod", ".zip"]
        .iter()
        .find_map(|ending| file.strip_suffix(ending))
        .filter(|version| !version.is_empty() && !version.contains('/'))
}

/// Undoes the escape of capitals, `!x` for `X`, which no path holds by itself.
fn unescape(escaped: &str) -> Option<String> {
    let mut plain = String::with_capacity(escaped.len());
    let mut letters = escaped.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '!' => letters
                .next()
                .filter(char::is_ascii_lowercase)?
                .to_ascii_uppercase(),
            'A'..='Z' => return None,
            _ => letter,
        });
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn a_module_is_downloaded_by_its_zip() {
        let trace = include_str!("go/trace.txt");
        let packages = ["acme.example/*"];
        insta::assert_snapshot!(explained(IndexKind::Go, "/go/", &packages, trace), @r"
        # go 1.27.3, GoCommand/1 (+https://go.dev/cmd/go): go get acme.example/Compass
        GET /go/acme.example/@v/list
          not counted
          302 to https://up.test/root/acme.example/@v/list
        GET /go/acme.example/%21compass/@v/list
          metadata | acme.example/Compass | module | list
          302 to https://up.test/root/acme.example/%21compass/@v/list
        GET /go/acme.example/%21compass/@v/v1.1.0.info
          metadata | acme.example/Compass | module | v1.1.0 | v1.1.0.info
          302 to https://up.test/root/acme.example/%21compass/@v/v1.1.0.info
        GET /go/acme.example/%21compass/@v/v1.1.0.mod
          metadata | acme.example/Compass | module | v1.1.0 | v1.1.0.mod
          302 to https://up.test/root/acme.example/%21compass/@v/v1.1.0.mod
        GET /go/acme.example/%21compass/@v/v1.1.0.zip
          download | acme.example/Compass | module | v1.1.0 | v1.1.0.zip
          302 to https://up.test/root/acme.example/%21compass/@v/v1.1.0.zip
        GET /go/tideline.example/demo/@v/v0.3.0.zip
          not counted
          302 to https://up.test/root/tideline.example/demo/@v/v0.3.0.zip
        # go 1.19.8, Go-http-client/1.1: go get acme.example/Compass@main
        GET /go/acme.example/%21compass/@v/main.info
          metadata | acme.example/Compass | module | main | main.info
          302 to https://up.test/root/acme.example/%21compass/@v/main.info
        GET /go/acme.example/%21compass/@v/v1.1.1-0.20260701120000-0123456789ab.mod
          metadata | acme.example/Compass | module | v1.1.1-0.20260701120000-0123456789ab | v1.1.1-0.20260701120000-0123456789ab.mod
          302 to https://up.test/root/acme.example/%21compass/@v/v1.1.1-0.20260701120000-0123456789ab.mod
        GET /go/acme.example/%21compass/@v/v1.1.1-0.20260701120000-0123456789ab.zip
          download | acme.example/Compass | module | v1.1.1-0.20260701120000-0123456789ab | v1.1.1-0.20260701120000-0123456789ab.zip
          302 to https://up.test/root/acme.example/%21compass/@v/v1.1.1-0.20260701120000-0123456789ab.zip
        # go 1.27.3: go get, when no version is tagged
        GET /go/acme.example/untagged/@latest
          metadata | acme.example/untagged | module | @latest
          302 to https://up.test/root/acme.example/untagged/@latest
        # go 1.27.3 with a checksum database
        GET /go/sumdb/sum.example/supported
          not counted
          404: nothing is served at this path
        # a proxy behind us that sizes files up
        HEAD /go/acme.example/!compass/@v/v1.1.0.zip
          check | acme.example/Compass | module | v1.1.0 | v1.1.0.zip
          200 with the headers of https://up.test/root/acme.example/!compass/@v/v1.1.0.zip
        # a browser that looks for the source
        GET /go/acme.example/compass?go-get=1
          not counted
          302 to https://up.test/root/acme.example/compass?go-get=1
        ");
    }

    #[test]
    fn versions_are_tags_commits_and_majors_without_a_go_mod() {
        let read =
            |path: &str| asked(path).map(|asked| format!("{} {}", asked.module, asked.version));
        for (path, expected) in [
            ("/a.test/b/@v/v1.2.3.zip", "a.test/b v1.2.3"),
            ("/a.test/b/v2/@v/v2.0.0-rc.1.zip", "a.test/b/v2 v2.0.0-rc.1"),
            (
                "/a.test/b/@v/v0.0.0-20260701120000-0123456789ab.mod",
                "a.test/b v0.0.0-20260701120000-0123456789ab",
            ),
            (
                "/a.test/b/@v/v2.0.0+incompatible.info",
                "a.test/b v2.0.0+incompatible",
            ),
            (
                "/a.test/b/@v/v2.0.0%2Bincompatible.zip",
                "a.test/b v2.0.0+incompatible",
            ),
            (
                "/a.test/!big!name/@v/v1.0.0-!r!c1.zip",
                "a.test/BigName v1.0.0-RC1",
            ),
            ("/a.test/b/@latest", "a.test/b "),
        ] {
            assert_eq!(read(path).as_deref(), Some(expected), "{path}");
        }
    }

    #[test]
    fn what_the_protocol_does_not_know_is_nobodys_module() {
        for path in [
            "/",
            "/a.test/b",
            "/@v/list",
            "//@v/list",
            "/a.test/b/@v/",
            "/a.test/b/@v/.zip",
            "/a.test/b/@v/v1.0.0.tar",
            "/a.test/b/@v/x/v1.0.0.zip",
            "/a.test/b/@latest/x",
            "/a.test/B/@v/list",
            "/a.test/!B/@v/list",
            "/a.test/b!/@v/list",
            "/a.test/%ff/@v/list",
        ] {
            assert_eq!(asked(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn an_escaped_name_reads_as_it_was(name in "[ -~&&[^!]]{0,40}") {
            let escaped = name.chars().flat_map(|letter| {
                let mark = letter.is_ascii_uppercase().then_some('!');
                mark.into_iter().chain([letter.to_ascii_lowercase()])
            });
            prop_assert_eq!(unescape(&escaped.collect::<String>()), Some(name));
        }

        #[test]
        fn no_path_is_too_strange(path in "/[!@a-zA-Z./%]{0,40}") {
            if let Some(asked) = asked(&path) {
                prop_assert!(!asked.module.is_empty() && !asked.file.contains('/'));
            }
        }
    }
}
