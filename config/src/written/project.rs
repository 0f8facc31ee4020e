//! `[[package.file]]` as written: the files of a Python project, one by one.

use percent_encoding::percent_decode_str;
use url::Url;

use super::pattern::normal_python_name;
use super::{Item, Reading, Table, route, url as address};
use crate::catalogue::{FileHash, Project, ProjectFile};

/// Reads the files of the project `name`.
pub(super) fn project(
    name: Option<&Item<'_>>,
    table: &mut Table<'_>,
    reading: &mut Reading,
) -> Option<Project> {
    let name = name.and_then(|item| project_name(item, reading));
    let status = route::redirect_status(table, reading);
    let tables = table.tables("file", reading);
    if tables.is_empty() {
        let problem = table.problem("the package has no file, so there is nothing to install");
        reading.error(problem.help("add [[package.file]] with a url below it"));
    }
    let mut files: Vec<ProjectFile> = Vec::new();
    for mut table in tables {
        let known = |name: &str| files.iter().any(|file| file.filename == name);
        let file = file(&mut table, known, reading);
        table.finish(reading);
        files.extend(file);
    }
    Some(Project {
        name: name?,
        files,
        status,
    })
}

/// The grammar of names in the core metadata specification, "Name".
fn project_name(item: &Item<'_>, reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = [text.bytes().next(), text.bytes().last()];
    let ends_well = ends
        .iter()
        .all(|end| end.is_some_and(|byte| byte.is_ascii_alphanumeric()));
    if ends_well && text.bytes().all(known) {
        return Some(normal_python_name(text));
    }
    let problem = item.problem(format!("{text:?} is not a Python project's name"));
    reading.error(
        problem.help("use letters, digits and \".\", \"_\" and \"-\" between them, as pip has it"),
    );
    None
}

fn file(
    table: &mut Table<'_>,
    known: impl Fn(&str) -> bool,
    reading: &mut Reading,
) -> Option<ProjectFile> {
    let example = "\"https://files.acme.example/rocket-1.2.0-py3-none-any.whl\"";
    let written = table.require("url", example, reading);
    let url = written
        .as_ref()
        .and_then(|item| address::artifact(item, reading));
    let filename = match table.take("filename") {
        Some(item) => {
            let text = item.string(reading);
            text.and_then(|text| filename(text.to_owned(), &known, &item, reading))
        }
        None => written
            .zip(url.as_ref())
            .and_then(|(item, url)| filename(last_segment(url), &known, &item, reading)),
    };
    let hash = table.take("hash").and_then(|item| hash(&item, reading));
    let requires_python = table
        .take("requires_python")
        .and_then(|item| item.string(reading).map(str::to_owned));
    let signed = table.take("gpg_sig").and_then(|item| item.boolean(reading));
    Some(ProjectFile {
        filename: filename?,
        url: url?,
        hash,
        requires_python,
        signed,
    })
}

fn last_segment(url: &Url) -> String {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

fn filename(
    text: String,
    known: &impl Fn(&str) -> bool,
    item: &Item<'_>,
    reading: &mut Reading,
) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._+!~-".contains(&byte);
    let problem = if text.starts_with('.') || text.is_empty() || !text.bytes().all(plain) {
        item.problem(format!("{text:?} is not the name of a file to install"))
            .help("write filename = \"NAME-VERSION.tar.gz\" or a wheel's name")
    } else if known(&text) {
        item.problem(format!("{text:?} stands here twice"))
            .help("leave one out")
    } else {
        return Some(text);
    };
    reading.error(problem);
    None
}

/// Reads `sha256=…`, as a link's fragment has it (PEP 503).
fn hash(item: &Item<'_>, reading: &mut Reading) -> Option<FileHash> {
    const DIGITS: [(&str, usize); 6] = [
        ("md5", 32),
        ("sha1", 40),
        ("sha224", 56),
        ("sha256", 64),
        ("sha384", 96),
        ("sha512", 128),
    ];
    let text = item.string(reading)?;
    let found = DIGITS.iter().find_map(|(algorithm, digits)| {
        let hex = text.strip_prefix(algorithm)?.strip_prefix('=')?;
        let whole = hex.len() == *digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        whole.then(|| FileHash {
            algorithm,
            hex: hex.to_ascii_lowercase(),
        })
    });
    if found.is_none() {
        let problem = item.problem(format!("{text:?} is not a hash"));
        reading.error(problem.help("write sha256= and 64 hex digits"));
    }
    found
}
