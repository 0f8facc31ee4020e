//! Certificates from an authority: ordered in each way, kept, renewed, and never for who only asks.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::names::Authority;
use crate::pebble::{Manner, Pebble};
use crate::world::{PATIENCE, World};

pub(crate) const NAME: &str = "get.weir.test";
const MADE: &str = "\"certificate made\"";

/// The gateway with what Pebble makes; `lines` are of `[acme]`.
pub(crate) async fn start(manner: Manner, lines: &str) -> (World, Pebble) {
    let folder = tempfile::tempdir().expect("a folder");
    let pebble = Pebble::start(folder.path(), manner).await;
    let config = config(&pebble, lines);
    (World::start_in(folder, &config).await, pebble)
}

fn config(pebble: &Pebble, lines: &str) -> String {
    let Pebble {
        http,
        https,
        dns,
        directory,
        root,
        ..
    } = pebble;
    format!(
        r#"
[gateway]
http = ["127.0.0.1:{http}"]
https = ["127.0.0.1:{https}"]
name_servers = ["127.0.0.1:{dns}"]
verify_files = false
[dashboards]
listen = "127.0.0.1:0"
[acme]
directory = "{directory}"
root = "{}"
contact = "ops@weir.test"
agree_to_terms = true
{lines}
[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.weir.test", "localhost", "127.0.0.1"]
  [[package.route]]
  path = "/rocket/{{version}}"
  to   = "https://files.test/v{{version}}"
"#,
        root.display()
    )
}

/// Waits until the program has said `text` so many times since its start.
async fn said(world: &World, text: &str, times: usize) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let said = world.weir.said();
        let mut lines = said.lines().filter(|line| line.contains(text));
        if let Some(line) = lines.nth(times - 1) {
            return line.to_owned();
        }
        assert!(Instant::now() < deadline, "no {text}: {said}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The certificate that is shown for [`NAME`] to who trusts Pebble, and that it serves.
async fn shown(pebble: &Pebble) -> Option<Vec<u8>> {
    let authority = Authority::from_pem(pebble.issuer().await);
    let ends = ([127, 0, 0, 1].into(), ([127, 0, 0, 1], pebble.https).into());
    let stream = authority.connect(ends, NAME, "http/1.1", "").await;
    let stream = stream.inspect_err(|error| eprintln!("{error}")).ok()?;
    let (_, connection) = stream.get_ref();
    let leaf = connection.peer_certificates()?.first()?.to_vec();
    let request = format!("GET /rocket/1 HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n");
    let answer = crate::names::ask(stream, &request).await;
    assert!(answer.starts_with("HTTP/1.1 302 "), "{answer}");
    Some(leaf)
}

/// Orders in the way of `lines`, then begins anew with what was kept.
async fn one_order_serves_two_runs(manner: Manner, lines: impl Fn(&Pebble) -> String) {
    let folder = tempfile::tempdir().expect("a folder");
    let pebble = Pebble::start(folder.path(), manner).await;
    let config = config(&pebble, &lines(&pebble));
    let mut world = World::start_in(folder, &config).await;
    said(&world, MADE, 1).await;
    let first = shown(&pebble).await.expect("a certificate");
    assert_eq!(world.weir.terminate(), Some(0));
    world.restart();
    assert_eq!(shown(&pebble).await, Some(first), "it is there at once");
    assert_eq!(
        (pebble.orders(), pebble.accounts()),
        (1, 1),
        "{}",
        pebble.said()
    );
}

#[tokio::test]
async fn a_name_is_shown_by_plain_http() {
    one_order_serves_two_runs(Manner::USUAL, |_| String::new()).await;
}

#[tokio::test]
async fn a_name_is_shown_in_a_handshake() {
    let lines = |_: &Pebble| "challenge = \"tls-alpn-01\"".to_owned();
    one_order_serves_two_runs(Manner::USUAL, lines).await;
}

#[tokio::test]
async fn a_name_is_shown_in_dns_by_the_operators_program() {
    // No address is needed for it.
    let manner = Manner {
        address: "",
        ..Manner::USUAL
    };
    let hook = r#"
case "$WEIR_ACME_ACTION" in
  present) to=set-txt ;;
  cleanup) to=clear-txt ;;
esac
curl -fsS -d "{\"host\": \"$WEIR_ACME_RECORD.\", \"value\": \"$WEIR_ACME_VALUE\"}" "http://127.0.0.1:$1/$to"
"#;
    let lines = |pebble: &Pebble| {
        let path = pebble.root.with_file_name("hook.sh");
        fs::write(&path, hook).expect("written");
        let (hook, port) = (path.display(), pebble.records);
        format!("challenge = \"dns-01\"\ndns_hook = [\"/bin/sh\", \"{hook}\", \"{port}\"]")
    };
    one_order_serves_two_runs(manner, lines).await;
}

