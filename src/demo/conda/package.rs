//! A conda package in the `.conda` format, version 2: a zip of two compressed archives.

use std::io::{Cursor, Write as _};

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::demo::archive::tar_of;
use crate::demo::seal::sha256_hex;

/// The one build of every version.
const BUILD: &str = "h1a2b3c_0";

/// What a package is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) subdir: &'static str,
    pub(super) depends: &'static [&'static str],
}

impl Package {
    pub(super) fn file_name(&self) -> String {
        format!("{}.conda", self.stem())
    }

    fn stem(&self) -> String {
        format!("{}-{}-{BUILD}", self.name, self.version)
    }

    /// What the package says of itself, and lists say of it.
    fn index(&self) -> Value {
        let mut index = json!({
            "name": self.name, "version": self.version, "build": BUILD, "build_number": 0, "subdir": self.subdir,
            "depends": self.depends, "license": "Apache-2.0", "timestamp": 1_782_907_200_000_u64,
        });
        if self.subdir == "noarch" {
            index["noarch"] = "generic".into();
        }
        index
    }

    /// What a list says of it.
    pub(super) fn record(&self) -> Value {
        let (mut record, built) = (self.index(), self.build());
        record["sha256"] = sha256_hex(&built).into();
        record["size"] = built.len().into();
        record
    }

    /// The package itself.
    pub(super) fn build(&self) -> Vec<u8> {
        let path = format!("bin/{}", self.name);
        let program = format!(
            "#!/bin/sh\necho \"{} {}: north is that way\"\n",
            self.name, self.version
        );
        let paths = json!({ "paths_version": 1, "paths": [{
            "_path": path, "path_type": "hardlink", "sha256": sha256_hex(program.as_bytes()), "size_in_bytes": program.len(),
        }] });
        let info = tar_of(&[
            (
                "info/index.json",
                0o644,
                self.index().to_string().as_bytes(),
            ),
            ("info/paths.json", 0o644, paths.to_string().as_bytes()),
        ]);
        let files = tar_of(&[(&path, 0o755, program.as_bytes())]);
        let stem = self.stem();
        let members = [
            (
                "metadata.json".to_owned(),
                b"{\"conda_pkg_format_version\":2}".to_vec(),
            ),
            (format!("info-{stem}.tar.zst"), zstd(&info)),
            (format!("pkg-{stem}.tar.zst"), zstd(&files)),
        ];
        stored(&members)
    }
}

/// A zip that compresses nothing, as the format asks: what is in it is compressed already.
fn stored(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in members {
        zip.start_file(name.as_str(), options)
            .expect("names are short and different");
        zip.write_all(bytes).expect("memory takes every write");
    }
    zip.finish().expect("memory takes every write").into_inner()
}

/// `bytes` in Zstandard.
pub(super) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, ::zstd::DEFAULT_COMPRESSION_LEVEL).expect("memory takes every write")
}
