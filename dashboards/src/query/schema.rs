//! The shape of a question as JSON Schema, made from the same lists that the parser reads by.

use serde_json::{Value, json};

use super::comparison::Earlier;
use super::dimension::{Dimension, Field};
use super::filter::Test;
use super::metric::Metric;
use super::parse::{DEFAULT_ROWS, Direction, MOST_ROWS};
use super::period::Preset;

/// What tells metrics apart that are easily taken for each other.
const METRICS: &str = "downloads: answered requests for artifacts, without repeats of the same client \
    within a minute (within ten where the client names its run); clients of one sort behind one \
    address are one. requests: the same with repeats, so that many machines behind one address show. \
    events: everything recorded. imported: what registries counted by rules of their own; stands alone.";

/// The JSON Schema (draft 2020-12) of `POST /api/v2/query`.
pub(crate) fn json_schema() -> Value {
    let metrics = words(Metric::ALL.iter().map(|metric| metric.as_str()));
    let dimensions = words(Dimension::all().map(Dimension::as_str));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Weir query",
        "type": "object",
        "additionalProperties": false,
        "required": ["site_id", "metrics", "date_range"],
        "properties": {
            "site_id": { "type": "string", "description": "package name, or \"*\" for all" },
            "metrics": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": true,
                "items": metrics,
                "description": METRICS,
            },
            "date_range": date_range(),
            "dimensions": { "type": "array", "maxItems": 4, "uniqueItems": true, "items": dimensions },
            "filters": { "type": "array", "items": { "$ref": "#/$defs/Filter" } },
            "order_by": { "type": "array", "items": order_by() },
            "include": include(),
            "pagination": pagination(),
            "timezone": {
                "type": "string",
                "default": "UTC",
                "description": "IANA name, such as Europe/Zurich",
            },
        },
        "$defs": { "Filter": filter() },
    })
}

fn date_range() -> Value {
    json!({
        "oneOf": [
            words(Preset::ALL.iter().map(|preset| preset.as_str())),
            days(),
        ],
    })
}

fn days() -> Value {
    json!({
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": { "type": "string", "format": "date" },
        "description": "first and last day, both included",
    })
}

fn order_by() -> Value {
    let column =
        json!({ "type": "string", "description": "a metric or dimension of the question" });
    tuple(&[
        column,
        words(Direction::ALL.iter().map(|direction| direction.as_str())),
    ])
}

fn include() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "time_labels": { "type": "boolean" },
            "total_rows": { "type": "boolean" },
            "compare": {
                "oneOf": [words(Earlier::ALL.iter().map(|earlier| earlier.as_str())), days()],
            },
            "match_day_of_week": {
                "type": "boolean",
                "description": "move the comparison by whole weeks, so that days of the week stand side by \
                    side; over months it changes nothing",
            },
            "releases": { "type": "boolean" },
            "explain": {
                "type": "boolean",
                "description": "the statements that answered, with their parameters and what they cost",
            },
        },
    })
}

fn pagination() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "limit": { "type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS },
            "offset": { "type": "integer", "minimum": 0, "maximum": 1_000_000, "default": 0 },
        },
    })
}

fn filter() -> Value {
    let tests = words(Test::ALL.iter().map(|test| test.as_str()));
    let fields = words(Field::ALL.iter().map(|field| field.as_str()));
    let values = json!({ "type": "array", "minItems": 1, "items": { "type": "string" } });
    let this = json!({ "$ref": "#/$defs/Filter" });
    let list = json!({ "type": "array", "minItems": 1, "items": this });
    // OpenAPI's tuples hold no bare references.
    let this = json!({ "allOf": [this] });
    json!({
        "oneOf": [
            tuple(&[tests, fields, values]),
            tuple(&[words(["and", "or"].into_iter()), list]),
            tuple(&[words(["not"].into_iter()), this]),
        ],
    })
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> Value {
    json!({ "type": "string", "enum": words.collect::<Vec<_>>() })
}

fn tuple(parts: &[Value]) -> Value {
    json!({ "type": "array", "prefixItems": parts, "items": false, "minItems": parts.len() })
}
