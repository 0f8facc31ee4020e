//! Which packages of an index are meant.

/// A package name pattern: `*` stands for any run of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(pub String);

impl Pattern {
    /// Whether `name` fits, letter for letter.
    pub fn matches(&self, name: &str) -> bool {
        fn fits(pattern: &[u8], name: &[u8]) -> bool {
            // Greedy with one backtracking point: linear in practice, never exponential.
            let (mut p, mut n, mut star) = (0, 0, None);
            while n < name.len() {
                if p < pattern.len() && pattern[p] == b'*' {
                    star = Some((p, n));
                    p += 1;
                } else if p < pattern.len() && pattern[p] == name[n] {
                    p += 1;
                    n += 1;
                } else if let Some((at, from)) = star {
                    p = at + 1;
                    n = from + 1;
                    star = Some((at, from + 1));
                } else {
                    return false;
                }
            }
            pattern[p..].iter().all(|&byte| byte == b'*')
        }
        fits(self.0.as_bytes(), name.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Pattern;

    fn fits(pattern: &str, name: &str) -> bool {
        Pattern(pattern.to_owned()).matches(name)
    }

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        for (pattern, name) in [
            ("rocket*", "rocket"),
            ("rocket*", "rocket-engine"),
            ("*-rs", "a-rs-rs"),
            ("a*b*c", "aXbYbZc"),
            ("*", ""),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn without_a_star_the_name_is_whole() {
        for (pattern, name) in [
            ("rocket", "rockets"),
            ("rocket", "Rocket"),
            ("a*b", "abc"),
            ("", "a"),
            ("a*a", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_matches_what_the_same_regex_matches(pattern in "[ab*]{0,8}", name in "[ab]{0,12}") {
            let regex = format!("^(?:{})$", pattern.replace('*', ".*"));
            let regex = regex::Regex::new(&regex).expect("letters and dots are a regex");
            prop_assert_eq!(fits(&pattern, &name), regex.is_match(&name));
        }
    }
}
