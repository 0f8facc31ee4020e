//! `[[package.route]]` as written.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::{Item, Reading, Table, event, nearest, releases, url};
use crate::catalogue::{Intake, Matcher, Origin, Place, Route};
use crate::template::Template;

/// Most bytes of a compiled regex.
const REGEX_LIMIT: usize = 1 << 20;

/// Reads the routes of a package of kind `file`: those written, and that of its releases.
pub(super) fn file_routes(package: &mut Table<'_>, reading: &mut Reading) -> Box<[Route]> {
    let Some(item) = package.take("releases") else {
        releases::refuse_options(package, reading);
        return routes(package, reading, true, Answer::read).into();
    };
    let read = releases::releases(&item, package, reading);
    let mut routes = routes(package, reading, false, Answer::read);
    if let Some((releases, every_file)) = read {
        for route in &mut routes {
            route.releases = Some(Arc::clone(&releases));
        }
        routes.push(every_file);
    }
    routes.into()
}

/// Reads the routes of a package of kind `script`.
pub(super) fn script_routes(package: &mut Table<'_>, reading: &mut Reading) -> Box<[Route]> {
    routes(package, reading, true, Answer::read_script).into()
}

/// Reads the routes of a package of kind `event`, which lead nowhere.
pub(super) fn event_routes(package: &mut Table<'_>, reading: &mut Reading) -> Box<[Route]> {
    let read = |table: &mut Table<'_>, _: Option<&Path>, reading: &mut Reading| Answer {
        status: event::status(table, reading),
        intake: Some(Box::new(event::intake(table, reading))),
        ..Answer::default()
    };
    routes(package, reading, true, read).into()
}

/// How a route recognises a request, as written.
struct Path {
    matcher: Matcher,
    place: Place,
}

/// What a route does with a request, as written.
#[derive(Default)]
struct Answer {
    to: Option<Template>,
    status: u16,
    proxy: bool,
    intake: Option<Box<Intake>>,
}

impl Answer {
    fn read(table: &mut Table<'_>, path: Option<&Path>, reading: &mut Reading) -> Self {
        let status = redirect_status(table, reading);
        let proxy = table.take("proxy").and_then(|item| item.boolean(reading));
        let to = table.take("to");
        if to.is_none() && proxy == Some(true) {
            let problem = table.problem("there is nothing to proxy");
            reading.error(problem.help("add to = \"https://…\", or leave out proxy"));
        }
        let to = to.and_then(|item| target(&item, path.map(|path| &path.matcher), reading));
        Self {
            to,
            status,
            proxy: proxy.unwrap_or(false),
            ..Self::default()
        }
    }

    /// A script is always passed through, so how it is answered is no choice.
    fn read_script(table: &mut Table<'_>, path: Option<&Path>, reading: &mut Reading) -> Self {
        let to = table.require("to", "\"https://host/install.sh\"", reading);
        let to = to.and_then(|item| target(&item, path.map(|path| &path.matcher), reading));
        Self {
            to,
            status: 302,
            proxy: true,
            ..Self::default()
        }
    }
}

