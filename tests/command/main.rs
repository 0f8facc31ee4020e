//! The command line: what each command says, and its exit code.

mod explain;

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
    weir.toml is fine; packages: 3, indexes: 1, pixels: 1, sites: 0
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
fn check_reads_the_rules_that_the_settings_name() {
    let named =
        "[organisations]\nenabled = true\noverrides = \"orgs.toml\"\nstages = \"stages.toml\"\n";
    let folder = folder(&format!("{named}{CONFIG}"));
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a file");
    };
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r"
    exit 1
    weir: cannot read orgs.toml: create it, or leave out [organisations] overrides: No such file or directory (os error 2)
    ");
    write(
        "orgs.toml",
        "[[organisation]]\nname = \"Acme\"\nnetwork = \"192.0.2.0/24\"\n",
    );
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r#"
    exit 1
    weir: orgs.toml: TOML parse error at line 3, column 1
      |
    3 | network = "192.0.2.0/24"
      | ^^^^^^^
    unknown field `network`, expected one of `name`, `domain`, `type`, `networks`, `asns`, `domains`, `names`
    "#);
    write(
        "orgs.toml",
        "[[organisation]]\nname = \"Acme\"\nnetworks = [\"192.0.2.0/24\"]\n",
    );
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r"
    exit 1
    weir: cannot read stages.toml: create it, or leave out [organisations] stages: No such file or directory (os error 2)
    ");
    write("stages.toml", "[[rule]]\nstage = \"nosuch\"\n");
    insta::assert_snapshot!(said(&weir(folder.path(), &["check"])), @r#"
    exit 1
    weir: stages.toml: TOML parse error at line 2, column 9
      |
    2 | stage = "nosuch"
      |         ^^^^^^^^
    unknown variant `nosuch`, expected one of `interest`, `investigation`, `experimentation`, `ongoing_use`, `inactive`
    "#);
}

#[test]
fn a_backup_holds_the_rules_that_the_settings_name() {
    let named = "[organisations]\nenabled = true\noverrides = \"rules/orgs.toml\"\nstages = \"stages.toml\"\n\
                 [clients]\nrules = \"clients.toml\"\n";
    let folder = folder(&format!("{named}{CONFIG}"));
    std::fs::create_dir(folder.path().join("rules")).expect("a folder");
    for name in ["rules/orgs.toml", "stages.toml", "clients.toml"] {
        std::fs::write(folder.path().join(name), "").expect("a file");
    }
    let output = weir(folder.path(), &["backup", "copy", "--without-tables"]);
    insta::assert_snapshot!(said(&output), @r"
    exit 0
    config: weir.toml
    config: clients.toml
    config: rules/orgs.toml
    config: stages.toml
    spool: 0 segments
    tables: left out
    4 files, 1 KiB; keep the folder to yourself: it holds accounts and secrets
    ");
    let saved = folder.path().join("copy/config/rules/orgs.toml");
    assert!(saved.exists());
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
