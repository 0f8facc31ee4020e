//! Passwords: from files of their owner alone, and never shown.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::{Site, site};
use weir_config::catalogue::PackageKind;

const IMAGE: &str = "[[package]]\nname = \"a\"\nkind = \"oci\"\ndomains = [\"a.example\"]\nimage = \"a\"\n\
                     upstream = \"https://registry.example/a\"\ncredentials_file = \"account\"\n";

fn with_secret(toml: &str, name: &str, secret: &str, mode: u32) -> Site {
    let site = site(toml);
    fs::write(site.path(name), secret).unwrap();
    fs::set_permissions(site.path(name), Permissions::from_mode(mode)).unwrap();
    site
}

#[test]
fn a_password_comes_from_a_file_and_never_prints() {
    let site = with_secret(
        "[clickhouse]\nuser = \"weir\"\npassword_file = \"pw\"\n",
        "pw",
        "hunter2\n",
        0o600,
    );
    let config = site.config();
    let password = config.settings.clickhouse.password.clone().unwrap();
    assert_eq!(
        (password.user.as_str(), password.password.as_str()),
        ("weir", "hunter2")
    );
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(config.files, [site.path("weir.toml"), site.path("pw")]);
}

#[test]
fn an_account_is_user_and_password() {
    let site = with_secret(IMAGE, "account", "bot:a:b\n", 0o400);
    let config = site.config();
    let PackageKind::Oci(image) = &config.catalogue.packages[0].kind else {
        panic!("a package of kind oci");
    };
    let account = image.credentials.clone().unwrap();
    assert_eq!(
        (account.user.as_str(), account.password.as_str()),
        ("bot", "a:b")
    );
    insta::assert_snapshot!(with_secret(IMAGE, "account", "hunter2", 0o600).errors(), @r#"
    weir.toml:7:20: the file does not hold a user and a password
     7 | credentials_file = "account"
       |                    ^^^^^^^^^
    help: write user:password into it, on one line
    "#);
}

#[test]
fn tokens_are_the_lines_of_a_file_and_never_print() {
    let toml = "[[package]]\nname = \"a\"\nkind = \"event\"\ndomains = [\"a.example\"]\n\
                [[package.route]]\npath = \"/-/ran\"\nstatus = 200\ntokens_file = \"tokens\"\n";
    let site = with_secret(toml, "tokens", "hunter2\n\n hunter3 \n", 0o600);
    let config = site.config();
    let PackageKind::Event(routes) = &config.catalogue.packages[0].kind else {
        panic!("a package of kind event");
    };
    let tokens = routes[0].tokens.as_ref().unwrap();
    assert_eq!(
        (tokens.0.as_slice(), routes[0].status),
        (&["hunter2".to_owned(), "hunter3".to_owned()][..], 200)
    );
    assert!(!format!("{config:?}").contains("hunter"));
    let wrong = toml.replace("200", "204");
    insta::assert_snapshot!(with_secret(&wrong, "tokens", "hunter2", 0o600).errors(), @r#"
    weir.toml:7:10: a route for events cannot answer 204
     7 | status = 204
       |          ^^^
    help: write 202, or 200 for senders that know no other
    "#);
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let site = with_secret(IMAGE, "account", "bot:hunter2", 0o640);
    insta::assert_snapshot!(site.errors(), @r#"
    weir.toml:7:20: "account" can be read by others than its owner (mode 0640)
     7 | credentials_file = "account"
       |                    ^^^^^^^^^
    help: run chmod 600 account
    "#);
}

#[test]
fn the_service_managers_own_folder_is_trusted() {
    let site = with_secret(IMAGE, "account", "bot:hunter2", 0o440);
    let folder = site.path("").display().to_string();
    let site = site.env("CREDENTIALS_DIRECTORY", folder.trim_end_matches('/'));
    assert_eq!(site.warnings(), "");
}

#[test]
fn a_missing_or_empty_file_is_refused() {
    insta::assert_snapshot!(site(IMAGE).errors(), @r#"
    weir.toml:7:20: cannot read "account": No such file or directory (os error 2)
     7 | credentials_file = "account"
       |                    ^^^^^^^^^
    help: create it, readable by the user that weir runs as alone
    "#);
    insta::assert_snapshot!(with_secret(IMAGE, "account", "\n", 0o600).errors(), @r#"
    weir.toml:7:20: "account" is empty
     7 | credentials_file = "account"
       |                    ^^^^^^^^^
    help: put the secret alone into it, on one line
    "#);
}
