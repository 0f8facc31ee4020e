//! Rows as CSV: RFC 4180 with a line of names; cells that a spreadsheet would run are defused.

use serde_json::Value;

use super::Answer;

pub(super) fn written(answer: &Answer) -> String {
    let names = answer.columns.iter().map(|column| text(&column.name));
    let mut csv = line(names);
    for row in &answer.rows {
        csv.push_str(&line(row.iter().map(cell)));
    }
    csv
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = cells.collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(words) => text(words),
        Value::Array(_) | Value::Object(_) => text(&value.to_string()),
    }
}

/// An apostrophe first keeps a spreadsheet from reading a formula (OWASP, CSV injection).
fn text(words: &str) -> String {
    let defused = if words.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{words}")
    } else {
        words.to_owned()
    };
    if defused.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", defused.replace('"', "\"\""))
    } else {
        defused
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::query::Cost;
    use crate::workbench::answer::Column;

    #[test]
    fn cells_stay_cells_and_no_formula_runs() {
        let column = |name: &str| Column {
            name: name.to_owned(),
            kind: "String".to_owned(),
        };
        let answer = Answer {
            columns: vec![column("n"), column("a,b")],
            rows: vec![
                vec![json!(-1), json!("=1+1")],
                vec![json!(null), json!("say \"so\"\nnow")],
                vec![json!([1, 2]), json!("-2")],
            ],
            truncated: false,
            cost: Cost::default(),
        };
        insta::assert_snapshot!(written(&answer).replace('\r', ""), @r#"
        n,"a,b"
        -1,'=1+1
        ,"say ""so""
        now"
        "[1,2]",'-2
        "#);
    }
}
