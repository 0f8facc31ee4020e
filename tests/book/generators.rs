//! What the pages about pixel and script say goes into a site is put there, by the generators that they name, and
//! opened in a real browser: one view a page, and no other.

use regex::Regex;

use super::examples;
use super::site::{Site, seen};
use super::world::client::from_setup;

/// The example of `page` that begins so, with the addresses of this gateway as a browser here reaches them.
fn example(page: &str, beginning: &str) -> String {
    let found = examples::of(page).into_iter();
    let mut found = found.filter(|one| one.text.starts_with(beginning));
    let found = found
        .next()
        .unwrap_or_else(|| panic!("{page}: {beginning}"));
    found.text.replace("https://", "http://")
}

const TEXTS: [(&str, &str); 2] = [
    ("docs/index.md", "# Rocket\n\nIt flies.\n"),
    ("docs/guide.md", "# Guide\n\nHow to fly.\n"),
];

async fn mkdocs(files: &[(&str, &str)]) -> Site {
    let files = [files, &TEXTS].concat();
    let site = Site::new(&files, "site", ["/", "/guide/"]);
    let program = from_setup("generators/bin/mkdocs");
    site.build(&program, &["build", "--quiet"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn mkdocs_takes_the_script() {
    let settings = example("docs/script.md", "extra_javascript:");
    let settings = format!("site_name: Rocket\n{settings}");
    let site = mkdocs(&[("mkdocs.yml", &settings)]).await;
    assert_eq!(site.tags("get.acme.example/-/s.js?id=docs"), [1, 1]);
    assert_eq!(site.tags("/-/s.js?id=docs\" defer>"), [1, 1]);
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket / chrome
    acme/rocket /guide/ chrome
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn mkdocs_takes_the_pixel() {
    let template = example("docs/pixel.md", "{% extends \"base.html\"");
    let settings = "site_name: Rocket\ntheme:\n  name: mkdocs\n  custom_dir: overrides\n";
    let site = mkdocs(&[("mkdocs.yml", settings), ("overrides/main.html", &template)]).await;
    assert_eq!(site.tags("get.acme.example/-/px/docs.gif"), [1, 1]);
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket / chrome
    acme/rocket /guide/ chrome
    ");
}

async fn sphinx(settings: &str, more: &[(&str, &str)]) -> Site {
    let settings = format!("project = \"Rocket\"\n{settings}\n");
    let files = [
        ("conf.py", settings.as_str()),
        (
            "index.rst",
            "Rocket\n======\n\nIt flies.\n\n.. toctree::\n\n   guide\n",
        ),
        ("guide.rst", "Guide\n=====\n\nHow to fly.\n"),
    ];
    let site = Site::new(
        &[&files, more].concat(),
        "built",
        ["/index.html", "/guide.html"],
    );
    let program = from_setup("generators/bin/sphinx-build");
    site.build(&program, &["--quiet", ".", "built"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn sphinx_takes_the_script() {
    let site = sphinx(&example("docs/script.md", "html_js_files"), &[]).await;
    assert_eq!(site.tags("get.acme.example/-/s.js?id=docs"), [1, 1]);
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket /index.html chrome
    acme/rocket /guide.html chrome
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn sphinx_takes_the_pixel() {
    let template = example("docs/pixel.md", "{% extends \"!layout.html\"");
    let site = sphinx(
        "templates_path = [\"_templates\"]",
        &[("_templates/layout.html", &template)],
    )
    .await;
    assert_eq!(site.tags("get.acme.example/-/px/docs.gif"), [1, 1]);
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket /index.html chrome
    acme/rocket /guide.html chrome
    ");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn mdbook_takes_the_script() {
    let head = example("docs/script.md", "<script");
    let site = Site::new(
        &[
            ("book.toml", "[book]\ntitle = \"Rocket\"\n"),
            ("theme/head.hbs", &head),
            (
                "src/SUMMARY.md",
                "- [Rocket](one.md)\n- [Guide](guide.md)\n",
            ),
            ("src/one.md", TEXTS[0].1),
            ("src/guide.md", TEXTS[1].1),
        ],
        "book",
        ["/one.html", "/guide.html"],
    );
    let program = from_setup("mdbook/bin/mdbook");
    let site = site.build(&program, &["build"]).await;
    assert_eq!(site.tags("get.acme.example/-/s.js?id=docs"), [1, 1]);
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket /one.html chrome
    acme/rocket /guide.html chrome
    ");
}

/// A tag manager sets the tag's text as HTML, which runs no script, and then makes each script in it anew; of what
/// stands in the tag only the address is sure to arrive.
const TAG_MANAGER: &str = "<!doctype html><title>Rocket</title><h1>Rocket</h1><script>
const holder = document.createElement('div');
holder.innerHTML = TAG;
document.body.append(holder);
for (const inert of holder.querySelectorAll('script')) {
  const script = document.createElement('script');
  script.src = inert.src;
  inert.replaceWith(script);
}
</script>";

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_manager_takes_the_script() {
    let tag = example("docs/script.md", "<script");
    let tag = serde_json::to_string(&tag).expect("text is JSON");
    let tag = tag.replace("</", "<\\/");
    let page = TAG_MANAGER.replace("TAG", &tag);
    let site = Site::new(
        &[("site/index.html", &page), ("site/guide.html", &page)],
        "site",
        ["/", "/guide.html"],
    );
    insta::assert_snapshot!(seen(&site).await.join("\n"), @"
    acme/rocket / chrome
    acme/rocket /guide.html chrome
    ");
}

#[test]
fn the_same_line_is_shown_wherever_it_is_the_same() {
    // Docusaurus is too large to install for a test: what it is told is what the other pages tell it.
    let line = Regex::new(r"(?m)^scripts: .*$").expect("a pattern");
    let told = ["docs/script.md", "docs/pixel.md"].map(|page| {
        let text = examples::of(page).into_iter().map(|one| one.text);
        let text: String = text.collect();
        line.find(&text).expect("a line").as_str().to_owned()
    });
    assert_eq!(told[0], told[1]);
}
