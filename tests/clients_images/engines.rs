//! Container engines with state of their own below a test's folder. What runs beside a test ends with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::world::PATIENCE;
use crate::world::process::signal;

/// A daemon that is asked to end, and made to if it does not.
struct Daemon(Child);

impl Daemon {
    fn start(mut command: Command, log: &Path) -> Self {
        let log = std::fs::File::create(log).expect("a log");
        let daemon = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn();
        Self(daemon.expect("the engine is installed (`make test-clients`)"))
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        signal(self.0.id(), "TERM");
        let deadline = Instant::now() + Duration::from_secs(15);
        while Instant::now() < deadline {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A program without the settings of the machine it runs on.
fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", folder)
        .current_dir(folder);
    command
}

/// Runs a command to its good end; what it said.
fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .expect("the client is installed (`make test-clients`)");
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until a daemon answers `question`.
fn wait_for(question: impl Fn() -> Command, log: &Path) {
    let deadline = Instant::now() + PATIENCE;
    while !question()
        .output()
        .is_ok_and(|output| output.status.success())
    {
        assert!(
            Instant::now() < deadline,
            "the engine does not answer: {}",
            std::fs::read_to_string(log).unwrap_or_default()
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The first word with a digit in what a program says of itself.
fn version(output: &str) -> String {
    let mut words = output.split_whitespace();
    let word = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    word.unwrap_or("unknown").trim_end_matches(',').to_owned()
}

/// containerd, asked by ctr.
pub(crate) struct Containerd {
    _daemon: Daemon,
    folder: PathBuf,
}

impl Containerd {
    pub(crate) fn version() -> String {
        version(&run(program("containerd", Path::new("/")).arg("--version")))
    }

    pub(crate) fn start(folder: &Path) -> Self {
        let config = folder.join("containerd.toml");
        let written = |path: PathBuf| format!("{:?}", path.display().to_string());
        let (root, state) = (folder.join("containerd"), folder.join("containerd-state"));
        let text = format!(
            "version = 2\nroot = {}\nstate = {}\ndisabled_plugins = [\"io.containerd.grpc.v1.cri\"]\n\
             [grpc]\naddress = {}\n",
            written(root),
            written(state),
            written(socket(folder))
        );
        std::fs::write(&config, text).expect("its configuration is written");
        let log = folder.join("containerd.log");
        let mut command = program("containerd", folder);
        command.arg("--config").arg(&config);
        let engine = Self {
            _daemon: Daemon::start(command, &log),
            folder: folder.to_owned(),
        };
        wait_for(|| engine.ctr(&["version"]), &log);
        engine
    }

    pub(crate) fn pull(&self, options: &[&str], image: &str) {
        let pull = ["images", "pull", "--plain-http", "--snapshotter", "native"];
        self.run(&[&pull[..], options, &[image]].concat());
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        run(&mut self.ctr(arguments))
    }

    fn ctr(&self, arguments: &[&str]) -> Command {
        let mut command = program("ctr", &self.folder);
        command
            .arg("--address")
            .arg(socket(&self.folder))
            .args(arguments);
        command
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("containerd.sock")
}

/// dockerd with a containerd of its own, asked by docker.
pub(crate) struct Docker {
    // In the order in which they end.
    _daemon: Daemon,
    _containerd: Containerd,
    folder: PathBuf,
}

impl Docker {
    pub(crate) fn version() -> String {
        version(&run(program("dockerd", Path::new("/")).arg("--version")))
    }

    pub(crate) fn start(folder: &Path) -> Self {
        let containerd = Containerd::start(folder);
        let log = folder.join("dockerd.log");
        let mut command = program("dockerd", folder);
        command
            .arg("--data-root")
            .arg(folder.join("docker"))
            .arg("--exec-root")
            .arg(folder.join("docker-exec"))
            .arg("--pidfile")
            .arg(folder.join("docker.pid"))
            .arg("--containerd")
            .arg(socket(folder))
            .arg("--host")
            .arg(host(folder))
            .args(["--storage-driver", "vfs", "--bridge", "none"])
            .args(["--iptables=false", "--ip-forward=false", "--ip-masq=false"]);
        let engine = Self {
            _daemon: Daemon::start(command, &log),
            _containerd: containerd,
            folder: folder.to_owned(),
        };
        wait_for(|| engine.docker(&["info"]), &log);
        engine
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        run(&mut self.docker(arguments))
    }

    fn docker(&self, arguments: &[&str]) -> Command {
        let mut command = program("docker", &self.folder);
        command
            .arg("--host")
            .arg(host(&self.folder))
            .args(arguments);
        command
    }
}

fn host(folder: &Path) -> String {
    format!("unix://{}", folder.join("docker.sock").display())
}

/// A client that needs no daemon.
pub(crate) struct Tool {
    name: &'static str,
    keeps_images: bool,
}

impl Tool {
    pub(crate) fn podman() -> Self {
        Self {
            name: "podman",
            keeps_images: true,
        }
    }

    pub(crate) fn buildah() -> Self {
        Self {
            name: "buildah",
            keeps_images: true,
        }
    }

    pub(crate) fn skopeo() -> Self {
        Self {
            name: "skopeo",
            keeps_images: false,
        }
    }

    pub(crate) fn version(&self) -> String {
        version(&run(program(self.name, Path::new("/")).arg("--version")))
    }

    pub(crate) fn run(&self, folder: &Path, arguments: &[&str]) -> String {
        let settings = folder.join(".config/containers");
        std::fs::create_dir_all(&settings).expect("a folder");
        let policy = r#"{"default": [{"type": "insecureAcceptAnything"}]}"#;
        std::fs::write(settings.join("policy.json"), policy).expect("a policy");
        let mut command = program(self.name, folder);
        if self.keeps_images {
            command
                .arg("--root")
                .arg(folder.join("storage"))
                .arg("--runroot")
                .arg(folder.join("storage-run"))
                .args(["--storage-driver", "vfs"]);
        }
        run(command.args(arguments))
    }
}
