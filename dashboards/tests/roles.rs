//! Every route of the description, asked by everybody: who is let in. `tenancy` has what they then see.

mod world;

use std::fmt::Write as _;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use weir_dashboards::{Actor, NewToken, Packages, Role, Scope};
use world::{Browser, PASSWORD, World, without_engine};

/// Everything that the API describes, those that end sessions last.
fn routes() -> Vec<(Method, String)> {
    let described: Value = serde_json::from_str(&weir_dashboards::openapi()).expect("JSON");
    let mut routes = Vec::new();
    for (path, operations) in described["paths"].as_object().expect("paths") {
        for method in operations.as_object().expect("operations").keys() {
            let method: Method = method.to_uppercase().parse().expect("a method");
            routes.push((method, path.clone()));
        }
    }
    routes.sort_by_key(|(method, path)| {
        let ends = *method == Method::DELETE && path.starts_with("/api/v2/session");
        let here = ends && path == "/api/v2/session";
        (ends, here, path.clone(), method.to_string())
    });
    routes
}

impl World {
    async fn of_role(&self, role: Role) -> Browser {
        let packages = match role {
            Role::Guest => Packages::only(["acme/rocket".to_owned()]),
            _ => Packages::ALL,
        };
        let (name, console) = (role.as_str(), Actor::console());
        let added = self
            .accounts
            .add_user(&console, name, role, &packages, PASSWORD);
        added.await.expect("a user");
        let mut browser = self.browser();
        let credentials = json!({"name": name, "password": PASSWORD});
        let answer = browser.post("/api/v2/session", credentials).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        browser
    }

    async fn with_token(&self, of: &str, scope: Scope) -> Browser {
        let user = self.accounts.user_named(of).await.expect("a user");
        let new = NewToken {
            name: scope.as_str().to_owned(),
            scopes: vec![scope],
            packages: Packages::ALL,
            days: 1,
        };
        let console = Actor::console();
        let token = self.accounts.create_token(&console, &user, &new).await;
        let mut browser = self.browser();
        browser.token = Some(token.expect("a token"));
        browser.origin = None;
        browser
    }
}

/// `.` where somebody is let in, and the status where not.
async fn verdict(browser: &mut Browser, method: &Method, path: &str) -> String {
    let path = path.replace("{id}", &"0".repeat(24));
    let answer = browser.send(method.clone(), &path, Some(json!({}))).await;
    match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => answer.status.as_str().to_owned(),
        _ => ".".to_owned(),
    }
}

