//! First run, sign-in, sign-out, and who is kept out, over a real socket.

mod world;

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::json;
use world::{PASSWORD, World, dashboard};

async fn without_engine() -> World {
    dashboard(Arc::new(|| None), Arc::new(|| None)).await
}

#[tokio::test]
async fn the_first_run_makes_the_owner_once() {
    let world = without_engine().await;
    let mut browser = world.browser();
    assert_eq!(
        browser.get("/api/v2/session").await.json()["state"],
        "setup"
    );

    let owner =
        |code: &str, password: &str| json!({"code": code, "name": "Ada", "password": password});
    let wrong = browser
        .post("/api/v2/setup", owner("0000-0000-0000-0000", PASSWORD))
        .await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let short = browser
        .post("/api/v2/setup", owner(&world.code, "short"))
        .await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    insta::assert_snapshot!(short.body, @r##"{"error":"#/password: must have at least 12 characters and at most 1024 bytes","code":"invalid_password"}"##);
    let made = browser
        .post("/api/v2/setup", owner(&world.code, PASSWORD))
        .await;
    assert_eq!(made.status, StatusCode::OK);
    let session = browser.get("/api/v2/session").await.json();
    insta::assert_snapshot!(session["state"], @r#""signed_in""#);
    insta::assert_snapshot!(session["user"], @r#"{"name":"Ada","role":"owner","packages":null,"second_factor":false}"#);
    let again = browser
        .post("/api/v2/setup", owner(&world.code, PASSWORD))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_signed_out_cookie_is_worth_nothing() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    assert_eq!(browser.get("/api/v2/status").await.status, StatusCode::OK);
    let stolen = browser.cookie.clone();

    let out = browser.send(Method::DELETE, "/api/v2/session", None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert_eq!(browser.cookie, None, "the browser forgets it");
    browser.cookie = stolen;
    assert_eq!(
        browser.get("/api/v2/status").await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        browser.get("/api/v2/session").await.json()["state"],
        "signed_out"
    );
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_ends_the_old_one() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let first = browser.cookie.clone();
    let signed_in = browser
        .post(
            "/api/v2/session",
            json!({"name": "ada", "password": PASSWORD}),
        )
        .await;
    assert_eq!(signed_in.status, StatusCode::OK, "{}", signed_in.body);
    assert_ne!(browser.cookie, first);
    browser.cookie = first;
    assert_eq!(
        browser.get("/api/v2/status").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_sixth_wrong_password_is_told_when_to_come_back() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    let wrong = json!({"name": "Ada", "password": "not the password"});
    for _ in 0..5 {
        let answer = browser.post("/api/v2/session", wrong.clone()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.json()["error"], "wrong name or password");
    }
    let sixth = browser.post("/api/v2/session", wrong).await;
    assert_eq!(sixth.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = sixth.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds));
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let world = without_engine().await;
    let mut browser = world.owner().await;
    for origin in [
        None,
        Some("https://evil.example".to_owned()),
        Some("null".to_owned()),
    ] {
        browser.origin = origin;
        let out = browser.send(Method::DELETE, "/api/v2/session", None).await;
        assert_eq!(out.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(
        browser.get("/api/v2/status").await.status,
        StatusCode::OK,
        "still signed in"
    );
}

#[tokio::test]
async fn the_cookie_is_bound_to_the_host_where_the_page_is_encrypted() {
    let world = without_engine().await;
    let mut browser = world.browser();
    browser.origin = Some(format!("https://{}", world.address));
    let owner = json!({"code": world.code, "name": "Ada", "password": PASSWORD});
    let made = browser.post("/api/v2/setup", owner).await;
    let set = made
        .header("set-cookie")
        .split_once(';')
        .expect("attributes");
    assert!(set.0.starts_with("__Host-weir="));
    insta::assert_snapshot!(set.1, @" Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure");
    assert_eq!(browser.get("/api/v2/status").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_is_answered_to_strangers() {
    let world = without_engine().await;
    let mut browser = world.browser();
    browser.cookie = Some(format!("weir={}", "0".repeat(64)));
    for path in ["/api/v2/packages", "/api/v2/events", "/api/v2/status"] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::UNAUTHORIZED,
            "{path}"
        );
    }
    let question = json!({"site_id": "*", "metrics": ["downloads"], "date_range": "7d"});
    assert_eq!(
        browser.post("/api/v2/query", question).await.status,
        StatusCode::UNAUTHORIZED
    );
}

/// Tries to sign in as somebody else each time, from wherever `proxies` say.
async fn tries(world: &World, count: usize, proxies: &'static str) -> Vec<StatusCode> {
    let mut browser = world.browser();
    browser.headers = vec![("x-forwarded-for", proxies)];
    let mut statuses = Vec::new();
    for number in 0..count {
        let body = json!({"name": format!("{proxies} {number}"), "password": "x"});
        statuses.push(browser.post("/api/v2/session", body).await.status);
    }
    statuses
}

#[tokio::test]
async fn one_network_may_not_try_all_names_and_others_are_not_held_up() {
    const LATER: StatusCode = StatusCode::TOO_MANY_REQUESTS;
    let world = without_engine().await;
    // A password is not cheap to look at, so some time goes by and more may be tried.
    let statuses = tries(&world, 40, "9.9.9.9").await;
    assert!(!statuses[..20].contains(&LATER) && statuses[20..].contains(&LATER));
    let neighbours = tries(&world, 8, "198.51.100.1, 9.9.9.200").await;
    assert!(neighbours.contains(&LATER), "{neighbours:?}");
    for elsewhere in ["9.9.8.9", "9.9.9.9, 9.9.8.8", "unknown"] {
        assert!(!tries(&world, 2, elsewhere).await.contains(&LATER));
    }
}

#[tokio::test]
async fn one_network_may_ask_often_and_not_as_often_as_it_likes() {
    let world = without_engine().await;
    let mut browser = world.browser();
    browser.headers = vec![("x-forwarded-for", "9.9.9.9")];
    let mut asked = 0;
    let refused = loop {
        let answer = browser.get("/api/v2/session").await;
        if answer.status != StatusCode::OK {
            break answer;
        }
        asked += 1;
        assert!(asked < 100_000, "no end");
    };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "1");
    assert!(asked >= 600, "{asked}");
    let page = browser.get("/").await.status;
    assert_ne!(page, StatusCode::TOO_MANY_REQUESTS, "it can say so");
    browser.headers = Vec::new();
    let other = browser.get("/api/v2/session").await.status;
    assert_eq!(other, StatusCode::OK);
}
