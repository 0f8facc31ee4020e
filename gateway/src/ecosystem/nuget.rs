//! .NET packages by `NuGet`'s version 3 protocol (its documentation, "Server API").
//!
//! The service index is ours in one place: package content is here. Searching, registrations and
//! signatures of repositories stay where they are, and packages are sent on unchanged, as their
//! signatures want.

mod services;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::Url;
use weir_config::catalogue::Index;

use crate::answer::Failure;
use crate::ecosystem::document::{self, Document, Then, Told};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// The service index, from which clients know everything else.
const SERVICES: &str = "v3/index.json";
/// Where the contents of packages are here.
const CONTENT: &str = "/v3/content/";

/// Decides a request below a `NuGet` feed.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    if path.strip_prefix('/') == Some(SERVICES) {
        return Decision::uncounted(services(index).map_or_else(unknown, Plan::Document));
    }
    match path.strip_prefix(CONTENT) {
        Some(rest) => content(head, rest, index),
        None if is_service_index(index) => Decision::uncounted(unknown()),
        None => onward::pass(head, index, path),
    }
}

/// Something of a package: `ID/index.json`, `ID/VERSION/ID.VERSION.nupkg` or `ID/VERSION/ID.nuspec`
/// ("Package Content").
fn content<'a>(head: &Head<'a>, rest: &'a str, index: &'a Index) -> Decision<'a> {
    let query = head.query.map(|query| format!("?{query}"));
    let wanted = format!("{rest}{}", query.unwrap_or_default());
    let told = |by| {
        Plan::Told(Box::new(Told {
            by,
            service: services::CONTENT,
            wanted,
            place: document::below,
            then: Then::SendOn,
        }))
    };
    let plan = services(index).map_or_else(unknown, told);
    match Asked::read(rest).filter(|asked| index.counts(&asked.id)) {
        Some(asked) => Decision::new(plan, fact(head, asked)),
        None => Decision::uncounted(plan),
    }
}

fn fact<'a>(head: &Head<'a>, asked: Asked) -> Fact<'a> {
    let kind = if asked.is_package() {
        onward::of_file(head)
    } else {
        onward::of_metadata(head)
    };
    let mut fact = Fact::new(kind, "nuget", "", CONTENT);
    fact.package = Cow::Owned(asked.id);
    fact.version = Cow::Owned(asked.version);
    fact.artifact = Cow::Owned(asked.file);
    fact
}

fn services(index: &Index) -> Option<Document<'_>> {
    let upstream = index.upstream.as_str().trim_end_matches('/');
    let url = if is_service_index(index) {
        Url::parse(upstream).ok()?
    } else {
        index.upstream.join(SERVICES).ok()?
    };
    Some(Document {
        index,
        url,
        name: Cow::Borrowed(SERVICES),
        accept: "",
        content_type: "application/json",
        rewrite: services::rewrite,
    })
}

/// Whether the upstream was written as the address of its service index, since some have it elsewhere.
fn is_service_index(index: &Index) -> bool {
    index.upstream.path().ends_with(".json/")
}

fn unknown<'a>() -> Plan<'a> {
    Plan::Fail(Failure::UnknownPath)
}

/// What is asked of one package.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    /// In lower case, as feeds compare it.
    id: String,
    /// Nothing where all versions are asked for.
    version: String,
    file: String,
}

impl Asked {
    fn read(rest: &str) -> Option<Self> {
        let rest = percent_decode_str(rest).decode_utf8().ok()?;
        let rest = rest.to_ascii_lowercase();
        let (id, rest) = rest.split_once('/')?;
        let (version, file) = rest.split_once('/').unwrap_or(("", rest));
        let word = |text: &str| {
            let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-+._".contains(&byte);
            text.len() <= 200 && text.bytes().all(fits)
        };
        let whole = !id.is_empty() && !file.is_empty();
        (whole && [id, version, file].into_iter().all(word)).then(|| Self {
            id: id.to_owned(),
            version: version.to_owned(),
            file: file.to_owned(),
        })
    }

