//! What registries counted.

use serde_json::{Value, json};
use weir_ingest::import::Format;

use crate::world::dashboard;
use crate::world::engine::Filled;
use crate::{day, history, noon};

#[tokio::test]
async fn what_registries_counted_is_a_metric_of_its_own() {
    let mut engine = Filled::start().await;
    engine.store(&history()).await;
    let pypi = |ago, version, downloads| {
        let day = day(ago);
        json!({"day": day, "project": "acme/rocket", "version": version, "downloads": downloads})
            .to_string()
    };
    let rows = [
        pypi(9, "1.0.0", 3),
        pypi(3, "1.0.0", 20),
        pypi(1, "1.0.0", 7),
        pypi(1, "2.0.0", 40),
    ];
    engine.import(Format::Pypi, 0, &rows.join("\n")).await;
    // A day that is imported again replaces what was there.
    engine.import(Format::Pypi, 0, &pypi(3, "1.0.0", 21)).await;
    let counter =
        |pulls| json!({"namespace": "acme", "name": "rocket", "pull_count": pulls}).to_string();
    let today = u16::try_from(noon(0).as_second() / 86_400).expect("a day of this century");
    for (ago, pulls) in [(5, 1_000), (3, 1_100), (1, 1_250)] {
        engine
            .import(Format::DockerHub, today - ago, &counter(pulls))
            .await;
    }
    let world = dashboard(engine.connect(), engine.connect_to_export()).await;
    let mut browser = world.owner().await;
    let mut rows = async |dimensions: Value| {
        let question = json!({"site_id": "acme/rocket", "metrics": ["imported"], "date_range": "7d",
            "dimensions": dimensions, "order_by": [], "include": {"compare": "previous_period"}});
        let answer = browser.ask(question).await;
        assert_eq!(answer["query"]["table"], "imported_totals");
        let rows = answer["results"].as_array().expect("rows").clone();
        let line = |row: Value| {
            format!(
                "{} {} {}",
                row["dimensions"], row["metrics"], row["comparison"]["metrics"]
            )
        };
        rows.into_iter().map(line).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(rows(json!([])).await, @"[] [318] [3]");
    insta::assert_snapshot!(rows(json!(["registry", "version"])).await, @r#"
    ["docker-hub",""] [250] [0]
    ["pypi","1.0.0"] [28] [3]
    ["pypi","2.0.0"] [40] [0]
    "#);
    let series = rows(json!(["time:day"])).await;
    let named = (0..7).fold(series, |text, ago| {
        text.replace(&day(ago), &format!("-{ago}"))
    });
    insta::assert_snapshot!(named, @r#"
    ["-6"] [0] [0]
    ["-5"] [0] [0]
    ["-4"] [0] [0]
    ["-3"] [121] [0]
    ["-2"] [0] [3]
    ["-1"] [197] [0]
    ["-0"] [0] [0]
    "#);

    let all = json!({"site_id": "*", "metrics": ["imported"], "date_range": "all"});
    let all = browser.ask(all).await;
    assert_eq!(all["results"][0]["metrics"], json!([71 + 250]));
    assert_eq!(
        all["query"]["date_range"][0],
        format!("{}T00:00:00+00:00", day(9))
    );
    let csv = json!({"site_id": "*", "date_range": "28d", "format": "csv", "metrics": ["imported"], "dimensions": ["registry"]});
    let csv = browser.post("/api/v2/export", csv).await.body;
    insta::assert_snapshot!(csv, @r#"
    "registry","imported"
    "docker-hub",250
    "pypi",71
    "#);
}
