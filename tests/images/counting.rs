//! What counts as a download of an image, and of which.

use serde_json::Value;

use crate::debian::skopeo;
use crate::puller::{Puller, digest_of, layers, leaf};
use crate::world::{Weir, columns};
use crate::{HOST, downloads, lines, world};

#[tokio::test]
async fn skopeo_pulls_from_debians_registry_what_was_pushed_there_by_tag_and_by_digest() {
    let (world, debian) = world().await;
    let folder = world.folder.path();
    let here = format!(
        "docker://{HOST}:{}/org/tags/tool",
        world.weir.gateway.port()
    );
    let there = format!("docker://{}/team/app", debian.address);
    for version in ["1.2.3", "2.0.0"] {
        let raw = async |image: &str| {
            skopeo(
                folder,
                &[
                    "inspect",
                    "--raw",
                    "--tls-verify=false",
                    &format!("{image}:{version}"),
                ],
            )
            .await
        };
        assert_eq!(raw(&here).await, raw(&there).await, "{version}");
    }
    let digest = digest_of(
        skopeo(
            folder,
            &[
                "inspect",
                "--raw",
                "--tls-verify=false",
                &format!("{there}:2.0.0"),
            ],
        )
        .await
        .as_bytes(),
    );
    for from in [format!("{here}:1.2.3"), format!("{here}@{digest}")] {
        skopeo(
            folder,
            &[
                "--insecure-policy",
                "copy",
                "--src-tls-verify=false",
                &from,
                "oci:tool:pulled",
            ],
        )
        .await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/tool | oci | 1.2.3 | skopeo | linux | amd64 | 200 | proxy
    acme/tool | oci | 2.0.0 | skopeo | linux | amd64 | 200 | proxy
    ");
}

#[tokio::test]
async fn images_of_two_registries_live_on_one_domain_under_other_names() {
    let (world, _debian) = world().await;
    for (image, address) in [
        ("server", "198.51.100.7"),
        ("org/tags/tool", "198.51.100.7"),
        ("streamed", "198.51.100.7"),
    ] {
        Puller {
            world: &world,
            image,
            address,
        }
        .pull("1.2.3", "amd64")
        .await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | amd64 | 307 | redirect
    acme/tool | oci | 1.2.3 | docker | linux | amd64 | 200 | proxy
    acme/streamed | oci | 1.2.3 | docker | linux | amd64 | 200 | proxy
    ");
    let storage: Vec<_> = world
        .registry
        .seen()
        .into_iter()
        .filter(|seen| seen.path.starts_with("/storage/"))
        .collect();
    assert!(!storage.is_empty());
    for seen in storage {
        assert_eq!(
            (seen.status, seen.authorization.as_deref()),
            (200, None),
            "{}",
            seen.path
        );
    }
}

#[tokio::test]
async fn one_entry_serves_many_images_and_a_more_exact_one_goes_before_it() {
    let (world, _debian) = world().await;
    for image in [
        "mirror/acme/rocket-server",
        "mirror/team/app",
        "mirror/team/special",
    ] {
        Puller {
            world: &world,
            image,
            address: "198.51.100.7",
        }
        .pull("1.2.3", "amd64")
        .await;
    }
    let seen: Vec<_> = downloads(&world)
        .await
        .iter()
        .map(|event| columns(event, &["package", "artifact", "version", "arch"]))
        .collect();
    insta::assert_snapshot!(seen.join("\n"), @"
    acme/acme/rocket-server | mirror/acme/rocket-server | 1.2.3 | amd64
    team/app | mirror/team/app | 1.2.3 | amd64
    acme/special | mirror/team/special | 1.2.3 | amd64
    ");
}

#[tokio::test]
async fn dockers_sequence_is_one_download_with_tag_and_platform() {
    let (world, _debian) = world().await;
    for image in ["server", "org/tags/tool"] {
        let puller = Puller {
            world: &world,
            image,
            address: "198.51.100.7",
        };
        let leaf = puller.pull("1.2.3", "arm64").await;
        let downloads = downloads(&world).await;
        assert_eq!(
            downloads.last().map(|event| &event["digest"]),
            Some(&Value::from(leaf))
        );
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect
    acme/tool | oci | 1.2.3 | docker | linux | arm64 | 200 | proxy
    ");
}

#[tokio::test]
async fn pulling_again_soon_is_the_same_download_and_another_client_another() {
    let (world, _debian) = world().await;
    for address in [
        "198.51.100.7",
        "198.51.100.7",
        "203.0.113.9",
        "198.51.100.7",
    ] {
        Puller {
            world: &world,
            image: "server",
            address,
        }
        .pull("1.2.3", "amd64")
        .await;
    }
    let downloads = downloads(&world).await;
    assert_eq!(downloads.len(), 2, "{downloads:#?}");
    assert_ne!(downloads[0]["visitor"], downloads[1]["visitor"]);
}

#[tokio::test]
async fn a_client_that_reads_every_platform_downloads_the_one_whose_layers_it_takes() {
    let (world, _debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let index = puller.manifest(&puller.resolve("2.0.0").await).await;
    let mut leaves = Vec::new();
    for entry in index["manifests"].as_array().expect("an index") {
        let leaf = puller
            .manifest(entry["digest"].as_str().expect("a digest"))
            .await;
        puller
            .blob(leaf["config"]["digest"].as_str().expect("a config"))
            .await;
        leaves.push(leaf);
    }
    for layer in layers(&leaves[0]) {
        puller.blob(&layer).await;
    }
    insta::assert_snapshot!(lines(&downloads(&world).await), @"acme/server | oci | 2.0.0 | docker | linux | amd64 | 307 | redirect");
}

#[tokio::test]
async fn a_client_that_kept_the_manifests_is_counted_by_its_layers_also_after_a_restart() {
    let (mut world, _debian) = world().await;
    let learner = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let index = learner.manifest(&learner.resolve("1.2.3").await).await;
    let arm64 = learner.manifest(&leaf(&index, "arm64")).await;
    let amd64 = learner.manifest(&leaf(&index, "amd64")).await;

    let kept = Puller {
        world: &world,
        image: "server",
        address: "203.0.113.9",
    };
    kept.resolve("1.2.3").await;
    kept.blobs(&arm64).await;
    insta::assert_snapshot!(lines(&downloads(&world).await), @"acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect");

    world.weir.terminate();
    world.weir = Weir::start(world.folder.path());
    let kept = Puller {
        world: &world,
        image: "server",
        address: "192.0.2.1",
    };
    kept.resolve("1.2.3").await;
    kept.blobs(&amd64).await;
    insta::assert_snapshot!(lines(&downloads(&world).await), @r"
    acme/server | oci | 1.2.3 | docker | linux | arm64 | 307 | redirect
    acme/server | oci | 1.2.3 | docker | linux | amd64 | 307 | redirect
    ");
}

#[tokio::test]
async fn configs_attestations_and_pieces_are_no_downloads() {
    let (world, _debian) = world().await;
    let puller = Puller {
        world: &world,
        image: "server",
        address: "198.51.100.7",
    };
    let digest = puller.resolve("1.2.3").await;
    let index = puller.manifest(&digest).await;
    let attestation = puller.manifest(&leaf(&index, "unknown")).await;
    puller
        .blob(attestation["config"]["digest"].as_str().expect("a config"))
        .await;
    for statement in layers(&attestation) {
        puller.blob(&statement).await;
    }
    let amd64 = puller.manifest(&leaf(&index, "amd64")).await;
    puller
        .blob(amd64["config"]["digest"].as_str().expect("a config"))
        .await;
    for layer in layers(&amd64) {
        assert_eq!(
            puller.ask("HEAD", &format!("blobs/{layer}")).await.status(),
            200
        );
        let piece = world
            .request("GET", HOST, &format!("/v2/server/blobs/{layer}"))
            .header("range", "bytes=5-9")
            .send()
            .await;
        assert_eq!(piece.expect("an answer").status(), 307);
    }
    // Signatures are asked for at every pull and mostly are not there.
    let signature = format!("manifests/{}.sig", digest.replace(':', "-"));
    assert_eq!(puller.ask("GET", &signature).await.status(), 404);
    let events = world.recorded().await;
    assert!(
        events
            .iter()
            .all(|event| event["kind"] == "check" || event["kind"] == "inspect"),
        "{events:#?}"
    );
}
