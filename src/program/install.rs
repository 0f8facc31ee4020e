//! How each package manager installs one package through an index of ours.

use weir_config::catalogue::IndexKind;

/// Where an index is, in the parts that commands need.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address<'a> {
    /// The host name alone.
    pub(super) domain: &'a str,
    /// With the port, where it is not the usual one.
    pub(super) authority: &'a str,
    /// Scheme and authority.
    pub(super) root: &'a str,
    /// The index's path without a slash at its end.
    pub(super) mount: &'a str,
}

/// Commands that install the package `name`. What stands in braces is for the reader to fill.
pub(super) fn commands(kind: IndexKind, at: Address<'_>, name: &str) -> Vec<String> {
    let root = format!("{}{}", at.root, at.mount);
    let domain = at.domain;
    let command = match kind {
        IndexKind::Pypi => return python("--index-url", domain, &root, name),
        IndexKind::Npm => format!("npm install --registry {root}/ {name}"),
        IndexKind::Cargo => format!("cargo install --index sparse+{root}/ {name}"),
        IndexKind::Go => format!("GOPROXY={root},direct go get {name}@latest"),
        IndexKind::Maven => {
            format!("mvn dependency:get -DremoteRepositories={root} -Dartifact={name}:{{version}}")
        }
        IndexKind::Rubygems => format!("gem install --clear-sources --source {root}/ {name}"),
        IndexKind::Helm => format!("helm pull --repo {root} {name}"),
        IndexKind::Nuget => format!("dotnet add package {name} --source {root}/v3/index.json"),
        IndexKind::Composer => return composer(&root, name),
        IndexKind::Apt => return apt(&root, name),
        IndexKind::Rpm => format!("dnf install --repofrompath=weir,{root} {name}"),
        IndexKind::Conda => format!("conda install --channel {root} {name}"),
        IndexKind::Hex => format!("HEX_MIRROR={root} mix deps.get"),
        IndexKind::Homebrew => format!("root_url \"{root}\"  # in the bottle block of {name}"),
        IndexKind::Terraform => format!("source = \"{}/{name}\"", at.authority),
    };
    vec![command]
}

/// pip takes plain HTTP from `localhost` alone unless the host is named as trusted; uv takes it from any.
pub(super) fn python(option: &str, domain: &str, root: &str, name: &str) -> Vec<String> {
    let index = format!("{option} {root}/simple/ {name}");
    let trusted = match domain {
        "localhost" => String::new(),
        _ if root.starts_with("https:") => String::new(),
        domain => format!("--trusted-host {domain} "),
    };
    vec![
        format!("pip install {trusted}{index}"),
        format!("uv pip install {index}"),
    ]
}

/// Composer wants HTTPS unless a project says otherwise.
fn composer(root: &str, name: &str) -> Vec<String> {
    let mut commands = vec![
        format!("composer config repositories.weir composer {root}"),
        "composer config secure-http false".to_owned(),
        format!("composer require {name}"),
    ];
    if root.starts_with("https:") {
        commands.remove(1);
    }
    commands
}

fn apt(root: &str, name: &str) -> Vec<String> {
    vec![
        format!("echo \"deb {root} {{suite}} main\" | sudo tee /etc/apt/sources.list.d/weir.list"),
        format!("sudo apt-get update && sudo apt-get install {name}"),
    ]
}
