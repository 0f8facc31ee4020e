//! .NET packages through the gateway: the service index leads here, and a package is one download. The
//! requests are those of `NuGet`'s own client, since no registry within reach has one of version 3.

mod world;

use serde_json::Value;
use world::{Event, World, columns, of_kind};

const CONFIG: &str = r#"
[[index]]
kind = "nuget"
domains = ["get.test.localhost"]
path = "/nuget/"
upstream = "REGISTRY/nuget/"
packages = ["Acme.*"]

[[index]]
kind = "nuget"
domains = ["nuget.test.localhost"]
upstream = "REGISTRY/nuget/v3/index.json"
packages = ["Acme.*"]
"#;

const AGENT: &str = "NuGet .NET Core MSBuild Task/6.12.0 (Linux)";

fn lines(events: &[Event]) -> String {
    let what = [
        "kind",
        "domain",
        "package",
        "version",
        "artifact",
        "client",
        "client_version",
        "os",
        "method",
        "status",
        "answer",
    ];
    let lines: Vec<_> = events.iter().map(|event| columns(event, &what)).collect();
    lines.join("\n")
}

/// A request as `dotnet restore` sends it: all of one operation, here of one host, have one session.
async fn ask(world: &World, method: &str, host: &str, path: &str) -> reqwest::Response {
    let request = world
        .request(method, host, path)
        .header("user-agent", AGENT)
        .header(
            "x-nuget-session-id",
            format!("7d1f3a52-9a7e-4d0c-8a44-{host}"),
        );
    request.send().await.expect("an answer")
}

/// Where the service index on `host` says that packages are: a path of that host.
async fn content(world: &World, host: &str, mount: &str) -> String {
    let services = ask(world, "GET", host, &format!("{mount}/v3/index.json")).await;
    let services: Value = services.json().await.expect("JSON");
    let resources = services["resources"].as_array().expect("resources");
    let of_type = |name: &str| {
        let found = resources.iter().find(|resource| resource["@type"] == name);
        found
            .and_then(|resource| resource["@id"].as_str())
            .expect("an address")
    };
    let registry = &world.registry.addresses().registry;
    assert!(of_type("SearchQueryService").starts_with(registry));
    let address = of_type("PackageBaseAddress/3.0.0");
    let path = address.strip_prefix(&format!("http://{host}"));
    path.expect("an address of ours").to_owned()
}

/// The body of where a request is sent on to.
async fn followed(world: &World, host: &str, path: &str) -> Vec<u8> {
    let answer = ask(world, "GET", host, path).await;
    assert_eq!(answer.status(), 302, "{path}");
    let location = answer.headers()["location"]
        .to_str()
        .expect("text")
        .to_owned();
    assert!(
        location.starts_with(&world.registry.addresses().storage),
        "{location}"
    );
    let body = world.http.get(location).send().await.expect("storage");
    assert_eq!(body.status(), 200);
    body.bytes().await.expect("a body").to_vec()
}

#[tokio::test]
async fn a_restore_is_one_download_on_a_shared_domain_and_on_one_of_its_own() {
    let world = World::start(CONFIG).await;
    for (host, mount) in [
        ("get.test.localhost", "/nuget"),
        ("nuget.test.localhost", ""),
    ] {
        let content = content(&world, host, mount).await;
        let versions = followed(&world, host, &format!("{content}acme.compass/index.json")).await;
        assert_eq!(&versions[..], br#"{"versions":["2.0.0","2.1.0"]}"#);
        for name in [
            "acme.compass/2.1.0/acme.compass.2.1.0.nupkg",
            "tideline.demo/0.3.0/tideline.demo.0.3.0.nupkg",
        ] {
            let package = followed(&world, host, &format!("{content}{name}")).await;
            assert_eq!(&package[..4], b"PK\x03\x04", "{name}");
        }
    }
    let downloads = world.downloads(2).await;
    insta::assert_snapshot!(lines(&downloads), @"
    download | get.test.localhost | acme.compass | 2.1.0 | acme.compass.2.1.0.nupkg | nuget | 6.12.0 | linux | GET | 302 | redirect
    download | nuget.test.localhost | acme.compass | 2.1.0 | acme.compass.2.1.0.nupkg | nuget | 6.12.0 | linux | GET | 302 | redirect
    ");
    let events = world.events().await;
    insta::assert_snapshot!(lines(&of_kind(&events, "metadata")), @"
    metadata | get.test.localhost | acme.compass |  | index.json | nuget | 6.12.0 | linux | GET | 302 | redirect
    metadata | nuget.test.localhost | acme.compass |  | index.json | nuget | 6.12.0 | linux | GET | 302 | redirect
    ");
}

#[tokio::test]
async fn descriptions_sizes_and_what_is_not_there_are_no_downloads() {
    let world = World::start(CONFIG).await;
    let host = "get.test.localhost";
    let folder = "/nuget/v3/content/acme.compass/2.0.0/acme.compass";
    followed(&world, host, &format!("{folder}.nuspec")).await;
    let sized = ask(&world, "HEAD", host, &format!("{folder}.2.0.0.nupkg")).await;
    assert_eq!(sized.status(), 200);
    assert_ne!(sized.headers()["content-length"], "0");
    let silent = world.request("GET", host, &format!("{folder}.2.0.0.nupkg"));
    assert_eq!(
        silent
            .header("dnt", "1")
            .send()
            .await
            .expect("an answer")
            .status(),
        302
    );
    let piece = world.request("GET", host, &format!("{folder}.2.0.0.nupkg"));
    assert_eq!(
        piece
            .header("range", "bytes=9-")
            .send()
            .await
            .expect("an answer")
            .status(),
        302
    );
    let events = world.wait_for(|events| events.len() >= 3).await;
    insta::assert_snapshot!(lines(&events), @"
    metadata | get.test.localhost | acme.compass | 2.0.0 | acme.compass.nuspec | nuget | 6.12.0 | linux | GET | 302 | redirect
    check | get.test.localhost | acme.compass | 2.0.0 | acme.compass.2.0.0.nupkg | nuget | 6.12.0 | linux | HEAD | 200 | proxy
    inspect | get.test.localhost | acme.compass | 2.0.0 | acme.compass.2.0.0.nupkg |  |  |  | GET | 302 | redirect
    ");
}
