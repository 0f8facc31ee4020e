//! The fenced examples of the book and of the pages beside it, as a reader copies them.

use std::fs;
use std::path::Path;

use super::docs;
use super::pages;

/// Pages with commands that are not in the book.
const BESIDE: [&str; 2] = ["README.md", "CONTRIBUTING.md"];

/// A block between fences (`CommonMark` 0.31, section 4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    /// The first word behind the fence.
    pub(crate) language: String,
    /// Without the fence's own indentation.
    pub(crate) text: String,
}

impl Example {
    /// Whether it is for a shell.
    pub(crate) fn is_typed(&self) -> bool {
        ["sh", "bash", "shell", "console"].contains(&self.language.as_str())
    }

    /// The name of the file that the first line says it is: `# clients.toml`.
    pub(crate) fn file(&self) -> Option<&str> {
        let name = self.text.lines().next()?.strip_prefix("# ")?;
        (name.contains('.') && !name.contains(' ')).then_some(name)
    }
}

/// Every page by its path in the repository, with its examples. What `assert_fresh` compares is not
/// read again.
pub(crate) fn all() -> Vec<(String, Vec<Example>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = BESIDE.map(|name| root.join(name));
    let pages = pages::pages().into_iter().chain(beside);
    let pages = pages.filter(|page| !page.starts_with(docs().join("reference")));
    pages
        .map(|page| {
            let name = page.strip_prefix(root).expect("below").display();
            let text = fs::read_to_string(&page).expect("a text");
            (name.to_string(), read(&text))
        })
        .collect()
}

/// The examples of one page.
pub(crate) fn of(page: &str) -> Vec<Example> {
    let found = all().into_iter().find(|(name, _)| name == page);
    found.unwrap_or_else(|| panic!("there is no {page}")).1
}

fn read(text: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let indented = line.len() - line.trim_start().len();
        let inside = lines.by_ref().take_while(|line| line.trim() != "```");
        let inside = inside.map(|line| line.get(indented..).unwrap_or_default());
        found.push(Example {
            language: language.trim().to_owned(),
            text: inside.fold(String::new(), |text, line| text + line + "\n"),
        });
    }
    found
}

#[test]
fn an_example_is_what_stands_between_its_fences() {
    let page =
        "Type:\n\n   ```sh\n   weir check\n\n     next\n   ```\n\n```toml\n# a.toml\n[x]\n```\n";
    let [typed, kept] = &read(page)[..] else {
        panic!("two examples")
    };
    assert!(typed.is_typed() && typed.file().is_none());
    assert_eq!(typed.text, "weir check\n\n  next\n");
    assert!(!kept.is_typed());
    assert_eq!(kept.file(), Some("a.toml"));
}
