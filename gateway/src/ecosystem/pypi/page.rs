//! A project page on its way through: file links are pointed at us, nothing else is touched.

use serde_json::Value;
use url::Url;

use super::{Format, filename, is_artifact};
use crate::ecosystem::document::Rewritten;
use crate::ecosystem::document::files::Files;

/// Why a page cannot be passed on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    /// The JSON form does not parse.
    #[error("the project page is not JSON")]
    Json(#[from] serde_json::Error),
    /// The HTML form is not text.
    #[error("the project page is not UTF-8")]
    Text(#[from] std::str::Utf8Error),
}

/// Rewrites `body`, a page that was read from `base` and whose files are to be found below `home`.
pub(crate) fn rewrite(
    home: &str,
    base: &Url,
    format: Format,
    body: &[u8],
) -> Result<Rewritten, PageError> {
    match format {
        Format::Json => json(home, base, body),
        Format::Html => Ok(html(home, base, std::str::from_utf8(body)?)),
    }
}

fn json(home: &str, base: &Url, body: &[u8]) -> Result<Rewritten, PageError> {
    let mut document: Value = serde_json::from_slice(body)?;
    let mut files = Files::default();
    for file in document
        .get_mut("files")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        let Some(Value::String(link)) = file.get_mut("url") else {
            continue;
        };
        if let Some(ours) = point_here(home, base, link, &mut files) {
            *link = ours;
        }
    }
    Ok(Rewritten {
        body: serde_json::to_vec(&document)?,
        files,
    })
}

/// The address here for `link`, whose real target goes into `files`.
fn point_here(home: &str, base: &Url, link: &str, files: &mut Files) -> Option<String> {
    let mut target = base.join(link).ok()?;
    let fragment = target
        .fragment()
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    target.set_fragment(None);
    let name = filename(&target).filter(|name| is_artifact(name))?;
    let ours = format!("{home}{name}{fragment}");
    files.insert(&name, target.into());
    Some(ours)
}

/// Walks the anchors only; PEP 503 pages are plain lists of them.
fn html(home: &str, base: &Url, text: &str) -> Rewritten {
    let mut body = String::with_capacity(text.len());
    let mut files = Files::default();
    let mut rest = text;
    while let Some((before, link, after)) = next_href(rest) {
        body.push_str(before);
        let plain = link.replace("&amp;", "&");
        match point_here(home, base, &plain, &mut files) {
            Some(ours) => body.push_str(&ours.replace('&', "&amp;")),
            None => body.push_str(link),
        }
        rest = after;
    }
    body.push_str(rest);
    Rewritten {
        body: body.into_bytes(),
        files,
    }
}

/// Splits `text` around the value of the next anchor's `href`.
fn next_href(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let tag = from + find_anchor(&text[from..])?;
        let end = tag + text[tag..].find('>')?;
        if let Some((start, stop)) = href_in(&text[tag..end]) {
            let (start, stop) = (tag + start, tag + stop);
            return Some((&text[..start], &text[start..stop], &text[stop..]));
        }
        from = end;
    }
}

fn find_anchor(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes).find(|&at| {
        matches!(bytes.get(at + 1), Some(b'a' | b'A'))
            && bytes.get(at + 2).is_some_and(u8::is_ascii_whitespace)
    })
}

/// Where the quoted value of `href` stands in an anchor tag. `>` inside attribute values is
/// written `&gt;` on such pages, as PEP 503 asks.
fn href_in(tag: &str) -> Option<(usize, usize)> {
    let lower = tag.to_ascii_lowercase();
    let name = lower
        .match_indices("href")
        .find(|(at, _)| lower.as_bytes()[at - 1].is_ascii_whitespace())?
        .0;
    let after = &tag[name + 4..];
    let quote_at = after.find(['"', '\''])?;
    if after[..quote_at].trim() != "=" {
        return None;
    }
    let quote = char::from(after.as_bytes()[quote_at]);
    let start = name + 4 + quote_at + 1;
    Some((start, start + tag[start..].find(quote)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base() -> Url {
        Url::parse("https://index.example/simple/demo/").expect("a valid address")
    }

    #[test]
    fn html_links_point_here_and_keep_the_rest() {
        let page = html(
            "/files/demo/",
            &base(),
            concat!(
                "<!DOCTYPE html><html><body>\n",
                "<a href=\"https://files.example/aa/bb/demo-1.0-py3-none-any.whl#sha256=00\" data-requires-python=\"&gt;=3.8\"",
                " data-dist-info-metadata=\"sha256=11\" data-core-metadata=\"sha256=11\">demo-1.0-py3-none-any.whl</a><br />\n",
                "<A class=x HREF='../../pool/demo-0.9.tar.gz?x=1&amp;y=2#md5=1' data-yanked=\"\">demo-0.9.tar.gz</A>\n",
                "<a href=\"https://files.example/demo-1.0-py3-none-any.whl.asc\">signature</a>\n",
                "</body></html>\n",
            ),
        );
        insta::assert_snapshot!(String::from_utf8_lossy(&page.body), @r#"
        <!DOCTYPE html><html><body>
        <a href="/files/demo/demo-1.0-py3-none-any.whl#sha256=00" data-requires-python="&gt;=3.8" data-dist-info-metadata="sha256=11" data-core-metadata="sha256=11">demo-1.0-py3-none-any.whl</a><br />
        <A class=x HREF='/files/demo/demo-0.9.tar.gz#md5=1' data-yanked="">demo-0.9.tar.gz</A>
        <a href="https://files.example/demo-1.0-py3-none-any.whl.asc">signature</a>
        </body></html>
        "#);
        assert_eq!(
            page.files["demo-1.0-py3-none-any.whl"].to_string(),
            "https://files.example/aa/bb/demo-1.0-py3-none-any.whl"
        );
        assert_eq!(
            page.files["demo-0.9.tar.gz"].to_string(),
            "https://index.example/pool/demo-0.9.tar.gz?x=1&y=2"
        );
    }

    #[test]
    fn json_links_point_here_and_keep_the_rest() {
        let page = json(
            "/files/demo/",
            &base(),
            br#"{"meta":{"api-version":"1.1"},"name":"demo","files":[{"filename":"demo-1.0.tar.gz","url":"https://files.example/x/demo-1.0.tar.gz","hashes":{"sha256":"00"},"requires-python":">=3.8","yanked":"bad","core-metadata":{"sha256":"11"},"size":5}],"versions":["1.0"]}"#,
        )
        .expect("a page");
        insta::assert_snapshot!(
            String::from_utf8_lossy(&page.body),
            @r#"{"meta":{"api-version":"1.1"},"name":"demo","files":[{"filename":"demo-1.0.tar.gz","url":"/files/demo/demo-1.0.tar.gz","hashes":{"sha256":"00"},"requires-python":">=3.8","yanked":"bad","core-metadata":{"sha256":"11"},"size":5}],"versions":["1.0"]}"#
        );
    }

    proptest! {
        #[test]
        fn a_page_without_artifacts_comes_through_unchanged(text in "[<>a-zA-Z =\"'/#&;]{0,200}") {
            let page = html("/files/demo/", &base(), &text);
            prop_assert_eq!(String::from_utf8_lossy(&page.body), text);
        }
    }
}
