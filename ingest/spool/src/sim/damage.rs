//! What may befall files between two lives.

use std::collections::BTreeMap;

use super::dice::Dice;
use crate::name::{Name, Place};

/// Bytes of the block that a bad disk loses.
const BLOCK: usize = 4096;

/// Every file by name.
pub(crate) type Files = BTreeMap<Name, Vec<u8>>;

/// Does one random thing to one random file.
pub(crate) fn inflict(files: &mut Files, dice: &mut Dice) {
    let names: Vec<Name> = files.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = names[dice.roll(names.len())].clone();
    let other = names[dice.roll(names.len())].clone();
    let mut bytes = files.remove(&name).unwrap_or_default();
    let at = dice.roll(bytes.len().max(1));
    match dice.roll(8) {
        0 => return,
        1 => bytes.truncate(at),
        2 => {
            let block = at / BLOCK * BLOCK;
            let end = bytes.len().min(block + BLOCK);
            bytes[block..end].fill(0);
        }
        3 => bytes.extend(vec![dice.roll(256) as u8; at]),
        4 => {
            let copy = Name::new(Place::Root, format!("000001-{:010}.ready", dice.roll(99)));
            files.insert(copy, bytes.clone());
        }
        5 => {
            let swapped = files.insert(other, bytes.clone());
            bytes = swapped.unwrap_or(bytes);
        }
        _ => flip(&mut bytes, dice),
    }
    files.insert(name, bytes);
}

/// Flips one bit.
pub(crate) fn flip(bytes: &mut [u8], dice: &mut Dice) {
    if !bytes.is_empty() {
        let at = dice.roll(bytes.len());
        bytes[at] ^= 1 << dice.roll(8);
    }
}
