//! Somebody who reads a page and types what it says, in a folder of their own beside a running Weir.

use std::collections::BTreeSet;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use regex::Regex;
use tempfile::TempDir;
use tokio::process::Command;
use weir::demo::Registry;

use super::examples::{self, Example};
use super::needs::{self, Needs, Runs};
use super::typed::commands;
use super::world::client::client;
use super::world::{PATIENCE, Weir, http_client, is_ready, query};

/// Longest run of what one block says; package managers look for addresses that are not there.
const LONGEST: Duration = Duration::from_mins(3);

/// A reader, their machine and what they read.
struct Reader {
    folder: TempDir,
    /// Everything that a package manager could want.
    registry: Registry,
    needs: Needs,
    weir: Option<Weir>,
    /// Host and port of the gateway and of the page.
    gateway: String,
    page: String,
    /// A token that may everything, if the page needs one.
    token: String,
}

/// Follows a page from its first command to its last.
pub(crate) async fn follow(page: &str) {
    let examples = examples::of(page);
    let mut reader = Reader::of(page, &examples).await;
    reader.run(&reader.needs.before.clone()).await;
    reader.serve().await;
    reader.ask_for_token().await;
    for example in examples.iter().filter(|example| example.is_typed()) {
        let typed = commands(&example.text);
        let typed = typed.into_iter();
        let typed: String = typed
            .filter(|one| reader.needs.reason(one).is_none())
            .collect();
        reader.run(&typed).await;
    }
    for address in addresses(&examples) {
        reader.run(&format!("curl -o /dev/null '{address}'")).await;
    }
    reader.is_counted().await;
}

impl Reader {
    async fn of(page: &str, examples: &[Example]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0");
        let listener = listener.await.expect("a port");
        let registry = Registry::start(listener, std::future::pending());
        let reader = Self {
            folder: tempfile::tempdir().expect("a folder"),
            registry: registry.await.expect("the stand-in registry"),
            needs: needs::of(page),
            weir: None,
            gateway: free(),
            page: free(),
            token: String::new(),
        };
        reader.settle(examples);
        reader
    }

    /// Lays out a home, the program, and the files that the page shows.
    fn settle(&self, examples: &[Example]) {
        let path = |name: &str| self.folder.path().join(name);
        fs::create_dir(path("bin")).expect("a folder");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_weir"), path("bin/weir")).expect("a link");
        // An error that is answered is a command that fails.
        fs::create_dir(path("home")).expect("a folder");
        fs::write(path("home/.curlrc"), "fail\nshow-error\n").expect("a file");
        if self.needs.beside_runs == Runs::Serve {
            fs::write(path("weir.toml"), self.configuration(examples)).expect("a file");
        }
        for example in examples {
            if let Some(name) = example.file().filter(|name| *name != "weir.toml") {
                Self::append(&path(name), &self.meant(&example.text));
            }
        }
    }

    /// Several examples may be parts of one file.
    fn append(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let before = fs::read_to_string(path).unwrap_or_default();
        fs::write(path, before + text).expect("a file");
    }

    /// What the page says is the configuration.
    fn configuration(&self, examples: &[Example]) -> String {
        let blocks = examples.iter().filter(|one| one.language == "toml");
        let chosen = blocks.enumerate().filter(|(at, block)| {
            self.needs.configured_by.as_ref().map_or_else(
                || block.file().is_none_or(|name| name == "weir.toml"),
                |chosen| chosen.contains(&(at + 1)),
            )
        });
        let text = chosen.fold(self.needs.beside.clone(), |text, (_, block)| {
            text + "\n" + &block.text
        });
        // Domains are told apart by name, not by port.
        replaced(&text, &self.means()).replace(".acme.example", ".acme.localhost")
    }

