//! `reference/settings.md`: the example configuration, which shows every setting.

use std::fs;
use std::path::Path;

use super::assert_fresh;

const HEAD: &str = "# Settings

Every setting with its default, as `config/weir.example.toml` has them. Each can be given as a variable of the
environment as well: `WEIR_SECTION__KEY`. `weir check` says what is wrong with a configuration, and a changed file is
loaded without a restart, all of it or nothing.
";

#[test]
fn the_page_of_settings_is_the_example() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/weir.example.toml");
    let example = fs::read_to_string(example).expect("the example");
    assert_fresh(
        "settings.md",
        &format!("{HEAD}\n```toml\n{}\n```\n", example.trim_end()),
    );
}
