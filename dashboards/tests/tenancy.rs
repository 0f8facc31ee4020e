//! Whatever is another's is not there: every route of the description that can name something is asked
//! for what somebody may not see and for what does not exist, and answers the same to the byte.
//!
//! The routes come from the description, so none can be forgotten: a parameter whose name is new fails
//! here until it is said what it names.

mod world;

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use weir_dashboards::{Actor, ConfiguredPackage, Packages, Role};
use world::{Answer, Browser, PASSWORD, World};

const HIDDEN: &str = "acme/secret";
const MISSING: &str = "acme/missing";

/// What a parameter of this name names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// A package, by its name.
    Package,
    /// Something of an account's, by its id.
    Thing,
    /// Nothing that anybody has: what is asked, or what one brings oneself.
    Nothing,
}

/// Of questions, exports and lists.
const OF_QUESTIONS: [&str; 31] = [
    "metrics",
    "dimensions",
    "date_range",
    "filters",
    "order_by",
    "include",
    "pagination",
    "timezone",
    "columns",
    "format",
    "compression",
    "from",
    "to",
    "by",
    "before",
    "limit",
    "domain",
    "day",
    "install",
    "organisation",
    "type",
    "search",
    "confidence",
    "status",
    "stage",
    "sort",
    "ascending",
    "offset",
    "months",
    "version",
    "sql",
];
/// Of what one says: of a release, or of an organisation, which is everybody's.
const OF_STATEMENTS: [&str; 6] = ["ids", "verdict", "note", "at", "url", "notes"];
/// Of imports, of which only whole packages are anybody's.
const OF_IMPORTS: [&str; 2] = ["owner", "pixel"];
/// Of one's own account and of those that one makes. `packages` only ever narrows.
const OF_ACCOUNTS: [&str; 15] = [
    "name",
    "password",
    "old",
    "new",
    "code",
    "secret",
    "role",
    "packages",
    "scopes",
    "days",
    "next",
    "invitation",
    "state",
    "error",
    "iss",
];

fn names(parameter: &str) -> Names {
    match parameter {
        "package" | "site_id" => Names::Package,
        "id" => Names::Thing,
        known
            if [&OF_QUESTIONS[..], &OF_ACCOUNTS, &OF_STATEMENTS, &OF_IMPORTS]
                .iter()
                .any(|names| names.contains(&known)) =>
        {
            Names::Nothing
        }
        other => panic!("say what {other:?} names"),
    }
}

/// A value that a parameter takes, where one must be given.
fn value(parameter: &str, package: &str) -> Value {
    match parameter {
        "metrics" => json!(["downloads"]),
        "date_range" => json!("7d"),
        "format" => json!("csv"),
        "from" => json!("2026-01-01"),
        "to" => json!("2026-02-01"),
        "organisation" => json!("acme.example"),
        "version" => json!("1.0.0"),
        _ if names(parameter) == Names::Package => json!(package),
        other => panic!("say what {other:?} may be"),
    }
}

/// A route that can name something.
struct Route {
    method: Method,
    path: String,
    /// Those in its query: name, and whether it must be there.
    query: Vec<(String, bool)>,
    /// Those of its body.
    body: Vec<(String, bool)>,
}

impl Route {
    fn name(&self, what: Names) -> bool {
        let path = self.path.split('/').filter_map(|part| {
            let name = part.strip_prefix('{')?;
            name.strip_suffix('}')
        });
        let (query, body) = (self.query.iter(), self.body.iter());
        let others = query.chain(body).map(|(name, _)| name.as_str());
        // All are looked at, so that a name that is new is seen whatever else is there.
        path.chain(others)
            .filter(|name| names(name) == what)
            .count()
            > 0
    }

    /// Asks about `package`.
    async fn about(&self, browser: &mut Browser, package: &str) -> Answer {
        let wanted = |(name, must): &&(String, bool)| *must || names(name) == Names::Package;
        let pairs = self.query.iter().filter(wanted).map(|(name, _)| {
            let value = value(name, package);
            format!(
                "{name}={}",
                value.as_str().expect("text").replace('/', "%2F")
            )
        });
        let query = pairs.collect::<Vec<_>>().join("&");
        let path = self.path.replace("{package}", &package.replace('/', "%2F"));
        let body = self.body.iter().filter(wanted);
        let body: Map<_, _> = body
            .map(|(name, _)| (name.clone(), value(name, package)))
            .collect();
        let body = (!body.is_empty()).then_some(Value::Object(body));
        browser
            .send(self.method.clone(), &format!("{path}?{query}"), body)
            .await
    }
}

/// Every route of the description.
fn routes() -> Vec<Route> {
    let described: Value = serde_json::from_str(&weir_dashboards::openapi()).expect("JSON");
    let mut routes = Vec::new();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for (method, operation) in operations.as_object().expect("operations") {
            routes.push(Route {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                query: in_query(operation),
                body: in_body(operation, &described),
            });
        }
    }
    routes
}

