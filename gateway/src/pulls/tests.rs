//! Sequences of requests as clients send them, and the one download in each.

use super::*;

fn manifest(digest: &str, content: Content) -> Manifest {
    Manifest {
        digest: digest.into(),
        media_type: String::new(),
        bytes: bytes::Bytes::new(),
        content,
    }
}

fn index() -> Manifest {
    let child = |digest: &str, os: &str, arch: &str| Child {
        digest: digest.into(),
        os: os.into(),
        arch: arch.into(),
    };
    manifest(
        "index",
        Content::Index(vec![
            child("amd", "linux", "amd64"),
            child("arm", "linux", "arm64"),
            child("att", "unknown", "unknown"),
        ]),
    )
}

fn leaf(digest: &str, layers: &[&str]) -> Manifest {
    manifest(
        digest,
        Content::Image {
            config: format!("{digest}-config"),
            layers: layers.iter().map(|&layer| layer.into()).collect(),
        },
    )
}

fn learn(
    pulls: &Pulls,
    repository: &Repository,
    client: u64,
    tag: Option<&str>,
    manifest: &Manifest,
) {
    pulls.learn(repository, client, tag, manifest, Instant::now());
}

fn layer(pulls: &Pulls, repository: &Repository, client: u64, digest: &str) -> Option<Pull> {
    pulls.layer(repository, client, digest, Instant::now())
}

fn repository() -> Repository {
    "cr.acme.example/server".into()
}

#[test]
fn the_first_layer_is_the_download_and_the_rest_are_part_of_it() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1.2"), &index());
    learn(&pulls, &repository, 1, None, &leaf("arm", &["base", "top"]));
    let pull = layer(&pulls, &repository, 1, "base").expect("a download");
    assert_eq!(
        (
            pull.tag.as_str(),
            pull.os.as_str(),
            pull.arch.as_str(),
            pull.leaf.as_str()
        ),
        ("1.2", "linux", "arm64", "arm")
    );
    assert_eq!(layer(&pulls, &repository, 1, "top"), None);
    assert_eq!(layer(&pulls, &repository, 1, "base"), None);
}

#[test]
fn another_client_is_another_download() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1"), &leaf("amd", &["base"]));
    learn(&pulls, &repository, 2, Some("1"), &leaf("amd", &["base"]));
    assert!(layer(&pulls, &repository, 1, "base").is_some());
    assert!(layer(&pulls, &repository, 2, "base").is_some());
}

#[test]
fn a_pull_counts_again_once_its_time_is_over_and_not_while_it_goes_on() {
    let (pulls, repository, start) = (Pulls::new(), repository(), Instant::now());
    let image = leaf("amd", &["base", "top"]);
    pulls.learn(&repository, 1, Some("1"), &image, start);
    assert!(pulls.layer(&repository, 1, "base", start).is_some());
    assert_eq!(
        pulls.layer(&repository, 1, "top", start + 2 * SESSION),
        None,
        "a slow pull"
    );
    pulls.learn(&repository, 1, Some("1"), &image, start + SESSION / 2);
    assert_eq!(
        pulls.layer(&repository, 1, "base", start + SESSION / 2),
        None,
        "pulled again soon"
    );
    pulls.learn(&repository, 1, None, &image, start + SESSION);
    assert!(
        pulls
            .layer(&repository, 1, "base", start + SESSION)
            .is_some()
    );
}

#[test]
fn configs_and_attestations_are_not_layers() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1"), &index());
    learn(&pulls, &repository, 1, None, &leaf("att", &[]));
    learn(&pulls, &repository, 1, None, &leaf("amd", &["base"]));
    assert_eq!(layer(&pulls, &repository, 1, "amd-config"), None);
}

#[test]
fn a_client_that_reads_every_platform_downloads_the_one_whose_layers_it_takes() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1"), &index());
    learn(&pulls, &repository, 1, None, &leaf("amd", &["a"]));
    learn(&pulls, &repository, 1, None, &leaf("arm", &["b"]));
    assert_eq!(
        layer(&pulls, &repository, 1, "a")
            .map(|pull| pull.arch)
            .as_deref(),
        Some("amd64")
    );
}

#[test]
fn a_shared_base_belongs_to_the_image_that_was_asked_for() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(
        &pulls,
        &repository,
        1,
        Some("1"),
        &leaf("old", &["base", "one"]),
    );
    learn(
        &pulls,
        &repository,
        2,
        Some("2"),
        &leaf("new", &["base", "two"]),
    );
    assert_eq!(
        layer(&pulls, &repository, 1, "base")
            .map(|pull| pull.leaf)
            .as_deref(),
        Some("old")
    );
}

#[test]
fn the_tag_is_the_one_that_led_to_the_image_not_the_one_asked_last() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1"), &index());
    learn(&pulls, &repository, 1, Some("2"), &leaf("other", &["c"]));
    learn(&pulls, &repository, 1, None, &leaf("amd", &["a"]));
    learn(&pulls, &repository, 1, None, &leaf("untagged", &["d"]));
    let tag = |digest| layer(&pulls, &repository, 1, digest).map(|pull| pull.tag);
    assert_eq!(
        (
            tag("a").as_deref(),
            tag("c").as_deref(),
            tag("d").as_deref()
        ),
        (Some("1"), Some("2"), Some(""))
    );
}

#[test]
fn layers_alone_are_traced_through_the_index_of_the_tag() {
    let (pulls, repository) = (Pulls::new(), repository());
    learn(&pulls, &repository, 1, Some("1"), &index());
    assert_eq!(layer(&pulls, &repository, 1, "a"), None);
    assert_eq!(pulls.unread(&repository, 1, "a"), ["amd", "arm"]);
    pulls.learn_unasked(&repository, &leaf("amd", &["a"]));
    pulls.learn_unasked(&repository, &leaf("arm", &["b"]));
    let pull = layer(&pulls, &repository, 1, "a").expect("a download");
    assert_eq!((pull.tag.as_str(), pull.arch.as_str()), ("1", "amd64"));
    assert!(pulls.unread(&repository, 1, "a").is_empty());
}
