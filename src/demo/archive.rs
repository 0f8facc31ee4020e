//! Archives made in memory: the same bytes for the same content, without owners or times.

use std::io::{Cursor, Write};

use flate2::{Compression, GzBuilder};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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

/// A zip of `(path, content)`.
pub(super) fn zip_of<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The default time is the format's earliest, so that equal content makes equal bytes.
    let options = SimpleFileOptions::default();
    for (path, content) in files {
        zip.start_file(path, options)
            .expect("paths are short and different");
        zip.write_all(content).expect("memory takes every write");
    }
    zip.finish().expect("memory takes every write").into_inner()
}
