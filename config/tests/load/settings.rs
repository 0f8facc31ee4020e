//! Every section outside the lists of packages.

use crate::{errors, site};

#[test]
fn an_empty_file_gives_the_defaults() {
    let site = site("");
    let settings = site.config().settings;
    assert_eq!(settings.data_dir, site.path("weir-data"));
    assert_eq!(settings.gateway.http, ["0.0.0.0:8080".parse().unwrap()]);
    assert_eq!(
        settings.dashboards.listen,
        "127.0.0.1:8081".parse().unwrap()
    );
    assert_eq!(settings.clickhouse.database, "weir");
    assert_eq!(settings.spool.quota_bytes, 10 << 30);
    assert!(settings.gateway.threads >= 1);
}

#[test]
fn every_setting_is_read() {
    let site = site(
        r#"
        data_dir = "state"
        [gateway]
        http = ["127.0.0.1:80", "[::1]:80"]
        trusted_proxies = ["10.0.0.0/8", "192.0.2.1"]
        threads = 2
        upstream_timeout_s = 30
        verify_files = false
        private_upstreams = ["10.0.0.0/8", "::1"]
        name_servers = ["10.0.0.53", "[::1]:5353"]
        always_proxy = ["Get.acme.example"]
        [dashboards]
        listen = "[::1]:9000"
        [clickhouse]
        url = "http://localhost:8123/"
        user = "weir"
        database = "downloads"
        engine = "/opt/engine.so"
        memory = "512 MiB"
        [geo]
        country = ["geo/one.mmdb"]
        local_country = "de"
        [spool]
        quota = "1 GB"
        "#,
    );
    let mut settings = site.config().settings;
    assert_eq!(settings.data_dir, site.path("state"));
    assert_eq!(settings.geo.country, [site.path("geo/one.mmdb")]);
    settings.data_dir = "state".into();
    settings.geo.country.clear();
    insta::assert_debug_snapshot!(settings, @r#"
    Settings {
        data_dir: "state",
        gateway: Gateway {
            http: [
                127.0.0.1:80,
                [::1]:80,
            ],
            trusted_proxies: [
                10.0.0.0/8,
                192.0.2.1/32,
            ],
            threads: 2,
            upstream_timeout_s: 30,
            verify_files: false,
            private_upstreams: [
                10.0.0.0/8,
                ::1/128,
            ],
            name_servers: [
                10.0.0.53:53,
                [::1]:5353,
            ],
            always_proxy: [
                "get.acme.example",
            ],
        },
        dashboards: Dashboards {
            listen: [::1]:9000,
            import_tokens: None,
        },
        clickhouse: ClickHouse {
            url: Some(
                Url {
                    scheme: "http",
                    cannot_be_a_base: false,
                    username: "",
                    password: None,
                    host: Some(
                        Domain(
                            "localhost",
                        ),
                    ),
                    port: Some(
                        8123,
                    ),
                    path: "/",
                    query: None,
                    fragment: None,
                },
            ),
            user: "weir",
            password: None,
            database: "downloads",
            engine: Some(
                "/opt/engine.so",
            ),
            memory_bytes: 536870912,
        },
        geo: Geo {
            country: [],
            local_country: Some(
                "DE",
            ),
        },
        spool: Spool {
            quota_bytes: 1000000000,
        },
        exports: [],
    }
    "#);
}

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
fn tls_is_refused_rather_than_ignored() {
    insta::assert_snapshot!(errors("[gateway]\nhttps = [\"0.0.0.0:8443\"]\n"), @r#"
    weir.toml:2:9: this version cannot listen for TLS
     2 | https = ["0.0.0.0:8443"]
       |         ^^^^^^^^^^^^^^^^
    help: leave out https, listen on http, and end TLS in a proxy before it that trusted_proxies names
    "#);
}

#[test]
fn numbers_have_limits() {
    insta::assert_snapshot!(errors("[gateway]\nthreads = 0\nupstream_timeout_s = -1\ntrusted_proxies = [\"10.0.0.0/33\"]\n"), @r#"
    weir.toml:2:11: 0 is not between 1 and 1024
     2 | threads = 0
       |           ^

    weir.toml:3:22: -1 is not between 1 and 3600
     3 | upstream_timeout_s = -1
       |                      ^^

    weir.toml:4:20: "10.0.0.0/33": invalid IP address syntax
     4 | trusted_proxies = ["10.0.0.0/33"]
       |                    ^^^^^^^^^^^^^
    help: write a network such as "10.0.0.0/8", or one address
    "#);
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
fn sizes_need_a_unit_and_a_sensible_amount() {
    insta::assert_snapshot!(errors("[clickhouse]\nmemory = \"2 gigs\"\n[spool]\nquota = \"1 MiB\"\n"), @r#"
    weir.toml:2:10: "2 gigs": not a size
     2 | memory = "2 gigs"
       |          ^^^^^^^^
    help: write a whole number and a unit, such as "2 GiB" or "512 MiB"

    weir.toml:4:9: too little: the least that works is 64 MiB
     4 | quota = "1 MiB"
       |         ^^^^^^^
    "#);
}

#[test]
fn a_clickhouse_server_is_named_by_url_alone() {
    insta::assert_snapshot!(errors("[clickhouse]\nurl = \"https://weir:hunter2@db.example\"\ndatabase = \"a;b\"\n"), @r#"
    weir.toml:2:7: a URL here cannot hold a user or password
    help: put them into a file and name it by a key such as credentials_file

    weir.toml:3:12: "a;b" cannot name a database
     3 | database = "a;b"
       |            ^^^^^
    help: use up to 64 letters, digits and "_", not a digit first
    "#);
    insta::assert_snapshot!(errors("[clickhouse]\nurl = \"tcp://db.example:9000\"\nuser = \"\"\n"), @r#"
    weir.toml:2:7: unknown scheme "tcp"
     2 | url = "tcp://db.example:9000"
       |       ^^^^^^^^^^^^^^^^^^^^^^^
    help: upstreams are reached by https or http

    weir.toml:3:8: a user's name is not empty and has no control characters
     3 | user = ""
       |        ^^
    "#);
}

#[test]
fn a_country_is_two_letters() {
    insta::assert_snapshot!(errors("[geo]\nlocal_country = \"Germany\"\n"), @r#"
    weir.toml:2:17: "Germany" is not a country
     2 | local_country = "Germany"
       |                 ^^^^^^^^^
    help: write its two letters of ISO 3166-1, such as "DE"
    "#);
}
