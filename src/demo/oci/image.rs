//! Container images made in memory: an index over two platforms and an attestation, with every
//! digest right.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::demo::archive::{gzip, tar_of};
use crate::demo::seal::sha256_hex;

pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const STATEMENT: &str = "application/vnd.in-toto+json";
const CREATED: &str = "2026-07-01T12:00:00Z";

/// A manifest or an index, with the media type it must be answered as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) media_type: &'static str,
    pub(super) digest: String,
    pub(super) bytes: Vec<u8>,
}

/// A repository's content.
#[derive(Debug, Default)]
pub(super) struct Repository {
    /// Manifests and indexes by digest.
    manifests: HashMap<String, Manifest>,
    /// Configurations and layers by digest.
    pub(super) blobs: HashMap<String, Vec<u8>>,
    /// Digest by tag, oldest tag first.
    pub(super) tags: Vec<(String, String)>,
}

impl Repository {
    /// Images of `name` in `versions`, oldest first; the last is `latest` too.
    pub(super) fn with_versions(name: &str, versions: &[&str]) -> Self {
        let mut repository = Self::default();
        for version in versions {
            let digest = repository.add_image(name, version);
            repository.tags.push(((*version).to_owned(), digest));
        }
        if let Some((_, newest)) = repository.tags.last() {
            let latest = ("latest".to_owned(), newest.clone());
            repository.tags.push(latest);
        }
        repository
    }

    /// The manifest that a tag or a digest stands for.
    pub(super) fn manifest(&self, reference: &str) -> Option<&Manifest> {
        let digest = self
            .tags
            .iter()
            .find(|(tag, _)| tag == reference)
            .map_or(reference, |(_, digest)| digest);
        self.manifests.get(digest)
    }

    /// Adds an image for two platforms and the attestation of the first; returns the index's digest.
    fn add_image(&mut self, name: &str, version: &str) -> String {
        let amd64 = self.add_platform(name, version, "amd64", None);
        let arm64 = self.add_platform(name, version, "arm64", Some("v8"));
        let attestation = self.add_attestation(name, &amd64);
        self.add_manifest(
            INDEX,
            &json!({
                "schemaVersion": 2,
                "mediaType": INDEX,
                "manifests": [amd64, arm64, attestation],
            }),
        )
    }

    /// Adds one platform's image; returns its entry in the index.
    fn add_platform(
        &mut self,
        name: &str,
        version: &str,
        arch: &str,
        variant: Option<&str>,
    ) -> Value {
        // The base does not depend on the version: versions share it, as images of one family do.
        let base = format!("NAME=\"Weir demo base\"\nARCHITECTURE={arch}\n");
        let base = tar_of(&[("etc/os-release", 0o644, base.as_bytes())]);
        let program = format!("#!/bin/sh\necho \"{name} {version} on linux/{arch}\"\n");
        let program = tar_of(&[("usr/local/bin/serve", 0o755, program.as_bytes())]);
        let config = json!({
            "created": CREATED,
            "architecture": arch,
            "variant": variant,
            "os": "linux",
            "config": {
                "Entrypoint": ["/usr/local/bin/serve"],
                "Labels": { "org.opencontainers.image.version": version },
            },
            "rootfs": {
                "type": "layers",
                "diff_ids": [digest_of(&base), digest_of(&program)],
            },
            "history": [
                { "created": CREATED, "created_by": "base" },
                { "created": CREATED, "created_by": "program" },
            ],
        });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.add_blob(CONFIG, without_nulls(config).to_string().into_bytes()),
            "layers": [self.add_blob(LAYER, gzip(&base)), self.add_blob(LAYER, gzip(&program))],
        });
        let platform = json!({ "architecture": arch, "os": "linux", "variant": variant });
        json!({
            "mediaType": MANIFEST,
            "size": manifest.to_string().len(),
            "digest": self.add_manifest(MANIFEST, &manifest),
            "platform": without_nulls(platform),
        })
    }

    /// Adds a provenance attestation as build tools attach it: a manifest whose "layer" is a
    /// statement about `subject`, under a platform that no client runs.
    fn add_attestation(&mut self, name: &str, subject: &Value) -> Value {
        let digest = subject["digest"].as_str().unwrap_or_default();
        let statement = json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "predicateType": "https://slsa.dev/provenance/v0.2",
            "subject": [{ "name": name, "digest": { "sha256": digest.trim_start_matches("sha256:") } }],
            "predicate": { "builder": { "id": "weir demo" }, "buildType": "made in memory" },
        })
        .to_string()
        .into_bytes();
        let config = json!({
            "architecture": "unknown",
            "os": "unknown",
            "config": {},
            "rootfs": { "type": "layers", "diff_ids": [digest_of(&statement)] },
        });
        let mut layer = self.add_blob(STATEMENT, statement);
        layer["annotations"] =
            json!({ "in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2" });
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self.add_blob(CONFIG, config.to_string().into_bytes()),
            "layers": [layer],
        });
        json!({
            "mediaType": MANIFEST,
            "size": manifest.to_string().len(),
            "digest": self.add_manifest(MANIFEST, &manifest),
            "platform": { "architecture": "unknown", "os": "unknown" },
            "annotations": {
                "vnd.docker.reference.digest": digest,
                "vnd.docker.reference.type": "attestation-manifest",
            },
        })
    }

    /// Adds a manifest; returns its digest.
    fn add_manifest(&mut self, media_type: &'static str, manifest: &Value) -> String {
        let bytes = manifest.to_string().into_bytes();
        let digest = digest_of(&bytes);
        let manifest = Manifest {
            media_type,
            digest: digest.clone(),
            bytes,
        };
        self.manifests.insert(digest.clone(), manifest);
        digest
    }

    /// Adds a blob; returns its descriptor.
    fn add_blob(&mut self, media_type: &str, bytes: Vec<u8>) -> Value {
        let digest = digest_of(&bytes);
        let descriptor = json!({ "mediaType": media_type, "size": bytes.len(), "digest": digest });
        self.blobs.insert(digest, bytes);
        descriptor
    }
}

fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256_hex(bytes))
}

/// The object without members that do not apply, such as the variant of amd64.
fn without_nulls(mut object: Value) -> Value {
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(manifest: &Manifest) -> Value {
        serde_json::from_slice(&manifest.bytes).unwrap()
    }

    #[test]
    fn every_descriptor_leads_to_bytes_of_its_digest_and_size() {
        let repository = Repository::with_versions("server", &["1.0.0", "1.1.0"]);
        let index = parsed(repository.manifest("1.1.0").unwrap());
        for entry in index["manifests"].as_array().unwrap() {
            let manifest = repository
                .manifest(entry["digest"].as_str().unwrap())
                .unwrap();
            assert_eq!(entry["size"], manifest.bytes.len());
            assert_eq!(manifest.digest, digest_of(&manifest.bytes));
            let manifest = parsed(manifest);
            let layers = manifest["layers"].as_array().unwrap();
            for descriptor in layers.iter().chain([&manifest["config"]]) {
                let blob = &repository.blobs[descriptor["digest"].as_str().unwrap()];
                assert_eq!(descriptor["size"], blob.len());
                assert_eq!(descriptor["digest"], digest_of(blob));
            }
        }
    }

    #[test]
    fn an_index_names_two_platforms_and_an_attestation_of_the_first() {
        let repository = Repository::with_versions("server", &["1.0.0"]);
        let index = parsed(repository.manifest("1.0.0").unwrap());
        let platforms: Vec<_> = (0..3)
            .map(|n| index["manifests"][n]["platform"].to_string())
            .collect();
        insta::assert_snapshot!(platforms.join("\n"), @r#"
        {"architecture":"amd64","os":"linux"}
        {"architecture":"arm64","os":"linux","variant":"v8"}
        {"architecture":"unknown","os":"unknown"}
        "#);
        assert_eq!(
            index["manifests"][2]["annotations"]["vnd.docker.reference.digest"],
            index["manifests"][0]["digest"]
        );
    }

    #[test]
    fn latest_is_the_last_version() {
        let repository = Repository::with_versions("server", &["1.0.0", "1.1.0"]);
        assert_eq!(repository.manifest("latest"), repository.manifest("1.1.0"));
        assert_ne!(repository.manifest("latest"), repository.manifest("1.0.0"));
        assert_eq!(repository.manifest("2.0.0"), None);
    }

    #[test]
    fn versions_of_one_image_share_their_base_layer() {
        let repository = Repository::with_versions("server", &["1.0.0", "1.1.0"]);
        let base = |tag: &str| {
            let index = parsed(repository.manifest(tag).unwrap());
            let leaf = index["manifests"][0]["digest"].as_str().unwrap();
            parsed(repository.manifest(leaf).unwrap())["layers"][0]["digest"].clone()
        };
        assert_eq!(base("1.0.0"), base("1.1.0"));
    }
}
