//! What a service manager is told, as systemd would hear it (`sd_notify(3)`).

use std::os::unix::net::UnixDatagram;
use std::sync::mpsc;

use tempfile::TempDir;

use crate::world::load::ROCKET;
use crate::world::process::signal;
use crate::world::{PATIENCE, World};

/// A service manager that listens.
struct Manager {
    folder: TempDir,
    messages: mpsc::Receiver<String>,
}

impl Manager {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = UnixDatagram::bind(folder.path().join("notify")).expect("a socket");
        let (sender, messages) = mpsc::channel();
        std::thread::spawn(move || {
            let mut message = [0; 1024];
            while let Ok(length) = socket.recv(&mut message) {
                let text = String::from_utf8_lossy(&message[..length]).into_owned();
                if sender.send(text).is_err() {
                    return;
                }
            }
        });
        Self { folder, messages }
    }

    fn address(&self) -> String {
        self.folder.path().join("notify").display().to_string()
    }

    /// The next message of all.
    fn any(&self) -> String {
        self.messages.recv_timeout(PATIENCE).expect("a message")
    }

    /// The next message that is no sign of life.
    fn heard(&self) -> String {
        loop {
            let message = self.any();
            if message != "WATCHDOG=1\n" {
                return message;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_manager_hears_of_start_reload_replacement_and_end() {
    let manager = Manager::start();
    let address = manager.address();
    let env = [
        ("NOTIFY_SOCKET", address.as_str()),
        ("WATCHDOG_USEC", "40000"),
    ];
    let mut world = World::start_with(ROCKET, &env).await;
    assert_eq!(manager.heard(), "READY=1\n");
    while manager.any() != "WATCHDOG=1\n" {}

    signal(world.weir.id(), "HUP");
    let message = manager.heard();
    assert!(
        message.starts_with("RELOADING=1\nMONOTONIC_USEC="),
        "{message}"
    );
    assert_eq!(manager.heard(), "READY=1\n");

    let successor = world.weir.upgrade();
    // The successor's own word does not count before it is the main process.
    let named = format!("MAINPID={successor}\nREADY=1\n");
    while manager.heard() != named {}

    signal(successor, "TERM");
    while manager.heard() != "STOPPING=1\n" {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_is_refused_ends_as_well() {
    let manager = Manager::start();
    let world = World::start_with(ROCKET, &[("NOTIFY_SOCKET", &manager.address())]).await;
    assert_eq!(manager.heard(), "READY=1\n");
    world.configure("wrong = 1\n");
    assert!(manager.heard().starts_with("RELOADING=1\n"));
    assert_eq!(manager.heard(), "READY=1\n");
    world.weir.wait_for_line("configuration not loaded again");
}
