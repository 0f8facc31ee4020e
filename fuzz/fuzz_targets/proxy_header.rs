//! The PROXY protocol, which stands before all else that a proxy sends: a header is read once it is whole, in whatever
//! pieces it comes, and no byte behind it is looked at.
#![no_main]

#[allow(dead_code, reason = "the gateway finds fields in two places")]
#[path = "../../gateway/src/fields.rs"]
mod fields;
#[allow(dead_code, reason = "of a refusal this needs no more than that it is one")]
#[path = "../../gateway/src/head.rs"]
mod head;
#[allow(dead_code, reason = "the reader of heads asks for it")]
#[path = "../../gateway/src/optout.rs"]
mod optout;
#[allow(dead_code, reason = "the door asks more of it than this does")]
#[path = "../../gateway/src/proxy_protocol.rs"]
mod proxy_protocol;

use libfuzzer_sys::fuzz_target;
use proxy_protocol::read;

fuzz_target!(|bytes: &[u8]| {
    let Ok(Some(header)) = read(bytes) else {
        return;
    };
    assert!(header.length <= bytes.len());
    assert_eq!(read(&bytes[..header.length]), Ok(Some(header)));
    for end in 0..header.length {
        assert_eq!(read(&bytes[..end]), Ok(None), "{end}");
    }
});
