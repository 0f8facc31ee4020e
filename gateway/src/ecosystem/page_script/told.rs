//! One thing that the script tells: `{"page":ADDRESS, …}`, with `from` of a view and `copied` of a command.

use std::borrow::Cow;

use serde::Deserialize;
use url::Url;
use weir_event::Kind;

use super::Site;
use crate::ecosystem::pixel::page;
use crate::fact::Fact;

/// Longest address of a page, in bytes.
const LONGEST_PAGE: usize = 2000;
/// Longest command, in characters; the script cuts it as well.
const LONGEST_COMMAND: usize = 120;

/// Why a body tells nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ToldError {
    /// Not JSON, or not what the script sends.
    #[error("line {line}, column {column}: not what the script sends")]
    Json { line: usize, column: usize },
    /// The page's address is none.
    #[error("\"page\" is not the address of a page: http or https, at most {LONGEST_PAGE} bytes")]
    Page,
}

/// What a body tells, as written.
#[derive(Debug, Deserialize)]
struct Written {
    page: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    beside: bool,
    #[serde(default)]
    copied: Option<String>,
}

/// What happened on a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    page: String,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// It was seen; where from, as the browser says.
    View { from: String },
    /// It was seen, and counted by the pixel that stands on it.
    ViewBesidePixel,
    /// A command was copied.
    Copy { command: String },
}

impl Told {
    pub(super) fn read(body: &[u8]) -> Result<Self, ToldError> {
        let written: Written = serde_json::from_slice(body).map_err(|error| ToldError::Json {
            line: error.line(),
            column: error.column(),
        })?;
        let is_page = written.page.len() <= LONGEST_PAGE
            && Url::parse(&written.page)
                .is_ok_and(|page| matches!(page.scheme(), "http" | "https") && page.has_host());
        if !is_page {
            return Err(ToldError::Page);
        }
        let what = match written.copied {
            Some(command) => What::Copy {
                command: command.trim().chars().take(LONGEST_COMMAND).collect(),
            },
            None if written.beside => What::ViewBesidePixel,
            None => What::View { from: written.from },
        };
        Ok(Self {
            page: written.page,
            what,
        })
    }

