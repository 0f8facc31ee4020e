//! Certificates in files: changed while clients come, damaged, and for several names.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::names::{Authority, put, write};
use crate::world::World;
use crate::{DOMAIN, FILE, port, start};

const LOADED: &str = "certificate loaded";
const REFUSED: &str = "certificate not loaded, the one before stays";

/// The status for a client that shakes hands anew.
async fn status(port: u16, authority: &Authority) -> Result<u16, String> {
    let client = authority.client(DOMAIN, port).build().expect("a client");
    let url = format!("https://{DOMAIN}:{port}/rocket/1.2.3/{FILE}");
    let answer = client.get(url).send().await;
    answer
        .map(|answer| answer.status().as_u16())
        .map_err(|error| format!("{error:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn certificates_change_under_load_and_no_handshake_fails() {
    let authority = Arc::new(Authority::new());
    let world = start(&authority, "").await;
    let port = port(&world);
    let stop = Arc::new(AtomicBool::new(false));
    let answers = Arc::new(AtomicU32::new(0));
    let clients: Vec<_> = (0..3)
        .map(|_| {
            let authority = Arc::clone(&authority);
            let (stop, answers) = (Arc::clone(&stop), Arc::clone(&answers));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    assert_eq!(status(port, &authority).await, Ok(302));
                    answers.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for _ in 0..10 {
        let before = answers.load(Ordering::Relaxed);
        authority.write(world.folder.path(), "get", &[DOMAIN]);
        world.weir.wait_for_line(LOADED);
        while answers.load(Ordering::Relaxed) < before + 5 {
            tokio::task::yield_now().await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.expect("no handshake failed");
    }
}

#[tokio::test]
async fn files_that_are_damaged_keep_what_is_shown_and_the_log_says_why() {
    let authority = Authority::new();
    let world = start(&authority, "").await;
    let file = |name: &str| world.folder.path().join(name);
    let (_, other) = authority.issue(&[DOMAIN], |_| ());
    put(&file("get.key"), &other);
    let line = world.weir.wait_for_line(REFUSED);
    assert!(line.contains("is not that of the certificate in"), "{line}");
    assert_eq!(status(port(&world), &authority).await, Ok(302));
    put(&file("get.pem"), "half a certificate");
    let line = world.weir.wait_for_line(REFUSED);
    assert!(line.contains("holds no certificate"), "{line}");
    assert_eq!(status(port(&world), &authority).await, Ok(302));
    std::fs::remove_file(file("get.key")).expect("there");
    world.weir.wait_for_line(REFUSED);
    assert_eq!(status(port(&world), &authority).await, Ok(302));
    authority.write(world.folder.path(), "get", &[DOMAIN]);
    world.weir.wait_for_line(LOADED);
    assert_eq!(status(port(&world), &authority).await, Ok(302));
}

#[tokio::test]
async fn a_certificate_that_is_damaged_from_the_start_takes_nothing_else_down() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    authority.write(folder.path(), "get", &[DOMAIN]);
    put(&folder.path().join("other.pem"), "nothing");
    put(&folder.path().join("other.key"), "nothing");
    let config =
        crate::config("") + "[[certificate]]\nchain = \"other.pem\"\nkey = \"other.key\"\n";
    let world = World::start_in(folder, &config).await;
    assert!(
        world
            .weir
            .said()
            .contains("certificate not loaded, its names have none"),
        "{}",
        world.weir.said()
    );
    assert_eq!(status(port(&world), &authority).await, Ok(302));
    let check = std::process::Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["check", "--config"])
        .arg(world.folder.path().join("weir.toml"))
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&check.stderr);
    assert!(said.contains("other.pem holds no certificate"), "{said}");
    assert_eq!(check.status.code(), Some(1));
    // A change of the configuration that only adds one is seen too.
    authority.write(world.folder.path(), "third", &["third.test.localhost"]);
    let third = "[[certificate]]\nchain = \"third.pem\"\nkey = \"third.key\"\n";
    world.configure(&format!("{config}{third}"));
    world.weir.wait_for_line("third.test.localhost");
}

#[tokio::test]
async fn an_expired_certificate_is_shown_and_the_log_warns() {
    let authority = Authority::new();
    let folder = tempfile::tempdir().expect("a folder");
    let expired = authority.issue(&[DOMAIN], |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    write(folder.path(), "get", &expired);
    let world = World::start_in(folder, &crate::config("")).await;
    assert!(world.weir.said().contains("certificate has expired"));
    let error = status(port(&world), &authority)
        .await
        .expect_err("no handshake");
    assert!(error.contains("Expired"), "{error}");
}
