//! Domains that belong to somebody else: nothing is served on them until their owners say so in DNS, and what they said
//! once is not taken back by silence.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::names::NameServer;
use crate::world::{PATIENCE, World};
use crate::{gateway, status};

const DOMAIN: &str = "get.alice.test";
const RECORD: &str = "_weir.get.alice.test";

/// A package on a domain of `owner`, and one on a domain of the operator's.
fn config(dns: &NameServer, owner: &str) -> String {
    let entry = owned(DOMAIN, owner);
    settings(dns) + &entry + &package("alice/a", DOMAIN) + &package("acme/b", "get.acme.test")
}

fn settings(dns: &NameServer) -> String {
    let address = dns.address;
    gateway(&format!(
        "name_servers = [\"{address}\"]\nverify_files = false"
    ))
}

fn owned(domain: &str, owner: &str) -> String {
    format!("[[domain]]\nname = {domain:?}\nowner = {owner:?}\n")
}

fn package(name: &str, domain: &str) -> String {
    format!(
        "[[package]]\nname = {name:?}\nkind = \"file\"\ndomains = [{domain:?}]\n\
         [[package.route]]\npath = \"/{{version}}\"\nto = \"https://files.test/{{version}}\"\n"
    )
}

async fn wait_for(world: &World, domain: &str, expected: u16) {
    let deadline = Instant::now() + PATIENCE;
    while status(world, domain, "/1.0").await != expected {
        assert!(Instant::now() < deadline, "{}", world.weir.said());
        // Each look is an event.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Until somebody waits for what `dns` keeps back about `name`.
async fn asked_about(dns: &NameServer, name: &str) {
    let deadline = Instant::now() + PATIENCE;
    while dns.waiting(name) == 0 {
        assert!(Instant::now() < deadline, "nobody asks about {name}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// What `weir domains` says of the owned one.
async fn told(world: &World) -> String {
    let weir = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["domains", "--config"])
        .arg(world.folder.path().join("weir.toml"))
        .output()
        .await
        .expect("it runs");
    let text = String::from_utf8(weir.stdout).expect("text");
    let of_alice = text
        .split_inclusive('\n')
        .skip_while(|line| !line.starts_with(DOMAIN));
    of_alice.collect()
}

#[tokio::test]
async fn nothing_is_served_on_a_domain_until_its_owner_says_that_it_is_theirs() {
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    dns.say(RECORD, &["something=else", "weir-owner=mallory"]);
    let world = World::start(&config(&dns, "alice")).await;
    assert_eq!(status(&world, DOMAIN, "/1.0").await, 404);
    assert_eq!(
        status(&world, &format!("notrack.{DOMAIN}"), "/1.0").await,
        404
    );
    assert_eq!(
        status(&world, "get.acme.test", "/1.0").await,
        302,
        "the operator's own"
    );
    insta::assert_snapshot!(told(&world).await, @"
    get.alice.test
      DNS          127.0.0.1
      certificate  none
      owner        alice, which _weir.get.alice.test does not say
      missing      alice has not shown that it is theirs, so nothing is served on it: have them add the TXT record _weir.get.alice.test with weir-owner=alice
    ");
    let line = world.weir.wait_for_line("until its owner publishes");
    assert!(line.contains(RECORD), "{line}");
    dns.say(RECORD, &["something=else", "weir-owner=alice"]);
    wait_for(&world, DOMAIN, 302).await;
    let said = world.weir.said().matches("until its owner").count();
    assert_eq!(said, 1, "looked for every five seconds, said once");
    insta::assert_snapshot!(told(&world).await, @"
    get.alice.test
      DNS          127.0.0.1
      certificate  none
      owner        alice, as _weir.get.alice.test says
    ");
    let events = world.recorded().await;
    let kinds: Vec<_> = events
        .iter()
        .map(|event| (&event["kind"], &event["package"]))
        .collect();
    assert_eq!(
        kinds[0],
        (&"broken_link".into(), &"".into()),
        "it is nobody's event"
    );
}

#[tokio::test]
async fn what_an_owner_said_holds_after_a_restart_without_dns_and_for_no_other_owner() {
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    dns.say(RECORD, &["weir-owner=alice"]);
    let mut world = World::start(&config(&dns, "alice")).await;
    wait_for(&world, DOMAIN, 302).await;
    dns.die();
    world.weir.kill();
    world.restart();
    assert_eq!(status(&world, DOMAIN, "/1.0").await, 302, "DNS is silent");
    world.configure(&config(&dns, "bob"));
    wait_for(&world, DOMAIN, 404).await;
    assert_eq!(status(&world, "get.acme.test", "/1.0").await, 302);
}

#[tokio::test]
async fn a_look_that_waits_for_dns_while_domains_are_added_serves_none_of_these() {
    const OTHER: &str = "get.bob.test";
    let others_record = format!("_weir.{OTHER}");
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    dns.say(RECORD, &["weir-owner=alice"]);
    dns.hold(RECORD);
    dns.hold(&others_record);
    let before = config(&dns, "alice");
    let world = World::start(&before).await;
    asked_about(&dns, RECORD).await;
    let added =
        owned(OTHER, "bob") + &package("bob/c", OTHER) + &package("acme/d", "new.acme.test");
    world.configure(&(before + &added));
    wait_for(&world, "new.acme.test", 302).await;
    dns.let_go(RECORD).await;
    wait_for(&world, DOMAIN, 302).await;
    assert_eq!(status(&world, OTHER, "/1.0").await, 404, "bob said nothing");
    // The new domain is asked about at once, not when the next look is due.
    asked_about(&dns, &others_record).await;
    dns.say(&others_record, &["weir-owner=bob"]);
    dns.let_go(&others_record).await;
    wait_for(&world, OTHER, 302).await;
}
