//! Where all targets of a route are, parsed once instead of with each of them.

use url::{ParseError, Position, Url};

/// Scheme and authority that a target's template says outright.
#[derive(Debug)]
pub struct Origin {
    /// As the template has it.
    text: Box<str>,
    url: Url,
}

impl Origin {
    /// That of `template`, if all before its path is literal.
    pub fn of(template: &str) -> Option<Self> {
        let authority = template.find("://")? + "://".len();
        let text = &template[..authority + template[authority..].find('/')?];
        let url = Url::parse(text).ok().filter(|_| !text.contains('{'))?;
        let is_web = matches!(url.scheme(), "https" | "http");
        (is_web && &url[Position::BeforePath..] == "/").then(|| Self {
            text: text.into(),
            url,
        })
    }

    /// What parsing `target` gives.
    pub fn url(&self, target: &str) -> Result<Url, ParseError> {
        let path = target.strip_prefix(&*self.text);
        match path.filter(|path| is_path(path)) {
            Some(path) => {
                let mut url = self.url.clone();
                url.set_path(path);
                Ok(url)
            }
            None => Url::parse(target),
        }
    }
}

/// Whether a parser finds nothing but a path in `text`, and none of it falls away at the end.
fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let strange = |byte: u8| !byte.is_ascii_graphic() || byte == b'?' || byte == b'#';
    let found = bytes
        .iter()
        .fold(0, |found, &byte| found | u8::from(strange(byte)));
    bytes.first() == Some(&b'/') && found == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_origin_is_literal_and_of_the_web() {
        for (template, origin) in [
            ("https://a.test/{file}", Some("https://a.test")),
            ("http://A.test:80/", Some("http://A.test:80")),
            ("https://{region}.a.test/x", None),
            ("https://a.test{+rest}/x", None),
            ("https://a.test?x={x}/", None),
            ("https://a.test", None),
            ("ftp://a.test/x", None),
            ("/a/b", None),
        ] {
            let found = Origin::of(template);
            assert_eq!(
                found.as_ref().map(|found| &*found.text),
                origin,
                "{template}"
            );
        }
    }

    proptest! {
        #[test]
        fn a_target_is_parsed_as_if_nothing_were_known_of_it(
            origin in "(https?://(u:p@)?[aB]\\.test(:80|:443|:8080)?|http://0x7f\\.1|http://\\[::1\\]:81|HTTPS://ä\\.test)",
            rest in "(/|//|/\\\\|)([/.a%2eE?#@:;+\\\\ä\t\n \"<>`{}|^~\\[\\]-]|%41|/\\.\\.){0,12}",
            other in any::<bool>(),
        ) {
            let known = Origin::of(&format!("{origin}/{{file}}")).expect("an origin");
            let target = if other { format!("http://other.test{rest}") } else { format!("{origin}{rest}") };
            let (found, parsed) = (known.url(&target), Url::parse(&target));
            let parts = |url: &Url| {
                let ends = [Position::AfterScheme, Position::BeforeHost, Position::BeforePath, Position::AfterPath];
                (url.to_string(), ends.map(|end| url[..end].len()), url.port(), url.query().map(str::to_owned))
            };
            prop_assert_eq!(found.as_ref().map(parts), parsed.as_ref().map(parts));
        }
    }
}
