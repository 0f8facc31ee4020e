//! Real data, as set-up fetches it: what is known of networks that everybody knows.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use weir_config::settings::Settings;
use weir_ingest::geo::{Outcome, Updater};
use weir_ingest::{ClientIp, Places};

/// The folders that `make setup` fills; nothing where it was not run.
#[allow(clippy::print_stderr)] // a test that is left out says why
fn fetched() -> Option<Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.setup");
    let folders = ["geo", "systems"].map(|folder| root.join(folder));
    if folders.iter().all(|folder| folder.is_dir()) {
        return Some(folders.to_vec());
    }
    eprintln!("left out: there is no data about networks, run `make geo`");
    None
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("a clock after 1970").as_secs()
}

#[test]
fn well_known_networks_are_what_everybody_knows_them_to_be() {
    let Some(folders) = fetched() else {
        return;
    };
    // Another test of this process may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        ..Settings::default()
    };
    let updater = Updater::new(&settings).expect("known sources");
    let taken = updater
        .take(&folders, None, false, now())
        .expect("sound files");
    let mut names: Vec<&str> = taken.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["geo-whois-asn-country", "ip-location-db-asn"]);
    let again = updater
        .take(&folders, None, false, now())
        .expect("sound files");
    assert!(
        again
            .iter()
            .all(|(_, outcome)| *outcome == Outcome::Unchanged)
    );

    let (places, errors) = Places::open(&settings, now()).expect("known sources");
    assert!(errors.is_empty(), "{errors:?}");
    assert!(places.systems() > 80_000, "{}", places.systems());
    assert!(places.bytes() < 64 << 20, "{} bytes", places.bytes());
    let known = [
        "8.8.8.8",
        "1.1.1.1",
        "52.94.76.1",
        "171.64.1.1",
        "194.25.0.68",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "2002:808:808::1",
        "203.0.113.77",
        "127.0.0.1",
    ];
    let said = known.map(|address| {
        let client = ClientIp::new(address.parse().expect("an address"));
        let network = places.network(&client);
        format!(
            "{address}: {} {} {}",
            network.asn,
            network.kind.as_str(),
            network.name
        )
    });
    insta::assert_snapshot!(said.join("\n"), @r"
    8.8.8.8: 15169 hosting Google LLC
    1.1.1.1: 13335 cdn Cloudflare, Inc.
    52.94.76.1: 16509 hosting Amazon.com, Inc.
    171.64.1.1: 32 education Stanford University
    194.25.0.68: 3320 residential Deutsche Telekom AG
    2001:4860:4860::8888: 15169 hosting Google LLC
    ::ffff:8.8.8.8: 15169 hosting Google LLC
    2002:808:808::1: 15169 hosting Google LLC
    203.0.113.77: 0  
    127.0.0.1: 0
    ");
}
