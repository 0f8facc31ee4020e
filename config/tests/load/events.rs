//! What takes events: routes of programs and pages, and sites of other products.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use weir_config::catalogue::{Origins, PackageKind, Protocol, Tokens, ValueType};

use crate::{Site, errors, site};

const ROUTE: &str = "[[package]]\nname = \"acme/rocket\"\nkind = \"event\"\ndomains = [\"get.example\"]\n\
                     [[package.route]]\npath = \"/-/collect\"\n";
const SITE: &str = "[[site]]\nid = \"docs.example\"\ndomains = [\"get.example\"]\n\
                    compat = [\"plausible\", \"goatcounter\"]\npackage = \"acme/rocket\"\n";

fn with_tokens(tokens: &str) -> Site {
    let site = site(&format!("{ROUTE}tokens_file = \"tokens\"\n"));
    fs::write(site.path("tokens"), tokens).unwrap();
    fs::set_permissions(site.path("tokens"), Permissions::from_mode(0o600)).unwrap();
    site
}

#[test]
fn a_route_says_what_values_are_and_which_pages_may_send() {
    let toml = format!(
        "{ROUTE}origins = [\"https://docs.example\", \"http://localhost:4000\"]\nvalues = {{ took = \"number\", \"step.ok\" = \"boolean\" }}\n"
    );
    let config = site(&toml).config();
    let route = &config.catalogue.packages[0].kind.routes()[0];
    let pages = ["https://docs.example", "http://localhost:4000"].map(str::to_owned);
    let intake = route.intake.as_ref().expect("a route for events");
    assert_eq!(intake.origins, Origins::Listed(pages.into()));
    let mut values = intake.values.to_vec();
    values.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        values,
        [
            ("step.ok".to_owned(), ValueType::Boolean),
            ("took".to_owned(), ValueType::Number)
        ]
    );
    let any = site(&format!("{ROUTE}origins = \"*\"\n")).config();
    let any = any.catalogue.packages[0].kind.routes()[0].intake.as_ref();
    assert_eq!(any.map(|intake| &intake.origins), Some(&Origins::Any));
}

#[test]
fn what_is_no_origin_or_type_is_told_with_what_to_write() {
    let toml = format!(
        "{ROUTE}origins = [\"https://docs.example/\", \"docs.example\", \"*\"]\nvalues = {{ took = \"numbr\" }}\n"
    );
    insta::assert_snapshot!(errors(&toml), @r#"
    weir.toml:7:12: "https://docs.example/" is no origin of a page
     7 | origins = ["https://docs.example/", "docs.example", "*"]
       |            ^^^^^^^^^^^^^^^^^^^^^^^
    help: write "https://docs.example"

    weir.toml:7:37: "docs.example" is no origin of a page
     7 | origins = ["https://docs.example/", "docs.example", "*"]
       |                                     ^^^^^^^^^^^^^^
    help: write scheme and host, such as "https://docs.acme.example", or "*" alone

    weir.toml:7:53: "*" is no origin of a page
     7 | origins = ["https://docs.example/", "docs.example", "*"]
       |                                                     ^^^
    help: write scheme and host, such as "https://docs.acme.example", or "*" alone

    weir.toml:8:19: unknown kind "numbr"
     8 | values = { took = "numbr" }
       |                   ^^^^^^^
    help: did you mean "number"?
    "#);
}

#[test]
fn tokens_are_held_as_digests_whichever_way_they_are_written() {
    let digest = "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a86aff3ca12020c923adc6c92"; // of 123456
    let config = with_tokens(&format!("123456\nsha256:{digest}\n")).config();
    let PackageKind::Event(routes) = &config.catalogue.packages[0].kind else {
        panic!("a package of events");
    };
    let intake = routes[0].intake.as_ref();
    let Some(Tokens(digests)) = intake.and_then(|intake| intake.tokens.as_ref()) else {
        panic!("tokens");
    };
    assert_eq!(digests.len(), 2);
    assert_eq!(digests[0], digests[1]);
    assert!(!format!("{config:?}").contains("123456"));
    insta::assert_snapshot!(with_tokens("sha256:123456\n").errors(), @r#"
    weir.toml:7:15: a line of this file is no digest
     7 | tokens_file = "tokens"
       |               ^^^^^^^^
    help: write sha256: and 64 hex digits, or the token itself
    "#);
}

#[test]
fn a_site_speaks_what_its_entry_says() {
    let config = site(&format!("{ROUTE}{SITE}")).config();
    let site = &config.catalogue.sites[0];
    assert_eq!(site.id, "docs.example");
    assert_eq!(site.protocols, [Protocol::Plausible, Protocol::GoatCounter]);
    assert!(site.pages.is_empty());
}

#[test]
fn a_site_needs_an_id_a_protocol_and_a_package() {
    insta::assert_snapshot!(errors("[[site]]\nid = \"a b\"\ndomains = [\"get.example\"]\ncompat = [\"plausibel\"]\n"), @r#"
    weir.toml:1:1: "package" is missing
     1 | [[site]]
       | ^^^^^^^^
    help: add package = "acme/rocket"

    weir.toml:2:6: "a b" cannot be a site's id
     2 | id = "a b"
       |      ^^^^^
    help: write what the site's snippet says, without spaces

    weir.toml:4:11: unknown kind "plausibel"
     4 | compat = ["plausibel"]
       |           ^^^^^^^^^^^
    help: did you mean "plausible"?
    "#);
}

#[test]
fn one_site_a_domain_is_goatcounters_and_ids_are_alone() {
    let other = SITE.replace("docs.example", "other.example");
    insta::assert_snapshot!(errors(&format!("{ROUTE}{SITE}{other}")), @r#"
    weir.toml:13:6: GoatCounter's site on get.example is already taken at weir.toml:8:6
     13 | id = "other.example"
        |      ^
    help: remove one of the two, or give it another domain
    "#);
    let again = SITE.replace(", \"goatcounter\"", "");
    insta::assert_snapshot!(errors(&format!("{ROUTE}{SITE}{again}")), @r#"
    weir.toml:13:6: site "docs.example" of plausible on get.example is already taken at weir.toml:8:6
     13 | id = "docs.example"
        |      ^
    help: remove one of the two, or give it another domain
    "#);
}

#[test]
fn a_site_for_an_unknown_package_is_warned_of() {
    let toml = format!("{ROUTE}{}", SITE.replace("acme/rocket", "acme/rokcet"));
    insta::assert_snapshot!(site(&toml).warnings(), @r#"
    weir.toml:8:6: no package here is called "acme/rokcet", which this site counts for
     8 | id = "docs.example"
       |      ^
    help: did you mean "acme/rocket"?
    "#);
}
