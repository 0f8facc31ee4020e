//! Addresses in imports answer the look-ups and are nowhere afterwards.

use std::fs;
use std::path::Path;

use crate::files::{lately, write};
use crate::world::World;
use crate::{CONFIG, import, rows};

const CANARY: &str = "203.0.113.207";

/// Files below `folder` that hold the canary, as text or as four bytes.
fn holding(folder: &Path, seen: &mut usize) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, seen));
            continue;
        }
        *seen += 1;
        let bytes = fs::read(&path).unwrap_or_default();
        let stands = |wanted: &[u8]| bytes.windows(wanted.len()).any(|window| window == wanted);
        if stands(CANARY.as_bytes())
            || stands(CANARY.replace('.', "-").as_bytes())
            || stands(b"cb0071cf")
        {
            found.push(path.display().to_string());
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn an_imported_address_is_nowhere_on_disk_in_no_table_and_in_no_report() {
    let mut world = World::start_with(CONFIG, &[("WEIR_LOG", "debug")]).await;
    world.ready().await;
    let outside = tempfile::tempdir().expect("a folder beside the data");
    let time = lately();
    let common = time.strftime("%d/%b/%Y:%H:%M:%S +0000");
    let nginx = format!(
        "{CANARY} - {CANARY} [{common}] \"GET /rocket/1.0-{CANARY}/linux-{CANARY}.tar.gz?ip={CANARY} HTTP/1.1\" 302 0 \"http://{CANARY}/{CANARY}\" \"curl/8.0 ({CANARY})\"\n\
         {CANARY} is no line\n\
         {CANARY} - - [{common}] \"GET /{CANARY} HTTP/1.1\" 404 0 \"-\" \"{CANARY}\"\n"
    );
    let scarf = format!(
        r#"{{"$time":"{time}","$unique_id":"{CANARY}","$package":"acme/{CANARY}","$remote_address":"{CANARY}","$user_agent":"{CANARY}","$domain":"{CANARY}","{CANARY}":"{CANARY}","page":"/{CANARY}"}}"#
    );
    let own = format!(
        r#"{{"time":"{time}","package":"acme/rocket","address":"{CANARY}","client":"{CANARY}","org_name":"{CANARY}","source":"{CANARY}","props":{{"ip":"{CANARY}"}}}}"#
    );
    for (format, text) in [("nginx", &nginx), ("scarf", &scarf), ("weir", &own)] {
        write(outside.path(), "import.log", text);
        let file = outside.path().join("import.log");
        let file = file.to_str().expect("text");
        let output = import(world.folder.path(), format, &["--domain", "get.test", file]);
        let said = [&output.stdout[..], &output.stderr].concat();
        assert!(!String::from_utf8_lossy(&said).contains(CANARY), "{format}");
    }
    let events = rows(&world, "SELECT * FROM events").await;
    assert_eq!(events.lines().count(), 3, "{events}");
    assert!(!events.contains(CANARY), "{events}");
    let used = rows(&world, "SELECT countIf(visitor != 0) AS count FROM events").await;
    assert_eq!(used, "3", "the addresses were used before they went");
    assert_eq!(world.weir.terminate(), Some(0));
    let mut seen = 0;
    assert_eq!(holding(&world.data(), &mut seen), Vec::<String>::new());
    assert!(seen > 20, "only {seen} files");
    assert!(!world.weir.said().contains(CANARY));
}