    /// Whether it is the package itself. Symbols (`.snupkg`) are for debuggers.
    fn is_package(&self) -> bool {
        self.file == format!("{}.{}.nupkg", self.id, self.version)
    }
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use super::*;
    use crate::ecosystem::trace::{explained, index};

    #[test]
    fn a_package_is_downloaded_by_its_nupkg() {
        let trace = include_str!("nuget/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Nuget, "/nuget/", &["acme.*"], trace), @"
        # NuGet .NET Core MSBuild Task/6.12.0 (Linux): dotnet restore; X-NuGet-Session-Id on every request
        GET /nuget/v3/index.json
          not counted
          the document https://up.test/root/v3/index.json with its addresses pointed here
        GET /nuget/v3/content/acme.compass/index.json
          metadata | acme.compass | /v3/content/ | index.json
          302 to acme.compass/index.json of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        GET /nuget/v3/content/acme.compass/2.1.0-beta.1/acme.compass.2.1.0-beta.1.nupkg
          download | acme.compass | /v3/content/ | 2.1.0-beta.1 | acme.compass.2.1.0-beta.1.nupkg
          302 to acme.compass/2.1.0-beta.1/acme.compass.2.1.0-beta.1.nupkg of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        GET /nuget/v3/content/tideline.demo/index.json
          not counted
          302 to tideline.demo/index.json of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        GET /nuget/v3/content/tideline.demo/0.3.0/tideline.demo.0.3.0.nupkg
          not counted
          302 to tideline.demo/0.3.0/tideline.demo.0.3.0.nupkg of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        # NuGet Command Line/6.11.0: as its users write names, and a package's description
        GET /nuget/v3/content/Acme.Compass/2.0.0/Acme.Compass.2.0.0.nupkg
          download | acme.compass | /v3/content/ | 2.0.0 | acme.compass.2.0.0.nupkg
          302 to Acme.Compass/2.0.0/Acme.Compass.2.0.0.nupkg of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        GET /nuget/v3/content/acme.compass/2.0.0/acme.compass.nuspec
          metadata | acme.compass | /v3/content/ | 2.0.0 | acme.compass.nuspec
          302 to acme.compass/2.0.0/acme.compass.nuspec of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        GET /nuget/v3/content/acme.compass/2.0.0/acme.compass.2.0.0.snupkg
          metadata | acme.compass | /v3/content/ | 2.0.0 | acme.compass.2.0.0.snupkg
          302 to acme.compass/2.0.0/acme.compass.2.0.0.snupkg of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        HEAD /nuget/v3/content/acme.compass/2.0.0/acme.compass.2.0.0.nupkg
          check | acme.compass | /v3/content/ | 2.0.0 | acme.compass.2.0.0.nupkg
          302 to acme.compass/2.0.0/acme.compass.2.0.0.nupkg of the PackageBaseAddress/3.0.0 that https://up.test/root/v3/index.json tells
        # what the feed has besides
        GET /nuget/v3/registration5-semver1/acme.compass/index.json
          not counted
          302 to https://up.test/root/v3/registration5-semver1/acme.compass/index.json
        POST /nuget/v3/index.json
          not counted
          405: this server answers GET and HEAD
        ");
    }

    #[test]
    fn the_service_index_is_below_the_upstream_or_the_upstream_itself() {
        let mut index = index(IndexKind::Nuget, "/", &[]);
        let url = |index: &Index| services(index).map(|document| String::from(document.url));
        assert_eq!(
            url(&index).as_deref(),
            Some("https://up.test/root/v3/index.json")
        );
        index.upstream = "https://up.test/acme/index.json/"
            .parse()
            .expect("an address");
        assert_eq!(
            url(&index).as_deref(),
            Some("https://up.test/acme/index.json")
        );
    }

    #[test]
    fn what_is_no_package_is_nobodys() {
        for rest in [
            "",
            "acme.compass",
            "acme.compass/",
            "/2.1.0/x.nupkg",
            "a/1/b/c.nupkg",
            "a%20b/index.json",
        ] {
            assert_eq!(Asked::read(rest), None, "{rest}");
        }
    }
}
