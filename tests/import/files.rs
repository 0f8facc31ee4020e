//! Files to import, made for the test. Times lie some days back, within the table's 90.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use jiff::Timestamp;

/// A moment some seconds after the beginning of the day ten days ago.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let today = Timestamp::now().as_second() / 86_400 * 86_400;
    Timestamp::from_second(today - 10 * 86_400 + seconds).expect("a time of ours")
}

/// A moment so short ago that visitor ids are still there.
pub(crate) fn lately() -> Timestamp {
    Timestamp::now() - jiff::SignedDuration::from_mins(10)
}

/// A line of nginx's log: the request numbered `number`, of an address of its own.
pub(crate) fn nginx(number: u32) -> String {
    let time = at(i64::from(number / 10)).strftime("%d/%b/%Y:%H:%M:%S +0000");
    let [_, a, b, c] = number.to_be_bytes();
    format!(
        "10.{a}.{b}.{c} - - [{time}] \"GET /rocket/1.{}.0/linux-amd64.tar.gz HTTP/1.1\" 302 0 \"-\" \"curl/8.0\"\n",
        number % 7
    )
}

pub(crate) fn nginx_log(numbers: std::ops::Range<u32>) -> String {
    numbers.fold(String::new(), |mut log, number| {
        let _ = write!(log, "{}", nginx(number));
        log
    })
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).expect("written");
}

pub(crate) fn write_gzip(folder: &Path, name: &str, lines: impl Iterator<Item = String>) {
    let file = std::fs::File::create(folder.join(name)).expect("a file");
    let file = std::io::BufWriter::new(file);
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    for line in lines {
        encoder.write_all(line.as_bytes()).expect("written");
    }
    encoder.finish().expect("written").flush().expect("written");
}
