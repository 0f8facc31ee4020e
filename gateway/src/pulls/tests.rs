//! Sequences of requests as clients send them, and the one download in each.

use super::*;
use crate::ecosystem::oci::{Child, Parts};

/// One client in one repository.
#[derive(Clone, Copy)]
struct Client<'p> {
    pulls: &'p Pulls,
    number: u64,
}

impl Client<'_> {
    fn reads(self, tag: Option<&str>, manifest: &Manifest) {
        self.reads_at(tag, manifest, Instant::now());
    }

    fn reads_at(self, tag: Option<&str>, manifest: &Manifest, now: Instant) {
        self.pulls
            .learn(&repository(), self.number, tag, manifest, now);
    }

    /// The blob, as the gateway looks at it: what it may be of first, then whether it is a download.
    fn takes(self, blob: &str) -> Option<Pull> {
        self.takes_at(blob, Instant::now())
    }

    fn takes_at(self, blob: &str, now: Instant) -> Option<Pull> {
        self.pulls.unread(&repository(), self.number, blob);
        self.pulls.layer(&repository(), self.number, blob, now)
    }
}

fn repository() -> Repository {
    "cr.acme.example/server".into()
}

fn manifest(digest: &str, content: Content) -> Manifest {
    Manifest {
        digest: digest.into(),
        media_type: String::new(),
        bytes: bytes::Bytes::new(),
        content,
    }
}

/// An index over two platforms and an attestation.
fn index_of(digest: &str, amd64: &str, arm64: &str) -> Manifest {
    let child = |digest: &str, arch: &str| Child {
        digest: digest.into(),
        os: "linux".into(),
        arch: arch.into(),
        is_attestation: false,
    };
    let attestation = Child {
        is_attestation: true,
        ..child("att", "unknown")
    };
    manifest(
        digest,
        Content::Index(vec![
            child(amd64, "amd64"),
            child(arm64, "arm64"),
            attestation,
        ]),
    )
}

fn index() -> Manifest {
    index_of("index", "amd", "arm")
}

fn leaf(digest: &str, layers: &[&str]) -> Manifest {
    artifact(digest, "", layers)
}

fn artifact(digest: &str, artifact_type: &str, layers: &[&str]) -> Manifest {
    let parts = Parts {
        config: format!("{digest}-config"),
        layers: layers.iter().map(|&layer| layer.into()).collect(),
        rest: vec![format!("{digest}-statement")],
        artifact_type: artifact_type.into(),
    };
    manifest(digest, Content::Image(parts))
}

/// A pull in one line.
fn told(pull: Option<Pull>) -> String {
    pull.map_or_else(
        || "nothing".to_owned(),
        |pull| {
            format!(
                "{} {} {} {}/{}",
                pull.kind.as_str(),
                pull.version,
                pull.digest,
                pull.os,
                pull.arch
            )
        },
    )
}

#[test]
fn the_first_layer_is_the_download_and_the_rest_are_part_of_it() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1.2"), &index());
    client.reads(None, &leaf("arm", &["base", "top"]));
    assert_eq!(client.takes("arm-config"), None);
    assert_eq!(told(client.takes("base")), "download 1.2 arm linux/arm64");
    assert_eq!(client.takes("top"), None);
    assert_eq!(client.takes("base"), None);
}

#[test]
fn another_client_is_another_download() {
    let pulls = Pulls::new();
    for number in [1, 2] {
        let client = Client {
            pulls: &pulls,
            number,
        };
        client.reads(Some("1"), &leaf("amd", &["base"]));
        assert!(client.takes("base").is_some());
    }
}

#[test]
fn a_pull_counts_again_once_its_time_is_over_and_not_while_it_goes_on() {
    let pulls = Pulls::new();
    let (client, start) = (
        Client {
            pulls: &pulls,
            number: 1,
        },
        Instant::now(),
    );
    let image = leaf("amd", &["base", "top"]);
    client.reads_at(Some("1"), &image, start);
    assert!(client.takes_at("base", start).is_some());
    assert_eq!(
        client.takes_at("top", start + 2 * SESSION),
        None,
        "a slow pull"
    );
    client.reads_at(Some("1"), &image, start + SESSION / 2);
    assert_eq!(
        client.takes_at("base", start + SESSION / 2),
        None,
        "pulled again soon"
    );
    client.reads_at(None, &image, start + SESSION);
    assert!(client.takes_at("base", start + SESSION).is_some());
}

#[test]
fn configs_attestations_and_signatures_are_no_downloads() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("att", &[]));
    client.reads(None, &leaf("amd", &["base"]));
    for blob in ["att-config", "att-statement", "amd-config", "amd-statement"] {
        assert_eq!(client.takes(blob), None, "{blob}");
    }
}

#[test]
fn a_client_that_reads_every_platform_downloads_the_one_whose_layers_it_takes() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["a"]));
    client.reads(None, &leaf("arm", &["b"]));
    for config in ["amd-config", "arm-config"] {
        assert_eq!(client.takes(config), None);
    }
    assert_eq!(told(client.takes("a")), "download 1 amd linux/amd64");
}

#[test]
fn a_layer_of_several_platforms_is_of_the_one_whose_config_was_fetched() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["shared"]));
    client.reads(None, &leaf("arm", &["shared"]));
    client.takes("arm-config");
    assert_eq!(told(client.takes("shared")), "download 1 arm linux/arm64");
}

#[test]
fn a_layer_that_nothing_gives_to_one_platform_is_a_download_of_an_unknown_one() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["shared", "a"]));
    client.reads(None, &leaf("arm", &["shared", "b"]));
    assert_eq!(told(client.takes("shared")), "download 1 index linux/");
    assert_eq!(client.takes("a"), None, "the rest of the same pull");
}