    /// Starts Weir, unless the page says how, and waits until everything is there.
    async fn serve(&mut self) {
        let start = match self.needs.beside_runs {
            Runs::Serve => "exec weir serve".to_owned(),
            Runs::Demo => format!(
                "exec weir demo --events 0 --data-dir data --port {} --dashboard-port {} --docs-port {}",
                port(&self.gateway),
                port(&self.page),
                port(&free()),
            ),
            Runs::Nothing => return,
        };
        let mut serve = client("sh", self.folder.path()).into_std();
        serve
            .args(["-c", &start])
            .envs(self.settings())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        self.weir = Some(Weir::run(serve));
        let http = http_client();
        let deadline = Instant::now() + PATIENCE;
        while !is_ready(&http, &self.data()).await {
            assert!(Instant::now() < deadline, "the engine does not come up");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What a page leaves to the machine: where Weir listens, and that its registries are here.
    fn settings(&self) -> Vec<(String, String)> {
        let folder = self.folder.path();
        let setup = Path::new(env!("CARGO_MANIFEST_DIR")).join(".setup");
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = folder.join("bin");
        let bin = format!(
            "{}:{}:{path}",
            bin.display(),
            setup.join("venv/bin").display()
        );
        let ours = [
            ("PATH", bin),
            ("HOME", folder.join("home").display().to_string()),
            ("WEIR_DATA_DIR", self.data().display().to_string()),
            ("WEIR_GATEWAY__HTTP", format!("[{:?}]", self.gateway)),
            (
                "WEIR_GATEWAY__PRIVATE_UPSTREAMS",
                "[\"127.0.0.0/8\"]".to_owned(),
            ),
            ("WEIR_DASHBOARDS__LISTEN", self.page.clone()),
            ("SETUP", setup.display().to_string()),
        ];
        let ours = ours.map(|(name, value)| (name.to_owned(), value));
        let theirs = self.needs.environment.iter();
        let theirs = theirs.map(|(name, value)| {
            let value = replaced(value, &self.here());
            (name.clone(), self.meant(&value))
        });
        // rustup's stand-in for cargo finds the toolchain by these, as HOME is another.
        let rust = ["RUSTUP_HOME", "RUSTUP_TOOLCHAIN"].into_iter();
        let rust = rust.filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)));
        ours.into_iter().chain(theirs).chain(rust).collect()
    }

    /// What the table's own words are in this run.
    fn here(&self) -> [[String; 2]; 5] {
        let here = [
            ["REGISTRY", &self.registry.addresses().registry],
            ["GATEWAY", &self.gateway],
            ["PAGE", &self.page],
            ["PORT", &port(&self.gateway)],
            ["TOKEN", &self.token],
        ];
        here.map(|pair| pair.map(str::to_owned))
    }

    /// What the words of the page are in this run.
    fn means(&self) -> Vec<[String; 2]> {
        let mut means: Vec<_> = self.needs.means.clone();
        means.push(["weir_…".to_owned(), "TOKEN".to_owned()]);
        means.push([
            "https://weir.acme.example".to_owned(),
            "http://PAGE".to_owned(),
        ]);
        for [_, meant] in &mut means {
            *meant = replaced(meant, &self.here());
        }
        means
    }

    /// A text of the page with everything as it is here.
    fn meant(&self, text: &str) -> String {
        let text = replaced(text, &self.means());
        let address = Regex::new(r"https://([a-z0-9-]+)\.acme\.example").expect("a pattern");
        let port = port(&self.gateway);
        let text = address.replace_all(&text, format!("http://$1.acme.localhost:{port}"));
        text.replace(".acme.example", ".acme.localhost")
    }

    async fn ask_for_token(&mut self) {
        if self.needs.beside_runs != Runs::Serve {
            return;
        }
        let scopes = "read,export,import,releases:write,sql";
        let made = self
            .run(&format!(
                "weir user add Reader --role owner\nweir token create all --user Reader --scope {scopes} --days 1\n"
            ))
            .await;
        let token = made.lines().last().expect("a token");
        token.clone_into(&mut self.token);
    }

    /// Types a script; every command must end well. What it printed.
    async fn run(&self, script: &str) -> String {
        let script = self.meant(script);
        let mut shell = client("bash", self.folder.path());
        shell
            .args(["-euxo", "pipefail", "-c"])
            // What a script starts and leaves running ends with it.
            .arg(format!(
                "trap 'kill $(jobs -p) 2>&- || true' EXIT\n{script}"
            ))
            .envs(self.settings())
            .stdin(Stdio::null());
        let Output {
            status,
            stdout,
            stderr,
        } = within(LONGEST, &mut shell).await;
        let said = String::from_utf8_lossy(&stdout).into_owned();
        assert!(
            status.success(),
            "{script}\nended with {status}\n{said}\n{}\nWeir: {}",
            String::from_utf8_lossy(&stderr),
            self.weir.as_ref().map_or_else(String::new, Weir::log)
        );
        said
    }

    /// Waits until everybody who should be is counted for a download.
    async fn is_counted(&self) {
        let wanted: BTreeSet<_> = self.needs.counted.iter().cloned().collect();
        let sql = "SELECT DISTINCT client FROM events WHERE kind IN ('download', 'install_ping', 'custom', 'mirror')";
        let http = http_client();
        let deadline = Instant::now() + PATIENCE;
        let mut counted = BTreeSet::new();
        while !counted.is_superset(&wanted) {
            assert!(Instant::now() < deadline, "{counted:?}, not {wanted:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
            let rows = query(&http, &self.data(), sql).await.unwrap_or_default();
            let names = rows.iter().filter_map(|row| row["client"].as_str());
            counted = names.map(str::to_owned).collect();
        }
    }
}

/// What examples that are not typed show of this gateway's own addresses, such as a picture's.
pub(crate) fn addresses(examples: &[Example]) -> Vec<String> {
    let own = Regex::new(r#"https://[a-z]+\.acme\.example/-/[^\s"')]+"#).expect("a pattern");
    let shown = examples.iter().filter(|example| !example.is_typed());
    let found = shown.flat_map(|example| own.find_iter(&example.text));
    found.map(|address| address.as_str().to_owned()).collect()
}

fn replaced(text: &str, pairs: &[[String; 2]]) -> String {
    let pairs = pairs.iter();
    pairs.fold(text.to_owned(), |text, [from, to]| text.replace(from, to))
}

async fn within(time: Duration, command: &mut Command) -> Output {
    let output = tokio::time::timeout(time, command.output()).await;
    let output = output.unwrap_or_else(|elapsed| panic!("{command:?}: {elapsed}"));
    output.unwrap_or_else(|error| panic!("{command:?} does not start: {error}"))
}

fn port(address: &str) -> String {
    let (_, port) = address.rsplit_once(':').expect("host and port");
    port.to_owned()
}

/// A port that nobody has; taken again a moment later.
fn free() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}
