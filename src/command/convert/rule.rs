//! One rule of Scarf's as entries of ours.

use weir_config::{Template as Ours, host_name};

use super::entry::{Entry, Item, ListedFile, Route, Way};
use super::manifest::{Kind, PythonFile, Written};
use super::report::{Refusal, Report};
use super::template::{Names, Template, with_query_of};
use super::{image, regex};

/// What a manifest's domains are to be called here, in place of Scarf's own.
pub(super) type Renamed = [(String, String)];

/// Converts a rule; what it will do otherwise than at Scarf goes into the report.
///
/// `index` is the index that lists the project's files, if there is one to ask.
pub(super) fn entries(
    number: usize,
    rule: &Written,
    index: Option<&str>,
    renamed: &Renamed,
    report: &mut Report,
) -> Result<Vec<Entry>, Refusal> {
    let domain = domain(number, &rule.domain, renamed, report)?;
    let items = items(number, &rule.kind, index, report)?;
    let entry = |item| Entry {
        rule: number,
        package: rule.package(),
        id: rule.id(),
        domain: domain.clone(),
        item,
    };
    let mut entries: Vec<Entry> = items.into_iter().map(entry).collect();
    if let Kind::Images { .. } = rule.kind {
        // Each image is a package of its own, called as the image is.
        for entry in &mut entries {
            if let Item::Image { name, .. } = &entry.item {
                entry.package.clone_from(name);
            }
        }
    }
    Ok(entries)
}

fn items(
    number: usize,
    kind: &Kind,
    index: Option<&str>,
    report: &mut Report,
) -> Result<Vec<Item>, Refusal> {
    match kind {
        Kind::Image {
            repository_name,
            registry,
        } => Ok(vec![image_item(repository_name, registry)]),
        Kind::Images { pattern, registry } => {
            let patterns = image::alternatives(pattern)?;
            Ok(patterns
                .iter()
                .map(|pattern| image_item(pattern, registry))
                .collect())
        }
        Kind::File {
            incoming_path,
            outgoing_url,
        } => file(number, incoming_path, outgoing_url.as_deref(), report),
        Kind::Regex {
            incoming_path,
            outgoing_url,
        } => {
            let route = by_regex(number, incoming_path, outgoing_url.as_deref(), report)?;
            Ok(vec![Item::Route(route)])
        }
        Kind::Python(file) => Ok(vec![match index {
            Some(upstream) => {
                let about = format!("{upstream} says which files there are, not the manifest");
                let help = "lock files with addresses of files in them have to be made again";
                report.changed(number, Refusal::new(about, help));
                Item::Indexed {
                    upstream: upstream.to_owned(),
                }
            }
            None => Item::File(listed(file)?),
        }]),
        Kind::CatchAll {
            redirect_target_domain,
        } => {
            let to = redirect_target_domain
                .as_ref()
                .filter(|target| !target.is_empty());
            let to = to.map(|target| format!("https://{}/", target.trim_end_matches('/')));
            Ok(vec![Item::Route(Route {
                to,
                ..Route::of(Way::CatchAll)
            })])
        }
        Kind::Telemetry {
            incoming_path,
            access_tokens,
        } => {
            telemetry(incoming_path, access_tokens.as_deref()).map(|route| vec![Item::Route(route)])
        }
    }
}

fn domain(
    number: usize,
    written: &str,
    renamed: &Renamed,
    report: &mut Report,
) -> Result<String, Refusal> {
    let Some(name) = host_name(written) else {
        return Err(Refusal::new(
            format!("{written:?} is not a domain"),
            "write the host name alone",
        ));
    };
    if let Some((_, new)) = renamed.iter().find(|(old, _)| *old == name) {
        return Ok(new.clone());
    }
    if name == "scarf.sh" || name.ends_with(".scarf.sh") {
        report.changed(
            number,
            Refusal::new(
                format!("{name} is Scarf's and cannot lead here"),
                format!("convert again with --domain {name}=ONE.OF.YOURS"),
            ),
        );
    }
    Ok(name.into_owned())
}

fn image_item(name: &str, registry: &str) -> Item {
    Item::Image {
        name: name.to_owned(),
        upstream: format!("{}/{name}", image::registry(registry)),
    }
}

