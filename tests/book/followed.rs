//! Every command of the book is run, page by page, and every address asked, or has a reason in `examples.toml` why it is not;
//! of those, what can be checked without running them is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use regex::Regex;

use super::needs::{self, Needs, table};
use super::reader::{addresses, follow};
use super::typed::commands;
use super::{docs, examples};

/// A test a page, named as the page is.
macro_rules! followed {
    ($($(#[$mark:meta])? $name:ident $page:literal)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            $(#[$mark])?
            async fn $name() {
                follow($page).await;
            }
        )*
        const FOLLOWED: &[&str] = &[$($page),*];
    };
}

followed! {
    accounts "docs/accounts.md"
    audiences "docs/audiences.md"
    backup "docs/backup.md"
    badges "docs/badge.md"
    collector "docs/collector.md"
    composer "docs/ecosystems/composer.md"
    crates "docs/ecosystems/cargo.md"
    exports "docs/export.md"
    #[ignore = "make test-clients"] files "docs/ecosystems/file.md"
    from_plausible "docs/from-plausible.md"
    from_scarf "docs/from-scarf.md"
    geo "docs/geo.md"
    #[ignore = "make test-clients"] go "docs/ecosystems/go.md"
    imports "docs/import.md"
    npm "docs/ecosystems/npm.md"
    organisations "docs/organisations.md"
    pixels "docs/pixel.md"
    python "docs/ecosystems/pypi.md"
    questions "docs/questions.md"
    readme "README.md"
    rubygems "docs/ecosystems/rubygems.md"
    scripts "docs/script.md"
}

#[test]
fn a_page_with_commands_is_followed_unless_none_of_them_can_be_run() {
    let mut missing = Vec::new();
    for (page, examples) in examples::all() {
        let needs = needs::of(&page);
        let typed = examples.iter().filter(|example| example.is_typed());
        let typed = typed.flat_map(|example| commands(&example.text));
        let run =
            typed.filter(|one| needs.reason(one).is_none()).count() + addresses(&examples).len();
        let followed = FOLLOWED.contains(&page.as_str());
        if (run > 0) != (followed || needs.run_by.is_some()) {
            missing.push(page);
        }
    }
    assert!(
        missing.is_empty(),
        "{missing:#?}: name the page in `followed!`, or say in examples.toml why no command of it is run"
    );
}

#[test]
fn what_the_table_names_is_in_the_book() {
    let examples: Vec<_> = examples::all();
    let mut gone = Vec::new();
    for (page, needs) in table() {
        let Some((_, examples)) = examples.iter().find(|(name, _)| *name == page) else {
            gone.push(page);
            continue;
        };
        let typed = examples.iter().filter(|example| example.is_typed());
        let typed: Vec<_> = typed.flat_map(|example| commands(&example.text)).collect();
        let shown: Vec<_> = examples
            .iter()
            .map(|example| example.text.as_str())
            .collect();
        let text = fs::read_to_string(docs().parent().expect("a folder").join(&page));
        let text = text.expect("a text");
        let not_run = needs.not_run.keys();
        let not_run = not_run.filter(|beginning| !begins(&typed, beginning));
        let read_by = needs.read_by.keys();
        let read_by = read_by.filter(|beginning| !begins(&shown, beginning));
        let means = needs.means.iter().map(|[from, _]| from);
        let means = means.filter(|from| !text.contains(from.as_str()));
        let run_by = needs.run_by.iter();
        let run_by = run_by.filter(|file| !docs().join("../tests/book").join(file).exists());
        let all = not_run.chain(read_by).chain(means).chain(run_by);
        gone.extend(all.map(|entry| format!("{page}: {entry}")));
    }
    assert!(
        gone.is_empty(),
        "in examples.toml and no longer in the book: {gone:#?}"
    );
}

fn begins(texts: &[impl AsRef<str>], beginning: &str) -> bool {
    texts
        .iter()
        .any(|text| text.as_ref().starts_with(beginning))
}

/// Commands that are not run, with their page.
fn not_run() -> Vec<(String, String)> {
    let pages = examples::all().into_iter();
    pages
        .flat_map(|(page, examples)| {
            let needs: Needs = needs::of(&page);
            let typed = examples.into_iter().filter(examples::Example::is_typed);
            let typed = typed.flat_map(|example| commands(&example.text));
            let left: Vec<_> = typed.filter(|one| needs.reason(one).is_some()).collect();
            left.into_iter().map(move |one| (page.clone(), one))
        })
        .collect()
}

#[test]
fn a_command_of_weirs_that_is_not_run_has_words_and_options_that_exist() {
    let weir = Regex::new(r"(?m)^(?:sudo )?weir .*$").expect("a pattern");
    let mut wrong = Vec::new();
    for (page, command) in not_run() {
        for line in weir.find_iter(&command) {
            // With `--help` at its end a line is read to there, and nothing is done.
            let line = line.as_str().split(" #").next().expect("a first part");
            let line =
                line.trim_start_matches("sudo ")
                    .replacen("weir", env!("CARGO_BIN_EXE_weir"), 1);
            let mut shell = Command::new("sh");
            let output = shell.args(["-c", &format!("{line} --help")]).output();
            if !output.expect("a shell").status.success() {
                wrong.push(format!("{page}: {command}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_command_that_is_not_run_names_in_this_repository_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let makefile = fs::read_to_string(root.join("Makefile")).expect("the Makefile");
    let targets = Regex::new(r"(?m)^([a-z-]+):").expect("a pattern");
    let targets: BTreeSet<_> = targets
        .captures_iter(&makefile)
        .map(|found| found[1].to_owned())
        .collect();
    let mut missing = Vec::new();
    for (page, command) in not_run() {
        let command = command.split(" #").next().expect("a first part").trim();
        let words: Vec<_> = command.split([' ', '=', '\n']).collect();
        let made = words.strip_prefix(&["make"]).unwrap_or_default();
        let made = made.iter().filter(|word| !targets.contains(**word));
        let files = words
            .iter()
            .filter(|word| word.starts_with("setup/") || word.starts_with("config/"))
            .filter(|word| !root.join(word).exists());
        let tests = words.windows(2).filter(|pair| pair[0] == "--test");
        let tests = tests.map(|pair| &pair[1]).filter(|name| {
            let folder = root.join("tests");
            !folder.join(format!("{name}.rs")).exists() && !folder.join(name).is_dir()
        });
        let all = made.chain(files).chain(tests);
        missing.extend(all.map(|word| format!("{page}: {word}")));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn an_option_that_does_not_exist_is_noticed_behind_help() {
    let mut weir = Command::new(env!("CARGO_BIN_EXE_weir"));
    let output = weir
        .args(["orgs", "wrong", "Acme", "--nonsense", "--help"])
        .output();
    assert!(!output.expect("the program runs").status.success());
}
