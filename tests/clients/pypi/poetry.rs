//! poetry: resolves by itself, and reads metadata out of wheels in parts.

use super::{COMPASS, HOST, TIDELINE, user, user_with, without_metadata};
use crate::client::Client;
use crate::user::User;

fn poetry() -> Client {
    Client::from_setup("poetry", "clients/poetry/bin/poetry")
}

fn with_a_project(user: User) -> User {
    let index = user.world.url(HOST, "/simple/");
    let project = format!(
        "[project]\nname = \"app\"\nversion = \"1.0\"\nrequires-python = \">=3.8,<4\"\n[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = \"weir\"\nurl = \"{index}\"\npriority = \"primary\"\n"
    );
    user.writes("pyproject.toml", &project);
    user.with_env("POETRY_VIRTUALENVS_IN_PROJECT", "true")
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn poetry_is_counted_once_a_package() {
    let mut user = with_a_project(user(poetry()).await);
    user.runs(&["add", "weir-demo-compass"]).await;
    user.is_counted("`add`", &[COMPASS, TIDELINE]).await;
    user.loses(".venv");
    user.loses(".cache");
    user.comes_back_later();
    user.runs(&["install"]).await;
    user.is_counted("`install`, cold cache", &[COMPASS, TIDELINE])
        .await;
    user.loses(".venv");
    user.runs(&["install"]).await;
    user.is_counted("`install`, warm cache", &[]).await;
}

#[tokio::test]
#[ignore = "make test-clients"]
async fn poetry_reads_metadata_out_of_a_wheel_without_being_counted_for_it() {
    let user = with_a_project(user_with(poetry(), &without_metadata()).await);
    user.runs(&["lock"]).await;
    user.runs(&["add", "--lock", "weir-demo-compass"]).await;
    user.is_counted("`add --lock`, no PEP 658 upstream", &[])
        .await;
    user.runs(&["install"]).await;
    user.is_counted("`install`, no PEP 658 upstream", &[COMPASS, TIDELINE])
        .await;
}
