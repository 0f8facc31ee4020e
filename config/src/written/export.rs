//! `[[export]]` as written.

use serde_json::{Map, Value};

use super::{Item, Reading, Table, package, secret, url};
use crate::settings::{Destination, Every, Export};

/// Reads one export by the clock.
pub(super) fn export(
    mut table: Table<'_>,
    taken: &[Export],
    reading: &mut Reading,
) -> Option<Export> {
    let name = table.require("name", "\"lake\"", reading);
    let name = name.and_then(|item| self::name(&item, taken, reading));
    let every = table.take("every").map_or(Some(Every::Day), |item| {
        let known = [
            ("hour", Every::Hour),
            ("day", Every::Day),
            ("month", Every::Month),
        ];
        item.kind(&known, reading)
    });
    let destination = destination(&mut table, reading);
    let rows = rows(&mut table, reading);
    table.finish(reading);
    Some(Export {
        name: name?,
        every: every?,
        destination: destination?,
        rows: rows?,
    })
}

/// It becomes a part of file names.
fn name(item: &Item<'_>, taken: &[Export], reading: &mut Reading) -> Option<String> {
    let text = item.string(reading)?;
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let problem = if !(1..=64).contains(&text.len()) || !text.bytes().all(known) {
        item.problem(format!("{text:?} cannot name an export"))
            .help("use 1 to 64 letters, digits, \"-\" and \"_\"")
    } else if taken.iter().any(|export| export.name == text) {
        item.problem(format!("another export is called {text:?}"))
            .help("give each a name of its own: files are named after it")
    } else {
        return Some(text.to_owned());
    };
    reading.error(problem);
    None
}

fn destination(table: &mut Table<'_>, reading: &mut Reading) -> Option<Destination> {
    let folder = table.take("folder");
    let bucket = table.take("bucket");
    match (folder, bucket) {
        (Some(folder), None) => Some(Destination::Folder(folder.path(reading)?)),
        (None, Some(bucket)) => {
            let url = url::upstream(&bucket, reading);
            let access_key = table.require("access_key", "\"AKIA…\"", reading);
            let access_key = access_key.and_then(|item| item.string(reading).map(str::to_owned));
            let secret_file = table.require("secret_file", "\"lake.secret\"", reading);
            let secret = secret_file.and_then(|item| secret(&item, reading));
            Some(Destination::Bucket {
                url: url?,
                access_key: access_key?,
                secret: secret?,
            })
        }
        (Some(_), Some(bucket)) => {
            let problem = bucket.problem("an export goes to one place");
            reading.error(problem.help("leave out folder or bucket, or write a second [[export]]"));
            None
        }
        (None, None) => {
            let problem = table.problem("the export goes nowhere");
            reading.error(problem.help(
                "add folder = \"exports\", or bucket = \"https://s3.acme.example/lake/weir\"",
            ));
            None
        }
    }
}

/// Which rows, as the API takes them. What the words mean is the API's to check.
fn rows(table: &mut Table<'_>, reading: &mut Reading) -> Option<Value> {
    let format = table.take("format").map_or(Some("parquet"), |item| {
        let known = [
            ("csv", "csv"),
            ("ndjson", "ndjson"),
            ("parquet", "parquet"),
            ("arrow", "arrow"),
        ];
        item.kind(&known, reading)
    });
    let package = table.take("package");
    let package = package.map_or(Some("*".to_owned()), |item| {
        package::name(&item, reading).map(str::to_owned)
    });
    let filters = table.take("filters").map(|item| {
        const HELP: &str = "write filters as a question of the API has them, such as '[[\"is\", \"audience\", [\"people\"]]]'";
        item.parse(serde_json::from_str::<Value>, HELP, reading)
    });
    let columns = table.take("columns").map(|item| {
        let items = item.list(reading);
        let names = items.iter().filter_map(|item| item.string(reading));
        names.map(Value::from).collect::<Value>()
    });
    let mut rows = Map::new();
    rows.insert("site_id".to_owned(), package?.into());
    rows.insert("date_range".to_owned(), "all".into());
    rows.insert("format".to_owned(), format?.into());
    if let Some(filters) = filters {
        rows.insert("filters".to_owned(), filters?);
    }
    if let Some(columns) = columns {
        rows.insert("columns".to_owned(), columns);
    }
    Some(Value::Object(rows))
}
