//! Which name is to be ordered for next, and when: plain arithmetic over what is known.

use super::ledger::{Attempts, HOUR, Ledger, ORDERS, spread};

/// Longest time without a look, in seconds.
const LOOK: i64 = HOUR;

/// A name that is to have a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted<'a> {
    pub(super) name: &'a str,
    /// From when and until when the one that there is holds.
    pub(super) held: Option<(i64, i64)>,
}

/// What to do next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next<'a> {
    /// Order for this name now.
    Order(&'a str),
    /// Look again after so many seconds.
    Wait(u64),
}

/// What to do at `now`. Names without a certificate come first, then those that end first.
pub(super) fn next<'a>(wanted: &[Wanted<'a>], ledger: &Ledger, now: i64) -> Next<'a> {
    let at = wanted.iter().map(|wanted| (when(wanted, ledger), wanted));
    let due = |wanted: &Wanted<'_>| wanted.held.map_or(0, |(_, until)| until);
    let Some((when, first)) = at.min_by_key(|(when, wanted)| ((*when).max(now), due(wanted)))
    else {
        return Next::Wait(LOOK.cast_unsigned());
    };
    let begun = ledger.orders.iter().filter(|&&begun| begun > now - HOUR);
    let (begun, oldest) = (begun.clone().count(), begun.min());
    let free = match oldest {
        Some(oldest) if begun >= ORDERS => oldest + HOUR,
        _ => now,
    };
    let when = when.max(free);
    if when <= now {
        return Next::Order(first.name);
    }
    Next::Wait((when - now).clamp(1, LOOK).cast_unsigned())
}

/// When to order for a name: at once without a certificate, else when its last third begins or when the authority
/// likes, and not before a failure's wait is over.
fn when(wanted: &Wanted<'_>, ledger: &Ledger) -> i64 {
    let attempts = ledger.names.get(wanted.name);
    let due = match wanted.held {
        None => 0,
        Some(held) => renewal(wanted.name, held, attempts),
    };
    due.max(attempts.map_or(0, |attempts| attempts.not_before))
}

/// When to renew a certificate for `name` that holds from `from` until `until`.
pub(crate) fn renewal(name: &str, (from, until): (i64, i64), attempts: Option<&Attempts>) -> i64 {
    let life = (until - from).max(0);
    let usual = until - life / 3 - spread(name, from, life / 20);
    let liked = attempts.and_then(|attempts| attempts.renew_at);
    // Whatever an authority likes, time is left for what may go wrong.
    liked.unwrap_or(usual).min(until - life / 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 24 * HOUR;

    fn wanted(name: &str, held: Option<(i64, i64)>) -> Wanted<'_> {
        Wanted { name, held }
    }

    #[test]
    fn who_has_none_is_ordered_for_at_once_and_before_renewals() {
        let names = [wanted("old", Some((0, 90 * DAY))), wanted("new", None)];
        let ledger = Ledger::default();
        assert_eq!(next(&names, &ledger, 80 * DAY), Next::Order("new"));
        assert_eq!(next(&names[..1], &ledger, 80 * DAY), Next::Order("old"));
        assert_eq!(
            next(&names[..1], &ledger, DAY),
            Next::Wait(LOOK.cast_unsigned())
        );
        assert_eq!(next(&[], &ledger, DAY), Next::Wait(LOOK.cast_unsigned()));
    }

    #[test]
    fn a_failure_is_waited_out_while_others_go_on() {
        let mut ledger = Ledger::default();
        ledger.begin("bad", 0);
        let names = [wanted("bad", None), wanted("good", None)];
        assert_eq!(next(&names, &ledger, 1), Next::Order("good"));
        let Next::Wait(wait) = next(&names[..1], &ledger, 1) else {
            panic!("it is waited out");
        };
        assert!((15 * 60 - 1..2 * 15 * 60).contains(&wait), "{wait}");
    }

    #[test]
    fn no_more_is_ordered_in_an_hour_than_an_authority_bears() {
        let mut ledger = Ledger::default();
        let names: Vec<_> = (0..100).map(|number| number.to_string()).collect();
        let mut orders = 0;
        for now in 0..HOUR {
            let wanted: Vec<_> = names.iter().map(|name| wanted(name, None)).collect();
            if let Next::Order(name) = next(&wanted, &ledger, now) {
                ledger.begin(name, now);
                orders += 1;
            }
        }
        assert_eq!(orders, ORDERS);
    }

    #[test]
    fn what_an_authority_likes_counts_as_long_as_time_is_left() {
        let held = (0, 90 * DAY);
        let liked = |at| Attempts {
            renew_at: Some(at),
            ..Attempts::default()
        };
        assert_eq!(renewal("a", held, Some(&liked(DAY))), DAY);
        assert_eq!(renewal("a", held, Some(&liked(89 * DAY))), 81 * DAY);
    }

    proptest! {
        #[test]
        fn a_renewal_is_early_and_not_at_the_same_time_for_all(
            name in "[a-z]{1,12}", from in 0..2_000_000_000_i64, days in 1..400_i64,
        ) {
            let until = from + days * DAY;
            let at = renewal(&name, (from, until), None);
            prop_assert!(at >= from + (until - from) * 61 / 100);
            prop_assert!(at <= from + (until - from) * 67 / 100);
        }
    }
}
