//! Documents: asked for once, asked about with the upstream's own tag, and served in the coding that the client reads.

use std::time::Instant;

use crate::upstream::{Answer, Upstream};
use crate::world::{PATIENCE, World};
use crate::{INDEX, JSON, PAGE, gateway, index, python_index, status};

const LOOPBACK: &str = "private_upstreams = [\"127.0.0.0/8\"]";

/// A world with a Python index in it.
async fn world() -> (World, Upstream) {
    let upstream = Upstream::start_knowing_itself("127.0.0.1", python_index).await;
    let config = gateway(LOOPBACK) + &index(&upstream.address.to_string());
    (World::start(&config).await, upstream)
}

/// The page as a client that reads `coding` gets it, with `tag` if it has one.
async fn page(world: &World, coding: &str, tag: &str) -> reqwest::Response {
    let as_it_comes = reqwest::Client::builder().no_gzip().no_proxy().build();
    let request = as_it_comes
        .expect("a client")
        .get(format!("http://{}{PAGE}", world.weir.gateway))
        .header("host", INDEX)
        .header("accept", JSON)
        .header("accept-encoding", coding)
        .header("if-none-match", tag);
    request.send().await.expect("an answer")
}

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    let value = answer.headers().get(name);
    value.map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_fetched_again() {
    let (world, upstream) = world().await;
    let first = page(&world, "identity", "")
        .await
        .text()
        .await
        .expect("text");
    let deadline = Instant::now() + PATIENCE;
    // The upstream wants to be asked each time, and is asked every five seconds.
    while upstream.asked().len() == 1 {
        let again = page(&world, "identity", "").await;
        assert_eq!(again.text().await.expect("text"), first);
        assert!(Instant::now() < deadline, "never asked again");
    }
    let asked = upstream.asked();
    assert_eq!(asked[1].header("if-none-match"), "\"first\"");
    let again = page(&world, "identity", "").await;
    assert_eq!(again.text().await.expect("text"), first);
    let owner = world.owner().await;
    let documents = world.status(&owner).await["documents"].clone();
    assert_eq!(
        (&documents["misses"], &documents["unchanged"]),
        (&1.into(), &1.into())
    );
    assert!(documents["hits"].as_u64() >= Some(1), "{documents}");
}

#[tokio::test]
async fn a_page_is_compressed_for_those_who_can_read_it_and_each_coding_has_its_own_tag() {
    let (world, _) = world().await;
    let whole = page(&world, "identity", "").await;
    let packed = page(&world, "gzip, deflate", "").await;
    for answer in [&whole, &packed] {
        assert_eq!(header(answer, "vary"), "accept, accept-encoding");
        assert_eq!(header(answer, "content-type"), JSON);
        let max_age = header(answer, "cache-control").strip_prefix("max-age=");
        let max_age: u64 = max_age.and_then(|age| age.parse().ok()).expect("seconds");
        assert!(max_age <= 5, "{max_age}");
    }
    assert_eq!(header(&whole, "content-encoding"), "");
    assert_eq!(header(&packed, "content-encoding"), "gzip");
    let tags = [
        header(&whole, "etag").to_owned(),
        header(&packed, "etag").to_owned(),
    ];
    assert_ne!(tags[0], tags[1]);
    for (coding, [own, other]) in [
        ("identity", [&tags[0], &tags[1]]),
        ("gzip", [&tags[1], &tags[0]]),
    ] {
        assert_eq!(page(&world, coding, own).await.status(), 304);
        assert_eq!(page(&world, coding, other).await.status(), 200);
    }
    let (whole, packed) = (
        whole.bytes().await.expect("bytes"),
        packed.bytes().await.expect("bytes"),
    );
    let mut unpacked = Vec::new();
    let mut decoder = flate2::read::GzDecoder::new(&packed[..]);
    std::io::Read::read_to_end(&mut decoder, &mut unpacked).expect("gzip");
    assert_eq!(unpacked, whole);
    assert!(packed.len() * 2 < whole.len());
}

#[tokio::test]
async fn an_upstream_is_asked_over_one_connection() {
    let upstream = Upstream::start("127.0.0.1", |_| {
        Answer::new(200, "{\"meta\":{\"api-version\":\"1.0\"},\"files\":[]}")
            .with("content-type", JSON)
    })
    .await;
    let config = gateway(LOOPBACK) + &index(&upstream.address.to_string());
    let world = World::start(&config).await;
    for number in 0..20 {
        assert_eq!(
            status(&world, INDEX, &format!("/simple/rocket-{number}/")).await,
            200
        );
    }
    assert_eq!((upstream.asked().len(), upstream.connections()), (20, 1));
}
