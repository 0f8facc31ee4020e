//! Who asks is counted only as far as they agree, and told to nobody.

use std::path::{Path, PathBuf};

use crate::world::{Event, World, of_kind};
use crate::{CONFIG, FILE, HOST};

#[tokio::test]
async fn who_asks_not_to_be_counted_is_served_and_not_counted() {
    let world = World::start(CONFIG).await;
    for (name, value) in [("dnt", "1"), ("sec-gpc", "1")] {
        for route in ["rocket", "stream"] {
            let answer = world
                .request("GET", HOST, &format!("/{route}/1.2.3/{FILE}"))
                .header(name, value)
                .send()
                .await
                .expect("an answer");
            assert!(answer.status() == 302 || answer.status() == 200);
        }
        assert_eq!(
            world
                .request("GET", HOST, "/nowhere")
                .header(name, value)
                .send()
                .await
                .expect("an answer")
                .status(),
            404
        );
    }
    let counted = world
        .request("GET", HOST, &format!("/rocket/1.2.3/{FILE}"))
        .header("dnt", "0")
        .send()
        .await;
    assert_eq!(counted.expect("an answer").status(), 302);
    assert_eq!(world.recorded().await.len(), 1);
}

/// The visitors of two requests that say to come from two addresses.
async fn visitors(world: &World) -> (Event, Event) {
    for (version, address) in [("1.1.0", "198.51.100.7"), ("1.2.3", "203.0.113.9")] {
        let path = format!("/stream/{version}/{FILE}");
        let answer = world
            .request("GET", HOST, &path)
            .header("x-forwarded-for", address)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200);
    }
    let downloads = of_kind(&world.recorded().await, "download");
    assert_eq!(downloads.len(), 2);
    (
        downloads[0]["visitor"].clone(),
        downloads[1]["visitor"].clone(),
    )
}

#[tokio::test]
async fn a_forwarded_address_counts_from_a_trusted_proxy_only_and_never_goes_upstream() {
    let trusting = World::start(CONFIG).await;
    let (one, other) = visitors(&trusting).await;
    assert_ne!(one, other, "two addresses are two visitors");

    let listeners = "[gateway]\nhttp = [\"127.0.0.1:0\"]\ntrusted_proxies = []\n[dashboards]\nlisten = \"127.0.0.1:0\"\n";
    let wary = World::start(&format!("{listeners}{CONFIG}")).await;
    let (one, other) = visitors(&wary).await;
    assert_eq!(one, other, "what a stranger says does not count");
    for seen in [trusting.registry.seen(), wary.registry.seen()].concat() {
        assert_eq!(seen.header("x-forwarded-for"), None, "{}", seen.path);
    }
}

#[tokio::test]
async fn what_names_the_asker_stays_here() {
    let world = World::start(CONFIG).await;
    for method in ["GET", "HEAD"] {
        let request = world.request(method, HOST, &format!("/stream/1.2.3/{FILE}"));
        let request = request
            .header("cookie", "session=S3CR3T")
            .header("authorization", "Bearer S3CR3T")
            .header("referer", "http://page.test/S3CR3T");
        let request = request
            .header("forwarded", "for=198.51.100.7")
            .header("x-real-ip", "198.51.100.7")
            .header("via", "1.1 S3CR3T");
        assert_eq!(
            request.send().await.expect("an answer").status(),
            200,
            "{method}"
        );
    }
    let seen = world.registry.seen();
    assert_eq!(seen.len(), 2);
    for request in seen {
        assert_eq!(request.authorization, None);
        for name in [
            "cookie",
            "referer",
            "forwarded",
            "x-real-ip",
            "x-forwarded-for",
            "via",
        ] {
            assert_eq!(request.header(name), None, "{name}");
        }
        assert_eq!(
            request.header("host"),
            world.registry.addresses().registry.strip_prefix("http://")
        );
    }
    let events = format!("{:?}", world.recorded().await);
    assert!(!events.contains("S3CR3T"), "{events}");
    assert!(!world.weir.log().contains("S3CR3T"));
    assert_eq!(files_with(&world.data(), b"S3CR3T"), Vec::<PathBuf>::new());
    assert_ne!(
        files_with(&world.data(), b"rocket"),
        Vec::<PathBuf>::new(),
        "what is kept is found"
    );
}

/// The files under `folder` that hold `text`.
fn files_with(folder: &Path, text: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if std::fs::read(&path)
            .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text))
        {
            found.push(path);
        }
    }
    found
}
