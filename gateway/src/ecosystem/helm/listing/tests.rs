use std::fmt::Write as _;

use proptest::prelude::*;
use weir_config::catalogue::IndexKind;

use super::*;
use crate::ecosystem::trace::index;

fn rewritten(body: &str) -> Rewritten {
    let index = index(IndexKind::Helm, "/helm/", &["compass*"]);
    let source = Source {
        index: &index,
        name: "index.yaml",
        url: &index.upstream,
        base: "https://get.test/helm",
        body: body.as_bytes(),
    };
    rewrite(&source).expect("a list of charts")
}

fn text(list: &Rewritten) -> &str {
    std::str::from_utf8(&list.body).expect("text")
}

#[test]
fn a_list_as_helm_writes_it_changes_in_the_addresses_of_ours_alone() {
    let list = rewritten(include_str!("helm.yaml"));
    insta::assert_snapshot!(text(&list), @r#"
    apiVersion: v1
    entries:
      compass:
      - annotations:
          artifacthub.io/changes: |
            - kind: added
              description: "urls:"
            urls:
            - https://not.test/an-address.tgz
        apiVersion: v2
        appVersion: "2.1"
        created: "2026-07-01T12:00:00Z"
        dependencies:
        - condition: tideline.enabled
          name: tideline
          repository: https://charts.test/
          version: 0.3.x
        description: Points north, and goes on doing so in a line that is long enough to
          be folded by the library that Helm writes with.
        digest: 5f1a1c2f0a6c8a3c3b8a1c5b2d7e9f00112233445566778899aabbccddeeff00
        home: https://acme.example
        name: compass
        urls:
        - "https://get.test/helm/charts/compass-2.1.0.tgz"
        - https://mirror.test/compass-2.1.0.tgz
        version: 2.1.0
      - apiVersion: v2
        digest: 6f1a1c2f0a6c8a3c3b8a1c5b2d7e9f00112233445566778899aabbccddeeff00
        name: compass
        urls:
        - "https://get.test/helm/charts/compass-2.0.0+north.1.tgz"
        version: 2.0.0+north.1
      compass-rose:
      - apiVersion: v1
        name: compass-rose
        urls:
        - "https://get.test/helm/charts/compass-rose-1.0.0.tgz"
        version: 1.0.0
      tideline:
      - apiVersion: v2
        name: tideline
        urls:
        - https://files.test/tideline-0.3.0.tgz
        version: 0.3.0
    generated: "2026-07-01T12:00:00.000000000Z"
    "#);
    let mut files: Vec<_> = list.files.iter().collect();
    files.sort();
    insta::assert_debug_snapshot!(files.iter().map(|(file, url)| format!("{file} {url}")).collect::<Vec<_>>(), @r#"
    [
        "compass-2.0.0+north.1.tgz https://up.test/root/charts/compass-2.0.0+north.1.tgz",
        "compass-2.1.0.tgz https://files.test/releases/download/compass-2.1.0/compass-2.1.0.tgz",
        "compass-rose-1.0.0.tgz https://files.test/compass-rose-1.0.0.tgz",
    ]
    "#);
}

#[test]
fn a_list_may_be_indented_and_quoted_otherwise() {
    let list = rewritten(
        "---\n\"entries\":\n    compass:\n        - \"version\": '2.1.0'\n          urls: [\"https:\\/\\/a.test\\/c.tgz\", b]\n          name: \"compass\"\n        -   name: compass\n            urls: [ charts/d.tgz ] # beside\n            version: \"2.0.0\"\ngenerated: now\n",
    );
    insta::assert_snapshot!(text(&list), @r#"
    ---
    "entries":
        compass:
            - "version": '2.1.0'
              urls: ["https://get.test/helm/charts/compass-2.1.0.tgz", b]
              name: "compass"
            -   name: compass
                urls: [ "https://get.test/helm/charts/compass-2.0.0.tgz" ] # beside
                version: "2.0.0"
    generated: now
    "#);
    assert_eq!(
        list.files["compass-2.1.0.tgz"].to_string(),
        "https://a.test/c.tgz"
    );
    assert_eq!(
        list.files["compass-2.0.0.tgz"].to_string(),
        "https://up.test/root/charts/d.tgz"
    );
}

#[test]
fn a_list_in_json_is_read_as_well() {
    let list = rewritten(
        r#"{"apiVersion":"v1","entries":{"compass":[{"name":"compass","version":"2.1.0","digest":"aa","urls":["https://a.test/c.tgz","x"]}],"tideline":[{"name":"tideline","version":"0.3.0","urls":["t.tgz"]}]}}"#,
    );
    insta::assert_snapshot!(text(&list), @r#"{"apiVersion":"v1","entries":{"compass":[{"name":"compass","version":"2.1.0","digest":"aa","urls":["https://get.test/helm/charts/compass-2.1.0.tgz","x"]}],"tideline":[{"name":"tideline","version":"0.3.0","urls":["t.tgz"]}]}}"#);
}

#[test]
fn what_cannot_be_sent_on_to_stays() {
    for entry in [
        "name: compass\n    version: 2.1.0\n    urls:\n    - oci://a.test/compass:2.1.0",
        "name: compass\n    version: latest\n    urls:\n    - https://a.test/c.tgz",
        "name: compass/rose\n    version: 2.1.0\n    urls:\n    - https://a.test/c.tgz",
        "name: compass\n    version: 2.1.0\n    urls:\n    - >-\n      https://a.test/c.tgz",
        "name: compass\n    version: 2.1.0\n    urls: []",
        "name: compass\n    version: 2.1.0",
    ] {
        let body = format!("entries:\n  compass:\n  - {entry}\n");
        assert_eq!(text(&rewritten(&body)), body);
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let index = index(IndexKind::Helm, "/", &[]);
    for body in [&b"\xff"[..], b"{"] {
        let source = Source {
            index: &index,
            name: "",
            url: &index.upstream,
            base: "",
            body,
        };
        assert!(rewrite(&source).is_err(), "{body:?}");
    }
}

/// One version of a chart in a layout of its own.
fn version() -> impl Strategy<Value = (String, usize, usize, bool, String)> {
    let name = "compass(-[a-z]{1,4})?";
    let description = "[ -~\u{e4}]{0,30}(\nurls: x|\n- name: y|\n#|\nversion: 9.9.9)?";
    (name, 0_usize..3, 0_usize..3, any::<bool>(), description)
}

proptest! {
    #[test]
    fn every_address_of_ours_is_found_and_nothing_else_touched(
        versions in proptest::collection::vec(version(), 0..6),
        margin in 1_usize..5,
    ) {
        let (mut before, mut after) = ("apiVersion: v1\nentries:\n".to_owned(), String::new());
        after.clone_from(&before);
        for (number, (name, hyphen, url, flow, description)) in versions.iter().enumerate() {
            let item = " ".repeat(margin + hyphen);
            let keys = format!("{item}  ");
            let description = description.replace('\n', &format!("\n{keys}  "));
            let write = |list: &mut String, address: &str| {
                let urls = if *flow {
                    format!("urls: [{address}, b.tgz]")
                } else {
                    format!("urls:\n{keys}{}- {address}\n{keys}{}- b.tgz", " ".repeat(*url), " ".repeat(*url))
                };
                let chart = " ".repeat(margin);
                write!(
                    list,
                    "{chart}chart-{number}:\n{item}- description: |-\n{keys}  x{description}\n{keys}dependencies:\n{keys}- name: other\n{keys}  version: 7.7.7\n{keys}name: {name}\n{keys}{urls}\n{keys}version: 1.0.{number}\n{keys}x-nested:\n{keys}  name: nested\n{keys}  urls: [c.tgz]\n{keys}  version: 8.8.8\n"
                )
            };
            write(&mut before, "a.tgz").expect("memory takes every write");
            let ours = format!("\"https://get.test/helm/charts/{name}-1.0.{number}.tgz\"");
            write(&mut after, &ours).expect("memory takes every write");
        }
        let list = rewritten(&before);
        prop_assert_eq!(text(&list), after);
        prop_assert_eq!(list.files.len(), versions.len());
    }

    #[test]
    fn no_text_is_too_strange(body in "(entries:\n)?([ -]{0,6}(name|version|urls|- |\"|'|\\[|: |compass|1.0.0|\u{e4}){0,4}\r?\n){0,12}") {
        let list = rewritten(&body);
        if list.files.is_empty() {
            prop_assert_eq!(text(&list), body);
        }
    }
}
