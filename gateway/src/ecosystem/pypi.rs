//! Python packages: the simple repository API in HTML (PEP 503) and JSON (PEP 691).
//!
//! Project pages of ours pass through with their file links pointed at us, so that the file is
//! asked of us next; everything else on the page stays as it came. A file's address here is
//! `/files/PROJECT/FILENAME`: it says all that is needed to find the file again, so a lock file
//! that holds it outlives every cache. Projects of others are sent on to the upstream.

pub(crate) mod listed;
pub(crate) mod page;

use std::borrow::Cow;

use url::Url;
use weir_config::catalogue::Index;
use weir_event::Kind;

use crate::answer::{Failure, Reply};
use crate::ecosystem::{Decision, Plan, onward};
use crate::fact::Fact;
use crate::head::Head;

/// Where project pages live.
pub(crate) const PAGES: &str = "/simple/";
/// Where the pages' files live.
pub(crate) const FILES: &str = "/files/";
/// PEP 691 content types.
pub(crate) const JSON: &str = "application/vnd.pypi.simple.v1+json";
pub(crate) const HTML: &str = "application/vnd.pypi.simple.v1+html";
const PLAIN_HTML: &str = "text/html";

/// The form of a project page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Format {
    Json,
    Html,
}

impl Format {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
        }
    }
}

/// What is asked of the index.
#[derive(Clone, Debug)]
pub(crate) enum Ask<'a> {
    /// A project's page.
    Page {
        index: &'a Index,
        project: String,
        format: Format,
        content_type: &'static str,
    },
    /// One of a project's files.
    File {
        index: &'a Index,
        project: String,
        filename: &'a str,
    },
    /// The metadata beside a wheel (PEP 658).
    FileMetadata {
        index: &'a Index,
        project: String,
        filename: &'a str,
    },
}

/// Decides a request under [`PAGES`] or [`FILES`]; `None` if the path is neither.
pub(crate) fn decide<'a>(head: &Head<'a>, path: &'a str, index: &'a Index) -> Option<Decision<'a>> {
    let page = path.strip_prefix(PAGES);
    let file = path.strip_prefix(FILES);
    if page.is_none() && file.is_none() && path != "/simple" {
        return None;
    }
    if let Some(refusal) = onward::unless_reading(head) {
        return Some(refusal);
    }
    Some(match (page, file) {
        (Some(name), _) if !name.is_empty() => about_project(head, index, name),
        (_, Some(rest)) => about_file(head, index, rest),
        _ => Decision::uncounted(Plan::Reply(root(head, index))),
    })
}

fn about_project<'a>(head: &Head<'a>, index: &'a Index, name: &'a str) -> Decision<'a> {
    let written = name.trim_end_matches('/');
    let Some(project) = normalise(written) else {
        return Decision::new(
            Plan::Fail(Failure::UnknownPath),
            Fact::new(Kind::BrokenLink, "pypi", "", PAGES),
        );
    };
    if !index.counts(&project) {
        return onward::pass(head, index, &format!("/{project}/"));
    }
    let mut fact = Fact::new(onward::of_metadata(head), "pypi", "", PAGES);
    fact.package = Cow::Owned(project.clone());
    let (format, content_type) = negotiate(&head.list("accept"));
    Decision::new(
        Plan::Pypi(Ask::Page {
            index,
            project,
            format,
            content_type,
        }),
        fact,
    )
}

