//! What an operator writes to add to or correct what is built in: rules about clients. They are used, or it is said
//! where they cannot be.
#![no_main]

use std::path::PathBuf;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use weir_ingest::ClientRules;

/// Read as operators' files are, from a file.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("weir-fuzz-overrides-{}.toml", std::process::id());
    std::env::temp_dir().join(name)
});

fuzz_target!(|text: &str| {
    std::fs::write(&*FILE, text).expect("the temporary folder can be written");
    if let Err(error) = ClientRules::load(std::slice::from_ref(&*FILE)) {
        let said = error.to_string();
        assert!(said.contains("weir-fuzz-overrides"), "it says where: {said}");
    }
});
