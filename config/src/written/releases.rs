//! A code host's releases as one line: `releases = "https://github.com/acme/rocket"`.
//!
//! The hosts differ in two addresses only: of a release's file, and of the newest release.

use std::sync::Arc;

use url::Url;

use super::{Item, Reading, Table, url as address};
use crate::catalogue::{Matcher, Releases, Route};
use crate::template::Template;

/// How a code host lays out its addresses.
#[derive(Clone, Copy)]
enum Forge {
    /// GitHub, and Forgejo and Gitea, which took over its addresses; Codeberg runs Forgejo.
    GitHub,
    GitLab,
}

const FORGES: [(&str, Forge); 6] = [
    ("github", Forge::GitHub),
    ("gitlab", Forge::GitLab),
    ("codeberg", Forge::GitHub),
    ("forgejo", Forge::GitHub),
    ("gitea", Forge::GitHub),
    ("gogs", Forge::GitHub),
];

impl Forge {
    /// What runs at a host, as far as its name tells.
    fn at(host: &str) -> Self {
        if host.split('.').any(|label| label == "gitlab") {
            Self::GitLab
        } else {
            Self::GitHub
        }
    }

    fn latest(self) -> &'static str {
        match self {
            Self::GitHub => "/releases/latest",
            Self::GitLab => "/-/releases/permalink/latest",
        }
    }

    /// The address of a release's file below the project, by the text of its tag.
    fn file(self, tag: &str) -> String {
        match self {
            Self::GitHub => format!("/releases/download/{tag}/{{file}}"),
            Self::GitLab => format!("/-/releases/{tag}/downloads/{{file}}"),
        }
    }
}

const OPTIONS: [&str; 3] = ["forge", "tag", "path"];

/// Notes what says how releases are laid out where there are none.
pub(super) fn refuse_options(package: &mut Table<'_>, reading: &mut Reading) {
    for option in OPTIONS.iter().filter_map(|key| package.take(key)) {
        let problem = option.problem("this says how releases are laid out, but there are none");
        reading.error(problem.help("add releases = \"https://github.com/acme/rocket\""));
    }
}

/// Reads the value of `releases` and what goes with it: who knows the newest version, and the route
/// to every file.
pub(super) fn releases(
    item: &Item<'_>,
    package: &mut Table<'_>,
    reading: &mut Reading,
) -> Option<(Arc<Releases>, Route)> {
    let [forge, tag, path] = OPTIONS.map(|key| package.take(key));
    let project = address::upstream(item, reading)?;
    let forge = match forge {
        Some(item) => item.kind(&FORGES, reading)?,
        None => Forge::at(project.host_str().unwrap_or_default()),
    };
    let (before, after) = match tag {
        Some(item) => around_version(&item, reading)?,
        None => ("v", ""),
    };
    let path = match &path {
        Some(item) => item.string(reading)?,
        None => "",
    };
    let project = project.as_str().trim_end_matches('/').to_owned();
    let releases = Arc::new(Releases {
        latest: Url::parse(&format!("{project}{}", forge.latest())).ok()?,
        before: before.to_owned(),
        after: after.to_owned(),
    });
    let from = format!("{}/{{version}}/{{file}}", path.trim_end_matches('/'));
    let to = forge.file(&format!("{before}{{version}}{after}"));
    let to = format!("{project}{to}");
    let route = Route {
        path: Matcher::Template(template(item, &from, reading)?),
        to: Some(template(item, &to, reading)?),
        status: 302,
        proxy: false,
        origin: None,
        releases: Some(Arc::clone(&releases)),
        intake: None,
        place: item.place(),
    };
    Some((releases, route))
}

/// What stands before and behind the version in a tag.
fn around_version<'s>(item: &Item<'s>, reading: &mut Reading) -> Option<(&'s str, &'s str)> {
    let tag = item.string(reading)?;
    let parts = tag.split_once("{version}");
    if parts.is_none() {
        let problem = item.problem(format!("{tag:?} does not say where the version stands"));
        reading.error(
            problem.help("write \"v{version}\", or \"{version}\" for tags without a letter"),
        );
    }
    parts
}

fn template(item: &Item<'_>, text: &str, reading: &mut Reading) -> Option<Template> {
    let read = Template::parse(text);
    if let Err(error) = &read {
        reading.error(item.problem(format!("the route {text:?} does not work: {error}")));
    }
    read.ok()
}