fn about_file<'a>(head: &Head<'a>, index: &'a Index, rest: &'a str) -> Decision<'a> {
    let found = rest
        .split_once('/')
        .and_then(|(project, filename)| Some((normalise(project)?, filename)));
    let Some((project, filename)) =
        found.filter(|(project, filename)| index.counts(project) && !filename.contains('/'))
    else {
        return Decision::new(
            Plan::Fail(Failure::UnknownPath),
            Fact::new(Kind::BrokenLink, "pypi", "", FILES),
        );
    };
    let artifact = filename.strip_suffix(".metadata").unwrap_or(filename);
    let kind = if artifact == filename {
        onward::of_file(head)
    } else {
        onward::of_metadata(head)
    };
    let mut fact = Fact::new(kind, "pypi", "", FILES);
    fact.version = Cow::Owned(version(&project, artifact).unwrap_or_default().to_owned());
    fact.artifact = Cow::Borrowed(artifact);
    fact.package = Cow::Owned(project.clone());
    if fact.kind == Kind::Download && wants_piece(head) {
        fact.kind = Kind::Inspect;
    }
    let ask = if artifact == filename {
        Ask::File {
            index,
            project,
            filename,
        }
    } else {
        Ask::FileMetadata {
            index,
            project,
            filename: artifact,
        }
    };
    Decision::new(Plan::Pypi(ask), fact)
}

/// The request asks for a piece with a beginning and an end (RFC 9110 §14.1.2), as readers of a wheel's
/// metadata do: the end of a small wheel is all of it. Downloads that go on where they stopped leave
/// the end open.
///
/// uv does not follow a redirect of such a request but fetches the whole wheel instead, so what is
/// small enough for that comes through us.
pub(crate) fn wants_piece(head: &Head<'_>) -> bool {
    const MOST: u64 = 1024 * 1024;
    let piece = head.field("range").and_then(|range| {
        let (first, last) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
        Some((first.parse::<u64>().ok()?, last.parse::<u64>().ok()?))
    });
    piece.is_some_and(|(first, last)| first <= last && last - first < MOST)
}

/// The root lists nothing: no installer asks for it, and the list would be the whole registry's.
fn root(head: &Head<'_>, index: &Index) -> Reply {
    let pages = head.mount(index) + PAGES;
    let names = index
        .packages
        .iter()
        .map(|pattern| pattern.0.as_str())
        .filter(|name| !name.contains('*'));
    let links = names.flat_map(|name| ["<a href=\"", &pages, name, "/\">", name, "</a>\n"]);
    let page: String = std::iter::once("<!DOCTYPE html>\n<title>Simple index</title>\n")
        .chain(links)
        .collect();
    Reply::new(200, "text/html; charset=utf-8", page)
}

/// PEP 503: runs of `-`, `_` and `.` become one `-`, lower case. `None` for what is no name.
pub(crate) fn normalise(name: &str) -> Option<String> {
    let mut normal = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'-' | b'_' | b'.' if normal.ends_with('-') => {}
            b'-' | b'_' | b'.' => normal.push('-'),
            _ if byte.is_ascii_alphanumeric() => normal.push(char::from(byte.to_ascii_lowercase())),
            _ => return None,
        }
    }
    let edges_ok = !normal.is_empty() && !normal.starts_with('-') && !normal.ends_with('-');
    (edges_ok && normal.len() <= 200).then_some(normal)
}

/// Which form the client likes best, and under which name (PEP 691, "Version + Format Selection").
/// HTML where it does not say.
fn negotiate(accept: &str) -> (Format, &'static str) {
    let mut best = (0.0, (Format::Html, "text/html; charset=utf-8"));
    for range in accept.split(',') {
        let mut parts = range.split(';').map(str::trim);
        let form = match parts.next().unwrap_or_default() {
            JSON | "application/vnd.pypi.simple.latest+json" => (Format::Json, JSON),
            HTML | "application/vnd.pypi.simple.latest+html" => (Format::Html, HTML),
            PLAIN_HTML | "*/*" => (Format::Html, "text/html; charset=utf-8"),
            _ => continue,
        };
        let quality = parts
            .find_map(|part| part.strip_prefix("q="))
            .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
        if quality > best.0 {
            best = (quality, form);
        }
    }
    best.1
}

