//! Where clients are sent, for those who must open a firewall: for `weir explain --hosts`. Pure; nobody is asked.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;
use weir_config::Catalogue;
use weir_config::catalogue::{Package, PackageKind, Route};
use weir_config::settings::Gateway as Settings;

/// A host and port that clients are redirected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RedirectHost {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// The domains of ours that redirect there, in order.
    pub domains: Vec<String>,
    /// What only the host itself can tell, in order.
    pub beyond: Vec<Beyond>,
}

/// Where a host may send clients on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Beyond {
    /// Its own redirects, such as those of release files.
    Redirects,
    /// A container registry's storage.
    Storage,
    /// What an index says of where files are.
    Files,
}

impl Beyond {
    /// The word for it in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Redirects => "redirects",
            Self::Storage => "storage",
            Self::Files => "files",
        }
    }

    /// What to say of it after the host.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Redirects => "and wherever it redirects to",
            Self::Storage => "and where it keeps layers",
            Self::Files => "and where its documents say that files are",
        }
    }
}

/// Every host that clients are sent to, by name and port. Domains that always proxy, routes and images that are
/// streamed send nobody anywhere.
pub fn redirect_hosts(catalogue: &Catalogue, settings: &Settings) -> Vec<RedirectHost> {
    let mut hosts: BTreeMap<(String, u16), (BTreeSet<String>, BTreeSet<Beyond>)> = BTreeMap::new();
    for (url, domains, beyond) in ways_out(catalogue) {
        let sending = domains
            .iter()
            .filter(|domain| !settings.always_proxies(domain));
        let sending: Vec<_> = sending.cloned().collect();
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            continue;
        };
        if sending.is_empty() {
            continue;
        }
        let (all, further) = hosts.entry((host.to_owned(), port)).or_default();
        all.extend(sending);
        further.insert(beyond);
    }
    let named = |((host, port), (domains, beyond)): ((String, u16), (BTreeSet<_>, BTreeSet<_>))| {
        RedirectHost {
            host,
            port,
            domains: domains.into_iter().collect(),
            beyond: beyond.into_iter().collect(),
        }
    };
    hosts.into_iter().map(named).collect()
}

/// Every address outside that downloads of `package` come from, streamed or not; what is redirected by a host's own
/// answer is that host's.
pub fn upstreams(catalogue: &Catalogue, package: &str) -> Vec<Url> {
    let own = catalogue.packages.iter();
    let own = own.filter(|known| known.name == package);
    let indexes = catalogue.indexes.iter();
    let indexes = indexes.filter(|index| index.counts(package));
    own.flat_map(sources)
        .chain(indexes.map(|index| index.upstream.clone()))
        .collect()
}

fn sources(package: &Package) -> Vec<Url> {
    match &package.kind {
        PackageKind::Oci(image) => vec![image.registry.clone()],
        PackageKind::Python(project) => project.files.iter().map(|file| file.url.clone()).collect(),
        other => {
            let targets = other.routes().iter().filter_map(|route| route.to.as_ref());
            targets
                .filter_map(|to| Url::parse(to.literal_prefix()).ok())
                .collect()
        }
    }
}

/// Each address outside that some of our domains lead to.
fn ways_out(catalogue: &Catalogue) -> Vec<(Url, &[String], Beyond)> {
    let mut found = Vec::new();
    for package in &catalogue.packages {
        found.extend(
            ways_of(package)
                .into_iter()
                .map(|(url, beyond)| (url, package.domains.as_slice(), beyond)),
        );
    }
    let indexes = catalogue.indexes.iter().filter(|index| !index.proxy);
    found.extend(indexes.map(|index| {
        let domains = index.domains.as_slice();
        (index.upstream.clone(), domains, Beyond::Files)
    }));
    found
}

fn ways_of(package: &Package) -> Vec<(Url, Beyond)> {
    match &package.kind {
        PackageKind::Oci(image) if image.proxy => Vec::new(),
        PackageKind::Oci(image) => vec![(image.registry.clone(), Beyond::Storage)],
        PackageKind::Python(project) => {
            let urls = project.files.iter().map(|file| file.url.clone());
            urls.map(|url| (url, Beyond::Redirects)).collect()
        }
        other => {
            let urls = other.routes().iter().filter_map(target);
            urls.map(|url| (url, Beyond::Redirects)).collect()
        }
    }
}

/// What a route redirects to, as far as it is literal: scheme and host always are.
fn target(route: &Route) -> Option<Url> {
    let to = route.to.as_ref().filter(|_| !route.proxy)?;
    Url::parse(to.literal_prefix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
[gateway]
always_proxy = ["all.test"]
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test", "all.test"]
  [[package.route]]
  path = "/a/{v}"
  to = "https://files.test/{v}"
  [[package.route]]
  path = "/b/{v}"
  to = "https://files.test:8443/{v}"
  [[package.route]]
  path = "/c/{v}"
  to = "https://streamed.test/{v}"
  proxy = true
  [[package.route]]
  path = "/beacon"
[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test"]
image = "server"
upstream = "https://registry.test/server"
[[package]]
name = "acme/streamed"
kind = "oci"
domains = ["cr.test"]
image = "streamed"
upstream = "https://streamed.test/server"
proxy = true
[[index]]
kind = "pypi"
domains = ["pypi.test"]
upstream = "https://files.test/simple/"
packages = ["*"]
[[index]]
kind = "npm"
domains = ["all.test"]
upstream = "https://proxied.test/"
packages = ["*"]
"#;

    #[test]
    fn hosts_are_those_that_clients_are_sent_to_and_no_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        std::fs::write(&path, CONFIG).expect("written");
        let config = weir_config::Config::load(&path, []).expect("a configuration");
        let hosts = redirect_hosts(&config.catalogue, &config.settings.gateway);
        let lines: Vec<_> = hosts
            .iter()
            .map(|host| {
                let beyond: Vec<_> = host.beyond.iter().map(|beyond| beyond.as_str()).collect();
                format!("{}:{} {:?} {beyond:?}", host.host, host.port, host.domains)
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        files.test:443 ["get.test", "pypi.test"] ["redirects", "files"]
        files.test:8443 ["get.test"] ["redirects"]
        registry.test:443 ["cr.test"] ["storage"]
        "#);
    }

    #[test]
    fn upstreams_of_a_package_are_there_whether_clients_are_sent_there_or_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        std::fs::write(&path, CONFIG).expect("written");
        let config = weir_config::Config::load(&path, []).expect("a configuration");
        let hosts = |package: &str| {
            let urls = upstreams(&config.catalogue, package);
            let hosts = urls
                .iter()
                .filter_map(|url| url.host_str().map(str::to_owned));
            hosts.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            hosts("acme/streamed"),
            "streamed.test files.test proxied.test"
        );
        assert_eq!(hosts("compass"), "files.test proxied.test");
    }
}
