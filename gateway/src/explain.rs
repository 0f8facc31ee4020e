//! What would happen to a request, without doing it: for `weir explain`.

pub(crate) mod body;

use std::sync::Arc;

use url::Url;
use weir_config::Catalogue;
use weir_config::settings::Gateway as Settings;

use crate::date;
use crate::ecosystem::collector::Collector;
use crate::ecosystem::document::{Then, Told};
use crate::ecosystem::event::Wanted;
use crate::ecosystem::{Decision, Plan, cargo, conda, npm, oci, pypi};
use crate::head::{Fields, Head, Refusal};
use crate::moment::Moment;
use crate::routes::Routes;

/// The route that matches, the answer and the event.
#[derive(Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What would be answered, in one sentence.
    pub answer: String,
    /// The address asks not to be counted.
    pub opted_out: bool,
    /// What would be recorded: names and values of the event's columns that are known beforehand.
    /// `None` where nothing is recorded.
    pub event: Option<Vec<(&'static str, String)>>,
}

/// Why there is nothing to explain.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// Not an absolute http or https address.
    #[error("give a whole address such as http://get.acme.example/rocket/1.2.3/linux-amd64.tar.gz")]
    NotAnAddress,
    /// The gateway would refuse the request before looking for a route.
    #[error("such a request is refused with status {status}: {reason}")]
    Refused {
        /// The status of the answer.
        status: u16,
        /// What is wrong with it.
        reason: String,
    },
    /// What the request asks for depends on no body.
    #[error("nothing reads a body there; ask without one")]
    NoBody,
}

impl From<Refusal> for ExplainError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused {
            status: refusal.status(),
            reason: refusal.to_string(),
        }
    }
}

/// Explains a request of `method` for `address` under `settings`.
pub fn explain(
    catalogue: Arc<Catalogue>,
    settings: &Settings,
    method: &str,
    address: &str,
) -> Result<Explanation, ExplainError> {
    let (host, target) = split(address)?;
    let fields = [httparse::Header {
        name: "host",
        value: host.as_bytes(),
    }];
    let head = Head::new(method, target, Fields::raw(&fields))?;
    let routes = Routes::new(catalogue);
    let decision = date::now(|now| routes.decide(&head, Moment::unasked(now)));
    Ok(Explanation {
        answer: if settings.always_proxies(&head.host) {
            streamed(describe(&decision))
        } else {
            describe(&decision)
        },
        opted_out: head.opted_out,
        event: decision
            .fact
            .filter(|_| !head.opted_out)
            .map(|fact| columns(&head, &fact)),
    })
}

/// Host and target of an address, by hand: a URL parser would tidy away what a client really sends.
fn split(address: &str) -> Result<(&str, &str), ExplainError> {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .ok_or(ExplainError::NotAnAddress)?;
    let at = rest.find('/').unwrap_or(rest.len());
    let (host, target) = rest.split_at(at);
    Ok((host, if target.is_empty() { "/" } else { target }))
}

/// The answer on a domain that always proxies, where the client is sent nowhere.
fn streamed(answer: String) -> String {
    let to = ["302 to ", "307 to "]
        .iter()
        .find_map(|redirect| answer.strip_prefix(redirect));
    match to {
        Some(to) => format!("200 from {to}, passed through"),
        None => answer,
    }
}

