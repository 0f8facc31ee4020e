//! What clients ask that cannot run here, request by request, and what is counted of it.
//!
//! A trace is a text file: `#` says which client and command, `image` what it pulls and `agent` how it
//! names itself. Then its requests below `/v2/NAME/` (or from the root), with a `range` where it sends
//! one and `->` before a status other than success; then after `=` the events, each as kind, ecosystem
//! (if not oci), version, and for downloads the platform. Digests are named in braces by what they are of.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::HOST;
use crate::debian::DebianRegistry;
use crate::puller::digest_of;
use crate::world::client::version_in;
use crate::world::row::Installed;
use crate::world::{Event, World};

/// A trace as written.
struct Trace {
    name: String,
    repository: String,
    tag: String,
    agent: String,
    requests: Vec<Request>,
    events: Vec<String>,
}

struct Request {
    method: String,
    path: String,
    range: Option<String>,
    status: Option<u16>,
}

/// Digests by what they are of.
type Names = BTreeMap<String, String>;

impl Trace {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("a trace");
        let of = |start: &str| -> Vec<&str> {
            text.lines()
                .filter_map(|line| line.strip_prefix(start))
                .collect()
        };
        let (repository, tag) = of("image ")[0].split_once(':').expect("name and tag");
        let requests = text
            .lines()
            .filter(|line| line.starts_with("GET ") || line.starts_with("HEAD "));
        Self {
            name: path
                .file_stem()
                .and_then(|name| name.to_str())
                .expect("a name")
                .to_owned(),
            repository: repository.to_owned(),
            tag: tag.to_owned(),
            agent: of("agent ")[0].to_owned(),
            requests: requests.map(Request::read).collect(),
            events: of("= ").into_iter().map(str::to_owned).collect(),
        }
    }
}

impl Trace {
    /// Leaves a row with what is more than a look.
    fn leave_row(&self, expected: &[String], seen: &[String]) {
        let counted = |events: &[String]| -> Vec<String> {
            let is_counted =
                |event: &&String| event.starts_with("download ") || event.starts_with("mirror ");
            let events = events.iter().filter(is_counted);
            events.map(|event| event.replace("download ", "")).collect()
        };
        let name = self.agent.split('/').next().expect("a part before any");
        let version = version_in(&self.agent).unwrap_or_default().to_owned();
        let client = Installed::new("OCI, by known requests", name, version);
        let scenario = self.name.replace('-', " ");
        client
            .row(&scenario, counted(expected), counted(seen))
            .write();
    }
}

impl Request {
    fn read(line: &str) -> Self {
        let (line, status) = match line.split_once(" -> ") {
            Some((line, status)) => (line, status.parse().ok()),
            None => (line, None),
        };
        let (line, range) = match line.split_once(" range ") {
            Some((line, range)) => (line, Some(range.to_owned())),
            None => (line, None),
        };
        let (method, path) = line.split_once(' ').expect("method and path");
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            range,
            status,
        }
    }
}

/// Every trace in the order of their names.
fn traces() -> Vec<Trace> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images/traces");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("the traces")
        .map(|entry| entry.expect("a file").path())
        .collect();
    files.sort();
    files.iter().map(|path| Trace::read(path)).collect()
}

/// Each trace pulls under a name of its own, so that none learns from another.
fn config(traces: &[Trace], debian: &DebianRegistry) -> String {
    let upstream = |repository: &str| match repository {
        "server" => "REGISTRY/acme/rocket-server".to_owned(),
        other => format!("http://{}/{other}", debian.address),
    };
    let package = |trace: &Trace| {
        format!(
            "[[package]]\nname = {:?}\nkind = \"oci\"\ndomains = [{HOST:?}]\nimage = {:?}\nupstream = {:?}\n",
            trace.name,
            trace.name,
            upstream(&trace.repository)
        )
    };
    traces.iter().map(package).collect()
}

/// Reads a manifest upstream, as nobody's client.
async fn manifest(
    world: &World,
    debian: &DebianRegistry,
    repository: &str,
    reference: &str,
) -> Value {
    let (base, token) = if repository == "server" {
        let registry = &world.registry.addresses().registry;
        let scope = "repository:acme/rocket-server:pull";
        let token: Value = get(world, &format!("{registry}/token?scope={scope}"), "").await;
        let token = token["token"].as_str().expect("a token").to_owned();
        (format!("{registry}/v2/acme/rocket-server"), token)
    } else {
        (
            format!("http://{}/v2/{repository}", debian.address),
            String::new(),
        )
    };
    get(world, &format!("{base}/manifests/{reference}"), &token).await
}

