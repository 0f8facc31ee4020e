//! The programs we know by the beginning of their agents. The first prefix that fits wins.

use super::Class::{self, Crawler, ImageProxy, Library, Mirror, Tool, Updater};
use super::formats::{apt, curl, gradle, hex, plain, podman, version_later, zypper};
use super::{Client, agent_json, browser, notes};

/// Takes what follows the prefix.
type Reader = for<'a> fn(&mut Client<'a>, &'a str);

/// One line of the table.
pub(super) struct Entry {
    prefix: &'static str,
    pub(super) name: &'static str,
    pub(super) class: Class,
    pub(super) read: Reader,
}

/// The entry for `agent`, and what follows its prefix.
pub(super) fn find(agent: &str) -> Option<(&'static Entry, &str)> {
    let first = agent.as_bytes().first()?;
    TABLE
        .iter()
        .filter(|entry| entry.prefix.as_bytes().first() == Some(first))
        .find_map(|entry| Some((entry, agent.strip_prefix(entry.prefix)?)))
}

const fn entry(prefix: &'static str, name: &'static str, class: Class, read: Reader) -> Entry {
    Entry {
        prefix,
        name,
        class,
        read,
    }
}

#[rustfmt::skip] // a table
const TABLE: &[Entry] = &[
    entry("Mozilla/", "mozilla", Class::Unknown, browser::read),
    entry("Opera/", "opera", Class::Browser, browser::opera),

    // Python
    entry("pip/", "pip", Tool, agent_json::read),
    entry("uv/", "uv", Tool, agent_json::read),
    entry("poetry/", "poetry", Tool, notes::read),
    entry("pdm/", "pdm", Tool, notes::read),
    entry("pipenv/", "pipenv", Tool, notes::read),
    entry("hatch/", "hatch", Tool, notes::read),
    entry("pex/", "pex", Tool, notes::read),
    entry("setuptools/", "setuptools", Tool, notes::read),
    entry("twine/", "twine", Tool, notes::read),
    entry("maturin/", "maturin", Tool, plain),
    entry("conda/", "conda", Tool, notes::read),
    entry("mamba/", "mamba", Tool, plain),
    entry("micromamba/", "micromamba", Tool, plain),
    entry("pixi/", "pixi", Tool, plain),
    entry("py-rattler/", "rattler", Tool, plain),

    // JavaScript
    entry("npm/", "npm", Tool, notes::read),
    entry("yarn/", "yarn", Tool, notes::read),
    entry("pnpm/", "pnpm", Tool, notes::read),
    entry("Bun/", "bun", Tool, plain),
    entry("bun/", "bun", Tool, notes::read),
    entry("Deno/", "deno", Tool, plain),
    entry("got (", "got", Library, plain),

    // Containers
    entry("docker/", "docker", Tool, notes::read),
    entry("Docker-Client/", "docker-client", Tool, notes::read),
    entry("containerd/", "containerd", Tool, plain),
    entry("buildkit/", "buildkit", Tool, plain),
    entry("cri-o/", "cri-o", Tool, notes::read),
    entry("containers/", "podman", Tool, podman),
    entry("podman/", "podman", Tool, notes::read),
    entry("skopeo/", "skopeo", Tool, plain),
    entry("Buildah/", "buildah", Tool, plain),
    entry("buildah/", "buildah", Tool, plain),
    entry("crane/", "crane", Tool, plain),
    entry("cosign/", "cosign", Tool, notes::read),
    entry("oras/", "oras", Tool, plain),
    entry("regclient/regctl", "regctl", Tool, version_later),
    entry("kaniko/", "kaniko", Tool, plain),
    entry("trivy/", "trivy", Tool, plain),
    entry("nerdctl/", "nerdctl", Tool, plain),
    entry("go-containerregistry/", "go-containerregistry", Library, plain),
    entry("Helm/", "helm", Tool, plain),
    entry("flux/", "flux", Tool, plain),

    // Languages
    entry("cargo/", "cargo", Tool, plain),
    entry("cargo ", "cargo", Tool, plain),
    entry("GoCommand/", "go", Tool, version_later),
    entry("Apache-Maven/", "maven", Tool, notes::read),
    entry("Gradle/", "gradle", Tool, gradle),
    entry("coursier/", "coursier", Tool, plain),
    entry("Coursier/", "coursier", Tool, plain),
    entry("Apache Ivy/", "ivy", Tool, plain),
    entry("Bazel/", "bazel", Tool, plain),
    entry("Ruby, RubyGems/", "gem", Tool, notes::read),
    entry("RubyGems/", "gem", Tool, notes::read),
    entry("bundler/", "bundler", Tool, notes::read),
    entry("Composer/", "composer", Tool, notes::read),
    entry("hex_core/", "hex", Tool, hex),
    entry("NuGet Command Line/", "nuget", Tool, notes::read),
    entry("NuGet .NET Core MSBuild Task/", "nuget", Tool, notes::read),
    entry("NuGet Desktop MSBuild Task/", "nuget", Tool, notes::read),
    entry("NuGet xplat/", "nuget", Tool, notes::read),
    entry("NuGet VS VSIX/", "nuget", Tool, notes::read),
    entry("NuGet Client V3/", "nuget", Tool, notes::read),

    // Operating systems
    entry("Debian APT-HTTP/", "apt", Tool, apt),
    entry("Debian APT-CURL/", "apt", Tool, apt),
    entry("libdnf", "dnf", Tool, notes::read),
    entry("dnf/", "dnf", Tool, notes::read),
    entry("urlgrabber/", "yum", Tool, version_later),
    entry("ZYpp ", "zypper", Tool, zypper),
    entry("pacman/", "pacman", Tool, notes::read),
    entry("Homebrew/", "homebrew", Tool, notes::read),
    entry("Linuxbrew/", "homebrew", Tool, notes::read),
    entry("HashiCorp Terraform/", "terraform", Tool, plain),
    entry("Terraform/", "terraform", Tool, plain),
    entry("OpenTofu/", "opentofu", Tool, plain),
    entry("winget-cli ", "winget", Tool, version_later),
    entry("chocolatey command line/", "chocolatey", Tool, notes::read),
    entry("Scoop/", "scoop", Tool, notes::read),
    entry("asdf/", "asdf", Tool, plain),
    entry("mise/", "mise", Tool, notes::read),

    // Downloaders
    entry("curl/", "curl", Tool, curl),
    entry("Wget/", "wget", Tool, notes::read),
    entry("Wget", "wget", Tool, plain),
    entry("wget2/", "wget", Tool, plain),
    entry("wget/", "wget", Tool, notes::read),
    entry("aria2/", "aria2", Tool, plain),
    entry("Axel/", "axel", Tool, notes::read),
    entry("HTTPie/", "httpie", Tool, plain),
    entry("xh/", "xh", Tool, plain),
    entry("git/", "git", Tool, plain),
    entry("git-lfs/", "git-lfs", Tool, notes::read),
    entry("GitHub CLI ", "gh", Tool, plain),
    entry("fetch libfetch/", "fetch", Tool, plain),
    entry("libfetch/", "fetch", Tool, plain),
    entry("Microsoft BITS/", "bits", Tool, plain),
    entry("ansible-httpget", "ansible", Tool, plain),
    entry("actions/tool-cache", "tool-cache", Tool, super::formats::github_actions),

    // Libraries
    entry("python-requests/", "python-requests", Library, notes::read),
    entry("python-httpx/", "python-httpx", Library, plain),
    entry("Python-urllib/", "python-urllib", Library, plain),
    entry("Python/", "aiohttp", Library, version_later),
    entry("Go-http-client/", "go-http-client", Library, plain),
    entry("okhttp/", "okhttp", Library, plain),
    entry("Java/", "java", Library, plain),
    entry("Java-http-client/", "java", Library, plain),
    entry("Apache-HttpClient/", "apache-httpclient", Library, notes::read),
    entry("axios/", "axios", Library, plain),
    entry("node-fetch", "node-fetch", Library, plain),
    entry("undici", "undici", Library, plain),
    entry("node", "node", Library, plain),
    entry("reqwest/", "reqwest", Library, plain),
    entry("libcurl/", "libcurl", Library, plain),
    entry("libwww-perl/", "libwww-perl", Library, plain),
    entry("GuzzleHttp/", "guzzle", Library, plain),

    // Those who copy for others
    entry("bandersnatch/", "bandersnatch", Mirror, notes::read),
    entry("devpi-server/", "devpi", Mirror, notes::read),
    entry("pep381client/", "pep381client", Mirror, notes::read),
    entry("z3c.pypimirror/", "z3c.pypimirror", Mirror, plain),
    entry("Artifactory/", "artifactory", Mirror, plain),
    entry("Nexus/", "nexus", Mirror, notes::read),
    entry("pulpcore/", "pulp", Mirror, notes::read),
    entry("pulp", "pulp", Mirror, plain),
    entry("Debian Apt-Cacher-NG/", "apt-cacher-ng", Mirror, plain),
    entry("apt-cacher", "apt-cacher", Mirror, plain),
    entry("debmirror/", "debmirror", Mirror, plain),
    entry("verdaccio/", "verdaccio", Mirror, plain),
    entry("npmcore/", "cnpm", Mirror, notes::read),
    entry("cnpmcore/", "cnpm", Mirror, notes::read),
    entry("GoModuleMirror/", "go-module-mirror", Mirror, plain),
    entry("harbor-registry-client", "harbor", Mirror, plain),

    // Those who look for something newer
    entry("Renovate/", "renovate", Updater, plain),
    entry("RenovateBot/", "renovate", Updater, plain),
    entry("renovate/", "renovate", Updater, plain),
    entry("dependabot-core/", "dependabot", Updater, notes::read),
    entry("dependabot", "dependabot", Updater, plain),
    entry("Watchtower", "watchtower", Updater, plain),
    entry("diun/", "diun", Updater, notes::read),
    entry("updatecli/", "updatecli", Updater, plain),

    // Those who fetch pictures for readers
    entry("github-camo", "github-camo", ImageProxy, plain),
    entry("pypi-camo", "pypi-camo", ImageProxy, plain),
    entry("go-camo", "go-camo", ImageProxy, plain),
    entry("Camo Asset Proxy", "camo", ImageProxy, plain),
    entry("YahooMailProxy", "yahoo-mail-proxy", ImageProxy, plain),

    // Crawlers whose names do not say so
    entry("facebookexternalhit/", "facebookexternalhit", Crawler, plain),
    entry("WhatsApp/", "whatsapp", Crawler, plain),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_entry_hides_behind_an_earlier_prefix() {
        for (at, entry) in TABLE.iter().enumerate() {
            let hidden = TABLE[..at]
                .iter()
                .find(|earlier| entry.prefix.starts_with(earlier.prefix));
            assert!(hidden.is_none(), "{:?} is never reached", entry.prefix);
        }
    }

    #[test]
    fn every_name_is_one_that_an_unknown_agent_could_have() {
        for entry in TABLE {
            assert_eq!(
                crate::enrich::words::name(entry.name).as_deref(),
                Some(entry.name)
            );
        }
    }
}
