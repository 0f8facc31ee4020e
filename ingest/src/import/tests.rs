//! Every format: what its lines say here.

use super::entry::{Entry, Logged, Refusal, Told, Total};
use super::format::{Format, Known, Reader};

fn known() -> Known {
    Known {
        package: None,
        pixel: None,
        domain: Some("get.acme.example".into()),
        day: 20_371,
    }
}

/// What the lines say, one line each.
fn say(format: Format, lines: &[&str]) -> String {
    let mut reader = Reader::new(format, known());
    let said = lines.iter().flat_map(|line| reader.read(line));
    said.map(|said| said.map_or_else(refused, entry))
        .collect::<Vec<_>>()
        .join("\n")
}

#[allow(clippy::needless_pass_by_value)] // as a mapping
fn refused(why: Refusal) -> String {
    format!("refused: {why}")
}

fn entry(entry: Entry) -> String {
    match entry {
        Entry::Told(told) => event(&told),
        Entry::Logged(logged) => request(&logged),
        Entry::Total(total) => count(&total),
    }
}

fn words(parts: &[(&str, String)]) -> String {
    let parts = parts.iter().filter(|(_, value)| !value.is_empty());
    parts
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

fn event(told: &Told) -> String {
    let given: Vec<_> = told
        .given
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    words(&[
        ("kind", told.kind.as_str().into()),
        ("time", told.time.to_string()),
        ("id", told.id.clone().unwrap_or_default()),
        (
            "from",
            told.address
                .map(|address| address.to_string())
                .unwrap_or_default(),
        ),
        ("package", told.package.clone()),
        ("version", told.version.clone()),
        ("artifact", told.artifact.clone()),
        ("domain", told.domain.clone()),
        ("os", told.os.clone()),
        ("page", told.page.clone()),
        ("agent", told.user_agent.clone()),
        ("referrer", told.referrer.clone()),
        (
            "opted_out",
            if told.opted_out {
                "yes".into()
            } else {
                String::new()
            },
        ),
        (
            "props",
            if told.props.is_empty() {
                String::new()
            } else {
                format!("{:?}", told.props)
            },
        ),
        (
            "given",
            if given.is_empty() {
                String::new()
            } else {
                format!("{given:?}")
            },
        ),
    ])
}

fn request(logged: &Logged) -> String {
    words(&[
        (
            "request",
            format!("{} {}{}", logged.method, logged.host, logged.target),
        ),
        ("time", logged.time.to_string()),
        ("id", logged.id.clone().unwrap_or_default()),
        (
            "from",
            logged
                .address
                .map(|address| address.to_string())
                .unwrap_or_default(),
        ),
        ("status", logged.status.to_string()),
        ("bytes", logged.bytes.to_string()),
        ("agent", logged.user_agent.clone()),
        ("referrer", logged.referrer.clone()),
        (
            "opted_out",
            if logged.opted_out { "yes" } else { "" }.to_owned(),
        ),
    ])
}

fn count(total: &Total) -> String {
    words(&[
        ("total", total.downloads.to_string()),
        ("package", total.package.clone()),
        ("version", total.version.clone()),
        ("country", total.country.clone()),
        ("day", total.day.to_string()),
        ("span", format!("{:?}", total.span)),
    ])
}

#[test]
fn our_own_events_are_columns_by_name() {
    let said = say(
        Format::Weir,
        &[
            r#"{"time":"2025-10-10 20:55:00","event_id":"79228162532711081671548469251","kind":"check","package":"acme/rocket","version":"1.2.3","client":"pip","ci":"true","asn":"64500","country":"CH","props":{"via":"script"}}"#,
            r#"{"time":1760129736,"package":"p","address":"192.0.2.7","user_agent":"curl/8.0"}"#,
            r#"{"time":1760129736}"#,
            r#"{"package":"p"}"#,
            r#"{"time":1760129736,"package":"p","kind":"theft"}"#,
            r#"{"time":1760129736,"package":"p","ci":"perhaps"}"#,
            r#"{"time":1760129736,"package":"p","status":70000}"#,
            r#"{"time":1760129736,"package":"p","address":"here"}"#,
            "192.0.2.7",
            "  ",
        ],
    );
    insta::assert_snapshot!(said, @r#"
    kind=check time=1760129700 id=79228162532711081671548469251 package=acme/rocket version=1.2.3 props=[("via", "script")] given=[("client", "pip"), ("ci", "true"), ("country", "CH"), ("asn", "64500")]
    kind=download time=1760129736 from=192.0.2.7 package=p agent=curl/8.0
    refused: package is missing
    refused: time is missing
    refused: kind cannot be read
    refused: ci cannot be read
    refused: status cannot be read
    refused: address cannot be read
    refused: not a JSON object
    "#);
}

#[test]
fn scarfs_lines_are_events_with_variables() {
    let said = say(
        Format::Scarf,
        &[
            r#"{"$time":"2025-10-10T20:55:36Z","$unique_id":"u-1","$package":"acme/rocket","$version":"1.2","$remote_address":"192.0.2.7","$user_agent":"curl/8.0","$domain":"get.acme.example","$referrer":"https://acme.example/docs","platform":"linux","edition":"pro","a":{"b":{"c":1}}}"#,
            r#"{"$time":1760129736000,"$type":"view","$tracking_pixel":"docs","$referrer":"https://acme.example/docs?x=1","$headers":[{"name":"User-Agent","value":"Mozilla/5.0"}]}"#,
            r#"{"$time":1760129736,"$package":"p","$headers":[{"name":"DNT","value":"1"}]}"#,
            r#"{"$package":"p"}"#,
            r#"{"$time":"soon","$package":"p"}"#,
            r#"{"$time":1760129736}"#,
        ],
    );
    insta::assert_snapshot!(said, @r#"
    kind=download time=1760129736 id=u-1 from=192.0.2.7 package=acme/rocket version=1.2 domain=get.acme.example os=linux agent=curl/8.0 referrer=https://acme.example/docs props=[("edition", "pro"), ("a.b.c", "1")] given=[("ecosystem", "file")]
    kind=view time=1760129736 package=docs artifact=docs page=/docs agent=Mozilla/5.0 referrer=https://acme.example/docs?x=1 given=[("ecosystem", "docs")]
    kind=download time=1760129736 package=p opted_out=yes given=[("ecosystem", "file")]
    refused: $time is missing
    refused: $time cannot be read
    refused: $package is missing
    "#);
}

#[test]
fn scarfs_export_has_its_columns_by_name() {
    let said = say(
        Format::ScarfCsv,
        &[
            "id,type,package,pixel,version,time,referer,user_agent,platform,variables,origin_id,origin_country,origin_connection_type,origin_company,origin_domain,dnt,confidence",
            r#"e-1,binary-download,acme/rocket,,1.2,2025-10-10 20:55:36 UTC,,curl/8.0,linux,"{""edition"": ""pro""}",o-1,ch,business,"Acme, Inc.",acme.example,false,0.87"#,
            "e-2,pixel-fetch,,docs,,2025-10-10T20:55:36Z,https://acme.example/docs,,,,o-1,Switzerland,,,,true,",
            "e-3,binary-download,acme/rocket,,1.2,never",
        ],
    );
    insta::assert_snapshot!(said, @r#"
    kind=download time=1760129736 id=e-1 from=fdf2:4d26:a971:7ded:91a1:f63:13c8:c5c3 package=acme/rocket version=1.2 os=linux agent=curl/8.0 props=[("edition", "pro")] given=[("ecosystem", "file"), ("country", "CH"), ("net_type", "business"), ("org_name", "Acme, Inc."), ("org_domain", "acme.example"), ("org_evidence", "scarf"), ("org_confidence", "87")]
    kind=view time=1760129736 id=e-2 from=fdf2:4d26:a971:7ded:91a1:f63:13c8:c5c3 package=docs artifact=docs page=/docs referrer=https://acme.example/docs opted_out=yes given=[("ecosystem", "docs")]
    refused: time cannot be read
    "#);
    let headless = say(Format::ScarfCsv, &["e-1,binary-download"]);
    insta::assert_snapshot!(headless, @"refused: the header's column time is missing");
}

#[test]
fn combined_logs_come_with_and_without_a_virtual_host() {
    let said = say(
        Format::Nginx,
        &[
            r#"192.0.2.7 - - [10/Oct/2025:13:55:36 -0700] "GET /rocket/1.2.3/linux-amd64.tar.gz?x=1 HTTP/1.1" 302 0 "https://acme.example/" "curl/8.0""#,
            r#"2001:db8::7 - ada [10/Oct/2025:20:55:36 +0000] "HEAD /a HTTP/2.0" 200 17 "-" "-" "behind" 0.003"#,
            r#"get.test:443 192.0.2.7 - - [10/Oct/2025:20:55:36 +0000] "GET / HTTP/1.1" 200 17 "-" "a \x22quoted\x22 \"agent\" \xc3\xa9""#,
            r#"192.0.2.7 - - [10/Oct/2025:20:55:36 +0000] "GET / HTTP/1.0" 200 17"#,
            r#"192.0.2.7 - - [10/Oct/2025:20:55:36 +0000] "\x16\x03\x01" 400 150 "-" "-""#,
            r#"192.0.2.7 - - [yesterday] "GET / HTTP/1.0" 200 17"#,
            r#"192.0.2.7 - - [10/Oct/2025:20:55:36 +0000] "GET / HTTP/1.0" ok 17"#,
            "192.0.2.7",
        ],
    );
    insta::assert_snapshot!(said, @r#"
    request=GET get.acme.example/rocket/1.2.3/linux-amd64.tar.gz?x=1 time=1760129736 from=192.0.2.7 status=302 bytes=0 agent=curl/8.0 referrer=https://acme.example/
    request=HEAD get.acme.example/a time=1760129736 from=2001:db8::7 status=200 bytes=17
    request=GET get.test:443/ time=1760129736 from=192.0.2.7 status=200 bytes=17 agent=a "quoted" "agent" é
    request=GET get.acme.example/ time=1760129736 from=192.0.2.7 status=200 bytes=17
    refused: no request that a gateway would take
    refused: the time cannot be read
    refused: the status cannot be read
    refused: the time is missing
    "#);
}

#[test]
fn caddys_log_has_the_request_in_it() {
    let said = say(
        Format::Caddy,
        &[
            r#"{"level":"info","ts":1760129736.25,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"198.51.100.1","remote_port":"5","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"get.test","uri":"/a?b=c","headers":{"User-Agent":["curl/8.0"],"Referer":["https://acme.example/"]}},"duration":0.001,"size":17,"status":302}"#,
            r#"{"ts":1760129736,"request":{"method":"GET","host":"get.test","uri":"/","headers":{"Dnt":["1"]}},"status":302}"#,
            r#"{"ts":1760129736,"request":{"method":"GET","host":"get.test","uri":"/","headers":{"Sec-Gpc":["0"]}},"status":302}"#,
            r#"{"ts":1760129736.25,"msg":"serving initial configuration"}"#,
            r#"{"ts":1760129736,"request":{"host":"get.test","uri":"/","method":"GET"}}"#,
        ],
    );
    insta::assert_snapshot!(said, @"
    request=GET get.test/a?b=c time=1760129736 from=192.0.2.7 status=302 bytes=17 agent=curl/8.0 referrer=https://acme.example/
    request=GET get.test/ time=1760129736 status=302 bytes=0 opted_out=yes
    request=GET get.test/ time=1760129736 status=302 bytes=0
    refused: request is missing
    refused: status is missing
    ");
}

#[test]
fn cloudfronts_log_names_its_fields() {
    let fields = "#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query x-edge-request-id x-host-header";
    let line = "2025-10-10\t20:55:36\tZRH50\t17\t192.0.2.7\tGET\td1.cdn.example\t/rocket/1.2.3/linux-amd64.tar.gz\t302\t-\tcurl/8.0%20(linux)\tx=1\treq-1\tget.test";
    let twice = "2025-10-10\t20:55:36\tZRH50\t17\t192.0.2.7\tGET\td1.cdn.example\t/\t200\t-\tMozilla/5.0%2520(X11)\t-\treq-2\tget.test";
    let bad = "2025-10-10\t20:55:36\tZRH50\t17\t192.0.2.7\tGET";
    let said = say(
        Format::Cloudfront,
        &[line, "#Version: 1.0", fields, line, twice, bad],
    );
    insta::assert_snapshot!(said, @"
    refused: the line #Fields above it is missing
    request=GET get.test/rocket/1.2.3/linux-amd64.tar.gz?x=1 time=1760129736 id=req-1 from=192.0.2.7 status=302 bytes=17 agent=curl/8.0 (linux)
    request=GET get.test/ time=1760129736 id=req-2 from=192.0.2.7 status=200 bytes=17 agent=Mozilla/5.0 (X11)
    refused: sc-status cannot be read
    ");
}

#[test]
fn fastlys_log_comes_plain_and_by_syslog() {
    let object = r#"{"timestamp":"2025-10-10T20:55:36+0000","client_ip":"192.0.2.7","host":"get.test","url":"/a?b=c","request_method":"GET","request_referer":"","request_user_agent":"curl/8.0","response_status":302,"response_body_size":17}"#;
    let by_syslog = format!("<134>2025-10-10T20:55:36Z cache-zrh1 log[1]: {object}");
    let said = say(
        Format::Fastly,
        &[
            object,
            &by_syslog,
            r#"{"timestamp":"2025-10-10T20:55:36+0000"}"#,
        ],
    );
    insta::assert_snapshot!(said, @"
    request=GET get.test/a?b=c time=1760129736 from=192.0.2.7 status=302 bytes=17 agent=curl/8.0
    request=GET get.test/a?b=c time=1760129736 from=192.0.2.7 status=302 bytes=17 agent=curl/8.0
    refused: response_status is missing
    ");
}

#[test]
fn rows_of_pypis_downloads_are_totals() {
    let said = say(
        Format::Pypi,
        &[
            r#"{"day":"2025-10-10","project":"rocket","version":"1.2.3","country_code":"CH","downloads":"17"}"#,
            r#"{"date":"2025-10-10","project":"rocket","count":5}"#,
            r#"{"timestamp":"2025-10-10T20:55:36Z","project":"rocket"}"#,
            r#"{"date":"2025-10-10","count":5}"#,
            r#"{"date":"2025-10-10","project":"rocket","count":-5}"#,
        ],
    );
    insta::assert_snapshot!(said, @"
    total=17 package=rocket version=1.2.3 country=CH day=20371 span=Day
    total=5 package=rocket day=20371 span=Day
    refused: no count; group the rows by day, project and version first
    refused: project is missing
    refused: downloads is missing
    ");
}

#[test]
fn answers_of_npm_are_totals_of_one_package_or_more() {
    let said = say(
        Format::Npm,
        &[r#"
        {"start":"2025-10-10","end":"2025-10-11","package":"rocket","downloads":[{"downloads":17,"day":"2025-10-10"},{"downloads":5,"day":"2025-10-11"}]}
        {"rocket":{"package":"rocket","downloads":[{"downloads":1,"day":"2025-10-12"}]},"missing":null,"@acme/rocket":{"package":"@acme/rocket","downloads":[{"day":"2025-10-12"}]}}
        {"error":"package rocket not found"}
        {
    "#],
    );
    insta::assert_snapshot!(said, @"
    total=17 package=rocket day=20371 span=Day
    total=5 package=rocket day=20372 span=Day
    total=1 package=rocket day=20373 span=Day
    refused: downloads is missing
    refused: downloads is missing
    refused: not a JSON object
    ");
}

#[test]
fn answers_of_the_crates_registry_are_totals_by_version() {
    let said = say(
        Format::Crates,
        &[
            r#"{"version_downloads":[{"version":7,"downloads":17,"date":"2025-10-10"},{"version":8,"downloads":1,"date":"2025-10-10"}],"versions":[{"id":7,"crate":"rocket","num":"1.2.3"}],"meta":{"extra_downloads":[{"date":"2025-10-10","downloads":5}]}}"#,
            r#"{"version_downloads":[{"version":7,"downloads":17,"date":"2025-10-10"}],"meta":{}}"#,
        ],
    );
    insta::assert_snapshot!(said, @"
    total=17 package=rocket version=1.2.3 day=20371 span=Day
    total=1 package=rocket version=#8 day=20371 span=Day
    total=5 package=rocket day=20371 span=Day
    refused: the crate's name (name it with --package) is missing
    ");
}

#[test]
fn docker_hubs_counter_counts_from_the_beginning() {
    let said = say(
        Format::DockerHub,
        &[
            r#"{"namespace":"acme","name":"rocket","pull_count":123456}"#,
            r#"{"count":1,"results":[{"namespace":"acme","name":"other","pull_count":7},{"name":"x"}]}"#,
        ],
    );
    insta::assert_snapshot!(said, @"
    total=123456 package=acme/rocket day=20371 span=Ever
    total=7 package=acme/other day=20371 span=Ever
    refused: pull_count is missing
    ");
}

#[test]
fn no_refusal_repeats_the_line() {
    let mut refusals = 0;
    for format in Format::ALL {
        // An address where something else belongs.
        for line in [
            "203.0.113.207",
            r#"{"203.0.113.207":1}"#,
            r#"{"time":"203.0.113.207","$time":"203.0.113.207","ts":"203.0.113.207","timestamp":"203.0.113.207","day":"203.0.113.207","request":{},"status":200}"#,
            r#"203.0.113.207 - - [203.0.113.207] "GET / HTTP/1.1" 200 1"#,
        ] {
            let said = say(format, &[line]);
            refusals += said.matches("refused: ").count();
            assert!(!said.contains("203.0.113.207"), "{said}");
        }
    }
    assert!(refusals > 20, "only {refusals} were refused");
}

proptest::proptest! {
    #[test]
    fn no_line_makes_a_reader_panic(line in "\\PC{0,200}", json in r#"[{}\[\]":,a-z$0-9 .-]{0,80}"#) {
        for format in Format::ALL {
            let mut reader = Reader::new(format, known());
            reader.read(&line);
            reader.read(&json);
            reader.read("#Fields: date time c-ip");
            reader.read(&line);
        }
    }
}
