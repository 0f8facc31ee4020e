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
    let files: Vec<_> = config.files.iter().map(|file| &file.path).collect();
    assert_eq!(files, [&site.path("weir.toml"), &site.path("pw")]);
}

#[test]
fn what_a_collector_of_traces_wants_to_see_comes_from_a_file_and_never_prints() {
    let toml =
        "[operator]\ntraces = \"http://127.0.0.1:4318\"\ntraces_headers_file = \"headers\"\n";
    let headers = "Authorization: Bearer hunter2\n\nx-tenant:acme\n";
    let config = with_secret(toml, "headers", headers, 0o600).config();
    let traces = config.settings.operator.traces.as_ref().expect("traces");
    assert_eq!(traces.url.as_str(), "http://127.0.0.1:4318/v1/traces");
    assert_eq!((traces.ratio, traces.join), (0.01, false));
    let fields = traces.headers.iter();
    let fields: Vec<_> = fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    assert_eq!(fields, ["authorization=Bearer hunter2", "x-tenant=acme"]);
    assert!(!format!("{config:?}").contains("hunter2"));
    for wrong in ["Bearer hunter2\n", "a b: c\n", "authorization:\n"] {
        let errors = with_secret(toml, "headers", wrong, 0o600).errors();
        assert!(
            errors.contains("a line of the file is no header"),
            "{errors}"
        );
        assert!(!errors.contains("hunter2"), "{errors}");
    }
}

#[test]
fn the_password_of_the_account_database_goes_into_its_address_and_never_prints() {
    let toml = "[accounts]\npostgres = \"postgresql://weir@db.example/weir?sslmode=verify-full\"\n\
                password_file = \"pw\"\naudit_days = 30\n";
    let site = with_secret(toml, "pw", "hunter/2@\n", 0o600);
    let config = site.config();
    let accounts = &config.settings.accounts;
    let address = accounts.postgres.as_ref().expect("an address");
    insta::assert_snapshot!(address, @"postgresql://weir:hunter%2F2%40@db.example/weir?sslmode=verify-full");
    assert_eq!(accounts.audit_days, 30);
    assert!(!format!("{config:?}").contains("hunter"));

    for (postgres, password) in [
        ("mysql://weir@db.example/weir", ""),
        ("postgresql://weir:hunter2@db.example/weir", ""),
        ("postgresql:weir", ""),
        ("", "password_file = \"pw\"\n"),
    ] {
        let postgres = match postgres {
            "" => String::new(),
            address => format!("postgres = \"{address}\"\n"),
        };
        let toml = format!("[accounts]\n{postgres}{password}");
        let errors = with_secret(&toml, "pw", "hunter2", 0o600).errors();
        assert!(errors.contains("help: "), "{errors}");
        assert!(!errors.contains("hunter2") || postgres.contains("hunter2"));
    }
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
    let tokens = routes[0].intake.as_ref().unwrap().tokens.as_ref().unwrap();
    assert_eq!((tokens.0.len(), routes[0].status), (2, 200));
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
