//! What lines of an access log become, for each kind of package and index.

use std::fmt::Write as _;

use super::*;

const CONFIG: &str = r#"
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to = "https://files.example/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path = "/latest?os={os}"
  to = "https://files.example/latest/{os}"
  [[package.route]]
  regex = "/v(?<version>[0-9.]+)/rocket\\.deb"
  to = "https://files.example/{version}/rocket.deb"

[[package]]
name = "acme/lander"
kind = "file"
domains = ["lander.test"]
releases = "https://github.com/acme/lander"

[[package]]
name = "acme/rocket"
kind = "script"
domains = ["get.test"]
  [[package.route]]
  path = "/install.sh"
  to = "https://files.example/install.sh"

[[package]]
name = "acme/rocket"
kind = "event"
domains = ["get.test"]
  [[package.route]]
  path = "/-/installed/{version}"

[[package]]
name = "acme/server"
kind = "oci"
domains = ["cr.test"]
image = "server"
upstream = "https://registry.example/acme/server"

[[package]]
name = "acme-probe"
kind = "python"
domains = ["py.test"]
  [[package.file]]
  url = "https://files.example/acme_probe-1.2.0-py3-none-any.whl"

[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"
"#;

/// Indexes of these kinds stand on `KIND.test`, and count what begins with the name of its package.
const INDEXES: [(&str, &str); 15] = [
    ("pypi", "rocket*"),
    ("npm", "@acme/*"),
    ("cargo", "rocket*"),
    ("go", "acme.example/*"),
    ("maven", "example.acme:*"),
    ("rubygems", "rocket*"),
    ("helm", "rocket*"),
    ("nuget", "rocket*"),
    ("composer", "acme/*"),
    ("apt", "rocket*"),
    ("rpm", "rocket*"),
    ("conda", "rocket*"),
    ("hex", "rocket*"),
    ("homebrew", "rocket*"),
    ("terraform", "acme/*"),
];

fn classifier() -> Classifier {
    let mut config = CONFIG.to_owned();
    for (kind, packages) in INDEXES {
        let _ = writeln!(
            config,
            "[[index]]\nkind = {kind:?}\ndomains = [\"{kind}.test\"]\nupstream = \"https://{kind}.example/\"\npackages = [{packages:?}]"
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weir.toml");
    std::fs::write(&path, config).expect("written");
    let config = weir_config::Config::load(&path, []).unwrap_or_else(|errors| panic!("{errors}"));
    Classifier::new(Arc::new(config.catalogue))
}

/// A line of a log: `METHOD HOST TARGET STATUS`.
fn logged(line: &str) -> Logged {
    let mut words = line.split(' ');
    let mut word = || words.next().expect("four words").to_owned();
    Logged {
        method: word(),
        host: word(),
        target: word(),
        status: word().parse().expect("a status"),
        ..Logged::default()
    }
}

/// What each line becomes.
fn read(lines: &[&str]) -> String {
    let classifier = classifier();
    let said = lines
        .iter()
        .map(|line| match classifier.classify(logged(line)) {
            Ok(told) => format!("{line} → {}", summary(&told)),
            Err(why) => format!("{line} → refused: {why}"),
        });
    said.collect::<Vec<_>>().join("\n")
}

fn summary(told: &Told) -> String {
    let Told {
        kind,
        package,
        ecosystem,
        version,
        artifact,
        os,
        arch,
        ..
    } = told;
    let words: [&str; 6] = [ecosystem, package, version, artifact, os, arch];
    let words: Vec<_> = words
        .into_iter()
        .map(|word| if word.is_empty() { "-" } else { word })
        .collect();
    format!("{} {}", kind.as_str(), words.join(" "))
}

#[test]
fn files_are_downloads_by_their_routes() {
    let said = read(&[
        "GET get.test /rocket/1.2.3/linux-amd64.tar.gz 302",
        "GET get.test /rocket/1.2.3/linux-amd64.tar.gz 200",
        "HEAD get.test /rocket/1.2.3/linux-amd64.tar.gz 302",
        "GET get.test /latest?os=linux 302",
        "GET get.test /v1.2.3/rocket.deb 302",
        "GET lander.test /1.2.3/lander-linux-x86_64.tar.gz 302",
        "GET lander.test /latest/lander.tar.gz 302",
        "GET get.test /nothing/here 404",
    ]);
    insta::assert_snapshot!(said, @"
    GET get.test /rocket/1.2.3/linux-amd64.tar.gz 302 → download file acme/rocket 1.2.3 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.2.3/linux-amd64.tar.gz 200 → download file acme/rocket 1.2.3 linux-amd64.tar.gz linux amd64
    HEAD get.test /rocket/1.2.3/linux-amd64.tar.gz 302 → check file acme/rocket 1.2.3 linux-amd64.tar.gz linux amd64
    GET get.test /latest?os=linux 302 → download file acme/rocket - latest linux -
    GET get.test /v1.2.3/rocket.deb 302 → download file acme/rocket 1.2.3 rocket.deb linux -
    GET lander.test /1.2.3/lander-linux-x86_64.tar.gz 302 → download file acme/lander 1.2.3 lander-linux-x86_64.tar.gz linux amd64
    GET lander.test /latest/lander.tar.gz 302 → download file acme/lander latest lander.tar.gz - -
    GET get.test /nothing/here 404 → refused: no route of the configuration has this address
    ");
}

#[test]
fn scripts_events_and_pixels_are_of_their_package() {
    let said = read(&[
        "GET get.test /install.sh 200",
        "POST get.test /-/installed/1.2.3 202",
        "GET get.test /-/px/docs.gif 200",
        "GET get.test /-/px/other.gif 404",
    ]);
    insta::assert_snapshot!(said, @"
    GET get.test /install.sh 200 → script script acme/rocket - install.sh - -
    POST get.test /-/installed/1.2.3 202 → custom event acme/rocket 1.2.3 - - -
    GET get.test /-/px/docs.gif 200 → view docs acme/rocket - docs - -
    GET get.test /-/px/other.gif 404 → refused: no route of the configuration has this address
    ");
}

#[test]
fn python_files_and_pages_are_told_apart() {
    let said = read(&[
        "GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl 200",
        "GET pypi.test /simple/rocket/ 200",
        "GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl.metadata 200",
        "GET pypi.test /simple/other/ 200",
        "GET py.test /simple/acme-probe/acme_probe-1.2.0-py3-none-any.whl 302",
        "GET py.test /simple/acme-probe/ 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl 200 → download pypi rocket 1.2.3 rocket-1.2.3-py3-none-any.whl - -
    GET pypi.test /simple/rocket/ 200 → metadata pypi rocket - - - -
    GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl.metadata 200 → metadata pypi rocket 1.2.3 rocket-1.2.3-py3-none-any.whl - -
    GET pypi.test /simple/other/ 200 → refused: not counted by the configuration
    GET py.test /simple/acme-probe/acme_probe-1.2.0-py3-none-any.whl 302 → download pypi acme-probe 1.2.0 acme_probe-1.2.0-py3-none-any.whl - -
    GET py.test /simple/acme-probe/ 200 → metadata pypi acme-probe - - - -
    ");
}

#[test]
fn npm_tarballs_are_downloads_and_packuments_metadata() {
    let said = read(&[
        "GET npm.test /@acme/rocket/-/rocket-1.2.3.tgz 200",
        "GET npm.test /@acme%2frocket 200",
        "GET npm.test /other/-/other-1.0.0.tgz 200",
        "POST npm.test /-/npm/v1/security/advisories/bulk 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET npm.test /@acme/rocket/-/rocket-1.2.3.tgz 200 → download npm @acme/rocket 1.2.3 rocket-1.2.3.tgz - -
    GET npm.test /@acme%2frocket 200 → metadata npm @acme/rocket - - - -
    GET npm.test /other/-/other-1.0.0.tgz 200 → refused: not counted by the configuration
    POST npm.test /-/npm/v1/security/advisories/bulk 200 → refused: not counted by the configuration
    ");
}

#[test]
fn crates_are_downloads_and_index_files_metadata() {
    let said = read(&[
        "GET cargo.test /crates/rocket/1.2.3/rocket-1.2.3.crate 302",
        "GET cargo.test /ro/ck/rocket 200",
        "GET cargo.test /config.json 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET cargo.test /crates/rocket/1.2.3/rocket-1.2.3.crate 302 → download cargo rocket 1.2.3 rocket-1.2.3.crate - -
    GET cargo.test /ro/ck/rocket 200 → metadata cargo rocket - - - -
    GET cargo.test /config.json 200 → refused: not counted by the configuration
    ");
}

#[test]
fn go_modules_are_known_by_their_zips() {
    let said = read(&[
        "GET go.test /acme.example/rocket/@v/v1.2.3.zip 200",
        "GET go.test /acme.example/rocket/@v/v1.2.3.mod 200",
        "GET go.test /acme.example/rocket/@v/list 200",
        "GET go.test /acme.example/!rocket/@v/v1.0.0-!r!c1.zip 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET go.test /acme.example/rocket/@v/v1.2.3.zip 200 → download go acme.example/rocket v1.2.3 v1.2.3.zip - -
    GET go.test /acme.example/rocket/@v/v1.2.3.mod 200 → metadata go acme.example/rocket v1.2.3 v1.2.3.mod - -
    GET go.test /acme.example/rocket/@v/list 200 → metadata go acme.example/rocket - list - -
    GET go.test /acme.example/!rocket/@v/v1.0.0-!r!c1.zip 200 → download go acme.example/Rocket v1.0.0-RC1 v1.0.0-!r!c1.zip - -
    ");
}

#[test]
fn maven_artifacts_are_known_by_their_coordinates() {
    let said = read(&[
        "GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.jar 200",
        "GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.pom 200",
        "GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.jar.sha1 200",
        "GET maven.test /example/acme/rocket/maven-metadata.xml 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.jar 200 → download maven example.acme:rocket 1.2.3 rocket-1.2.3.jar - -
    GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.pom 200 → metadata maven example.acme:rocket 1.2.3 rocket-1.2.3.pom - -
    GET maven.test /example/acme/rocket/1.2.3/rocket-1.2.3.jar.sha1 200 → metadata maven example.acme:rocket 1.2.3 rocket-1.2.3.jar.sha1 - -
    GET maven.test /example/acme/rocket/maven-metadata.xml 200 → metadata maven example.acme:rocket - maven-metadata.xml - -
    ");
}

#[test]
fn gems_and_hex_packages_are_known_by_their_files() {
    let said = read(&[
        "GET rubygems.test /gems/rocket-1.2.3-x86_64-linux.gem 302",
        "GET rubygems.test /info/rocket 200",
        "GET hex.test /tarballs/rocket-1.2.3.tar 200",
        "GET hex.test /packages/rocket 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET rubygems.test /gems/rocket-1.2.3-x86_64-linux.gem 302 → download rubygems rocket 1.2.3 rocket-1.2.3-x86_64-linux.gem linux x86_64
    GET rubygems.test /info/rocket 200 → metadata rubygems rocket - - - -
    GET hex.test /tarballs/rocket-1.2.3.tar 200 → download hex rocket 1.2.3 rocket-1.2.3.tar - -
    GET hex.test /packages/rocket 200 → metadata hex rocket - - - -
    ");
}

#[test]
fn system_packages_are_known_by_their_files_names() {
    let said = read(&[
        "GET apt.test /pool/main/r/rocket/rocket_1.2.3-1_amd64.deb 302",
        "GET apt.test /dists/stable/InRelease 200",
        "GET rpm.test /fedora/41/x86_64/rocket-1.2.3-1.fc41.x86_64.rpm 302",
        "GET rpm.test /fedora/41/x86_64/repodata/repomd.xml 200",
        "GET conda.test /linux-64/rocket-1.2.3-h0_0.conda 302",
        "GET conda.test /linux-64/repodata.json 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET apt.test /pool/main/r/rocket/rocket_1.2.3-1_amd64.deb 302 → download apt rocket 1.2.3-1 rocket_1.2.3-1_amd64.deb linux amd64
    GET apt.test /dists/stable/InRelease 200 → refused: not counted by the configuration
    GET rpm.test /fedora/41/x86_64/rocket-1.2.3-1.fc41.x86_64.rpm 302 → download rpm rocket 1.2.3-1.fc41 rocket-1.2.3-1.fc41.x86_64.rpm linux x86_64
    GET rpm.test /fedora/41/x86_64/repodata/repomd.xml 200 → refused: not counted by the configuration
    GET conda.test /linux-64/rocket-1.2.3-h0_0.conda 302 → download conda rocket 1.2.3 rocket-1.2.3-h0_0.conda linux amd64
    GET conda.test /linux-64/repodata.json 200 → refused: not counted by the configuration
    ");
}

#[test]
fn other_indexes_are_known_by_their_files_too() {
    let said = read(&[
        "GET nuget.test /v3/content/rocket/1.2.3/rocket.1.2.3.nupkg 302",
        "GET nuget.test /v3/index.json 200",
        "GET composer.test /dist/acme/rocket/1.2.3/abc.zip 302",
        "GET composer.test /p2/acme/rocket.json 200",
        "GET helm.test /charts/rocket-1.2.3.tgz 302",
        "GET helm.test /index.yaml 200",
        "GET homebrew.test /rocket-1.2.3.arm64_sonoma.bottle.tar.gz 302",
        "GET terraform.test /files/acme/compass/2.1.0/linux/amd64/terraform-provider-compass_2.1.0_linux_amd64.zip 302",
        "GET terraform.test /.well-known/terraform.json 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET nuget.test /v3/content/rocket/1.2.3/rocket.1.2.3.nupkg 302 → download nuget rocket 1.2.3 rocket.1.2.3.nupkg - -
    GET nuget.test /v3/index.json 200 → refused: not counted by the configuration
    GET composer.test /dist/acme/rocket/1.2.3/abc.zip 302 → download composer acme/rocket 1.2.3 rocket-1.2.3.zip - -
    GET composer.test /p2/acme/rocket.json 200 → metadata composer acme/rocket - - - -
    GET helm.test /charts/rocket-1.2.3.tgz 302 → download helm rocket 1.2.3 rocket-1.2.3.tgz - -
    GET helm.test /index.yaml 200 → refused: not counted by the configuration
    GET homebrew.test /rocket-1.2.3.arm64_sonoma.bottle.tar.gz 302 → download homebrew rocket 1.2.3 rocket-1.2.3.arm64_sonoma.bottle.tar.gz darwin arm64
    GET terraform.test /files/acme/compass/2.1.0/linux/amd64/terraform-provider-compass_2.1.0_linux_amd64.zip 302 → download terraform acme/compass 2.1.0 terraform-provider-compass_2.1.0_linux_amd64.zip linux amd64
    GET terraform.test /.well-known/terraform.json 200 → refused: not counted by the configuration
    ");
}

#[test]
fn a_container_pull_is_not_guessed_from_its_requests() {
    let said = read(&[
        "GET cr.test /v2/ 200",
        "GET cr.test /v2/server/manifests/1.2.3 200",
        "HEAD cr.test /v2/server/manifests/1.2.3 200",
        "GET cr.test /v2/server/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 307",
        "GET cr.test /v2/server/tags/list 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET cr.test /v2/ 200 → refused: not counted by the configuration
    GET cr.test /v2/server/manifests/1.2.3 200 → refused: a container pull cannot be told from its requests; import the registry's counter instead
    HEAD cr.test /v2/server/manifests/1.2.3 200 → refused: a container pull cannot be told from its requests; import the registry's counter instead
    GET cr.test /v2/server/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 307 → refused: a container pull cannot be told from its requests; import the registry's counter instead
    GET cr.test /v2/server/tags/list 200 → refused: not counted by the configuration
    ");
}

#[test]
fn what_was_answered_decides_whether_it_was_a_download() {
    let said = read(&[
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 206",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 304",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 307",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 404",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 403",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 500",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 499",
        "GET get.test /rocket/1.0/linux-amd64.tar.gz 0",
        "GET get.test /install.sh 502",
        "GET npm.test /@acme/rocket 404",
    ]);
    insta::assert_snapshot!(said, @"
    GET get.test /rocket/1.0/linux-amd64.tar.gz 206 → download file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 304 → check file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 307 → download file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 404 → broken_link file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 403 → broken_link file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 500 → broken_link file acme/rocket 1.0 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1.0/linux-amd64.tar.gz 499 → refused: the client left before there was an answer
    GET get.test /rocket/1.0/linux-amd64.tar.gz 0 → refused: the client left before there was an answer
    GET get.test /install.sh 502 → broken_link script acme/rocket - install.sh - -
    GET npm.test /@acme/rocket 404 → broken_link npm @acme/rocket - - - -
    ");
}

#[test]
fn hosts_are_compared_as_names() {
    let said = read(&[
        "GET GET.Test:8443 /install.sh 200",
        "GET get.test. /install.sh 200",
        "GET elsewhere.test /install.sh 404",
        "GET 192.0.2.7 /install.sh 404",
        "GET get.test:port /install.sh 200",
        "GET get.test/x /install.sh 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET GET.Test:8443 /install.sh 200 → script script acme/rocket - install.sh - -
    GET get.test. /install.sh 200 → script script acme/rocket - install.sh - -
    GET elsewhere.test /install.sh 404 → refused: no route of the configuration has this address
    GET 192.0.2.7 /install.sh 404 → refused: no route of the configuration has this address
    GET get.test:port /install.sh 200 → refused: no request that a gateway would take
    GET get.test/x /install.sh 200 → refused: no request that a gateway would take
    ");
}

#[test]
fn queries_are_matched_and_never_part_of_a_name() {
    let said = read(&[
        "GET get.test /rocket/1.2.3/linux-amd64.tar.gz?utm_source=x 302",
        "GET get.test /latest?arch=arm64&os=linux 302",
        "GET get.test /latest 404",
        "GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl?key=/../x 200",
        "GET get.test /install.sh?a=%0d%0aSet-Cookie:x 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET get.test /rocket/1.2.3/linux-amd64.tar.gz?utm_source=x 302 → download file acme/rocket 1.2.3 linux-amd64.tar.gz linux amd64
    GET get.test /latest?arch=arm64&os=linux 302 → download file acme/rocket - latest linux -
    GET get.test /latest 404 → refused: no route of the configuration has this address
    GET pypi.test /files/rocket/rocket-1.2.3-py3-none-any.whl?key=/../x 200 → download pypi rocket 1.2.3 rocket-1.2.3-py3-none-any.whl - -
    GET get.test /install.sh?a=%0d%0aSet-Cookie:x 200 → refused: no request that a gateway would take
    ");
}

#[test]
fn percent_encoding_is_read_once() {
    let said = read(&[
        "GET get.test /rocket/1.2.3%2Bbuild/linux-amd64.tar.gz 302",
        "GET get.test /rocket/%31.2.3/linux-amd64.tar.gz 302",
        "GET get.test /rocket/1%2F2/linux-amd64.tar.gz 302",
        "GET get.test /rocket/%2e%2e/linux-amd64.tar.gz 302",
        "GET get.test /rocket/1%252f2/linux-amd64.tar.gz 302",
        "GET get.test /rocket/1%zz/linux-amd64.tar.gz 302",
        "GET get.test /rocket/1%00/linux-amd64.tar.gz 302",
        "GET npm.test /%40acme%2Frocket/-/rocket-1.2.3.tgz 200",
    ]);
    insta::assert_snapshot!(said, @"
    GET get.test /rocket/1.2.3%2Bbuild/linux-amd64.tar.gz 302 → download file acme/rocket 1.2.3+build linux-amd64.tar.gz linux amd64
    GET get.test /rocket/%31.2.3/linux-amd64.tar.gz 302 → download file acme/rocket 1.2.3 linux-amd64.tar.gz linux amd64
    GET get.test /rocket/1%2F2/linux-amd64.tar.gz 302 → refused: no route of the configuration has this address
    GET get.test /rocket/%2e%2e/linux-amd64.tar.gz 302 → refused: no request that a gateway would take
    GET get.test /rocket/1%252f2/linux-amd64.tar.gz 302 → refused: no request that a gateway would take
    GET get.test /rocket/1%zz/linux-amd64.tar.gz 302 → refused: no request that a gateway would take
    GET get.test /rocket/1%00/linux-amd64.tar.gz 302 → refused: no request that a gateway would take
    GET npm.test /%40acme%2Frocket/-/rocket-1.2.3.tgz 200 → download npm @acme/rocket 1.2.3 rocket-1.2.3.tgz - -
    ");
}

#[test]
fn what_no_gateway_would_take_is_refused() {
    let said = read(&[
        "CONNECT get.test get.test:443 200",
        "GET get.test http://get.test/install.sh 200",
        "GET get.test * 200",
        "OPTIONS get.test * 200",
        "BREW get.test /install.sh 200",
        "get get.test /install.sh 200",
        "GET get.test /../../etc/passwd 400",
        "GET get.test /a\\b 400",
        "GET get.test install.sh 200",
    ]);
    insta::assert_snapshot!(said, @r#"
    CONNECT get.test get.test:443 200 → refused: no request that a gateway would take
    GET get.test http://get.test/install.sh 200 → refused: no request that a gateway would take
    GET get.test * 200 → refused: no request that a gateway would take
    OPTIONS get.test * 200 → refused: no request that a gateway would take
    BREW get.test /install.sh 200 → refused: no request that a gateway would take
    get get.test /install.sh 200 → refused: no request that a gateway would take
    GET get.test /../../etc/passwd 400 → refused: no request that a gateway would take
    GET get.test /a\b 400 → refused: no request that a gateway would take
    GET get.test install.sh 200 → refused: no request that a gateway would take
    "#);
}

#[test]
fn whoever_asked_not_to_be_counted_is_marked() {
    let classifier = classifier();
    let asked = [true, false].map(|opted_out| Logged {
        opted_out,
        ..logged("GET get.test /install.sh 200")
    });
    let marked = asked.map(|logged| classifier.classify(logged).map(|told| told.opted_out));
    assert_eq!(marked, [Ok(true), Ok(false)]);
}

#[test]
fn what_the_log_knows_besides_comes_along() {
    let logged = Logged {
        id: Some("req-1".into()),
        time: 1_760_129_736,
        bytes: 17,
        user_agent: "curl/8.0".into(),
        referrer: "https://acme.example/".into(),
        ..logged("GET GET.test:443 /install.sh?a=b 302")
    };
    let told = classifier().classify(logged).expect("a script of ours");
    assert_eq!(told.id.as_deref(), Some("req-1"));
    assert_eq!(
        (told.time, told.bytes, told.status),
        (1_760_129_736, 17, 302)
    );
    assert_eq!((told.domain.as_str(), told.method), ("get.test", "GET"));
    assert_eq!(told.target, "/install.sh?a=b");
    assert_eq!(told.answer, Answer::Redirect);
    assert_eq!(told.user_agent, "curl/8.0");
    assert_eq!(told.referrer, "https://acme.example/");
}
