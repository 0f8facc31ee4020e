//! A client that pulls image by image, request by request.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::HOST;
use crate::world::World;

/// A client that asks step by step, as the one named in its agent does.
pub(crate) struct Puller<'a> {
    pub(crate) world: &'a World,
    pub(crate) image: &'static str,
    /// Its address, as a trusted proxy says.
    pub(crate) address: &'static str,
}

impl Puller<'_> {
    pub(crate) async fn ask(&self, method: &str, rest: &str) -> reqwest::Response {
        let request = self
            .world
            .request(method, HOST, &format!("/v2/{}/{rest}", self.image));
        let request = request.header("x-forwarded-for", self.address);
        let agent = "docker/28.2.2 go/go1.24 git-commit/45873be kernel/6.18 os/linux arch/amd64 UpstreamClient(Docker-Client/28.2.2 \\(linux\\))";
        request.header("user-agent", agent).header("accept", "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json").send().await.expect("an answer")
    }

    /// HEAD of a tag: its digest.
    pub(crate) async fn resolve(&self, tag: &str) -> String {
        let answer = self.ask("HEAD", &format!("manifests/{tag}")).await;
        assert_eq!(answer.status(), 200);
        answer.headers()["docker-content-digest"]
            .to_str()
            .expect("text")
            .to_owned()
    }

    /// GET of a manifest, which has the digest it was asked by.
    pub(crate) async fn manifest(&self, digest: &str) -> Value {
        let bytes = self
            .ask("GET", &format!("manifests/{digest}"))
            .await
            .bytes()
            .await
            .expect("a manifest");
        assert_eq!(digest_of(&bytes), digest);
        serde_json::from_slice(&bytes).expect("JSON")
    }

    /// GET of a blob, from wherever it is redirected to.
    pub(crate) async fn blob(&self, digest: &str) {
        let mut answer = self.ask("GET", &format!("blobs/{digest}")).await;
        if answer.status() == 307 {
            let storage = answer.headers()["location"]
                .to_str()
                .expect("text")
                .to_owned();
            answer = self
                .world
                .http
                .get(storage)
                .send()
                .await
                .expect("an answer");
        }
        assert_eq!(answer.status(), 200);
        assert_eq!(digest_of(&answer.bytes().await.expect("a blob")), digest);
    }

    /// Config and layers, at once.
    pub(crate) async fn blobs(&self, leaf: &Value) {
        let [base, top] = &layers(leaf)[..] else {
            panic!("two layers: {leaf}")
        };
        let config = leaf["config"]["digest"].as_str().expect("a config");
        tokio::join!(self.blob(config), self.blob(base), self.blob(top));
    }

    /// A whole pull: tag, index, leaf, blobs. The leaf's digest.
    pub(crate) async fn pull(&self, tag: &str, arch: &str) -> String {
        let index = self.manifest(&self.resolve(tag).await).await;
        let digest = leaf(&index, arch);
        self.blobs(&self.manifest(&digest).await).await;
        digest
    }
}

pub(crate) fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// The digest of an index's manifest for `arch`.
pub(crate) fn leaf(index: &Value, arch: &str) -> String {
    let leaves = index["manifests"].as_array().expect("an index");
    let leaf = leaves
        .iter()
        .find(|leaf| leaf["platform"]["architecture"] == arch)
        .expect("the platform");
    leaf["digest"].as_str().expect("a digest").to_owned()
}

pub(crate) fn layers(leaf: &Value) -> Vec<String> {
    let layers = leaf["layers"].as_array().expect("layers");
    layers
        .iter()
        .map(|layer| layer["digest"].as_str().expect("a digest").to_owned())
        .collect()
}
