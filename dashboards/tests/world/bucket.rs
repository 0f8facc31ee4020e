//! A server that speaks like S3, on a port of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A server with no bucket in it; it ends when this is dropped.
pub(crate) struct Bucket {
    server: Child,
    port: u16,
}

/// Prints every object of bucket `lake` as its key and its text.
const OBJECTS: &str = "
import boto3, sys
s3 = boto3.client('s3', endpoint_url=sys.argv[1], aws_access_key_id='key', aws_secret_access_key='secret', region_name='us-east-1')
for found in s3.list_objects_v2(Bucket='lake').get('Contents', []):
    print(found['Key'], s3.get_object(Bucket='lake', Key=found['Key'])['Body'].read().decode(), end='')
";

impl Bucket {
    pub(crate) async fn start() -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let server = Command::new(program("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server can be run");
        let deadline = Instant::now() + Duration::from_mins(1);
        while tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_err()
        {
            assert!(Instant::now() < deadline, "moto_server never listened");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { server, port }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The bucket as an operator names it.
    pub(crate) fn place(&self) -> weir_dashboards::export::Bucket {
        weir_dashboards::export::Bucket {
            url: format!("{}/lake/weir/", self.url()),
            access_key: "key".to_owned(),
            secret: "secret".to_owned(),
        }
    }

    /// Makes the bucket.
    pub(crate) async fn make(&self) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build();
        let made = client
            .expect("a client")
            .put(format!("{}/lake", self.url()))
            .send();
        assert!(made.await.expect("an answer").status().is_success());
    }

    /// Every object, as key and text.
    pub(crate) fn objects(&self) -> String {
        let output = Command::new(program("python"))
            .args(["-c", OBJECTS, &self.url()])
            .output()
            .expect("python can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).expect("text")
    }
}

impl Drop for Bucket {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn program(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = root.join(".setup/bucket/bin").join(name);
    assert!(
        program.is_file(),
        "no {}: run make setup",
        program.display()
    );
    program
}
