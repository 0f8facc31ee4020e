//! wget and aria2: files that are gone on with, kept up to date, or fetched in parts.

use super::web_server::WebServer;
use super::{FILE, ROCKET, release, user};
use crate::client::Client;
use crate::user::User;
use crate::world::of_kind;

const MIB: usize = 1024 * 1024;

fn wget() -> Client {
    Client::of_the_system("wget")
}

fn aria2() -> Client {
    Client::of_the_system("aria2c")
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn wget_is_counted_for_the_file_and_not_for_going_on_with_it() {
    let user = user(wget()).await;
    user.runs(&["-q", &release(&user)]).await;
    user.is_counted("a file", &[ROCKET]).await;
    let whole = std::fs::read(user.home().join(FILE)).expect("the file");
    std::fs::write(user.home().join(FILE), &whole[..whole.len() / 2]).expect("half of it");
    user.runs(&["-q", "-c", &release(&user)]).await;
    user.is_counted("`-c` with half of the file", &[]).await;
    let again = std::fs::read(user.home().join(FILE)).expect("the file");
    assert_eq!(again, whole);
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn wget_that_keeps_a_file_up_to_date_is_counted_when_it_is_fetched() {
    let mut user = user(wget()).await;
    user.runs(&["-q", "-N", &release(&user)]).await;
    user.is_counted("`-N`, no file yet", &[ROCKET]).await;
    user.comes_back_later();
    user.runs(&["-q", "-N", &release(&user)]).await;
    user.is_counted("`-N`, the file is up to date", &[]).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn aria2_is_counted_once_for_all_parts() {
    let storage = WebServer::start(&[("large-1.2.3.bin", 12 * MIB)]);
    let config = format!(
        "[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"get.test.localhost\"]\n[[package.route]]\npath = \"/large-{{version}}.bin\"\nto = \"{}/large-{{version}}.bin\"\n",
        storage.address()
    );
    let user = User::of("Files", aria2(), &config).await;
    let address = user.world.url("get.test.localhost", "/large-1.2.3.bin");
    // aria2's own resolver does not know the names of this machine.
    let parts = ["--async-dns=false", "-x8", "-s8", "-k1M", &address];
    user.runs(&parts).await;
    let got = std::fs::metadata(user.home().join("large-1.2.3.bin")).expect("the file");
    assert_eq!(got.len() as usize, 12 * MIB);
    user.is_counted("`-x8`", &[ROCKET]).await;
    let parts = of_kind(&user.world.events().await, "inspect");
    assert!(parts.len() > 1, "it was not fetched in parts: {parts:?}");
}
