//! PyPI's downloads by day, as rows of a query to the public BigQuery or ClickHouse data set, one JSON object
//! a line. The names of the columns are those of the data sets and of the queries in their documentation.

use super::entry::{Entry, Refusal, Span, Total};
use super::format::Known;
use super::json::Object;
use super::time;

pub(super) fn read(text: &str, known: &Known) -> Result<Entry, Refusal> {
    let object = Object::parse(text)?;
    let day = object.any_text(&["day", "date", "download_date"]);
    let count = [
        "downloads",
        "num_downloads",
        "count",
        "download_count",
        "total",
    ]
    .iter()
    .find_map(|name| object.number(name));
    if count.is_none() && object.get("timestamp").is_some() {
        return Err(Refusal::NotGrouped);
    }
    let package = object.any_text(&["project", "file_project", "package", "name"]);
    let package = known.package.clone().unwrap_or(package);
    if package.is_empty() {
        return Err(Refusal::Missing("project"));
    }
    if day.is_empty() {
        return Err(Refusal::Missing("day"));
    }
    Ok(Entry::Total(Total {
        package,
        version: object.any_text(&["version", "file_version"]),
        country: object.any_text(&["country_code", "country"]),
        day: time::day(&day).ok_or(Refusal::Malformed("day"))?,
        span: Span::Day,
        downloads: count.ok_or(Refusal::Missing("downloads"))?,
    }))
}
