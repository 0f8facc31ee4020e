//! Artifacts in a repository of Maven's layout, for Maven, Gradle, sbt, Coursier and their kin.
//!
//! Clients build every path from the repository's address and documents name none, so all of it is
//! sent on. What a build puts on its class path is the download; what describes it, its sources and
//! its documentation are looked at only.

mod layout;
mod native;

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use weir_config::catalogue::Index;

use crate::ecosystem::{Decision, onward};
use crate::fact::Fact;
use crate::head::Head;
use layout::Place;

/// Decides a request below a Maven repository.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let decoded = percent_decode_str(path).decode_utf8().unwrap_or_default();
    let Some(place) = Place::read(&decoded) else {
        return onward::pass(head, index, path);
    };
    let fact = fact(head, &place);
    if !index.counts(&fact.package) {
        return onward::pass(head, index, path);
    }
    let location = onward::address(index, path, head.query);
    let plan = if place.is_content() {
        onward::to_file(head, index, location)
    } else {
        onward::to_document(head, index, location)
    };
    Decision::new(plan, fact)
}

fn fact(head: &Head<'_>, place: &Place<'_>) -> Fact<'static> {
    let own = |text: &str| Cow::<'static, str>::Owned(text.to_owned());
    let kind = if place.is_content() {
        onward::of_file(head)
    } else {
        onward::of_metadata(head)
    };
    let mut fact = Fact::new(kind, "maven", "", "repository");
    fact.package = Cow::Owned(place.package());
    fact.version = own(place.version);
    fact.artifact = own(place.file);
    if !place.classifier.is_empty() {
        let platform = native::read(place.classifier);
        fact.os = platform.system.into();
        fact.arch = platform.processor.into();
        fact.props = vec![("classifier".into(), own(place.classifier))];
    }
    fact
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use crate::ecosystem::trace::explained;

    #[test]
    fn what_a_build_uses_is_a_download() {
        let trace = include_str!("maven/trace.txt");
        let packages = ["example.acme:*"];
        insta::assert_snapshot!(explained(IndexKind::Maven, "/maven/", &packages, trace), @r"
        # Apache-Maven/3.8.7 (Java 17.0.15; Linux 6.18.44-fc-v595): a release
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.pom
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0.pom
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.pom
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.pom.sha1
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0.pom.sha1
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.pom.sha1
        GET /maven/example/tideline/demo/0.3.0/demo-0.3.0.pom
          not counted
          302 to https://up.test/root/example/tideline/demo/0.3.0/demo-0.3.0.pom
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.jar
          download | example.acme:compass | repository | 2.1.0 | compass-2.1.0.jar
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.jar
        GET /maven/example/tideline/demo/0.3.0/demo-0.3.0.jar
          not counted
          302 to https://up.test/root/example/tideline/demo/0.3.0/demo-0.3.0.jar
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.jar.sha1
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0.jar.sha1
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.jar.sha1
        # the same: a snapshot
        GET /maven/example/acme/compass/2.2.0-SNAPSHOT/maven-metadata.xml
          metadata | example.acme:compass | repository | 2.2.0-SNAPSHOT | maven-metadata.xml
          302 to https://up.test/root/example/acme/compass/2.2.0-SNAPSHOT/maven-metadata.xml
        GET /maven/example/acme/compass/2.2.0-SNAPSHOT/maven-metadata.xml.sha1
          metadata | example.acme:compass | repository | 2.2.0-SNAPSHOT | maven-metadata.xml.sha1
          302 to https://up.test/root/example/acme/compass/2.2.0-SNAPSHOT/maven-metadata.xml.sha1
        GET /maven/example/acme/compass/2.2.0-SNAPSHOT/compass-2.2.0-20260701.120000-1.pom
          metadata | example.acme:compass | repository | 2.2.0-SNAPSHOT | compass-2.2.0-20260701.120000-1.pom
          302 to https://up.test/root/example/acme/compass/2.2.0-SNAPSHOT/compass-2.2.0-20260701.120000-1.pom
        GET /maven/example/acme/compass/2.2.0-SNAPSHOT/compass-2.2.0-20260701.120000-1.jar
          download | example.acme:compass | repository | 2.2.0-SNAPSHOT | compass-2.2.0-20260701.120000-1.jar
          302 to https://up.test/root/example/acme/compass/2.2.0-SNAPSHOT/compass-2.2.0-20260701.120000-1.jar
        # Gradle/4.4.1 (Linux;6.18.44-fc-v595;amd64) (Debian;17.0.15;17.0.15+6-Debian-1deb12u1): 2.+, with and without a classifier
        GET /maven/example/acme/compass/maven-metadata.xml
          metadata | example.acme:compass | repository | maven-metadata.xml
          302 to https://up.test/root/example/acme/compass/maven-metadata.xml
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.pom
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0.pom
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.pom
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0-linux-x86_64.jar
          download | example.acme:compass | repository | 2.1.0 | compass-2.1.0-linux-x86_64.jar | linux | amd64 | classifier=linux-x86_64
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0-linux-x86_64.jar
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.jar
          download | example.acme:compass | repository | 2.1.0 | compass-2.1.0.jar
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.jar
        # Gradle 6 and later read their own model; an IDE reads sources
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0.module
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0.module
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0.module
        GET /maven/example/acme/compass/2.1.0/compass-2.1.0-sources.jar
          metadata | example.acme:compass | repository | 2.1.0 | compass-2.1.0-sources.jar | classifier=sources
          302 to https://up.test/root/example/acme/compass/2.1.0/compass-2.1.0-sources.jar
        ");
    }
}
