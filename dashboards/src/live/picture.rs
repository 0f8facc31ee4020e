//! What was seen lately, and what of it one viewer is shown.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::query::{LatestEvent, Minute, Target};

/// Minutes that are counted, the running one included.
pub(crate) const MINUTES: i64 = 30;
/// Events that are remembered for viewers whose connection broke.
const MOST_KEPT: usize = 2_000;

/// All events and counts that anybody watches, of whom each is shown a part.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    /// Events in the order they were first seen, with ascending numbers.
    events: VecDeque<(u64, Arc<LatestEvent>)>,
    /// The number of the event that comes next.
    next: u64,
    minutes: Arc<[Minute]>,
    counted: Option<Counted>,
}

#[derive(Clone, Copy, Debug)]
struct Counted {
    at: Timestamp,
    /// Viewers of lower number are in it.
    viewers: u64,
}

/// How busy it is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = LiveCounts)]
pub(crate) struct Counts {
    /// When this was so.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) as_of: Timestamp,
    /// Distinct people within the last five minutes, the running one included. Of several packages, each has its own.
    people: u64,
    /// The last 30 minutes, oldest first; the last one still runs.
    minutes: Vec<MinuteShown>,
}

/// A minute.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = LiveMinute)]
pub(crate) struct MinuteShown {
    /// Its start.
    #[schema(value_type = String, format = DateTime)]
    time: Timestamp,
    /// Distinct people.
    people: u64,
    /// Downloads and docs views of every audience.
    events: u64,
}

impl Picture {
    /// The picture with `newest`, newest first, after what was known of them before; none where all were.
    pub(super) fn with_events(&self, newest: Vec<LatestEvent>) -> Option<Self> {
        let known: HashSet<&str> = self.events.iter().map(|(_, event)| &*event.id).collect();
        let mut fresh = newest;
        fresh.retain(|event| !known.contains(&*event.id));
        if fresh.is_empty() {
            return None;
        }
        let mut picture = self.clone();
        for event in fresh.into_iter().rev() {
            picture.events.push_back((picture.next, Arc::new(event)));
            picture.next += 1;
        }
        let surplus = picture.events.len().saturating_sub(MOST_KEPT);
        picture.events.drain(..surplus);
        Some(picture)
    }

    /// The picture with other counts, which are for viewers of a number below `viewers`.
    pub(super) fn with_counts(&self, minutes: Vec<Minute>, at: Timestamp, viewers: u64) -> Self {
        Self {
            minutes: minutes.into(),
            counted: Some(Counted { at, viewers }),
            ..self.clone()
        }
    }

    /// The number of the event that comes next.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// Whether everything from the event `from` on is remembered.
    pub(crate) fn remembers(&self, from: u64) -> bool {
        let oldest = self.events.front().map_or(self.next, |(number, _)| *number);
        (oldest..=self.next).contains(&from)
    }

    /// Events of `target` from the number `from` on, newest first.
    pub(crate) fn events(&self, target: &Target, from: u64) -> Vec<LatestEvent> {
        let newest = self.events.iter().rev();
        let newest = newest.take_while(|(number, _)| *number >= from);
        let seen = newest.filter(|(_, event)| target.has(&event.package));
        seen.map(|(_, event)| LatestEvent::clone(event)).collect()
    }

