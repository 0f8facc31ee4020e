//! A package in RPM's format, version 4: a lead, a header of sums, a header, and a compressed cpio.

use std::fmt::Write as _;

use super::header::{Value, header};
use crate::demo::archive::gzip;
use crate::demo::seal::sha256_hex;

/// When everything was built: 1 July 2026.
pub(super) const BUILT: u32 = 1_782_907_200;
/// An ordinary file, which all may run.
const MODE: u32 = 0o100_755;
/// The one release of every version.
pub(super) const RELEASE: &str = "1";

/// What a package is made from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Package {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) arch: &'static str,
    pub(super) requires: &'static str,
}

/// A package, and what lists say of its bytes.
pub(super) struct Built {
    pub(super) bytes: Vec<u8>,
    /// First byte of the header, and the first behind it.
    pub(super) header: (usize, usize),
    /// Length of the cpio before it was compressed.
    pub(super) archive: usize,
    /// Length of the files when installed.
    pub(super) installed: usize,
}

impl Package {
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}-{RELEASE}.{}.rpm", self.name, self.version, self.arch)
    }

    /// The one file in it, in `/usr/bin/`.
    fn program(&self) -> String {
        format!(
            "#!/bin/sh\necho \"{} {}: north is that way\"\n",
            self.name, self.version
        )
    }

    pub(super) fn build(&self) -> Built {
        let program = self.program();
        let archive = cpio(&format!("./usr/bin/{}", self.name), program.as_bytes());
        let payload = gzip(&archive);
        let header = self.header(&program, &payload);
        let mut bytes = self.lead();
        let sums = signature(&header, payload.len());
        bytes.extend(&sums);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let start = bytes.len();
        bytes.extend(&header);
        let end = bytes.len();
        bytes.extend(&payload);
        Built {
            bytes,
            header: (start, end),
            archive: archive.len(),
            installed: program.len(),
        }
    }

    /// What old programs knew a package by; only its first four bytes are still looked at.
    fn lead(&self) -> Vec<u8> {
        const HEADER_SIGNATURE: u8 = 5;
        let mut lead = vec![0xed, 0xab, 0xee, 0xdb, 3, 0, 0, 0, 0, 1];
        lead.extend(self.name.bytes().take(65));
        lead.resize(76, 0);
        lead.extend([0, 1, 0, HEADER_SIGNATURE]);
        lead.resize(96, 0);
        lead
    }

    /// What rpm installs and asks by (`rpmtag.h`).
    fn header(&self, program: &str, payload: &[u8]) -> Vec<u8> {
        const IMMUTABLE: u32 = 63;
        const SHA256: u32 = 8;
        const EQUAL: u32 = 8;
        let text = |text: &str| Value::Text(text.to_owned());
        let texts = |text: &str| Value::Texts(vec![text.to_owned()]);
        let translated = |text: &str| Value::Translated(text.to_owned());
        let number = |number: u32| Value::Int32(vec![number]);
        let mut values = vec![
            (100, texts("C")),
            (1000, text(self.name)),
            (1001, text(self.version)),
            (1002, text(RELEASE)),
            (1004, translated("Shows where north is")),
            (1005, translated("Shows where north is.")),
            (1006, number(BUILT)),
            (1009, number(program.len() as u32)),
            (1014, text("Apache-2.0")),
            (1016, translated("Unspecified")),
            (1021, text("linux")),
            (1022, text(self.arch)),
            (1028, number(program.len() as u32)),
            (1030, Value::Int16(vec![MODE as u16])),
            (1033, Value::Int16(vec![0])),
            (1034, number(BUILT)),
            (1035, texts(&sha256_hex(program.as_bytes()))),
            (1036, texts("")),
            (1037, number(0)),
            (1039, texts("root")),
            (1040, texts("root")),
            (
                1044,
                text(&format!("{}-{}-{RELEASE}.src.rpm", self.name, self.version)),
            ),
            (1047, texts(self.name)),
            (1095, number(1)),
            (1096, number(1)),
            (1097, texts("")),
            (1112, number(EQUAL)),
            (1113, texts(&format!("{}-{RELEASE}", self.version))),
            (1116, number(0)),
            (1117, texts(self.name)),
            (1118, texts("/usr/bin/")),
            (1124, text("cpio")),
            (1125, text("gzip")),
            (1126, text("9")),
            (5011, number(SHA256)),
            (5092, texts(&sha256_hex(payload))),
            (5093, number(SHA256)),
        ];
        if !self.requires.is_empty() {
            values.extend([
                (1048, number(0)),
                (1049, texts(self.requires)),
                (1050, texts("")),
            ]);
            values.sort_by_key(|(tag, _)| *tag);
        }
        header(IMMUTABLE, &values)
    }
}

/// The sums over the header, and the length of what follows.
fn signature(main: &[u8], payload: usize) -> Vec<u8> {
    const SIGNATURES: u32 = 62;
    let length = (main.len() + payload) as u32;
    let values = [
        (273, Value::Text(sha256_hex(main))),
        (1000, Value::Int32(vec![length])),
    ];
    header(SIGNATURES, &values)
}

/// A cpio in the "new" ASCII format with one file.
fn cpio(path: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = Vec::new();
    member(&mut archive, path, MODE, content);
    member(&mut archive, "TRAILER!!!", 0, b"");
    archive
}

fn member(archive: &mut Vec<u8>, path: &str, mode: u32, content: &[u8]) {
    const INODE: u32 = 1;
    const LINKS: u32 = 1;
    let length = content.len() as u32;
    let named = path.len() as u32 + 1;
    let fields = [
        INODE, mode, 0, 0, LINKS, BUILT, length, 0, 0, 0, 0, named, 0,
    ];
    let mut head = "070701".to_owned();
    for field in fields {
        write!(head, "{field:08x}").expect("memory takes every write");
    }
    archive.extend(head.bytes().chain(path.bytes()).chain([0]));
    archive.resize(archive.len().next_multiple_of(4), 0);
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(4), 0);
}
