//! Container engines as they are installed, against a gateway: what each asks and what is counted of it.
//!
//! One test an engine. Each goes through scenarios in the order that a person would: pull, pull again,
//! upgrade, remove and pull, look; and compares downloads and copies with what is expected.
//! Clients are waited for without giving way, so the upstream needs threads of its own.

#[path = "../world/mod.rs"]
mod world;

mod engines;
mod scenario;

use engines::{Containerd, Docker, Tool};
use scenario::Scenes;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn docker_pulls() {
    let mut scenes = Scenes::start("docker", Docker::version()).await;
    let docker = Docker::start(scenes.folder());
    let (old, new) = (scenes.image("1.2.3"), scenes.image("2.0.0"));
    docker.run(&["pull", &old]);
    scenes
        .expect("`pull`", &["acme/server 1.2.3 linux amd64"])
        .await;
    docker.run(&["pull", &old]);
    scenes.expect("`pull` again", &[]).await;
    docker.run(&["manifest", "inspect", "--insecure", &old]);
    scenes.expect("`manifest inspect`", &[]).await;
    docker.run(&["pull", &new]);
    scenes
        .expect(
            "`pull` of an upgrade with a shared base",
            &["acme/server 2.0.0 linux amd64"],
        )
        .await;
    docker.run(&["rmi", &old]);
    scenes.forget().await;
    docker.run(&["pull", &old]);
    scenes
        .expect(
            "`pull` after removal, later",
            &["acme/server 1.2.3 linux amd64"],
        )
        .await;
    docker.run(&["pull", "--platform", "linux/arm64", &new]);
    scenes
        .expect(
            "`pull` for another platform",
            &["acme/server 2.0.0 linux arm64"],
        )
        .await;
    docker.run(&[
        "login",
        "-u",
        "pilot",
        "-p",
        "let-me-in",
        &scenes.private_host(),
    ]);
    docker.run(&["pull", &scenes.private_image("1.0.0")]);
    scenes
        .expect(
            "`login` and `pull` of a private image",
            &["acme/vault 1.0.0 linux amd64"],
        )
        .await;
    scenes.done();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn containerd_pulls() {
    let mut scenes = Scenes::start("containerd", Containerd::version()).await;
    let containerd = Containerd::start(scenes.folder());
    let (old, new) = (scenes.image("1.2.3"), scenes.image("2.0.0"));
    containerd.pull(&[], &old);
    scenes
        .expect("`pull`", &["acme/server 1.2.3 linux amd64"])
        .await;
    containerd.pull(&[], &old);
    scenes.expect("`pull` again", &[]).await;
    containerd.pull(&[], &new);
    scenes
        .expect(
            "`pull` of an upgrade with a shared base",
            &["acme/server 2.0.0 linux amd64"],
        )
        .await;
    containerd.run(&["images", "rm", "--sync", &old]);
    scenes.forget().await;
    containerd.pull(&[], &old);
    scenes
        .expect(
            "`pull` after removal, later",
            &["acme/server 1.2.3 linux amd64"],
        )
        .await;
    scenes.forget().await;
    containerd.run(&["images", "rm", "--sync", &old]);
    containerd.run(&["images", "rm", "--sync", &new]);
    // It cannot unpack attestations, so this only fetches.
    containerd.run(&["content", "fetch", "--plain-http", "--all-platforms", &old]);
    scenes
        .expect_any(
            "`content fetch` of every platform",
            &[
                &["acme/server 1.2.3 linux amd64", "mirror acme/server 1.2.3"],
                &["acme/server 1.2.3 linux arm64", "mirror acme/server 1.2.3"],
            ],
        )
        .await;
    let private = scenes.private_image("1.0.0");
    containerd.pull(&["--user", "pilot:let-me-in"], &private);
    scenes
        .expect(
            "`pull` of a private image",
            &["acme/vault 1.0.0 linux amd64"],
        )
        .await;
    scenes.done();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn podman_pulls() {
    let tool = Tool::podman();
    let mut scenes = Scenes::start("podman", tool.version()).await;
    pulls_of_a_tool(&tool, &mut scenes).await;
    scenes.done();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn buildah_pulls() {
    let tool = Tool::buildah();
    let mut scenes = Scenes::start("buildah", tool.version()).await;
    pulls_of_a_tool(&tool, &mut scenes).await;
    scenes.done();
}

/// What podman and buildah have in common.
async fn pulls_of_a_tool(tool: &Tool, scenes: &mut Scenes) {
    let folder = scenes.folder().to_owned();
    let run = |arguments: &[&str]| tool.run(&folder, arguments);
    let pull = ["pull", "--tls-verify=false"];
    let (old, new) = (scenes.image("1.2.3"), scenes.image("2.0.0"));
    run(&[&pull[..], &[&old]].concat());
    scenes
        .expect("`pull`", &["acme/server 1.2.3 linux amd64"])
        .await;
    run(&[&pull[..], &[&old]].concat());
    scenes.expect("`pull` again", &[]).await;
    run(&[&pull[..], &[&new]].concat());
    scenes
        .expect(
            "`pull` of an upgrade with a shared base",
            &["acme/server 2.0.0 linux amd64"],
        )
        .await;
    run(&["rmi", &old]);
    scenes.forget().await;
    run(&[&pull[..], &[&old]].concat());
    scenes
        .expect(
            "`pull` after removal, later",
            &["acme/server 1.2.3 linux amd64"],
        )
        .await;
    let private = scenes.private_image("1.0.0");
    run(&[&pull[..], &["--creds", "pilot:let-me-in", &private]].concat());
    scenes
        .expect(
            "`pull` of a private image",
            &["acme/vault 1.0.0 linux amd64"],
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "make test-clients"]
async fn skopeo_copies() {
    let tool = Tool::skopeo();
    let mut scenes = Scenes::start("skopeo", tool.version()).await;
    let folder = scenes.folder().to_owned();
    let run = |arguments: &[&str]| tool.run(&folder, arguments);
    let (old, new) = (
        format!("docker://{}", scenes.image("1.2.3")),
        format!("docker://{}", scenes.image("2.0.0")),
    );
    run(&["copy", "--src-tls-verify=false", &old, "dir:old"]);
    scenes
        .expect("`copy` to a folder", &["acme/server 1.2.3 linux amd64"])
        .await;
    run(&["inspect", "--tls-verify=false", &new]);
    scenes.expect("`inspect` of another version", &[]).await;
    run(&[
        "list-tags",
        "--tls-verify=false",
        &format!("docker://{}", scenes.repository()),
    ]);
    scenes.expect("`list-tags`", &[]).await;
    scenes.forget().await;
    run(&["copy", "--all", "--src-tls-verify=false", &old, "dir:all"]);
    scenes
        .expect(
            "`copy --all`",
            &["acme/server 1.2.3 linux amd64", "mirror acme/server 1.2.3"],
        )
        .await;
    run(&["copy", "--all", "--src-tls-verify=false", &new, "dir:all2"]);
    scenes
        .expect(
            "`copy --all` of the next version",
            &["mirror acme/server 2.0.0"],
        )
        .await;
    let private = format!("docker://{}", scenes.private_image("1.0.0"));
    run(&[
        "copy",
        "--src-tls-verify=false",
        "--src-creds",
        "pilot:let-me-in",
        &private,
        "dir:private",
    ]);
    scenes
        .expect(
            "`copy` of a private image to a folder",
            &["acme/vault 1.0.0 linux amd64"],
        )
        .await;
    scenes.done();
}
