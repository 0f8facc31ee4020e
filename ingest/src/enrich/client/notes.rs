//! The words that most agents share: `node/v20.20.2`, `os/linux`, `x86_64-linux`, `ci/github`, `Java 17`.

use weir_event::Ci;

use super::Client;
use crate::enrich::{platform, words};

/// (what an agent says, the name of the service)
const BUILD_SERVICES: &[(&str, &str)] = &[
    ("github", "github-actions"),
    ("github-actions", "github-actions"),
    ("github_actions", "github-actions"),
    ("gitlab", "gitlab-ci"),
    ("gitlab-ci", "gitlab-ci"),
    ("travis", "travis-ci"),
    ("travis-ci", "travis-ci"),
    ("circle", "circleci"),
    ("circleci", "circleci"),
    ("circle-ci", "circleci"),
    ("azure-pipelines", "azure-pipelines"),
    ("bitbucket", "bitbucket-pipelines"),
    ("bitbucket-pipelines", "bitbucket-pipelines"),
    ("codebuild", "aws-codebuild"),
    ("aws-codebuild", "aws-codebuild"),
    ("jenkins", "jenkins"),
    ("buildkite", "buildkite"),
    ("appveyor", "appveyor"),
    ("teamcity", "teamcity"),
    ("drone", "drone"),
    ("woodpecker", "woodpecker"),
    ("semaphore", "semaphore"),
    ("vercel", "vercel"),
    ("netlify", "netlify"),
    ("cirrus", "cirrus-ci"),
    ("cirrus-ci", "cirrus-ci"),
];

/// The words of an agent, as every way to group them leaves them.
pub(super) fn words(agent: &str) -> impl Iterator<Item = &str> {
    agent
        .split([' ', ';', ',', '(', ')', '\\', '"'])
        .filter(|word| !word.is_empty())
}

/// Learns from the words that follow the version. What an agent says first counts.
pub(super) fn read<'a>(client: &mut Client<'a>, rest: &'a str) {
    let mut before = "";
    let mut distribution = None;
    for word in words(rest) {
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            number(client, before, distribution, word);
        } else if let Some((name, value)) = word.split_once('/').filter(|_| !is_gnu(word)) {
            pair(client, name, value);
        } else {
            bare(client, word);
            distribution = platform::distribution(word).or(distribution);
        }
        before = word;
    }
}

/// The one system with a slash in its name.
fn is_gnu(word: &str) -> bool {
    word.eq_ignore_ascii_case("gnu/linux")
}

/// A version that stands behind its name: `Java 17.0.15`, `Ubuntu 22.04.3`, `Mac OS X 14.5`.
fn number<'a>(client: &mut Client<'a>, before: &str, distribution: Option<&str>, word: &'a str) {
    match before {
        "Java" => runtime(client, "java", word),
        "PHP" => runtime(client, "php", word),
        "X" | "macOS" if client.os == "darwin" => system_version(client, "", word),
        _ => {
            if let Some(distribution) = distribution {
                system_version(client, distribution, word);
            }
        }
    }
}

/// `name/value`.
fn pair<'a>(client: &mut Client<'a>, name: &str, value: &'a str) {
    match &*words::lower(name) {
        "node" => runtime(client, "node", value),
        "cpython" | "python" => runtime(client, "cpython", value),
        "pypy" => runtime(client, "pypy", value),
        "ruby" => runtime(client, "ruby", value),
        "jruby" => runtime(client, "jruby", value),
        "java" => runtime(client, "java", value),
        "php" => runtime(client, "php", value),
        "os" => system(client, value),
        "arch" => processor(client, value),
        "glibc" => libc(client, "glibc"),
        "musl" => libc(client, "musl"),
        "ci" => build_service(client, value),
        "osx" | "macos" => {
            system(client, "darwin");
            system_version(client, "", value);
        }
        name => {
            system(client, name);
            if client.os_version.is_empty()
                && let Some(distribution) = platform::distribution(name)
            {
                system_version(client, distribution, value);
            }
        }
    }
}

/// A word alone: a platform, a triple of platform words, or `CI`.
fn bare(client: &mut Client<'_>, word: &str) {
    if word.eq_ignore_ascii_case("ci") {
        client.ci = Ci::Yes;
        return;
    }
    system(client, word);
    processor(client, word);
    for part in word
        .split(['-', '.'])
        .filter(|part| part.len() < word.len())
    {
        system(client, part);
        processor(client, part);
    }
}

pub(super) fn runtime<'a>(client: &mut Client<'a>, name: &'static str, version: &'a str) {
    if client.runtime.is_empty() {
        client.runtime = name.into();
        client.runtime_version = words::version(version).into();
    }
}

pub(super) fn system(client: &mut Client<'_>, word: &str) {
    if client.os.is_empty() {
        client.os = platform::system(word).unwrap_or("").into();
    }
}

pub(super) fn processor(client: &mut Client<'_>, word: &str) {
    if client.arch.is_empty() {
        client.arch = platform::processor(word).unwrap_or("").into();
    }
}

pub(super) fn libc(client: &mut Client<'_>, name: &'static str) {
    if client.libc.is_empty() {
        client.libc = name.into();
    }
}

/// `debian 12`, `ubuntu 22.04`; other systems' versions stand alone.
pub(super) fn system_version(client: &mut Client<'_>, distribution: &str, version: &str) {
    let version = words::major_minor(words::version(version));
    if client.os_version.is_empty() && !version.is_empty() {
        client.os_version = format!("{distribution} {version}")
            .trim_start()
            .to_owned()
            .into();
    }
}

fn build_service(client: &mut Client<'_>, name: &str) {
    client.ci = Ci::Yes;
    let known = BUILD_SERVICES
        .iter()
        .find(|(said, _)| said.eq_ignore_ascii_case(name));
    if let (true, Some((_, service))) = (client.ci_name.is_empty(), known) {
        client.ci_name = (*service).into();
    }
}
