//! A bar on the terminal while a command reads or writes much; nothing where standard error is no terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

/// Cells of the bar.
const WIDTH: u64 = 30;

/// Between two drawings.
const PAUSE: Duration = Duration::from_millis(100);

/// How far it is.
pub(super) struct Progress {
    name: String,
    /// The whole, if that is known, in whatever unit.
    total: Option<u64>,
    is_shown: bool,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(name: &str, total: Option<u64>) -> Self {
        Self {
            name: name.to_owned(),
            total,
            is_shown: io::stderr().is_terminal(),
            drawn: None,
        }
    }

    /// Shows that so much of the whole is `done`, and `detail`.
    pub(super) fn show(&mut self, done: u64, detail: impl FnOnce() -> String) {
        let is_early = self.drawn.is_some_and(|drawn| drawn.elapsed() < PAUSE);
        if !self.is_shown || is_early {
            return;
        }
        self.drawn = Some(Instant::now());
        let line = line(&self.name, self.total, done, &detail());
        // The bar is for looking at: where it cannot be drawn, nothing is lost.
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
    }

    /// Clears the line for what is said next.
    pub(super) fn end(&self) {
        if self.drawn.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(name: &str, total: Option<u64>, done: u64, detail: &str) -> String {
    let Some(total @ 1..) = total else {
        return format!("{name}  {detail}");
    };
    let done = done.min(total);
    let cells = (WIDTH * done / total) as usize;
    let percent = 100 * done / total;
    format!(
        "{name} [{:<width$}] {percent:>3} %  {detail}",
        "#".repeat(cells),
        width = WIDTH as usize
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_how_much_of_the_whole_is_done() {
        let cases = [(Some(4), 1), (Some(200), 300), (None, 100), (Some(0), 100)];
        let shown = cases.map(|(total, done)| line("access.log", total, done, "70000 lines"));
        insta::assert_snapshot!(shown.join("\n"), @"
        access.log [#######                       ]  25 %  70000 lines
        access.log [##############################] 100 %  70000 lines
        access.log  70000 lines
        access.log  70000 lines
        ");
    }
}
