//! Settings from the environment.

use std::path::Path;

use crate::site;

#[test]
fn a_variable_wins_over_the_file() {
    let site = site("data_dir = \"a\"\n[gateway]\nhttp = [\"0.0.0.0:80\"]\nthreads = 2\n")
        .env("WEIR_DATA_DIR", "/srv/weir")
        .env("WEIR_GATEWAY__HTTP", "127.0.0.1:81")
        .env("WEIR_GATEWAY__THREADS", "3")
        .env("WEIR_GEO__LOCAL_COUNTRY", "CH")
        .env("WEIR_GATEWAY__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]");
    let settings = site.config().settings;
    assert_eq!(settings.data_dir, Path::new("/srv/weir"));
    assert_eq!(settings.gateway.http, ["127.0.0.1:81".parse().unwrap()]);
    assert_eq!(settings.gateway.threads, 3);
    assert_eq!(settings.gateway.trusted_proxies.len(), 1);
    assert_eq!(settings.geo.local_country.as_deref(), Some("CH"));
}

#[test]
fn a_variable_can_mend_a_value_that_the_file_has_wrong() {
    assert_eq!(
        site("[gateway]\nthreads = 0\n")
            .env("WEIR_GATEWAY__THREADS", "1")
            .config()
            .settings
            .gateway
            .threads,
        1
    );
}

#[test]
fn a_bad_variable_is_named() {
    let site = site("")
        .env("WEIR_GATEWAY__THREADS", "many")
        .env("WEIR_GATEWAY__HTP", "127.0.0.1:80")
        .env("WEIR_GATWAY__HTTP", "127.0.0.1:80")
        .env("WEIR_PACKAGE__NAME", "acme/rocket")
        .env("WEIR_CLICKHOUSE__PASSWORD", "hunter2");
    insta::assert_snapshot!(site.errors(), @r#"
    $WEIR_CLICKHOUSE__PASSWORD:1:1: unknown key "password"
    help: did you mean "password_file"?

    $WEIR_GATEWAY__HTP:1:1: unknown key "htp"
     1 | 127.0.0.1:80
       | ^^^^^^^^^^^^
    help: did you mean "http"?

    $WEIR_GATEWAY__THREADS:1:1: expected a whole number, found a string
     1 | many
       | ^^^^

    $WEIR_GATWAY__HTTP:1:1: unknown section "gatway"
    help: did you mean "gateway"?

    $WEIR_PACKAGE__NAME:1:1: unknown section "package"
    help: known here: gateway, dashboards, operator, accounts, clickhouse, geo, organisations, clients, spool, privacy, retention, acme
    "#);
}

#[test]
fn variables_that_name_no_setting_are_left_alone() {
    let site = site("")
        .env("WEIR_SERVICE_HOST", "10.0.0.1")
        .env("WEIR_PORT", "tcp://10.0.0.1:80")
        .env("HOME", "/");
    assert_eq!(site.warnings(), "");
}
