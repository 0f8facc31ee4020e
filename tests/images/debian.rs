//! Debian's registry as an upstream, and skopeo.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::json;
use tempfile::TempDir;

use crate::puller::digest_of;

/// Debian's registry on loopback, with its own storage.
pub(crate) struct DebianRegistry {
    child: Child,
    pub(crate) address: String,
    _folder: TempDir,
    accounts: Option<tempfile::NamedTempFile>,
}

impl DebianRegistry {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// One that wants a user and a password with each request and knows no tokens: `pilot`, `let-me-in`.
    pub(crate) fn start_with_password() -> Self {
        let accounts = tempfile::NamedTempFile::new().expect("a file");
        let hash = "pilot:$2b$04$abcdefghijklmnopqrstuudxA/1BY5FxPYA69jUrJOJFmTyoe9T1a\n";
        std::fs::write(accounts.path(), hash).expect("the accounts are written");
        let path = accounts.path().display();
        let mut registry =
            Self::start_with(&format!("auth: {{htpasswd: {{realm: r, path: {path}}}}}\n"));
        registry.accounts = Some(accounts);
        registry
    }

    fn start_with(auth: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let config = folder.path().join("registry.yml");
        let storage = folder.path().join("storage");
        let text = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: \"127.0.0.1:0\", secret: none}}\n{auth}",
            storage.display()
        );
        std::fs::write(&config, text).expect("its configuration is written");
        let mut child = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("docker-registry is installed (`make setup`)");
        let mut lines = BufReader::new(child.stderr.take().expect("piped"))
            .lines()
            .map_while(Result::ok);
        let address = lines
            .find_map(|line| {
                Some(
                    line.split_once("listening on ")?
                        .1
                        .split('"')
                        .next()?
                        .to_owned(),
                )
            })
            .expect("docker-registry says where it listens");
        // It stops when nobody reads what it says.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address,
            _folder: folder,
            accounts: None,
        }
    }
}

/// The config of an artifact that has none, and its bytes (image specification, "Guidance for an Empty
/// Descriptor").
const EMPTY: (&str, &[u8]) = ("application/vnd.oci.empty.v1+json", b"{}");

impl DebianRegistry {
    /// Pushes a chart as Helm does, with its provenance.
    pub(crate) async fn push_chart(&self, http: &reqwest::Client) {
        let config = (
            "application/vnd.cncf.helm.config.v1+json",
            &b"{\"name\":\"chart\"}"[..],
        );
        let chart = (
            "application/vnd.cncf.helm.chart.content.v1.tar+gzip",
            &b"a chart"[..],
        );
        let vouched = (
            "application/vnd.cncf.helm.chart.provenance.v1.prov",
            &b"signed"[..],
        );
        self.push(http, "chart:2.0.0_build.7", None, config, &[vouched, chart])
            .await;
    }

    /// Pushes an artifact that is no image.
    pub(crate) async fn push_policy(&self, http: &reqwest::Client) {
        let layer = ("application/vnd.acme.policy.layer", &b"allow"[..]);
        let artifact_type = Some("application/vnd.acme.policy");
        self.push(http, "policy:1.0.0", artifact_type, EMPTY, &[layer])
            .await;
    }

    async fn push(
        &self,
        http: &reqwest::Client,
        image: &str,
        artifact_type: Option<&str>,
        config: (&str, &[u8]),
        layers: &[(&str, &[u8])],
    ) {
        let (name, tag) = image.split_once(':').expect("name and tag");
        let mut descriptors = Vec::new();
        for (media_type, bytes) in [config].iter().chain(layers) {
            let digest = digest_of(bytes);
            let begun = http
                .post(format!("http://{}/v2/{name}/blobs/uploads/", self.address))
                .send()
                .await
                .expect("an answer");
            let location = begun.headers()["location"].to_str().expect("text");
            let kept = http
                .put(format!("{location}&digest={digest}"))
                .body(bytes.to_vec())
                .send()
                .await
                .expect("an answer");
            assert_eq!(kept.status(), 201);
            descriptors
                .push(json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() }));
        }
        let mut manifest = json!({
            "schemaVersion": 2,
            "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": descriptors[0],
            "layers": &descriptors[1..],
        });
        if let Some(artifact_type) = artifact_type {
            manifest["artifactType"] = artifact_type.into();
        }
        let kept = http
            .put(format!("http://{}/v2/{name}/manifests/{tag}", self.address))
            .header("content-type", "application/vnd.oci.image.manifest.v1+json")
            .body(manifest.to_string())
            .send()
            .await
            .expect("an answer");
        assert_eq!(kept.status(), 201);
    }
}

impl Drop for DebianRegistry {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs skopeo without the settings of the machine it runs on.
pub(crate) async fn skopeo(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("skopeo");
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder);
    let output = tokio::task::spawn_blocking(move || command.output())
        .await
        .expect("no panic");
    let output = output.expect("skopeo is installed (`make setup`)");
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
