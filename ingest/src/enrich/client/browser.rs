//! Reads a browser's agent: its name, its major version and the operating system.
//!
//! No more: browsers freeze the rest on purpose, so a processor or a system's version read from
//! here would be a guess.

use super::Class::{self, Browser, Headless, ImageProxy, Tool};
use super::{Client, crawlers, notes};
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

/// Reads what follows `Mozilla/`.
pub(super) fn read<'a>(client: &mut Client<'a>, rest: &'a str) {
    client.version = "".into();
    if let Some(crawler) = notes::words(rest).find(|word| crawlers::is_crawler(word)) {
        client.name = words::name(product(crawler).0).unwrap_or_default();
        client.class = Class::Crawler;
        return;
    }
    let known = |word: &'a str| {
        let (product, _) = product(word);
        let rank = PRODUCTS.iter().position(|(name, ..)| *name == product)?;
        Some((rank, word))
    };
    if let Some((rank, word)) = notes::words(rest)
        .filter_map(known)
        .min_by_key(|(rank, _)| *rank)
    {
        let (_, name, class) = PRODUCTS[rank];
        client.name = name.into();
        client.class = class;
        client.version = version(rest, name, word).into();
    }
    if let Some(os) = system(rest) {
        client.os = os.into();
    }
}

/// Reads what follows `Opera/`, as Opera wrote before it became another Chrome.
pub(super) fn opera<'a>(client: &mut Client<'a>, rest: &'a str) {
    client.version = version(rest, "opera", "").into();
    client.os = system(rest).unwrap_or("").into();
}

fn product(word: &str) -> (&str, &str) {
    word.split_once('/').unwrap_or((word, ""))
}

/// Tools say their version; of browsers the major number is enough. Safari and old Opera keep theirs
/// under another name.
fn version<'a>(rest: &'a str, name: &str, word: &'a str) -> &'a str {
    let elsewhere = || notes::words(rest).find_map(|word| word.strip_prefix("Version/"));
    let version = match name {
        "safari" => elsewhere().unwrap_or(""),
        "opera" => elsewhere().unwrap_or(product(word).1),
        "powershell" => return words::version(product(word).1),
        _ => product(word).1,
    };
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