fn routes(
    package: &mut Table<'_>,
    reading: &mut Reading,
    needed: bool,
    answer: impl Fn(&mut Table<'_>, Option<&Path>, &mut Reading) -> Answer,
) -> Vec<Route> {
    let tables = package.tables("route", reading);
    if tables.is_empty() && needed {
        let problem = package.problem("the package has no route, so nothing reaches it");
        reading.error(problem.help("add [[package.route]] with a path below it"));
    }
    let mut routes = Vec::with_capacity(tables.len());
    for mut table in tables {
        let path = path(&mut table, reading);
        // A route whose path is wrong is still read, for what else is wrong with it.
        let answer = answer(&mut table, path.as_ref(), reading);
        table.finish(reading);
        let streamed = answer.to.as_ref().filter(|_| answer.proxy);
        let origin = streamed.and_then(|to| Origin::of(to.as_str()));
        routes.extend(path.map(|path| Route {
            path: path.matcher,
            origin: origin.map(Box::new),
            to: answer.to,
            status: answer.status,
            proxy: answer.proxy,
            releases: None,
            intake: answer.intake,
            place: path.place,
        }));
    }
    routes
}

/// Reads the one of `path`, `regex` and `catch_all` that is there.
fn path(table: &mut Table<'_>, reading: &mut Reading) -> Option<Path> {
    let ways = ["path", "regex", "catch_all"].map(|key| (key, table.take(key)));
    let mut written = ways
        .into_iter()
        .filter_map(|(key, item)| Some((key, item?)));
    let (Some((key, item)), None) = (written.next(), written.next()) else {
        let problem = table.problem("a route has one of path, regex and catch_all");
        reading.error(
            problem.help("write path = \"/{version}/{file}\", or catch_all = true for every path"),
        );
        return None;
    };
    let matcher = match key {
        "path" => Matcher::Template(incoming(&item, reading)?),
        "regex" => Matcher::Regex(regex(&item, reading)?),
        _ => catch_all(&item, reading)?,
    };
    Some(Path {
        matcher,
        place: item.place(),
    })
}

fn incoming(item: &Item<'_>, reading: &mut Reading) -> Option<Template> {
    let template = url::template(item, reading)?;
    if !template.as_str().starts_with('/') {
        let problem = item.problem_at(0, "a path begins with \"/\"");
        reading.error(problem.help(format!("write \"/{}\"", template.as_str())));
        return None;
    }
    Some(template)
}

fn regex(item: &Item<'_>, reading: &mut Reading) -> Option<Regex> {
    let compile = |text: &str| RegexBuilder::new(text).size_limit(REGEX_LIMIT).build();
    let text = item.string(reading)?;
    // Alone first: "a)|(b" is no regex, though it becomes one between the brackets below.
    let compiled = compile(text).and_then(|_| compile(&Matcher::anchored(text)));
    match compiled {
        Ok(regex) => Some(regex),
        Err(error) => {
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ").trim_end_matches('.');
            reading.error(item.problem(format!("this regex does not work: {reason}")));
            None
        }
    }
}

fn catch_all(item: &Item<'_>, reading: &mut Reading) -> Option<Matcher> {
    if item.boolean(reading)? {
        return Some(Matcher::CatchAll);
    }
    let problem = item.problem("this route matches nothing");
    reading.error(problem.help("write catch_all = true, or a path"));
    None
}

/// Reads the status of a redirect.
pub(super) fn redirect_status(table: &mut Table<'_>, reading: &mut Reading) -> u16 {
    let Some(item) = table.take("status") else {
        return 302;
    };
    match item.integer(0..=999, reading) {
        Some(302) | None => 302,
        Some(307) => 307,
        Some(other) => {
            let problem = item.problem(format!("a route cannot answer {other}"));
            let permanent = matches!(other, 301 | 308);
            reading.error(problem.help(if permanent {
                "write 302 or 307: clients keep permanent redirects and never ask again, so nothing would be counted"
            } else {
                "write 302, or 307 where the method must be kept"
            }));
            302
        }
    }
}

/// Reads `to` and proves that a match of the route's path, if that is known, can fill it.
fn target(item: &Item<'_>, path: Option<&Matcher>, reading: &mut Reading) -> Option<Template> {
    let target = url::target(item, reading)?;
    let captured: Vec<&str> = match path? {
        Matcher::Template(template) => template.variables().collect(),
        Matcher::Regex(regex) => regex.capture_names().flatten().collect(),
        Matcher::CatchAll => Vec::new(),
    };
    if matches!(path, Some(Matcher::CatchAll)) && target.has_query() {
        let problem = item.problem("the target of a catch_all cannot have a query");
        reading
            .error(problem.help("leave it out: the request's path and query go behind the target"));
        return None;
    }
    let Some(missing) = target.variables().find(|name| !captured.contains(name)) else {
        return Some(target);
    };
    let problem = item.problem_at(
        offset_of(missing, &target),
        format!("the path does not capture {missing:?}"),
    );
    reading.error(match nearest(missing, &captured) {
        Some(known) => problem.help(format!("did you mean {{{known}}}?")),
        None if captured.is_empty() => {
            problem.help("it captures nothing: write a target without variables")
        }
        None => problem.help(format!("it captures {}", captured.join(", "))),
    });
    None
}

/// Where a template has a variable, in characters; templates are ASCII.
fn offset_of(variable: &str, template: &Template) -> usize {
    let written = [format!("{{{variable}}}"), format!("{{+{variable}}}")];
    let places = written
        .iter()
        .filter_map(|text| template.as_str().find(text));
    places.min().unwrap_or(0)
}
