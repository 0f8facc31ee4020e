//! `[privacy]`: where the salt of the day is kept.

use std::os::unix::fs::PermissionsExt as _;

use weir_config::settings::SaltPlace;

use crate::{errors, site};

fn salt(toml: &str) -> SaltPlace {
    site(toml).config().settings.privacy.salt
}

#[test]
fn a_salt_is_in_memory_in_a_file_or_in_a_store() {
    assert!(matches!(salt(""), SaltPlace::Memory));
    let site = site("[privacy]\nsalt_file = \"run/salt\"\n");
    let place = site.config().settings.privacy.salt;
    assert!(matches!(place, SaltPlace::File(path) if path == site.path("run/salt")));
    let SaltPlace::Shared(store) = salt("[privacy]\nsalt_store = \"redis://[::1]\"\n") else {
        panic!("a store");
    };
    assert_eq!(
        (store.host.as_str(), store.port, store.database),
        ("::1", 6379, 0)
    );
}

#[test]
fn the_password_of_a_store_comes_from_a_file_and_never_prints() {
    let toml =
        "[privacy]\nsalt_store = \"redis://weir@salts\"\nsalt_store_password_file = \"pw\"\n";
    let site = site(toml);
    std::fs::write(site.path("pw"), "hunter2\n").unwrap();
    std::fs::set_permissions(site.path("pw"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let config = site.config();
    let SaltPlace::Shared(store) = config.settings.privacy.salt.clone() else {
        panic!("a store");
    };
    let account = store.account.unwrap();
    assert_eq!(
        (account.user.as_str(), account.password.as_str()),
        ("weir", "hunter2")
    );
    assert!(!format!("{config:?}").contains("hunter2"));
    for address in [
        "redis://weir:hunter2@salts",
        "redis://weir:hunter2@salts:port",
    ] {
        let errors = errors(&format!("[privacy]\nsalt_store = {address:?}\n"));
        assert!(
            !errors.is_empty() && !errors.contains("hunter2"),
            "{errors}"
        );
    }
}

#[test]
fn a_place_that_makes_no_sense_is_an_error() {
    let wrong = [
        "salt_file = \"salt\"\nsalt_store = \"redis://salts\"",
        "salt_store_password_file = \"pw\"",
        "salt_store = \"redis://weir:hunter2@salts\"",
        "salt_store = \"rediss://salts\"",
        "salt_store = \"redis://salts/x\"",
        "salt_store = \"salts:6379\"",
        "salt_store = \"salts\"",
    ];
    let errors = wrong.map(|settings| errors(&format!("[privacy]\n{settings}\n")));
    insta::assert_snapshot!(errors.join("\n\n"), @r#"
    weir.toml:2:13: the salt is kept in one place, a file or a store
     2 | salt_file = "salt"
       |             ^^^^^^
    help: leave out salt_file or salt_store

    weir.toml:2:28: there is no salt_store that this is the password of
     2 | salt_store_password_file = "pw"
       |                            ^^^^

    weir.toml:2:14: a password in the configuration
    help: put it alone into a file that salt_store_password_file names

    weir.toml:2:14: this version speaks to a store without TLS
     2 | salt_store = "rediss://salts"
       |              ^^^^^^^^^^^^^^^^
    help: reach it through a tunnel or a network of your own, as redis://HOST

    weir.toml:2:14: this names no store
     2 | salt_store = "redis://salts/x"
       |              ^^^^^^^^^^^^^^^^^
    help: write redis://HOST, or redis://USER@HOST:PORT/DATABASE

    weir.toml:2:14: this names no store
     2 | salt_store = "salts:6379"
       |              ^^^^^^^^^^^^
    help: write redis://HOST, or redis://USER@HOST:PORT/DATABASE

    weir.toml:2:14: relative URL without a base
    help: write redis://HOST, or redis://USER@HOST:PORT/DATABASE
    "#);
}
