//! Whom the program and its engine speak to: those that the operator has named, and nobody else.
//!
//! Every connection and every packet without one is a system call, and strace(1) sees all of them, of all
//! threads and child processes, whether they succeed or not.

use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::clients::clients;
use crate::engine::Engine;
use crate::world::{PATIENCE, Weir, World};
use crate::{gateway, odd, page};

const CONFIG: &str = r#"
[gateway]
http = ["127.0.0.1:0"]
trusted_proxies = ["127.0.0.1/32"]
upstream_timeout_s = 1
name_servers = ["NAMES"]

[dashboards]
listen = "127.0.0.1:0"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test"]
public = true
  [[package.route]]
  path = "/rocket/{version}/{os}-{arch}.tar.gz"
  to   = "http://ODD/rocket/v{version}/rocket-{os}-{arch}.tar.gz"
  [[package.route]]
  path  = "/odd/{file}"
  to    = "http://ODD/{file}"
  proxy = true
  [[package.route]]
  path  = "/named/{file}"
  to    = "http://files.example/{file}"
  proxy = true

[[index]]
kind = "pypi"
domains = ["pypi.test"]
upstream = "REGISTRY/simple/"
packages = ["*"]

[[pixel]]
id = "docs"
domains = ["get.test"]
package = "acme/rocket"
"#;

/// Sockets that lead nowhere: the C library asks the kernel which addresses there are, and for a cache of names.
const LOCAL: [&str; 2] = ["AF_NETLINK ", "AF_UNIX /var/run/nscd/socket"];

/// Starts the program again, watched; `-D` leaves it a child of ours.
fn restart_watched(world: &mut World, record: &Path) {
    assert_eq!(world.weir.terminate(), Some(0), "{}", world.weir.said());
    let plain = Weir::command(world.folder.path());
    let calls = "trace=connect,sendto,sendmsg,sendmmsg";
    let mut watched = Command::new("strace");
    watched
        .args([
            "-D",
            "-f",
            "--seccomp-bpf",
            "-q",
            "-s",
            "0",
            "-e",
            calls,
            "-e",
            "signal=none",
            "-o",
        ])
        .arg(record)
        .arg(plain.get_program())
        .args(plain.get_args())
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped());
    world.replace(Weir::run(watched));
}

/// Addresses of other processes in a record: `127.0.0.1:9000`, or whatever else a socket is for.
fn spoken_to(record: &str) -> BTreeSet<String> {
    let of_line = |line: &str| {
        let (_, family) = line.split_once("sa_family=")?;
        let (family, rest) = family.split_at(family.find([',', '}'])?);
        let quoted = rest.split('"').nth(1).unwrap_or_default();
        let port = rest
            .split_once("htons(")
            .and_then(|(_, port)| port.split(')').next());
        Some(match (family, port) {
            ("AF_INET", Some(port)) => format!("{quoted}:{port}"),
            ("AF_INET6", Some(port)) => format!("[{quoted}]:{port}"),
            _ => format!("{family} {quoted}"),
        })
    };
    record.lines().filter_map(of_line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_to_its_engine_its_upstreams_and_its_name_server_alone() {
    // It never answers: where it is asked is enough.
    let names = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let names = names.local_addr().expect("an address");
    let odd = odd::upstream().await;
    let config = CONFIG
        .replace("ODD", &odd.to_string())
        .replace("NAMES", &names.to_string());
    let mut world = World::start(&config).await;
    world.ready().await;
    let record = world.folder.path().join("calls");
    restart_watched(&mut world, &record);
    world.ready().await;
    let clients = clients();
    gateway::send_everything(world.weir.gateway, &clients[0]).await;
    page::send_everything(&world, &clients[0]).await;
    let unresolved = world.get("get.test", "/named/rocket.tar.gz").await;
    assert_eq!(unresolved.status(), 502);
    world.recorded().await;
    let engine = Engine::of(&world).port();
    assert_eq!(world.weir.terminate(), Some(0));

    let registry: SocketAddr = world
        .registry
        .addresses()
        .registry
        .trim_start_matches("http://")
        .parse()
        .expect("an address");
    let allowed = BTreeSet::from(
        [odd, names, registry, (Ipv4Addr::LOCALHOST, engine).into()]
            .map(|address| address.to_string()),
    );
    let (local, others): (BTreeSet<_>, _) = spoken_to(&whole(&record, world.weir.id()))
        .into_iter()
        .partition(|address| LOCAL.contains(&address.as_str()));
    assert_eq!(others, allowed, "and {local:?}");
}

/// The record once its writer has ended, which it does after the program.
fn whole(record: &Path, program: u32) -> String {
    let end = format!("{program} +++ exited");
    let deadline = Instant::now() + PATIENCE;
    loop {
        let text = fs::read_to_string(record).expect("strace is installed: run `make setup`");
        if text.lines().any(|line| line.starts_with(&end)) || Instant::now() > deadline {
            return text;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_record_tells_every_kind_of_address() {
    let record = r#"
101 connect(9, {sa_family=AF_INET, sin_port=htons(20123), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)
102 sendto(11, ""..., 31, MSG_NOSIGNAL, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("192.0.2.53")}, 16) = 31
102 sendto(12, ""..., 31, MSG_NOSIGNAL, NULL, 0) = 31
103 connect(13, {sa_family=AF_INET6, sin6_port=htons(443), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, "2001:db8::1", &sin6_addr), sin6_scope_id=0}, 28) = 0
103 connect(14, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file or directory)
104 sendmsg(15, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12}, 0) = 20
"#;
    let spoken_to: Vec<_> = spoken_to(record).into_iter().collect();
    insta::assert_snapshot!(spoken_to.join("\n"), @"
    127.0.0.1:20123
    192.0.2.53:53
    AF_NETLINK 
    AF_UNIX /var/run/nscd/socket
    [2001:db8::1]:443
    ");
}
