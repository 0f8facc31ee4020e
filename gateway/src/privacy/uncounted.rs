//! How to ask for what a host serves without being counted, in the words of each client.

use weir_config::catalogue::{Index, IndexKind};

use crate::head::Head;
use crate::optout;

/// Something that a host serves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Served<'a> {
    /// Files, scripts, and what else is asked for by its address alone.
    Files,
    /// Container images.
    Images,
    /// A Python project whose files are listed.
    Project,
    Index(&'a Index),
}

/// What to do with one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// For whom it is.
    pub(super) client: &'static str,
    /// What to run or write.
    pub(super) command: String,
}

/// What to do for each thing served, once a kind, and last what does for every client. `base` is scheme and authority of
/// this host as the client knows it.
pub(super) fn ways(base: &str, head: &Head<'_>, served: &[Served<'_>]) -> Vec<Way> {
    let here = format!("{base}{}", optout::PREFIX);
    let host = head.authority;
    let host = if host.starts_with(weir_config::UNCOUNTED) {
        host.to_owned()
    } else {
        format!("{}{host}", weir_config::UNCOUNTED)
    };
    let mut ways: Vec<Way> = Vec::new();
    for thing in served {
        let way = match thing {
            Served::Files => way("curl", format!("curl -fLO {here}/…")),
            Served::Images => way("docker, podman", format!("docker pull {host}/…")),
            Served::Project => python(&format!("{here}/")),
            Served::Index(index) => of_index(index, &here, &host),
        };
        if ways.iter().all(|known| known.client != way.client) {
            ways.push(way);
        }
    }
    ways
}

fn way(client: &'static str, command: String) -> Way {
    Way { client, command }
}

fn python(root: &str) -> Way {
    let command = format!("pip install --index-url {root}simple/ …");
    way("pip, uv", command)
}

fn of_index(index: &Index, here: &str, host: &str) -> Way {
    let root = format!("{here}{}", index.path);
    let bare = root.trim_end_matches('/');
    match index.kind {
        IndexKind::Pypi => python(&root),
        IndexKind::Npm => way("npm", format!("npm install --registry {root} …")),
        IndexKind::Cargo => way("cargo", format!("index = \"sparse+{root}\"")),
        IndexKind::Go => way("go", format!("GOPROXY={bare} go get …")),
        IndexKind::Maven => way("Maven, Gradle", format!("<url>{root}</url>")),
        IndexKind::Rubygems => way("gem", format!("gem install --source {root} …")),
        IndexKind::Helm => way("helm", format!("helm repo add … {bare}")),
        IndexKind::Nuget => way(
            "dotnet",
            format!("dotnet restore --source {root}v3/index.json"),
        ),
        IndexKind::Composer => way("composer", format!("\"url\": \"{bare}\"")),
        IndexKind::Apt => way("apt", format!("deb {root} …")),
        IndexKind::Rpm => way("dnf, zypper", format!("baseurl={root}")),
        IndexKind::Conda => way("conda", format!("conda install --channel {bare} …")),
        IndexKind::Hex => way("mix", format!("HEX_MIRROR={bare} mix deps.get")),
        IndexKind::Homebrew => way("brew", format!("root_url \"{bare}\"")),
        // Its clients know a host and no path.
        IndexKind::Terraform => way("terraform", format!("source = \"{host}/…\"")),
    }
}
