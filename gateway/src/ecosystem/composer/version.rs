//! Versions in the form that Composer compares (composer/semver, `VersionParser::normalize`).

/// What a branch has in place of the numbers that it leaves open.
const OPEN: &str = ".9999999";

/// Whether it is a branch, whose document is another than that of releases.
pub(super) fn is_branch(normal: &str) -> bool {
    normal.starts_with("dev-") || normal.ends_with("-dev")
}

/// The version as people write it: without a fourth number that is zero, `2.x-dev` for a branch.
pub(super) fn plain(normal: &str) -> String {
    if let Some(branch) = normal.strip_suffix("-dev")
        && branch.ends_with(OPEN)
    {
        return format!("{}.x-dev", branch.trim_end_matches(OPEN));
    }
    let end = normal.find('-').unwrap_or(normal.len());
    let (numbers, rest) = normal.split_at(end);
    match numbers.strip_suffix(".0") {
        Some(three) if numbers.split('.').count() == 4 => format!("{three}{rest}"),
        _ => normal.to_owned(),
    }
}

/// The normal form of a release or a named branch, for documents that leave it out. `None` for what
/// is written otherwise.
pub(super) fn normal(written: &str) -> Option<String> {
    if written.starts_with("dev-") {
        return Some(written.to_owned());
    }
    let written = written.strip_prefix(['v', 'V']).unwrap_or(written);
    let written = written.split('+').next().unwrap_or_default();
    let end = written
        .find(|character: char| !character.is_ascii_digit() && character != '.')
        .unwrap_or(written.len());
    let (numbers, rest) = written.split_at(end);
    let mut numbers: Vec<_> = numbers.trim_end_matches('.').split('.').collect();
    if numbers.len() > 4 || numbers.iter().any(|number| number.is_empty()) {
        return None;
    }
    numbers.resize(4, "0");
    Some(numbers.join(".") + &stability(rest)?)
}

/// `-beta1` for `b1`, `.beta.1` and their like.
fn stability(rest: &str) -> Option<String> {
    const WORDS: [(&str, &str); 10] = [
        ("", ""),
        ("stable", ""),
        ("dev", "-dev"),
        ("beta", "-beta"),
        ("b", "-beta"),
        ("rc", "-RC"),
        ("alpha", "-alpha"),
        ("a", "-alpha"),
        ("patch", "-patch"),
        ("p", "-patch"),
    ];
    let rest = rest
        .trim_start_matches(['-', '.', '_'])
        .to_ascii_lowercase();
    let end = rest
        .find(|character: char| !character.is_ascii_alphabetic())
        .unwrap_or(rest.len());
    let (word, number) = rest.split_at(end);
    let number = number.trim_start_matches(['-', '.']);
    let (_, normal) = WORDS.iter().find(|(known, _)| *known == word)?;
    number
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then(|| format!("{normal}{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_as_people_write_them() {
        for (form, expected) in [
            ("2.1.0.0", "2.1.0"),
            ("2.1.0.3", "2.1.0.3"),
            ("2.1.0.0-beta1", "2.1.0-beta1"),
            ("2.0.0", "2.0.0"),
            ("dev-main", "dev-main"),
            ("2.9999999.9999999.9999999-dev", "2.x-dev"),
            ("2.1.9999999.9999999-dev", "2.1.x-dev"),
            ("20260701.0.0.0", "20260701.0.0"),
        ] {
            assert_eq!(plain(form), expected, "{form}");
        }
    }

    #[test]
    fn written_versions_have_a_normal_form() {
        for (written, expected) in [
            ("1.2", Some("1.2.0.0")),
            ("v1.2.3", Some("1.2.3.0")),
            ("1.2.3.4", Some("1.2.3.4")),
            ("1.2.3-beta.2", Some("1.2.3.0-beta2")),
            ("1.2.3b2", Some("1.2.3.0-beta2")),
            ("1.0.0-rc1", Some("1.0.0.0-RC1")),
            ("1.0.0+build.5", Some("1.0.0.0")),
            ("1.0-stable", Some("1.0.0.0")),
            ("dev-main", Some("dev-main")),
            ("1.2.3.4.5", None),
            ("1..2", None),
            ("latest", None),
            ("", None),
            ("1.0-nightly", None),
        ] {
            assert_eq!(normal(written).as_deref(), expected, "{written}");
        }
    }
}
