//! The command line: what each command says, and its exit code.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "https://files.acme.example/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path = "/stream/{version}"
  to   = "https://files.acme.example/{version}"
  proxy = true

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/-/installed/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.acme.example"]
image = "server"
upstream = "https://registry.acme.example/acme/rocket-server"

[[index]]
kind = "pypi"
domains = ["pypi.acme.example"]
upstream = "https://index.acme.example/simple/"
packages = ["rocket*"]

[[pixel]]
id = "docs"
domains = ["get.acme.example"]
package = "acme/rocket"
"#;

/// A folder with `config` in it.
fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("weir.toml"), config).expect("a configuration");
    folder
}

/// Runs the program in `folder`, with `bin` there as the only place for other programs.
fn weir(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("PATH", folder.join("bin"))
        .output()
        .expect("the program runs")
}

/// Exit code, output and complaints.
fn said(output: &Output) -> String {
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    format!(
        "exit {}\n{out}{err}",
        output.status.code().expect("an exit code")
    )
}

/// Puts a program into `bin` that answers `question` with `answer` and nothing else.
fn install(folder: &Path, program: &str, question: &str, answer: &str) {
    let path = folder.join("bin").join(program);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(
        &path,
        format!("#!/bin/sh\n[ \"$*\" = \"{question}\" ] && echo {answer}\n"),
    )
    .expect("a program");
    std::fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("it may be run");
}

#[test]
fn check_finds_nothing_wrong_with_a_good_file() {
    let folder = folder(CONFIG);
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r"
    exit 0
    weir.toml is fine; packages: 3, indexes: 1, pixels: 1
    ");
}

#[test]
fn check_says_where_a_file_is_wrong_and_what_to_write() {
    let wrong = CONFIG.replacen("to   =", "too  =", 1).replace(
        "https://files.acme.example/{version}",
        "https://{version}.example/",
    );
    let folder = folder(&wrong);
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r#"
    exit 1
    weir: weir.toml has errors

    weir.toml:8:3: unknown key "too"
     8 |   too  = "https://files.acme.example/v{version}/rocket-{os}-{arch}.tar.gz"
       |   ^^^
    help: did you mean "to"?

    weir.toml:11:19: the host of a target cannot hold a variable
     11 |   to   = "https://{version}.example/"
        |                   ^
    help: write one route for each host
    "#);
    insta::assert_snapshot!(said(&weir(folder.path(), &["check", "--config", "none.toml"])), @r"
    exit 1
    weir: none.toml has errors

    none.toml:1:1: cannot read the configuration: No such file or directory (os error 2)
    help: name another file with --config
    ");
}

#[test]
fn serve_refuses_a_wrong_file_as_wrongly_asked() {
    let folder = folder("[gatewy]\n");
    insta::assert_snapshot!(said(&weir(folder.path(), &["serve"])), @r#"
    exit 2
    weir.toml:1:2: unknown key "gatewy"
     1 | [gatewy]
       |  ^^^^^^
    help: did you mean "gateway"?
    "#);
}

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

#[test]
fn init_takes_over_what_the_installed_clients_use_and_spares_what_is_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    install(
        folder.path(),
        "pip",
        "config get global.index-url",
        "http://index.test/simple",
    );
    install(
        folder.path(),
        "npm",
        "config get registry",
        "http://npm.test/",
    );
    insta::assert_snapshot!(said(&weir(folder.path(), &["init", "--domain", "acme.example", "--package", "rocket*"])), @r"
    exit 0
    wrote weir.toml
    next:
      weir check --config weir.toml
      weir serve --config weir.toml
      pip install --trusted-host pypi.acme.example --index-url http://pypi.acme.example:8080/simple/ NAME
      npm install --registry http://npm.acme.example:8080/ NAME
    ");
    let written =
        std::fs::read_to_string(folder.path().join("weir.toml")).expect("a configuration");
    insta::assert_snapshot!(written, @r#"
    # Weir's configuration. `weir check` says what is wrong with it, `weir explain URL` what it does.

    [gateway]
    http = ["0.0.0.0:8080"]

    [dashboards]
    listen = "127.0.0.1:8081"

    # Files behind a template; uncomment and make it yours.
    # [[package]]
    # name = "acme/rocket"
    # kind = "file"
    # domains = ["get.acme.example"]
    #   [[package.route]]
    #   path = "/rocket/{version}/{os}-{arch}.tar.gz"
    #   to   = "https://files.acme.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"

    # Python packages. The upstream is the one that pip on this machine uses. Packages that match
    # are counted; all others are sent on to the upstream uncounted.
    [[index]]
    kind = "pypi"
    domains = ["pypi.acme.example"]
    upstream = "http://index.test/simple/"
    packages = ["rocket*"]

    # JavaScript packages. The upstream is the one that npm on this machine uses. Packages that match
    # are counted; all others are sent on to the upstream uncounted.
    [[index]]
    kind = "npm"
    domains = ["npm.acme.example"]
    upstream = "http://npm.test/"
    packages = ["rocket*"]
    "#);
    assert!(weir(folder.path(), &["check"]).status.success());
    insta::assert_snapshot!(said(&weir(folder.path(), &["init"])), @r"
    exit 1
    weir: cannot create weir.toml (an existing file is left alone; name another with --output): File exists (os error 17)
    ");
    assert_eq!(
        std::fs::read_to_string(folder.path().join("weir.toml")).expect("a configuration"),
        written
    );
}

#[test]
fn init_works_where_no_client_is_installed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    insta::assert_snapshot!(said(&weir(folder.path(), &["init"])), @r"
    exit 0
    wrote weir.toml
    next:
      weir check --config weir.toml
      weir serve --config weir.toml
    ");
    assert!(weir(folder.path(), &["check"]).status.success());
    insta::assert_snapshot!(said(&weir(folder.path(), &["init", "--output", "other.toml", "--domain", "not a name"])), @r#"
    exit 2
    weir: "not a name" is not a domain name
    "#);
}

#[test]
fn the_dashboard_alone_says_that_it_needs_a_server() {
    let folder = folder(CONFIG);
    insta::assert_snapshot!(said(&weir(folder.path(), &["serve", "--only", "dashboards"])), @r"
    exit 1
    weir: the dashboard alone has no engine of its own: set [clickhouse] url
    ");
}

#[test]
fn help_names_every_command_and_a_wrong_question_is_exit_code_2() {
    let folder = folder(CONFIG);
    let help = said(&weir(folder.path(), &["--help"]));
    for command in ["serve", "demo", "check", "explain", "init", "migrate"] {
        assert!(
            help.contains(&format!("\n  {command} ")),
            "{command}: {help}"
        );
        assert!(
            weir(folder.path(), &[command, "--help"]).status.success(),
            "{command}"
        );
    }
    for wrong in [&["launch"][..], &["check", "--colour"], &["explain"], &[]] {
        assert_eq!(
            weir(folder.path(), wrong).status.code(),
            Some(2),
            "{wrong:?}"
        );
    }
}
