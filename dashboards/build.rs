//! Makes sure the folder with the built page exists, so that the crate compiles before `make web`.

fn main() {
    let folder = std::path::Path::new("web/build");
    println!("cargo::rerun-if-changed={}", folder.display());
    if let Err(error) = std::fs::create_dir_all(folder) {
        println!("cargo::error=cannot make {}: {error}", folder.display());
    }
}
