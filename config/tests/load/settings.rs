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
        https = ["[::]:443"]
        https_redirect = ["get.acme.example"]
        hsts_days = 365
        trusted_proxies = ["10.0.0.0/8", "192.0.2.1"]
        forwarded_header = "Forwarded"
        proxy_protocol = ["192.0.2.7"]
        threads = 2
        upstream_timeout_s = 30
        verify_files = false
        private_upstreams = ["10.0.0.0/8", "::1"]
        name_servers = ["10.0.0.53", "[::1]:5353"]
        always_proxy = ["Get.acme.example"]
        telemetry_per_minute = 500
        [dashboards]
        listen = "[::1]:9000"
        [operator]
        listen = "127.0.0.1:9080"
        drain_delay_s = 5
        traces = "https://collector.acme.example/otlp/"
        trace_ratio = 0.25
        traces_join = true
        [clickhouse]
        url = "http://localhost:8123/"
        user = "weir"
        database = "downloads"
        cluster = "main"
        engine = "/opt/engine.so"
        memory = "512 MiB"
        [geo]
        country = ["geo/one.mmdb"]
        local_country = "de"
        region = true
        update = true
        sources = ["tor", "office-vpn"]
          [[geo.source]]
          name = "office-vpn"
          format = "networks"
          list = "vpn"
          urls = "https://data.acme.example/{year}/vpn.txt"
          refresh_hours = 1
        [organisations]
        enabled = true
        exclude_countries = ["eea", "us"]
        exclude_types = ["government"]
        least_confidence = 85
        stages = "stages.toml"
        ptr = true
        resolvers = ["127.0.0.1"]
        [clients]
        rules = "clients.toml"
        [spool]
        quota = "1 GB"
        [retention]
        raw_days = 30
        rollup_months = 12
        [[certificate]]
        chain = "tls/get.pem"
        key = "tls/get.key"
        [privacy]
        salt_store = "redis://weir@salts.internal:6380/3"
        "#,
    );
    let mut settings = site.config().settings;
    assert_eq!(settings.data_dir, site.path("state"));
    assert_eq!(settings.geo.country, [site.path("geo/one.mmdb")]);
    assert_eq!(
        settings.organisations.stages,
        Some(site.path("stages.toml"))
    );
    settings.organisations.stages = None;
    assert_eq!(settings.clients.rules, [site.path("clients.toml")]);
    settings.data_dir = "state".into();
    settings.clients.rules.clear();
    assert_eq!(settings.certificates[0].key, site.path("tls/get.key"));
    settings.certificates.clear();
    settings.geo.country.clear();
    insta::assert_debug_snapshot!(settings, @r#"
    Settings {
        data_dir: "state",
        gateway: Gateway {
            http: [
                127.0.0.1:80,
                [::1]:80,
            ],
            https: [
                [::]:443,
            ],
            https_redirect: [
                "get.acme.example",
            ],
            hsts_days: 365,
            trusted_proxies: [
                10.0.0.0/8,
                192.0.2.1/32,
            ],
            forwarded_header: Forwarded,
            proxy_protocol: [
                192.0.2.7/32,
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
            telemetry_per_minute: 500,
        },
        certificates: [],
        acme: None,
        dashboards: Dashboards {
            listen: [::1]:9000,
            import_tokens: None,
            public_url: None,
            oidc: None,
        },
        operator: Operator {
            listen: Some(
                127.0.0.1:9080,
            ),
            drain_delay_s: 5,
            traces: Some(
                Traces {
                    url: "https://collector.acme.example/otlp/v1/traces",
                    ratio: 0.25,
                    join: true,
                    headers: [],
                },
            ),
        },
        accounts: Accounts {
            postgres: None,
            audit_days: 400,
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
            cluster: Some(
                "main",
            ),
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
            region: true,
            update: true,
            sources: [
                "tor",
                "office-vpn",
            ],
            own_sources: [
                GeoSource {
                    name: "office-vpn",
                    format: Some(
                        Networks,
                    ),
                    list: Some(
                        "vpn",
                    ),
                    within: None,
                    urls: [
                        "https://data.acme.example/{year}/vpn.txt",
                    ],
                    npm: None,
                    files: [],
                    paths: [],
                    credentials: None,
                    sha256: None,
                    licence: None,
                    attribution: None,
                    link: None,
                    refresh_hours: Some(
                        1,
                    ),
                    expires_days: None,
                },
            ],
        },
        organisations: Organisations {
            enabled: true,
            overrides: None,
            exclude_countries: [
                "EEA",
                "US",
            ],
            exclude_types: [
                "government",
            ],
            least_confidence: 85,
            stages: None,
            ptr: true,
            resolvers: [
                127.0.0.1:53,
            ],
        },
        clients: Clients {
            rules: [],
        },
        spool: Spool {
            quota_bytes: 1000000000,
        },
        privacy: Privacy {
            controller: Controller {
                name: None,
                contact: None,
            },
            salt: Shared(
                SaltStore {
                    host: "salts.internal",
                    port: 6380,
                    database: 3,
                    account: None,
                },
            ),
        },
        exports: [],
        retention: Retention {
            raw_days: 30,
            rollup_months: 12,
        },
    }
    "#);
}

#[test]
fn a_source_of_place_data_says_what_it_is_in_known_words() {
    insta::assert_snapshot!(errors("[[geo.source]]\nname = \"Office VPN\"\nformat = \"list\"\n[[geo.source]]\nname = \"one\"\nlist = \"vnp\"\nurls = [\"ftp://data.acme.example/\"]\nsha256 = \"abc\"\n[[geo.source]]\nname = \"one\"\n"), @r#"
    weir.toml:2:8: "Office VPN" cannot name a source
     2 | name = "Office VPN"
       |        ^^^^^^^^^^^^
    help: use 1 to 64 small letters, digits and "-"

    weir.toml:3:10: unknown kind "list"
     3 | format = "list"
       |          ^^^^^^
    help: known: mmdb, systems, countries, about, networks

    weir.toml:6:8: unknown kind "vnp"
     6 | list = "vnp"
       |        ^^^^^
    help: known: cloud, ci, tor, relay, vpn, cdn, gateway

    weir.toml:7:9: "ftp://data.acme.example/": neither http nor https
     7 | urls = ["ftp://data.acme.example/"]
       |         ^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: write an address such as "https://data.acme.example/networks.txt"

    weir.toml:8:10: not the SHA-256 of a file
     8 | sha256 = "abc"
       |          ^^^^^
    help: write the 64 digits that sha256sum prints

    weir.toml:10:8: another source is called "one"
     10 | name = "one"
        |        ^^^^^
    help: give each a name of its own
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
    help: it is reached by https or http

    weir.toml:3:8: a user's name is not empty and has no control characters
     3 | user = ""
       |        ^^
    "#);
}

#[test]
fn a_cluster_is_one_of_servers() {
    insta::assert_snapshot!(errors("[clickhouse]\ncluster = \"main\"\n"), @r#"
    weir.toml:2:11: the engine inside is no cluster
     2 | cluster = "main"
       |           ^^^^^^
    help: set url to one of the cluster's servers, or leave cluster out
    "#);
    insta::assert_snapshot!(errors("[clickhouse]\nurl = \"http://db.example:8123\"\ncluster = \"a`b\"\n"), @r#"
    weir.toml:3:11: "a`b" cannot name a cluster
     3 | cluster = "a`b"
       |           ^^^^^
    help: use up to 64 letters, digits, "_", "-" and ".", as in the servers' remote_servers
    "#);
}

#[test]
fn events_are_kept_for_longer_than_their_visitors() {
    insta::assert_snapshot!(errors("[retention]\nraw_days = 2\nrollup_months = 0\n"), @r#"
    weir.toml:2:12: 2 is not between 3 and 7300
     2 | raw_days = 2
       |            ^

    weir.toml:3:17: 0 is not between 1 and 240
     3 | rollup_months = 0
       |                 ^
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

#[test]
fn who_answers_for_what_is_kept_has_a_name_and_can_be_reached() {
    use weir_config::Contact::{Mail, Page};

    let controller = |text: &str| site(text).config().settings.privacy.controller;
    let acme = controller(
        "[privacy]\ncontroller = \" Acme <Rockets> \"\ncontact = \"privacy@acme.example\"\n",
    );
    assert_eq!(acme.name.as_deref(), Some("Acme <Rockets>"));
    assert_eq!(acme.contact, Some(Mail("privacy@acme.example".into())));
    for page in ["https://acme.example/privacy", "http://acme.example/"] {
        let reached = controller(&format!("[privacy]\ncontact = \"{page}\"\n"));
        assert_eq!(reached.contact, Some(Page(page.into())));
    }
}

#[test]
fn what_names_or_reaches_nobody_is_refused() {
    insta::assert_snapshot!(errors("[privacy]\ncontroller = \" \"\ncontact = \"nowhere\"\n"), @r#"
    weir.toml:2:14: this cannot name anybody
     2 | controller = " "
       |              ^^^
    help: write the name of the project, person or company that answers for what is kept, in at most 200 characters

    weir.toml:3:11: "nowhere" is neither a mail address nor a page's
     3 | contact = "nowhere"
       |           ^^^^^^^^^
    help: write one such as "privacy@acme.example" or "https://acme.example/privacy"
    "#);
    for contact in [
        "javascript:alert(1)",
        "mailto:a@b.example",
        "https://user@acme.example/",
        "a b@acme.example",
        "a@acme.example:25",
        "\\\"><x@acme.example",
        "a@b@c",
        "@acme.example",
    ] {
        let errors = errors(&format!("[privacy]\ncontact = \"{contact}\"\n"));
        assert!(errors.contains("is neither a mail"), "{contact}: {errors}");
    }
}

#[test]
fn organisations_are_off_and_names_are_asked_of_nobody_by_default() {
    let settings = site("[organisations]\noverrides = \"orgs.toml\"\nstages = \"stages.toml\"\n");
    let organisations = settings.config().settings.organisations;
    assert_eq!(organisations.stages, Some(settings.path("stages.toml")));
    assert!(!organisations.enabled && !organisations.ptr);
    assert_eq!(organisations.overrides, Some(settings.path("orgs.toml")));
    assert_eq!(organisations.least_confidence, 60);
    insta::assert_snapshot!(errors("[organisations]\nptr = true\nexclude_countries = [\"Europe\"]\nexclude_types = [\"goverment\"]\n"), @r#"
    weir.toml:2:7: nobody is named who may be asked for names of addresses
     2 | ptr = true
       |       ^^^^
    help: add resolvers with a resolver of your own, such as ["127.0.0.1"]: the question tells it your clients' addresses

    weir.toml:3:22: "Europe" is not a country
     3 | exclude_countries = ["Europe"]
       |                      ^^^^^^^^
    help: write its two letters of ISO 3166-1, such as "DE"

    weir.toml:4:18: unknown type "goverment"
     4 | exclude_types = ["goverment"]
       |                  ^^^^^^^^^^^
    help: did you mean "government"?
    "#);
}

#[test]
fn a_path_is_shown_without_dots_that_mean_nothing() {
    let site = site("data_dir = \"./state/.\"\n");
    let data_dir = site.config().settings.data_dir;
    assert_eq!(data_dir.as_os_str(), site.path("state").as_os_str());
}
