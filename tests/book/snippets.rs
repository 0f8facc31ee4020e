//! Every example that is not typed is read by what reads it: configuration by Weir's own loader, statements by the
//! engine, other languages by a program of theirs.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use toml::{Table, Value};
use weir_config::Config;

use super::examples::{self, Example};
use super::needs::{self, Needs};
use super::world::World;
use super::world::load::ROCKET;

/// Programs that read an example from standard input and fail where it is wrong.
const PROGRAMS: [(&str, &[&str]); 6] = [
    (
        "ini",
        &[
            "python3",
            "-c",
            "import configparser, sys; configparser.ConfigParser(interpolation=None).read_file(sys.stdin)",
        ],
    ),
    (
        "js", // a property, or several
        &[
            "node",
            "-e",
            "new Function(`return {${require('fs').readFileSync(0)}}`)()",
        ],
    ),
    (
        "python",
        &[
            "python3",
            "-c",
            "import ast, sys; ast.parse(sys.stdin.read())",
        ],
    ),
    ("ruby", &["ruby", "-c"]),
    (
        "xml",
        &[
            "python3",
            "-c",
            "import sys, xml.dom.minidom as dom; dom.parse(sys.stdin.buffer)",
        ],
    ),
    (
        "yaml",
        &["ruby", "-ryaml", "-e", "YAML.safe_load(STDIN.read)"],
    ),
];

/// What is for people alone, or asked of a running Weir when the page is followed.
const SHOWN: [&str; 3] = ["", "text", "markdown"];

/// Examples of one language that nobody else reads, with their page and its needs.
fn of_language(language: &str) -> Vec<(String, Needs, Example)> {
    let pages = examples::all().into_iter();
    pages
        .flat_map(|(page, examples)| {
            let chosen = examples.into_iter().filter(|one| one.language == language);
            let chosen = chosen.map(move |one| (page.clone(), needs::of(&page), one));
            chosen.filter(|(_, needs, one)| needs.reader(&one.text).is_none())
        })
        .collect()
}

#[test]
fn every_language_has_a_reader() {
    let known = PROGRAMS.map(|(language, _)| language);
    let ours = ["toml", "json", "sql"];
    let mut unread = Vec::new();
    for (page, examples) in examples::all() {
        let needs = needs::of(&page);
        for one in examples.iter().filter(|one| !one.is_typed()) {
            let language = one.language.as_str();
            let read = [&known[..], &ours, &SHOWN].concat().contains(&language)
                || needs.reader(&one.text).is_some();
            if !read {
                unread.push(format!("{page}: {language}: {}", one.text));
            }
        }
    }
    assert!(
        unread.is_empty(),
        "{unread:#?}: say in examples.toml who reads it"
    );
}

#[test]
fn every_configuration_can_be_loaded() {
    let mut wrong = Vec::new();
    for (page, needs, example) in of_language("toml") {
        if example.file().is_some_and(|name| name != "weir.toml") {
            continue; // read by what follows the page
        }
        if let Err(error) = load(&needs, &example) {
            wrong.push(format!("{page}\n{error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Loads a part of a configuration in a folder with the files that it names.
fn load(needs: &Needs, example: &Example) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let here = folder.path().display().to_string();
    for (name, text) in &needs.files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("a mode");
    }
    let mut text = example.text.clone();
    for [from, to] in &needs.means {
        text = text.replace(from, to);
    }
    let text = text.replace("REGISTRY", "https://registry.example");
    let text = text.replace("FOLDER", &here);
    let path = folder.path().join("weir.toml");
    let whole = whole(&needs.beside, &text).map_err(|error| format!("{text}\n{error}"))?;
    fs::write(&path, whole).expect("a file");
    Config::load(&path, Vec::new())
        .map(drop)
        .map_err(|errors| errors.to_string())
}

/// A part of a configuration with what it leaves out because the page has said it before.
fn whole(beside: &str, text: &str) -> Result<String, toml::de::Error> {
    let mut table: Table = toml::from_str(text)?;
    complete(&mut table, toml::from_str(beside)?);
    let route = Table::from_iter([("path".to_owned(), Value::from("/-/collect"))]);
    let left_out = [
        ("package", "kind", Value::from("event")),
        ("package", "domains", Value::from(vec!["get.acme.example"])),
        ("package", "route", Value::from(vec![route])),
        ("index", "domains", Value::from(vec!["pypi.acme.example"])),
        (
            "index",
            "upstream",
            Value::from("https://registry.example/"),
        ),
    ];
    for (list, key, value) in left_out {
        let entries = table.get_mut(list).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            let entry = entry.as_table_mut().expect("[[…]] is a table");
            let another_way = key == "route" && (entry["kind"] != Value::from("event"));
            if !another_way {
                entry.entry(key).or_insert_with(|| value.clone());
            }
        }
    }
    Ok(toml::to_string(&table).expect("it was TOML"))
}

/// Adds what `beside` says and `table` does not.
fn complete(table: &mut Table, beside: Table) {
    for (key, value) in beside {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(table)), Value::Table(beside)) => complete(table, beside),
            (Some(_), _) => {}
            (None, value) => {
                table.insert(key, value);
            }
        }
    }
}

#[test]
fn every_json_is_json() {
    for (page, _, example) in of_language("json") {
        let read = serde_json::from_str::<serde_json::Value>(&example.text);
        assert!(read.is_ok(), "{page}: {read:?}\n{}", example.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_understood_by_the_engine() {
    let world = World::start(ROCKET).await;
    world.ready().await;
    for (_, _, example) in of_language("sql") {
        let sql = format!("EXPLAIN {}", example.text);
        // A refusal says why.
        assert!(world.query(&sql).await.is_some());
    }
}

#[test]
fn every_other_language_is_understood_by_a_program_of_its_own() {
    let mut wrong = Vec::new();
    for (language, program) in PROGRAMS {
        let all = of_language(language);
        assert!(!all.is_empty(), "nothing is written in {language} any more");
        for (page, _, example) in all {
            if let Err(error) = read(program, &example.text) {
                wrong.push(format!("{page}: {language}\n{}{error}", example.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn read(program: &[&str], text: &str) -> Result<(), String> {
    let mut child = Command::new(program[0])
        .args(&program[1..])
        .current_dir(Path::new("/"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("{} does not start ({error}): run `make setup`", program[0])
        });
    let mut input = child.stdin.take().expect("piped");
    // A program that fails early hears the end of it no more.
    let _ = input.write_all(text.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or(said)
}

#[test]
fn a_wrong_example_is_noticed_in_every_language() {
    let wrong = [
        ("ini", "no section\n"),
        ("js", "scripts: [{]"),
        ("python", "def"),
        ("ruby", "bottle do"),
        ("xml", "<a>"),
        ("yaml", "a: [b\n"),
    ];
    for ((language, program), (named, text)) in PROGRAMS.into_iter().zip(wrong) {
        assert_eq!(language, named);
        assert!(read(program, text).is_err(), "{language}");
    }
    let misspelt = Example {
        language: "toml".to_owned(),
        text: "[gateway]\nhtpp = []\n".to_owned(),
    };
    assert!(load(&Needs::default(), &misspelt).is_err());
}
