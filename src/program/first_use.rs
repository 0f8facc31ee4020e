//! Commands that use a package through its own domains, for the page to offer.
//!
//! They can be copied as they are but for what stands in braces, which is for the reader to fill:
//! `{version}` of a route, `{tag}` of an image.

use std::sync::Arc;

use weir_config::catalogue::{Image, Index, Matcher, Pixel, Project, Route};

use super::install::{self, Address};

/// How clients reach the gateway.
#[derive(Clone)]
pub(super) struct Front {
    /// Where it listens for plain HTTP.
    pub(super) port: u16,
    /// Where it listens for TLS, if it does.
    pub(super) https: Option<u16>,
    /// Whether it has a certificate to show for a domain.
    pub(super) has_certificate: Arc<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Front {
    /// By TLS as soon as that works, and no earlier.
    fn scheme(&self, domain: &str) -> Scheme {
        match self.https {
            Some(port) if (self.has_certificate)(domain) => Scheme { tls: true, port },
            _ => Scheme {
                tls: false,
                port: self.port,
            },
        }
    }

    /// Host and port as they stand in an address.
    fn authority(&self, domain: &str) -> String {
        match self.scheme(domain) {
            Scheme {
                tls: true,
                port: 443,
            }
            | Scheme {
                tls: false,
                port: 80,
            } => domain.to_owned(),
            Scheme { port, .. } => format!("{domain}:{port}"),
        }
    }

    fn root(&self, domain: &str) -> String {
        let scheme = if self.scheme(domain).tls {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.authority(domain))
    }

    /// The page about what is kept of those who are counted.
    pub(super) fn statement(&self, domain: &str) -> String {
        format!("{}/-/privacy", self.root(domain))
    }

    /// Asks for a file of the first route that a reader could write an address for.
    pub(super) fn file(&self, domain: &str, routes: &[Route]) -> Vec<String> {
        let path = routes.iter().find_map(path);
        path.map(|path| format!("curl -fLO \"{}{path}\"", self.root(domain)))
            .into_iter()
            .collect()
    }

    /// Runs the script of the first route that a reader could write an address for.
    pub(super) fn script(&self, domain: &str, routes: &[Route]) -> Vec<String> {
        let path = routes.iter().find_map(path);
        path.map(|path| format!("curl -fsS \"{}{path}\" | sh", self.root(domain)))
            .into_iter()
            .collect()
    }

    /// Sends an event to the first route that a reader could write an address for.
    pub(super) fn event(&self, domain: &str, routes: &[Route]) -> Vec<String> {
        let path = routes.iter().find_map(path);
        path.map(|path| {
            format!(
                "curl -d '{{\"step\":\"start\"}}' \"{}{path}\"",
                self.root(domain)
            )
        })
        .into_iter()
        .collect()
    }

    /// Docker speaks plain HTTP only with registries that its daemon is told of; skopeo by a flag.
    pub(super) fn oci(&self, domain: &str, image: &Image) -> Vec<String> {
        let (authority, name) = (self.authority(domain), image.name.as_str());
        let folder = name.rsplit('/').next().unwrap_or(name);
        let plain = if self.scheme(domain).tls {
            ""
        } else {
            "--src-tls-verify=false "
        };
        vec![
            format!("docker pull {authority}/{name}:{{tag}}"),
            format!("skopeo copy {plain}docker://{authority}/{name}:{{tag}} oci:{folder}:{{tag}}"),
        ]
    }

    /// Installs a package through the index.
    pub(super) fn index(&self, domain: &str, index: &Index, project: &str) -> Vec<String> {
        let address = Address {
            domain,
            authority: &self.authority(domain),
            root: &self.root(domain),
            mount: index.path.trim_end_matches('/'),
        };
        install::commands(index.kind, address, project)
    }

    /// The project alone is here; what it depends on is where the client looks otherwise.
    pub(super) fn project(&self, domain: &str, project: &Project) -> Vec<String> {
        install::python(
            "--extra-index-url",
            domain,
            &self.root(domain),
            &project.name,
        )
    }

    /// The picture, for a page of the package's docs.
    pub(super) fn pixel(&self, domain: &str, pixel: &Pixel) -> Vec<String> {
        let root = self.root(domain);
        vec![format!(
            "<img src=\"{root}/-/px/{}.gif\" alt=\"\" referrerpolicy=\"no-referrer-when-downgrade\">",
            pixel.id
        )]
    }
}

/// How a domain is reached.
struct Scheme {
    tls: bool,
    port: u16,
}

/// A route's path with its variables as `{name}`. No one can tell an address from a regex.
fn path(route: &Route) -> Option<String> {
    match route.path {
        Matcher::Template(_) => Some(route.name().replace("{+", "{")),
        Matcher::CatchAll => Some("/{path}".to_owned()),
        Matcher::Regex(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use weir_config::Config;

    use super::super::Serving;
    use super::*;

    const WRITTEN: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.acme.example"]
  [[package.route]]
  regex = "/old/(?<version>[0-9.]+)"
  to = "https://files.acme.example/{version}"
  [[package.route]]
  path = "/rocket/{version}/{+file}"
  to = "https://files.acme.example/{version}/{+file}"

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.acme.example"]
  [[package.route]]
  path = "/-/e/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.acme.example"]
image = "team/server"
upstream = "https://registry.acme.example/acme/server"

[[index]]
kind = "pypi"
domains = ["pypi.acme.example", "localhost"]
upstream = "https://index.acme.example/simple/"
packages = ["compass", "compass-*"]

[[pixel]]
id = "docs"
domains = ["get.acme.example"]
package = "acme/rocket"
"#;

    fn commands(port: u16) -> String {
        commands_of(&Front {
            port,
            https: None,
            has_certificate: Arc::new(|_| true),
        })
    }

    fn commands_of(front: &Front) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("weir.toml");
        std::fs::write(&path, WRITTEN).expect("a file");
        let config = Config::load(&path, []).expect("a valid configuration");
        let mut lines = String::new();
        for package in Serving::new(config.catalogue).configured(front) {
            writeln!(lines, "{} ({})", package.name, package.ecosystem).expect("a string grows");
            for command in package.commands {
                writeln!(lines, "  {command}").expect("a string grows");
            }
        }
        lines
    }

    #[test]
    fn every_kind_of_package_has_commands_of_its_own_clients() {
        insta::assert_snapshot!(commands(8080), @r#"
        acme/rocket (file)
          curl -fLO "http://get.acme.example:8080/rocket/{version}/{file}"
          curl -d '{"step":"start"}' "http://get.acme.example:8080/-/e/{version}"
          <img src="http://get.acme.example:8080/-/px/docs.gif" alt="" referrerpolicy="no-referrer-when-downgrade">
        acme/server (oci)
          docker pull cr.acme.example:8080/team/server:{tag}
          skopeo copy --src-tls-verify=false docker://cr.acme.example:8080/team/server:{tag} oci:server:{tag}
        compass (pypi)
          pip install --trusted-host pypi.acme.example --index-url http://pypi.acme.example:8080/simple/ compass
          uv pip install --index-url http://pypi.acme.example:8080/simple/ compass
          pip install --index-url http://localhost:8080/simple/ compass
          uv pip install --index-url http://localhost:8080/simple/ compass
        "#);
    }

    #[test]
    fn the_port_of_the_web_goes_without_saying() {
        assert!(commands(80).contains("http://get.acme.example/rocket/"));
    }

    #[test]
    fn domains_with_a_certificate_are_reached_by_tls_and_the_others_are_not_yet() {
        let front = Front {
            port: 80,
            https: Some(443),
            has_certificate: Arc::new(|domain| domain != "get.acme.example"),
        };
        insta::assert_snapshot!(commands_of(&front), @r#"
        acme/rocket (file)
          curl -fLO "http://get.acme.example/rocket/{version}/{file}"
          curl -d '{"step":"start"}' "http://get.acme.example/-/e/{version}"
          <img src="http://get.acme.example/-/px/docs.gif" alt="" referrerpolicy="no-referrer-when-downgrade">
        acme/server (oci)
          docker pull cr.acme.example/team/server:{tag}
          skopeo copy docker://cr.acme.example/team/server:{tag} oci:server:{tag}
        compass (pypi)
          pip install --index-url https://pypi.acme.example/simple/ compass
          uv pip install --index-url https://pypi.acme.example/simple/ compass
          pip install --index-url https://localhost/simple/ compass
          uv pip install --index-url https://localhost/simple/ compass
        "#);
    }
}
