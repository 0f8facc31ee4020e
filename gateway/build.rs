//! Puts the script for docs into the program, as `make web` made it; without that the crate compiles all the same.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The script, and the same compressed.
const FILES: [&str; 3] = ["s.js", "s.js.br", "s.js.gz"];

fn main() {
    let made = Path::new("script/build");
    println!("cargo::rerun-if-changed={}", made.display());
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo names a folder"));
    for name in FILES {
        if let Err(error) = take(&made.join(name), &folder.join(name)) {
            println!(
                "cargo::error=cannot take {name} of {}: {error}",
                made.display()
            );
        }
    }
}

/// A file that was not made is an empty one.
fn take(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = match fs::read(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        read => read?,
    };
    fs::write(to, bytes)
}
