//! `reference/api.md`: every route of the API, as its description in `dashboards/openapi.json` tells it.

use std::fmt::Write as _;

use serde_json::Value;

use super::assert_fresh;

/// In the order in which a path has them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[test]
fn the_page_of_the_api_is_what_its_description_says() {
    let described: Value = serde_json::from_str(&weir_dashboards::openapi()).expect("JSON");
    let mut page = format!(
        "# HTTP API\n\n{} The same for programs: `/api/v2/openapi.json` of a running Weir, from which this page is made. \
         [Questions](../questions.md) are told with examples.\n",
        text(&described["info"]["description"])
    );
    for tag in described["tags"].as_array().expect("tags") {
        section(&described, tag, &mut page);
    }
    assert!(page.contains("### `POST /api/v2/query`"), "{page}");
    assert_fresh("api.md", &page);
}

fn section(described: &Value, tag: &Value, page: &mut String) {
    let about = text(&tag["description"]);
    write!(page, "\n## {about}\n").expect("a text");
    for (path, item) in described["paths"].as_object().expect("paths") {
        for method in METHODS {
            let route = &item[method];
            if route["tags"][0] == tag["name"] {
                write!(page, "\n### `{} {path}`\n\n", method.to_uppercase()).expect("a text");
                operation(described, route, page);
            }
        }
    }
}

fn operation(described: &Value, route: &Value, page: &mut String) {
    writeln!(page, "{}", text(&route["summary"])).expect("a text");
    if let Some(more) = route["description"].as_str() {
        write!(page, "\n{}\n", one_line(more)).expect("a text");
    }
    let parameters = route["parameters"].as_array().into_iter().flatten();
    let mut rows: Vec<_> = parameters.map(parameter).collect();
    let body = &route["requestBody"]["content"]["application/json"]["schema"];
    rows.extend(fields(described, body));
    if !rows.is_empty() {
        write!(page, "\n| to send | | |\n|---|---|---|\n{}", rows.concat()).expect("a text");
    }
    let answers = route["responses"].as_object().expect("answers");
    page.push_str("\n| answer | |\n|---|---|\n");
    for (status, answer) in answers {
        writeln!(page, "| {status} | {} |", text(&answer["description"])).expect("a text");
    }
}

/// A row for a parameter of path or query.
fn parameter(parameter: &Value) -> String {
    let name = text(&parameter["name"]);
    let name = match parameter["in"].as_str() {
        Some("path") => format!("{{{name}}}"),
        _ => format!("?{name}="),
    };
    let about = text(&parameter["description"]);
    format!("| `{name}` | {} | {about} |\n", shape(&parameter["schema"]))
}

/// A row for each field of a body.
fn fields(described: &Value, schema: &Value) -> Vec<String> {
    let schema = resolved(described, schema);
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let Some(fields) = schema["properties"].as_object() else {
        return Vec::new();
    };
    let row = |(name, field): (&String, &Value)| {
        let must = if required.iter().any(|one| one == name) {
            ""
        } else {
            ", optional"
        };
        let about = text(&field["description"]);
        format!("| `{name}` | {}{must} | {about} |\n", shape(field))
    };
    fields.iter().map(row).collect()
}

fn resolved<'a>(described: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next());
    name.map_or(schema, |name| &described["components"]["schemas"][name])
}

/// What a value looks like, in a few words.
fn shape(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words
            .iter()
            .map(|word| format!("`{}`", text(word)))
            .collect();
        return words.join(", ");
    }
    if let Some(name) = schema["$ref"]
        .as_str()
        .and_then(|path| path.rsplit('/').next())
    {
        return format!("`{name}`");
    }
    for either in ["oneOf", "anyOf"] {
        if let Some(all) = schema[either].as_array() {
            let shapes: Vec<_> = all
                .iter()
                .filter(|one| one["type"] != "null")
                .map(shape)
                .collect();
            return shapes.join(" or ");
        }
    }
    let types = match &schema["type"] {
        Value::Array(types) => types
            .iter()
            .filter_map(Value::as_str)
            .filter(|one| *one != "null")
            .collect(),
        one => one.as_str().into_iter().collect::<Vec<_>>(),
    };
    match types[..] {
        ["array"] if schema["items"].is_object() => format!("list of {}", shape(&schema["items"])),
        ["array"] => "list".to_owned(),
        ["string"] => schema["format"].as_str().unwrap_or("text").to_owned(),
        [one] => one.to_owned(),
        _ => String::new(),
    }
}

fn text(value: &Value) -> String {
    one_line(value.as_str().unwrap_or_default()).replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
