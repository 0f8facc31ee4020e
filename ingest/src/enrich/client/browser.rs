//! Reads a browser's agent: its name, its major version and the operating system.
//!
//! No more: browsers freeze the rest on purpose, so a processor or a system's version read from
//! here would be a guess.

use super::Class::{self, Browser, Headless, ImageProxy, Tool};
use super::{Client, crawlers, notes, open_data};
use crate::enrich::{platform, words};

/// (product, our name, what it is), the telling ones first: each browser also names those before it.
const PRODUCTS: &[(&str, &str, Class)] = &[
    ("GoogleImageProxy", "google-image-proxy", ImageProxy),
    ("WindowsPowerShell", "powershell", Tool),
    ("PowerShell", "powershell", Tool),
    ("HeadlessChrome", "chrome", Headless),
    ("PhantomJS", "phantomjs", Headless),
    ("Electron", "electron", Browser),
    ("Edg", "edge", Browser),
    ("EdgA", "edge", Browser),
    ("EdgiOS", "edge", Browser),
    ("Edge", "edge", Browser),
    ("OPR", "opera", Browser),
    ("OPiOS", "opera", Browser),
    ("Opera", "opera", Browser),
    ("SamsungBrowser", "samsung", Browser),
    ("YaBrowser", "yandex", Browser),
    ("Vivaldi", "vivaldi", Browser),
    ("UCBrowser", "uc", Browser),
    ("FxiOS", "firefox", Browser),
    ("Firefox", "firefox", Browser),
    ("CriOS", "chrome", Browser),
    ("Chromium", "chrome", Browser),
    ("Chrome", "chrome", Browser),
    ("Trident", "ie", Browser),
    ("MSIE", "ie", Browser),
    ("Safari", "safari", Browser),
    ("AppleWebKit", "webkit", Browser),
];

/// (a family of uap-core as [`plain`] makes it, our name)
const FAMILIES: &[(&str, &str)] = &[
    ("chromium", "chrome"),
    ("edge-chromium", "edge"),
    ("samsung-internet", "samsung"),
    ("uc-browser", "uc"),
    ("yandex-browser", "yandex"),
];

/// Words of a family that say where a browser runs or how new it is, and not which one it is.
const QUALIFIERS: &[&str] = &["mobile", "ios", "webview", "ui/wkwebview", "beta", "alpha"];

/// Reads what follows `Mozilla/`.
pub(super) fn read<'a>(client: &mut Client<'a>, agent: &'a str, rest: &'a str) {
    client.version = "".into();
    let said = product_said(rest);
    // A picture proxy is none of the crawlers that the list takes it for.
    let is_crawler = said.is_none_or(|(_, _, class)| class == Browser);
    if let Some(crawler) = crawlers::find(agent).filter(|_| is_crawler) {
        return crawler.tell(client);
    }
    if let Some(os) = system(rest) {
        client.os = os.into();
    }
    if let Some((word, name, class)) = said {
        (client.name, client.class) = (name.into(), class);
        client.version = version(rest, name, word).into();
    }
    if is_crawler {
        family(client, agent);
    }
}

/// Reads what follows `Opera/`, as Opera wrote before it became another Chrome.
pub(super) fn opera<'a>(client: &mut Client<'a>, rest: &'a str) {
    client.version = version(rest, "opera", "").into();
    client.os = system(rest).unwrap_or("").into();
}

/// The most telling product of an agent, with our name for it.
fn product_said(rest: &str) -> Option<(&str, &'static str, Class)> {
    let known = |word| {
        let (product, _) = product(word);
        let rank = PRODUCTS.iter().position(|(name, ..)| *name == product)?;
        Some((rank, word))
    };
    let words = notes::words(rest).filter_map(known);
    let (rank, word) = words.min_by_key(|(rank, _)| *rank)?;
    let (_, name, class) = PRODUCTS[rank];
    Some((word, name, class))
}

/// What uap-core knows better, once it is there: more browsers than our table has.
fn family<'a>(client: &mut Client<'a>, agent: &'a str) {
    let Some(known) = open_data::browser(agent) else {
        return;
    };
    let name = plain(&known.family);
    let Some(name) = words::name(&name) else {
        return;
    };
    let ours = FAMILIES.iter().find(|(family, _)| *family == name);
    client.name = match ours {
        Some((_, ours)) => (*ours).into(),
        None => name.into_owned().into(),
    };
    client.class = Browser;
    client.version = major(known.major.unwrap_or("")).into();
}

/// A family in small letters, joined by dashes, without what is in brackets and without its qualifiers.
fn plain(family: &str) -> String {
    let family = family.split('(').next().unwrap_or("").to_ascii_lowercase();
    let words = family.split(' ').filter(|word| !word.is_empty());
    let words: Vec<_> = words.filter(|word| !QUALIFIERS.contains(word)).collect();
    words.join("-")
}

fn product(word: &str) -> (&str, &str) {
    word.split_once('/').unwrap_or((word, ""))
}

/// Tools say their version; of browsers the major number is enough. Safari and old Opera keep theirs
/// under another name.
fn version<'a>(rest: &'a str, name: &str, word: &'a str) -> &'a str {
    let elsewhere = || notes::words(rest).find_map(|word| word.strip_prefix("Version/"));
    match name {
        "safari" => major(elsewhere().unwrap_or("")),
        "opera" => major(elsewhere().unwrap_or(product(word).1)),
        "powershell" => words::version(product(word).1),
        _ => major(product(word).1),
    }
}

/// The number that a version begins with, unless it is too long to be one.
fn major(version: &str) -> &str {
    let end = version.bytes().take_while(u8::is_ascii_digit).count();
    if end <= LONGEST_MAJOR {
        &version[..end]
    } else {
        ""
    }
}

const LONGEST_MAJOR: usize = 4;

/// The first system that is named, but Android where Linux is: it names both.
fn system(rest: &str) -> Option<&'static str> {
    let mut systems = notes::words(rest).filter_map(platform::system);
    match systems.next() {
        Some("linux") => Some(if systems.any(|os| os == "android") {
            "android"
        } else {
            "linux"
        }),
        first => first,
    }
}
