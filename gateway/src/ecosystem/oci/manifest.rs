//! What a manifest says (image specification, "Image Manifest" and "Image Index"; Docker's schema 2).

use bytes::Bytes;
use serde::Deserialize;

/// The config of a chart that Helm pushed.
const HELM: &str = "application/vnd.cncf.helm.config.v1+json";
/// Configs of images that run in containers.
const IMAGE_CONFIGS: [&str; 2] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];
/// The config of an artifact that has none.
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// What lies beside an artifact's content and vouches for it.
const VOUCHERS: [&str; 3] = [
    "application/vnd.in-toto+json",
    "application/vnd.dev.cosign.simplesigning.v1+json",
    "application/vnd.cncf.helm.chart.provenance.v1.prov",
];

/// A manifest as the upstream gave it, byte for byte, and what it says.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) digest: String,
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
    pub(crate) content: Content,
}

/// What a manifest is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Several manifests, one a platform.
    Index(Vec<Child>),
    /// One image for a platform, or one artifact of another type.
    Image(Image),
    /// Neither; passed on unread.
    Other,
}

/// The parts of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) config: String,
    /// What makes up a download; none for a signature or an attestation.
    pub(crate) layers: Vec<String>,
    /// The other blobs, which do not.
    pub(crate) rest: Vec<String>,
    /// The type of an artifact; empty for an image that runs in a container.
    pub(crate) artifact_type: String,
}

/// One entry of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Child {
    pub(crate) digest: String,
    pub(crate) os: String,
    pub(crate) arch: String,
    /// It vouches for another entry.
    pub(crate) is_attestation: bool,
}

/// The platform that an index or a config names.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Platform {
    #[serde(default)]
    pub(crate) os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    config: Option<Descriptor>,
    #[serde(default)]
    layers: Vec<Descriptor>,
    #[serde(default)]
    artifact_type: String,
    #[serde(default)]
    subject: Option<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default)]
    annotations: Annotations,
}

#[derive(Default, Deserialize)]
struct Annotations {
    /// Set by build tools on the attestations in an index.
    #[serde(default, rename = "vnd.docker.reference.type")]
    reference_type: Option<String>,
}

/// The ecosystem of an image or artifact.
pub(crate) fn ecosystem(artifact_type: &str) -> &'static str {
    if artifact_type == HELM { "helm" } else { "oci" }
}

impl Platform {
    /// Processors are told apart by variant only where programs for one do not run on the other.
    pub(crate) fn arch(&self) -> String {
        let variant = self.variant.as_deref();
        let variant = variant.filter(|_| self.architecture == "arm");
        format!("{}{}", self.architecture, variant.unwrap_or_default())
    }
}

impl Content {
    pub(crate) fn read(bytes: &[u8]) -> Self {
        let Ok(written) = serde_json::from_slice::<Written>(bytes) else {
            return Self::Other;
        };
        match (written.manifests, written.config) {
            (Some(manifests), _) => Self::Index(manifests.into_iter().map(child).collect()),
            (None, Some(config)) => Self::Image(image(
                config,
                written.layers,
                written.artifact_type,
                written.subject.is_some(),
            )),
            (None, None) => Self::Other,
        }
    }
}

fn child(descriptor: Descriptor) -> Child {
    let platform = descriptor.platform.unwrap_or_default();
    let arch = platform.arch();
    Child {
        is_attestation: platform.os == "unknown"
            || arch == "unknown"
            || descriptor.annotations.reference_type.is_some(),
        digest: descriptor.digest,
        os: platform.os,
        arch,
    }
}

/// `refers`: it says something of another manifest, so nothing in it is a download.
fn image(config: Descriptor, layers: Vec<Descriptor>, declared: String, refers: bool) -> Image {
    let runs = declared.is_empty()
        && (config.media_type.is_empty() || IMAGE_CONFIGS.contains(&&*config.media_type));
    let is_content = |layer: &Descriptor| !refers && is_content(&layer.media_type, runs);
    let (layers, rest): (Vec<_>, Vec<_>) = layers.into_iter().partition(is_content);
    let digests = |layers: Vec<Descriptor>| layers.into_iter().map(|layer| layer.digest);
    Image {
        layers: digests(layers).collect(),
        rest: digests(rest).collect(),
        artifact_type: match (runs, declared) {
            (true, _) => String::new(),
            (false, declared) if declared.is_empty() || config.media_type == HELM => {
                config.media_type
            }
            (false, declared) => declared,
        },
        config: config.digest,
    }
}

