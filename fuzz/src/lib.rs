//! What the targets share: a configuration with one of everything, and a second reading of paths.

use std::path::Path;
use std::sync::Arc;

use weir_config::{Catalogue, Config};

/// The catalogue of `weir.toml` beside this package's manifest.
pub fn catalogue() -> Arc<Catalogue> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("weir.toml");
    let config = Config::load(&path, []).unwrap_or_else(|errors| panic!("{errors}"));
    Arc::new(config.catalogue)
}

/// The path after one reading of its percent-encoding, as an upstream may do it.
pub fn decode(path: &str) -> Vec<u8> {
    let bytes = path.as_bytes();
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let code = path.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    decoded
}
