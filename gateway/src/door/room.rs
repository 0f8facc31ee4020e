//! Room for what clients send, lent to connections while something comes.
//!
//! Most connections wait most of the time, and a head needs kilobytes. A thread has little room in turn for all that it
//! serves, which is also where the processor still has it at hand.

use std::cell::RefCell;

use bytes::BytesMut;

/// Room for most heads, with what may come along with them.
const SIZE: usize = 4096;
/// Room that there is at least, so that a usual head comes in one read.
const LEAST: usize = 2048;
/// Pieces of room that a thread keeps while nobody has them.
const MOST: usize = 16;

thread_local! {
    static FREE: RefCell<Vec<BytesMut>> = const { RefCell::new(Vec::new()) };
}

/// Sees to it that something can be read behind what `input` holds.
pub(super) fn lend(input: &mut BytesMut) {
    if input.capacity() == 0 {
        *input = FREE
            .with_borrow_mut(Vec::pop)
            .unwrap_or_else(|| BytesMut::with_capacity(SIZE));
    }
    // Where earlier bytes were there is some again.
    input.reserve(LEAST);
}

/// Takes the room of `input` back, if nothing is in it.
pub(super) fn take_back(input: &mut BytesMut) {
    if !input.is_empty() {
        return;
    }
    let room = std::mem::take(input);
    if room.capacity() > 0 {
        FREE.with_borrow_mut(|free| {
            if free.len() < MOST {
                free.push(room);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_goes_from_one_connection_to_the_next() {
        let mut input = BytesMut::new();
        lend(&mut input);
        let place = input.as_ptr();
        take_back(&mut input);
        assert_eq!(input.capacity(), 0);
        let mut next = BytesMut::new();
        lend(&mut next);
        assert_eq!((next.as_ptr(), next.len()), (place, 0));
    }

    #[test]
    fn what_was_read_stays_where_it_is() {
        let mut input = BytesMut::from(&b"GET / HT"[..]);
        lend(&mut input);
        take_back(&mut input);
        assert_eq!(&input[..], b"GET / HT");
        assert!(input.capacity() - input.len() >= LEAST);
    }

    #[test]
    fn a_thread_keeps_no_more_than_a_few() {
        let lent = || {
            let mut input = BytesMut::new();
            lend(&mut input);
            input
        };
        let mut all: Vec<_> = std::iter::repeat_with(lent).take(2 * MOST).collect();
        all.iter_mut().for_each(take_back);
        FREE.with_borrow(|free| assert_eq!(free.len(), MOST));
    }
}
