//! file-v1, file-v2 and catch-all-v1: which rule answers, and where it leads to the byte.

use serde_json::{Value, json};

use crate::{HOST, answers, lines, served};

fn file(incoming: &str, outgoing: &str) -> Value {
    json!({ "type": "file-v1", "incoming-path": incoming, "outgoing-url": outgoing })
}

#[tokio::test]
async fn a_template_leads_where_it_did_with_307() {
    let world = served(&[
        file(
            "/tool-{version}-{platform}.tgz",
            "https://files.test/v{version}/{platform}.tgz",
        ),
        file(
            "/{package}-{version}.{ext}",
            "https://files.test/{package}/{version}/{ext}",
        ),
        file("/same/{v}/{v}", "https://files.test/{v}"),
        file("/deep/nice/{+rest}", "https://files.test/{rest}"),
        file("/whole/{+path}", "https://files.test/to/{+path}"),
        file("/plain", "https://files.test/plain?via=gateway"),
    ])
    .await;
    insta::assert_snapshot!(answers(&world, &[
        "/tool-1.2.3-linux.tgz",
        "/minikube-1.0.tar.gz",
        "/same/1/1",
        "/same/1/2",
        "/deep/nice/really+nice",
        "/deep/nice/a/b",
        "/whole/a/b+c",
        "/whole/",
        "/plain",
        "/plain?",
        "/Plain",
        "/plain/",
    ]).await, @r#"
    /tool-1.2.3-linux.tgz -> 307 https://files.test/v1.2.3/linux.tgz
    /minikube-1.0.tar.gz -> 307 https://files.test/minikube/1/0.tar.gz
    /same/1/1 -> 307 https://files.test/1
    /same/1/2 -> 404 -
    /deep/nice/really+nice -> 307 https://files.test/really%2Bnice
    /deep/nice/a/b -> 307 https://files.test/a%2Fb
    /whole/a/b+c -> 307 https://files.test/to/a/b+c
    /whole/ -> 307 https://files.test/to/
    /plain -> 307 https://files.test/plain?via=gateway
    /plain? -> 307 https://files.test/plain?via=gateway
    /Plain -> 404 -
    /plain/ -> 404 -
    "#);
}

#[tokio::test]
async fn a_reserved_variable_is_not_decoded_on_its_way() {
    let world = served(&[file("/{+path}", "https://files.test/{+path}")]).await;
    insta::assert_snapshot!(answers(&world, &[
        "/a%2Fb%3Fc%2Bd",
        "/scope%2fname/-/x.tgz",
        "/",
    ]).await, @r#"
    /a%2Fb%3Fc%2Bd -> 307 https://files.test/a%2Fb%3Fc%2Bd
    /scope%2fname/-/x.tgz -> 307 https://files.test/scope%2fname/-/x.tgz
    / -> 307 https://files.test/
    "#);
}

#[tokio::test]
async fn queries_are_merged_as_they_were_and_repeats_kept() {
    let world = served(&[
        file("/plain", "https://files.test/plain"),
        file("/fixed", "https://files.test/fixed?via=gateway"),
        file("/literal?a=1&b=2", "https://files.test/literal?a=1&b=2"),
        file("/moved?a=1", "https://files.test/moved"),
        file(
            "/data?drill={drill}&measure={measure}",
            "https://files.test/data?drill={drill}&measure={measure}",
        ),
    ])
    .await;
    insta::assert_snapshot!(answers(&world, &[
        "/plain?x=1&y=2",
        "/plain?x=1&x=2",
        "/fixed",
        "/fixed?x=1",
        "/fixed?via=other&x=1",
        "/literal?a=1&b=2",
        "/literal?b=2&z=3&a=1",
        "/literal?a=1",
        "/moved?a=1&z=3",
        "/data?drill=Nation&measure=People",
        "/data?measure=People&drill=Nation",
        "/data?drill=Nation",
    ]).await, @r#"
    /plain?x=1&y=2 -> 307 https://files.test/plain?x=1&y=2
    /plain?x=1&x=2 -> 307 https://files.test/plain?x=1&x=2
    /fixed -> 307 https://files.test/fixed?via=gateway
    /fixed?x=1 -> 307 https://files.test/fixed?via=gateway&x=1
    /fixed?via=other&x=1 -> 307 https://files.test/fixed?via=gateway&x=1
    /literal?a=1&b=2 -> 307 https://files.test/literal?a=1&b=2
    /literal?b=2&z=3&a=1 -> 307 https://files.test/literal?a=1&b=2&z=3
    /literal?a=1 -> 404 -
    /moved?a=1&z=3 -> 307 https://files.test/moved?a=1&z=3
    /data?drill=Nation&measure=People -> 307 https://files.test/data?drill=Nation&measure=People
    /data?measure=People&drill=Nation -> 307 https://files.test/data?drill=Nation&measure=People
    /data?drill=Nation -> 404 -
    "#);
}

#[tokio::test]
async fn a_regex_matches_anywhere_in_the_raw_path() {
    let regex = |pattern: &str, to: &str| json!({ "type": "file-v2", "incoming-path": pattern, "outgoing-url": to });
    let world = served(&[
        regex(
            "/packages/(?<name>.*)-(?<version>[0-9].*)",
            "https://files.test/{name}/{version}",
        ),
        regex("^/exact/(?<v>[0-9.]+)$", "https://files.test/exact/{v}"),
        regex("/b(?<rest>/.*)", "https://second.test/x{+rest}"),
        regex("/a/(?<rest>.*)", "https://first.test/{+rest}"),
    ])
    .await;
    insta::assert_snapshot!(answers(&world, &[
        "/packages/some-example-package-0.1.2.4-head",
        "/mirror/packages/tool-1.0?token=a",
        "/exact/1.2",
        "/exact/1.2/more",
        "/x/exact/1.2",
        "/a/b/c",
        "/nowhere",
    ]).await, @r#"
    /packages/some-example-package-0.1.2.4-head -> 307 https://files.test/some-example-package/0.1.2.4-head
    /mirror/packages/tool-1.0?token=a -> 307 https://files.test/tool/1.0?token=a
    /exact/1.2 -> 307 https://files.test/exact/1.2
    /exact/1.2/more -> 404 -
    /x/exact/1.2 -> 404 -
    /a/b/c -> 307 https://first.test/b/c
    /nowhere -> 404 -
    "#);
}

#[tokio::test]
async fn a_catch_all_comes_last_and_passes_everything_on() {
    let world = served(&[
        json!({ "type": "catch-all-v1", "redirect-target-domain": "other.test" }),
        file("/known/{v}", "https://files.test/{v}"),
    ])
    .await;
    insta::assert_snapshot!(answers(&world, &[
        "/hello%20world",
        "/a%2Fb//c/?x=1&x=2",
        "/",
        "/known/1",
        "/known/1/2",
    ]).await, @r#"
    /hello%20world -> 307 https://other.test/hello%20world
    /a%2Fb//c/?x=1&x=2 -> 307 https://other.test/a%2Fb//c/?x=1&x=2
    / -> 307 https://other.test/
    /known/1 -> 307 https://files.test/1
    /known/1/2 -> 307 https://other.test/known/1/2
    "#);
    let world = served(&[json!({ "type": "catch-all-v1" })]).await;
    insta::assert_snapshot!(answers(&world, &["/any/path"]).await, @"/any/path -> 200 -");
}

#[tokio::test]
async fn the_longer_path_wins_and_what_was_captured_is_counted() {
    let world = served(&[
        file("/{+path}", "https://www.test/{+path}"),
        json!({
            "type": "file-v1", "owner": "acme", "package-name": "rocket",
            "incoming-path": "/rocket/{version}/{platform}", "outgoing-url": "https://files.test/{version}/{platform}",
        }),
    ])
    .await;
    insta::assert_snapshot!(answers(&world, &["/rocket/1.2.3/linux", "/rocket/1.2.3"]).await, @r#"
    /rocket/1.2.3/linux -> 307 https://files.test/1.2.3/linux
    /rocket/1.2.3 -> 307 https://www.test/rocket/1.2.3
    "#);
    let mut connection = world.connect().await;
    connection
        .send(
            format!(
                "POST /rocket/1.2.3/linux HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 2\r\n\r\n{{}}"
            )
            .as_bytes(),
        )
        .await;
    let refused = connection.answer().await.expect("an answer");
    assert_eq!(
        refused.status, 405,
        "a body is never sent on to another host"
    );
    let what = ["kind", "package", "version", "os", "status"];
    insta::assert_snapshot!(lines(&world.recorded().await, &what), @r#"
    download | acme/rocket | 1.2.3 | linux | 307
    download | 9d3c |  |  | 307
    "#);
}
