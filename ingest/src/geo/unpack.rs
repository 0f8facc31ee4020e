//! Unpacking what came: gzip, a tar in it, or neither, within a bound of bytes.

use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

/// Why a file cannot be unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It is cut short or damaged.
    #[error("it is damaged or cut short")]
    Damaged(#[source] io::Error),
    /// Unpacked it is larger than anything that is expected.
    #[error("unpacked it has more than {} MiB", .0 >> 20)]
    TooLarge(u64),
    /// The archive lacks a file.
    #[error("there is no {0:?} in it")]
    Missing(String),
}

/// The file in `bytes`, or of an archive the file whose path ends in `member`.
pub(super) fn unpack(
    bytes: Vec<u8>,
    member: Option<&str>,
    most: u64,
) -> Result<Vec<u8>, UnpackError> {
    let plain = if bytes.starts_with(&[0x1f, 0x8b]) {
        bounded(MultiGzDecoder::new(&*bytes), most)?
    } else {
        bytes
    };
    match member {
        Some(member) if is_tar(&plain) => taken_out(&plain, member, most),
        _ => Ok(plain),
    }
}

/// POSIX tar has a magic word in its first header.
fn is_tar(bytes: &[u8]) -> bool {
    bytes.get(257..262) == Some(b"ustar")
}

fn taken_out(archive: &[u8], member: &str, most: u64) -> Result<Vec<u8>, UnpackError> {
    let mut archive = tar::Archive::new(archive);
    for entry in archive.entries().map_err(UnpackError::Damaged)? {
        let entry = entry.map_err(UnpackError::Damaged)?;
        let path = entry.path().map_err(UnpackError::Damaged)?;
        if path.file_name().is_some_and(|name| name == member) {
            return bounded(entry, most);
        }
    }
    Err(UnpackError::Missing(member.to_owned()))
}

fn bounded(from: impl Read, most: u64) -> Result<Vec<u8>, UnpackError> {
    let mut bytes = Vec::new();
    let mut from = from.take(most + 1);
    from.read_to_end(&mut bytes).map_err(UnpackError::Damaged)?;
    if bytes.len() as u64 > most {
        return Err(UnpackError::TooLarge(most));
    }
    Ok(bytes)
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const MOST: u64 = 1 << 20;

    pub(in crate::geo) fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("a vector takes every byte");
        encoder.finish().expect("a vector takes every byte")
    }

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (path, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(&mut header, path, *bytes)
                .expect("a file");
        }
        builder.into_inner().expect("an archive")
    }

    #[test]
    fn plain_and_packed_files_come_out_alike() {
        let unpacked = |bytes: Vec<u8>, member| unpack(bytes, member, MOST).expect("sound");
        assert_eq!(unpacked(b"text".to_vec(), None), b"text");
        assert_eq!(unpacked(gzip(b"text"), None), b"text");
        let archive = tar(&[
            ("Data_20261120/README", b"read me"),
            ("Data_20261120/a.mmdb", b"data"),
        ]);
        assert_eq!(unpacked(gzip(&archive), Some("a.mmdb")), b"data");
        assert_eq!(unpacked(b"text".to_vec(), Some("a.mmdb")), b"text");
    }

    #[test]
    fn what_is_cut_short_too_large_or_missing_is_refused() {
        let packed = gzip(&[b'x'; 4096]);
        let cut = unpack(packed[..packed.len() / 2].to_vec(), None, MOST);
        assert!(matches!(cut, Err(UnpackError::Damaged(_))), "{cut:?}");
        let bomb = unpack(gzip(&vec![0; 4 << 20]), None, MOST);
        assert!(matches!(bomb, Err(UnpackError::TooLarge(MOST))), "{bomb:?}");
        let archive = gzip(&tar(&[("a.mmdb", b"data")]));
        let missing = unpack(archive, Some("b.mmdb"), MOST);
        assert!(
            matches!(missing, Err(UnpackError::Missing(_))),
            "{missing:?}"
        );
    }
}
