//! Listening for TLS, and where certificates are from.

use weir_config::settings::Challenge;

use crate::{errors, site};

const LISTEN: &str = "[gateway]\nhttps = [\"[::]:443\"]\n";

#[test]
fn who_listens_for_tls_has_a_certificate_to_show() {
    insta::assert_snapshot!(errors(LISTEN), @r#"
    weir.toml:2:9: there is no certificate to show here
     2 | https = ["[::]:443"]
       |         ^^^^^^^^^^^^
    help: add [[certificate]] with a chain and a key, or [acme] with an authority that makes certificates
    "#);
    insta::assert_snapshot!(errors("[acme]\ndirectory = \"https://authority.example/\"\nagree_to_terms = true\n"), @r#"
    weir.toml:1:1: nothing listens for TLS, so nothing needs a certificate
     1 | [acme]
       | ^^^^^^
    help: add https = ["[::]:443"] to [gateway], or leave this out
    "#);
}

#[test]
fn one_address_serves_either_plain_http_or_tls() {
    let written = "[gateway]\nhttp = [\"0.0.0.0:80\"]\nhttps = [\"[::]:80\"]\n[[certificate]]\nchain = \"a\"\nkey = \"b\"\n";
    insta::assert_snapshot!(errors(written), @r#"
    weir.toml:3:10: 0.0.0.0:80 already takes this address
     3 | https = ["[::]:80"]
       |          ^^^^^^^^^
    help: leave one out
    "#);
    assert!(errors("[gateway]\nhttp = []\n").contains("listens nowhere"));
}

#[test]
fn a_way_to_https_leads_somewhere() {
    insta::assert_snapshot!(errors("[gateway]\nhttps_redirect = [\"get.acme.example\"]\n"), @r#"
    weir.toml:2:18: nothing here speaks https
     2 | https_redirect = ["get.acme.example"]
       |                  ^^^^^^^^^^^^^^^^^^^^
    help: add https = ["[::]:443"], or name in trusted_proxies who ends TLS before Weir
    "#);
    let proxied =
        "[gateway]\nhttps_redirect = [\"get.acme.example\"]\ntrusted_proxies = [\"10.0.0.7\"]\n";
    let config = site(proxied).config();
    assert!(
        config
            .settings
            .gateway
            .redirects_to_https("get.acme.example")
    );
    let warnings = config.warnings.iter().map(|warning| &warning.message);
    assert_eq!(
        warnings.collect::<Vec<_>>(),
        [r#"nothing is served on "get.acme.example""#]
    );
}

#[test]
fn tls_alone_may_be_listened_for() {
    let site = site(
        "[gateway]\nhttp = []\nhttps = [\"[::]:443\"]\n[[certificate]]\nchain = \"tls/a.pem\"\nkey = \"tls/a.key\"\n",
    );
    let config = site.config();
    assert!(config.settings.gateway.http.is_empty());
    let [files] = &config.settings.certificates[..] else {
        panic!("one certificate: {:?}", config.settings.certificates);
    };
    assert_eq!(files.chain, site.path("tls/a.pem"));
    let watched: Vec<_> = config.files.iter().map(|file| &file.path).collect();
    assert!(
        watched.contains(&&files.chain) && watched.contains(&&files.key),
        "a change of either is a reason to load again: {:?}",
        config.files
    );
}

#[test]
fn an_authority_is_named_and_agreed_with() {
    let acme = |lines: &str| format!("{LISTEN}[acme]\n{lines}\n");
    let whole = acme(
        "directory = \"https://authority.example/directory\"\ncontact = \"ops@acme.example\"\nagree_to_terms = true\nchallenge = \"dns-01\"\ndns_hook = [\"/etc/weir/dns-hook\", \"acme.example\"]",
    );
    let settings = site(&whole).config().settings;
    let read = settings.acme.expect("an authority");
    assert_eq!(read.directory.host_str(), Some("authority.example"));
    assert_eq!(read.contact.as_deref(), Some("ops@acme.example"));
    let hook = ["/etc/weir/dns-hook", "acme.example"].map(str::to_owned);
    assert_eq!(read.challenge, Challenge::Dns(hook.into()));
    assert_eq!(read.names, None, "every domain");
    let wrong = [
        "directory = \"http://authority.example/\"\nagree_to_terms = false\ncontact = \"ops\"",
        "directory = \"https://authority.example/\"\nagree_to_terms = true\nchallenge = \"dns-01\"",
        "directory = \"https://authority.example/\"\nagree_to_terms = true\ndns_hook = [\"a\"]",
        "directory = \"https://authority.example/\"\nagree_to_terms = true\nnames = [\"*.acme.example\"]",
        "directory = \"https://authority.example/\"\nagree_to_terms = true\nexternal_account = \"me\"",
        "challenge = \"tls-sni-01\"",
    ];
    let said = wrong.map(|lines| errors(&acme(lines))).join("\n----\n");
    insta::assert_snapshot!(said, @r#"
    weir.toml:4:13: "http://authority.example/": it is no https address
     4 | directory = "http://authority.example/"
       |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write the address of the authority's directory, as its documentation gives it

    weir.toml:5:18: the authority makes certificates for those who agree alone
     5 | agree_to_terms = false
       |                  ^^^^^
    help: read the terms that its directory names, then set agree_to_terms = true

    weir.toml:6:11: "ops": it is no mail address
     6 | contact = "ops"
       |           ^^^^^
    help: write a mail address, such as "ops@acme.example"
    ----
    weir.toml:6:13: dns-01 needs a program that makes the record
     6 | challenge = "dns-01"
       |             ^^^^^^^^
    help: add dns_hook = ["/etc/weir/dns-hook"]
    ----
    weir.toml:6:12: this program would never run
     6 | dns_hook = ["a"]
       |            ^^^^^
    help: set challenge = "dns-01", or leave dns_hook out
    ----
    weir.toml:6:10: "*.acme.example" is not a host name
     6 | names = ["*.acme.example"]
       |          ^^^^^^^^^^^^^^^^
    help: name each domain: there are no wildcards here
    ----
    weir.toml:6:20: an external account is an id and a key
     6 | external_account = "me"
       |                    ^^^^
    help: set both external_account and external_account_key_file, or neither
    ----
    weir.toml:3:1: "directory" is missing
     3 | [acme]
       | ^^^^^^
    help: add directory = "https://acme.example/directory"

    weir.toml:3:1: "agree_to_terms" is missing
     3 | [acme]
       | ^^^^^^
    help: add agree_to_terms = true

    weir.toml:4:13: unknown kind "tls-sni-01"
     4 | challenge = "tls-sni-01"
       |             ^^^^^^^^^^^^
    help: did you mean "tls-alpn-01"?
    "#);
}
