//! What the table has to prove: each requirement with the scenarios that do, by ecosystem, client and
//! scenario. What no client can show names the tests that do instead.

/// The scenarios of one client: ecosystem, client, scenarios.
pub(crate) type Proof = (&'static str, &'static str, &'static [&'static str]);

/// One thing that must come out.
pub(crate) struct Requirement {
    /// The scenario, whoever goes through it.
    pub(crate) what: &'static str,
    /// What should be counted.
    pub(crate) expected: &'static str,
    /// The rows that prove it, all of them.
    pub(crate) rows: &'static [Proof],
    /// Tests beside the rows, as a reader finds them.
    pub(crate) tests: &'static str,
}

/// Known requests of clients that do not run here (`tests/images/traces/`).
pub(crate) const KNOWN: &str = "OCI, by known requests";

/// Scenarios of the engines that keep images.
const AGAIN: &[&str] = &["`pull` again"];
const UPGRADE: &[&str] = &["`pull` of an upgrade with a shared base"];

/// In the order of the page.
pub(crate) const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        what: "a pull of an image with two platforms and attestations",
        expected: "1 download, with tag and platform",
        rows: &[
            ("OCI", "docker", &["`pull`"]),
            ("OCI", "containerd", &["`pull`"]),
            ("OCI", "podman", &["`pull`"]),
            ("OCI", "buildah", &["`pull`"]),
            ("OCI", "skopeo", &["`copy`"]),
            (KNOWN, "crane", &["crane pull"]),
            (KNOWN, "docker", &["dockerd 29"]),
        ],
        tests: "",
    },
    Requirement {
        what: "`ctr` of containerd 2, which reads every platform",
        expected: "1 download, not 3",
        rows: &[(KNOWN, "containerd", &["containerd 2 ctr"])],
        tests: "",
    },
    Requirement {
        what: "a pull of what is there, a kubelet's HEAD",
        expected: "nothing but a check",
        rows: &[
            ("OCI", "docker", AGAIN),
            ("OCI", "containerd", AGAIN),
            ("OCI", "podman", AGAIN),
            ("OCI", "buildah", AGAIN),
            (KNOWN, "docker", &["dockerd 29 again"]),
            (KNOWN, "containerd", &["kubelet"]),
        ],
        tests: "",
    },
    Requirement {
        what: "an image that was removed and is pulled again, of whose manifests the client has kept all",
        expected: "1 download, with tag and platform",
        rows: &[
            ("OCI", "docker", &["`pull` after removal, later"]),
            (KNOWN, "docker", &["docker 20 after rmi"]),
        ],
        tests: "",
    },
    Requirement {
        what: "inspections",
        expected: "nothing",
        rows: &[
            ("OCI", "docker", &["`manifest inspect`"]),
            ("OCI", "skopeo", &["`inspect`", "`list-tags`"]),
            (KNOWN, "crane", &["crane digest"]),
        ],
        tests: "",
    },
    Requirement {
        what: "an upgrade of an image with shared layers",
        expected: "1 download",
        rows: &[
            ("OCI", "docker", UPGRADE),
            ("OCI", "containerd", UPGRADE),
            ("OCI", "podman", UPGRADE),
            ("OCI", "buildah", UPGRADE),
        ],
        tests: "",
    },
    Requirement {
        what: "pip installs two packages, also in CI",
        expected: "2 downloads; CI is told",
        rows: &[("PyPI", "pip", &["`install`", "`install` in CI"])],
        tests: "",
    },
    Requirement {
        what: "uv installs with and without PEP 658 upstream",
        expected: "1 download a package",
        rows: &[(
            "PyPI",
            "uv",
            &["`pip install`", "`pip install`, no PEP 658 upstream"],
        )],
        tests: "",
    },
    Requirement {
        what: "npm and its like install packages with and without a scope",
        expected: "1 download a package; no address of ours in the lock files of pnpm and yarn 4",
        rows: &[
            ("npm", "npm", &["`install` with and without a scope"]),
            ("npm", "yarn", &["`add`"]),
            ("npm", "pnpm", &["`add`"]),
            ("npm", "bun", &["`add`"]),
            ("npm", "deno", &["`add`"]),
        ],
        tests: "",
    },
    Requirement {
        what: "npm from a warm cache",
        expected: "nothing",
        rows: &[("npm", "npm", &["`ci`, warm cache"])],
        tests: "",
    },
    Requirement {
        what: "cargo by registry and by source replacement, a version with `+`",
        expected: "1 download a crate; the version as it is",
        rows: &[(
            "Cargo",
            "cargo",
            &["`fetch` by registry", "`fetch` by source replacement"],
        )],
        tests: "",
    },
    Requirement {
        what: "Maven and Gradle resolve a jar",
        expected: "1 download a jar; models and sums are none",
        rows: &[
            ("Maven", "mvn", &["a jar"]),
            (
                "Maven",
                "gradle",
                &["the newest jar and the one for its platform"],
            ),
        ],
        tests: "`tests/maven.rs`: models, sums, lists and sources are no downloads",
    },
    Requirement {
        what: "gem and bundler install",
        expected: "1 download a gem; gem does not go past the gateway",
        rows: &[
            ("RubyGems", "gem", &["`install`"]),
            ("RubyGems", "bundle", &["`install`"]),
        ],
        tests: "",
    },
    Requirement {
        what: "go gets a module, and looks for updates",
        expected: "1 download; nothing",
        rows: &[("Go", "go", &["`get`", "`list -m -u`"])],
        tests: "",
    },
    Requirement {
        what: "composer installs from a cold and from a warm cache",
        expected: "1 download and 1 install_ping; 1 install_ping",
        rows: &[(
            "Composer",
            "composer",
            &["`update`, cold cache", "`install`, warm cache"],
        )],
        tests: "",
    },
    Requirement {
        what: "apt updates and installs, and updates again",
        expected: "1 download; nothing",
        rows: &[("apt", "apt", &["`update`", "`install`", "`update` again"])],
        tests: "",
    },
    Requirement {
        what: "dnf by `baseurl` and by `mirrorlist`",
        expected: "1 download",
        rows: &[(
            "rpm",
            "dnf",
            &["`install`, by `baseurl`", "`install`, by `mirrorlist`"],
        )],
        tests: "",
    },
    Requirement {
        what: "terraform init",
        expected: "1 download of a provider, with its platform, and 1 of a module",
        rows: &[(
            "Terraform",
            "terraform",
            &["`init` with a provider and a module"],
        )],
        tests: "",
    },
    Requirement {
        what: "brew, uncached and cached: a HEAD, then a GET where it needs one",
        expected: "1 download; nothing",
        rows: &[(
            "Homebrew",
            "curl, as brew",
            &["a bottle, uncached", "a bottle, cached"],
        )],
        tests: "",
    },
    Requirement {
        what: "404 and 401 upstream",
        expected: "nothing",
        rows: &[
            (
                "Files",
                "curl",
                &[
                    "a route with `proxy`, upstream 404",
                    "a route with `proxy`, upstream 401",
                ],
            ),
            ("npm", "npm", &["`install` of a package that is not there"]),
            (
                "OCI",
                "skopeo",
                &["`inspect` of a private image without signing in"],
            ),
        ],
        tests: "",
    },
    Requirement {
        what: "`DNT` and `Sec-GPC`",
        expected: "nothing; the file is served",
        rows: &[("Files", "curl", &["`-H 'DNT: 1'`", "`-H 'Sec-GPC: 1'`"])],
        tests: "",
    },
    Requirement {
        what: "what a client is trusted with goes no further than to the gateway and its token service",
        expected: "no `Authorization` elsewhere",
        rows: &[
            ("Files", "curl", &["`-u`", "`-u -b`, a route with `proxy`"]),
            ("npm", "npm", &["`install` with a token"]),
            (
                "PyPI",
                "pip",
                &["`install` with a password in the index's address"],
            ),
            ("OCI", "skopeo", &["`copy` of a private image"]),
            ("Composer", "composer", &["`update`, a private repository"]),
        ],
        tests: "`tests/images/sign_in.rs`: a password goes to the token service of its image and nowhere else; \
                `tests/files/privacy.rs`: what names the asker stays here",
    },
];
