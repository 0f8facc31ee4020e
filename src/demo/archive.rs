//! Archives made in memory: the same bytes for the same content, without owners or times.

use std::io::Write;

use flate2::{Compression, GzBuilder};

/// A tar of `(path, mode, content)`.
pub(super) fn tar_of(files: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, mode, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        tar.append_data(&mut header, path, *content)
            .expect("paths are short and memory takes every write");
    }
    tar.into_inner().expect("memory takes every write")
}

/// `bytes` in gzip.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzBuilder::new().write(Vec::new(), Compression::default());
    gzip.write_all(bytes).expect("memory takes every write");
    gzip.finish().expect("memory takes every write")
}
