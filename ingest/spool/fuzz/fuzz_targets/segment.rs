//! A file of any bytes at all is read.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    weir_spool_fuzz::read(bytes);
});
