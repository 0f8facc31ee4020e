//! `reference/tables.md`: what a statement of one's own finds in ClickHouse.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use regex::Regex;

use super::assert_fresh;
use super::world::World;
use super::world::load::ROCKET;

const HEAD: &str = "# Tables

What Weir keeps in ClickHouse, table by table, made from the statements that make them (`ingest/schema`) and from the
engine. Statements on the page and by `POST /api/v2/sql` read the columns without a mark; what stands beside them:

- **K**: part of the key. A filter on the first of them makes a statement quick.
- **P**: private. Only Weir itself reads it, since it tells one client from another or one batch from another.
";

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_tables_is_what_the_engine_has() {
    let world = World::start(ROCKET).await;
    // Events are stored when every table is there.
    world
        .get("get.test", "/rocket/1.0/linux-amd64.tar.gz")
        .await;
    world.downloads(1).await;
    let columns = world
        .query(
            "SELECT table, name, type, is_in_primary_key AS key FROM system.columns
             WHERE database = currentDatabase() ORDER BY table, position",
        )
        .await
        .expect("it answered a moment ago");
    let readable = weir_ingest::engine::readable_columns();
    // What a word of an enumeration is stored as.
    let number = Regex::new(r" = \d+").expect("a pattern");
    let mut tables: BTreeMap<&str, String> = BTreeMap::new();
    for column in &columns {
        let text = |name: &str| column[name].as_str().expect("a text");
        let (table, name) = (text("table"), text("name"));
        let private = !readable.contains(&(table, name));
        let marks = match (column["key"] == 1, private) {
            (true, true) => "K P",
            (true, false) => "K",
            (false, true) => "P",
            (false, false) => "",
        };
        let page = tables.entry(table).or_default();
        let kind = number.replace_all(text("type"), "");
        writeln!(page, "| `{name}` | `{kind}` | {marks} |").expect("a text");
    }
    let about = about();
    let mut page = HEAD.to_owned();
    for (table, rows) in tables {
        let Some(about) = about.get(table) else {
            continue;
        };
        write!(
            page,
            "\n## `{table}`\n\n{about}\n| column | type | |\n|---|---|---|\n{rows}"
        )
        .expect("a text");
    }
    assert_fresh("tables.md", &page);
}

/// By table, the first paragraph of what the file that makes it says about it.
fn about() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ingest/schema");
    let files = fs::read_dir(folder).expect("a folder");
    let texts = files.map(|file| fs::read_to_string(file.expect("a file").path()).expect("a text"));
    texts.flat_map(|text| about_each(&text)).collect()
}

fn about_each(text: &str) -> Vec<(String, String)> {
    let lines: Vec<_> = text.lines().collect();
    let made = lines.iter().enumerate().filter_map(|(at, line)| {
        let name = line.strip_prefix("CREATE TABLE IF NOT EXISTS ")?;
        Some((at, name.trim_end_matches([' ', '(']).to_owned()))
    });
    made.map(|(at, name)| {
        let comment = lines[..at].iter().rev();
        let comment = comment.map_while(|line| line.strip_prefix("--"));
        let mut comment: Vec<_> = comment.map(str::trim).collect();
        comment.reverse();
        let first: Vec<_> = comment
            .into_iter()
            .take_while(|line| !line.is_empty())
            .collect();
        (name, format!("{}\n", first.join(" ")))
    })
    .collect()
}