#[tokio::test]
async fn a_certificate_is_renewed_before_it_ends_and_the_next_is_shown() {
    let manner = Manner {
        validity: 30,
        ..Manner::USUAL
    };
    let (world, pebble) = start(manner, "").await;
    said(&world, MADE, 1).await;
    let first = shown(&pebble).await.expect("a certificate");
    said(&world, MADE, 2).await;
    let deadline = Instant::now() + PATIENCE;
    while shown(&pebble).await.is_none_or(|next| next == first) {
        assert!(Instant::now() < deadline, "{}", world.weir.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(pebble.accounts(), 1);
}

#[tokio::test]
async fn a_thousand_names_that_nobody_configured_cause_no_order() {
    let (world, pebble) = start(Manner::USUAL, "").await;
    said(&world, MADE, 1).await;
    let authority = Authority::from_pem(pebble.issuer().await);
    let ends = ([127, 0, 0, 1].into(), ([127, 0, 0, 1], pebble.https).into());
    for number in 0..1000_u32 {
        let name = format!("{:x}.weir.test", number.wrapping_mul(2_654_435_761));
        let error = authority.connect(ends, &name, "h2", "").await;
        let error = error.expect_err("nobody has this name").to_string();
        assert!(error.contains("UnrecognisedName"), "{name}: {error}");
    }
    assert_eq!(pebble.orders(), 1);
    assert!(shown(&pebble).await.is_some(), "others are served");
}

#[tokio::test]
async fn a_name_without_an_address_is_waited_for_and_not_ordered() {
    let manner = Manner {
        address: "",
        ..Manner::USUAL
    };
    let (world, pebble) = start(manner, "").await;
    let line = said(&world, "no certificate is ordered yet", 1).await;
    assert!(line.contains("the name has no address in DNS"), "{line}");
    assert_eq!(pebble.orders(), 0);
}

#[tokio::test]
async fn a_failure_is_told_and_a_restart_does_not_ask_again() {
    let manner = Manner {
        looks_elsewhere: true,
        ..Manner::USUAL
    };
    let (mut world, pebble) = start(manner, "").await;
    let line = said(&world, "no certificate made", 1).await;
    assert!(
        line.contains("did not find that the name is ours"),
        "{line}"
    );
    assert_eq!(pebble.orders(), 1);
    assert_eq!(world.weir.terminate(), Some(0));
    world.restart();
    // The gateway serves, and what is due at the start has been ordered by now.
    assert_eq!(world.get(NAME, "/rocket/1").await.status(), 302);
    world.ready().await;
    assert_eq!(pebble.orders(), 1);
}

#[tokio::test]
async fn secrets_are_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let (world, _pebble) = start(Manner::USUAL, "").await;
    said(&world, MADE, 1).await;
    let folder = world.data().join("certs");
    for file in [
        "accounts.json",
        "ledger.json",
        "made/127.0.0.1/get.weir.test.pem",
    ] {
        let mode = fs::metadata(folder.join(file))
            .expect("there")
            .permissions();
        assert_eq!(mode.mode() & 0o777, 0o600, "{file}");
    }
    let log = world.weir.said();
    assert!(!log.contains("PRIVATE KEY"), "{log}");
}

/// What `weir domains` says, without what hangs on the day, and how it ends.
fn listed(world: &World) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_weir"))
        .args(["domains", "--config"])
        .arg(world.folder.path().join("weir.toml"))
        .output()
        .expect("the program starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let dated = |word: &str| match word.as_bytes() {
        [b'2', b'0', _, _, b'-', ..] => "DAY".to_owned(),
        [b'(', b'0'..=b'9', ..] => "(DAYS".to_owned(),
        _ => word.to_owned(),
    };
    let line = |line: &str| {
        let line = line.split(' ').map(dated).collect::<Vec<_>>().join(" ");
        // Pebble makes itself a new name at each start.
        match line.split_once(" CA ") {
            Some((before, behind)) => format!("{before} CA{}", &behind[6..]),
            None => line,
        }
    };
    let lines: Vec<_> = said.lines().map(line).collect();
    (lines.join("\n"), output.status.code())
}