async fn get(world: &World, url: &str, token: &str) -> Value {
    let mut request = world.http.get(url).header("accept", ACCEPTED);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    let bytes = request
        .send()
        .await
        .expect("an answer")
        .bytes()
        .await
        .expect("a body");
    let mut value: Value = serde_json::from_slice(&bytes).expect("JSON");
    value["digest"] = digest_of(&bytes).into();
    value
}

const ACCEPTED: &str =
    "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json";

/// The digests of an image and of everything in it.
async fn names(world: &World, debian: &DebianRegistry, trace: &Trace) -> Names {
    let mut names = Names::new();
    let top = manifest(world, debian, &trace.repository, &trace.tag).await;
    let digest = |value: &Value| value["digest"].as_str().expect("a digest").to_owned();
    let Some(leaves) = top["manifests"].as_array() else {
        add_leaf(&mut names, "manifest", &top);
        return names;
    };
    names.insert("index".into(), digest(&top));
    names.insert("index.tag".into(), digest(&top).replace(':', "-"));
    for entry in leaves {
        let name = match entry["platform"]["architecture"].as_str() {
            Some("unknown") | None => "attestation",
            Some(arch) => arch,
        };
        let leaf = manifest(world, debian, &trace.repository, &digest(entry)).await;
        add_leaf(&mut names, name, &leaf);
    }
    names
}

fn add_leaf(names: &mut Names, name: &str, leaf: &Value) {
    let digest = |value: &Value| value["digest"].as_str().expect("a digest").to_owned();
    names.insert(name.to_owned(), digest(leaf));
    names.insert(format!("{name}.config"), digest(&leaf["config"]));
    for (at, layer) in leaf["layers"]
        .as_array()
        .expect("layers")
        .iter()
        .enumerate()
    {
        names.insert(format!("{name}.layer{}", at + 1), digest(layer));
    }
}

fn fill(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (name, digest)| {
        text.replace(&format!("{{{name}}}"), digest)
    })
}

/// Sends what the client sent; what was answered otherwise than it says.
async fn replay(world: &World, trace: &Trace, names: &Names) -> Vec<String> {
    let mut wrong = Vec::new();
    for request in &trace.requests {
        let path = if request.path.starts_with('/') {
            request.path.clone()
        } else {
            format!("/v2/{}/{}", trace.name, fill(&request.path, names))
        };
        let mut sent = world
            .request(&request.method, HOST, &path)
            .header("accept", ACCEPTED)
            .header("user-agent", &trace.agent);
        if let Some(range) = &request.range {
            sent = sent.header("range", range);
        }
        let status = sent.send().await.expect("an answer").status().as_u16();
        let right = match request.status {
            Some(expected) => status == expected,
            None => matches!(status, 200 | 206 | 307),
        };
        if !right {
            wrong.push(format!("{} {} -> {status}", request.method, request.path));
        }
    }
    wrong
}

fn told(event: &Event) -> String {
    let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
    let mut words = vec![text("kind"), text("ecosystem"), text("version")];
    words.retain(|word| word != "oci");
    if ["download", "mirror"].contains(&words[0].as_str()) {
        words.extend([text("os"), text("arch")]);
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

#[tokio::test]
async fn clients_that_cannot_run_here_are_counted_by_what_they_are_known_to_ask() {
    let debian = DebianRegistry::start();
    let traces = traces();
    let world = World::start(&config(&traces, &debian)).await;
    debian.push_chart(&world.http).await;
    debian.push_policy(&world.http).await;
    let mut wrong = Vec::new();
    let mut expected = Vec::new();
    for trace in &traces {
        let names = names(&world, &debian, trace).await;
        let answers = replay(&world, trace, &names).await;
        wrong.extend(answers.iter().map(|line| format!("{}: {line}", trace.name)));
        expected.push(trace.events.iter().map(|line| fill(line, &names)).collect());
    }
    let events = world.recorded().await;
    for (trace, expected) in traces.iter().zip::<Vec<Vec<String>>>(expected) {
        let own = events
            .iter()
            .filter(|event| event["package"] == *trace.name);
        let seen: Vec<_> = own.map(told).collect();
        trace.leave_row(&expected, &seen);
        if seen != expected {
            wrong.push(format!(
                "{}:\nexpected {expected:#?}\nseen {seen:#?}",
                trace.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(traces.len() >= 15, "the traces were found");
}