fn columns(head: &Head<'_>, fact: &crate::fact::Fact<'_>) -> Vec<(&'static str, String)> {
    let all = [
        ("kind", fact.kind.as_str().to_owned()),
        ("package", fact.package.clone().into_owned()),
        ("ecosystem", fact.ecosystem.to_owned()),
        ("domain", fact.domain(&head.host).to_owned()),
        ("route", fact.route.clone().into_owned()),
        ("version", fact.version.clone().into_owned()),
        ("artifact", fact.artifact.clone().into_owned()),
        ("os", fact.os.clone().into_owned()),
        ("arch", fact.arch.clone().into_owned()),
        ("page", fact.page.clone().into_owned()),
        ("method", head.method.as_str().to_owned()),
    ];
    let own = fact
        .props
        .iter()
        .map(|(name, value)| ("props", format!("{name}={value}")));
    all.into_iter()
        .chain(own)
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn describe(decision: &Decision<'_>) -> String {
    match &decision.plan {
        Plan::Reply(reply) => format!("{} from here", reply.status),
        Plan::Redirect { status, location } => format!("{status} to {location}"),
        Plan::Forward { url, .. } => format!("the bytes of {url}, passed through"),
        Plan::Probe { url, .. } => format!("200 with the headers of {url}"),
        Plan::Document(document) => {
            format!(
                "the document {} with its addresses pointed here",
                document.url
            )
        }
        Plan::Listed {
            document,
            file,
            beside,
        } => format!("302 to where {} says {file}{beside} is", document.url),
        Plan::Latest { route, .. } => {
            let releases = route
                .releases
                .as_ref()
                .map(|releases| releases.latest.as_str());
            format!(
                "302 to the version that {} names, as {} leads",
                releases.unwrap_or_default(),
                route.to.as_ref().map_or("", |to| to.as_str())
            )
        }
        Plan::Script { url, .. } => format!("the text of {url}, passed through"),
        Plan::Told(told) => describe_told(told),
        Plan::Collect(Collector::Events(Wanted { status, .. })) => {
            format!("{status} when the body's events are read")
        }
        Plan::Collect(Collector::Installs { .. }) => {
            "200 when the body's installs are read".to_owned()
        }
        Plan::Collect(Collector::Compat(message)) => {
            format!("{} when the body is read", message.status())
        }
        Plan::Collect(Collector::Page(_)) => "204 when the body's view or copy is read".to_owned(),
        Plan::Statement(_) => "200 with what is kept of a request, from here".to_owned(),
        Plan::Fail(failure) => format!("{}: {failure}", failure.status()),
        Plan::Oci(ask) => describe_oci(ask),
        Plan::Pypi(ask) => describe_pypi(ask),
        Plan::Npm(ask) => describe_npm(ask),
        Plan::Cargo(ask) => describe_cargo(ask),
        Plan::Conda(ask) => describe_conda(ask),
    }
}

fn describe_told(told: &Told<'_>) -> String {
    let Told {
        by,
        service,
        wanted,
        ..
    } = told;
    let place = format!("{wanted} of the {service} that {} tells", by.url);
    match &told.then {
        Then::SendOn => format!("302 to {place}"),
        Then::Serve(_) => format!("{place}, with its addresses pointed here"),
        Then::Find(_, file) => format!("302 to where {place} says {file} is"),
        Then::Lead => format!("the source at {place}, pointed here if it is an archive"),
        Then::Follow => format!("302 to the source at {place}"),
    }
}

fn describe_oci(ask: &oci::Ask<'_>) -> String {
    let lives =
        |target: &oci::Target<'_>| format!("{}{}", target.image.registry, target.repository);
    let upstream = |subject: &oci::Subject<'_>| lives(&subject.target);
    match ask {
        oci::Ask::Manifest(subject) => {
            format!(
                "the manifest {} of {}; a download is counted at its first layer",
                subject.reference,
                upstream(subject)
            )
        }
        oci::Ask::Blob(subject) => format!(
            "the blob {} of {}, where that registry keeps it",
            subject.reference,
            upstream(subject)
        ),
        oci::Ask::Tags(target) => format!("the tags of {}", lives(target)),
        oci::Ask::Referrers(subject) => format!(
            "what refers to {} of {}",
            subject.reference,
            upstream(subject)
        ),
        oci::Ask::Token => "a token, from the upstream's own token service".to_owned(),
        oci::Ask::SignIn(Some(name)) => {
            format!("401: {name} is private, the client signs in first")
        }
        oci::Ask::SignIn(None) => {
            "401: there are private images here, so clients ask for a token first".to_owned()
        }
    }
}

fn describe_pypi(ask: &pypi::Ask<'_>) -> String {
    let join = |base: &Url, project: &str| format!("{base}{project}/");
    match ask {
        pypi::Ask::Page { index, project, .. } => format!(
            "the page {} with its files pointed here",
            join(&index.upstream, project)
        ),
        pypi::Ask::File {
            index,
            project,
            filename,
        } => {
            format!(
                "302 to where {} says {filename} is",
                join(&index.upstream, project)
            )
        }
        pypi::Ask::FileMetadata {
            index,
            project,
            filename,
        } => {
            format!(
                "302 to the metadata beside {filename}, as {} says",
                join(&index.upstream, project)
            )
        }
    }
}

fn describe_npm(ask: &npm::Ask<'_>) -> String {
    match ask {
        npm::Ask::Document {
            index,
            package,
            version,
            ..
        } => {
            let version = version
                .map(|version| format!("/{version}"))
                .unwrap_or_default();
            format!(
                "the document {}{}{version} with its tarballs pointed here",
                index.upstream,
                npm::segment(package)
            )
        }
        npm::Ask::Tarball {
            index,
            package,
            filename,
        } => format!(
            "302 to where {} says {filename} of {package} is",
            index.upstream
        ),
    }
}

fn describe_cargo(ask: &cargo::Ask<'_>) -> String {
    match ask {
        cargo::Ask::Config { index } => {
            format!("{}config.json with downloads pointed here", index.upstream)
        }
        cargo::Ask::Crate {
            index,
            name,
            version,
        } => format!("302 to where {} keeps {name} {version}", index.upstream),
    }
}

fn describe_conda(ask: &conda::Ask<'_>) -> String {
    match ask {
        conda::Ask::List { document, .. } => format!(
            "302 to {}, or the same from here where it has its packages elsewhere",
            document.url
        ),
        conda::Ask::Package {
            index,
            folder,
            file,
            ..
        } => format!(
            "302 to where {}{} says {file} is",
            index.upstream.as_str().trim_end_matches('/'),
            folder
        ),
    }
}
