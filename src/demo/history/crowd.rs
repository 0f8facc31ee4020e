//! Who asks: clients with their platforms, and countries.

use super::Ecosystem;
use super::calendar::Stream;

/// A client on a platform, and how common it is within its stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) stream: Stream,
    pub(super) weight: u32,
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) os: &'static str,
    pub(super) arch: &'static str,
    pub(super) ci_name: &'static str,
}

#[rustfmt::skip] // a table
const FILE: &[Client] = &[
    client(Stream::People, 34, "curl", "8.5.0", "linux", "amd64", ""),
    client(Stream::People, 14, "curl", "8.7.1", "darwin", "arm64", ""),
    client(Stream::People, 9, "curl", "7.88.1", "linux", "arm64", ""),
    client(Stream::People, 12, "wget", "1.21.4", "linux", "amd64", ""),
    client(Stream::People, 12, "chrome", "140", "windows", "amd64", ""),
    client(Stream::People, 6, "firefox", "143", "linux", "amd64", ""),
    client(Stream::People, 8, "safari", "18", "darwin", "arm64", ""),
    client(Stream::People, 5, "homebrew", "4.6.11", "darwin", "amd64", ""),
    client(Stream::Ci, 52, "curl", "8.5.0", "linux", "amd64", "github-actions"),
    client(Stream::Ci, 12, "curl", "8.7.1", "darwin", "arm64", "github-actions"),
    client(Stream::Ci, 20, "wget", "1.21.4", "linux", "amd64", "gitlab-ci"),
    client(Stream::Ci, 9, "curl", "7.88.1", "linux", "arm64", "circleci"),
    client(Stream::Mirror, 70, "artifactory", "7.111.4", "linux", "amd64", ""),
    client(Stream::Mirror, 30, "nexus", "3.84.0", "linux", "amd64", ""),
    client(Stream::Updater, 60, "renovate", "41.99.0", "", "", ""),
    client(Stream::Updater, 40, "homebrew", "4.6.11", "darwin", "arm64", ""),
    client(Stream::Bot, 60, "python-requests", "2.32.5", "linux", "amd64", ""),
    client(Stream::Bot, 40, "go-http-client", "2.0", "linux", "amd64", ""),
];

#[rustfmt::skip] // a table
const OCI: &[Client] = &[
    client(Stream::People, 46, "docker", "28.4.0", "linux", "amd64", ""),
    client(Stream::People, 24, "docker", "28.4.0", "linux", "arm64", ""),
    client(Stream::People, 14, "containerd", "2.1.4", "linux", "amd64", ""),
    client(Stream::People, 10, "podman", "5.6.1", "linux", "amd64", ""),
    client(Stream::People, 6, "skopeo", "1.20.0", "linux", "amd64", ""),
    client(Stream::Ci, 48, "docker", "28.0.4", "linux", "amd64", "github-actions"),
    client(Stream::Ci, 22, "docker", "27.5.1", "linux", "amd64", "gitlab-ci"),
    client(Stream::Ci, 18, "buildkit", "0.24.0", "linux", "amd64", "github-actions"),
    client(Stream::Ci, 12, "buildkit", "0.24.0", "linux", "arm64", "github-actions"),
    client(Stream::Mirror, 60, "artifactory", "7.111.4", "linux", "amd64", ""),
    client(Stream::Mirror, 40, "skopeo", "1.20.0", "linux", "amd64", ""),
    client(Stream::Updater, 70, "containerd", "2.1.4", "linux", "amd64", ""),
    client(Stream::Updater, 30, "renovate", "41.99.0", "", "", ""),
    client(Stream::Bot, 100, "go-containerregistry", "0.20.6", "linux", "amd64", ""),
];

