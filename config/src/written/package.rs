//! `[[package]]` as written.

use url::Url;

use super::{Item, Reading, Table, index, project, route, secret, url as address};
use crate::catalogue::{Credentials, Image, Package, PackageKind};
use crate::names::{Names, is_repository, marks};

#[derive(Clone, Copy)]
enum Kind {
    File,
    Oci,
    Script,
    Event,
    Python,
}

const KINDS: [(&str, Kind); 5] = [
    ("file", Kind::File),
    ("oci", Kind::Oci),
    ("script", Kind::Script),
    ("event", Kind::Event),
    ("python", Kind::Python),
];

/// Reads one package.
pub(super) fn package(mut table: Table<'_>, reading: &mut Reading) -> Option<Package> {
    let written_name = table.require("name", "\"acme/rocket\"", reading);
    let place = written_name
        .as_ref()
        .map_or_else(|| table.place(), Item::place);
    let name = written_name
        .as_ref()
        .and_then(|item| name(item, reading))
        .map(str::to_owned);
    let domains = index::domains(&mut table, reading);
    let kind = table
        .require("kind", "\"file\"", reading)?
        .kind(&KINDS, reading)?;
    let kind = match kind {
        Kind::File => Some(PackageKind::File(route::file_routes(&mut table, reading))),
        Kind::Script => Some(PackageKind::Script(route::script_routes(
            &mut table, reading,
        ))),
        Kind::Event => Some(PackageKind::Event(route::event_routes(&mut table, reading))),
        Kind::Python => {
            project::project(written_name.as_ref(), &mut table, reading).map(PackageKind::Python)
        }
        Kind::Oci => image(&mut table, reading).map(|image| PackageKind::Oci(Box::new(image))),
    };
    let public = table.take("public").and_then(|item| item.boolean(reading));
    table.finish(reading);
    let name = match (&kind, written_name, name) {
        (Some(PackageKind::Oci(image)), Some(item), Some(name)) => {
            name_of_images(name, &item, image, reading)
        }
        (_, _, name) => name,
    };
    Some(Package {
        name: name?,
        domains,
        kind: kind?,
        public: public.unwrap_or(false),
        place,
    })
}

/// Reads the name of a package, which goes into events, pages and URLs.
pub(super) fn name<'s>(item: &Item<'s>, reading: &mut Reading) -> Option<&'s str> {
    let text = item.string(reading)?;
    let problem = if text.trim() != text || text.is_empty() {
        "a name is not empty and has no space around it"
    } else if text.chars().any(char::is_control) {
        "a name cannot hold control characters"
    } else if text.chars().count() > 200 {
        "a name has at most 200 characters"
    } else {
        return Some(text);
    };
    reading.error(
        item.problem(problem)
            .help("write the name that your users know, such as \"acme/rocket\""),
    );
    None
}

/// The name of what a pattern matches: with the same marks, or with what they stand for behind it.
fn name_of_images(
    name: String,
    item: &Item<'_>,
    image: &Image,
    reading: &mut Reading,
) -> Option<String> {
    let (here, there) = (marks(&name), marks(image.name.as_str()));
    if there.is_empty() || here == there {
        return Some(name);
    }
    let behind = there.join("/");
    if here.is_empty() {
        return Some(format!("{name}/{behind}"));
    }
    let problem = item.problem(format!(
        "the name has other marks than the image {:?}",
        image.name.as_str()
    ));
    reading.error(problem.help(format!(
        "put {behind:?} into it, or no mark: then what was matched stands behind the name"
    )));
    None
}

fn image(table: &mut Table<'_>, reading: &mut Reading) -> Option<Image> {
    let name = table
        .require("image", "\"server\"", reading)
        .and_then(|item| names(&item, reading));
    let upstream = table.require("upstream", "\"https://registry/repository\"", reading);
    let upstream = upstream.and_then(|item| Some((address::upstream(&item, reading)?, item)));
    let upstream = upstream.and_then(|(url, item)| split(&url, item, reading));
    let private = table.take("private").and_then(|item| item.boolean(reading));
    let proxy = table.take("proxy").and_then(|item| item.boolean(reading));
    let credentials = table
        .take("credentials_file")
        .and_then(|item| credentials(&item, reading));
    let (registry, repository, written) = upstream?;
    let name = name?;
    if marks(&repository) != marks(name.as_str()) {
        let problem = written.problem(format!(
            "the upstream has other marks than the image {:?}",
            name.as_str()
        ));
        reading.error(
            problem.help(
                "write each \"*\" and \"**\" of the image into the upstream, in the same order",
            ),
        );
        return None;
    }
    Some(Image {
        name,
        registry,
        repository,
        private: private.unwrap_or(false),
        credentials,
        proxy: proxy.unwrap_or(false),
    })
}

fn names(item: &Item<'_>, reading: &mut Reading) -> Option<Names> {
    let text = item.string(reading)?;
    match Names::parse(text) {
        Ok(names) => Some(names),
        Err(error) => {
            let problem = item.problem(format!("{text:?} {error}"));
            reading.error(problem.help("use lower-case letters, digits and single \".\", \"_\", \"-\" between them, parted by \"/\"; \"*\" for a segment, \"**\" for any number of them"));
            None
        }
    }
}

/// Parts an image's address into its registry and its name there.
fn split<'s>(url: &Url, item: Item<'s>, reading: &mut Reading) -> Option<(Url, String, Item<'s>)> {
    let repository = url.path().trim_matches('/').to_owned();
    // Any letter may stand for a mark here: whether the marks are those of the image is asked elsewhere.
    if !is_repository(&repository.replace('*', "x")) {
        let problem =
            item.problem("the upstream of an image is a registry with the image's name behind it");
        reading.error(problem.help("write https://registry/owner/image, without tag"));
        return None;
    }
    let mut registry = url.clone();
    registry.set_path("/");
    Some((registry, repository, item))
}

/// Reads the account in the file that `item` names.
pub(super) fn credentials(item: &Item<'_>, reading: &mut Reading) -> Option<Credentials> {
    let secret = secret(item, reading)?;
    let Some((user, password)) = secret.split_once(':').filter(|(user, _)| !user.is_empty()) else {
        let problem = item.problem("the file does not hold a user and a password");
        reading.error(problem.help("write user:password into it, on one line"));
        return None;
    };
    Some(Credentials {
        user: user.to_owned(),
        password: password.to_owned(),
    })
}
