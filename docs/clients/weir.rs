//! Tells Weir of something that happened. Copy it into your program and change the address.
//!
//!     weir::event(&[("version", "1.2.3"), ("step", "install")]);
//!
//! It says nothing, never fails and waits for nobody; join what it gives where the program ends, which takes a second at
//! most. `DO_NOT_TRACK=1` keeps it silent. curl sends it, so that no crate is needed for TLS.

use std::process::{Command, Stdio};
use std::thread::{JoinHandle, spawn};

const URL: &str = "https://get.acme.example/-/collect";

/// Sends one event.
pub fn event(values: &[(&str, &str)]) -> Option<JoinHandle<()>> {
    let wish = std::env::var("DO_NOT_TRACK").unwrap_or_default();
    if !matches!(wish.to_lowercase().as_str(), "" | "0" | "false") {
        return None;
    }
    let url = std::env::var("WEIR_URL").unwrap_or_else(|_| URL.to_owned());
    let agent = format!("acme-rocket ({}; {})", std::env::consts::OS, std::env::consts::ARCH);
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--get", "--max-time", "1", "--user-agent", &agent]);
    for (name, value) in values {
        curl.args(["--data-urlencode", &format!("{name}={value}")]);
    }
    curl.arg(url);
    curl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Some(spawn(move || drop(curl.status())))
}
