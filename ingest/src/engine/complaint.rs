//! What the engine writes to standard error, as our log takes it: one line, bounded, no secrets.

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};

/// Longest line that is passed on, in characters.
const LONGEST: usize = 400;

/// Logs every line until the engine closes its end; returns the one that best says why it ended.
pub(super) async fn relay(stderr: impl AsyncRead + Unpin) -> Option<String> {
    let mut lines = BufReader::new(stderr).split(b'\n');
    let mut verdict: Option<String> = None;
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = scrub(&String::from_utf8_lossy(&line));
        if line.is_empty() {
            continue;
        }
        let complains = is_complaint(&line);
        if complains {
            tracing::warn!(target: "weir::engine", "{line}");
        } else {
            tracing::debug!(target: "weir::engine", "{line}");
        }
        if complains || verdict.is_none() {
            verdict = Some(line);
        }
    }
    verdict
}

/// Errors carry a number or a level; the rest is stack traces and remarks. The error of a query goes
/// to whoever asked, and its words may quote what was asked for; that somebody hung up is no error.
fn is_complaint(line: &str) -> bool {
    let is_query = [
        "executeQuery:",
        "QueryHandler:",
        "WriteBufferFromHTTPServerResponse::cancel",
    ]
    .iter()
    .any(|mark| line.contains(mark));
    !is_query
        && ["Code: ", "<Error>", "<Fatal>", "cannot "]
            .iter()
            .any(|mark| line.contains(mark))
}

/// Drops control characters, and masks long hexadecimal words: a password or its digest.
fn scrub(line: &str) -> String {
    let plain: String = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST)
        .collect();
    plain
        .split_inclusive(|c: char| !c.is_ascii_hexdigit())
        .map(|word| if word.len() >= 48 { "[hidden] " } else { word })
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_query_is_not_the_engines() {
        assert!(is_complaint("Code: 76. DB::Exception: Cannot lock file"));
        assert!(is_complaint(
            "2026.11.21 [ 7 ] {} <Error> MergeTreeBackgroundExecutor: Code: 243"
        ));
        assert!(!is_complaint(
            "2026.11.21 [ 7 ] {9a0a} <Error> executeQuery: Code: 81. DB::Exception: Database x"
        ));
        assert!(!is_complaint(
            "2026.11.21 [ 7 ] {9a0a} <Error> bool DB::WriteBufferFromHTTPServerResponse::cancelWithException(): Code: 210"
        ));
        assert!(!is_complaint("3. ? @ 0x0000000009176d7b"));
    }

    #[test]
    fn a_line_stays_one_line_and_loses_its_secrets() {
        let password = "0123456789abcdef".repeat(4);
        let line = format!("Code: 516. \u{1b}[31mKey: {password}: wrong\r");
        insta::assert_snapshot!(scrub(&line), @"Code: 516.  [31mKey: [hidden]  wrong");
        assert_eq!(scrub(&"x".repeat(10_000)).len(), LONGEST);
    }
}