/// A file-v1 rule; a second route beside it where its last variable may be empty.
fn file(
    number: usize,
    incoming: &str,
    outgoing: Option<&str>,
    report: &mut Report,
) -> Result<Vec<Item>, Refusal> {
    let incoming = Template::parse(incoming)?;
    let outgoing = outgoing.map(Template::parse).transpose()?;
    let names = Names::new(incoming.variables())?;
    let route = by_template(number, &incoming, outgoing.as_ref(), &names, report)?;
    if in_order_there(&route) {
        report.changed(number, Refusal::new(
            "its query parameters match in any order and among others; Scarf takes them as written alone",
            "",
        ));
    }
    let mut items = vec![Item::Route(route)];
    if let Some((incoming, last)) = incoming.without_last() {
        let outgoing = outgoing.map(|outgoing| outgoing.without(last));
        let route = by_template(number, &incoming, outgoing.as_ref(), &names, report)?;
        items.push(Item::Route(Route {
            implied: true,
            ..route
        }));
    }
    Ok(items)
}

fn by_template(
    number: usize,
    incoming: &Template,
    outgoing: Option<&Template>,
    names: &Names,
    report: &mut Report,
) -> Result<Route, Refusal> {
    let path = incoming.path(names)?;
    let target = outgoing.map(|outgoing| outgoing.target(names));
    for change in path
        .changes
        .into_iter()
        .chain(target.iter().flat_map(|target| target.changes.clone()))
    {
        report.changed(number, change);
    }
    let to = target.map(|target| with_query_of(&target.text, &path.text));
    Ok(Route {
        to,
        order: incoming.segments(),
        ..Route::of(Way::Path(path.text))
    }
    .collecting_without_target())
}

/// Whether Scarf matches path and query as one text: it does where a variable stands in a template with a query.
fn in_order_there(route: &Route) -> bool {
    let Way::Path(path) = &route.way else {
        return false;
    };
    let template = Ours::parse(path);
    template.is_ok_and(|template| template.has_query() && template.variables().next().is_some())
}

fn by_regex(
    number: usize,
    pattern: &str,
    outgoing: Option<&str>,
    report: &mut Report,
) -> Result<Route, Refusal> {
    let names = Names::new(regex::groups(pattern).into_iter())?;
    let target = outgoing.map(Template::parse).transpose()?;
    let target = target.map(|target| target.target(&names));
    for change in target.iter().flat_map(|target| &target.changes) {
        report.changed(number, change.clone());
    }
    Ok(Route {
        to: target.map(|target| target.text),
        order: vec![pattern.to_owned()],
        ..Route::of(Way::Regex(regex::ours(pattern, &names)))
    }
    .collecting_without_target())
}

fn telemetry(path: &str, tokens: Option<&[String]>) -> Result<Route, Refusal> {
    if tokens.is_some_and(|tokens| tokens.iter().all(|token| token.trim().is_empty())) {
        return Err(Refusal::new(
            "its access-tokens are empty, so nobody may send",
            "name a token, or take access-tokens out of the rule if anyone may send",
        ));
    }
    let tokens = tokens.map(|tokens| {
        let tokens = tokens
            .iter()
            .map(|token| token.trim())
            .filter(|token| !token.is_empty());
        tokens.map(str::to_owned).collect()
    });
    // The path is text, not a template.
    let path = path
        .replace('%', "%25")
        .replace('{', "%7B")
        .replace('}', "%7D")
        .replace('?', "%3F")
        .replace('#', "%23");
    let path = Template::parse(&path)?
        .path(&Names::new(std::iter::empty())?)?
        .text;
    Ok(Route {
        collects: true,
        post_only: true,
        tokens,
        ..Route::of(Way::Path(path))
    })
}

fn listed(file: &PythonFile) -> Result<ListedFile, Refusal> {
    let (url, fragment) = match file.backend_url.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (file.backend_url.as_str(), None),
    };
    let hash = match &file.hash_value {
        Some(hash) => Some(format!("{}={}", hash.algorithm, hash.hex)),
        None => fragment
            .filter(|text| text.contains('='))
            .map(str::to_owned),
    };
    if file.file_name.is_empty() {
        return Err(Refusal::new("it names no file", "give its file-name"));
    }
    Ok(ListedFile {
        filename: file.file_name.clone(),
        url: url.to_owned(),
        hash,
        requires_python: file.requires_python.clone(),
        gpg_sig: file.gpg_sig,
    })
}
