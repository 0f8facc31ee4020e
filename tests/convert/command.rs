//! The command itself: what it prints and writes, and its exit code.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use crate::{manifest, said, weir};

#[test]
fn the_result_is_printed_with_the_report_at_its_head() {
    let folder = manifest(&[
        json!({
            "type": "file-v1", "owner": "acme", "package-name": "rocket", "domain": "acme.gateway.scarf.sh",
            "incoming-path": "/{version}{/platform}", "outgoing-url": "https://files.test/{version}/{platform}#top",
        }),
        json!({ "type": "file-v2", "incoming-path": "/(?=a)", "outgoing-url": "https://files.test/" }),
        json!({ "type": "telemetry-v1", "incoming-path": "/events", "access-tokens": ["secret"] }),
    ]);
    insta::assert_snapshot!(said(&weir(folder.path(), &["convert", "scarf", "manifest.json"])), @r##"
    exit 1
    # Weir's configuration, by `weir convert scarf`. `weir check` proves it, `weir explain URL` says what it does.
    #
    # converted 2 of 3 rules of manifest.json
    #
    # not converted, and yours to mend:
    #   rule 2 (line 12): this regex does not work: look-around, including look-ahead and look-behind, is not supported
    #     mend it in the manifest and convert again
    #
    # answered otherwise than by Scarf:
    #   rule 1 (line 3): acme.gateway.scarf.sh is Scarf's and cannot lead here
    #     convert again with --domain acme.gateway.scarf.sh=ONE.OF.YOURS
    #   rule 1 (line 3): all of {/platform} has to be there; Scarf takes it as optional
    #     add a route without it if requests come so
    #   rule 1 (line 3): its target is written without "#" and what follows, which no download needs

    # Scarf's package 9d3c
    [[package]]
    name = "acme/rocket"
    kind = "file"
    domains = ["acme.gateway.scarf.sh"]

      [[package.route]]
      path = "/{version}/{os}"
      to = "https://files.test/{version}/{os}"
      status = 307

    [[package]]
    name = "9d3c"
    kind = "event"
    domains = ["get.test.localhost"]

      [[package.route]]
      path = "/events"
      status = 200
      post_only = true
      tokens_file = "get.test.localhost-events.tokens"
    note: tokens are not printed: put them into get.test.localhost-events.tokens, one a line, and run chmod 600 get.test.localhost-events.tokens; --output does both
    converted 2 of 3 rules of manifest.json

    not converted, and yours to mend:
      rule 2 (line 12): this regex does not work: look-around, including look-ahead and look-behind, is not supported
        mend it in the manifest and convert again

    answered otherwise than by Scarf:
      rule 1 (line 3): acme.gateway.scarf.sh is Scarf's and cannot lead here
        convert again with --domain acme.gateway.scarf.sh=ONE.OF.YOURS
      rule 1 (line 3): all of {/platform} has to be there; Scarf takes it as optional
        add a route without it if requests come so
      rule 1 (line 3): its target is written without "#" and what follows, which no download needs
    weir: one rule is not in the result
    "##);
}

#[test]
fn files_are_written_for_their_owner_and_never_over_others() {
    let folder = manifest(&[
        json!({ "type": "telemetry-v1", "incoming-path": "/events", "access-tokens": ["secret", "other"] }),
    ]);
    let convert = |output| {
        weir(
            folder.path(),
            &["convert", "scarf", "manifest.json", "--output", output],
        )
    };
    insta::assert_snapshot!(said(&convert("weir.toml")), @r#"
    exit 0
    converted 1 of 1 rules of manifest.json
    "#);
    let tokens = folder.path().join("get.test.localhost-events.tokens");
    assert_eq!(
        std::fs::read_to_string(&tokens).expect("tokens"),
        "secret\nother\n"
    );
    let mode = tokens.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let whole = std::fs::read_to_string(folder.path().join("weir.toml")).expect("a result");
    assert!(!whole.contains("secret"));
    insta::assert_snapshot!(said(&convert("weir.toml")), @r#"
    exit 1
    weir: get.test.localhost-events.tokens is there already and is left alone; name another place with --output
    "#);
    insta::assert_snapshot!(said(&convert("other.toml")), @r#"
    exit 1
    weir: get.test.localhost-events.tokens is there already and is left alone; name another place with --output
    "#);
    assert!(!folder.path().join("other.toml").exists(), "all or nothing");
}

#[test]
fn a_domain_of_scarfs_becomes_one_of_ours() {
    let folder = manifest(&[json!({
        "type": "docker-v1", "domain": "acme.docker.scarf.sh", "repository-name": "acme/server", "registry": "docker.io",
    })]);
    let arguments = [
        "convert",
        "scarf",
        "manifest.json",
        "--domain",
        "acme.docker.scarf.sh=cr.acme.example",
    ];
    insta::assert_snapshot!(said(&weir(folder.path(), &arguments)), @r#"
    exit 0
    # Weir's configuration, by `weir convert scarf`. `weir check` proves it, `weir explain URL` says what it does.
    #
    # converted 1 of 1 rules of manifest.json

    # Scarf's package 9d3c
    [[package]]
    name = "acme/server"
    kind = "oci"
    domains = ["cr.acme.example"]
    image = "acme/server"
    upstream = "https://registry-1.docker.io/acme/server"
    converted 1 of 1 rules of manifest.json
    "#);
}

#[test]
fn what_is_no_manifest_is_told() {
    let folder = manifest(&[]);
    std::fs::write(folder.path().join("other.json"), "{\"rules\": 7}").expect("a file");
    let complaints = ["other.json", "none.json"]
        .map(|name| said(&weir(folder.path(), &["convert", "scarf", name])));
    insta::assert_snapshot!(complaints.join("\n"), @r#"
    exit 2
    weir: this is not a manifest of Scarf's gateway, which is {"rules": [ … ]}: invalid type: integer `7`, expected a sequence at line 1 column 11

    exit 1
    weir: cannot read none.json: No such file or directory (os error 2)
    "#);
}
