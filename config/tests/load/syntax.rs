//! Text that is no TOML, and keys that are no settings.

use crate::{errors, site};
use weir_config::Config;

#[test]
fn a_missing_file_is_named() {
    let path = site("").path("other.toml");
    let text = Config::load(&path, []).unwrap_err().to_string();
    assert!(
        text.contains("other.toml:1:1: cannot read the configuration: No such file"),
        "{text}"
    );
}

#[test]
fn every_syntax_error_is_shown() {
    insta::assert_snapshot!(errors("[gateway\nhttp = [\"0.0.0.0:80\"]\n[geo]\nlocal_country = DE\n"), @"
    weir.toml:1:9: unclosed table, expected `]`
     1 | [gateway
       |         ^

    weir.toml:4:17: string values must be quoted, expected literal string
     4 | local_country = DE
       |                 ^^
    ");
}

#[test]
fn a_key_written_twice_is_refused() {
    insta::assert_snapshot!(errors("data_dir = \"a\"\ndata_dir = \"b\"\n"), @r#"
    weir.toml:2:1: duplicate key
     2 | data_dir = "b"
       | ^^^^^^^^
    "#);
}

#[test]
fn an_unknown_key_is_shown_with_its_nearest_known_one() {
    insta::assert_snapshot!(errors("[gateway]\nhtp = []\n\n[clickhous]\nurl = \"http://localhost:8123\"\n"), @r#"
    weir.toml:2:1: unknown key "htp"
     2 | htp = []
       | ^^^
    help: did you mean "http"?

    weir.toml:4:2: unknown key "clickhous"
     4 | [clickhous]
       |  ^^^^^^^^^
    help: did you mean "clickhouse"?
    "#);
}

#[test]
fn an_unknown_key_like_none_is_shown_with_all_known_ones() {
    insta::assert_snapshot!(errors("[spool]\ncolour = \"blue\"\n"), @r#"
    weir.toml:2:1: unknown key "colour"
     2 | colour = "blue"
       | ^^^^^^
    help: known here: quota
    "#);
}

#[test]
fn a_line_that_may_hold_a_secret_is_not_shown() {
    let text = errors("[clickhouse]\npassword = \"hunter2\"\n");
    insta::assert_snapshot!(text, @r#"
    weir.toml:2:1: unknown key "password"
    help: did you mean "password_file"?
    "#);
    assert!(!text.contains("hunter2"));
}

#[test]
fn a_value_of_another_type_is_refused() {
    insta::assert_snapshot!(errors("data_dir = 1\ngeo = []\n[gateway]\nhttp = true\nthreads = \"four\"\n[package]\nname = \"x\"\n"), @r#"
    weir.toml:1:12: expected a string, found an integer
     1 | data_dir = 1
       |            ^

    weir.toml:2:7: expected a table, found an array
     2 | geo = []
       |       ^^

    weir.toml:4:8: expected a list, found a boolean
     4 | http = true
       |        ^^^^

    weir.toml:5:11: expected a whole number, found a string
     5 | threads = "four"
       |           ^^^^^^

    weir.toml:6:1: "package" is a list
     6 | [package]
       | ^^^^^^^^^
    help: write [[package]]
    "#);
}

#[test]
fn tabs_and_wide_text_keep_the_caret_in_its_place() {
    insta::assert_snapshot!(errors("\t[gateway]\n\thttp = [\"größer\", \"0.0.0.0\"]\n"), @r#"
    weir.toml:2:10: "größer": invalid socket address syntax
     2 |  http = ["größer", "0.0.0.0"]
       |          ^^^^^^^^
    help: write an IP address and a port, such as "127.0.0.1:8080", or "0.0.0.0:8080" for every interface

    weir.toml:2:20: "0.0.0.0": invalid socket address syntax
     2 |  http = ["größer", "0.0.0.0"]
       |                    ^^^^^^^^^
    help: write an IP address and a port, such as "127.0.0.1:8080", or "0.0.0.0:8080" for every interface
    "#);
}