/// Whether a layer of this type makes up a download. An image's layers are file systems; signatures and
/// attestations are wrapped as images too, with layers of other types.
fn is_content(media_type: &str, runs: bool) -> bool {
    if runs {
        return media_type.is_empty()
            || media_type.contains("image.layer")
            || media_type.contains("image.rootfs");
    }
    media_type != EMPTY && !VOUCHERS.contains(&media_type)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn image_of(text: &str) -> Image {
        match Content::read(text.as_bytes()) {
            Content::Image(image) => image,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_index_lists_platforms_and_marks_attestations() {
        let Content::Index(children) = Content::read(
            br#"{"schemaVersion":2,"manifests":[
                {"digest":"sha256:a","platform":{"os":"linux","architecture":"arm","variant":"v7"}},
                {"digest":"sha256:b","platform":{"os":"linux","architecture":"arm64","variant":"v8"}},
                {"digest":"sha256:c","platform":{"os":"unknown","architecture":"unknown"}},
                {"digest":"sha256:d","annotations":{"vnd.docker.reference.type":"attestation-manifest"}}]}"#,
        ) else {
            panic!("an index")
        };
        let seen: Vec<_> = children
            .iter()
            .map(|child| format!("{}/{} {}", child.os, child.arch, child.is_attestation))
            .collect();
        assert_eq!(
            seen,
            [
                "linux/armv7 false",
                "linux/arm64 false",
                "unknown/unknown true",
                "/ true"
            ]
        );
    }

    #[test]
    fn file_systems_of_every_kind_are_layers_and_nothing_else_in_an_image_is() {
        let image = image_of(
            r#"{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"c"},"layers":[
                {"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":"gzip"},
                {"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"zstd"},
                {"mediaType":"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip","digest":"foreign"},
                {"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"docker"},
                {"mediaType":"application/vnd.docker.image.rootfs.foreign.diff.tar.gzip","digest":"windows"},
                {"mediaType":"application/vnd.in-toto+json","digest":"statement"},
                {"mediaType":"application/vnd.dsse.envelope.v1+json","digest":"envelope"},
                {"mediaType":"application/vnd.dev.cosign.simplesigning.v1+json","digest":"signature"}]}"#,
        );
        assert_eq!(
            image.layers,
            ["gzip", "zstd", "foreign", "docker", "windows"]
        );
        assert_eq!(image.rest, ["statement", "envelope", "signature"]);
        assert_eq!(
            (image.config.as_str(), image.artifact_type.as_str()),
            ("c", "")
        );
    }

    #[test]
    fn a_chart_is_helms_and_its_provenance_no_download() {
        let chart = image_of(
            r#"{"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"c"},"layers":[
                {"mediaType":"application/vnd.cncf.helm.chart.provenance.v1.prov","digest":"prov"},
                {"mediaType":"application/vnd.cncf.helm.chart.content.v1.tar+gzip","digest":"chart"}]}"#,
        );
        assert_eq!((chart.layers.len(), chart.layers[0].as_str()), (1, "chart"));
        assert_eq!(ecosystem(&chart.artifact_type), "helm");
    }

    #[test]
    fn another_artifact_is_called_by_its_type() {
        let layer = r#"[{"mediaType":"application/wasm","digest":"l"}]"#;
        let declared = image_of(&format!(
            r#"{{"artifactType":"application/vnd.acme.policy","config":{{"mediaType":"{EMPTY}","digest":"c"}},"layers":{layer}}}"#
        ));
        let by_config = image_of(&format!(
            r#"{{"config":{{"mediaType":"application/vnd.wasm.config.v0+json","digest":"c"}},"layers":{layer}}}"#
        ));
        assert_eq!(declared.artifact_type, "application/vnd.acme.policy");
        assert_eq!(
            by_config.artifact_type,
            "application/vnd.wasm.config.v0+json"
        );
        assert_eq!((declared.layers.len(), by_config.layers.len()), (1, 1));
        assert_eq!(ecosystem(&declared.artifact_type), "oci");
    }

    #[test]
    fn what_refers_to_another_manifest_is_no_download() {
        let bundle = image_of(&format!(
            r#"{{"artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json","subject":{{"digest":"s"}},
                "config":{{"mediaType":"{EMPTY}","digest":"c"}},"layers":[{{"mediaType":"application/json","digest":"l"}}]}}"#
        ));
        assert_eq!((bundle.layers.len(), bundle.rest.len()), (0, 1));
    }

    #[test]
    fn what_is_no_manifest_is_passed_on_unread() {
        assert_eq!(Content::read(b"not json"), Content::Other);
        assert_eq!(
            Content::read(br#"{"schemaVersion":1,"fsLayers":[]}"#),
            Content::Other
        );
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = Content::read(&bytes);
        }
    }
}
