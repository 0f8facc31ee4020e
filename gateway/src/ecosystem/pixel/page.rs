//! Which page a view is of, and what its address says of the way there.

use std::borrow::Cow;

/// Longest name that an owner gives a place, in bytes.
const LONGEST_PLACE: usize = 64;

/// The path of the page at `address`, if it is on one of `hosts`.
pub(crate) fn path<'a>(address: &'a str, hosts: &[String]) -> Option<&'a str> {
    let (_, address) = address.split_once("://")?;
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (authority, path) = address[..end].split_at(address[..end].find('/')?);
    let host = weir_config::host_name(authority)?;
    hosts.iter().any(|told| *told == host).then_some(path)
}

/// The place that the picture's own address names, as in `?at=readme`: from some places no page is told.
pub(super) fn place(query: Option<&str>) -> Option<&str> {
    let mut pairs = query?.split('&');
    let place = pairs.find_map(|pair| pair.strip_prefix("at="))?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
    let is_place = (1..=LONGEST_PLACE).contains(&place.len()) && place.bytes().all(plain);
    is_place.then_some(place)
}

/// The query of an address, without the question mark.
pub(crate) fn query(address: &str) -> &str {
    let address = address.split_once('#').map_or(address, |(it, _)| it);
    address.split_once('?').map_or("", |(_, query)| query)
}

/// What the page's link says comes before what the owner wrote into the picture's.
pub(crate) fn queries<'a>(of_page: &'a str, of_pixel: &'a str) -> Cow<'a, str> {
    match (of_page, of_pixel) {
        ("", query) | (query, "") => query.into(),
        (page, pixel) => format!("{page}&{pixel}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_on_the_hosts_that_are_named_and_without_its_query() {
        let hosts = ["docs.acme.example".to_owned()];
        for (referrer, told) in [
            ("https://docs.acme.example/start?mail=a@b#x", "/start"),
            ("https://Docs.Acme.example:8443/a/b.html", "/a/b.html"),
            ("https://docs.acme.example", ""),
            ("https://docs.acme.example?/start", ""),
            ("https://user@docs.acme.example/start", ""),
            ("https://docs.acme.example.evil.example/start", ""),
            ("https://other.example/docs.acme.example/start", ""),
            ("/start", ""),
            ("", ""),
        ] {
            let read = path(referrer, &hosts).unwrap_or_default();
            assert_eq!(read, told, "{referrer}");
            assert_eq!(path(referrer, &[]), None, "{referrer}");
        }
    }

    #[test]
    fn the_link_to_the_page_is_asked_before_the_pixel() {
        let asked = |referrer, target| queries(query(referrer), query(target)).into_owned();
        let (page, pixel) = ("https://a.example/?ref=hn#x?y", "/-/px/docs.gif?ref=readme");
        assert_eq!(asked(page, pixel), "ref=hn&ref=readme");
        assert_eq!(asked(page, "/-/px/docs.gif"), "ref=hn");
        assert_eq!(asked("https://a.example/", pixel), "ref=readme");
        assert_eq!(asked("", ""), "");
    }

    #[test]
    fn a_place_is_a_short_plain_word() {
        for (query, told) in [
            ("at=readme", Some("readme")),
            ("ref=hn&at=crates.io/readme", Some("crates.io/readme")),
            ("at=", None),
            ("at=a%20b", None),
            ("hat=readme", None),
            ("", None),
        ] {
            assert_eq!(place(Some(query)), told, "{query}");
        }
        assert_eq!(place(Some(&format!("at={}", "a".repeat(65)))), None);
        assert_eq!(place(None), None);
    }
}
