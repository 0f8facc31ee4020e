//! Where answers lead, for paths that nobody thought of.

use std::hash::{BuildHasher as _, Hasher as _};

use crate::world::World;
use crate::{CONFIG, get};

#[tokio::test]
async fn no_path_leads_outside_the_literal_part_of_its_target() {
    const PATHS: usize = 10_000;
    const BATCH: usize = 100;
    let world = World::start(CONFIG).await;
    let seed = seed();
    eprintln!("WEIR_SEED={seed} sends these paths again");
    let mut dice = Dice(seed);
    let paths: Vec<String> = (0..PATHS).map(|_| path(&mut dice)).collect();
    let (mut next, mut redirects) = (0, 0);
    while next < PATHS {
        let batch = &paths[next..PATHS.min(next + BATCH)];
        let requests: String = batch.iter().map(|path| get(path)).collect();
        let mut connection = world.connect().await;
        connection.send(requests.as_bytes()).await;
        let begun = next;
        for path in batch {
            let Some(answer) = connection.answer().await else {
                break;
            };
            next += 1;
            assert!(
                matches!(answer.status, 302 | 400 | 404),
                "seed {seed}: {path} gets {}",
                answer.status
            );
            let Some(location) = answer.header("location") else {
                continue;
            };
            redirects += 1;
            assert!(
                location.starts_with("https://files.test/prefix/"),
                "seed {seed}: {path} leads to {location}"
            );
            assert_eq!(
                answer.head.matches("HTTP/1.1").count(),
                1,
                "seed {seed}: {path} splits the answer"
            );
        }
        assert!(next > begun, "seed {seed}: {} gets no answer", paths[next]);
    }
    assert!(
        redirects > PATHS / 20,
        "seed {seed}: only {redirects} paths lead anywhere"
    );
}

/// The seed to try again, or another.
fn seed() -> u64 {
    let given = std::env::var_os("WEIR_SEED");
    given
        .and_then(|seed| seed.to_str()?.parse().ok())
        .unwrap_or_else(|| std::hash::RandomState::new().build_hasher().finish())
}

/// A path of pieces that have fooled one server or another.
fn path(dice: &mut Dice) -> String {
    const PIECES: [&str; 36] = [
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2E%2e",
        "%252e",
        "%2f",
        "%5c",
        "\\",
        "@",
        "evil.test",
        ":80",
        "?",
        "&next=//evil.test",
        "#",
        "%0d%0a",
        "%00",
        "%",
        "%zz",
        "a",
        "1.2.3",
        "~",
        "+",
        "-",
        "_",
        ";",
        "=",
        "[",
        "]",
        "{x}",
        "http://evil.test/",
        "%c3%a4",
        "*",
        "'",
        "\"",
    ];
    let begin = ["/", "/any/", "/any//", "/any"][dice.below(4)];
    let length = dice.below(5);
    std::iter::once(begin)
        .chain((0..=length).map(|_| PIECES[dice.below(PIECES.len())]))
        .collect()
}

/// Numbers that look random and begin with a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as usize % limit
    }
}
