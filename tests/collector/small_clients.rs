//! The snippets of `docs/clients`, each run by its own language: what they send arrives, and nothing of them is felt
//! where nobody answers or the user said no.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::world::{Event, World};
use crate::{HOST, TYPED};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/clients");

/// Makes a program that sends one event by the snippet, in a folder of its own.
type Make = fn(&Path) -> Command;

/// What each is called, what it needs, and how it is made.
const PROGRAMS: [(&str, &[&str], Make); 5] = [
    ("shell", &["sh", "-c", ":"], shell),
    ("python", &["python3", "--version"], python),
    ("node", &["node", "--version"], node),
    ("go", &["go", "version"], go),
    ("rust", &["rustc", "--version"], rust),
];

fn shell(_: &Path) -> Command {
    let text = format!(". {FOLDER}/weir.sh && weir_event version=1.2.3 'note=a & b' took=5");
    command("sh", ["-eu", "-c", &text])
}

fn python(_: &Path) -> Command {
    let text = "import weir; s = weir.event(version='1.2.3', note='a & b', took=5); s and s.join()";
    let mut python = command("python3", ["-c", text]);
    python.env("PYTHONPATH", FOLDER);
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

fn node(_: &Path) -> Command {
    let text = format!(
        "import {{ event }} from '{FOLDER}/weir.mjs'; await event({{ version: '1.2.3', note: 'a & b', took: 5 }});"
    );
    let arguments = ["--input-type=module", "-e", &text];
    command("node", arguments)
}

fn go(folder: &Path) -> Command {
    let write = |file: &str, text: &str| {
        std::fs::create_dir_all(folder.join("weir")).expect("a folder");
        std::fs::write(folder.join(file), text).expect("a file");
    };
    let snippet = std::fs::read_to_string(format!("{FOLDER}/weir.go")).expect("the snippet");
    write("go.mod", "module acme\n\ngo 1.19\n");
    write("weir/weir.go", &snippet);
    write(
        "main.go",
        "package main\n\nimport \"acme/weir\"\n\nfunc main() {\n\t<-weir.Event(map[string]any{\"version\": \"1.2.3\", \"note\": \"a & b\", \"took\": 5})\n}\n",
    );
    let mut build = command("go", ["build", "-o", "acme", "."]);
    build.current_dir(folder).env("GOFLAGS", "-mod=mod");
    build
        .env("GOTOOLCHAIN", "local")
        .env("GOCACHE", folder.join("cache"));
    assert!(build.status().expect("go runs").success());
    Command::new(folder.join("acme"))
}

fn rust(folder: &Path) -> Command {
    let text = format!(
        "#[path = \"{FOLDER}/weir.rs\"]\nmod weir;\nfn main() {{ let sent = weir::event(&[(\"version\", \"1.2.3\"), (\"note\", \"a & b\"), (\"took\", \"5\")]); if let Some(sent) = sent {{ sent.join().unwrap(); }} }}"
    );
    std::fs::write(folder.join("main.rs"), text).expect("a file");
    let mut build = command("rustc", ["--edition=2024", "-o", "acme", "main.rs"]);
    assert!(
        build
            .current_dir(folder)
            .status()
            .expect("rustc runs")
            .success()
    );
    Command::new(folder.join("acme"))
}

fn command<'a>(program: &str, arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

/// The programs whose languages are here, each with a folder that lives as long.
fn programs() -> impl Iterator<Item = (&'static str, TempDir, Command)> {
    let here = PROGRAMS.into_iter().filter(|(name, needs, _)| {
        let (language, ask) = needs.split_first().expect("a program");
        let is_here = Command::new(language).args(ask).output().is_ok();
        if !is_here {
            eprintln!("SKIPPED: {language} is not installed, so the snippet for {name} is not run");
        }
        is_here
    });
    here.map(|(name, _, make)| {
        let folder = tempfile::tempdir().expect("a folder");
        let program = make(folder.path());
        (name, folder, program)
    })
}

/// Runs `program` against `url`: it ends well, says nothing, and how long it took.
fn run(program: &mut Command, url: &str, do_not_track: &str) -> Duration {
    let begun = Instant::now();
    let ended = program
        .env("WEIR_URL", url)
        .env("DO_NOT_TRACK", do_not_track)
        .output()
        .expect("it runs");
    let said = [ended.stdout, ended.stderr].concat();
    assert!(ended.status.success(), "{program:?}");
    assert_eq!(String::from_utf8_lossy(&said), "", "{program:?}");
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_each_snippet_sends_arrives_unless_its_user_said_no() {
    let world = World::start(TYPED).await;
    let url = world.url(HOST, "/-/collect/0");
    let mut sent = Vec::new();
    for (name, _folder, mut program) in programs() {
        sent.push(name);
        for wish in ["1", "true", "yes"] {
            run(&mut program, &url, wish);
        }
        run(&mut program, &url, "0");
    }
    assert!(sent.contains(&"shell"));
    let of = |event: &Event| {
        let props = &event["props"];
        (
            event["version"].clone(),
            props["note"].clone(),
            props["took"].clone(),
        )
    };
    let events = world.recorded().await;
    assert_eq!(events.len(), sent.len(), "{sent:?}: {events:#?}");
    for event in &events {
        assert_eq!(of(event), ("1.2.3".into(), "a & b".into(), "5".into()));
        assert_eq!(event["kind"], "custom");
    }
}

#[test]
fn a_snippet_is_not_felt_where_nobody_answers() {
    // It accepts and stays silent, as a firewall does.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let silent = format!("http://{}/", silent.local_addr().expect("an address"));
    for (name, _folder, mut program) in programs() {
        // Beside the second there is the language's own start, which sending nothing takes as well.
        let most = run(&mut program, &silent, "1") + Duration::from_secs(5);
        for url in [
            silent.as_str(),
            "http://127.0.0.1:1/",
            "http://no.such.invalid/",
            "no address",
        ] {
            let took = run(&mut program, url, "");
            assert!(took < most, "{name} with {url}: {took:?}, not {most:?}");
        }
    }
}
