//! One CSV record to its fields (RFC 4180).

/// The fields; quotes that do not pair are taken as they stand.
pub(super) fn fields(record: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut letters = record.chars().peekable();
    while let Some(letter) = letters.next() {
        let last = fields.len() - 1;
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                fields[last].push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => fields[last].push(other),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_hold_commas_line_ends_and_quotes() {
        assert_eq!(fields("a,,\"b,\"\"c\"\"\nd\""), ["a", "", "b,\"c\"\nd"]);
        assert_eq!(fields(""), [""]);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_is_read(values in proptest::collection::vec(".{0,12}", 1..5)) {
            let written: Vec<String> = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\""))).collect();
            proptest::prop_assert_eq!(fields(&written.join(",")), values);
        }
    }
}
