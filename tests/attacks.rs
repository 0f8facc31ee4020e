//! What somebody may send who wants to reach the page's reader, its tables or its log: over the real
//! program, with strings that are stored and strings that are asked with.
//!
//! | threat | test |
//! |---|---|
//! | formulas in exports (CSV) | `no_cell_of_an_export_is_a_formula`; for panels `lib/table.test.ts` |
//! | markup that is stored, or stands in a question | `markup_is_text_in_every_answer`; in Chromium `tests/hostile.journey.spec.ts` |
//! | SQL in filters, columns, times and names | `sql_in_a_question_is_text_or_refused` |
//! | what the reading user may do in ClickHouse | `weir-ingest`'s `engine` |
//! | paths and pointers in JSON | `a_path_into_json_is_a_name` |
//! | line breaks in headers and log lines | `what_is_sent_ends_no_header_and_no_line` |
//! | frames, sniffing, foreign scripts | `weir-dashboards`'s `surface`; Trusted Types in `hostile.journey.spec.ts` |
//! | another account's things | `weir-dashboards`'s `tenancy` and `roles` |
//! | passwords, tries, sessions, other sites, tokens, first run | `weir-dashboards`'s `sign_in`, `roles`, `oidc`, and its accounts' own tests |
//! | what reaches the gateway | `front_door`, `tls`, `upstreams`, `chaos`: the tables of `docs/security.md` |

mod world;

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use world::owner::Owner;
use world::{PATIENCE, World};

const CONFIG: &str = r#"
[gateway]
http = ["127.0.0.1:0"]
[dashboards]
listen = "127.0.0.1:0"
import_tokens_file = "tokens"

[[package]]
name = "acme/rocket"
kind = "file"
domains = ["get.test.localhost"]
  [[package.route]]
  path = "/{version}/{+rest}"
  to = "http://REGISTRY/{version}/{rest}"
"#;

/// What spreadsheets run (OWASP, "CSV injection").
const FORMULAS: [&str; 6] = [
    "=HYPERLINK(\"http://evil.example\",\"1.0\")",
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
];

const MARKUP: &str = "\"><img src=x onerror=alert(1)></script><script>alert(1)</script>";

/// What would end a text in SQL, in ClickHouse's parameters or in a comment.
const SQL: [&str; 6] = [
    "' OR 1=1 --",
    "\\' OR 1=1 --",
    "')) UNION ALL SELECT name, 1 FROM system.users --",
    "{p1:String}",
    "%' OR '%'='",
    "1'; DROP TABLE events; --",
];

