//! Scarf's NDJSON, as its import API takes it: names with a dollar sign are Scarf's, all others are the
//! sender's own variables.

use serde_json::Value;
use weir_event::Kind;

use super::entry::{Entry, Refusal, Told};
use super::format::Known;
use super::json::{self, Object};

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let object = Object::parse(text)?;
    let mut pixel = object.any_text(&["$tracking_pixel", "$pixel"]);
    if pixel.is_empty() {
        pixel = known.pixel.clone().unwrap_or_default();
    }
    let kind = match object.text("$type").as_str() {
        "view" | "pixel-fetch" => Kind::View,
        "" if !pixel.is_empty() => Kind::View,
        // Scarf takes every other word as a download.
        _ => Kind::Download,
    };
    let mut told = Told::new(kind, object.time("$time")?);
    let id = object.text("$unique_id");
    told.id = (!id.is_empty()).then_some(id);
    told.address = object.address("$remote_address")?;
    let named = object.text("$package");
    told.package = known.package.clone().unwrap_or(if named.is_empty() {
        pixel.clone()
    } else {
        named
    });
    if told.package.is_empty() {
        return Err(Refusal::Missing("$package"));
    }
    told.artifact = pixel;
    told.version = object.text("$version");
    told.domain = object.text("$domain");
    told.user_agent = object.text("$user_agent");
    told.referrer = object.text("$referrer");
    read_headers(&object, &mut told);
    read_variables(&object, &mut told);
    told.given.push(("ecosystem", ecosystem(kind).to_owned()));
    Ok(Entry::Told(Box::new(told)))
}

/// What the two kinds of Scarf's events come from here.
pub(super) fn ecosystem(kind: Kind) -> &'static str {
    if kind == Kind::View { "docs" } else { "file" }
}

/// A list of names and values; what has a field of its own wins.
fn read_headers(object: &Object, told: &mut Told) {
    let headers = object.get("$headers").and_then(Value::as_array);
    for header in headers.into_iter().flatten() {
        let text = |name| header.get(name).map(json::text_of).unwrap_or_default();
        match text("name").to_ascii_lowercase().as_str() {
            "user-agent" if told.user_agent.is_empty() => told.user_agent = text("value"),
            "referer" if told.referrer.is_empty() => told.referrer = text("value"),
            "dnt" | "sec-gpc" => told.opted_out |= text("value") == "1",
            _ => {}
        }
    }
}

/// Variables are the event's own data, but for those whose names mean something to Scarf.
fn read_variables(object: &Object, told: &mut Told) {
    let variables = object.0.iter().filter(|(name, _)| !name.starts_with('$'));
    for (name, value) in variables {
        json::flat(name, value, &mut told.props);
    }
    put_reserved(told);
}

pub(super) fn put_reserved(told: &mut Told) {
    let mut take = |name: &str| {
        let at = told.props.iter().position(|(known, _)| known == name)?;
        Some(told.props.remove(at).1)
    };
    let (platform, version, page) = (take("platform"), take("version"), take("page"));
    if let Some(platform) = platform {
        told.os = platform;
    }
    if let Some(version) = version.filter(|_| told.version.is_empty()) {
        told.version = version;
    }
    if let Some(page) = page {
        told.page = page;
    }
    if told.kind == Kind::View && told.page.is_empty() {
        told.page = path_of(&told.referrer);
    }
}

/// The path of a page's address.
fn path_of(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    let end = path.find(['?', '#']).unwrap_or(path.len());
    if address.is_empty() {
        String::new()
    } else {
        path[..end].to_owned()
    }
}
