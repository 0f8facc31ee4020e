//! Accounts in SQLite and in PostgreSQL: the same requests, the same answers.

mod world;

use std::fmt::Write as _;
use std::sync::Arc;

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use weir_dashboards::{Accounts, AccountsAt, Actor, Packages, Role};
use world::postgres::Postgres;
use world::{Answer, Browser, PASSWORD, World, dashboard_on};

const NEW_PASSWORD: &str = "another long password";

/// Everything that somebody can do with accounts, as the answers tell it.
struct Story(String);

impl Story {
    /// Notes a status and, of the members that are the same everywhere, those named.
    fn note(&mut self, what: &str, answer: &Answer, members: &[&str]) {
        write!(self.0, "{what}: {}", answer.status.as_u16()).expect("a string grows");
        for member in members {
            let json = answer.json();
            let value = json.pointer(member).unwrap_or(&Value::Null);
            write!(self.0, " {value}").expect("a string grows");
        }
        self.0.push('\n');
    }
}

async fn accounts(at: &AccountsAt) -> Accounts {
    let opened = Accounts::open(at, 30, Arc::new(Timestamp::now)).await;
    opened.expect("a database")
}

async fn story(at: AccountsAt) -> String {
    // Several processes that come up at once find or make the same tables.
    futures::future::join_all((0..3).map(|_| accounts(&at))).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let world = dashboard_on(folder, at, Arc::new(|| None), Arc::new(|| None)).await;
    let mut story = Story(String::new());
    let mut owner = world.owner().await;
    let wrong = json!({"name": "Ada", "password": "not the password"});
    let wrong = world.browser().post("/api/v2/session", wrong).await;
    story.note("a wrong password", &wrong, &["/error"]);
    invitations(&world, &mut owner, &mut story).await;
    tokens(&world, &mut owner, &mut story).await;
    releases(&mut owner, &mut story).await;
    second_factor(&world, &mut owner, &mut story).await;
    users(&world, &mut owner, &mut story).await;
    own(&world, &mut owner, &mut story).await;
    story.0
}

async fn invitations(world: &World, owner: &mut Browser, story: &mut Story) {
    let wanted = json!({"role": "guest", "packages": ["acme/rocket"]});
    let link = owner.post("/api/v2/invitations", wanted.clone()).await;
    let secret = secret(&link);
    let listed = owner.get("/api/v2/invitations").await;
    story.note(
        "listed",
        &listed,
        &["/invitations/0/role", "/invitations/0/by"],
    );
    let mut guest = world.browser();
    let shown = json!({"secret": secret});
    let offer = guest.post("/api/v2/invitation", shown).await;
    story.note("offered", &offer, &["/role", "/packages", "/name"]);
    for name in ["ada", "Gus", "Hal"] {
        let accepted = json!({"secret": secret, "name": name, "password": PASSWORD});
        let accepted = guest.post("/api/v2/invitation/accept", accepted).await;
        story.note(name, &accepted, &["/user/name", "/user/packages", "/error"]);
    }
    owner.post("/api/v2/invitations", wanted).await;
    let listed = owner.get("/api/v2/invitations").await.json();
    let path = format!("/api/v2/invitations/{}", text(&listed, "/invitations/0/id"));
    for _ in 0..2 {
        let withdrawn = owner.send(Method::DELETE, &path, None).await;
        story.note("taken back", &withdrawn, &[]);
    }
}

async fn tokens(world: &World, owner: &mut Browser, story: &mut Story) {
    let wanted = json!({"name": "ci", "scopes": ["read", "admin"], "days": 3});
    let made = owner.post("/api/v2/tokens", wanted).await;
    let mut program = world.browser();
    program.token = Some(text(&made.json(), "/token"));
    let users = program.get("/api/v2/users").await;
    story.note("users", &users, &["/users/0/name", "/users/1/packages"]);
    let listed = owner.get("/api/v2/tokens").await;
    story.note(
        "tokens",
        &listed,
        &["/tokens/0/user", "/tokens/0/scopes", "/tokens/0/packages"],
    );
    let path = format!("/api/v2/tokens/{}", text(&listed.json(), "/tokens/0/id"));
    let revoked = owner.send(Method::DELETE, &path, None).await;
    story.note("revoked", &revoked, &[]);
    story.note(
        "after that",
        &program.get("/api/v2/users").await,
        &["/error"],
    );
}