async fn world() -> (World, Owner) {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    std::fs::write(&tokens, "letmein\n").expect("written");
    std::fs::set_permissions(&tokens, std::fs::Permissions::from_mode(0o600)).expect("set");
    let world = World::start_in(folder, CONFIG).await;
    // The last of the tables that imports need.
    let deadline = Instant::now() + PATIENCE;
    while world
        .query("SELECT count() FROM imported_totals")
        .await
        .is_none()
    {
        assert!(Instant::now() < deadline, "no tables: {}", world.weir.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let owner = world.owner().await;
    (world, owner)
}

impl World {
    /// Imports events of `acme/rocket`, each with these columns of its own.
    async fn stores(&self, events: &[Value]) {
        let time = jiff::Timestamp::now().to_string();
        let lines = events.iter().enumerate().map(|(at, own)| {
            let mut event = json!({"time": time, "package": "acme/rocket", "id": format!("{at}")});
            let own = own.as_object().expect("columns").clone();
            event.as_object_mut().expect("an event").extend(own);
            format!("{event}\n")
        });
        let answer = self
            .http
            .post(format!("http://{}/api/v2/import?from=weir", self.weir.page))
            .bearer_auth("letmein")
            .body(lines.collect::<String>());
        let answer = answer.send().await.expect("an answer");
        let status = answer.status();
        let said = answer.text().await.expect("text");
        assert_eq!(status, StatusCode::OK, "{said}");
        self.wait_for(|stored| stored.len() >= events.len()).await;
    }

    /// GETs a path of the page's site as the owner.
    async fn page(&self, owner: &Owner, path: &str) -> Response {
        let request = self.http.get(format!("http://{}{path}", self.weir.page));
        let request = request.header("cookie", owner.cookie());
        request.send().await.expect("an answer")
    }

    async fn asks(&self, owner: &Owner, question: &Value) -> (StatusCode, Value) {
        let answer = self.put_question(owner, question).await;
        let status = answer.status();
        (status, answer.json().await.expect("JSON"))
    }
}

fn of_rocket(more: &Value) -> Value {
    let mut question =
        json!({"site_id": "acme/rocket", "metrics": ["downloads"], "date_range": "7d"});
    let more = more.as_object().expect("members").clone();
    question.as_object_mut().expect("a question").extend(more);
    question
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cell_of_an_export_is_a_formula() {
    let (world, owner) = world().await;
    let texts = [
        "version",
        "client",
        "referrer_host",
        "org_name",
        "campaign",
        "os",
    ];
    let events = FORMULAS.map(|formula| {
        let columns = texts
            .iter()
            .map(|&column| (column.to_owned(), json!(formula)));
        Value::Object(columns.collect())
    });
    world.stores(&events).await;
    let path = "/api/v2/export?site_id=acme%2Frocket&date_range=7d&format=csv";
    let csv = world.page(&owner, path).await.text().await.expect("text");
    assert!(csv.contains("'=HYPERLINK("), "{csv}");
    let formula = |cell: &str| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']);
    let runs: Vec<_> = cells(&csv)
        .into_iter()
        .filter(|cell| formula(cell))
        .collect();
    assert_eq!(runs, Vec::<String>::new());
    let stored = world.events().await;
    assert!(
        stored.iter().any(|event| event["version"] == FORMULAS[0]),
        "as it was sent; only what spreadsheets read is defused"
    );
}

/// The cells of RFC 4180.
fn cells(csv: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let (mut quoted, mut letters) = (false, csv.chars().peekable());
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("never empty");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_is_text_in_every_answer() {
    let (world, owner) = world().await;
    let event = json!({"version": MARKUP, "client": MARKUP, "referrer_host": MARKUP, "org_name": MARKUP, "country": "<svg onload=alert(1)>"});
    world.stores(&[event]).await;
    let by_version = of_rocket(&json!({"dimensions": ["version"]}));
    let (_, answer) = world.asks(&owner, &by_version).await;
    assert_eq!(
        answer["results"][0]["dimensions"][0], MARKUP,
        "as it was sent"
    );

    let encoded = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    for path in [
        format!("/api/v2/events?limit={encoded}"),
        format!("/api/v2/events?package={encoded}"),
        format!("/api/v2/export?site_id={encoded}&format={encoded}"),
        format!("/api/v2/imported?package={encoded}&from={encoded}&to={encoded}"),
        format!("/api/v2/audit?before={encoded}"),
        format!("/api/v2/public/{encoded}"),
        format!("/api/v2/{encoded}"),
        format!("/api/v2/oidc/callback?error={encoded}"),
    ] {
        let answer = world.page(&owner, &path).await;
        assert!(
            !answer.status().is_server_error(),
            "{path}: {}",
            answer.status()
        );
        assert_eq!(
            answer.headers()["content-type"],
            "application/json",
            "{path}"
        );
        assert_eq!(
            answer.headers()["x-content-type-options"],
            "nosniff",
            "{path}"
        );
    }
    let front = world.page(&owner, "/").await.text().await.expect("text");
    for path in [
        format!("/p/{encoded}"),
        format!("/sign-in?problem={encoded}&next={encoded}"),
    ] {
        let page = world.page(&owner, &path).await.text().await.expect("text");
        assert_eq!(
            page, front,
            "{path}: nothing of it is written into the page"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sql_in_a_question_is_text_or_refused() {
    let (world, owner) = world().await;
    world
        .stores(&[json!({"version": "1.0.0"}), json!({"version": SQL[0]})])
        .await;
    for sql in SQL {
        for operator in ["is", "contains"] {
            let question = of_rocket(&json!({"filters": [[operator, "version", [sql]]]}));
            let (status, answer) = world.asks(&owner, &question).await;
            assert_eq!(status, StatusCode::OK, "{sql}: {answer}");
            let expected = u64::from(sql == SQL[0]);
            assert_eq!(
                answer["results"][0]["metrics"][0], expected,
                "{operator} {sql}"
            );
        }
        let elsewhere = json!({"site_id": sql, "metrics": ["downloads"], "date_range": "7d"});
        let (status, answer) = world.asks(&owner, &elsewhere).await;
        assert_eq!(
            (status, &answer["results"][0]["metrics"][0]),
            (StatusCode::OK, &json!(0)),
            "{sql}"
        );
        for refused in [
            json!({"metrics": [sql]}),
            json!({"dimensions": [sql]}),
            json!({"date_range": sql}),
            json!({"date_range": ["2026-01-01", sql]}),
            json!({"order_by": [[sql, "asc"]]}),
            json!({"order_by": [["downloads", sql]]}),
            json!({"filters": [[sql, "version", ["1"]]]}),
            json!({"filters": [["is", sql, ["1"]]]}),
            json!({"pagination": {"limit": sql}}),
            json!({"time_zone": sql}),
        ] {
            let (status, answer) = world.asks(&owner, &of_rocket(&refused)).await;
            assert_eq!(status, StatusCode::BAD_REQUEST, "{refused}");
            let error = answer["error"].as_str().expect("text");
            assert!(error.starts_with('#'), "{refused}: {error}");
        }
    }
    let rows = world.query("SELECT count() AS count FROM events").await;
    let rows = rows.expect("the table is there");
    assert_eq!(rows[0]["count"], 2, "{rows:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_into_json_is_a_name() {
    let (world, owner) = world().await;
    let props =
        json!({"plan": "pro", "a.b": "dotted", "x') OR ('1'='1": "quoted", "../../secret": "up"});
    world
        .stores(&[json!({"props": props}), json!({"version": "1"})])
        .await;
    for (name, value) in [
        ("plan", "pro"),
        ("a.b", "dotted"),
        ("x') OR ('1'='1", "quoted"),
        ("../../secret", "up"),
    ] {
        let filter = json!([["is", format!("props:{name}"), [value]]]);
        let (status, answer) = world
            .asks(&owner, &of_rocket(&json!({"filters": filter})))
            .await;
        let counted = answer["results"][0]["metrics"][0].as_u64();
        let expected = (status == StatusCode::OK).then_some(1);
        assert!(
            status.is_success() || status == StatusCode::BAD_REQUEST,
            "{name}: {answer}"
        );
        assert_eq!(counted, expected, "{name}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sent_ends_no_header_and_no_line() {
    let (world, owner) = world().await;
    let evil = "a%0d%0aSet-Cookie:%20weir=0%0d%0a%1b%5b2J";
    for path in [
        format!("/api/v2/export?site_id={evil}&date_range=7d&format=csv"),
        format!("/api/v2/oidc/callback?state={evil}&code={evil}"),
        format!("/{evil}"),
        format!("/api/v2/{evil}"),
    ] {
        let answer = world.page(&owner, &path).await;
        assert_eq!(answer.headers().get("set-cookie"), None, "{path}");
    }
    let address = format!("http://{}/api/v2/session", world.weir.page);
    let name = "Ada\r\n2026-01-01T00:00:00Z  INFO weir: FORGED\u{1b}[2J";
    let request = world
        .http
        .post(address)
        .json(&json!({"name": name, "password": name}));
    let origin = format!("http://{}", world.weir.page);
    let answer = request
        .header("origin", origin)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let request = world.request("GET", "get.test.localhost", "/1.0%0d%0aFORGED/a");
    let agent = "curl/8\u{9}FORGED";
    request
        .header("user-agent", agent)
        .send()
        .await
        .expect("an answer");
    world
        .page(&owner, "/api/v2/events?limit=FORGED%0aFORGED")
        .await;
    let said = world.weir.said();
    assert!(!said.contains("FORGED"), "{said}");
    assert!(
        !said.contains('\u{1b}'),
        "no escape that a terminal would obey: {said:?}"
    );
}

/// The sources of tests, wherever they are.
fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        if path.is_dir() && name != "target" && name != "node_modules" {
            sources(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            all.push_str(&std::fs::read_to_string(&path).expect("text"));
        }
    }
}

#[test]
fn every_test_that_the_page_on_security_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = String::new();
    for folder in [
        "tests",
        "config",
        "gateway",
        "ingest",
        "dashboards/src",
        "dashboards/tests",
    ] {
        sources(&root.join(folder), &mut all);
    }
    let page = std::fs::read_to_string(root.join("docs/security.md")).expect("the page");
    let words = page.split('`').skip(1).step_by(2);
    let names: Vec<_> = words.filter(|word| word.matches('_').count() > 3).collect();
    assert!(names.len() > 50, "{names:?}");
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !all.contains(&format!("fn {name}(")))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}