#[tokio::test]
async fn every_route_lets_in_whom_the_table_says() {
    let world = without_engine().await;
    let _owner = world.owner().await;
    let mut askers = vec![("stranger", world.browser())];
    for role in Role::ALL {
        askers.push((role.as_str(), world.of_role(role).await));
    }
    for (name, scope) in [
        ("t:read", Scope::Read),
        ("t:export", Scope::Export),
        ("t:import", Scope::Import),
        ("t:sql", Scope::Sql),
        ("t:admin", Scope::Admin),
    ] {
        askers.push((name, world.with_token("owner", scope).await));
    }
    let mut table = format!("{:36}", "");
    for (name, _) in &askers {
        write!(table, "{name:9}").expect("a string grows");
    }
    for (method, path) in routes() {
        write!(table, "\n{:36}", format!("{method} {path} ")).expect("a string grows");
        for (_, browser) in &mut askers {
            let verdict = verdict(browser, &method, &path).await;
            write!(table, "{verdict:9}").expect("a string grows");
        }
    }
    let lines: Vec<_> = table.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"), @"
                                        stranger owner    admin    editor   viewer   guest    t:read   t:export t:import t:sql    t:admin
    GET /api/v2/audit                   401      .        .        403      403      403      403      403      403      403      .
    POST /api/v2/checks                 401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/corrections            401      .        .        .        403      403      403      403      403      403      403
    GET /api/v2/docs/copied             401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/docs/reading            401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/events                  401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/export                  401      .        .        .        .        .        403      .        403      403      403
    POST /api/v2/export                 401      .        .        .        .        .        403      .        403      403      403
    GET /api/v2/funnel                  401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/import                 401      .        .        .        403      403      403      403      .        403      403
    GET /api/v2/imported                401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/invitation             .        .        .        .        .        .        .        .        .        .        .
    POST /api/v2/invitation/accept      .        .        .        .        .        .        .        .        .        .        .
    GET /api/v2/invitations             401      .        .        403      403      403      403      403      403      403      .
    POST /api/v2/invitations            401      .        .        403      403      403      403      403      403      403      .
    DELETE /api/v2/invitations/{id}     401      .        .        403      403      403      403      403      403      403      .
    GET /api/v2/live                    401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/oidc                   .        .        .        .        .        .        .        .        .        .        .
    GET /api/v2/oidc/callback           .        .        .        .        .        .        .        .        .        .        .
    GET /api/v2/operation               401      .        .        403      403      403      403      403      403      403      .
    GET /api/v2/operation/rules         401      .        .        403      403      403      403      403      403      403      .
    GET /api/v2/organisation            401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/organisations           401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/packages                401      .        .        .        .        .        .        403      403      403      403
    PUT /api/v2/password                401      .        .        .        .        .        403      403      403      403      403
    GET /api/v2/public/{package}        .        .        .        .        .        .        .        .        .        .        .
    POST /api/v2/query                  401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/releases               401      .        .        .        403      403      403      403      403      403      403
    GET /api/v2/retention               401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/schema.json             .        .        .        .        .        .        .        .        .        .        .
    GET /api/v2/scorecard               401      .        .        .        .        .        .        403      403      403      403
    POST /api/v2/second-factor          401      .        .        .        .        .        403      403      403      403      403
    PUT /api/v2/second-factor           401      .        .        .        .        .        403      403      403      403      403
    POST /api/v2/second-factor/off      401      .        .        .        .        .        403      403      403      403      403
    GET /api/v2/session                 .        .        .        .        .        .        .        .        .        .        .
    POST /api/v2/session                .        .        .        .        .        .        .        .        .        .        .
    POST /api/v2/session/code           .        .        .        .        .        .        .        .        .        .        .
    GET /api/v2/sessions                401      .        .        .        .        .        403      403      403      403      403
    POST /api/v2/setup                  .        .        .        .        .        .        .        .        .        .        .
    POST /api/v2/sql                    401      .        .        .        403      403      403      403      403      .        403
    GET /api/v2/sql/schema              401      .        .        .        403      403      403      403      403      .        403
    GET /api/v2/stages                  401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/status                  401      .        .        .        .        .        .        403      403      403      403
    GET /api/v2/tokens                  401      .        .        .        .        .        403      403      403      403      403
    POST /api/v2/tokens                 401      .        .        .        .        .        403      403      403      403      403
    DELETE /api/v2/tokens/{id}          401      .        .        .        .        .        403      403      403      403      403
    GET /api/v2/users                   401      .        .        403      403      403      403      403      403      403      .
    DELETE /api/v2/users/{id}           401      .        .        403      403      403      403      403      403      403      .
    PUT /api/v2/users/{id}              401      .        .        403      403      403      403      403      403      403      .
    POST /api/v2/users/{id}/reset       401      .        .        403      403      403      403      403      403      403      .
    GET /healthz                        .        .        .        .        .        .        .        .        .        .        .
    GET /readyz                         .        .        .        .        .        .        .        .        .        .        .
    POST /v2/packages/{owner}/{package}/import 401      .        .        .        403      403      403      403      .        403      403
    POST /v2/tracking-pixels/{owner}/{pixel}/import 401      .        .        .        403      403      403      403      .        403      403
    POST /v2/{owner}/import             401      .        .        .        403      403      403      403      .        403      403
    DELETE /api/v2/sessions             401      .        .        .        .        .        403      403      403      403      403
    DELETE /api/v2/sessions/{id}        401      401      401      401      401      401      403      403      403      403      403
    DELETE /api/v2/session              .        .        .        .        .        .        .        .        .        .        .
    ");
}

