//! Signing in through a provider.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::{errors, site};

const WHOLE: &str = r#"
    [dashboards]
    public_url = "https://weir.acme.example"
    [dashboards.oidc]
    issuer = "https://id.acme.example/realms/acme/"
    client_id = "weir"
    client_secret_file = "oidc.secret"
    name = "Acme"
    scopes = ["profile", "groups"]
    groups_claim = "roles"
    domains = ["Acme.example"]
    join = "viewer"
    link_by_email = true
    password = false
      [[dashboards.oidc.group]]
      name = "partners"
      role = "guest"
      packages = ["acme/rocket"]
    "#;

#[test]
fn a_provider_is_read_and_its_secret_never_prints() {
    let site = site(WHOLE);
    fs::write(site.path("oidc.secret"), "hunter2\n").unwrap();
    fs::set_permissions(site.path("oidc.secret"), Permissions::from_mode(0o600)).unwrap();
    let dashboards = site.config().settings.dashboards;
    let shown = format!("{dashboards:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    let oidc = dashboards.oidc.unwrap();
    assert_eq!(
        oidc.issuer, "https://id.acme.example/realms/acme/",
        "to the letter"
    );
    assert_eq!(oidc.client_secret.as_deref(), Some("hunter2"));
    assert_eq!(oidc.domains, ["acme.example"]);
    assert_eq!(
        (oidc.join, oidc.link_by_email, oidc.password),
        (Some("viewer"), true, false)
    );
    insta::assert_debug_snapshot!(oidc.groups, @r#"
    [
        OidcGroup {
            name: "partners",
            role: "guest",
            packages: [
                "acme/rocket",
            ],
        },
    ]
    "#);
}

#[test]
fn what_is_left_out_lets_in_nobody_but_the_invited() {
    let site = site(
        "[dashboards]\npublic_url = \"http://127.0.0.1:8081\"\n\
         [dashboards.oidc]\nissuer = \"http://127.0.0.1:9000\"\nclient_id = \"weir\"\n",
    );
    let oidc = site.config().settings.dashboards.oidc.unwrap();
    assert!(oidc.groups.is_empty() && oidc.join.is_none() && !oidc.link_by_email);
    assert!(oidc.password, "passwords sign in as well");
    assert_eq!(oidc.scopes, ["profile", "email"]);
}

#[test]
fn a_provider_that_could_not_work_says_what_to_write_instead() {
    insta::assert_snapshot!(errors("[dashboards.oidc]\nclient_id = \"weir\"\n"), @r#"
    weir.toml:1:1: the provider must know where the page is
     1 | [dashboards.oidc]
       | ^^^^^^^^^^^^^^^^^
    help: add public_url = "https://weir.acme.example" to [dashboards], the address that people open

    weir.toml:1:1: "issuer" is missing
     1 | [dashboards.oidc]
       | ^^^^^^^^^^^^^^^^^
    help: add issuer = "https://id.acme.example"
    "#);
    insta::assert_snapshot!(errors("[dashboards]\npublic_url = \"https://acme.example/weir\"\n"), @r#"
    weir.toml:2:14: the page has a host of its own, without a path
     2 | public_url = "https://acme.example/weir"
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: leave out what follows the host
    "#);
    insta::assert_snapshot!(errors("[dashboards]\npublic_url = \"https://a.example\"\n[dashboards.oidc]\nissuer = \"http://id.example\"\nclient_id = \"weir\"\njoin = \"owner\"\n"), @r#"
    weir.toml:4:10: who signs in must not be read or changed on the way
     4 | issuer = "http://id.example"
       |          ^^^^^^^^^^^^^^^^^^^
    help: write https://

    weir.toml:6:8: unknown kind "owner"
     6 | join = "owner"
       |        ^^^^^^^
    help: known: viewer, editor
    "#);
    insta::assert_snapshot!(errors("[dashboards]\npublic_url = \"https://a.example\"\n[dashboards.oidc]\nissuer = \"https://id.example\"\nclient_id = \"weir\"\n[[dashboards.oidc.group]]\nname = \"a\"\nrole = \"guest\"\n[[dashboards.oidc.group]]\nname = \"b\"\nrole = \"boss\"\n"), @r#"
    weir.toml:6:1: a guest sees packages by name, and everybody else sees all
     6 | [[dashboards.oidc.group]]
       | ^^^^^^^^^^^^^^^^^^^^^^^^^
    help: add packages = ["acme/rocket"] to a guest, and to nobody else

    weir.toml:11:8: unknown kind "boss"
     11 | role = "boss"
        |        ^^^^^^
    help: known: owner, admin, editor, viewer, guest
    "#);
}
