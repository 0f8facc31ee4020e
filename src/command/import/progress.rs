//! A bar on the terminal while an import goes on; nothing where standard error is no terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use weir_ingest::import::Tally;

/// Cells of the bar.
const WIDTH: u64 = 30;

/// Between two drawings.
const PAUSE: Duration = Duration::from_millis(100);

/// How far it is.
pub(super) struct Progress {
    name: String,
    /// Bytes of the whole, if that is known.
    size: Option<u64>,
    is_shown: bool,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(name: &str, size: Option<u64>) -> Self {
        Self {
            name: name.to_owned(),
            size,
            is_shown: io::stderr().is_terminal(),
            drawn: None,
        }
    }

    pub(super) fn show(&mut self, bytes: u64, tally: Tally) {
        let is_early = self.drawn.is_some_and(|drawn| drawn.elapsed() < PAUSE);
        if !self.is_shown || is_early {
            return;
        }
        self.drawn = Some(Instant::now());
        // The bar is for looking at: where it cannot be drawn, nothing is lost.
        let _ = write!(
            io::stderr(),
            "\r\x1b[K{}",
            line(&self.name, self.size, bytes, tally)
        );
    }

    /// Clears the line for what is said next.
    pub(super) fn end(&self) {
        if self.drawn.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(name: &str, size: Option<u64>, bytes: u64, tally: Tally) -> String {
    let bar = match size {
        Some(size @ 1..) => {
            let done = bytes.min(size);
            let cells = (WIDTH * done / size) as usize;
            let percent = 100 * done / size;
            format!(
                "[{:<width$}] {percent:>3} %",
                "#".repeat(cells),
                width = WIDTH as usize
            )
        }
        _ => format!("{} MiB", bytes >> 20),
    };
    format!(
        "{name} {bar}  {} lines, {} refused",
        tally.read, tally.refused
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_says_how_much_of_the_file_is_read() {
        let tally = Tally {
            read: 70_000,
            refused: 3,
            ..Tally::default()
        };
        let shown =
            [Some(200), None, Some(0)].map(|size| line("access.log", size, 100 << 20, tally));
        insta::assert_snapshot!(shown.join("\n"), @"
        access.log [##############################] 100 %  70000 lines, 3 refused
        access.log 100 MiB  70000 lines, 3 refused
        access.log 100 MiB  70000 lines, 3 refused
        ");
        insta::assert_snapshot!(line("a", Some(4), 1, tally), @"a [#######                       ]  25 %  70000 lines, 3 refused");
    }
}
