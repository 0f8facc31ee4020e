//! Lines, however long the input and however long a line: what is longer than a line may be is passed
//! over without being held.

use std::io::{self, BufRead};

/// Most bytes of a line. The longest request target and agent that servers take are 8 KiB each.
pub(super) const LONGEST_LINE: usize = 64 << 10;

/// Most bytes of a document that is read as a whole, such as a registry's answer.
pub(super) const LONGEST_DOCUMENT: usize = 32 << 20;

/// How an input is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Division {
    /// One record a line.
    Lines,
    /// CSV: a quoted field may go over lines (RFC 4180, section 2.6).
    Quoted,
    /// All of it is one record.
    Whole,
}

/// A record's place and size; its bytes are in [`Records::bytes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// The line it begins on, from 1.
    pub(super) line: u64,
    /// It had more bytes than it may have, and those are lost.
    pub(super) is_cut: bool,
}

/// Reads records.
pub(super) struct Records<R> {
    source: R,
    division: Division,
    lines: u64,
    bytes: Vec<u8>,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(source: R, division: Division) -> Self {
        Self {
            source,
            division,
            lines: 0,
            bytes: Vec::new(),
        }
    }

    /// The bytes of the record read last, without its line end.
    pub(super) fn bytes(&self) -> &[u8] {
        let bytes = &self.bytes[..];
        let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        // Some tools begin a file with a byte order mark.
        bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
    }

    /// Reads the next record; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        self.bytes.clear();
        let line = self.lines + 1;
        let mut is_cut = false;
        let mut quotes = 0;
        loop {
            let Some(taken) = self.line(&mut is_cut, &mut quotes)? else {
                let is_end = self.lines < line;
                return Ok((!is_end).then_some(Record { line, is_cut }));
            };
            let goes_on = match self.division {
                Division::Lines => false,
                Division::Quoted => quotes % 2 == 1 && !is_cut,
                Division::Whole => true,
            };
            if !goes_on || !taken {
                return Ok(Some(Record { line, is_cut }));
            }
        }
    }

    /// Reads one line behind what is held. `None`: there is none; `false`: it is the last and has no end.
    fn line(&mut self, is_cut: &mut bool, quotes: &mut u64) -> io::Result<Option<bool>> {
        let most = match self.division {
            Division::Lines | Division::Quoted => LONGEST_LINE,
            Division::Whole => LONGEST_DOCUMENT,
        };
        let mut began = false;
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok(began.then_some(false));
            }
            if !began {
                began = true;
                self.lines += 1;
            }
            let end = chunk.iter().position(|&byte| byte == b'\n');
            let length = end.map_or(chunk.len(), |end| end + 1);
            let piece = &chunk[..length];
            *quotes += piece
                .iter()
                .map(|&byte| u64::from(byte == b'"'))
                .sum::<u64>();
            let room = most.saturating_sub(self.bytes.len());
            *is_cut |= room < piece.len();
            self.bytes.extend_from_slice(&piece[..room.min(length)]);
            self.source.consume(length);
            if end.is_some() {
                return Ok(Some(true));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8], division: Division) -> Vec<(u64, bool, String)> {
        // Small pieces, as a decoder may give them.
        let source = io::BufReader::with_capacity(3, text);
        let mut records = Records::new(source, division);
        let mut all = Vec::new();
        while let Some(record) = records.next().expect("memory") {
            let text = String::from_utf8_lossy(records.bytes()).into_owned();
            all.push((record.line, record.is_cut, text));
        }
        all
    }

    #[test]
    fn lines_end_as_they_do_anywhere() {
        let lines = read(b"\xef\xbb\xbfone\r\n\ntwo", Division::Lines);
        let expected = [(1, "one"), (2, ""), (3, "two")];
        assert_eq!(lines, expected.map(|(at, text)| (at, false, text.into())));
        assert_eq!(read(b"", Division::Lines), []);
    }

    #[test]
    fn a_quoted_field_goes_over_lines() {
        let records = read(b"a,\"b\nc\"\"\",d\ne\n", Division::Quoted);
        let expected = [(1, "a,\"b\nc\"\"\",d"), (3, "e")];
        assert_eq!(records, expected.map(|(at, text)| (at, false, text.into())));
    }

    #[test]
    fn a_document_is_one_record() {
        let records = read(b"{\n}\n{}", Division::Whole);
        assert_eq!(records, [(1, false, "{\n}\n{}".into())]);
    }

    #[test]
    fn a_line_without_end_is_not_held() {
        let long = [vec![b'x'; 4 * LONGEST_LINE], b"\nnext".to_vec()].concat();
        let lines = read(&long, Division::Lines);
        assert_eq!(lines[0].2.len(), LONGEST_LINE);
        assert!(lines[0].1);
        assert_eq!(lines[1], (2, false, "next".into()));
    }

    #[test]
    fn a_quote_without_end_costs_one_record() {
        let long = [
            b"\"".to_vec(),
            b"x\n".repeat(LONGEST_LINE),
            b"next".to_vec(),
        ]
        .concat();
        let records = read(&long, Division::Quoted);
        assert!(records[0].1);
        assert_eq!(records.last().expect("the last").2, "next");
    }
}
