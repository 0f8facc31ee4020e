//! Whole conversions, and that no manifest makes one that does not load.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn converted(rules: &Value) -> (String, String) {
    let text = format!("{:#}", json!({ "rules": rules }));
    let rules = manifest::read(&text).expect("a manifest");
    let Conversion {
        draft,
        report,
        lines,
    } = convert(&rules, &[]).expect("a conversion");
    (draft.text, report.text("manifest.json", &lines))
}

/// The rules of a domain, each with the keys that all have.
fn on(domain: &str, rules: &[Value]) -> Value {
    let each = rules.iter().map(|rule| {
        let mut rule = rule.clone();
        rule["domain"] = domain.into();
        rule["package-id"] = "4f0c".into();
        rule
    });
    each.collect()
}

#[test]
fn patterns_of_images_are_written_as_packages_of_their_own() {
    let rules = on(
        "cr.test",
        &[json!({
            "type": "docker-v2", "rule-id": "1", "pattern": "{lib,tools}/*", "registry": "registry.hub.docker.com",
        })],
    );
    let text = json!({ "rules": rules }).to_string();
    let rules = manifest::read(&text).expect("a manifest");
    let Ok(written) = &rules[0].written else {
        panic!("a rule");
    };
    let entries = rule::entries(1, written, None, &[], &mut Report::default()).expect("entries");
    insta::assert_snapshot!(writing::draft(&entries).text, @r#"
    # Scarf's package 4f0c
    [[package]]
    name = "lib/*"
    kind = "oci"
    domains = ["cr.test"]
    image = "lib/*"
    upstream = "https://registry-1.docker.io/lib/*"

    # Scarf's package 4f0c
    [[package]]
    name = "tools/*"
    kind = "oci"
    domains = ["cr.test"]
    image = "tools/*"
    upstream = "https://registry-1.docker.io/tools/*"
    "#);
}

#[test]
fn a_package_on_several_domains_is_written_once() {
    let rule = json!({
        "type": "file-v1", "owner": "acme", "package-name": "rocket",
        "incoming-path": "/{version}.tgz", "outgoing-url": "https://files.test/{version}.tgz",
    });
    let mut rules: Vec<Value> = Vec::new();
    for domain in ["get.test", "dl.test:443", "GET2.test"] {
        rules.extend(
            on(domain, std::slice::from_ref(&rule))
                .as_array()
                .expect("rules")
                .clone(),
        );
    }
    let (text, said) = converted(&rules.into());
    insta::assert_snapshot!(text, @r#"
    # Scarf's package 4f0c
    [[package]]
    name = "acme/rocket"
    kind = "file"
    domains = ["get.test", "dl.test", "get2.test"]

      [[package.route]]
      path = "/{version}.tgz"
      to = "https://files.test/{version}.tgz"
      status = 307
    "#);
    insta::assert_snapshot!(said, @"converted 3 of 3 rules of manifest.json");
}

#[test]
fn regexes_are_tried_in_the_order_that_they_were() {
    let rule = |package: &str, pattern: &str| {
        json!({
            "type": "file-v2", "package-name": package, "incoming-path": pattern,
            "outgoing-url": format!("https://{package}.test/{{v}}"),
        })
    };
    let rules = on(
        "get.test",
        &[
            rule("one", "/z/(?<v>.*)"),
            rule("two", "/m/(?<v>.*)"),
            rule("one", "/a/(?<v>[a-z]+)?$"),
            rule("one", "/b/(?<v>.*)"),
        ],
    );
    let (text, said) = converted(&rules);
    insta::assert_snapshot!(text, @r#"
    # Scarf's package 4f0c
    [[package]]
    name = "one"
    kind = "file"
    domains = ["get.test"]

      [[package.route]]
      regex = ".*?/a/(?<v>[a-z]+)?"
      to = "https://one.test/{v}"
      status = 307

      [[package.route]]
      regex = ".*?/b/(?<v>.*)"
      to = "https://one.test/{v}"
      status = 307

    # Scarf's package 4f0c
    [[package]]
    name = "two"
    kind = "file"
    domains = ["get.test"]

      [[package.route]]
      regex = ".*?/m/(?<v>.*)"
      to = "https://two.test/{v}"
      status = 307

    # Scarf's package 4f0c
    [[package]]
    name = "one"
    kind = "file"
    domains = ["get.test"]

      [[package.route]]
      regex = ".*?/z/(?<v>.*)"
      to = "https://one.test/{v}"
      status = 307
    "#);
    insta::assert_snapshot!(said, @r#"
    converted 4 of 4 rules of manifest.json

    answered otherwise than by Scarf:
      rule 3 (line 19): it answers 404 where a group that its target names takes no part in the match; Scarf writes nothing there
        let the group match nothing instead, as in (?<signature>(?:\.asc)?)
    "#);
}

#[test]
fn who_answers_is_said_where_it_is_another() {
    let file = |path: &str| json!({ "type": "file-v1", "incoming-path": path, "outgoing-url": "https://f.test/" });
    let rules = on(
        "get.test",
        &[
            file("/a/{x}/c"),
            file("/a/b/{y}"),
            file("/{+path}"),
            file("/a/{z}/c"),
            json!({ "type": "telemetry-v1", "incoming-path": "/events" }),
            json!({
                "type": "python-v1", "package-name": "rocket", "file-name": "rocket-1.tar.gz", "version": "1",
                "backend-url": "https://f.test/rocket-1.tar.gz",
            }),
            json!({ "type": "catch-all-v1", "redirect-target-domain": "www.test" }),
            json!({ "type": "catch-all-v1" }),
        ],
    );
    insta::assert_snapshot!(converted(&rules).1, @r#"
    converted 6 of 8 rules of manifest.json

    left out, since no request ever reached them:
      rule 4 (line 24): it takes what rule 1 takes, which comes first
      rule 8 (line 52): it takes what rule 7 takes, which comes first

    answered otherwise than by Scarf:
      rule 2 (line 10): it answers requests that rule 1 matches as well, being more exact; Scarf gives them to that one
      rules 5, 6: it answers requests that rule 3 matches as well, being more exact; Scarf gives them to that one
    "#);
}

#[test]
fn an_index_is_asked_where_every_rule_of_a_project_names_it() {
    let rule = |package: &str, file: &str, index: Option<&str>| {
        json!({
            "type": "python-v1", "package-name": package, "file-name": file, "version": "1",
            "backend-url": format!("https://f.test/{file}"), "backend-simple-index-url": index,
        })
    };
    let (one, other) = (
        Some("https://one.test/simple/"),
        Some("https://other.test/simple/"),
    );
    let rules = on(
        "py.test",
        &[
            rule("a", "a-1.tar.gz", one),
            rule("a", "a-2.tar.gz", one),
            rule("b", "b-1.tar.gz", one),
            rule("c", "c-1.tar.gz", other),
            rule("d", "d-1.tar.gz", one),
            rule("d", "d-2.tar.gz", None),
        ],
    );
    insta::assert_snapshot!(converted(&rules).0, @r#"
    # Scarf's package 4f0c
    [[index]]
    kind = "pypi"
    domains = ["py.test"]
    upstream = "https://one.test/simple/"
    packages = ["a", "b"]

    # Scarf's package 4f0c
    [[package]]
    name = "c"
    kind = "python"
    domains = ["py.test"]
    status = 307

      [[package.file]]
      url = "https://f.test/c-1.tar.gz"

    # Scarf's package 4f0c
    [[package]]
    name = "d"
    kind = "python"
    domains = ["py.test"]
    status = 307

      [[package.file]]
      url = "https://f.test/d-1.tar.gz"

      [[package.file]]
      url = "https://f.test/d-2.tar.gz"
    "#);
}

#[test]
fn what_is_no_manifest_is_refused_and_a_wrong_rule_spoils_no_other() {
    let refusal = |text| manifest::read(text).err().map(|error| error.to_string());
    insta::assert_snapshot!(refusal("{\"rules\": [\n{},\n").unwrap_or_default(), @r#"this is not a manifest of Scarf's gateway, which is {"rules": [ … ]}: EOF while parsing a value at line 3 column 0"#);
    insta::assert_snapshot!(refusal("[]").unwrap_or_default(), @r#"this is not a manifest of Scarf's gateway, which is {"rules": [ … ]}: invalid length 0, expected an object with rules at line 1 column 2"#);
    let (text, said) = converted(&json!([
        7,
        { "type": "docker-v3", "domain": "a.test" },
        { "type": "file-v1", "domain": "a.test" },
        { "type": "file-v1", "domain": "a b", "incoming-path": "/", "outgoing-url": null },
        { "type": "file-v1", "domain": "a.test", "incoming-path": "/\n", "outgoing-url": null },
        { "type": "file-v1", "domain": "a.test", "incoming-path": "x", "outgoing-url": "files.test/x" },
        { "type": "docker-v1", "domain": "a.test", "repository-name": "Acme/X", "registry": "cr.test" },
        { "type": "telemetry-v1", "domain": "a.test", "incoming-path": "/a", "access-tokens": [] },
        { "type": "catch-all-v1", "domain": "a.test", "redirect-target-domain": "b.test" },
    ]));
    insta::assert_snapshot!(text, @r#"
    [[package]]
    name = "a.test"
    kind = "file"
    domains = ["a.test"]

      [[package.route]]
      catch_all = true
      to = "https://b.test/"
      status = 307
    "#);
    insta::assert_snapshot!(said, @r#"
    converted 1 of 9 rules of manifest.json

    not converted, and yours to mend:
      rule 1 (line 3): it is no object
        write {"type": …}
      rule 2 (line 4): it cannot be read: unknown variant `docker-v3`, expected one of `docker-v1`, `docker-v2`, `file-v1`, `file-v2`, `python-v1`, `catch-all-v1`, `telemetry-v1`
        see which keys such a rule has in Scarf's documentation
      rule 3 (line 8): it cannot be read: missing field `incoming-path`
        see which keys such a rule has in Scarf's documentation
      rule 4 (line 12): "a b" is not a domain
        write the host name alone
      rule 5 (line 18): it holds a line break or another control character
        take it out of the manifest
      rule 6 (line 24): a path begins with "/"
        write "/x"
      rule 7 (line 30): "Acme/X" is not an image name
        use lower-case letters, digits and single ".", "_", "-" between them, parted by "/"; "*" for a segment, "**" for any number of them
      rule 8 (line 36): its access-tokens are empty, so nobody may send
        name a token, or take access-tokens out of the rule if anyone may send
    "#);
}

/// Pieces that rules are made of, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "/",
        "/",
        "a",
        "b-1.tar.gz",
        "{v}",
        "{+path}",
        "{platform}",
        "{os}",
        "{?q,r}",
        "{/x}",
        "{v:3}",
        "?x={v}&y=1",
        "#f",
        "(?<v>.*)",
        "(?<n>[0-9]+)?",
        "|",
        "$",
        "^",
        "\\",
        "*",
        "**",
        "{a,b}",
        "}",
        "{",
        "ü",
        "\"",
        "\n",
        "%2f",
        "https://",
        "a.test",
        "b.test/",
        "sha256=00",
        ".",
        "scarf.sh",
        " ",
        "'",
    ];
    prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..6)
        .prop_map(|pieces| pieces.concat())
}

/// One of `good`, seldom something else.
fn mostly(good: &[&str]) -> impl Strategy<Value = Value> + use<> {
    let good: Vec<Value> = good.iter().map(|text| Value::from(*text)).collect();
    prop_oneof![40 => prop::sample::select(good), 1 => piece().prop_map(Value::from)]
}

/// The keys of every type, with values that fit each other often enough.
fn fields() -> impl Strategy<Value = Vec<(String, Value)>> {
    let path = prop_oneof![
        mostly(&[
            "/a/{v}",
            "/a/{w}",
            "/{+path}",
            "/x?y={v}",
            "/events",
            "/b-{v}.tgz",
            "/re/(?<v>[0-9]+)",
            "/",
            "/{a}{/b}"
        ]),
        piece().prop_map(|text| Value::from(format!("/{text}"))),
    ];
    let target = prop_oneof![
        mostly(&[
            "https://f.test/",
            "https://f.test/{v}",
            "https://f.test/b-1.tar.gz#sha256=00",
            "http://f.test/x?y=1"
        ]),
        piece().prop_map(|text| Value::from(format!("https://f.test/{text}"))),
        Just(Value::Null),
    ];
    let fields = [
        (
            "domain",
            mostly(&["a.test", "a.test", "b.test", "x.scarf.sh"]).boxed(),
        ),
        ("package-id", mostly(&["1", "2"]).boxed()),
        (
            "package-name",
            mostly(&["one", "two", "acme/three"]).boxed(),
        ),
        ("owner", mostly(&["", "acme"]).boxed()),
        ("repository-name", mostly(&["acme/one", "two"]).boxed()),
        ("registry", mostly(&["cr.test", "docker.io"]).boxed()),
        (
            "pattern",
            mostly(&["acme/one", "{acme,other}/{two,three}", "lib/*"]).boxed(),
        ),
        ("rule-id", mostly(&["1"]).boxed()),
        ("incoming-path", path.boxed()),
        ("outgoing-url", target.clone().boxed()),
        (
            "file-name",
            mostly(&["one-1.tar.gz", "one-2.tar.gz"]).boxed(),
        ),
        ("version", mostly(&["1"]).boxed()),
        ("backend-url", target.boxed()),
        (
            "backend-simple-index-url",
            prop_oneof![Just(Value::Null), mostly(&["https://index.test/simple/"])].boxed(),
        ),
        ("requires-python", mostly(&[">=3.8"]).boxed()),
        ("redirect-target-domain", mostly(&["c.test", ""]).boxed()),
    ];
    fields
        .map(|(key, value)| value.prop_map(move |value| (key.to_owned(), value)))
        .to_vec()
}

fn rule() -> impl Strategy<Value = Value> {
    let types = [
        "docker-v1",
        "docker-v2",
        "file-v1",
        "file-v1",
        "file-v2",
        "python-v1",
        "catch-all-v1",
        "telemetry-v1",
    ];
    let tokens = prop::option::of(prop::collection::vec(mostly(&["secret", "other"]), 0..3));
    (mostly(&types), tokens, fields()).prop_map(|(kind, tokens, fields)| {
        let mut rule = json!({
            "type": kind, "access-tokens": tokens, "gpg-sig": true,
            "hash-value": { "type": "md5", "hash": "00".repeat(16) },
        });
        for (key, value) in fields {
            rule[key] = value;
        }
        rule
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        piece().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let key =
            prop::sample::select(vec!["type", "domain", "rules", "x"]).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_rule_is_in_a_configuration_that_loads_or_in_the_report(rules in prop::collection::vec(rule(), 0..12)) {
        let text = json!({ "rules": rules }).to_string();
        let rules = manifest::read(&text).expect("a manifest");
        let conversion = convert(&rules, &[]).expect("what was converted loads");
        let mut seen: BTreeSet<usize> = conversion.report.absent();
        for line in 1..=conversion.draft.text.lines().count() as u32 {
            seen.extend(conversion.draft.rules_at(line));
        }
        prop_assert_eq!(seen.into_iter().collect::<Vec<_>>(), (1..=rules.len()).collect::<Vec<_>>());
    }

    #[test]
    fn any_json_is_a_conversion_or_an_error(value in any_json(), rules in prop::collection::vec(any_json(), 0..4)) {
        for text in [value.to_string(), json!({ "rules": value }).to_string(), json!({ "rules": rules }).to_string()] {
            if let Ok(rules) = manifest::read(&text) {
                let conversion = convert(&rules, &[]).expect("what was converted loads");
                prop_assert!(conversion.report.text("m", &conversion.lines).starts_with("converted "));
            }
        }
    }

    #[test]
    fn any_text_is_a_manifest_or_an_error(text in "\\PC{0,60}") {
        let _ = manifest::read(&text);
        let _ = manifest::read(&format!("{{\"rules\":[{text}]}}"));
    }
}
