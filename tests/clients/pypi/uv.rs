//! uv: as pip, and with its own lock file.

use super::{COMPASS, TIDELINE, user, user_with, without_metadata};
use crate::WHAT;
use crate::client::Client;
use crate::user::User;
use crate::world::columns;

const INSTALL: [&str; 5] = ["pip", "install", "--target", "into", "weir-demo-compass"];

fn uv() -> Client {
    Client::from_setup("uv", "venv/bin/uv")
}

fn writes_a_project(user: &User) {
    user.writes(
        "pyproject.toml",
        "[project]\nname = \"app\"\nversion = \"1.0\"\nrequires-python = \">=3.8\"\ndependencies = [\"weir-demo-compass\"]\n",
    );
}

#[tokio::test]
async fn uv_is_counted_once_a_package() {
    let user = user(uv()).await;
    user.runs(&INSTALL).await;
    let counted = user.is_counted("`pip install`", &[COMPASS, TIDELINE]).await;
    let compass = counted
        .iter()
        .find(|event| event["package"] == "weir-demo-compass");
    insta::assert_snapshot!(columns(compass.expect("counted"), &WHAT), @"weir-demo-compass | pypi | 2.1.0 | uv | linux | amd64 | CH | people | redirect");
    user.loses("into");
    user.runs(&INSTALL).await;
    user.is_counted("`pip install`, warm cache", &[]).await;
}

#[tokio::test]
async fn uv_reads_metadata_out_of_a_wheel_without_being_counted_for_it() {
    let user = user_with(uv(), &without_metadata()).await;
    user.runs(&INSTALL).await;
    user.is_counted("`pip install`, no PEP 658 upstream", &[COMPASS, TIDELINE])
        .await;
}

#[tokio::test]
async fn uv_locks_for_nothing_and_its_lock_file_is_good_for_as_long_as_the_gateway() {
    let mut user = user(uv()).await;
    writes_a_project(&user);
    user.runs(&["lock"]).await;
    user.is_counted("`lock`", &[]).await;
    user.runs(&["sync"]).await;
    user.is_counted("`sync`", &[COMPASS, TIDELINE]).await;
    assert!(user.reads("uv.lock").contains("/files/weir-demo-compass/"));
    user.loses(".venv");
    user.loses(".cache");
    user.comes_back_later();
    user.runs(&["sync", "--frozen"]).await;
    user.is_counted(
        "`sync --frozen`, cold cache, the gateway new as well",
        &[COMPASS, TIDELINE],
    )
    .await;
}

#[tokio::test]
async fn uv_locks_by_ranges_where_the_index_has_no_metadata() {
    let user = user_with(uv(), &without_metadata()).await;
    writes_a_project(&user);
    user.runs(&["lock"]).await;
    user.is_counted("`lock`, no PEP 658 upstream", &[]).await;
    user.runs(&["sync"]).await;
    user.is_counted("`sync`, no PEP 658 upstream", &[COMPASS, TIDELINE])
        .await;
}

#[tokio::test]
async fn uv_in_a_build_service_says_so() {
    let user = user(uv()).await.with_env("CI", "true");
    user.runs(&INSTALL).await;
    let counted = user
        .is_counted("`pip install` in CI", &[COMPASS, TIDELINE])
        .await;
    assert_eq!(columns(&counted[1], &["ci", "audience"]), "true | ci");
}
