//! `weir explain`: what is answered and recorded, and whom clients are sent to.

use crate::{CONFIG, folder, said, weir};

#[test]
fn explain_lists_the_hosts_that_clients_are_sent_to() {
    let folder = folder(CONFIG);
    let output = weir(folder.path(), &["explain", "--hosts"]);
    insta::assert_snapshot!(said(&output), @r"
    exit 0
    files.acme.example:443     for get.acme.example; and wherever it redirects to
    index.acme.example:443     for pypi.acme.example; and where its documents say that files are
    registry.acme.example:443  for cr.acme.example; and where it keeps layers
    ");
    let proxied = format!(
        "[gateway]\nalways_proxy = [\"get.acme.example\", \"pypi.acme.example\"]\n{CONFIG}"
    );
    std::fs::write(folder.path().join("weir.toml"), proxied).expect("written");
    let output = weir(folder.path(), &["explain", "--hosts", "--json"]);
    insta::assert_snapshot!(said(&output), @r#"
    exit 0
    {
      "hosts": [
        {
          "host": "registry.acme.example",
          "port": 443,
          "domains": [
            "cr.acme.example"
          ],
          "beyond": [
            "storage"
          ]
        }
      ],
      "always_proxy": [
        "get.acme.example",
        "pypi.acme.example"
      ]
    }
    "#);
    let question = "http://get.acme.example/rocket/1.2.3/linux-amd64.tar.gz";
    let output = weir(folder.path(), &["explain", question]);
    insta::assert_snapshot!(said(&output).lines().nth(1).unwrap_or_default(), @"answer   200 from https://files.acme.example/v1.2.3/rocket-linux-amd64.tar.gz, passed through");
}

#[test]
fn explain_tells_what_is_taken_of_a_body() {
    let folder = folder(CONFIG);
    let explain = |more: &[&str]| said(&weir(folder.path(), &[&["explain"][..], more].concat()));
    let url = "http://get.acme.example/-/installed/1.2.3";
    insta::assert_snapshot!(explain(&["-d", r#"{"took":5} {"took":6}"#, url]), @r#"
    exit 0
    answer   202 {"accepted":2}
    event    kind      custom
             package   acme/rocket
             ecosystem event
             domain    get.acme.example
             route     /-/installed/{version}
             version   1.2.3
             method    POST
             props     took=5
    event    kind      custom
             package   acme/rocket
             ecosystem event
             domain    get.acme.example
             route     /-/installed/{version}
             version   1.2.3
             method    POST
             props     took=6
    "#);
    let by_line = "content-type: application/x-ndjson";
    insta::assert_snapshot!(explain(&["-H", by_line, "-d", "{\"took\":5}\n{oops}", url]), @r#"
    exit 0
    answer   207 {"accepted":1,"refused":1,"errors":[{"line":2,"column":2,"error":"not JSON: key must be a string"}]}
    event    kind      custom
             package   acme/rocket
             ecosystem event
             domain    get.acme.example
             route     /-/installed/{version}
             version   1.2.3
             method    POST
             props     took=5
    "#);
    insta::assert_snapshot!(explain(&["-H", "Sec-GPC: 1", "-d", "{}", url]), @r#"
    exit 0
    answer   202 {"accepted":1}
    event    none: whoever sends this asks not to be counted
    "#);
    insta::assert_snapshot!(explain(&["-d", "{}", "http://get.acme.example/nowhere"]), @"
    exit 2
    weir: nothing reads a body there; ask without one
    ");
    insta::assert_snapshot!(explain(&["-H", "nothing", "-d", "{}", url]), @r#"
    exit 2
    weir: "nothing" is no field: write it as `Name: value`
    "#);
}

#[test]
fn explain_tells_answer_and_event_of_every_kind() {
    let folder = folder(CONFIG);
    let mut explained = Vec::new();
    for question in [
        "http://get.acme.example/rocket/1.2.3/linux-amd64.tar.gz",
        "https://get.acme.example/stream/1.2.3?token=a",
        "-XHEAD http://get.acme.example/stream/1.2.3",
        "http://get.acme.example/-/installed/1.2.3?took=5",
        "-XPOST http://get.acme.example/-/installed/1.2.3",
        "http://get.acme.example/-/px/docs.gif",
        "http://cr.acme.example/v2/server/manifests/1.2.3",
        "http://cr.acme.example/v2/server/tags/list",
        "http://cr.acme.example/v2/none/manifests/1",
        "http://pypi.acme.example/simple/Rocket_Science/",
        "http://pypi.acme.example/files/rocket/rocket-1.0.tar.gz",
        "http://pypi.acme.example/files/rocket/rocket-1.0-py3-none-any.whl.metadata",
        "http://pypi.acme.example/simple/other/",
        "http://notrack.get.acme.example/stream/1.2.3",
        "http://get.acme.example/nowhere",
        "http://elsewhere.example/",
        "http://get.acme.example/rocket/../x",
        "get.acme.example/rocket",
    ] {
        let arguments: Vec<_> = std::iter::once("explain")
            .chain(question.split(' '))
            .collect();
        explained.push(format!(
            "{question}\n{}",
            said(&weir(folder.path(), &arguments))
        ));
    }
    insta::assert_snapshot!(explained.join("\n"), @"
    http://get.acme.example/rocket/1.2.3/linux-amd64.tar.gz
    exit 0
    answer   302 to https://files.acme.example/v1.2.3/rocket-linux-amd64.tar.gz
    event    kind      download
             package   acme/rocket
             ecosystem file
             domain    get.acme.example
             route     /rocket/{version}/{os}-{arch}.tar.gz
             version   1.2.3
             artifact  linux-amd64.tar.gz
             os        linux
             arch      amd64
             method    GET

    https://get.acme.example/stream/1.2.3?token=a
    exit 0
    answer   the bytes of https://files.acme.example/1.2.3?token=a, passed through
    event    kind      download
             package   acme/rocket
             ecosystem file
             domain    get.acme.example
             route     /stream/{version}
             version   1.2.3
             artifact  1.2.3
             method    GET

    -XHEAD http://get.acme.example/stream/1.2.3
    exit 0
    answer   200 with the headers of https://files.acme.example/1.2.3
    event    kind      check
             package   acme/rocket
             ecosystem file
             domain    get.acme.example
             route     /stream/{version}
             version   1.2.3
             artifact  1.2.3
             method    HEAD

    http://get.acme.example/-/installed/1.2.3?took=5
    exit 0
    answer   202 from here
    event    kind      custom
             package   acme/rocket
             ecosystem event
             domain    get.acme.example
             route     /-/installed/{version}
             version   1.2.3
             method    GET
             props     took=5

    -XPOST http://get.acme.example/-/installed/1.2.3
    exit 0
    answer   202 when the body's events are read
    event    kind      custom
             package   acme/rocket
             ecosystem event
             domain    get.acme.example
             route     /-/installed/{version}
             version   1.2.3
             method    POST

    http://get.acme.example/-/px/docs.gif
    exit 0
    answer   200 from here
    event    kind      view
             package   acme/rocket
             ecosystem docs
             domain    get.acme.example
             route     pixel
             artifact  docs
             method    GET

    http://cr.acme.example/v2/server/manifests/1.2.3
    exit 0
    answer   the manifest 1.2.3 of https://registry.acme.example/acme/rocket-server; a download is counted at its first layer
    event    kind      inspect
             package   acme/server
             ecosystem oci
             domain    cr.acme.example
             route     manifest
             version   1.2.3
             artifact  server
             method    GET

    http://cr.acme.example/v2/server/tags/list
    exit 0
    answer   the tags of https://registry.acme.example/acme/rocket-server
    event    none: this is not ours to count, or is counted by what follows

    http://cr.acme.example/v2/none/manifests/1
    exit 0
    answer   404: repository name not known to registry
    event    kind      broken_link
             ecosystem oci
             domain    cr.acme.example
             route     unknown image
             method    GET

    http://pypi.acme.example/simple/Rocket_Science/
    exit 0
    answer   the page https://index.acme.example/simple/rocket-science/ with its files pointed here
    event    kind      metadata
             package   rocket-science
             ecosystem pypi
             domain    pypi.acme.example
             route     /simple/
             method    GET

    http://pypi.acme.example/files/rocket/rocket-1.0.tar.gz
    exit 0
    answer   302 to where https://index.acme.example/simple/rocket/ says rocket-1.0.tar.gz is
    event    kind      download
             package   rocket
             ecosystem pypi
             domain    pypi.acme.example
             route     /files/
             version   1.0
             artifact  rocket-1.0.tar.gz
             method    GET

    http://pypi.acme.example/files/rocket/rocket-1.0-py3-none-any.whl.metadata
    exit 0
    answer   302 to the metadata beside rocket-1.0-py3-none-any.whl, as https://index.acme.example/simple/rocket/ says
    event    kind      metadata
             package   rocket
             ecosystem pypi
             domain    pypi.acme.example
             route     /files/
             version   1.0
             artifact  rocket-1.0-py3-none-any.whl
             method    GET

    http://pypi.acme.example/simple/other/
    exit 0
    answer   302 to https://index.acme.example/simple/other/
    event    none: this is not ours to count, or is counted by what follows

    http://notrack.get.acme.example/stream/1.2.3
    exit 0
    answer   the bytes of https://files.acme.example/1.2.3, passed through
    event    none: this address asks not to be counted

    http://get.acme.example/nowhere
    exit 0
    answer   404: nothing is served at this path
    event    kind      broken_link
             domain    get.acme.example
             route     unknown path
             method    GET

    http://elsewhere.example/
    exit 0
    answer   404: nothing is served on this host
    event    kind      broken_link
             route     unknown host
             method    GET

    http://get.acme.example/rocket/../x
    exit 2
    weir: such a request is refused with status 400: dot segment in the path

    get.acme.example/rocket
    exit 2
    weir: give a whole address such as http://get.acme.example/rocket/1.2.3/linux-amd64.tar.gz
    ");
}
