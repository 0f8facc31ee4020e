//! Every format into the tables, beside the program that serves.

use crate::files::{at, write};
use crate::world::World;
use crate::{CONFIG, import, rows, said};

const EVENTS: &str = "SELECT kind, package, version, artifact, os, arch, client, domain, referrer_host, status, toString(props) AS props FROM events ORDER BY time, kind";

#[tokio::test(flavor = "multi_thread")]
async fn every_access_log_becomes_the_events_that_the_gateway_would_have_recorded() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    let time = at(60);
    let target = "/rocket/1.2.3/linux-amd64.tar.gz";
    write(
        folder,
        "access.log",
        &format!(
            "192.0.2.1 - - [{}] \"GET {target} HTTP/1.1\" 302 0 \"https://acme.example/a\" \"curl/8.0\"\n",
            time.strftime("%d/%b/%Y:%H:%M:%S +0000")
        ),
    );
    let caddy = format!(
        r#"{{"ts":{}.5,"request":{{"client_ip":"192.0.2.2","method":"GET","host":"get.test","uri":"{target}","headers":{{"User-Agent":["curl/8.0"]}}}},"size":0,"status":302}}"#,
        at(120).as_second()
    );
    write(folder, "caddy.log", &caddy);
    let fields = "#Version: 1.0\n#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status sc-bytes cs(Referer) cs(User-Agent) cs-uri-query x-edge-request-id x-host-header";
    write(
        folder,
        "cloudfront.log",
        &format!(
            "{fields}\n{}\t192.0.2.3\tGET\td1.cdn.example\t{target}\t404\t0\t-\tcurl/8.0\t-\treq-1\tget.test\n",
            at(180).strftime("%Y-%m-%d\t%H:%M:%S")
        ),
    );
    let fastly = format!(
        r#"<134>{time} cache log: {{"timestamp":"{}","client_ip":"192.0.2.4","host":"get.test","url":"{target}","request_method":"HEAD","request_user_agent":"Wget/1.21","response_status":302,"response_body_size":0}}"#,
        at(240)
    );
    write(folder, "fastly.log", &fastly);
    let mut reports = Vec::new();
    for (format, file, more) in [
        ("nginx", "access.log", &["--domain", "get.test"][..]),
        ("caddy", "caddy.log", &[]),
        ("cloudfront", "cloudfront.log", &[]),
        ("fastly", "fastly.log", &[]),
    ] {
        reports.push(said(&import(folder, format, &[more, &[file]].concat())));
    }
    insta::assert_snapshot!(reports.concat(), @"
    exit 0
    access.log: imported 1 events of 1 lines
    exit 0
    caddy.log: imported 1 events of 1 lines
    exit 0
    cloudfront.log: imported 1 events of 1 lines
    exit 0
    fastly.log: imported 1 events of 1 lines
    ");
    insta::assert_snapshot!(rows(&world, EVENTS).await, @"
    download | acme/rocket | 1.2.3 | linux-amd64.tar.gz | linux | amd64 | curl | get.test | acme.example | 302 | {}
    download | acme/rocket | 1.2.3 | linux-amd64.tar.gz | linux | amd64 | curl | get.test |  | 302 | {}
    broken_link | acme/rocket | 1.2.3 | linux-amd64.tar.gz | linux | amd64 | curl | get.test |  | 404 | {}
    check | acme/rocket | 1.2.3 | linux-amd64.tar.gz | linux | amd64 | wget | get.test |  | 302 | {}
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_scarf_and_of_our_own_come_in_with_what_they_know() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    let scarf = format!(
        r#"{{"$time":"{}","$unique_id":"u-1","$package":"acme/rocket","$version":"1.2","$remote_address":"192.0.2.7","$user_agent":"curl/8.0","platform":"linux","edition":"pro"}}"#,
        at(60)
    );
    write(folder, "scarf.ndjson", &scarf);
    write(
        folder,
        "scarf.csv",
        &format!(
            "id,type,package,pixel,version,time,referer,user_agent,platform,variables,origin_id,origin_company,origin_domain,confidence\n\
         e-1,pixel-fetch,,docs,,{},https://acme.example/docs,Mozilla/5.0,,,o-1,\"Acme, Inc.\",acme.example,0.9\n",
            at(120)
        ),
    );
    let own = format!(
        r#"{{"time":"{}","event_id":"79228162532711081671548469251","kind":"download","package":"acme/rocket","version":"2.0","client":"pip","org_name":"Acme"}}"#,
        at(180)
    );
    write(folder, "own.ndjson", &own);
    for (format, file) in [
        ("scarf", "scarf.ndjson"),
        ("scarf-csv", "scarf.csv"),
        ("weir", "own.ndjson"),
    ] {
        let output = import(folder, format, &[file]);
        assert!(output.status.success(), "{}", said(&output));
    }
    insta::assert_snapshot!(rows(&world, EVENTS).await, @"
    download | acme/rocket | 1.2 |  | linux |  | curl |  |  | 0 | {'edition':'pro'}
    view | docs |  | docs |  |  | mozilla |  | acme.example | 0 | {}
    download | acme/rocket | 2.0 |  |  |  | pip |  |  | 0 | {}
    ");
    let known = rows(&world, "SELECT toString(event_id) AS id, org_name, org_domain, org_confidence, page FROM events ORDER BY time").await;
    let [_, rest @ ..] = &known.lines().collect::<Vec<_>>()[..] else {
        panic!("{known}")
    };
    insta::assert_snapshot!(rest[1], @"79228162532711081671548469251 | Acme |  | 0 |");
    assert!(
        rest[0].ends_with("Acme, Inc. | acme.example | 90 | /docs"),
        "{}",
        rest[0]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_of_registries_stay_apart_from_events_and_replace_what_was_there() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    write(
        folder,
        "pypi.ndjson",
        r#"{"day":"2025-10-10","project":"rocket","version":"1.2.3","downloads":"17"}"#,
    );
    write(
        folder,
        "npm.json",
        r#"{"package":"rocket","downloads":[{"downloads":5,"day":"2025-10-10"},{"downloads":6,"day":"2025-10-11"}]}"#,
    );
    write(
        folder,
        "crates.json",
        r#"{"version_downloads":[{"version":7,"downloads":3,"date":"2025-10-10"}],"versions":[{"id":7,"crate":"rocket","num":"0.1.0"}]}"#,
    );
    write(
        folder,
        "hub.json",
        r#"{"namespace":"acme","name":"rocket","pull_count":99}"#,
    );
    let all = [
        ("pypi", &["pypi.ndjson"][..]),
        ("npm", &["npm.json"]),
        ("crates", &["crates.json"]),
        ("docker-hub", &["--day", "2025-10-12", "hub.json"]),
    ];
    let mut reports = Vec::new();
    for (format, arguments) in all {
        reports.push(said(&import(folder, format, arguments)));
    }
    insta::assert_snapshot!(reports.concat(), @"
    exit 0
    pypi.ndjson: imported 1 totals of 1 lines
    exit 0
    npm.json: imported 2 totals of 2 lines
    exit 0
    crates.json: imported 1 totals of 1 lines
    exit 0
    hub.json: imported 1 totals of 1 lines
    ");
    write(
        folder,
        "npm.json",
        r#"{"package":"rocket","downloads":[{"downloads":8,"day":"2025-10-10"}]}"#,
    );
    assert!(import(folder, "npm", &["npm.json"]).status.success());
    let totals = "SELECT source, package, version, toString(day) AS day, span, downloads FROM imported_totals FINAL ORDER BY source, day";
    insta::assert_snapshot!(rows(&world, totals).await, @"
    crates | rocket | 0.1.0 | 2025-10-10 | day | 3
    docker-hub | acme/rocket |  | 2025-10-12 | ever | 99
    npm | rocket |  | 2025-10-10 | day | 8
    npm | rocket |  | 2025-10-11 | day | 6
    pypi | rocket | 1.2.3 | 2025-10-10 | day | 17
    ");
    assert_eq!(
        rows(&world, "SELECT count() AS count FROM events").await,
        "0"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_lines_are_reported_by_number_and_the_others_come_in() {
    let world = World::start(CONFIG).await;
    world.ready().await;
    let folder = world.folder.path();
    let time = at(60).strftime("%d/%b/%Y:%H:%M:%S +0000").to_string();
    let line = |target: &str| {
        format!("192.0.2.1 - - [{time}] \"GET {target} HTTP/1.1\" 200 0 \"-\" \"curl/8.0\"\n")
    };
    let text = [
        line("/rocket/1.0/linux-amd64.tar.gz"),
        line("/elsewhere"),
        line("/v2/server/manifests/latest"),
        "203.0.113.9 and nothing else\n".to_owned(),
        line(&format!("/rocket/{}/x.tar.gz", "9".repeat(70_000))),
        line("/rocket/1.1/linux-amd64.tar.gz")
            .replace(" +0000", " -0000")
            .replace(&time[7..11], "2103"),
        line("/rocket/1.2/linux-amd64.tar.gz"),
    ];
    write(folder, "access.log", &text.concat());
    let output = import(folder, "nginx", &["--domain", "get.test", "access.log"]);
    insta::assert_snapshot!(said(&output), @"
    exit 1
    access.log:2: no route of the configuration has this address
    access.log:3: a container pull cannot be told from its requests; import the registry's counter instead
    access.log:4: the time is missing
    access.log:5: longer than 64 KiB
    access.log:6: its time lies in the future
    access.log: imported 2 events, 5 refused of 7 lines
    weir: 5 lines were refused
    ");
    let versions = rows(&world, "SELECT version FROM events ORDER BY version").await;
    assert_eq!(versions, "1.0\n1.2");
}
