//! Where the gateway listens, and which upstreams it may speak to.

use crate::{errors, site};

#[test]
fn addresses_are_an_ip_and_a_port() {
    insta::assert_snapshot!(errors("[gateway]\nhttp = [\":8080\", \"localhost:80\"]\n[dashboards]\nlisten = \"8081\"\n"), @r#"
    weir.toml:2:9: ":8080": invalid socket address syntax
     2 | http = [":8080", "localhost:80"]
       |         ^^^^^^^
    help: write an IP address and a port, such as "127.0.0.1:8080", or "0.0.0.0:8080" for every interface

    weir.toml:2:18: "localhost:80": invalid socket address syntax
     2 | http = [":8080", "localhost:80"]
       |                  ^^^^^^^^^^^^^^
    help: write an IP address and a port, such as "127.0.0.1:8080", or "0.0.0.0:8080" for every interface

    weir.toml:4:10: "8081": invalid socket address syntax
     4 | listen = "8081"
       |          ^^^^^^
    help: write an IP address and a port, such as "127.0.0.1:8080", or "0.0.0.0:8080" for every interface
    "#);
}

#[test]
fn the_gateway_must_listen_somewhere() {
    insta::assert_snapshot!(errors("[gateway]\nhttp = []\n"), @r#"
    weir.toml:2:8: the gateway listens nowhere
     2 | http = []
       |        ^^
    help: name an address, such as ["0.0.0.0:8080"]
    "#);
}

#[test]
fn one_address_serves_one_listener() {
    insta::assert_snapshot!(errors("[gateway]\nhttp = [\"0.0.0.0:8081\", \"127.0.0.1:8081\"]\n[dashboards]\nlisten = \"127.0.0.1:8081\"\n"), @r#"
    weir.toml:2:25: 0.0.0.0:8081 already takes this address
     2 | http = ["0.0.0.0:8081", "127.0.0.1:8081"]
       |                         ^^^^^^^^^^^^^^^^
    help: leave one out

    weir.toml:4:10: the gateway already listens on 0.0.0.0:8081
     4 | listen = "127.0.0.1:8081"
       |          ^^^^^^^^^^^^^^^^
    help: give the dashboards a listen of their own, such as "127.0.0.1:8081"
    "#);
}

#[test]
fn a_system_chosen_port_can_stand_twice() {
    let site = site(
        "gateway.http = [\"127.0.0.1:0\", \"127.0.0.1:0\"]\ndashboards.listen = \"127.0.0.1:0\"\n",
    );
    assert_eq!(site.config().settings.gateway.http.len(), 2);
}

#[test]
fn upstreams_settings_say_what_to_write_instead() {
    insta::assert_snapshot!(errors("[gateway]\nprivate_upstreams = [\"internal\"]\nname_servers = [\"dns.example\"]\nalways_proxy = [\"https://get.acme.example\"]\n"), @r#"
    weir.toml:2:22: "internal": invalid IP address syntax
     2 | private_upstreams = ["internal"]
       |                      ^^^^^^^^^^
    help: write a network such as "10.0.0.0/8", or one address

    weir.toml:3:17: "dns.example": invalid socket address syntax
     3 | name_servers = ["dns.example"]
       |                 ^^^^^^^^^^^^^
    help: write an IP address, such as "10.0.0.53", or one with a port, such as "10.0.0.53:5353"

    weir.toml:4:17: "https://get.acme.example" is not a host name
     4 | always_proxy = ["https://get.acme.example"]
       |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write the host name alone, without scheme and path
    "#);
}

#[test]
fn a_domain_that_always_proxies_is_one_that_is_served() {
    let site = site(
        "gateway.always_proxy = [\"got.acme.example\", \"get.acme.example\"]\n[[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"get.acme.example\"]\n[[package.route]]\npath = \"/{v}\"\nto = \"https://files.acme.example/{v}\"\n",
    );
    insta::assert_snapshot!(site.warnings(), @r#"
    weir.toml:1:25: nothing is served on "got.acme.example"
     1 | gateway.always_proxy = ["got.acme.example", "get.acme.example"]
       |                         ^^^^^^^^^^^^^^^^^^
    help: did you mean "get.acme.example"?
    "#);
}

#[test]
fn an_upstream_on_a_private_address_is_refused_unless_the_settings_allow_it() {
    const PACKAGES: &str = r#"
[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.acme.example"]
image = "server"
upstream = "http://127.0.0.1:5000/server"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/{v}"
  to = "https://[::ffff:10.0.0.1]/{v}"
  proxy = true
  [[package.route]]
  path = "/to/{v}"
  to = "https://10.0.0.1/{v}"
[[index]]
kind = "pypi"
domains = ["pypi.acme.example"]
upstream = "http://index.localhost/simple/"
packages = ["*"]
"#;
    insta::assert_snapshot!(errors(PACKAGES), @r#"
    weir.toml:3:8: 127.0.0.1 is not on the public internet (loopback)
     3 | name = "acme/server"
       |        ^
    help: if it is meant, allow it: [gateway] private_upstreams = ["127.0.0.1"]

    weir.toml:13:10: [::ffff:a00:1] is not on the public internet (private)
     13 |   path = "/{v}"
        |          ^
    help: if it is meant, allow it: [gateway] private_upstreams = ["10.0.0.1"]

    weir.toml:19:1: index.localhost is not on the public internet (loopback)
     19 | [[index]]
        | ^
    help: if it is meant, allow it: [gateway] private_upstreams = ["127.0.0.1"]
    "#);
    let allowed =
        format!("[gateway]\nprivate_upstreams = [\"127.0.0.0/8\", \"10.0.0.1\"]\n{PACKAGES}");
    assert_eq!(site(&allowed).config().catalogue.packages.len(), 2);
}

#[test]
fn the_operators_listener_is_nobody_elses() {
    insta::assert_snapshot!(errors("[dashboards]\nlisten = \"127.0.0.1:8081\"\n[operator]\nlisten = \"0.0.0.0:8081\"\n"), @r#"
    weir.toml:4:10: 127.0.0.1:8081 already takes this address
     4 | listen = "0.0.0.0:8081"
       |          ^^^^^^^^^^^^^^
    help: give it a port of its own, such as "127.0.0.1:9080"
    "#);
}

#[test]
fn traces_need_a_collector_and_a_share_of_requests() {
    insta::assert_snapshot!(errors("[operator]\ntrace_ratio = 0.5\ndrain_delay_s = 3600\n"), @r#"
    weir.toml:2:15: there is no collector that this is about
     2 | trace_ratio = 0.5
       |               ^^^
    help: name it with traces, such as "http://127.0.0.1:4318"

    weir.toml:3:17: 3600 is not between 0 and 300
     3 | drain_delay_s = 3600
       |                 ^^^^
    "#);
    insta::assert_snapshot!(errors("[operator]\ntraces = \"http://127.0.0.1:4318\"\ntrace_ratio = 50\n"), @"
    weir.toml:3:15: 50 is not between 0 and 1
     3 | trace_ratio = 50
       |               ^^
    ");
    insta::assert_snapshot!(errors("[operator]\ntraces = \"http://127.0.0.1:4318?a=b\"\n"), @r##"
    weir.toml:2:10: the address of a collector has no query and no fragment
     2 | traces = "http://127.0.0.1:4318?a=b"
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: leave out "?" or "#" and what follows
    "##);
    insta::assert_snapshot!(site("[operator]\ntraces = \"http://collector.acme.example\"\n").warnings(), @r#"
    weir.toml:2:10: what goes to collector.acme.example is not encrypted
     2 | traces = "http://collector.acme.example"
       |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write https:// if it answers there
    "#);
}
