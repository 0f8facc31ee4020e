//! PHP packages by Composer's repository protocol, version 2 (Composer documentation, "Repositories").
//!
//! `packages.json` is ours in three places: metadata and install notices come here, and a mirror is
//! named for every package's archive. Composer tries a mirror first and keeps the address of the
//! archive itself in its lock file beside it, so a lock outlives us. The documents of packages are
//! sent on as they are.

mod dist;
mod dists;
pub(crate) mod installs;
mod root;
mod version;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;
use weir_config::catalogue::Index;
use weir_event::Kind;

use self::dist::Dist;
use crate::answer::Failure;
use crate::ecosystem::collector::Collector;
use crate::ecosystem::document::{Document, Reading, Then, Told};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::{Head, Method};

/// The first document of a repository.
const ROOT: &str = "packages.json";
/// Where the documents of packages are here.
const PACKAGES: &str = "/p2/";
/// Where archives are here.
const DISTS: &str = "/dist/";
/// Where install notices go here.
const INSTALLS: &str = "/downloads/";

/// Decides a request below a Composer repository.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if head.method == Method::Post && path == INSTALLS {
        let ours = index.packages.clone();
        let fact = Fact::new(Kind::InstallPing, "composer", "", INSTALLS);
        return Decision::new(Plan::Collect(Collector::Installs { ours }), fact);
    }
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if path.strip_prefix('/') == Some(ROOT) {
        return Decision::uncounted(root(index).map_or_else(unknown, Plan::Document));
    }
    if let Some(package) = path
        .strip_prefix(PACKAGES)
        .and_then(|rest| rest.strip_suffix(".json"))
    {
        return of_package(head, package, index);
    }
    match path.strip_prefix(DISTS) {
        Some(rest) => of_dist(head, rest, index),
        None => onward::pass(head, index, path),
    }
}

/// A package's document; that of its branches has `~dev` behind the name.
fn of_package<'a>(head: &Head<'a>, package: &'a str, index: &'a Index) -> Decision<'a> {
    let query = head.query.map(|query| format!("?{query}"));
    let wanted = format!("{package}{}", query.unwrap_or_default());
    let plan = told(index, wanted, Then::SendOn);
    let name = normal(package.strip_suffix("~dev").unwrap_or(package));
    let Some(name) = name.filter(|name| index.counts(name)) else {
        return Decision::uncounted(plan);
    };
    let mut fact = Fact::new(onward::of_metadata(head), "composer", "", PACKAGES);
    fact.package = Cow::Owned(name);
    Decision::new(plan, fact)
}

/// An archive, `VENDOR/NAME/VERSION/REFERENCE.TYPE` as the mirror in [`mod@root`] has it.
fn of_dist<'a>(head: &Head<'a>, rest: &'a str, index: &'a Index) -> Decision<'a> {
    let Some(dist) = Dist::read(rest) else {
        let fact = Fact::new(Kind::BrokenLink, "composer", "", DISTS);
        return Decision::new(unknown(), fact);
    };
    let branches = if version::is_branch(&dist.version) {
        "~dev"
    } else {
        ""
    };
    let wanted = format!("{}{branches}", dist.package);
    let reading = Reading {
        accept: "",
        content_type: "application/json",
        rewrite: dists::listed,
    };
    let plan = told(index, wanted, Then::Find(reading, dist.file()));
    if !index.counts(&dist.package) {
        return Decision::uncounted(plan);
    }
    let mut fact = Fact::new(onward::of_file(head), "composer", "", DISTS);
    let version = version::plain(&dist.version);
    let name = dist.package.rsplit('/').next().unwrap_or_default();
    fact.artifact = Cow::Owned(format!("{name}-{version}.{}", dist.archive));
    fact.version = Cow::Owned(version);
    fact.package = Cow::Owned(dist.package);
    Decision::new(plan, fact)
}

fn told(index: &Index, wanted: String, then: Then) -> Plan<'_> {
    let told = |by| {
        Plan::Told(Box::new(Told {
            by,
            service: root::METADATA,
            wanted,
            place: filled,
            then,
        }))
    };
    root(index).map_or_else(unknown, told)
}

fn root(index: &Index) -> Option<Document<'_>> {
    Some(Document {
        index,
        url: index.upstream.join(ROOT).ok()?,
        name: Cow::Borrowed(ROOT),
        accept: "",
        content_type: "application/json",
        rewrite: root::rewrite,
    })
}

