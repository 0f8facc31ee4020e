//! PCREs of file-v2 rules as our regexes, which describe the whole path.

use super::template::Names;

/// The names of the groups, in the three ways that PCRE writes them.
pub(super) fn groups(pattern: &str) -> Vec<&str> {
    named_groups(pattern)
        .into_iter()
        .map(|(_, name)| name)
        .collect()
}

/// Writes `pattern` so that it matches what it matched there: anywhere in a path.
pub(super) fn ours(pattern: &str, names: &Names) -> String {
    let pattern = renamed(pattern.trim(), names);
    let has_choice = pattern.contains('|');
    let begun = pattern.strip_prefix('^').filter(|_| !has_choice);
    let (before, rest) = match begun {
        Some(rest) => ("", rest),
        None => (".*?", pattern.as_str()),
    };
    let ended = rest
        .strip_suffix('$')
        .filter(|rest| !has_choice && !ends_escaped(rest));
    let (rest, behind) = match ended {
        Some(rest) => (rest, ""),
        None if !has_choice && takes_the_rest(rest) => (rest, ""),
        None => (rest, ".*"),
    };
    if has_choice {
        format!("{before}(?:{rest}){behind}")
    } else {
        format!("{before}{rest}{behind}")
    }
}

/// Whether what follows `text` is escaped by its last character.
fn ends_escaped(text: &str) -> bool {
    let slashes = text.len() - text.trim_end_matches('\\').len();
    slashes % 2 == 1
}

/// Whether the pattern ends with "anything", so that to add it again changes nothing.
fn takes_the_rest(pattern: &str) -> bool {
    let inside = pattern.trim_end_matches(')');
    ["*", "+"].iter().any(|count| {
        let before = inside
            .strip_suffix(count)
            .and_then(|rest| rest.strip_suffix('.'));
        before.is_some_and(|before| !ends_escaped(before) && !before.ends_with('['))
    })
}

/// Where the name of each named group is, and the name.
fn named_groups(pattern: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut escaped, mut in_class) = (false, false);
    for (at, character) in pattern.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => found.extend(name_at(pattern, at)),
            _ => {}
        }
    }
    found
}

/// The name of the group that opens at `at`, if it has one. `(?<=` and `(?<!` look behind.
fn name_at(pattern: &str, at: usize) -> Option<(usize, &str)> {
    let openings = [("(?<", '>'), ("(?P<", '>'), ("(?'", '\'')];
    openings.iter().find_map(|(opening, end)| {
        let behind = pattern[at..].strip_prefix(opening)?;
        let (name, _) = behind.split_once(*end)?;
        let word = |one: char| one.is_ascii_alphanumeric() || one == '_';
        (!name.is_empty() && name.chars().all(word)).then_some((at + opening.len(), name))
    })
}

fn renamed(pattern: &str, names: &Names) -> String {
    let mut text = String::new();
    let mut rest = 0;
    for (at, name) in named_groups(pattern) {
        let quoted = pattern[..at].ends_with('\'');
        let opening = if quoted { at - 1 } else { at };
        text.push_str(&pattern[rest..opening]);
        if quoted {
            text.push('<');
        }
        text.push_str(&names.get(name));
        text.push('>');
        rest = at + name.len() + 1;
    }
    text + &pattern[rest..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regex_matches_anywhere_in_a_path_as_before() {
        let cases = [
            "/packages/(?<name>.*)-(?<version>[0-9].*)",
            "^/dl/(?P<platform>[a-z]+)/(?'v'[0-9.]+)$",
            " /a|/b ",
            r"/cost\$",
            r"/all\.*",
            "/[(?<no>)]/(?<=x)y",
            "/(?<rest>.+)",
        ];
        let ours = cases.map(|pattern| {
            let names = Names::new(groups(pattern).into_iter()).expect("distinct names");
            format!("{pattern} -> {}", ours(pattern, &names))
        });
        insta::assert_snapshot!(ours.join("\n"), @r#"
        /packages/(?<name>.*)-(?<version>[0-9].*) -> .*?/packages/(?<name>.*)-(?<version>[0-9].*)
        ^/dl/(?P<platform>[a-z]+)/(?'v'[0-9.]+)$ -> /dl/(?P<os>[a-z]+)/(?<v>[0-9.]+)
         /a|/b  -> .*?(?:/a|/b).*
        /cost\$ -> .*?/cost\$.*
        /all\.* -> .*?/all\.*.*
        /[(?<no>)]/(?<=x)y -> .*?/[(?<no>)]/(?<=x)y.*
        /(?<rest>.+) -> .*?/(?<rest>.+)
        "#);
    }
}
