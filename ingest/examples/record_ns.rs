//! Prints how long recording takes, in nanoseconds an event: everything behind the gateway's one call, the spool included.
//!
//! `cargo run --release -p weir-ingest --example record_ns weir.toml 1000000` records so many downloads of clients that
//! were not there before, into the folder of that configuration. Two runs of different length under `perf stat` tell
//! the instructions of one event.
#![allow(clippy::print_stdout)] // a program that prints

use std::error::Error;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Instant;

use weir_config::Config;
use weir_event::{Answer, Kind};
use weir_ingest::{Ingest, Observation};

const AGENT: &str = "curl/8.9.1";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().map(PathBuf::from);
    let rounds = arguments.next().and_then(|rounds| rounds.parse().ok());
    let (file, rounds): (_, u32) = file.zip(rounds).ok_or("say a configuration and how many")?;
    let config = Config::load(&file, std::env::vars())?;
    let ingest = Ingest::open(&config.settings)?;
    let start = Instant::now();
    for round in 0..rounds {
        let client = Ipv4Addr::from_bits(0x0b00_0000 + round % 50_000);
        let client = ingest.client(client.into(), "");
        ingest.record(&observation(), &client);
    }
    let nanoseconds = start.elapsed().as_nanos() / u128::from(rounds.max(1));
    println!("{nanoseconds} ns, {:?}", ingest.spool().counters());
    Ok(())
}

fn observation() -> Observation<'static> {
    Observation {
        package: "acme/rocket",
        ecosystem: "file",
        domain: "get.acme.example",
        route: "/rocket/{version}/{os}-{arch}.tar.gz",
        version: "1.2.3",
        artifact: "rocket-linux-amd64.tar.gz",
        os: "linux",
        arch: "amd64",
        method: "GET",
        status: 302,
        answer: Answer::Redirect,
        target: "/rocket/1.2.3/linux-amd64.tar.gz",
        user_agent: AGENT,
        ..Observation::new(Kind::Download)
    }
}