#[test]
fn a_shared_base_belongs_to_the_image_that_was_asked_for_last() {
    let pulls = Pulls::new();
    let (old, new) = (leaf("old", &["base", "one"]), leaf("new", &["base", "two"]));
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &old);
    Client {
        pulls: &pulls,
        number: 2,
    }
    .reads(Some("2"), &new);
    assert_eq!(told(client.takes("base")), "download 1 old /");
    client.reads(Some("2"), &new);
    assert_eq!(told(client.takes("base")), "download 2 new /");
}

#[test]
fn an_upgrade_is_counted_by_the_layers_that_are_new() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &leaf("old", &["base", "one"]));
    client.takes("base");
    client.reads(Some("2"), &leaf("new", &["base", "two"]));
    assert_eq!(told(client.takes("two")), "download 2 new /");
}

#[test]
fn the_tag_is_the_one_that_led_to_the_image_not_the_one_asked_last() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(Some("2"), &leaf("other", &["c"]));
    client.reads(None, &leaf("amd", &["a"]));
    assert_eq!(told(client.takes("a")), "download 1 amd linux/amd64");
    assert_eq!(told(client.takes("c")), "download 2 other /");
}

#[test]
fn without_a_tag_the_version_is_the_most_exact_that_is_known() {
    let pulls = Pulls::new();
    let others = Client {
        pulls: &pulls,
        number: 1,
    };
    for tag in ["1", "1.2.3-alpine", "1.2.3", "1.2", "latest"] {
        others.reads(Some(tag), &index());
    }
    let pinned = Client {
        pulls: &pulls,
        number: 2,
    };
    pinned.reads(None, &index());
    pinned.reads(None, &leaf("amd", &["a"]));
    assert_eq!(told(pinned.takes("a")), "download 1.2.3 amd linux/amd64");
}

#[test]
fn without_any_tag_the_version_is_the_digest_that_was_asked_for() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(None, &index());
    client.reads(None, &leaf("amd", &["a"]));
    client.reads(None, &leaf("alone", &["b"]));
    assert_eq!(told(client.takes("a")), "download index amd linux/amd64");
    assert_eq!(told(client.takes("b")), "download alone alone /");
}

#[test]
fn layers_alone_are_traced_through_the_index_of_the_tag() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    assert_eq!(client.takes("a"), None);
    let unread = || pulls.unread(&repository(), 1, "a");
    assert_eq!(unread(), ["amd", "arm"]);
    pulls.learn_unasked(&repository(), &leaf("amd", &["a"]));
    pulls.learn_unasked(&repository(), &leaf("arm", &["b"]));
    assert_eq!(told(client.takes("a")), "download 1 amd linux/amd64");
    assert!(unread().is_empty());
}

#[test]
fn a_config_that_a_manifest_named_sends_nobody_to_read_other_platforms() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["a"]));
    assert_eq!(pulls.unread(&repository(), 1, "amd-config"), [""; 0]);
}

#[test]
fn the_platform_of_a_lone_image_is_asked_of_its_config_once() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &leaf("alone", &["a"]));
    let wanted = || pulls.without_platform(&repository(), 1, "a");
    assert_eq!(wanted(), Some(("alone".into(), "alone-config".into())));
    pulls.learn_platform(&repository(), "alone", "linux", "armv7");
    assert_eq!(wanted(), None);
    assert_eq!(told(client.takes("a")), "download 1 alone linux/armv7");
}

#[test]
fn an_artifact_is_a_download_of_its_type_and_has_no_platform_to_ask_for() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &artifact("chart", "helm", &["tgz"]));
    assert_eq!(pulls.without_platform(&repository(), 1, "tgz"), None);
    let pull = client.takes("tgz").expect("a download");
    assert_eq!(
        (pull.artifact_type.as_str(), pull.os.as_str()),
        ("helm", "")
    );
}

#[test]
fn layers_of_two_platforms_after_one_look_at_the_index_are_a_copy() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["a"]));
    assert_eq!(told(client.takes("a")), "download 1 amd linux/amd64");
    client.reads(None, &leaf("arm", &["b", "c"]));
    assert_eq!(told(client.takes("b")), "mirror 1 index /");
    assert_eq!(client.takes("c"), None);
}

#[test]
fn a_client_that_copies_is_known_for_it_and_each_index_is_one_event() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    client.reads(Some("1"), &index());
    client.reads(None, &leaf("amd", &["a"]));
    client.reads(None, &leaf("arm", &["b"]));
    client.takes("a");
    client.takes("b");
    client.reads(Some("2"), &index_of("index2", "amd2", "arm2"));
    client.reads(None, &leaf("amd2", &["c"]));
    client.reads(None, &leaf("arm2", &["d"]));
    assert_eq!(told(client.takes("c")), "mirror 2 index2 /");
    assert_eq!(client.takes("d"), None);
}

#[test]
fn machines_of_two_platforms_behind_one_address_are_two_downloads() {
    let pulls = Pulls::new();
    let client = Client {
        pulls: &pulls,
        number: 1,
    };
    for (tag, machine, layer, expected) in [
        ("1", "amd", "a", "download 1 amd linux/amd64"),
        ("1", "arm", "b", "download 1 arm linux/arm64"),
    ] {
        client.reads(Some(tag), &index());
        client.reads(None, &leaf(machine, &[layer]));
        assert_eq!(told(client.takes(layer)), expected);
    }
}
