//! Terraform's and `OpenTofu`'s providers and modules by their registry protocols (Terraform
//! documentation, "Provider Registry Protocol", "Module Registry Protocol").
//!
//! A host says where its services are, and each version's document where its archive, its sums and
//! their signature are: all of these lead here. The sums are sent on unsoiled, so signatures hold. A
//! module's source leads here where it is an archive by HTTP; of others, such as a Git repository,
//! nothing comes by, so the question for the source is their download.

mod asked;
mod discovery;
mod release;
pub(crate) mod source;

use std::borrow::Cow;

use weir_config::catalogue::Index;
use weir_event::Kind;

use self::asked::{Asked, Thing};
use crate::answer::Failure;
use crate::ecosystem::document::{self, Document, Reading, Then, Told};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// Where clients look for a host's services (Terraform documentation, "Remote Service Discovery").
pub(crate) const DISCOVERY: &str = "/.well-known/terraform.json";
/// Where the documents of providers are here.
const PROVIDERS: &str = "/v1/providers/";
/// Where the documents of modules are here.
const MODULES: &str = "/v1/modules/";
/// Where the files of providers are here.
const FILES: &str = "/files/";
/// Where the archives of modules are here.
const ARCHIVES: &str = "/archives/";

/// Says where the services are. Clients ask the host, wherever on it the index is.
pub(crate) fn discovery<'a>(head: &Head<'a>, index: &'a Index) -> Decision<'a> {
    onward::unless_reading(head).unwrap_or_else(|| {
        Decision::uncounted(services(index).map_or_else(unknown, Plan::Document))
    })
}

/// Decides a request below a Terraform registry.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Decision<'a> {
    if let Some(refusal) = onward::unless_reading(head) {
        return refusal;
    }
    let Some((route, service, rest)) = place(path) else {
        return onward::pass(head, index, path);
    };
    let asked = match route {
        PROVIDERS => asked::of_provider(rest),
        FILES => asked::of_file(rest),
        MODULES => asked::of_module(rest),
        _ => asked::of_archive(rest),
    };
    let documents = matches!(route, PROVIDERS | MODULES);
    let ours = asked
        .as_ref()
        .is_some_and(|asked| index.counts(&asked.package));
    let (wanted, then) = match &asked {
        Some(asked) if ours || !documents => wanted(asked, rest, head.query),
        // Documents of others lead to where they always led.
        _ if documents => (with_query(rest, head.query), Then::SendOn),
        _ => {
            let fact = Fact::new(Kind::BrokenLink, "terraform", "", route);
            return Decision::new(unknown(), fact);
        }
    };
    let told = |by| {
        Plan::Told(Box::new(Told {
            by,
            service,
            wanted,
            place: document::below,
            then,
        }))
    };
    let plan = services(index).map_or_else(unknown, told);
    match asked.filter(|_| ours) {
        Some(asked) => Decision::new(plan, fact(head, route, asked)),
        None => Decision::uncounted(plan),
    }
}

/// Which of our paths it is below, the service that knows, and the rest of the path.
fn place(path: &str) -> Option<(&'static str, &'static str, &str)> {
    [
        (PROVIDERS, discovery::PROVIDERS),
        (FILES, discovery::PROVIDERS),
        (MODULES, discovery::MODULES),
        (ARCHIVES, discovery::MODULES),
    ]
    .into_iter()
    .find_map(|(route, service)| Some((route, service, path.strip_prefix(route)?)))
}

/// What of the upstream's service answers the question, and what is done with it.
fn wanted(asked: &Asked, rest: &str, query: Option<&str>) -> (String, Then) {
    let Asked {
        package, version, ..
    } = asked;
    let release = Reading {
        accept: "application/json",
        content_type: "application/json",
        rewrite: release::rewrite,
    };
    match &asked.thing {
        Thing::Release { os, arch } => {
            let wanted = format!("{package}/{version}/download/{os}/{arch}");
            (wanted, Then::Serve(release))
        }
        Thing::File { os, arch, file } => {
            let wanted = format!("{package}/{version}/download/{os}/{arch}");
            (wanted, Then::Find(release, file.clone()))
        }
        Thing::Source => (format!("{package}/{version}/download"), Then::Lead),
        Thing::Archive { .. } => (format!("{package}/{version}/download"), Then::Follow),
        Thing::List => (with_query(rest, query), Then::SendOn),
    }
}

fn with_query(rest: &str, query: Option<&str>) -> String {
    query.map_or_else(|| rest.to_owned(), |query| format!("{rest}?{query}"))
}

fn fact<'a>(head: &Head<'a>, route: &'a str, asked: Asked) -> Fact<'a> {
    let kind = if asked.is_artifact() {
        onward::of_file(head)
    } else {
        onward::of_metadata(head)
    };
    let mut fact = Fact::new(kind, "terraform", "", route);
    fact.package = Cow::Owned(asked.package);
    fact.version = Cow::Owned(asked.version);
    match asked.thing {
        Thing::Release { os, arch } => (fact.os, fact.arch) = (os.into(), arch.into()),
        Thing::File { os, arch, file } => {
            (fact.os, fact.arch) = (os.into(), arch.into());
            fact.artifact = Cow::Owned(file);
        }
        Thing::Archive { file } => fact.artifact = Cow::Owned(file),
        Thing::Source | Thing::List => {}
    }
    fact
}

fn services(index: &Index) -> Option<Document<'_>> {
    Some(Document {
        index,
        url: index.upstream.join(DISCOVERY).ok()?,
        name: Cow::Borrowed("services"),
        accept: "application/json",
        content_type: "application/json",
        rewrite: discovery::rewrite,
    })
}