async fn releases(owner: &mut Browser, story: &mut Story) {
    let at = "2026-11-05T09:00:00Z";
    let release =
        json!({"package": "acme/rocket", "version": "2.0.0", "at": at, "notes": "Faster."});
    for what in ["announced", "announced again"] {
        let answer = owner.post("/api/v2/releases", release.clone()).await;
        story.note(what, &answer, &["/version", "/at", "/url", "/notes"]);
    }
    let corrected =
        json!({"package": "acme/rocket", "version": "2.0.0", "url": "https://acme.example/"});
    let answer = owner.post("/api/v2/releases", corrected).await;
    story.note("corrected", &answer, &["/at", "/url", "/notes"]);
}

async fn second_factor(world: &World, owner: &mut Browser, story: &mut Story) {
    let proposed = owner.post("/api/v2/second-factor", json!({})).await.json();
    let secret = text(&proposed, "/secret");
    let key = totp_rs::Secret::try_from_base32(&secret).expect("base 32");
    let phone = totp_rs::Builder::new().with_secret(key).build();
    let now = Timestamp::now().as_second().cast_unsigned();
    let code = phone.expect("a phone").generate(now).to_string();
    let wanted = json!({"password": PASSWORD, "secret": secret, "code": code});
    let on = owner
        .send(Method::PUT, "/api/v2/second-factor", Some(wanted))
        .await;
    story.note("on", &on, &[]);
    let recovery = text(&on.json(), "/recovery_codes/9");
    for code in [
        Value::Null,
        code.into(),
        recovery.clone().into(),
        recovery.into(),
    ] {
        let credentials = json!({"name": "ADA", "password": PASSWORD, "code": code});
        let answer = world.browser().post("/api/v2/session", credentials).await;
        story.note("signing in", &answer, &["/state", "/error"]);
    }
    let off = owner
        .post("/api/v2/second-factor/off", json!({"password": PASSWORD}))
        .await;
    story.note("off", &off, &[]);
}

async fn users(world: &World, owner: &mut Browser, story: &mut Story) {
    let listed = owner.get("/api/v2/users").await.json();
    let (ada, gus) = (text(&listed, "/users/0/id"), text(&listed, "/users/1/id"));
    let mut change = async |what: &str, method, path: String, body| {
        let answer = owner
            .send(method, &format!("/api/v2/users/{path}"), body)
            .await;
        let members: &[&str] = if answer.body.is_empty() {
            &[]
        } else {
            &["/role", "/error"]
        };
        story.note(what, &answer, members);
        answer
    };
    let viewer = Some(json!({"role": "viewer"}));
    change("Gus sees all", Method::PUT, gus.clone(), viewer.clone()).await;
    change("Ada steps down", Method::PUT, ada.clone(), viewer).await;
    let link = change("Gus forgot", Method::POST, format!("{gus}/reset"), None).await;
    let accepted = json!({"secret": secret(&link), "password": NEW_PASSWORD});
    let accepted = world
        .browser()
        .post("/api/v2/invitation/accept", accepted)
        .await;
    assert_eq!(accepted.json()["user"]["name"], "Gus");
    change("Gus leaves", Method::DELETE, gus.clone(), None).await;
    change("Gus left", Method::DELETE, gus, None).await;
    change("Ada leaves", Method::DELETE, ada, None).await;
}

async fn own(world: &World, owner: &mut Browser, story: &mut Story) {
    let wanted = json!({"old": PASSWORD, "new": NEW_PASSWORD});
    let changed = owner
        .send(Method::PUT, "/api/v2/password", Some(wanted))
        .await;
    story.note("a new password", &changed, &[]);
    let mut browser = world.browser();
    let credentials = json!({"name": "Ada", "password": NEW_PASSWORD});
    browser.post("/api/v2/session", credentials).await;
    let sessions = browser.get("/api/v2/sessions").await.json();
    assert_eq!(sessions["sessions"].as_array().map(Vec::len), Some(2));
    let log = owner.get("/api/v2/audit").await.json();
    for line in log["lines"].as_array().expect("lines") {
        let line = format!("{} {} {}\n", line["name"], line["action"], line["object"]);
        story.0.push_str(&line);
    }
    let ended = browser.send(Method::DELETE, "/api/v2/sessions", None).await;
    story.note("everywhere", &ended, &[]);
    story.note("here", &owner.get("/api/v2/status").await, &["/error"]);
}