fn in_query(operation: &Value) -> Vec<(String, bool)> {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let in_query = parameters.filter(|parameter| parameter["in"] == "query");
    let read = in_query.map(|parameter| {
        let name = parameter["name"].as_str().expect("a name");
        (name.to_owned(), parameter["required"] == true)
    });
    read.collect()
}

fn in_body(operation: &Value, described: &Value) -> Vec<(String, bool)> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let schema = match schema["$ref"].as_str() {
        Some(at) => described.pointer(&at[1..]).expect("a schema"),
        None => schema,
    };
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let members = schema["properties"].as_object().into_iter().flatten();
    let read = members.map(|(name, _)| (name.clone(), required.contains(&json!(name))));
    read.collect()
}

/// What an answer is, but for its time and its number.
fn whole(answer: &Answer) -> (StatusCode, String, Vec<(String, String)>) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "date" && *name != "x-request-id");
    let text = headers.map(|(name, value)| (name.to_string(), format!("{value:?}")));
    (answer.status, answer.body.clone(), text.collect())
}

async fn signed_in(world: &World, role: Role, packages: Packages) -> Browser {
    let (console, name) = (Actor::console(), role.as_str());
    let added = world
        .accounts
        .add_user(&console, name, role, &packages, PASSWORD);
    added.await.expect("a user");
    let mut browser = world.browser();
    let credentials = json!({"name": name, "password": PASSWORD});
    let answer = browser.post("/api/v2/session", credentials).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    browser
}

#[tokio::test]
async fn a_package_that_a_guest_may_not_see_is_one_that_is_not_there() {
    let world = world::without_engine().await;
    world.serve(ConfiguredPackage {
        name: HIDDEN.to_owned(),
        ecosystem: "file".to_owned(),
        domains: vec!["secret.acme.example".to_owned()],
        commands: Vec::new(),
        public: false,
    });
    let mut owner = world.owner().await;
    let only = Packages::only(["acme/rocket".to_owned()]);
    let mut guest = signed_in(&world, Role::Guest, only).await;
    let mut asked = 0;
    for route in routes()
        .into_iter()
        .filter(|route| route.name(Names::Package))
    {
        let (method, path) = (&route.method, &route.path);
        let hidden = whole(&route.about(&mut guest, HIDDEN).await);
        let missing = whole(&route.about(&mut guest, MISSING).await);
        assert_eq!(hidden, missing, "{method} {path}");
        // Imports are not a guest's at all.
        let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&hidden.0);
        assert!(refused, "{method} {path}: {} {}", hidden.0, hidden.1);
        let seen = route.about(&mut guest, "acme/rocket").await.status;
        assert!(
            seen != StatusCode::NOT_FOUND,
            "{method} {path}: their own is there"
        );
        assert!(
            seen != StatusCode::BAD_REQUEST,
            "{method} {path}: it was understood"
        );
        asked += 1;
    }
    assert!(asked >= 6, "{asked}");
    let theirs = owner.post(
        "/api/v2/query",
        json!({"site_id": HIDDEN, "metrics": ["downloads"], "date_range": "7d"}),
    );
    let theirs = theirs.await.status;
    assert_eq!(
        theirs,
        StatusCode::SERVICE_UNAVAILABLE,
        "an owner's question waits for the engine"
    );
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_not_there() {
    let world = world::without_engine().await;
    let mut owner = world.owner().await;
    let mut viewer = signed_in(&world, Role::Viewer, Packages::ALL).await;
    let token = json!({"name": "mine", "scopes": ["read"], "days": 1});
    for (list, new) in [
        ("tokens", token),
        ("invitations", json!({"role": "viewer"})),
    ] {
        let made = owner.post(&format!("/api/v2/{list}"), new).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    }
    let mut asked = 0;
    for route in routes()
        .into_iter()
        .filter(|route| route.name(Names::Thing))
    {
        let (method, path) = (&route.method, &route.path);
        let (list, _) = path.split_once("/{id}").expect("an id in the path");
        let name = list.rsplit('/').next().expect("a name");
        let theirs = owner.get(list).await.json()[name][0]["id"].clone();
        let theirs = theirs.as_str().expect("the owner has one: make it above");
        let missing = "0".repeat(24);
        let mut answers = Vec::new();
        for id in [theirs, &missing] {
            let path = path.replace("{id}", id);
            let answer = viewer.send(method.clone(), &path, Some(json!({}))).await;
            answers.push(whole(&answer));
        }
        assert_eq!(answers[0], answers[1], "{method} {path}");
        let refused = [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answers[0].0);
        assert!(refused, "{method} {path}: {}", answers[0].0);
        asked += 1;
    }
    assert!(asked >= 6, "{asked}");
    for list in ["tokens", "invitations", "users", "sessions"] {
        let still = owner.get(&format!("/api/v2/{list}")).await.json();
        assert_ne!(still[list], json!([]), "{list}");
    }
    assert_eq!(viewer.get("/api/v2/tokens").await.body, r#"{"tokens":[]}"#);
}