#[rustfmt::skip] // a table
const PYPI: &[Client] = &[
    client(Stream::People, 30, "pip", "25.2", "linux", "amd64", ""),
    client(Stream::People, 12, "pip", "24.0", "windows", "amd64", ""),
    client(Stream::People, 10, "pip", "25.2", "darwin", "arm64", ""),
    client(Stream::People, 20, "uv", "0.8.17", "linux", "amd64", ""),
    client(Stream::People, 18, "uv", "0.8.17", "darwin", "arm64", ""),
    client(Stream::People, 7, "poetry", "2.2.0", "linux", "amd64", ""),
    client(Stream::Ci, 44, "pip", "25.2", "linux", "amd64", "github-actions"),
    client(Stream::Ci, 34, "uv", "0.8.17", "linux", "amd64", "github-actions"),
    client(Stream::Ci, 14, "pip", "23.0.1", "linux", "amd64", "gitlab-ci"),
    client(Stream::Ci, 8, "pip", "25.2", "linux", "arm64", "circleci"),
    client(Stream::Mirror, 62, "bandersnatch", "6.6.0", "linux", "amd64", ""),
    client(Stream::Mirror, 24, "artifactory", "7.111.4", "linux", "amd64", ""),
    client(Stream::Mirror, 14, "devpi", "6.15.0", "linux", "amd64", ""),
    client(Stream::Updater, 100, "renovate", "41.99.0", "", "", ""),
    client(Stream::Bot, 100, "python-requests", "2.32.5", "linux", "amd64", ""),
];

/// Those who read the docs do so with the same browsers whatever they install.
#[rustfmt::skip] // a table
const READERS: &[Client] = &[
    client(Stream::Reader, 58, "chrome", "140", "windows", "", ""),
    client(Stream::Reader, 14, "firefox", "143", "linux", "", ""),
    client(Stream::Reader, 28, "safari", "18", "darwin", "", ""),
];

/// Country, weight, and hours by which its clocks are ahead of UTC.
pub(super) const COUNTRIES: &[(&str, u32, i32)] = &[
    ("US", 270, -6),
    ("DE", 105, 1),
    ("CN", 85, 8),
    ("GB", 70, 0),
    ("IN", 68, 5),
    ("FR", 55, 1),
    ("JP", 48, 9),
    ("CA", 40, -5),
    ("NL", 38, 1),
    ("BR", 34, -3),
    ("CH", 26, 1),
    ("SE", 22, 1),
    ("PL", 22, 1),
    ("AU", 22, 10),
    ("KR", 20, 9),
    ("ES", 20, 1),
    ("IT", 20, 1),
    ("SG", 16, 8),
    ("FI", 10, 2),
    ("UA", 10, 2),
    ("MX", 9, -6),
    ("ZA", 7, 2),
    ("NG", 6, 1),
    ("NZ", 5, 12),
    ("", 12, 0),
];

/// Where readers of the docs come from, with the source that each is.
#[rustfmt::skip] // a table
pub(super) const REFERRERS: &[(&str, u32, &str)] = &[
    ("", 34, "direct"),
    ("docs.acme.example", 12, ""),
    ("github.com", 24, "GitHub"),
    ("www.google.com", 18, "Search engines"),
    ("news.ycombinator.com", 5, "Hacker News"),
    ("stackoverflow.com", 4, "Stack Overflow"),
    ("duckduckgo.com", 3, "Search engines"),
];

/// Pages of the docs.
pub(super) const PAGES: &[(&str, u32)] = &[
    ("/docs/", 40),
    ("/docs/install", 30),
    ("/docs/guide", 18),
    ("/docs/upgrading-to-2", 12),
];

const fn client(
    stream: Stream,
    weight: u32,
    name: &'static str,
    version: &'static str,
    os: &'static str,
    arch: &'static str,
    ci_name: &'static str,
) -> Client {
    Client {
        stream,
        weight,
        name,
        version,
        os,
        arch,
        ci_name,
    }
}

/// The clients of an ecosystem, stream by stream in the streams' order.
pub(super) fn clients(ecosystem: Ecosystem) -> Vec<Client> {
    let downloaders = match ecosystem {
        Ecosystem::File => FILE,
        Ecosystem::Oci => OCI,
        Ecosystem::Pypi => PYPI,
    };
    [downloaders, READERS].concat()
}
