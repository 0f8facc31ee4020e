//! What Weir is installed with says nothing that the program does not know.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(path).expect("a file of the repository")
}

fn weir() -> Command {
    Command::new(env!("CARGO_BIN_EXE_weir"))
}

/// A configuration with everything that listeners for TLS need.
fn configuration(folder: &Path) -> PathBuf {
    let path = folder.join("weir.toml");
    let text = "[gateway]\nhttps = [\"127.0.0.1:0\"]\n[acme]\ndirectory = \"https://authority.example/directory\"\nagree_to_terms = true\n\
                [[package]]\nname = \"acme/rocket\"\nkind = \"file\"\ndomains = [\"get.test\"]\n\
                [[package.route]]\npath = \"/{version}\"\nto = \"https://files.example/{version}\"\n";
    std::fs::write(&path, text).expect("written");
    path
}

/// Checks a configuration under `settings`.
fn checked(settings: &[(String, String)]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut check = weir();
    check
        .args(["check", "--config"])
        .arg(configuration(folder.path()));
    check.envs(settings.iter().cloned());
    check.output().expect("it runs")
}

fn assert_known(settings: &[(String, String)], least: usize) {
    assert!(settings.len() >= least, "{settings:?}");
    let output = checked(settings);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{settings:?}: {said}");
}

/// `NAME=VALUE` of an instruction that may go on over several lines.
fn of_container(text: &str) -> Vec<(String, String)> {
    let words = text.split_whitespace();
    let set = words.filter_map(|word| word.split_once('='));
    set.filter(|(name, _)| name.starts_with("WEIR_"))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// `- name: NAME` and `value: VALUE` of the line after; a value of the template's stands for seconds or a list of networks.
fn of_chart(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).collect::<Vec<_>>();
    let pairs = lines
        .windows(2)
        .filter_map(|pair| Some((pair[0].strip_prefix("- name: WEIR_")?, pair[1])));
    pairs
        .map(|(name, value)| {
            let value = value
                .strip_prefix("value: ")
                .expect("a value after its name");
            let value = match value {
                "{{ .Values.drainDelaySeconds | quote }}" => "5",
                template if template.starts_with("{{") => "[\"10.0.0.0/8\"]",
                written => written.trim_matches('\''),
            };
            (format!("WEIR_{name}"), value.to_owned())
        })
        .collect()
}

#[test]
fn what_the_container_and_the_chart_set_are_settings() {
    assert_known(&of_container(&file("config/container/Containerfile")), 2);
    assert_known(
        &of_chart(&file("config/helm/weir/templates/statefulset.yaml")),
        5,
    );
    assert_known(&[], 0);
    let wrong = [("WEIR_GATEWAY__HTP".to_owned(), "1".to_owned())];
    assert!(!checked(&wrong).status.success(), "others are refused");
}

#[test]
fn what_the_unit_runs_are_commands() {
    let unit = file("config/systemd/weir.service");
    let lines = unit
        .lines()
        .filter_map(|line| line.strip_prefix("ExecStart"));
    let commands: Vec<_> = lines
        .filter_map(|line| line.split_once("=/usr/local/bin/weir "))
        .collect();
    assert_eq!(commands.len(), 2);
    for (_, arguments) in commands {
        let help = weir()
            .args(arguments.split(' '))
            .arg("--help")
            .output()
            .expect("it runs");
        assert!(help.status.success(), "{arguments}");
    }
}

#[test]
fn the_chart_is_of_this_version() {
    let version = format!("\nappVersion: \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(file("config/helm/weir/Chart.yaml").contains(&version));
}
