//! On domains that always proxy nothing is redirected: what is elsewhere comes through, whatever it takes.

use crate::upstream::{Answer, Asked, Upstream};
use crate::world::{World, of_kind};
use crate::{FILES, INDEX, files, gateway, index, lines, python_index};

/// Settings under which both hosts proxy everything.
fn always() -> String {
    gateway(&format!(
        "private_upstreams = [\"127.0.0.0/8\"]\nalways_proxy = [\"{FILES}\", \"{INDEX}\", \"cr.test.localhost\"]"
    ))
}

/// Twenty bytes, or the piece that is asked for.
fn archive(asked: &Asked) -> Answer {
    match asked.header("range") {
        "bytes=5-9" => Answer::new(206, "fghij").with("content-range", "bytes 5-9/20"),
        _ => Answer::new(200, "abcdefghijklmnopqrst").with("accept-ranges", "bytes"),
    }
}

/// An upstream that leads to another three times, and that other.
async fn chain() -> (Upstream, Upstream) {
    let storage = Upstream::start("127.0.0.2", archive).await;
    let there = format!("http://{}/stored", storage.address);
    let upstream = Upstream::start("127.0.0.1", move |asked| match asked.path.as_str() {
        "/a" => Answer::redirect("/b"),
        "/b" => Answer::redirect(&there),
        "/loop" => Answer::redirect("/loop"),
        "/gone" => Answer::redirect("/nothing"),
        _ => Answer::new(404, "nothing here"),
    })
    .await;
    (upstream, storage)
}

#[tokio::test]
async fn redirects_are_followed_here_and_the_bytes_are_counted() {
    let (upstream, storage) = chain().await;
    let world = World::start(&(always() + &files(&upstream.address.to_string()))).await;
    for route in ["r", "s"] {
        let path = format!("/{route}/a");
        let answer = world.get(FILES, &path).await;
        assert_eq!(answer.status(), 200, "{route}");
        assert_eq!(answer.headers()["content-length"], "20", "{route}");
        assert_eq!(answer.headers().get("location"), None, "{route}");
        assert_eq!(answer.text().await.expect("text"), "abcdefghijklmnopqrst");
        let request = world.request("GET", FILES, &path);
        let piece = request
            .header("range", "bytes=5-9")
            .send()
            .await
            .expect("an answer");
        assert_eq!(piece.status(), 206);
        assert_eq!(piece.headers()["content-range"], "bytes 5-9/20");
        assert_eq!(piece.text().await.expect("text"), "fghij");
        let head = world
            .request("HEAD", FILES, &path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(
            (head.status().as_u16(), &head.headers()["content-length"]),
            (200, &"20".parse().expect("a value"))
        );
    }
    assert_eq!(storage.asked().len(), 6);
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    download | acme/rocket | GET | 200 | proxy | 20
    inspect | acme/rocket | GET | 206 | proxy | 5
    check | acme/rocket | HEAD | 200 | proxy | 0
    download | acme/rocket | GET | 200 | proxy | 20
    inspect | acme/rocket | GET | 206 | proxy | 5
    check | acme/rocket | HEAD | 200 | proxy | 0
    ");
}

#[tokio::test]
async fn a_circle_is_a_failure_and_what_is_missing_at_its_end_is_missing() {
    let (upstream, storage) = chain().await;
    let world = World::start(&(always() + &files(&upstream.address.to_string()))).await;
    assert_eq!(world.get(FILES, "/r/loop").await.status(), 502);
    assert_eq!(upstream.asked().len(), 6, "the first and five more");
    assert_eq!(world.get(FILES, "/r/gone").await.status(), 404);
    assert_eq!(storage.connections(), 0);
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    broken_link | acme/rocket | GET | 502 | none | 0
    broken_link | acme/rocket | GET | 404 | proxy | 12
    ");
}

#[tokio::test]
async fn files_of_an_index_come_through() {
    let upstream = Upstream::start_knowing_itself("127.0.0.1", python_index).await;
    let world = World::start(&(always() + &index(&upstream.address.to_string()))).await;
    let answer = world.get(INDEX, "/files/rocket/rocket-1.0.tar.gz").await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text().await.expect("text"), "a source archive");
    let downloads = of_kind(&world.recorded().await, "download");
    insta::assert_snapshot!(lines(&downloads), @"download | rocket | GET | 200 | proxy | 16");
}

#[tokio::test]
async fn a_sign_in_does_not_go_along_to_another_host() {
    let storage = Upstream::start("127.0.0.2", |_| Answer::new(200, "a layer")).await;
    let there = format!("http://{}/stored", storage.address);
    let upstream = Upstream::start("127.0.0.1", move |asked| {
        match asked.header("authorization") {
            "" => Answer::new(401, "").with("www-authenticate", "Basic realm=\"r\""),
            _ if asked.path.ends_with("/hop") => Answer::redirect(&there),
            _ => Answer::redirect("/hop"),
        }
    })
    .await;
    let image = format!(
        "[[package]]\nname = \"acme/server\"\nkind = \"oci\"\ndomains = [\"cr.test.localhost\"]\nimage = \"server\"\nupstream = \"http://{}/acme/server\"\nprivate = true\n",
        upstream.address
    );
    let world = World::start(&(always() + &image)).await;
    let digest = format!("sha256:{}", "0".repeat(64));
    let blob = world
        .request(
            "GET",
            "cr.test.localhost",
            &format!("/v2/server/blobs/{digest}"),
        )
        .header("authorization", "Bearer S3CR3T");
    let answer = blob.send().await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "a layer");
    let asked = upstream.asked();
    assert_eq!(asked.len(), 2);
    assert!(
        asked
            .iter()
            .all(|asked| asked.header("authorization") == "Bearer S3CR3T")
    );
    assert_eq!(storage.asked().len(), 1);
    assert_eq!(storage.asked()[0].header("authorization"), "");
    assert!(!world.weir.said().contains("S3CR3T"));
}
