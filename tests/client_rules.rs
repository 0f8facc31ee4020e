//! An operator teaches a running gateway a client that it did not know.

mod world;

use std::fs;

use world::{Weir, World, columns};

const CONFIG: &str = r#"
[clients]
rules = "clients.toml"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "REGISTRY/acme/rocket/releases/download/v{version}/rocket-{os}-{arch}.tar.gz"
"#;

const TAUGHT: &str =
    r#"client = [{ agent = "AcmeGet/", name = "acme-installer", class = "tool" }]"#;

/// Downloads the file with an agent that the program's own rules do not know.
async fn download(world: &World) {
    let request = world.request("GET", "get.test", "/rocket/1.2.3/linux-amd64.tar.gz");
    let answer = request.header("user-agent", "AcmeGet/2.1").send().await;
    assert_eq!(answer.expect("an answer").status(), 302);
}

/// What `weir clients` says in the folder of a test.
fn weir_clients(world: &World, arguments: &[&str]) -> String {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_weir"))
        .arg("clients")
        .args(arguments)
        .current_dir(world.folder.path())
        .output()
        .expect("the program runs");
    String::from_utf8(output.stdout).expect("text") + &String::from_utf8_lossy(&output.stderr)
}

#[tokio::test]
async fn a_client_is_taught_while_downloads_go_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = folder.path().join("clients.toml");
    fs::write(&rules, "").expect("written");
    let mut world = World::start_in(folder, CONFIG).await;
    download(&world).await;

    fs::write(&rules, TAUGHT).expect("written");
    world.weir.wait_for_line("client rules loaded again");
    download(&world).await;

    fs::write(&rules, TAUGHT.replace("tool", "toll")).expect("written");
    let line = world.weir.wait_for_line("the old ones stay");
    assert!(line.contains("clients.toml:1:11: no class"), "{line}");
    download(&world).await;

    let events = world.wait_for(|events| events.len() == 3).await;
    let mut told: Vec<_> = events
        .iter()
        .map(|event| {
            columns(
                event,
                &["client", "client_version", "audience", "audience_reasons"],
            )
        })
        .collect();
    told.sort();
    insta::assert_snapshot!(told.join("\n"), @"
    acme-installer | 2.1 | people | client:interactive
    acme-installer | 2.1 | people | client:interactive
    acmeget |  | unknown | agent:unknown
    ");

    assert_eq!(world.weir.terminate(), Some(0));
    let said = weir_clients(&world, &["unknown"]);
    insta::assert_snapshot!(said, @r#"
        requests  client
               1  acmeget

    Rules to begin with; write as class what each is, and as name what you call it.

    client = [
      { agent = "acmeget", name = "acmeget", class = "tool" },
    ]
    "#);
    let refused = weir_clients(&world, &["test", "AcmeGet/2.1"]);
    assert!(
        refused.contains("clients.toml:1:11: no class \"toll\""),
        "{refused}"
    );
    // Wrong rules keep nobody from starting.
    world.weir = Weir::start(world.folder.path());
    assert!(world.weir.said().contains("client rules not loaded"));
}
