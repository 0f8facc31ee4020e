//! Addresses of upstreams and targets.

use std::net::IpAddr;

use url::{Host, Url};

use super::{Item, Reading, nearest};
use crate::problem::Problem;
use crate::template::{Template, TemplateError};

/// Reads the address of an upstream: http or https, and nothing but host and path.
pub(super) fn upstream(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    let text = item.string(reading)?;
    match checked(item, text) {
        Ok(url) => {
            reading.warnings.extend(unencrypted(item, &url));
            Some(url)
        }
        Err(problem) => {
            reading.error(problem);
            None
        }
    }
}

/// Reads the base address of a collector.
pub(super) fn collector(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    let text = item.string(reading)?;
    let checked = parse(item, text).and_then(|url| {
        if url.query().is_none() && url.fragment().is_none() {
            return Ok(url);
        }
        let problem = item.problem("the address of a collector has no query and no fragment");
        Err(problem.help("leave out \"?\" or \"#\" and what follows"))
    });
    match checked {
        Ok(url) => {
            if url.scheme() == "http" && !is_loopback(&url) {
                let host = url.host_str().unwrap_or_default();
                let problem = item.problem(format!("what goes to {host} is not encrypted"));
                let warning = problem.help("write https:// if it answers there");
                reading.warnings.push(warning);
            }
            Some(url)
        }
        Err(problem) => {
            reading.error(problem);
            None
        }
    }
}

/// Reads the address of one file.
pub(super) fn artifact(item: &Item<'_>, reading: &mut Reading) -> Option<Url> {
    let text = item.string(reading)?;
    let checked = parse(item, text).and_then(|url| {
        if url.fragment().is_none() {
            return Ok(url);
        }
        let problem = item.problem("the address of a file has no fragment");
        Err(problem.help("leave out \"#\" and what follows; a hash goes into hash = \"sha256=…\""))
    });
    match checked {
        Ok(url) => {
            reading.warnings.extend(unencrypted(item, &url));
            Some(url)
        }
        Err(problem) => {
            reading.error(problem);
            None
        }
    }
}

/// Reads a target: a template whose scheme and host are literal, so that no request can choose where it leads.
pub(super) fn target(item: &Item<'_>, reading: &mut Reading) -> Option<Template> {
    let template = read(item, Template::parse_target, reading)?;
    match checked_target(item, &template) {
        Ok(origin) => {
            reading.warnings.extend(unencrypted(item, &origin));
            Some(template)
        }
        Err(problem) => {
            reading.error(problem);
            None
        }
    }
}

/// Reads a template that requests are matched against.
pub(super) fn template(item: &Item<'_>, reading: &mut Reading) -> Option<Template> {
    read(item, Template::parse, reading)
}

fn read(
    item: &Item<'_>,
    parse: fn(&str) -> Result<Template, TemplateError>,
    reading: &mut Reading,
) -> Option<Template> {
    let text = item.string(reading)?;
    match parse(text) {
        Ok(template) => Some(template),
        Err(error) => {
            reading.error(item.problem_at(error.offset, error.to_string()));
            None
        }
    }
}

fn checked(item: &Item<'_>, text: &str) -> Result<Url, Problem> {
    let url = parse(item, text)?;
    if url.query().is_some() || url.fragment().is_some() {
        let problem = item.problem("an upstream has no query and no fragment");
        return Err(problem.help("leave out \"?\" or \"#\" and what follows"));
    }
    Ok(url)
}

fn checked_target(item: &Item<'_>, template: &Template) -> Result<Url, Problem> {
    let prefix = template.literal_prefix();
    let end = prefix.chars().count();
    let Some((_, behind_scheme)) = prefix.split_once("://") else {
        let problem = item.problem_at(0, "a target begins with a literal scheme and host");
        return Err(problem.help("write it whole, such as https://host/path/{version}"));
    };
    let host_ends = behind_scheme.contains('/') || template.path_is_literal();
    if !host_ends {
        let problem = item.problem_at(end, "the host of a target cannot hold a variable");
        return Err(problem.help("write one route for each host"));
    }
    parse(item, prefix)
}

/// Reads what upstreams and targets share: scheme, host and no user.
fn parse(item: &Item<'_>, text: &str) -> Result<Url, Problem> {
    let url = Url::parse(text).map_err(|error| {
        let problem = item.problem(format!("{text:?} is not a URL: {error}"));
        problem.help("write it whole, such as https://host/path")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        let problem = item.problem(format!("unknown scheme {:?}", url.scheme()));
        return Err(
            problem.help(match nearest(url.scheme(), &["https", "http"]) {
                Some(known) => format!("did you mean {known:?}?"),
                None => "it is reached by https or http".to_owned(),
            }),
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        let problem = item.problem("a URL here cannot hold a user or password");
        return Err(problem
            .help("put them into a file and name it by a key such as credentials_file")
            .without_excerpt());
    }
    Ok(url)
}

/// Warns of downloads that anyone on the way can read and change.
fn unencrypted(item: &Item<'_>, url: &Url) -> Option<Problem> {
    let exposed = url.scheme() == "http" && !is_loopback(url);
    exposed.then(|| {
        let host = url.host_str().unwrap_or_default();
        let problem = item.problem(format!(
            "what comes from {host} is not encrypted on its way"
        ));
        problem.help("write https:// if it answers there")
    })
}

pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