#[tokio::test]
async fn a_token_needs_no_origin_and_a_cookie_beside_it_counts_for_nothing() {
    let world = without_engine().await;
    let mut owner = world.owner().await;
    let mut program = world.with_token("Ada", Scope::Read).await;
    let question = json!({"site_id": "*", "metrics": ["downloads"], "date_range": "7d"});
    let answer = program.post("/api/v2/query", question).await;
    assert_eq!(
        answer.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        answer.body
    );

    owner.token = Some(format!("weir_{}", "0".repeat(72)));
    owner.origin = Some("https://evil.example".to_owned());
    let out = owner.send(Method::DELETE, "/api/v2/sessions", None).await;
    assert_eq!(out.status, StatusCode::UNAUTHORIZED);
    insta::assert_snapshot!(out.body, @r#"{"error":"no such token: misspelt, revoked or expired","code":"unknown_token"}"#);
    // What a proxy's own sign-in makes browsers send does not stand for a token.
    owner.token = None;
    owner.headers = vec![("authorization", "Basic d2Vpcjp3ZWly")];
    let out = owner.send(Method::DELETE, "/api/v2/sessions", None).await;
    assert_eq!(out.status, StatusCode::FORBIDDEN);
    owner.origin = Some(format!("http://{}", world.address));
    let out = owner.send(Method::DELETE, "/api/v2/sessions", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(owner.cookie, None, "signed out everywhere, here as well");
}

#[tokio::test]
async fn a_second_factor_makes_signing_in_two_steps() {
    let world = without_engine().await;
    let mut owner = world.owner().await;
    let proposed = owner.post("/api/v2/second-factor", json!({})).await.json();
    let secret = proposed["secret"].as_str().expect("text");
    let key = totp_rs::Secret::try_from_base32(secret).expect("base 32");
    let phone = totp_rs::Builder::new()
        .with_secret(key)
        .build()
        .expect("a phone");
    let now = jiff::Timestamp::now().as_second().cast_unsigned();
    let code = phone.generate(now).to_string();
    let wanted = json!({"password": PASSWORD, "secret": secret, "code": code});
    let on = owner
        .send(Method::PUT, "/api/v2/second-factor", Some(wanted))
        .await;
    assert_eq!(on.status, StatusCode::OK, "{}", on.body);
    let recovery = on.json()["recovery_codes"][0].clone();
    assert_eq!(
        owner.get("/api/v2/session").await.json()["user"]["second_factor"],
        true
    );

    let mut browser = world.browser();
    let credentials = json!({"name": "Ada", "password": PASSWORD});
    let asked = browser.post("/api/v2/session", credentials).await;
    assert_eq!(asked.json()["state"], "second_factor");
    assert_eq!(
        (asked.json()["user"].clone(), browser.cookie.clone()),
        (Value::Null, None)
    );
    let wrong = json!({"name": "Ada", "password": PASSWORD, "code": "000000"});
    let wrong = browser.post("/api/v2/session", wrong).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let right = json!({"name": "Ada", "password": PASSWORD, "code": recovery});
    let right = browser.post("/api/v2/session", right).await;
    assert_eq!(right.json()["state"], "signed_in");
}

#[tokio::test]
async fn a_link_leads_from_an_owner_to_a_guest() {
    let world = without_engine().await;
    let mut owner = world.owner().await;
    let wanted = json!({"role": "guest", "packages": ["acme/rocket"]});
    let link = owner.post("/api/v2/invitations", wanted).await.json();
    let path = link["path"].as_str().expect("a path");
    let secret = path.strip_prefix("/invite#").expect("behind the path");
    let mut guest = world.browser();
    let offer = guest
        .post("/api/v2/invitation", json!({"secret": secret}))
        .await;
    insta::assert_snapshot!(offer.body, @r#"{"role":"guest","packages":["acme/rocket"],"name":null}"#);
    let accepted = json!({"secret": secret, "name": "Gus", "password": PASSWORD});
    let accepted = guest.post("/api/v2/invitation/accept", accepted).await;
    insta::assert_snapshot!(accepted.json()["user"], @r#"{"name":"Gus","role":"guest","packages":["acme/rocket"],"second_factor":false}"#);
    let again = world
        .browser()
        .post("/api/v2/invitation", json!({"secret": secret}))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    let log = owner.get("/api/v2/audit").await.json();
    let lines = log["lines"].as_array().expect("lines").iter();
    let lines: Vec<_> = lines
        .map(|line| format!("{} {} {}", line["name"], line["action"], line["object"]))
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    "Gus" "user_added" "Gus"
    "Ada" "invited" "guest"
    "Ada" "set_up" "Ada"
    "#);
}
