//! `openapi.json` is what the page's client is generated from, so it must be what the API does.

use std::path::Path;

#[test]
fn the_golden_description_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let current = weir_dashboards::openapi();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(&path, &current).expect("openapi.json can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        golden == current,
        "run `UPDATE_OPENAPI=1 cargo test -p weir-dashboards --test openapi` and commit openapi.json"
    );
}