    /// Counts of `target` for the viewer of number `viewer`; none before there are any with theirs.
    pub(crate) fn counts(&self, target: &Target, viewer: u64) -> Option<Counts> {
        let Counted { at, viewers } = self.counted?;
        if viewer >= viewers {
            return None;
        }
        let own = || {
            self.minutes
                .iter()
                .filter(|minute| target.has(&minute.package))
        };
        let mut sums: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
        for minute in own() {
            let (people, events) = sums.entry(minute.start).or_default();
            *people += minute.people;
            *events += minute.events;
        }
        let people = sums.remove(&0).unwrap_or_default().0;
        let last = at.as_second().div_euclid(60);
        let minutes = (last - MINUTES + 1..=last).filter_map(|minute| {
            let (people, events) = sums.get(&(minute * 60)).copied().unwrap_or_default();
            let time = Timestamp::from_second(minute * 60).ok()?;
            Some(MinuteShown {
                time,
                people,
                events,
            })
        });
        Some(Counts {
            as_of: at,
            people,
            minutes: minutes.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, package: &str) -> LatestEvent {
        let row = [
            id,
            "1790000040",
            "download",
            package,
            "1.0",
            "pip",
            "",
            "",
            "",
            "CH",
            "people",
            "",
            "302",
            "",
            "",
        ];
        let row: Vec<_> = row.into_iter().map(serde_json::Value::from).collect();
        crate::query::read_latest(&row).expect("a row of latest.sql")
    }

    fn ids(picture: &Picture, target: &Target, from: u64) -> String {
        let events = picture.events(target, from);
        let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
        ids.join(" ")
    }

    #[test]
    fn what_was_seen_before_is_no_news() {
        let first = Picture::default().with_events(vec![event("b", "x"), event("a", "x")]);
        let first = first.expect("news");
        assert_eq!(ids(&first, &Target::All, 0), "b a");
        assert!(first.with_events(vec![event("b", "x")]).is_none());
        // A batch that was late comes with an older time, between others of the answer.
        let second = first.with_events(vec![event("c", "y"), event("late", "x"), event("b", "x")]);
        let second = second.expect("news");
        assert_eq!(ids(&second, &Target::All, 2), "c late");
        assert_eq!(ids(&second, &Target::Package("x".to_owned()), 1), "late b");
        assert_eq!(ids(&second, &Target::Among(vec!["z".to_owned()]), 0), "");
    }

    #[test]
    fn it_is_known_how_far_back_memory_reaches() {
        assert!(Picture::default().remembers(0));
        assert!(!Picture::default().remembers(1));
        let events = |from: usize, to: usize| {
            (from..to)
                .map(|id| event(&id.to_string(), "x"))
                .rev()
                .collect()
        };
        let picture = Picture::default()
            .with_events(events(0, MOST_KEPT))
            .expect("news");
        assert!(picture.remembers(0));
        let picture = picture
            .with_events(events(MOST_KEPT, MOST_KEPT + 3))
            .expect("news");
        assert!(!picture.remembers(2) && picture.remembers(3));
        assert_eq!(
            ids(&picture, &Target::All, MOST_KEPT as u64 + 2),
            (MOST_KEPT + 2).to_string()
        );
    }

    #[test]
    fn counts_are_of_what_one_may_see_and_every_minute_is_there() {
        let minute = |package: &str, start, people, events| Minute {
            package: package.to_owned(),
            start,
            people,
            events,
        };
        let now = Timestamp::from_second(1_790_000_065).expect("a time");
        let minutes = vec![
            minute("x", 1_790_000_040, 1, 2),
            minute("y", 1_790_000_040, 10, 20),
            minute("x", 1_789_999_980, 4, 4),
            minute("x", 0, 4, 6),
            minute("y", 0, 10, 20),
        ];
        let picture = Picture::default().with_counts(minutes, now, 7);
        let x = Target::Package("x".to_owned());
        let counts = picture.counts(&x, 6).expect("counts");
        assert_eq!((counts.people, counts.minutes.len()), (4, 30));
        let last: Vec<_> = counts.minutes[27..]
            .iter()
            .map(|minute| (minute.people, minute.events))
            .collect();
        assert_eq!(last, [(0, 0), (4, 4), (1, 2)]);
        assert_eq!(
            picture.counts(&Target::All, 0).map(|counts| counts.people),
            Some(14)
        );
        assert_eq!(
            picture.counts(&x, 7),
            None,
            "counted before this viewer came"
        );
    }
}
