//! Python projects whose files the operator lists: pages written here, files where the list says.
//!
//! A file's address here is `/simple/PROJECT/FILENAME`. Pages are of API version 1.0: later ones ask
//! for sizes (PEP 700), which nobody here knows.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use weir_config::catalogue::{Project, ProjectFile};
use weir_event::Kind;

use super::{Format, PAGES, negotiate, normalise, version};
use crate::answer::{Failure, Reply};
use crate::ecosystem::{Decision, Plan};
use crate::fact::Fact;
use crate::head::{Head, Method, Refusal};
use crate::html::escaped;

/// Decides a request for the list of `projects`; `None` if the path is another.
pub(crate) fn root<'p>(
    head: &Head<'_>,
    projects: impl Iterator<Item = &'p str>,
) -> Option<Decision<'static>> {
    if head.path != PAGES && head.path != "/simple" {
        return None;
    }
    if let Some(refused) = refuse_writing(head) {
        return Some(refused);
    }
    let mut names: Vec<&str> = projects.collect();
    names.sort_unstable();
    let (format, content_type) = negotiate(&head.list("accept"));
    let body = match format {
        Format::Json => {
            let names = names.iter().map(|name| json!({ "name": name }));
            json!({ "meta": { "api-version": "1.0" }, "projects": names.collect::<Value>() })
                .to_string()
        }
        Format::Html => {
            let link =
                |name: &&str| format!("<a href=\"{}{PAGES}{name}/\">{name}</a><br>\n", head.prefix);
            let links = names.iter().map(link);
            html("Simple index", &links.collect::<String>())
        }
    };
    Some(Decision::uncounted(Plan::Reply(page(
        head,
        content_type,
        body,
    ))))
}

/// Decides a request for a project's page or one of its files; `None` if it is about no project that
/// `find` knows by its normal name.
pub(crate) fn decide<'a>(
    head: &Head<'a>,
    find: impl FnOnce(&str) -> Option<(&'a str, &'a Project)>,
) -> Option<Decision<'a>> {
    let rest = head.path.strip_prefix(PAGES)?;
    let (name, filename) = rest.split_once('/').unwrap_or((rest, ""));
    let (package, project) = find(&normalise(name)?)?;
    if let Some(refused) = refuse_writing(head) {
        return Some(refused);
    }
    Some(if filename.is_empty() {
        about_project(head, package, project)
    } else {
        about_file(head, package, project, filename)
    })
}

fn refuse_writing(head: &Head<'_>) -> Option<Decision<'static>> {
    let reads = matches!(head.method, Method::Get | Method::Head);
    let refused = Plan::Fail(Failure::Refused(Refusal::Method));
    (!reads).then(|| Decision::uncounted(refused))
}

fn about_project<'a>(head: &Head<'a>, package: &'a str, project: &Project) -> Decision<'a> {
    let (format, content_type) = negotiate(&head.list("accept"));
    let body = match format {
        Format::Json => json_page(project, head.prefix).to_string(),
        Format::Html => html_page(project, head.prefix),
    };
    let reply = page(head, content_type, body);
    let kind = if head.method == Method::Get && reply.status == 200 {
        Kind::Metadata
    } else {
        Kind::Check
    };
    Decision::new(Plan::Reply(reply), Fact::new(kind, "pypi", package, PAGES))
}

fn about_file<'a>(
    head: &Head<'a>,
    package: &'a str,
    project: &'a Project,
    filename: &str,
) -> Decision<'a> {
    let filename = percent_decode_str(filename).decode_utf8_lossy();
    let Some(file) = project.files.iter().find(|file| file.filename == filename) else {
        let fact = Fact::new(Kind::BrokenLink, "pypi", package, PAGES);
        return Decision::new(Plan::Fail(Failure::UnknownPath), fact);
    };
    let (kind, plan) = match head.method {
        Method::Get => {
            let kind = if head.wants_start() {
                Kind::Download
            } else {
                Kind::Inspect
            };
            let (status, location) = (project.status, file.url.to_string());
            (kind, Plan::Redirect { status, location })
        }
        _ => (
            Kind::Check,
            Plan::Probe {
                url: file.url.clone(),
                credentials: None,
            },
        ),
    };
    let mut fact = Fact::new(kind, "pypi", package, PAGES);
    fact.version = Cow::Borrowed(version(&project.name, &file.filename).unwrap_or_default());
    fact.artifact = Cow::Borrowed(&file.filename);
    Decision::new(plan, fact)
}

/// A page with its tag, or 304 where the client has it (RFC 9110 §13.1.2).
fn page(head: &Head<'_>, content_type: &'static str, body: String) -> Reply {
    let etag = format!("\"{}\"", hex::encode(&Sha256::digest(&body)[..16]));
    let tags = head.list("if-none-match");
    let mut tags = tags.split(',').map(str::trim);
    let reply = if tags.any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag) {
        Reply::new(304, "", "")
    } else {
        Reply::new(200, content_type, body)
    };
    reply
        .with("etag", etag)
        .with("vary", "accept")
        .with("cache-control", "max-age=60")
}

