//! Addresses that are not the public internet's are never connected to, unless the operator allows them.

use std::net::Ipv4Addr;

use crate::names::NameServer;
use crate::upstream::{Answer, Upstream};
use crate::world::World;
use crate::{FILES, INDEX, PAGE, files, gateway, index, lines, status};

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_refused_and_the_log_says_how_to_allow_it() {
    let upstream = Upstream::start("127.0.0.1", |_| Answer::new(200, "secret")).await;
    let dns = NameServer::start(&[Ipv4Addr::LOCALHOST]).await;
    let to = format!("innocent.test:{}", upstream.address.port());
    let config = dns.settings("\"10.0.0.0/8\"") + &files(&to) + &index(&to);
    let world = World::start(&config).await;
    assert_eq!(status(&world, INDEX, PAGE).await, 502);
    assert_eq!(status(&world, FILES, "/s/a").await, 502);
    let probe = world.request("HEAD", FILES, "/r/a").send().await;
    assert_eq!(probe.expect("an answer").status(), 502);
    assert_eq!(
        status(&world, FILES, "/r/a").await,
        302,
        "the client goes there by itself"
    );
    assert_eq!(upstream.connections(), 0);
    let line = world.weir.wait_for_line("upstream is not asked");
    assert!(
        line.contains("innocent.test")
            && line.contains("127.0.0.1 is not on the public internet (loopback)"),
        "{line}"
    );
    assert!(line.contains("[gateway] private_upstreams"), "{line}");
    insta::assert_snapshot!(lines(&world.recorded().await), @r"
    metadata | rocket | GET | 502 | none | 0
    broken_link | acme/rocket | GET | 502 | none | 0
    check | acme/rocket | HEAD | 502 | none | 0
    download | acme/rocket | GET | 302 | redirect | 0
    ");
}

#[tokio::test]
async fn of_several_addresses_only_the_allowed_ones_are_connected_to() {
    let allowed = Upstream::start("127.0.0.1", |_| Answer::new(200, "bytes")).await;
    let port = allowed.address.port();
    let refused =
        Upstream::listen(&format!("127.0.0.3:{port}"), |_| Answer::new(200, "secret")).await;
    let dns = NameServer::start(&[Ipv4Addr::new(127, 0, 0, 3), Ipv4Addr::LOCALHOST]).await;
    let to = format!("files.test:{port}");
    let world = World::start(&(dns.settings("\"127.0.0.1\"") + &files(&to))).await;
    assert_eq!(status(&world, FILES, "/s/a").await, 200);
    assert_eq!((allowed.connections(), refused.connections()), (1, 0));
}

#[tokio::test]
async fn where_an_upstream_leads_is_checked_as_well() {
    let hidden = Upstream::start("127.0.0.3", |_| Answer::new(200, "secret")).await;
    let secret = format!("http://{}/a", hidden.address);
    let mapped = format!("http://[::ffff:127.0.0.3]:{}/a", hidden.address.port());
    let upstream = Upstream::start("127.0.0.1", move |asked| match asked.path.as_str() {
        "/mapped" => Answer::redirect(&mapped),
        "/v2/" => {
            Answer::new(401, "").with("www-authenticate", &format!("Bearer realm=\"{secret}\""))
        }
        _ => Answer::redirect(&secret),
    })
    .await;
    let image = format!(
        "[[package]]\nname = \"acme/server\"\nkind = \"oci\"\ndomains = [\"cr.test.localhost\"]\nimage = \"server\"\nupstream = \"http://{}/acme/server\"\n",
        upstream.address
    );
    let always = format!("always_proxy = [\"{FILES}\"]\nprivate_upstreams = [\"127.0.0.1\"]");
    let config = gateway(&always) + &files(&upstream.address.to_string()) + &image;
    let world = World::start(&config).await;
    for path in ["/r/a", "/s/a", "/r/mapped"] {
        for method in ["GET", "HEAD"] {
            let answer = world.request(method, FILES, path).send().await;
            assert_eq!(answer.expect("an answer").status(), 502, "{method} {path}");
        }
    }
    let manifest = "/v2/server/manifests/latest";
    assert_eq!(
        status(&world, "cr.test.localhost", manifest).await,
        502,
        "a token's realm"
    );
    assert_eq!(hidden.connections(), 0);
    assert!(upstream.connections() > 0);
}