    /// The fact of it, on top of `base`.
    pub(super) fn fact(self, site: &Site, base: &Fact<'static>) -> Fact<'static> {
        let Self { page, what } = self;
        let mut fact = base.clone();
        if let Some(path) = page::path(&page, &site.pages) {
            fact.page = if site.by_fragment {
                by_fragment(path, &page).into()
            } else {
                path.to_owned().into()
            };
        }
        let own = |name: &'static str, value: String| (name.into(), value.into());
        match what {
            What::View { from } => {
                fact.query = page::query(&page).to_owned().into();
                fact.own_page = is_within(&from, &page, &site.pages);
                fact.referrer = Some(from.into());
            }
            // The referring page of these is the one they are told of, as the pixel's own views have it.
            What::ViewBesidePixel => {
                fact.kind = Kind::Custom;
                fact.route = super::BESIDE_PIXEL.into();
                fact.props = vec![own("event", "view".to_owned())];
                fact.referrer = Some(page.into());
            }
            What::Copy { command } => {
                fact.kind = Kind::Custom;
                fact.props = vec![own("event", "copy".to_owned()), own("command", command)];
                fact.referrer = Some(page.into());
            }
        }
        fact
    }
}

/// `/app` and `#/guide?x` make `/app/guide`: the path of a page whose application routes by the fragment.
fn by_fragment(path: &str, address: &str) -> String {
    let (_, fragment) = address.split_once('#').unwrap_or_default();
    let fragment = fragment.trim_start_matches('!').trim_start_matches('/');
    let fragment = fragment.split('?').next().unwrap_or_default();
    format!("{}/{fragment}", path.trim_end_matches('/'))
}

/// Whether the reader came from a page of the same site.
fn is_within(from: &str, page: &str, hosts: &[String]) -> bool {
    let (from, page) = (host(from), host(page));
    from.is_some_and(|from| page.is_some_and(|page| page == from) || hosts.contains(&from.into()))
}

/// The host of a page's address, as hosts of the configuration are written.
fn host(address: &str) -> Option<Cow<'_, str>> {
    let (_, rest) = address.split_once("://")?;
    weir_config::host_name(&rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(bodies: &[&str], by_fragment: bool) -> String {
        let site = Site {
            pages: vec!["docs.test".to_owned()],
            by_fragment,
        };
        let base = Fact::new(Kind::View, "docs", "acme/rocket", "script");
        let line = |body: &&str| match Told::read(body.as_bytes()) {
            Ok(told) => {
                let fact = told.fact(&site, &base);
                let own: Vec<_> = fact
                    .props
                    .iter()
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                let [kind, page, query] = [fact.kind.as_str(), &fact.page, &fact.query];
                let from = fact.referrer.unwrap_or_default();
                format!(
                    "{kind} | {page} | {query} | {from} | {} | {}",
                    fact.own_page,
                    own.join(" ")
                )
            }
            Err(error) => error.to_string(),
        };
        bodies.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_view_says_where_it_is_and_what_led_there() {
        insta::assert_snapshot!(lines(&[
            r#"{"page":"https://docs.test/start?ref=hn&mail=a@b#x","from":"https://news.test/item","beside":false}"#,
            r#"{"page":"https://docs.test/next","from":"https://docs.test/start"}"#,
            r#"{"page":"https://www.docs.test/next","from":"https://docs.test/start"}"#,
            r#"{"page":"https://elsewhere.test/secret","from":""}"#,
            r#"{"page":"https://docs.test/start","from":"https://news.test/","beside":true}"#,
            r#"{"page":"https://docs.test/start","copied":" pip install rocket\n"}"#,
        ], false), @"
        view | /start | ref=hn&mail=a@b | https://news.test/item | false | 
        view | /next |  | https://docs.test/start | true | 
        view |  |  | https://docs.test/start | true | 
        view |  |  |  | false | 
        custom | /start |  | https://docs.test/start | false | event=view
        custom | /start |  | https://docs.test/start | false | event=copy command=pip install rocket
        ");
    }

    #[test]
    fn an_application_may_route_by_the_fragment() {
        insta::assert_snapshot!(lines(&[
            r#"{"page":"https://docs.test/#/guide/start?tab=1"}"#,
            r#"{"page":"https://docs.test/app/#!/guide"}"#,
            r#"{"page":"https://docs.test/app"}"#,
        ], true), @"
        view | /guide/start |  |  | false | 
        view | /app/guide |  |  | false | 
        view | /app/ |  |  | false | 
        ");
    }

    #[test]
    fn what_the_script_does_not_send_is_refused_with_the_place() {
        insta::assert_snapshot!(lines(&[
            "",
            "{",
            "[]",
            "{\n\"page\":7}",
            r#"{"page":"/start"}"#,
            r#"{"page":"data:text/html,x"}"#,
            r#"{"page":"file:///etc/passwd"}"#,
        ], false), @r#"
        line 1, column 0: not what the script sends
        line 1, column 1: not what the script sends
        line 1, column 2: not what the script sends
        line 2, column 8: not what the script sends
        "page" is not the address of a page: http or https, at most 2000 bytes
        "page" is not the address of a page: http or https, at most 2000 bytes
        "page" is not the address of a page: http or https, at most 2000 bytes
        "#);
        let long = format!(r#"{{"page":"https://docs.test/{}"}}"#, "a".repeat(2000));
        assert_eq!(Told::read(long.as_bytes()), Err(ToldError::Page));
    }

    #[test]
    fn a_command_is_cut_where_a_character_ends() {
        let body = format!(
            r#"{{"page":"https://docs.test/","copied":"{}"}}"#,
            "ü".repeat(500)
        );
        let told = Told::read(body.as_bytes()).expect("a copy");
        assert_eq!(
            told.what,
            What::Copy {
                command: "ü".repeat(120)
            }
        );
    }

    proptest! {
        #[test]
        fn no_page_makes_it_panic(page in "https?://[a-z.]{1,12}(/|#|\\?|[^\"\\\\\\p{C}]){0,24}", from in "[^\"\\\\\\p{C}]{0,40}") {
            let body = format!(r#"{{"page":"{page}","from":"{from}"}}"#);
            for by_fragment in [false, true] {
                lines(&[&body], by_fragment);
            }
        }
    }
}
