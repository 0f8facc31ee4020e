//! What the kernel knows of this process: `/proc/self`, see proc(5).

use std::fs;
use std::time::{Duration, SystemTime};

use rustix::process::{Resource, getrlimit};

use super::reading::seconds_since_1970;

/// One look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct System {
    /// User and system time.
    pub cpu_seconds: f64,
    /// Memory in use.
    pub resident_bytes: u64,
    /// Memory mapped.
    pub virtual_bytes: u64,
    /// Threads.
    pub threads: u64,
    /// Descriptors in use.
    pub open_descriptors: u64,
    /// Descriptors that may be.
    pub most_descriptors: u64,
    /// When the process began, in seconds since 1970.
    pub started: f64,
}

impl System {
    /// Looks; nothing where there is no `/proc`.
    pub fn look() -> Option<Self> {
        let stat = Stat::parse(&fs::read_to_string("/proc/self/stat").ok()?)?;
        let uptime = fs::read_to_string("/proc/uptime").ok()?;
        let uptime: f64 = uptime.split_whitespace().next()?.parse().ok()?;
        let age = uptime - seconds(stat.started);
        // The one that looks is among them.
        let open = fs::read_dir("/proc/self/fd")
            .ok()?
            .count()
            .saturating_sub(1);
        Some(Self {
            cpu_seconds: seconds(stat.cpu),
            resident_bytes: stat.resident_pages * rustix::param::page_size() as u64,
            virtual_bytes: stat.virtual_bytes,
            threads: stat.threads,
            open_descriptors: open as u64,
            most_descriptors: getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX),
            started: seconds_since_1970(SystemTime::now()) - age,
        })
    }
}

/// Clock ticks in seconds.
fn seconds(ticks: u64) -> f64 {
    let a_second = rustix::param::clock_ticks_per_second();
    let rest = Duration::from_nanos(ticks % a_second * 1_000_000_000 / a_second);
    (Duration::from_secs(ticks / a_second) + rest).as_secs_f64()
}

/// Of `/proc/self/stat`. Times are in clock ticks, the start's since the machine's.
#[derive(Debug, PartialEq)]
struct Stat {
    cpu: u64,
    threads: u64,
    started: u64,
    virtual_bytes: u64,
    resident_pages: u64,
}

impl Stat {
    fn parse(line: &str) -> Option<Self> {
        // The program's name stands in parentheses and may hold anything, these included.
        let (_, fields) = line.rsplit_once(')')?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        // proc(5) counts from 1 with pid and name; the first here is its third.
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            cpu: field(14)? + field(15)?,
            threads: field(20)?,
            started: field(22)?,
            virtual_bytes: field(23)?,
            resident_pages: field(24)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_moves_no_field() {
        let line = "4242 (we) ir) S 1 4242 4242 0 -1 4194560 2091 0 3 0 70 30 0 0 20 0 9 0 6210 1048576 512 18446744073709551615 1 1";
        let expected = Stat {
            cpu: 100,
            threads: 9,
            started: 6210,
            virtual_bytes: 1_048_576,
            resident_pages: 512,
        };
        assert_eq!(Stat::parse(line), Some(expected));
        assert_eq!(Stat::parse("4242 (weir) S 1"), None);
    }

    #[test]
    fn this_process_began_a_moment_ago_and_has_descriptors_open() {
        let system = System::look().expect("Linux has /proc");
        let age = seconds_since_1970(SystemTime::now()) - system.started;
        assert!((-5.0..600.0).contains(&age), "{age} s old");
        assert!((3..=system.most_descriptors).contains(&system.open_descriptors));
        assert!(system.resident_bytes > 1 << 20 && system.resident_bytes < system.virtual_bytes);
    }
}