#[tokio::test]
async fn a_domain_that_comes_later_is_ordered_for_and_one_that_comes_back_is_not_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let pebble = Pebble::start(folder.path(), Manner::USUAL).await;
    let without = config(&pebble, "").replace("\"get.weir.test\", ", "");
    let world = World::start_in(folder, &without).await;
    assert_eq!(shown(&pebble).await, None);
    world.configure(&config(&pebble, ""));
    said(&world, MADE, 1).await;
    let first = shown(&pebble).await;
    assert!(first.is_some(), "it is there as soon as it is said to be");
    for (number, config) in [without, config(&pebble, "")].iter().enumerate() {
        world.configure(config);
        said(&world, "configuration loaded again", number + 2).await;
    }
    assert_eq!(shown(&pebble).await, first);
    assert_eq!(pebble.orders(), 1);
}

#[tokio::test]
async fn an_account_that_the_authority_forgot_is_made_anew_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut pebble = Pebble::start(folder.path(), Manner::USUAL).await;
    let world = World::start_in(folder, &config(&pebble, "")).await;
    said(&world, MADE, 1).await;
    pebble.forget_everything().await;
    let domains = "\"get.weir.test\", \"two.weir.test\", ";
    let more = config(&pebble, "").replace("\"get.weir.test\", ", domains);
    world.configure(&more);
    said(&world, "does not know our account", 1).await;
    said(&world, MADE, 2).await;
    assert_eq!(
        (pebble.orders(), pebble.accounts()),
        (1, 1),
        "{}",
        pebble.said()
    );
}

#[tokio::test]
async fn what_a_domain_lacks_is_told() {
    let (world, _pebble) = start(
        Manner::USUAL,
        "names = [\"get.weir.test\", \"notrack.get.weir.test\"]",
    )
    .await;
    said(&world, MADE, 2).await;
    let (list, status) = listed(&world);
    assert_eq!(status, Some(1), "two have no certificate");
    insta::assert_snapshot!(list, @"
    127.0.0.1
      DNS          127.0.0.1
      certificate  none
      missing      no certificate is for it: add a [[certificate]] made out to 127.0.0.1
    get.weir.test
      DNS          127.0.0.1
      certificate  of Pebble Intermediate CA, until DAY (DAYS days), renewed DAY
    localhost
      DNS          127.0.0.1, ::1
      certificate  none
      missing      no certificate is for it: add a [[certificate]] made out to localhost
    notrack.get.weir.test
      DNS          127.0.0.1
      certificate  of Pebble Intermediate CA, until DAY (DAYS days), renewed DAY
    ");
}

#[tokio::test]
async fn nothing_is_ordered_for_somebody_elses_domain_before_they_say_that_it_is_theirs() {
    let folder = tempfile::tempdir().expect("a folder");
    let pebble = Pebble::start(folder.path(), Manner::USUAL).await;
    let owned = "[[domain]]\nname = \"get.weir.test\"\nowner = \"alice\"\n";
    let world = World::start_in(folder, &(config(&pebble, "") + owned)).await;
    let (told, _) = listed(&world);
    assert!(
        told.contains("alice has not shown that it is theirs"),
        "{told}"
    );
    assert_eq!((shown(&pebble).await, pebble.orders()), (None, 0));
    let record = serde_json::json!({ "host": "_weir.get.weir.test.", "value": "weir-owner=alice" });
    let set = world
        .http
        .post(format!("http://127.0.0.1:{}/set-txt", pebble.records))
        .body(record.to_string());
    set.send().await.expect("its answer");
    said(&world, MADE, 1).await;
    assert!(shown(&pebble).await.is_some());
    assert_eq!(pebble.orders(), 1);
}
