//! Counts what badges say, in the background: whoever looks at one is answered from memory, also while ClickHouse is away.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use weir_dashboards::{BadgeCounts, Badges, Connect};
use weir_gateway::{BadgeNumbers, Gateway};

use super::Serving;

/// Between two looks at what there is to count: a package that was made public has a badge after this long.
const LOOK: Duration = Duration::from_secs(15);
/// How long a count stands. Its window moves once a week.
const STANDS: Duration = Duration::from_mins(10);
/// The same of one in which there was nothing to tell: events may be on their way from elsewhere.
const EMPTY_STANDS: Duration = Duration::from_mins(1);

/// What was counted of one package.
struct Counted {
    at: Instant,
    numbers: BadgeNumbers,
}

impl Counted {
    fn stands(&self) -> Duration {
        if self.numbers.downloads.is_some() {
            STANDS
        } else {
            EMPTY_STANDS
        }
    }
}

/// Counts for as long as it is polled. What fails is looked at again soon; the numbers before it stand.
pub(super) async fn count(
    connect: Connect,
    event_days: u16,
    serving: Arc<Serving>,
    gateway: Gateway,
) {
    let counts = BadgeCounts::new(Arc::clone(&connect), event_days);
    let mut counted: HashMap<String, Counted> = HashMap::new();
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        // The engine is starting.
        if connect().is_none() {
            continue;
        }
        let public: Vec<String> = serving.load().public().map(str::to_owned).collect();
        counted.retain(|package, _| public.contains(package));
        let mut any = false;
        for package in due(public, &counted, Instant::now()) {
            match counts.of(&package, Timestamp::now()).await {
                Ok(badges) => {
                    let at = Instant::now();
                    let numbers = numbers(&badges);
                    counted.insert(package, Counted { at, numbers });
                    any = true;
                }
                Err(error) => {
                    let error = format!("{:#}", anyhow::Error::from(error));
                    tracing::debug!(error, "what badges say is counted again soon");
                }
            }
        }
        if any {
            gateway.show(shown(&counted));
        }
    }
}

/// The packages whose count is missing or no longer stands, each once.
fn due(mut public: Vec<String>, counted: &HashMap<String, Counted>, now: Instant) -> Vec<String> {
    public.sort_unstable();
    public.dedup();
    let stands = |package: &String| {
        let counted = counted.get(package);
        counted.is_some_and(|counted| now.duration_since(counted.at) < counted.stands())
    };
    public.retain(|package| !stands(package));
    public
}

fn shown(counted: &HashMap<String, Counted>) -> weir_gateway::Badges {
    let counted = counted.iter();
    counted
        .map(|(package, counted)| (package.clone(), counted.numbers.clone()))
        .collect()
}

fn numbers(badges: &Badges) -> BadgeNumbers {
    let &Badges {
        downloads,
        people,
        organisations,
        latest_percent,
        until,
    } = badges;
    BadgeNumbers {
        downloads,
        people,
        organisations,
        latest_percent,
        until: until.map(|day| day.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_counted_when_its_count_no_longer_stands() {
        let begun = Instant::now();
        let counted = |downloads| Counted {
            at: begun,
            numbers: BadgeNumbers {
                downloads,
                ..BadgeNumbers::default()
            },
        };
        let counted = HashMap::from([
            ("acme/rocket".to_owned(), counted(Some(12))),
            ("acme/young".to_owned(), counted(None)),
        ]);
        let public = ["acme/rocket", "acme/young", "acme/lander", "acme/lander"];
        let due = |now| due(public.map(str::to_owned).to_vec(), &counted, now);
        assert_eq!(due(begun), ["acme/lander"]);
        assert_eq!(due(begun + EMPTY_STANDS), ["acme/lander", "acme/young"]);
        assert_eq!(
            due(begun + STANDS),
            ["acme/lander", "acme/rocket", "acme/young"]
        );
    }
}
