//! A real web server with files large enough to be fetched in parts.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// nginx on a port and in a folder of its own.
pub(super) struct WebServer {
    child: Child,
    port: u16,
    _folder: TempDir,
}

impl WebServer {
    /// Serves files of the given names and lengths.
    pub(super) fn start(files: &[(&str, usize)]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(folder.path().join("files")).expect("a folder in it");
        for (name, length) in files {
            let path = folder.path().join("files").join(name);
            fs::write(path, vec![b'x'; *length]).expect("a file in it");
        }
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .expect("a port")
            .port();
        let path = folder.path().display();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {path}/{name};"))
            .join(" ");
        let config = format!(
            "daemon off; user root; pid {path}/pid; error_log {path}/log; events {{}}\n\
             http {{ access_log off; {temporary} server {{ listen 127.0.0.1:{port}; root {path}/files; }} }}\n"
        );
        fs::write(folder.path().join("nginx.conf"), config).expect("a file in it");
        let child = Command::new("nginx")
            .arg("-e")
            .arg(folder.path().join("log"))
            .arg("-c")
            .arg(folder.path().join("nginx.conf"))
            .stderr(Stdio::null())
            .spawn()
            .expect("nginx is installed (`make setup`)");
        let server = Self {
            child,
            port,
            _folder: folder,
        };
        server.wait_until_it_listens();
        server
    }

    /// Its address, without a slash at the end.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait_until_it_listens(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "nginx does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for WebServer {
    /// nginx ends its workers when it is asked to end, which a kill would not let it do.
    fn drop(&mut self) {
        crate::world::process::signal(self.child.id(), "TERM");
        let _ = self.child.wait();
    }
}
