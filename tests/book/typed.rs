//! A block of shell as the commands in it: lines that go on, open quotes and documents in place belong together.

/// The commands of a script, each as written; comments and empty lines between them are left out.
pub(crate) fn commands(script: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut command = String::new();
    for line in script.lines() {
        command.push_str(line);
        command.push('\n');
        if !goes_on(&command) {
            found.push(std::mem::take(&mut command));
        }
    }
    found.push(command);
    found.retain(|command| !command.trim().is_empty() && !command.trim_start().starts_with('#'));
    found
}

/// Whether a shell would read another line.
fn goes_on(text: &str) -> bool {
    if let Some((_, after)) = text.split_once("<<'") {
        let (word, document) = after.split_once('\'').unwrap_or((after, ""));
        return !document.lines().skip(1).any(|line| line == word);
    }
    let (mut quote, mut before) = (None, ' ');
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None | Some('"'), '\\') => {
                if letters.as_str() == "\n" {
                    return true;
                }
                letters.next();
            }
            (None, '#') if before.is_whitespace() => {
                letters.by_ref().find(|letter| *letter == '\n');
            }
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
        before = letter;
    }
    quote.is_some()
}

#[test]
fn lines_that_belong_together_are_one_command() {
    let script = "weir check   # what's wrong\n\n# next\ncurl -d '{\n \"a\": 1\n}' \\\n  x\ntee <<'END'\na 'b\nEND\nls\n";
    assert_eq!(
        commands(script),
        [
            "weir check   # what's wrong\n",
            "curl -d '{\n \"a\": 1\n}' \\\n  x\n",
            "tee <<'END'\na 'b\nEND\n",
            "ls\n",
        ]
    );
}
