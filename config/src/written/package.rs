//! `[[package]]` as written.

use url::Url;

use super::{Item, Reading, Table, index, project, route, secret, url as address};
use crate::catalogue::{Credentials, Image, Package, PackageKind};

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
    let name = written_name.as_ref().and_then(|item| name(item, reading));
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
        Kind::Oci => image(&mut table, reading).map(PackageKind::Oci),
    };
    table.finish(reading);
    Some(Package {
        name: name?.to_owned(),
        domains,
        kind: kind?,
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

fn image(table: &mut Table<'_>, reading: &mut Reading) -> Option<Image> {
    let name = table
        .require("image", "\"server\"", reading)
        .and_then(|item| repository(&item, reading));
    let upstream = table.require("upstream", "\"https://registry/repository\"", reading);
    let upstream = upstream.and_then(|item| Some((address::upstream(&item, reading)?, item)));
    let upstream = upstream.and_then(|(url, item)| split(&url, &item, reading));
    let private = table.take("private").and_then(|item| item.boolean(reading));
    let proxy = table.take("proxy").and_then(|item| item.boolean(reading));
    let credentials = table
        .take("credentials_file")
        .and_then(|item| credentials(&item, reading));
    let (registry, repository) = upstream?;
    Some(Image {
        name: name?,
        registry,
        repository,
        private: private.unwrap_or(false),
        credentials,
        proxy: proxy.unwrap_or(false),
    })
}

fn repository(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    if is_repository(text) {
        return Some(text.to_owned());
    }
    let problem = item.problem(format!("{text:?} is not an image name"));
    reading.error(problem.help("use lower-case letters, digits and single \".\", \"_\", \"-\" between them, parted by \"/\""));
    None
}

/// Parts an image's address into its registry and its name there.
fn split(url: &Url, item: &Item<'_>, reading: &mut Reading) -> Option<(Url, String)> {
    let repository = url.path().trim_matches('/').to_owned();
    if !is_repository(&repository) {
        let problem =
            item.problem("the upstream of an image is a registry with the image's name behind it");
        reading.error(problem.help("write https://registry/owner/image, without tag"));
        return None;
    }
    let mut registry = url.clone();
    registry.set_path("/");
    Some((registry, repository))
}

/// The distribution specification's grammar of repository names.
fn is_repository(text: &str) -> bool {
    let is_word = |text: &str| {
        let is_known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let ends = [text.bytes().next(), text.bytes().last()];
        ends.iter().all(|end| end.is_some_and(is_known))
            && text
                .bytes()
                .all(|byte| is_known(byte) || b"._-".contains(&byte))
            && !text.contains("..")
    };
    text.len() <= 255 && text.split('/').all(is_word)
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
