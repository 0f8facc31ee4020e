//! What is left in memory of a salt whose day is over, and of an address whose request is answered:
//! every byte that the process can write is looked at.

use std::fs::{self, File};
use std::net::{IpAddr, Ipv6Addr};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::mpsc;

use weir_event::{EventId, Kind};
use zeroize::zeroize_stack;

use crate::salt::Salts;
use crate::{ClientIp, Enricher, Observation, Places};

/// What searched-for bytes are combined with, so that the search does not find itself.
const MASK: u8 = 0xa5;
const TODAY: u32 = 20_000 * 86_400 + 3600;
const TOMORROW: u32 = TODAY + 86_400;

/// Bytes to look for, as nobody else would write them.
struct Needle(Vec<u8>);

impl Needle {
    fn new(bytes: &[u8]) -> Self {
        Self(bytes.iter().map(|byte| byte ^ MASK).collect())
    }

    fn is(&self, window: &[u8]) -> bool {
        let mut pairs = window.iter().zip(&self.0);
        pairs.all(|(byte, masked)| byte ^ MASK == *masked)
    }

    /// Where the bytes are in this process.
    fn places(&self) -> Vec<String> {
        let memory = File::open("/proc/self/mem").expect("this process may read itself");
        // Its own copies of what it reads do not count.
        let mut buffer = vec![0; 1 << 20].into_boxed_slice();
        let own = range_of(&buffer);
        let mut places = Vec::new();
        for (name, range) in writable() {
            for part in [
                range.start..own.start.min(range.end),
                own.end.max(range.start)..range.end,
            ] {
                let found = self.in_range(&memory, part, &mut buffer);
                places.extend(found.into_iter().map(|at| format!("{name} at {at:x}")));
            }
        }
        places
    }

    fn in_range(&self, memory: &File, range: Range<u64>, buffer: &mut [u8]) -> Vec<u64> {
        let mut found = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let length = buffer.len().min((range.end - at) as usize);
            // A mapping may go while it is looked at.
            let Ok(count) = memory.read_at(&mut buffer[..length], at) else {
                return found;
            };
            let windows = buffer[..count].windows(self.0.len()).enumerate();
            found.extend(
                windows
                    .filter(|(_, window)| self.is(window))
                    .map(|(offset, _)| at + offset as u64),
            );
            // The next piece begins with what could be the beginning of a find.
            at += (count.saturating_sub(self.0.len() - 1)).max(1) as u64;
        }
        found
    }
}

fn range_of(bytes: &[u8]) -> Range<u64> {
    let start = bytes.as_ptr().addr() as u64;
    start..start + bytes.len() as u64
}

/// The mappings that can be written (proc(5), `/proc/PID/maps`), by name.
fn writable() -> Vec<(String, Range<u64>)> {
    let maps = fs::read_to_string("/proc/self/maps").expect("Linux");
    let lines = maps.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        let (start, end) = words.next()?.split_once('-')?;
        let address = |text| u64::from_str_radix(text, 16).ok();
        let is_writable = words.next()?.starts_with("rw");
        let name = words.nth(3).unwrap_or("unnamed").to_owned();
        is_writable.then_some((name, address(start)?..address(end)?))
    });
    lines.collect()
}

/// An address that nobody else has, made where it is used.
fn canary(masked: &[u8]) -> ClientIp {
    let bytes: [u8; 16] = std::array::from_fn(|at| masked[at] ^ MASK);
    ClientIp::new(IpAddr::from(Ipv6Addr::from(bytes)))
}

fn random() -> Vec<u8> {
    let mut bytes = vec![0; 16];
    getrandom::fill(&mut bytes).expect("random bytes");
    // Inside 2000::/3, and no 6to4 or Teredo.
    bytes[0] = 0x2a ^ MASK;
    bytes
}

#[test]
fn the_search_finds_what_is_there() {
    let salts = Salts::new(TODAY).expect("random bytes");
    let salt = Needle::new(salts.at(TODAY).key());
    assert_eq!(salt.places().len(), 1, "a salt lies in one place");
    let address = Needle(random());
    let client = Box::new(canary(&address.0));
    assert!(!address.places().is_empty());
    drop(client);
    drop(salts);
    assert_eq!(salt.places(), Vec::<String>::new());
}

#[test]
fn nothing_is_left_of_a_salt_after_its_day_nor_of_an_address_after_its_request() {
    let enricher = Enricher::new(Places::default(), TODAY).expect("random bytes");
    let salt = Needle::new(enricher.salts().at(TODAY).key());
    let made_of_it = scope_of_requests(enricher.salts());
    zeroize_stack::<{ 64 * 1024 }>();
    let address = Needle(random());
    let (done, is_done) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (requests, masked) = (&enricher, &address.0);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for counter in 0..100 {
                request(requests, masked, counter);
            }
            done.send(()).expect("somebody waits");
            // Its stack stays as the last request left it.
            let _ = released.recv();
        });
        is_done.recv().expect("no panic");
        assert_eq!(salt.places().len(), 1, "the day is not over");
        assert!(!made_of_it.places().is_empty(), "nor for a key made of it");
        assert_eq!(address.places(), Vec::<String>::new());
        enricher.forget(TOMORROW);
        assert_eq!(salt.places(), Vec::<String>::new());
        assert_eq!(made_of_it.places(), Vec::<String>::new());
        drop(release);
    });
}

/// The key that visitors of [`request`] are hashed under. Has a frame of its own, for its caller to wipe.
#[inline(never)]
fn scope_of_requests(salts: &Salts) -> Needle {
    Needle::new(&salts.at(TODAY).scope(["acme/rocket", "curl", ""]))
}

/// As the gateway does it: the address is made, asked and gone.
fn request(enricher: &Enricher, masked: &[u8], counter: u64) {
    let seen = Observation {
        package: "acme/rocket",
        ecosystem: "file",
        status: 200,
        target: "/rocket/1.2.3",
        user_agent: "curl/8.9.1",
        ..Observation::new(Kind::Download)
    };
    let id = EventId {
        node: 1,
        boot: 1,
        counter,
    };
    let event = enricher.enrich(&seen, canary(masked), id, TODAY);
    assert!(event.is_some_and(|event| event.visitor != 0));
}
