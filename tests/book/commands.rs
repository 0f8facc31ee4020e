//! `reference/commands.md`: every command as its own `--help` tells it.

use std::fmt::Write as _;
use std::process::Command;

use super::assert_fresh;

const HEAD: &str = "# Commands\n\nWhat `weir --help` says, and each command below it. Made from the program itself.\n";

#[test]
fn the_page_of_commands_is_what_the_program_says() {
    let mut page = HEAD.to_owned();
    describe(&[], &mut page);
    assert!(page.contains("## `weir serve`"), "{page}");
    assert_fresh("commands.md", &page);
}

/// Adds a command and all below it.
fn describe(path: &[String], page: &mut String) {
    let help = help(path);
    let name = [&["weir".to_owned()], path].concat().join(" ");
    write!(page, "\n## `{name}`\n\n```text\n{}\n```\n", help.trim()).expect("a text");
    for command in below(&help) {
        describe(&[path, &[command]].concat(), page);
    }
}

/// What the program says, as wide as always.
fn help(path: &[String]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(path)
        .arg("--help")
        .env_clear()
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{path:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// The commands that a help names, but `help`, which is in each.
fn below(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}
