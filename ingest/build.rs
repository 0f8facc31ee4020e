//! Takes what browsers call themselves from the package of the crate `ua-parser`.
//!
//! The crate matches agents against uap-core's patterns, carries their file in its package and offers it to nobody.
//! So cargo, which has the package anyway, is asked where it lies, and the part about browsers goes into the program
//! as JSON, which needs no reader of YAML there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Pattern = BTreeMap<String, String>;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../Cargo.lock");
    let file = package("ua-parser").join("uap-core/regexes.yaml");
    let text =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let json = serde_json::to_string(&patterns(&text, "user_agent_parsers")).expect("text is JSON");
    let out =
        PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("browsers.json");
    fs::write(out, json).expect("OUT_DIR can be written to");
}

/// The folder of a package that this one depends on.
fn package(name: &str) -> PathBuf {
    // Packages that only tests need may not be here yet; then cargo fetches them.
    let metadata = metadata(&["--offline"])
        .or_else(|_| metadata(&[]))
        .unwrap_or_else(|error| panic!("cargo metadata: {error}"));
    let packages = metadata["packages"]
        .as_array()
        .expect("cargo lists packages");
    let package = packages
        .iter()
        .find(|package| package["name"] == name)
        .unwrap_or_else(|| panic!("{name} is not among the packages"));
    let manifest = package["manifest_path"]
        .as_str()
        .expect("a package has a manifest");
    Path::new(manifest)
        .parent()
        .expect("a manifest lies in a folder")
        .to_owned()
}

fn metadata(arguments: &[&str]) -> Result<serde_json::Value, String> {
    let output = Command::new(env::var_os("CARGO").expect("cargo sets CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--filter-platform",
        ])
        .arg(env::var_os("TARGET").expect("cargo sets TARGET"))
        .args(arguments)
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// The patterns of one section. Of YAML the file uses lists of plain mappings with quoted values; whatever else comes
/// ends the build, so that nothing is lost unseen.
fn patterns(yaml: &str, section: &str) -> Vec<Pattern> {
    let mut found: Vec<Pattern> = Vec::new();
    let mut inside = false;
    for line in yaml.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if !line.starts_with(' ') {
            inside = trimmed == format!("{section}:");
            continue;
        }
        if !inside {
            continue;
        }
        let entry = trimmed.strip_prefix("- ");
        if entry.is_some() {
            found.push(Pattern::new());
        }
        let (key, value) = entry
            .unwrap_or(trimmed)
            .split_once(": ")
            .unwrap_or_else(|| panic!("not a mapping: {line}"));
        let pattern = found
            .last_mut()
            .unwrap_or_else(|| panic!("not in a list: {line}"));
        pattern.insert(key.to_owned(), unquoted(value.trim()));
    }
    assert!(!found.is_empty(), "no {section}");
    found
}

fn unquoted(value: &str) -> String {
    let between = |quote: char| value.strip_prefix(quote)?.rsplit_once(quote);
    match (between('\''), between('"')) {
        (Some((text, rest)), _) if is_comment(rest) => text.replace("''", "'"),
        (_, Some((text, rest))) if is_comment(rest) && !text.contains('\\') => text.to_owned(),
        _ => panic!("not a quoted text: {value}"),
    }
}

fn is_comment(rest: &str) -> bool {
    rest.is_empty() || rest.trim_start().starts_with('#')
}