fn unknown<'a>() -> Plan<'a> {
    Plan::Fail(Failure::UnknownPath)
}

/// Where the archive of a module's version is here, for an index at `mount`: `below` is the path of its documents.
pub(crate) fn archive(mount: &str, below: &str, file: &str) -> Option<String> {
    let version = below.strip_suffix("/download")?;
    Some(format!("{mount}{ARCHIVES}{version}/{file}"))
}

#[cfg(test)]
mod tests {
    use weir_config::catalogue::IndexKind;

    use crate::ecosystem::trace::explained;

    #[test]
    fn a_provider_is_downloaded_by_its_zip_and_a_module_by_its_archive() {
        let trace = include_str!("terraform/trace.txt");
        insta::assert_snapshot!(explained(IndexKind::Terraform, "/tf/", &["acme/*"], trace), @"
        # terraform 1.11.4 init: a provider
        GET /.well-known/terraform.json
          not counted
          the document https://up.test/.well-known/terraform.json with its addresses pointed here
        GET /tf/v1/providers/acme/compass/versions
          metadata | acme/compass | /v1/providers/
          302 to acme/compass/versions of the providers.v1 that https://up.test/.well-known/terraform.json tells
        GET /tf/v1/providers/acme/compass/2.1.0/download/linux/amd64
          metadata | acme/compass | /v1/providers/ | 2.1.0 | linux | amd64
          acme/compass/2.1.0/download/linux/amd64 of the providers.v1 that https://up.test/.well-known/terraform.json tells, with its addresses pointed here
        GET /tf/files/acme/compass/2.1.0/linux/amd64/SHA256SUMS
          metadata | acme/compass | /files/ | 2.1.0 | SHA256SUMS | linux | amd64
          302 to where acme/compass/2.1.0/download/linux/amd64 of the providers.v1 that https://up.test/.well-known/terraform.json tells says SHA256SUMS is
        GET /tf/files/acme/compass/2.1.0/linux/amd64/SHA256SUMS.sig
          metadata | acme/compass | /files/ | 2.1.0 | SHA256SUMS.sig | linux | amd64
          302 to where acme/compass/2.1.0/download/linux/amd64 of the providers.v1 that https://up.test/.well-known/terraform.json tells says SHA256SUMS.sig is
        HEAD /tf/files/acme/compass/2.1.0/linux/amd64/terraform-provider-compass_2.1.0_linux_amd64.zip
          check | acme/compass | /files/ | 2.1.0 | terraform-provider-compass_2.1.0_linux_amd64.zip | linux | amd64
          302 to where acme/compass/2.1.0/download/linux/amd64 of the providers.v1 that https://up.test/.well-known/terraform.json tells says terraform-provider-compass_2.1.0_linux_amd64.zip is
        GET /tf/files/acme/compass/2.1.0/linux/amd64/terraform-provider-compass_2.1.0_linux_amd64.zip
          download | acme/compass | /files/ | 2.1.0 | terraform-provider-compass_2.1.0_linux_amd64.zip | linux | amd64
          302 to where acme/compass/2.1.0/download/linux/amd64 of the providers.v1 that https://up.test/.well-known/terraform.json tells says terraform-provider-compass_2.1.0_linux_amd64.zip is
        # the same: a module
        GET /tf/v1/modules/acme/rose/generic/versions
          metadata | acme/rose/generic | /v1/modules/
          302 to acme/rose/generic/versions of the modules.v1 that https://up.test/.well-known/terraform.json tells
        GET /tf/v1/modules/acme/rose/generic/1.0.0/download
          metadata | acme/rose/generic | /v1/modules/ | 1.0.0
          the source at acme/rose/generic/1.0.0/download of the modules.v1 that https://up.test/.well-known/terraform.json tells, pointed here if it is an archive
        HEAD /tf/archives/acme/rose/generic/1.0.0/rose-1.0.0.tar.gz?terraform-get=1
          check | acme/rose/generic | /archives/ | 1.0.0 | rose-1.0.0.tar.gz
          302 to the source at acme/rose/generic/1.0.0/download of the modules.v1 that https://up.test/.well-known/terraform.json tells
        GET /tf/archives/acme/rose/generic/1.0.0/rose-1.0.0.tar.gz
          download | acme/rose/generic | /archives/ | 1.0.0 | rose-1.0.0.tar.gz
          302 to the source at acme/rose/generic/1.0.0/download of the modules.v1 that https://up.test/.well-known/terraform.json tells
        # providers lock -platform=darwin_arm64, of somebody else's
        GET /tf/v1/providers/tideline/demo/0.3.0/download/darwin/arm64
          not counted
          302 to tideline/demo/0.3.0/download/darwin/arm64 of the providers.v1 that https://up.test/.well-known/terraform.json tells
        # what is nowhere, and what the registry has besides
        GET /tf/files/acme/compass/2.1.0/linux/other.zip
          broken_link | /files/
          404: nothing is served at this path
        GET /tf/v1/modules/acme/rose/generic?offset=5
          not counted
          302 to acme/rose/generic?offset=5 of the modules.v1 that https://up.test/.well-known/terraform.json tells
        GET /tf/v1/modules/search?q=rose
          not counted
          302 to search?q=rose of the modules.v1 that https://up.test/.well-known/terraform.json tells
        GET /tf/v2/providers
          not counted
          302 to https://up.test/root/v2/providers
        POST /tf/v1/modules/acme/rose/generic/versions
          not counted
          405: this server answers GET and HEAD
        ");
    }
}