/// PEP 691, "Project Detail".
fn json_page(project: &Project, prefix: &str) -> Value {
    let file = |file: &ProjectFile| {
        let hash = file.hash.as_ref();
        let hashes: Map<String, Value> = hash
            .map(|hash| (hash.algorithm.to_owned(), hash.hex.as_str().into()))
            .into_iter()
            .collect();
        let mut listed = json!({
            "filename": file.filename,
            "url": address(project, file, prefix),
            "hashes": hashes,
        });
        if let Some(versions) = &file.requires_python {
            listed["requires-python"] = versions.as_str().into();
        }
        if let Some(signed) = file.signed {
            listed["gpg-sig"] = signed.into();
        }
        listed
    };
    json!({
        "meta": { "api-version": "1.0" },
        "name": project.name,
        "files": project.files.iter().map(file).collect::<Value>(),
    })
}

/// PEP 503, with the hash in the link's fragment.
fn html_page(project: &Project, prefix: &str) -> String {
    let link = |file: &ProjectFile| {
        let hash = file.hash.as_ref();
        let fragment = hash.map(|hash| format!("#{}={}", hash.algorithm, hash.hex));
        let versions = file.requires_python.as_ref();
        let versions = versions.map(|text| format!(" data-requires-python=\"{}\"", escaped(text)));
        let signed = file
            .signed
            .map(|signed| format!(" data-gpg-sig=\"{signed}\""));
        format!(
            "<a href=\"{}{}\"{}{}>{}</a><br>\n",
            address(project, file, prefix),
            fragment.unwrap_or_default(),
            versions.unwrap_or_default(),
            signed.unwrap_or_default(),
            file.filename,
        )
    };
    let links: String = project.files.iter().map(link).collect();
    html(&format!("Links for {}", project.name), &links)
}

/// Relative to the host, so that it holds behind any scheme.
fn address(project: &Project, file: &ProjectFile, prefix: &str) -> String {
    format!("{prefix}{PAGES}{}/{}", project.name, file.filename)
}

fn html(title: &str, links: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<meta name=\"pypi:repository-version\" content=\"1.0\">\n<title>{title}</title>\n{links}"
    )
}

#[cfg(test)]
mod tests {
    use url::Url;
    use weir_config::catalogue::FileHash;

    use super::*;

    fn project() -> Project {
        let file = |filename: &str, hash, requires: Option<&str>, signed| ProjectFile {
            filename: filename.to_owned(),
            url: Url::parse("https://files.test/x?a=1").expect("an address"),
            hash,
            requires_python: requires.map(str::to_owned),
            signed,
        };
        let hash = FileHash {
            algorithm: "sha256",
            hex: "00".repeat(32),
        };
        Project {
            name: "acme-rocket".to_owned(),
            files: vec![
                file(
                    "acme_rocket-1.0-py3-none-any.whl",
                    Some(hash),
                    Some(">=3.8,<4 & \"x\""),
                    Some(true),
                ),
                file("acme_rocket-1.0+a.tar.gz", None, None, None),
            ],
            status: 307,
        }
    }

    #[test]
    fn a_page_says_what_is_known_of_each_file() {
        insta::assert_snapshot!(html_page(&project(), ""), @r#"
        <!DOCTYPE html>
        <meta name="pypi:repository-version" content="1.0">
        <title>Links for acme-rocket</title>
        <a href="/simple/acme-rocket/acme_rocket-1.0-py3-none-any.whl#sha256=0000000000000000000000000000000000000000000000000000000000000000" data-requires-python="&gt;=3.8,&lt;4 &amp; &quot;x&quot;" data-gpg-sig="true">acme_rocket-1.0-py3-none-any.whl</a><br>
        <a href="/simple/acme-rocket/acme_rocket-1.0+a.tar.gz">acme_rocket-1.0+a.tar.gz</a><br>
        "#);
        insta::assert_snapshot!(format!("{:#}", json_page(&project(), "")), @r#"
        {
          "meta": {
            "api-version": "1.0"
          },
          "name": "acme-rocket",
          "files": [
            {
              "filename": "acme_rocket-1.0-py3-none-any.whl",
              "url": "/simple/acme-rocket/acme_rocket-1.0-py3-none-any.whl",
              "hashes": {
                "sha256": "0000000000000000000000000000000000000000000000000000000000000000"
              },
              "requires-python": ">=3.8,<4 & \"x\"",
              "gpg-sig": true
            },
            {
              "filename": "acme_rocket-1.0+a.tar.gz",
              "url": "/simple/acme-rocket/acme_rocket-1.0+a.tar.gz",
              "hashes": {}
            }
          ]
        }
        "#);
    }
}