/// The version in a wheel's or source archive's file name (PEP 427, PEP 625).
pub(crate) fn version<'f>(project: &str, filename: &'f str) -> Option<&'f str> {
    if let Some(stem) = filename.strip_suffix(".whl") {
        return stem.split('-').nth(1);
    }
    let stem = [".tar.gz", ".zip", ".tar.bz2", ".egg"]
        .iter()
        .find_map(|ending| filename.strip_suffix(ending))?;
    // The name itself may hold hyphens: the first split whose left part is the project's name.
    stem.match_indices('-')
        .find(|(at, _)| normalise(&stem[..*at]).as_deref() == Some(project))
        .map(|(at, _)| &stem[at + 1..])
}

/// Whether a file on a page is one that installers download.
pub(crate) fn is_artifact(filename: &str) -> bool {
    [".whl", ".tar.gz", ".zip", ".egg", ".tar.bz2"]
        .iter()
        .any(|ending| filename.ends_with(ending))
}

/// Where the files of `project` are here, for an index at `mount`. Relative to the host, so that it holds behind any
/// scheme.
pub(crate) fn home(mount: &str, project: &str) -> String {
    format!("{mount}{FILES}{project}/")
}

/// A file link's name: the last segment of its path.
pub(crate) fn filename(url: &Url) -> Option<String> {
    url.path_segments()?
        .next_back()
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::head::Fields;

    #[test]
    fn names_are_one_under_their_spellings() {
        for name in ["My.Pack__age", "my-pack-age", "MY_PACK.AGE"] {
            assert_eq!(normalise(name).as_deref(), Some("my-pack-age"));
        }
        for name in ["", "-a", "a-", "a/b", "ä", "a b"] {
            assert_eq!(normalise(name), None, "{name}");
        }
    }

    #[test]
    fn versions_are_read_from_file_names() {
        let version = |project, file| version(project, file).unwrap_or("none");
        assert_eq!(
            version("weir-demo", "weir_demo-1.2.0-py3-none-any.whl"),
            "1.2.0"
        );
        assert_eq!(
            version(
                "weir-demo",
                "weir_demo-1.2.0-1-cp311-cp311-manylinux_2_17_x86_64.whl"
            ),
            "1.2.0"
        );
        assert_eq!(version("weir-demo", "weir-demo-1.2.0.tar.gz"), "1.2.0");
        assert_eq!(version("weir-demo", "weir_demo-1.2.0rc1.zip"), "1.2.0rc1");
        assert_eq!(version("weir-demo", "other-1.0.tar.gz"), "none");
    }

    #[test]
    fn a_piece_has_an_end_and_is_small() {
        let is_piece = |range: &str| {
            let fields = [("host", "pypi.acme.example"), ("range", range)];
            let fields = fields.map(|(name, value)| httparse::Header {
                name,
                value: value.as_bytes(),
            });
            let head = Head::new("GET", "/files/x/x-1.whl", Fields::raw(&fields));
            wants_piece(&head.expect("a good head"))
        };
        for range in [
            "bytes=0-99",
            "bytes=184830-201213",
            " bytes=7-7 ",
            "bytes=0-1048575",
        ] {
            assert!(is_piece(range), "{range}");
        }
        for range in [
            "bytes=0-",
            "bytes=100-",
            "bytes=-10000",
            "bytes=9-8",
            "bytes=0-1048576",
            "bytes=0-18446744073709551615",
            "bytes=0-1,5-6",
            "lines=0-9",
            "",
        ] {
            assert!(!is_piece(range), "{range}");
        }
    }

    #[test]
    fn the_best_liked_form_wins() {
        let pip = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01";
        assert_eq!(negotiate(pip), (Format::Json, JSON));
        assert_eq!(
            negotiate("text/html"),
            (Format::Html, "text/html; charset=utf-8")
        );
        assert_eq!(
            negotiate("application/vnd.pypi.simple.v1+html, text/html;q=0.1"),
            (Format::Html, HTML)
        );
        assert_eq!(negotiate(""), (Format::Html, "text/html; charset=utf-8"));
        assert_eq!(
            negotiate("application/json"),
            (Format::Html, "text/html; charset=utf-8")
        );
    }
}
