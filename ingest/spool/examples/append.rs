//! What an append costs: nanoseconds for a 200-byte record, by one thread and by two.
//!
//! ```text
//! cargo run --release -p weir-spool --example append
//! ```
#![allow(clippy::print_stdout)] // a program whose only work is to print

use std::{error::Error, thread, time::Instant};

use weir_spool::{Dropped, Options, Spool};

const RECORDS: usize = 1_000_000;
/// Room for all records of a run in one segment, so that the disk's speed is not what is measured.
const SEGMENT: usize = 512 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let dir = tempfile::tempdir_in(".")?;
    for threads in [1, 2] {
        let options = Options {
            smallest_segment_bytes: SEGMENT,
            largest_segment_bytes: SEGMENT,
            spares: 1,
            ..Options::default()
        };
        let spool = Spool::open(dir.path().join(threads.to_string()), options)?;
        let mut costs = run(&spool, threads);
        costs.sort_unstable();
        let part = |thousandth: usize| costs[costs.len() / 1000 * thousandth];
        let counters = spool.counters();
        let dropped: u64 = Dropped::ALL.map(|why| counters.dropped(why)).iter().sum();
        println!(
            "{threads} at once: p50 {} ns, p99 {} ns, p99.9 {} ns; {} kept, {dropped} dropped",
            part(500),
            part(990),
            part(999),
            counters.appended,
        );
    }
    Ok(())
}

/// Appends from every thread at once; the nanoseconds of every append, reading the clock included.
fn run(spool: &Spool, threads: usize) -> Vec<u64> {
    let work = || -> Vec<u64> {
        let record = [7; 200];
        let mut costs = Vec::with_capacity(RECORDS);
        for _ in 0..RECORDS / threads {
            let start = Instant::now();
            // What is dropped is counted by the spool.
            spool.append(0, &record).ok();
            costs.push(start.elapsed().as_nanos() as u64);
        }
        costs
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let costs = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or_default());
        costs.flatten().collect()
    })
}
