//! Power cuts, kills, failing calls and damage, thousands of each.

use rustix::io::Errno;

use super::{
    damage,
    dice::{Dice, seeds},
    disk::{Fault, Forgotten, Order, SimDisk},
    life::{Ending, Life},
    model::{Model, Wrong},
};

/// Lives before the last one, which is quiet.
const LIVES: usize = 3;
/// Steps of a life that nothing ends earlier.
const STEPS: usize = 40;

/// Lives that end one after another, and what is left at the end.
fn story(
    seed: u64,
    forgotten: Forgotten,
    fault: fn(&mut Dice) -> Fault,
    ending: fn(&mut Dice) -> Ending,
) -> Result<(), Wrong> {
    let mut dice = Dice::new(seed);
    let order = if dice.one_in(2) {
        Order::Journal
    } else {
        Order::Any
    };
    let mut disk = SimDisk::new(order, forgotten);
    let mut model = Model::default();
    let replays = dice.one_in(2);
    for _ in 0..=dice.roll(LIVES) {
        disk.arm(fault(&mut dice));
        let Some(mut life) = Life::begin(&disk, &mut model, replays) else {
            continue;
        };
        life.run(STEPS, &mut dice)?;
        disk = life.end_with(ending(&mut dice), &mut dice);
    }
    disk.arm(Fault::Never);
    let last = Life::begin(&disk, &mut model, replays).ok_or("the spool does not open")?;
    last.finish()
}

fn stop(dice: &mut Dice) -> Fault {
    Fault::Stop {
        at: 1 + dice.roll(200) as u64,
    }
}

fn fail(dice: &mut Dice) -> Fault {
    let errors = [
        Errno::IO,
        Errno::NOSPC,
        Errno::DQUOT,
        Errno::ROFS,
        Errno::ACCESS,
    ];
    Fault::Fail {
        at: 1 + dice.roll(150) as u64,
        times: [1, 2, 10, 50][dice.roll(4)],
        error: errors[dice.roll(errors.len())],
    }
}

fn kill(_: &mut Dice) -> Ending {
    Ending::Kill
}

fn power_cut(_: &mut Dice) -> Ending {
    Ending::PowerCut
}

/// Runs `story` for every seed; the first one that goes wrong is told by its seed.
fn all_go_well(cases: u64, story: impl Fn(u64) -> Result<(), Wrong>) {
    for seed in seeds(cases) {
        if let Err(wrong) = story(seed) {
            panic!("WEIR_SEED={seed}: {wrong}");
        }
    }
}

#[test]
fn a_power_cut_loses_nothing_that_was_synced_and_doubles_nothing() {
    all_go_well(10_000, |seed| {
        story(seed, Forgotten::Nothing, stop, power_cut)
    });
}

#[test]
fn a_kill_inside_any_call_loses_nothing_at_all() {
    all_go_well(2_000, |seed| story(seed, Forgotten::Nothing, stop, kill));
}

#[test]
fn calls_that_fail_lose_nothing_that_was_appended() {
    all_go_well(2_000, |seed| story(seed, Forgotten::Nothing, fail, kill));
}

#[test]
fn every_drop_is_accounted_for_once_there_is_room() {
    let mut dropped = 0;
    for seed in seeds(300) {
        let mut dice = Dice::new(seed);
        let disk = SimDisk::new(Order::Journal, Forgotten::Nothing);
        let mut model = Model::default();
        let mut life = Life::begin(&disk, &mut model, false).expect("it opens");
        disk.arm(fail(&mut dice));
        let story = life.run(STEPS, &mut dice).and_then(|()| {
            disk.arm(Fault::Never);
            life.finish()
        });
        assert_eq!(story, Ok(()), "WEIR_SEED={seed}");
        assert_eq!(model.accounted, model.dropped, "WEIR_SEED={seed}");
        dropped += model.dropped;
    }
    assert_ne!(dropped, 0, "nothing was ever dropped");
}

#[test]
fn a_power_cut_after_calls_that_failed_doubles_nothing() {
    all_go_well(2_000, |seed| {
        story(seed, Forgotten::Nothing, fail, power_cut)
    });
}

/// A life that nothing ends, damage, and what is left of it.
fn damaged(seed: u64) -> Result<(), Wrong> {
    let mut dice = Dice::new(seed);
    let mut disk = SimDisk::new(Order::Journal, Forgotten::Nothing);
    let mut model = Model::default();
    let mut life = Life::begin(&disk, &mut model, true).ok_or("the spool does not open")?;
    life.run(STEPS, &mut dice)?;
    disk = life.end_with(Ending::Kill, &mut dice).damaged(|files| {
        for _ in 0..=dice.roll(3) {
            damage::inflict(files, &mut dice);
        }
    });
    let mut last = Life::begin(&disk, &mut model, true).ok_or("the spool does not open")?;
    let mut left = last.drain();
    let count = left.len();
    if let Some(wrong) = left.iter().find(|bytes| !model.knows(bytes)) {
        return Err(format!("{wrong:?} was never appended"));
    }
    left.sort();
    left.dedup();
    if left.len() < count {
        return Err("a record came twice".to_owned());
    }
    let mut last = Life::begin(&disk, &mut model, true).ok_or("the spool does not open again")?;
    last.append(&mut dice);
    let new = last.drain().len();
    if new == 0 {
        return Err("nothing new comes through".to_owned());
    }
    Ok(())
}

#[test]
fn damaged_files_are_survived_and_nothing_wrong_comes_of_them() {
    all_go_well(1_000, damaged);
}

/// Appends, fails to sync once, seals, loses power.
fn failed_sync(seed: u64) -> Result<(), Wrong> {
    let mut dice = Dice::new(seed);
    let disk = SimDisk::new(Order::Journal, Forgotten::Nothing);
    let mut model = Model::default();
    let mut life = Life::begin(&disk, &mut model, false).ok_or("the spool does not open")?;
    life.append(&mut dice);
    // The first call of the keeper's turn is the sync.
    disk.arm(Fault::Fail {
        at: 1,
        times: 1,
        error: Errno::IO,
    });
    life.sync();
    life.seal();
    life.surely_synced();
    let disk = life.end_with(Ending::PowerCut, &mut dice);
    let last = Life::begin(&disk, &mut model, false).ok_or("the spool does not open")?;
    last.finish()
}

#[test]
fn what_could_not_be_synced_is_written_again_elsewhere() {
    all_go_well(200, failed_sync);
}

#[test]
fn a_build_that_forgets_a_sync_is_found_out() {
    for forgotten in [Forgotten::Directories, Forgotten::Files, Forgotten::Pages] {
        let wrong = seeds(2_000).find_map(|seed| story(seed, forgotten, stop, power_cut).err());
        assert!(wrong.is_some(), "{forgotten:?} can be forgotten");
    }
}
