//! Records that are written, harmed and read: what is left is what was not touched.
#![no_main]

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;
use weir_spool_fuzz::{Harm, read_harmed};

#[derive(Arbitrary, Debug)]
struct Story {
    records: Vec<Vec<u8>>,
    harms: Vec<Harm>,
}

fuzz_target!(|story: Story| read_harmed(&story.records, &story.harms));
