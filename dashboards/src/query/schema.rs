//! The shape of a question as JSON Schema, made from the same lists that the parser reads by.

use serde_json::{Value, json};

use super::dimension::{Dimension, Field};
use super::filter::Test;
use super::metric::Metric;
use super::parse::{Compare, DEFAULT_ROWS, Direction, MOST_ROWS};
use super::period::Preset;

/// The JSON Schema (draft 2020-12) of `POST /api/v2/query`.
pub(crate) fn json_schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Weir query",
        "type": "object",
        "additionalProperties": false,
        "required": ["site_id", "metrics", "date_range"],
        "properties": {
            "site_id": { "type": "string", "description": "package name, or \"*\" for all" },
            "metrics": { "type": "array", "minItems": 1, "uniqueItems": true, "items": words(Metric::ALL.iter().map(|metric| metric.as_str())) },
            "date_range": {
                "oneOf": [
                    words(Preset::ALL.iter().map(|preset| preset.as_str())),
                    { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "string", "format": "date" }, "description": "first and last day, both included" },
                ],
            },
            "dimensions": { "type": "array", "maxItems": 4, "uniqueItems": true, "items": words(Dimension::all().map(Dimension::as_str)) },
            "filters": { "type": "array", "items": { "$ref": "#/$defs/filter" } },
            "order_by": { "type": "array", "items": { "type": "array", "prefixItems": [{ "type": "string" }, words(Direction::ALL.iter().map(|direction| direction.as_str()))], "items": false, "minItems": 2 } },
            "include": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "time_labels": { "type": "boolean" },
                    "total_rows": { "type": "boolean" },
                    "compare": words(Compare::ALL.iter().map(|compare| compare.as_str())),
                    "releases": { "type": "boolean" },
                },
            },
            "pagination": {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "limit": { "type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS },
                    "offset": { "type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0 },
                },
            },
            "timezone": { "type": "string", "default": "UTC", "description": "IANA name, such as Europe/Zurich" },
        },
        "$defs": { "filter": filter() },
    })
}

fn filter() -> Value {
    let fields = words(Field::ALL.iter().map(|field| field.as_str()));
    let tests = words(Test::ALL.iter().map(|test| test.as_str()));
    let values = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let this = json!({ "$ref": "#/$defs/filter" });
    let list = json!({ "type": "array", "minItems": 1, "items": this });
    json!({
        "oneOf": [
            tuple(&[tests, fields, values]),
            tuple(&[words(["and", "or"].into_iter()), list]),
            tuple(&[words(["not"].into_iter()), this]),
        ],
    })
}

fn tuple(parts: &[Value]) -> Value {
    json!({ "type": "array", "prefixItems": parts, "items": false, "minItems": parts.len() })
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> Value {
    json!({ "type": "string", "enum": words.collect::<Vec<_>>() })
}
