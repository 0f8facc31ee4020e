//! Who gets a place, who keeps it and who does not.

use std::time::Instant;

use super::*;

const CAPS: Caps = Caps {
    all: 20,
    network: 6,
    address: 4,
    patience: Duration::ZERO,
};

fn origin(network: u128, address: u128) -> Origin {
    Origin::in_tests(network << 8 | address, network)
}

async fn enter(crowd: &Arc<Crowd>, from: Origin) -> Option<Place> {
    let place = crowd.enter().await;
    place.come_from(from).then_some(place)
}

async fn enter_many(crowd: &Arc<Crowd>, count: usize, from: Origin) -> Vec<Place> {
    let mut places = Vec::new();
    for _ in 0..count {
        places.push(enter(crowd, from).await.expect("a place"));
    }
    places
}

fn is_ended(place: &Place) -> bool {
    use std::task::{Context, Poll, Waker};
    let ended = std::pin::pin!(place.seat.ended());
    ended.poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

#[tokio::test]
async fn one_may_have_so_many_at_once_and_others_as_many() {
    let crowd = Arc::new(Crowd::new(CAPS));
    let mut first = enter_many(&crowd, 4, origin(1, 1)).await;
    assert!(enter(&crowd, origin(1, 1)).await.is_none());
    let other = enter_many(&crowd, 2, origin(1, 2)).await;
    assert!(
        enter(&crowd, origin(1, 3)).await.is_none(),
        "the network has as many as it may"
    );
    let elsewhere = enter_many(&crowd, 4, origin(2, 1)).await;
    first.pop();
    assert!(enter(&crowd, origin(1, 1)).await.is_some());
    drop((first, other, elsewhere));
    let open = crowd.open();
    assert!(open.counts.is_empty() && open.connections.is_empty());
}

#[tokio::test]
async fn what_waits_longest_makes_room_for_its_own_and_what_works_does_not() {
    let crowd = Arc::new(Crowd::new(CAPS));
    let neighbour = enter(&crowd, origin(1, 2)).await.expect("a place");
    neighbour.seat.waits(Instant::now());
    let places = enter_many(&crowd, 4, origin(1, 1)).await;
    for place in &places {
        place.seat.waits(Instant::now());
    }
    places[0].seat.works();
    let fifth = enter(&crowd, origin(1, 1)).await;
    fifth.as_ref().expect("the place of another of its own");
    let ended: Vec<_> = places.iter().map(is_ended).collect();
    assert_eq!(ended, [false, true, false, false]);
    assert!(!is_ended(&neighbour));
    drop(places);
    let counts = crowd.open().counts.len();
    assert_eq!(counts, 3, "two addresses of one network, counted once");
    assert_eq!(crowd.count(), 2);
}

#[tokio::test]
async fn what_is_looked_through_is_not_looked_through_again_at_once() {
    let crowd = Arc::new(Crowd::new(CAPS));
    let places = enter_many(&crowd, 4, origin(1, 1)).await;
    assert!(enter(&crowd, origin(1, 1)).await.is_none(), "all are busy");
    places[0].seat.waits(Instant::now());
    assert!(enter(&crowd, origin(1, 1)).await.is_none());
    assert!(!is_ended(&places[0]));
}

#[tokio::test]
async fn when_all_places_are_taken_who_waits_longest_ends_and_the_next_comes_in() {
    let crowd = Arc::new(Crowd::new(CAPS));
    let mut places = Vec::new();
    for network in 0..5 {
        places.extend(enter_many(&crowd, 4, origin(network, 1)).await);
    }
    for place in &places[3..9] {
        place.seat.waits(Instant::now());
    }
    let leaving = tokio::spawn(async move {
        while places.len() == 20 {
            places.retain(|place| !is_ended(place));
            tokio::task::yield_now().await;
        }
        places
    });
    let _next = enter(&crowd, origin(9, 1)).await.expect("a place");
    let staying = leaving.await.expect("no panic");
    assert_eq!(staying.len(), 17, "an eighth at a time, rounded up");
}
