//! What a collector of traces is told of certificates that are ordered.

use opentelemetry_proto::tonic::trace::v1::Span;

use crate::authority::{NAME, start};
use crate::collector::{Collector, lines};
use crate::pebble::Manner;

/// What ordering for [`NAME`] came to.
async fn order(manner: Manner) -> String {
    let collector = Collector::start().await;
    let address = collector.address;
    let traced = format!("[operator]\ntraces = \"http://{address}\"\n");
    let (_world, _pebble) = start(manner, &traced).await;
    let is_ours = |span: &&Span| {
        span.name == "order certificate" && lines(std::slice::from_ref(span)).contains(NAME)
    };
    let spans = collector
        .wait_for(|spans| spans.iter().any(|span| is_ours(&span)))
        .await;
    lines(spans.iter().find(is_ours).map_or(&[], std::slice::from_ref))
}

#[tokio::test]
async fn an_order_is_told_with_its_name_and_whether_it_came_to_a_certificate() {
    insta::assert_snapshot!(order(Manner::USUAL).await, @"order certificate Internal: server.address=get.weir.test");
    let elsewhere = Manner {
        looks_elsewhere: true,
        ..Manner::USUAL
    };
    insta::assert_snapshot!(order(elsewhere).await, @"order certificate Internal: server.address=get.weir.test error.type=not_made failed");
}
