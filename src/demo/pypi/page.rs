//! Index pages in both notations.

use std::fmt::Write as _;

use serde_json::{Value, json};

/// A file as an index page lists it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) file_name: String,
    pub(super) version: &'static str,
    pub(super) url: String,
    pub(super) sha256: String,
    /// Of the metadata beside the file (PEP 658), where the index knows of it.
    pub(super) metadata_sha256: Option<String>,
    pub(super) size: usize,
    pub(super) requires_python: &'static str,
    /// Why the file was withdrawn, if it was.
    pub(super) yanked: Option<&'static str>,
    pub(super) upload_time: &'static str,
}

impl Listed {
    /// The file as an index lists it that is older than PEP 658.
    pub(super) fn without_metadata(&self) -> Self {
        Self {
            metadata_sha256: None,
            ..self.clone()
        }
    }
}

/// A project's page as PEP 691 has it.
pub(super) fn project_json(project: &str, files: &[Listed]) -> Value {
    let versions: Vec<_> = files.iter().map(|file| file.version).collect();
    let files: Vec<_> = files.iter().map(file_json).collect();
    json!({
        "meta": { "api-version": "1.1" },
        "name": project,
        "versions": versions,
        "files": files,
    })
}

fn file_json(file: &Listed) -> Value {
    let mut listed = json!({
        "filename": file.file_name,
        "url": file.url,
        "hashes": { "sha256": file.sha256 },
        "requires-python": file.requires_python,
        "size": file.size,
        "upload-time": file.upload_time,
        "yanked": file.yanked.map_or(Value::Bool(false), Value::from),
    });
    if let Some(sha256) = &file.metadata_sha256 {
        listed["core-metadata"] = json!({ "sha256": sha256 });
        listed["data-dist-info-metadata"] = json!({ "sha256": sha256 });
    }
    listed
}

/// A project's page as PEP 503 has it.
pub(super) fn project_html(project: &str, files: &[Listed]) -> String {
    let mut links = String::new();
    for file in files {
        let yanked = file
            .yanked
            .map(|why| format!(" data-yanked=\"{}\"", escape(why)))
            .unwrap_or_default();
        let metadata = file
            .metadata_sha256
            .as_ref()
            .map(|sha256| {
                format!(
                    " data-dist-info-metadata=\"sha256={sha256}\" data-core-metadata=\"sha256={sha256}\""
                )
            })
            .unwrap_or_default();
        writeln!(
            links,
            "    <a href=\"{url}#sha256={sha256}\" data-requires-python=\"{python}\"{yanked}{metadata}>{name}</a><br>",
            url = escape(&file.url),
            sha256 = file.sha256,
            python = escape(file.requires_python),
            name = escape(&file.file_name),
        )
        .expect("strings take every write");
    }
    html(&format!("Links for {project}"), &links)
}

/// The list of projects as PEP 691 has it.
pub(super) fn index_json(projects: &[&str]) -> Value {
    let projects: Vec<_> = projects
        .iter()
        .map(|name| json!({ "name": name }))
        .collect();
    json!({ "meta": { "api-version": "1.1" }, "projects": projects })
}

/// The list of projects as PEP 503 has it.
pub(super) fn index_html(projects: &[&str]) -> String {
    let mut links = String::new();
    for name in projects {
        writeln!(links, "    <a href=\"/simple/{name}/\">{name}</a><br>")
            .expect("strings take every write");
    }
    html("Simple index", &links)
}

fn html(title: &str, links: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n  <head>\n    <meta name=\"pypi:repository-version\" content=\"1.1\">\n    \
         <title>{title}</title>\n  </head>\n  <body>\n    <h1>{title}</h1>\n{links}  </body>\n</html>\n"
    )
}

/// `text` as an attribute value or element content.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yanked() -> Listed {
        Listed {
            file_name: "x-1.0-py3-none-any.whl".to_owned(),
            version: "1.0",
            url: "http://files.example/aa/x-1.0-py3-none-any.whl".to_owned(),
            sha256: "aa".to_owned(),
            metadata_sha256: Some("bb".to_owned()),
            size: 7,
            requires_python: ">=3.8,<4",
            yanked: Some("points \"south\""),
            upload_time: "2026-07-01T12:00:00Z",
        }
    }

    #[test]
    fn an_html_page_escapes_what_a_maintainer_wrote() {
        insta::assert_snapshot!(project_html("x", &[yanked()]), @r#"
        <!DOCTYPE html>
        <html>
          <head>
            <meta name="pypi:repository-version" content="1.1">
            <title>Links for x</title>
          </head>
          <body>
            <h1>Links for x</h1>
            <a href="http://files.example/aa/x-1.0-py3-none-any.whl#sha256=aa" data-requires-python="&gt;=3.8,&lt;4" data-yanked="points &quot;south&quot;" data-dist-info-metadata="sha256=bb" data-core-metadata="sha256=bb">x-1.0-py3-none-any.whl</a><br>
          </body>
        </html>
        "#);
    }

    #[test]
    fn a_json_page_says_the_same() {
        let page = serde_json::to_string_pretty(&project_json("x", &[yanked()])).unwrap();
        insta::assert_snapshot!(page, @r#"
        {
          "meta": {
            "api-version": "1.1"
          },
          "name": "x",
          "versions": [
            "1.0"
          ],
          "files": [
            {
              "filename": "x-1.0-py3-none-any.whl",
              "url": "http://files.example/aa/x-1.0-py3-none-any.whl",
              "hashes": {
                "sha256": "aa"
              },
              "requires-python": ">=3.8,<4",
              "size": 7,
              "upload-time": "2026-07-01T12:00:00Z",
              "yanked": "points \"south\"",
              "core-metadata": {
                "sha256": "bb"
              },
              "data-dist-info-metadata": {
                "sha256": "bb"
              }
            }
          ]
        }
        "#);
    }

    #[test]
    fn an_older_index_says_nothing_of_metadata() {
        let files = [yanked().without_metadata()];
        let (html, json) = (project_html("x", &files), project_json("x", &files));
        assert!(html.contains("data-yanked") && !html.contains("metadata"));
        assert!(json["files"][0]["hashes"].is_object());
        assert!(json["files"][0]["core-metadata"].is_null());
    }

    #[test]
    fn the_index_links_every_project() {
        insta::assert_snapshot!(index_html(&["a", "b"]), @r#"
        <!DOCTYPE html>
        <html>
          <head>
            <meta name="pypi:repository-version" content="1.1">
            <title>Simple index</title>
          </head>
          <body>
            <h1>Simple index</h1>
            <a href="/simple/a/">a</a><br>
            <a href="/simple/b/">b</a><br>
          </body>
        </html>
        "#);
    }
}
