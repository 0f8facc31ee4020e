//! A logged request, as `METHOD HOST STATUS TARGET AGENT`: host, route and the ecosystem's reading of the path.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use weir_gateway::Classifier;
use weir_ingest::import::Logged;

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(|| Classifier::new(weir_fuzz::catalogue()));

fuzz_target!(|line: &str| {
    let mut words = line.splitn(5, ' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (method, host, status, target) = (word(), word(), word(), word());
    let logged = Logged {
        method,
        host: host.clone(),
        status: status.parse().unwrap_or(200),
        target,
        user_agent: word(),
        ..Logged::default()
    };
    if let Ok(told) = CLASSIFIER.classify(logged) {
        assert!(!told.package.is_empty(), "an event of nothing");
        assert_eq!(told.domain, domain_of(&host));
        assert!(
            !told.version.contains(['/', '\\', '\0', '\n']),
            "{:?}",
            told.version
        );
    }
});

/// The domain of a host without its port and final dot, also of the name for who does not want to be counted.
fn domain_of(authority: &str) -> String {
    let host = authority
        .rsplit_once(':')
        .map_or(authority, |(host, _)| host);
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    match host.strip_prefix("notrack.") {
        Some(domain) if !domain.is_empty() => domain.to_owned(),
        _ => host,
    }
}