fn unknown<'a>() -> Plan<'a> {
    Plan::Fail(Failure::UnknownPath)
}

/// The document of the package `wanted`, a query behind it perhaps, by the upstream's template.
fn filled(template: &Url, wanted: &str) -> Option<Url> {
    let (package, query) = match wanted.split_once('?') {
        Some((package, query)) => (package, Some(query)),
        None => (wanted, None),
    };
    let mut url = Url::parse(&template.as_str().replace("%package%", package)).ok()?;
    if query.is_some() {
        url.set_query(query);
    }
    Some(url)
}

/// A package's name in lower case, by which repositories know it, if it is one: `vendor/name`.
fn normal(name: &str) -> Option<String> {
    let name = percent_decode_str(name).decode_utf8().ok()?;
    let word = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte))
    };
    let (vendor, package) = name.split_once('/')?;
    (name.len() <= 200 && word(vendor) && word(package)).then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::explained;

    #[test]
    fn an_archive_is_a_download_and_a_notice_an_install() {
        let trace = include_str!("composer/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Composer, "/php/", &["acme/*"], trace), @"
        # composer 2.5.5 update, from an empty cache
        GET /php/packages.json
          not counted
          the document https://up.test/root/packages.json with its addresses pointed here
        GET /php/p2/acme/compass.json
          metadata | acme/compass | /p2/
          302 to acme/compass of the metadata-url that https://up.test/root/packages.json tells
        GET /php/p2/acme/compass~dev.json
          metadata | acme/compass | /p2/
          302 to acme/compass~dev of the metadata-url that https://up.test/root/packages.json tells
        GET /php/p2/tideline/demo.json
          not counted
          302 to tideline/demo of the metadata-url that https://up.test/root/packages.json tells
        GET /php/dist/acme/compass/2.1.0.0/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip
          download | acme/compass | /dist/ | 2.1.0 | compass-2.1.0.zip
          302 to where acme/compass of the metadata-url that https://up.test/root/packages.json tells says acme/compass/2.1.0.0/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip is
        GET /php/dist/tideline/demo/0.3.0.0/6bfb4e1f5e6f3ddc0d3b7c2a8c9e0a3b5f4c6d7e.zip
          not counted
          302 to where tideline/demo of the metadata-url that https://up.test/root/packages.json tells says tideline/demo/0.3.0.0/6bfb4e1f5e6f3ddc0d3b7c2a8c9e0a3b5f4c6d7e.zip is
        POST /php/downloads/
          install_ping | /downloads/
          200 when the body's installs are read
        # composer 2.5.5 install of a branch
        GET /php/dist/acme/compass/2.9999999.9999999.9999999-dev/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip
          download | acme/compass | /dist/ | 2.x-dev | compass-2.x-dev.zip
          302 to where acme/compass~dev of the metadata-url that https://up.test/root/packages.json tells says acme/compass/2.9999999.9999999.9999999-dev/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip is
        GET /php/dist/acme/compass/dev-main/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip
          download | acme/compass | /dist/ | dev-main | compass-dev-main.zip
          302 to where acme/compass~dev of the metadata-url that https://up.test/root/packages.json tells says acme/compass/dev-main/b5c7fa40bd7a2ee4f85dc2b8d56ea8a8b4ad5f59.zip is
        # what nothing is at, and what the upstream has besides
        GET /php/dist/acme/compass.zip
          broken_link | /dist/
          404: nothing is served at this path
        HEAD /php/p2/acme/compass.json
          check | acme/compass | /p2/
          302 to acme/compass of the metadata-url that https://up.test/root/packages.json tells
        GET /php/search.json?q=compass
          not counted
          302 to https://up.test/root/search.json?q=compass
        POST /php/p2/acme/compass.json
          not counted
          405: this server answers GET and HEAD
        ");
    }

    #[test]
    fn a_template_is_filled_with_the_name_and_keeps_the_query() {
        let template: Url = "https://up.test/p2/%package%.json"
            .parse()
            .expect("an address");
        let at = |wanted| filled(&template, wanted).map(String::from);
        assert_eq!(
            at("acme/compass~dev").as_deref(),
            Some("https://up.test/p2/acme/compass~dev.json")
        );
        assert_eq!(
            at("acme/compass?v=1").as_deref(),
            Some("https://up.test/p2/acme/compass.json?v=1")
        );
    }
}
