//! Where a conversion goes: standard output, or files that were not there before.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use anyhow::Context as _;

use super::writing::Draft;

/// Prints the configuration; what must not be printed is left to the caller.
#[expect(
    clippy::print_stdout,
    reason = "the configuration is the command's output"
)]
pub(super) fn print(text: &str, draft: &Draft) {
    print!("{text}");
    for name in draft.tokens.keys() {
        eprintln!(
            "note: tokens are not printed: put them into {name}, one a line, and run chmod 600 {name}; --output does both"
        );
    }
}

/// Writes the configuration and the files that it names: all of them or, where one is there already, none.
pub(super) fn write(path: &Path, text: &str, draft: &Draft) -> anyhow::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let tokens = draft.tokens.keys().map(|name| folder.join(name));
    for path in tokens.chain([path.to_owned()]) {
        anyhow::ensure!(
            !path.exists(),
            "{} is there already and is left alone; name another place with --output",
            path.display()
        );
    }
    create(path, text, 0o666)?;
    write_tokens(folder, draft)
}

/// Writes each file of tokens, for its owner alone.
pub(super) fn write_tokens(folder: &Path, draft: &Draft) -> anyhow::Result<()> {
    for (name, tokens) in &draft.tokens {
        create(
            &folder.join(name),
            &format!("{}\n", tokens.join("\n")),
            0o600,
        )?;
    }
    Ok(())
}

/// Creates a file, and only creates it. The mode is subject to the process's mask.
fn create(path: &Path, text: &str, mode: u32) -> anyhow::Result<()> {
    let cannot = || format!("cannot create {}", path.display());
    let mut options = OpenOptions::new();
    let options = options.write(true).create_new(true).mode(mode);
    let mut file = options.open(path).with_context(cannot)?;
    file.write_all(text.as_bytes()).with_context(cannot)
}