fn text(json: &Value, pointer: &str) -> String {
    let found = json.pointer(pointer).and_then(Value::as_str);
    found
        .unwrap_or_else(|| panic!("no {pointer} in {json}"))
        .to_owned()
}

fn secret(link: &Answer) -> String {
    let path = text(&link.json(), "/path");
    path.strip_prefix("/invite#")
        .expect("behind the path")
        .to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_and_postgresql_tell_the_same_story() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let in_file = story(AccountsAt::File(folder.path().join("weir.db"))).await;
    insta::assert_snapshot!(in_file, @r##"
    a wrong password: 401 "wrong name or password"
    listed: 200 "guest" "Ada"
    offered: 200 "guest" ["acme/rocket"] null
    ada: 422 null null "#/name: somebody has this name; choose another"
    Gus: 200 "Gus" ["acme/rocket"] null
    Hal: 404 null null "this link was used or has expired; ask for a new one"
    taken back: 204
    taken back: 404
    users: 200 "Ada" ["acme/rocket"]
    tokens: 200 "Ada" ["admin","read"] null
    revoked: 204
    after that: 401 "no such token: misspelt, revoked or expired"
    announced: 200 "2.0.0" "2026-11-05T09:00:00Z" "" "Faster."
    announced again: 200 "2.0.0" "2026-11-05T09:00:00Z" "" "Faster."
    corrected: 200 "2026-11-05T09:00:00Z" "https://acme.example/" ""
    on: 200
    signing in: 200 "second_factor" null
    signing in: 401 null "wrong code, or one that was used; wait for the next"
    signing in: 200 "signed_in" null
    signing in: 401 null "wrong code, or one that was used; wait for the next"
    off: 204
    Gus sees all: 200 "viewer" null
    Ada steps down: 409 null "the last owner stays; make another owner first"
    Gus forgot: 200 null null
    Gus leaves: 204
    Gus left: 404 null "there is no such user"
    Ada leaves: 409 null "the last owner stays; make another owner first"
    a new password: 204
    "Ada" "signed_in" "Ada"
    "Ada" "password_changed" "Ada"
    "Ada" "user_removed" "Gus"
    "Gus" "password_changed" "Gus"
    "Ada" "reset_asked" "Gus"
    "Ada" "role_changed" "Gus: viewer"
    "Ada" "second_factor_off" "Ada"
    "Ada" "signed_in" "Ada"
    "Ada" "recovery_code_used" "Ada"
    "Ada" "second_factor_on" "Ada"
    "Ada" "release_announced" "acme/rocket 2.0.0"
    "Ada" "release_announced" "acme/rocket 2.0.0"
    "Ada" "token_revoked" "ci"
    "Ada" "token_made" "ci: admin read"
    "Ada" "withdrew" "guest"
    "Ada" "invited" "guest"
    "Gus" "user_added" "Gus"
    "Ada" "invited" "guest"
    "Ada" "set_up" "Ada"
    everywhere: 204
    here: 401 "not signed in"
    "##);
    let postgres = Postgres::start().await;
    let in_server = story(AccountsAt::Postgres(postgres.url())).await;
    assert_eq!(in_server, in_file);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_on_one_postgresql_keep_an_owner() {
    let postgres = Postgres::start().await;
    let at = AccountsAt::Postgres(postgres.url());
    let (here, there) = (accounts(&at).await, accounts(&at).await);
    let console = Actor::console();
    for name in ["Ada", "Eve"] {
        let added = here.add_user(&console, name, Role::Owner, &Packages::ALL, PASSWORD);
        added.await.expect("an owner");
    }
    let (ada, eve) = (here.user_named("ada").await, there.user_named("eve").await);
    let (ada, eve) = (ada.expect("Ada"), eve.expect("Eve"));
    let (one, other) = tokio::join!(
        here.remove_user(&console, &ada.id),
        there.remove_user(&console, &eve.id)
    );
    assert_eq!([one, other].iter().filter(|done| done.is_ok()).count(), 1);
    assert!(there.has_owner().await.expect("a database"));
}
