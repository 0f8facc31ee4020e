use std::collections::{HashMap, HashSet};
use std::sync::Barrier;

use proptest::prelude::*;
use weir_event::Kind;

use super::*;

const NOON: u32 = 43_200;

fn asked(target: &str) -> Observation<'_> {
    Observation {
        domain: "get.acme.example",
        target,
        ..Observation::new(Kind::Download)
    }
}

fn in_run(run: &str) -> Observation<'_> {
    Observation { run, ..asked("/a") }
}

fn asks(repeats: &Repeats, asked: &Asked<'_>, second: u32) -> bool {
    repeats.is_repeat(repeats.number(asked), second)
}

fn client(version: &str) -> Client<'_> {
    Client {
        version: version.into(),
        ..Client::default()
    }
}

#[test]
fn the_same_request_of_the_same_client_is_a_repeat_until_its_window_ends() {
    let repeats = Repeats::new();
    let (seen, curl) = (asked("/a"), client("8.9.1"));
    let at = |second| asks(&repeats, &Asked::new(&seen, &curl, 1, 0), second);
    let answers = [0, 1, 59, 60, 119, 120].map(|after| at(NOON + after));
    assert_eq!(answers, [false, true, true, false, true, false]);
}

#[test]
fn a_run_that_has_a_name_is_known_by_it_for_longer() {
    let repeats = Repeats::new();
    let nuget = client("6.12.0");
    let at = |run, source, second| {
        asks(
            &repeats,
            &Asked::new(&in_run(run), &nuget, source, 0),
            second,
        )
    };
    assert!(!at("1b4e28ba-2fa1", 1, NOON));
    assert!(at("1b4e28ba-2fa1", 2, NOON + 599), "from another address");
    assert!(!at("1b4e28ba-2fa1", 1, NOON + 600));
    assert!(
        !at("6fa459ea-ee8a", 1, NOON),
        "the same address, another run"
    );
}

#[test]
fn another_client_day_host_or_path_is_another_download() {
    let repeats = Repeats::new();
    let (seen, curl) = (asked("/a"), client("8.9.1"));
    assert!(!asks(&repeats, &Asked::new(&seen, &curl, 1, 0), NOON));
    let elsewhere = Observation {
        domain: "cdn.acme.example",
        ..asked("/a")
    };
    let others = [
        (&seen, "8.9.2", 1, 0),
        (&asked("/b"), "8.9.1", 1, 0),
        (&elsewhere, "8.9.1", 1, 0),
        (&seen, "8.9.1", 2, 0),
        (&seen, "8.9.1", 1, 1),
    ];
    for (seen, version, source, day) in others {
        let client = client(version);
        let other = Asked::new(seen, &client, source, day);
        assert!(
            !asks(&repeats, &other, NOON),
            "{seen:?} {version} {source} {day}"
        );
    }
}

#[test]
fn nothing_is_held_for_longer_than_it_is_of_use_nor_into_the_next_day() {
    let held = |repeats: &Repeats| {
        let slots = repeats.sets.iter().flat_map(|set| &set.0);
        slots
            .filter(|slot| slot.load(Ordering::Relaxed) != 0)
            .count()
    };
    let (repeats, seen, curl) = (Repeats::new(), asked("/a"), client("8.9.1"));
    for number in 0..100 {
        asks(&repeats, &Asked::new(&seen, &curl, number, 0), NOON);
    }
    repeats.forget(NOON + LONGEST - 1);
    assert_eq!(held(&repeats), 100);
    repeats.forget(NOON + LONGEST);
    assert_eq!(held(&repeats), 0);
    asks(&repeats, &Asked::new(&seen, &curl, 0, 0), 86_399);
    repeats.forget(0);
    assert_eq!(held(&repeats), 0);
}

#[test]
fn a_full_set_gives_up_what_was_counted_longest_ago() {
    let repeats = Repeats::new();
    // The low bits choose the set, so all of these fall into one.
    let hash = |number: u32| u64::from(number) << 32 | 5;
    let ways = WAYS as u32;
    for number in 1..=ways + 1 {
        assert!(!repeats.holds(hash(number), NOON + number, WINDOW));
    }
    let newest = (2..=ways + 1).filter(|&number| repeats.holds(hash(number), NOON + 20, WINDOW));
    assert_eq!(newest.count(), WAYS);
    assert!(
        !repeats.holds(hash(1), NOON + 20, WINDOW),
        "the first had to make room"
    );
}

#[test]
fn of_many_at_the_same_moment_one_is_the_download() {
    const THREADS: usize = 8;
    const DOWNLOADS: u64 = 2_000;
    let repeats = Repeats::new();
    let gate = Barrier::new(THREADS);
    let count = || {
        gate.wait();
        let (seen, curl) = (asked("/a"), client("8.9.1"));
        (0..DOWNLOADS)
            .filter(|&source| !asks(&repeats, &Asked::new(&seen, &curl, source, 0), NOON))
            .collect::<Vec<_>>()
    };
    let mut firsts: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(count)).collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"));
        joined.flatten().collect()
    });
    firsts.sort_unstable();
    assert_eq!(firsts, (0..DOWNLOADS).collect::<Vec<_>>());
}

/// What the table is meant to do, with all the memory in the world.
#[derive(Default)]
struct Model(HashMap<(u32, u64, String), u32>);

impl Model {
    fn is_repeat(&mut self, day: u32, source: u64, run: &str, second: u32) -> bool {
        let (client, window) = match run {
            "" => ((day, source, String::new()), 60),
            run => ((day, 0, run.to_owned()), 600),
        };
        match self.0.get(&client) {
            Some(&counted) if second.abs_diff(counted) < window => true,
            _ => {
                self.0.insert(client, second);
                false
            }
        }
    }

    fn forget(&mut self, second: u32) {
        self.0.retain(|_, counted| second.abs_diff(*counted) < 600);
    }
}

proptest! {
    #[test]
    fn it_answers_as_a_plain_map_would_whatever_the_clock_does(
        start in 0_u32..86_400,
        steps in prop::collection::vec((0_u64..6, prop::sample::select(vec!["", "", "run-1", "run-2"]), -20_i32..200, prop::bool::weighted(0.02)), 1..100),
    ) {
        let (repeats, mut model) = (Repeats::new(), Model::default());
        let (mut day, mut second) = (0, start);
        for (source, run, step, forgets) in steps {
            let next = second.saturating_add_signed(step);
            (day, second) = (day + next / 86_400, next % 86_400);
            if forgets {
                repeats.forget(second);
                model.forget(second);
            }
            let (seen, curl) = (in_run(run), client("8.9.1"));
            let answer = asks(&repeats, &Asked::new(&seen, &curl, source, day), second);
            prop_assert_eq!(answer, model.is_repeat(day, source, run, second));
        }
    }

    #[test]
    fn however_full_it_is_no_first_download_is_taken_for_a_repeat(hashes in prop::collection::vec(any::<u64>(), 1..2_000), crowd in 0_u32..8) {
        let (repeats, mut known) = (Repeats::new(), HashSet::new());
        for hash in hashes {
            // Crowded into a few sets, so that most have to make room.
            let hash = hash & !SECOND_MASK | (hash & ((1 << crowd) - 1));
            if known.insert(hash & !SECOND_MASK) {
                prop_assert!(!repeats.holds(hash, NOON, WINDOW));
            }
        }
    }
}
