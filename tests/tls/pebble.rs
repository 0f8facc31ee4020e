//! Pebble, an authority for tests, and the name server that it and the gateway ask.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::names::Authority;
use crate::world::PATIENCE;

/// A running authority with its name server.
pub(crate) struct Pebble {
    processes: [Child; 2],
    log: Arc<Mutex<String>>,
    management: u16,
    pub(crate) directory: String,
    /// What the gateway must trust to ask it.
    pub(crate) root: PathBuf,
    /// Where it looks at challenges, and where the gateway listens.
    pub(crate) http: u16,
    pub(crate) https: u16,
    pub(crate) dns: u16,
    /// Where records are put into its name server.
    pub(crate) records: u16,
    own: Authority,
}

/// What is different about it.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    /// How long its certificates are good, in seconds.
    pub(crate) validity: u32,
    /// The address of every name; none means that no name has one.
    pub(crate) address: &'static str,
    /// It looks at challenges where nobody answers.
    pub(crate) looks_elsewhere: bool,
}

impl Manner {
    pub(crate) const USUAL: Self = Self {
        validity: 90 * 24 * 3600,
        address: "127.0.0.1",
        looks_elsewhere: false,
    };
}

impl Pebble {
    /// Starts both with their files in `folder`.
    pub(crate) async fn start(folder: &Path, manner: Manner) -> Self {
        let own = Authority::new();
        let (chain, key) = own.issue(&["localhost", "127.0.0.1"], |_| ());
        let file = |name: &str, text: &str| {
            let path = folder.join(name);
            fs::write(&path, text).expect("written");
            path
        };
        let root = file("pebble-root.pem", &own.pem);
        let [listen, management, http, https, dns, records, closed] = free_ports();
        let (plain, secure) = if manner.looks_elsewhere {
            (closed, closed)
        } else {
            (http, https)
        };
        let config = serde_json::json!({ "pebble": {
            "listenAddress": format!("127.0.0.1:{listen}"),
            "managementListenAddress": format!("127.0.0.1:{management}"),
            "certificate": file("pebble.pem", &chain),
            "privateKey": file("pebble.key", &key),
            "httpPort": plain,
            "tlsPort": secure,
            "ocspResponderURL": "",
            "externalAccountBindingRequired": false,
            "certificateValidityPeriod": manner.validity,
        }});
        let config = file("pebble.json", &config.to_string());
        let names = start(Command::new("pebble-challtestsrv").args([
            "-dns01",
            &format!("127.0.0.1:{dns}"),
            "-management",
            &format!("127.0.0.1:{records}"),
            "-defaultIPv4",
            manner.address,
            "-defaultIPv6",
            "",
            "-http01",
            "",
            "-https01",
            "",
            "-tlsalpn01",
            "",
        ]));
        let mut authority = pebble(&config, dns);
        let log = transcript(&mut authority);
        let pebble = Self {
            processes: [names, authority],
            log,
            management,
            directory: format!("https://127.0.0.1:{listen}/dir"),
            root,
            http,
            https,
            dns,
            records,
            own,
        };
        pebble.issuer().await;
        pebble
    }

    /// What clients must trust to trust its certificates.
    pub(crate) async fn issuer(&self) -> String {
        let client = self.own.client("localhost", self.management);
        let client = client.build().expect("a client");
        let url = format!("https://localhost:{}/roots/0", self.management);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Ok(answer) = client.get(&url).send().await {
                return answer.text().await.expect("a certificate");
            }
            assert!(Instant::now() < deadline, "Pebble says: {}", self.said());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Starts it again, with nothing of what it knew: it keeps all in memory.
    pub(crate) async fn forget_everything(&mut self) {
        let authority = &mut self.processes[1];
        let _ = authority.kill();
        let _ = authority.wait();
        let config = self.root.with_file_name("pebble.json");
        *authority = pebble(&config, self.dns);
        self.log = transcript(authority);
        self.issuer().await;
    }

    /// How often something was ordered.
    pub(crate) fn orders(&self) -> usize {
        self.said().matches("Added order ").count()
    }

    /// How many accounts were made.
    pub(crate) fn accounts(&self) -> usize {
        self.said().matches(" accounts in memory").count()
    }

    pub(crate) fn said(&self) -> String {
        self.log.lock().expect("no panic").clone()
    }
}

impl Drop for Pebble {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn pebble(config: &Path, dns: u16) -> Child {
    start(
        Command::new("pebble")
            .arg("-config")
            .arg(config)
            .args(["-dnsserver", &format!("127.0.0.1:{dns}")])
            .env("PEBBLE_VA_NOSLEEP", "1"),
    )
}

fn start(command: &mut Command) -> Child {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} does not start ({error}): run `make setup`"))
}

/// What a program writes, from its start.
fn transcript(child: &mut Child) -> Arc<Mutex<String>> {
    let output = child.stdout.take().expect("piped");
    let log = Arc::<Mutex<String>>::default();
    let shared = Arc::clone(&log);
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            shared
                .lock()
                .expect("no panic")
                .extend([line.as_str(), "\n"]);
        }
    });
    log
}

/// Ports that are free at the moment.
fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let listeners = [(); COUNT].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}
