//! What a client calls itself: whatever it says becomes short words in columns, or nothing.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use weir_event::{EventId, Kind};
use weir_ingest::{ClientIp, Enricher, Observation, Places};

static ENRICHER: LazyLock<Enricher> = LazyLock::new(|| {
    weir_ingest::load_open_data();
    Enricher::new(Places::default(), 0).expect("random bytes")
});

/// Longest text that a client's own words may become, in bytes.
const LONGEST: usize = 256;

fuzz_target!(|agent: &str| {
    let seen = Observation {
        ecosystem: if agent.len() % 2 == 0 { "npm" } else { "" },
        user_agent: agent,
        ..Observation::new(Kind::Download)
    };
    let id = EventId {
        node: 1,
        boot: 1,
        counter: 1,
    };
    let nowhere = ClientIp::new([127, 0, 0, 1].into());
    let Some(event) = ENRICHER.enrich(&seen, nowhere, id, 0) else {
        return;
    };
    for text in [
        &event.client,
        &event.client_version,
        &event.runtime,
        &event.runtime_version,
        &event.os,
        &event.os_version,
        &event.arch,
        &event.libc,
        &event.ci_name,
    ] {
        assert!(text.len() <= LONGEST, "{text:?}");
        assert!(!text.chars().any(char::is_control), "{text:?}");
    }
});
