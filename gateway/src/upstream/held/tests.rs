use std::io::Read as _;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::super::counters::DocumentCounts;
use super::*;

fn key() -> Key {
    Key {
        index: "https://index.test/simple/".into(),
        name: "rocket".into(),
        form: "json",
        base: String::new(),
    }
}

fn document(body: &str) -> Held {
    let url = Url::parse("https://files.test/a.whl").expect("a URL");
    let document = Rewritten {
        body: body.into(),
        files: Files::from_iter([("a.whl".to_owned(), url.into())]),
    };
    Held::new(document, "json")
}

/// A document whose time is over as soon as it is held.
fn short_lived(body: &str) -> Held {
    let mut freshness = Freshness::default();
    freshness.lifetime = Duration::ZERO;
    document(body).fresh(freshness)
}

async fn ask(documents: &Documents, answer: Result<Fetched, Failure>) -> Result<String, Failure> {
    let held = documents.renewed(key(), |_| async { answer }).await?;
    Ok(String::from_utf8(held.body.to_vec()).expect("text"))
}

async fn new(documents: &Documents, held: Held) -> String {
    ask(documents, Ok(Fetched::New(held))).await.expect("new")
}

#[test]
fn a_document_takes_no_more_room_than_it_is_weighed_by() {
    let mut body = Vec::with_capacity(4096);
    body.extend_from_slice(b"short");
    let document = Rewritten {
        body,
        files: Files::default(),
    };
    let held = Held::new(document, "json");
    assert_eq!(held.weight(), 5);
    let body = held.body.try_into_mut().expect("nobody else has it");
    assert_eq!(body.capacity(), 5);
}

#[tokio::test]
async fn a_fresh_document_is_served_without_asking() {
    let documents = Documents::new();
    assert_eq!(new(&documents, document("one")).await, "one");
    assert_eq!(new(&documents, document("two")).await, "one");
    let counts = DocumentCounts {
        hits: 1,
        misses: 1,
        ..DocumentCounts::default()
    };
    assert_eq!(documents.counters.read(), counts);
}

#[tokio::test]
async fn what_is_no_longer_fresh_is_asked_about_and_stays_where_nothing_has_changed() {
    let documents = Documents::new();
    new(&documents, short_lived("one")).await;
    let unchanged = Ok(Fetched::Unchanged(Freshness::default()));
    assert_eq!(ask(&documents, unchanged).await.as_deref(), Ok("one"));
    assert_eq!(new(&documents, document("two")).await, "one", "fresh again");
    assert_eq!(documents.counters.read().unchanged, 1);
}

#[tokio::test]
async fn what_has_changed_takes_the_place_of_what_was_held() {
    let documents = Documents::new();
    new(&documents, short_lived("one")).await;
    assert_eq!(new(&documents, document("two")).await, "two");
    assert_eq!(new(&documents, document("three")).await, "two");
}

#[tokio::test]
async fn a_failing_upstream_is_covered_and_left_alone_for_a_moment() {
    for failure in [Failure::Upstream, Failure::Limited] {
        let documents = Documents::new();
        new(&documents, short_lived("one")).await;
        assert_eq!(ask(&documents, Err(failure)).await.as_deref(), Ok("one"));
        assert_eq!(
            new(&documents, document("two")).await,
            "one",
            "not asked again yet"
        );
        assert_eq!(documents.counters.read().stale, 1);
    }
}

#[tokio::test]
async fn a_failure_is_covered_for_a_day_and_no_longer() {
    let documents = Documents::new();
    let old = Held {
        usable_until: Instant::now(),
        ..short_lived("one")
    };
    new(&documents, old).await;
    let answer = ask(&documents, Err(Failure::Upstream)).await;
    assert_eq!(answer, Err(Failure::Upstream));
    assert!(short_lived("one").kept().usable_until <= Instant::now() + STALE);
}

#[tokio::test]
async fn what_is_gone_or_forbidden_upstream_is_so_here() {
    for failure in [Failure::NotFound, Failure::Denied, Failure::PrivateUpstream] {
        let documents = Documents::new();
        new(&documents, short_lived("one")).await;
        assert_eq!(ask(&documents, Err(failure)).await, Err(failure));
        let later = ask(&documents, Err(Failure::Upstream)).await;
        assert_eq!(later, Err(Failure::Upstream), "forgotten");
    }
}

#[tokio::test]
async fn a_file_of_a_failing_index_is_where_it_was() {
    let documents = Documents::new();
    new(&documents, short_lived("one")).await;
    assert_eq!(
        documents.file(&key(), "a.whl").await,
        None,
        "its page is no longer fresh"
    );
    let file = documents.last_known_file(&key(), "a.whl").await;
    assert_eq!(file.expect("a file").as_str(), "https://files.test/a.whl");
    assert_eq!(documents.last_known_file(&key(), "b.whl").await, None);
}

/// Asks ten times at once, of which each would fetch.
async fn ask_at_once(documents: &Arc<Documents>) -> usize {
    let fetched = Arc::new(AtomicUsize::new(0));
    let mut askers = tokio::task::JoinSet::new();
    for _ in 0..10 {
        let (documents, fetched) = (Arc::clone(documents), Arc::clone(&fetched));
        askers.spawn(async move {
            let fetch = |_| async move {
                fetched.fetch_add(1, Relaxed);
                tokio::task::yield_now().await;
                Ok(Fetched::New(document("one")))
            };
            documents.renewed(key(), fetch).await.expect("a document");
        });
    }
    askers.join_all().await;
    let fetched = fetched.load(Relaxed);
    assert!(documents.counters.read().misses >= fetched as u64);
    fetched
}

#[tokio::test]
async fn those_who_ask_at_once_share_one_question() {
    let documents = Arc::new(Documents::new());
    assert_eq!(ask_at_once(&documents).await, 1, "at first");
    let documents = Arc::new(Documents::new());
    new(&documents, short_lived("one")).await;
    assert_eq!(
        ask_at_once(&documents).await,
        1,
        "and when it is no longer fresh"
    );
}

#[tokio::test]
async fn large_documents_are_compressed_when_first_asked_for_and_small_ones_never() {
    assert_eq!(document("one").gzip().await, None);
    for length in [LEAST_COMPRESSED, LEAST_BLOCKING] {
        let body = "a".repeat(length);
        let held = document(&body);
        assert!(!held.gzip.initialized());
        let gzip = held.gzip().await.expect("a compressed form");
        let mut unpacked = String::new();
        flate2::read::GzDecoder::new(&gzip[..])
            .read_to_string(&mut unpacked)
            .expect("gzip");
        assert_eq!(unpacked, body);
        let (first, again) = (gzip.as_ptr(), held.gzip().await.expect("the same").as_ptr());
        assert_eq!(first, again, "it is compressed once");
        assert_eq!(held.weight(), body.len() + length / COMPRESSION + FILE);
    }
}
