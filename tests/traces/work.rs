//! What the program does besides answering downloads: questions of the page, exports and imports.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::collector::{Collector, lines};
use crate::world::{PATIENCE, World};
use crate::{HOST, config, count};
use opentelemetry_proto::tonic::trace::v1::Span;

fn named(spans: &[Span], name: &str) -> Vec<Span> {
    let named = spans.iter().filter(|span| span.name == name);
    named.cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_says_which_table_it_reads_and_nothing_of_what_is_asked() {
    let collector = Collector::start().await;
    let world = World::start(&config(collector.address, "trace_ratio = 0")).await;
    let owner = world.owner().await;
    let question = json!({
        "site_id": "*",
        "date_range": "7d",
        "metrics": ["downloads"],
        "dimensions": ["country"],
        "filters": [["is", "version", ["canaryversion"]]],
    });
    // The page asks once the tables are prepared, which is a little after they are made.
    let deadline = Instant::now() + PATIENCE;
    while world.put_question(&owner, &question).await.status() != 200 {
        assert!(Instant::now() < deadline, "{}", world.weir.said());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let asked = |spans: &[Span]| {
        let of_countries = named(spans, "question").into_iter();
        of_countries
            .filter(|span| lines(std::slice::from_ref(span)).contains("combination"))
            .filter(|span| !lines(std::slice::from_ref(span)).contains("failed"))
            .collect::<Vec<_>>()
    };
    let spans = collector.wait_for(|spans| !asked(spans).is_empty()).await;
    insta::assert_snapshot!(lines(&asked(&spans)[..1]), @"question Client: db.system.name=clickhouse db.operation.name=SELECT db.collection.name=events weir.question=The metrics for each combination of the dimensions' values weir.rows weir.rows_read=0 weir.bytes_read=0");
    let bytes = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(!bytes.contains("canaryversion"), "it was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_told_by_its_name_and_what_it_asks_stands_below_it() {
    let collector = Collector::start().await;
    let config = config(collector.address, "trace_ratio = 0");
    let world = World::start(&config).await;
    world.ready().await;
    let export = "[[export]]\nname = \"lake\"\nfolder = \"out\"\nevery = \"hour\"\n";
    world.configure(&(config + export));
    let spans = collector.wait_for(|spans| count(spans, "export") > 0).await;
    let exports = named(&spans, "export");
    let below = spans
        .iter()
        .filter(|span| span.parent_span_id == exports[0].span_id);
    let whole: Vec<_> = exports[..1].iter().chain(below).cloned().collect();
    insta::assert_snapshot!(lines(&whole), @"
    export Internal: weir.job=lake
      question Client: db.system.name=clickhouse db.operation.name=SELECT db.collection.name=events weir.question=Events with columns of organisations weir.format=Parquet
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_says_its_format_and_how_much_of_it_was_taken() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, "letmein\n").expect("written");
    let owner_only = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(&tokens, owner_only).expect("set");
    let collector = Collector::start().await;
    let listeners = "[gateway]\nhttp = [\"127.0.0.1:0\"]\n[dashboards]\nlisten = \"127.0.0.1:0\"\nimport_tokens_file = \"tokens\"\n";
    let config = listeners.to_owned() + &config(collector.address, "trace_ratio = 0");
    let world = World::start_in(folder, &config).await;
    world.ready().await;
    let now = jiff::Timestamp::now();
    let line = format!(
        "198.51.100.77 - - [{}] \"GET /plain/canarypath HTTP/1.1\" 302 0 \"-\" \"canaryagent/1\"\n",
        now.strftime("%d/%b/%Y:%H:%M:%S +0000")
    );
    let send = async |from: &str, body: String| {
        let address = format!("http://{}/api/v2/import?{from}", world.weir.page);
        let request = world.http.post(address).bearer_auth("letmein").body(body);
        request.send().await.expect("an answer").status()
    };
    let from = format!("from=nginx&domain={HOST}");
    let answer = send(&from, line + "canaryline\n").await;
    assert_eq!(answer, 207, "a line is refused");
    let spans = collector
        .wait_for(|spans| !named(spans, "import").is_empty())
        .await;
    insta::assert_snapshot!(lines(&named(&spans, "import")), @"import Internal: weir.format=nginx weir.rows weir.rows_refused=1");
    let bytes = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(!bytes.contains("canary"), "it was sent");
}
