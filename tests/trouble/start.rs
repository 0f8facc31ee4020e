//! What keeps the program from starting is said in words that help, and by the exit code.

use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::time::Instant;

use crate::world::load::ROCKET;
use crate::world::{PATIENCE, Weir, World};

/// Runs `weir serve` on `config`, which is to end by itself; its exit code and last words.
fn refused(config: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("weir.toml"), config).expect("written");
    let Output { status, stderr, .. } = ended(folder.path());
    let words =
        String::from_utf8_lossy(&stderr).replace(&folder.path().display().to_string(), "FOLDER");
    (status.code(), words)
}

fn ended(folder: &Path) -> Output {
    let mut child = Weir::command(folder)
        .current_dir(folder)
        .spawn()
        .expect("the program starts");
    let deadline = Instant::now() + PATIENCE;
    while child.try_wait().expect("our child").is_none() {
        if Instant::now() > deadline {
            let _ = child.kill();
            panic!("it runs");
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.wait_with_output().expect("its words")
}

#[test]
fn a_port_that_is_taken_is_named_with_its_setting() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let gateway =
        format!("[gateway]\nhttp = [\"{address}\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\n");
    let page =
        format!("[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"{address}\"\n");
    for (config, setting) in [(gateway, "[gateway] http"), (page, "[dashboards] listen")] {
        let (code, words) = refused(&format!("{config}{ROCKET}"));
        assert_eq!(code, Some(1));
        assert!(
            words.contains(&format!("cannot listen on {address}")) && words.contains(setting),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_program_on_the_same_folder_is_refused_by_name() {
    let world = World::start(ROCKET).await;
    let config =
        std::fs::read_to_string(world.folder.path().join("weir.toml")).expect("the first one's");
    let (code, words) = refused(&config);
    let words = words.replace(&world.data().display().to_string(), "DATA");
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(words.lines().last().unwrap_or_default(), @"weir: another weir runs the engine in DATA/clickhouse: stop it, or give this one a `data_dir` of its own");
    assert_eq!(
        world
            .get("get.test", "/rocket/1.0/linux-amd64.tar.gz")
            .await
            .status(),
        302,
        "the first one goes on"
    );
}

#[test]
fn a_broken_configuration_is_shown_where_it_is_broken() {
    let (code, words) = refused(
        "data_dir = \"data\"\n[gateway]\nhtp = [\"127.0.0.1:0\"]\n[[package]]\nname = \"a\"\n",
    );
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(words, @r#"
    FOLDER/weir.toml:3:1: unknown key "htp"
     3 | htp = ["127.0.0.1:0"]
       | ^^^
    help: did you mean "http"?

    FOLDER/weir.toml:4:1: "domains" is missing
     4 | [[package]]
       | ^^^^^^^^^^^
    help: add domains = ["get.acme.example"]

    FOLDER/weir.toml:4:1: "kind" is missing
     4 | [[package]]
       | ^^^^^^^^^^^
    help: add kind = "file"
    "#);
}
