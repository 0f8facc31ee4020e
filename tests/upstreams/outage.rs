//! An upstream that is dead, and one that is worse: accepts and says nothing.

use std::time::{Duration, Instant};

use crate::upstream::{Answer, Upstream};
use crate::world::{PATIENCE, World};
use crate::{FILES, INDEX, PAGE, files, gateway, index, lines, python_index, status};

const LOOPBACK: &str = "private_upstreams = [\"127.0.0.0/8\"]";

#[tokio::test]
async fn known_pages_and_files_are_served_on_while_the_index_is_silent() {
    let upstream = Upstream::start_knowing_itself("127.0.0.1", python_index).await;
    let config = gateway(LOOPBACK) + &index(&upstream.address.to_string());
    let world = World::start(&config).await;
    let owner = world.owner().await;
    assert_eq!(status(&world, INDEX, PAGE).await, 200);
    upstream.fall_silent(true);
    let deadline = Instant::now() + PATIENCE;
    while world.status(&owner).await["documents"]["stale"] == 0 {
        assert_eq!(status(&world, INDEX, PAGE).await, 200);
        assert!(Instant::now() < deadline, "the page is fresh for ever");
    }
    assert_eq!(status(&world, INDEX, PAGE).await, 200);
    let file = "/files/rocket/rocket-1.0.tar.gz";
    assert_eq!(status(&world, INDEX, file).await, 302);
    assert_eq!(
        status(&world, INDEX, "/simple/rocket-other/").await,
        502,
        "never seen"
    );
}

#[tokio::test]
async fn a_silent_upstream_is_left_alone_and_one_request_finds_out_when_it_is_back() {
    let upstream = Upstream::start("127.0.0.1", |_| Answer::new(200, "bytes")).await;
    upstream.fall_silent(true);
    let config = gateway(LOOPBACK) + &files(&upstream.address.to_string());
    let world = World::start(&config).await;
    let deadline = Instant::now() + PATIENCE;
    // Each request finds out for itself, until nobody need any more.
    loop {
        let before = upstream.connections();
        assert_eq!(status(&world, FILES, "/s/a").await, 502);
        if upstream.connections() == before {
            break;
        }
        assert!(Instant::now() < deadline, "every request waits");
    }
    assert_eq!(upstream.connections(), 5);
    assert_eq!(
        status(&world, FILES, "/r/a").await,
        302,
        "redirects ask nobody"
    );
    upstream.fall_silent(false);
    while status(&world, FILES, "/s/a").await != 200 {
        assert!(Instant::now() < deadline, "not asked again");
    }
    assert_eq!(upstream.connections(), 6, "one asks for all");
    world.weir.wait_for_line("upstream keeps failing");
    world.weir.wait_for_line("upstream answers again");
}

#[tokio::test]
async fn an_upstream_that_stops_within_an_answer_is_given_up() {
    let upstream =
        Upstream::start("127.0.0.1", |_| Answer::new(200, "half of it").stalling()).await;
    let to = upstream.address.to_string();
    let world = World::start(&(gateway(LOOPBACK) + &files(&to) + &index(&to))).await;
    let begun = Instant::now();
    assert_eq!(status(&world, INDEX, PAGE).await, 502);
    let half = world.get(FILES, "/s/a").await;
    assert_eq!(half.status(), 200, "it has begun");
    assert!(half.bytes().await.is_err(), "and does not look whole");
    let waited = begun.elapsed();
    assert!(
        Duration::from_secs(2) <= waited && waited < Duration::from_secs(6),
        "a second each: {waited:?}"
    );
}

#[tokio::test]
async fn a_dead_upstream_is_a_quick_failure_and_no_download() {
    let nobody = Upstream::start("127.0.0.1", |_| Answer::new(200, ""))
        .await
        .address;
    let dead = format!("127.0.0.9:{}", nobody.port());
    let world = World::start(&(gateway(LOOPBACK) + &files(&dead))).await;
    let begun = Instant::now();
    for _ in 0..8 {
        assert_eq!(status(&world, FILES, "/s/a").await, 502);
    }
    // Five that waited for their deadline, a second each, would be more.
    assert!(begun.elapsed() < Duration::from_secs(4));
    let events = world.recorded().await;
    assert_eq!(
        lines(&events[..1]),
        "broken_link | acme/rocket | GET | 502 | none | 0"
    );
    assert_eq!(events.len(), 8, "each is recorded");
}
