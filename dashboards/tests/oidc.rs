//! Signing in through a provider, a real one, over real sockets.

mod world;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use weir_dashboards::{Actor, GroupRole, Packages, Role};
use world::provider::{Traveller, with_provider};
use world::{PASSWORD, World};

const SESSION: &str = "weir";
const TRIP: &str = "weir-oidc";

fn group(group: &str, role: Role) -> GroupRole {
    let packages = match role {
        Role::Guest => Packages::only(["acme/rocket".to_owned()]),
        _ => Packages::ALL,
    };
    GroupRole {
        group: group.to_owned(),
        role,
        packages,
    }
}

impl Traveller {
    fn has(&self, cookie: &str) -> bool {
        let jar = self.jars.get(&self.home);
        jar.is_some_and(|jar| jar.contains_key(cookie))
    }
}

/// Every line of the audit log, the oldest first.
async fn log(world: &World) -> String {
    let mut owner = world.browser();
    let credentials = json!({"name": "Ada", "password": PASSWORD});
    owner.post("/api/v2/session", credentials).await;
    let log = owner.get("/api/v2/audit").await.json();
    let lines = log["lines"].as_array().expect("lines").iter().rev();
    let text = |line: &Value, member: &str| line[member].as_str().unwrap_or("").to_owned();
    let lines = lines.map(|line| {
        let [name, action, object] = ["name", "action", "object"].map(|member| text(line, member));
        format!("{name} {action} {object}")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_group_lets_somebody_in_and_decides_again_at_each_sign_in() {
    let (world, provider) = with_provider(|oidc| {
        oidc.groups = vec![group("crew", Role::Editor), group("partners", Role::Guest)];
    })
    .await;
    let _owner = world.owner().await;
    let mut grace = Traveller::new(&world);
    let known = |groups: Value| json!({"preferred_username": "grace", "groups": groups});
    provider.knows("grace", known(json!(["crew"]))).await;

    let seen = grace.signs_in("grace").await;
    assert_eq!(seen.status, StatusCode::SEE_OTHER, "{}", seen.body);
    assert_eq!(seen.location, "/p/acme/rocket?r=7d");
    assert!(grace.has(SESSION) && !grace.has(TRIP));
    insta::assert_snapshot!(grace.session().await["user"], @r#"{"name":"grace","role":"editor","packages":null,"second_factor":false}"#);
    insta::assert_snapshot!(grace.session().await["ways"], @r#"{"password":true,"provider":"Acme"}"#);

    provider.knows("grace", known(json!(["partners"]))).await;
    grace.signs_in("grace").await;
    insta::assert_snapshot!(grace.session().await["user"], @r#"{"name":"grace","role":"guest","packages":["acme/rocket"],"second_factor":false}"#);

    let session = grace.jars[&grace.home][SESSION].clone();
    provider.knows("grace", known(json!(["others"]))).await;
    let seen = grace.signs_in("grace").await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=not_invited&next=/p/acme/rocket?r=7d");
    assert_eq!(grace.jars[&grace.home][SESSION], session, "as it was");
    assert_eq!(
        grace.session().await["state"],
        "signed_out",
        "and worth nothing"
    );
    insta::assert_snapshot!(log(&world).await, @"
    Ada set_up Ada
    grace user_added grace
    grace identity_linked grace
    grace signed_in grace
    grace role_changed grace: guest
    grace signed_in grace
    grace shut_out grace
    Ada signed_in Ada
    ");
}

#[tokio::test]
async fn an_answer_counts_once_and_for_the_browser_that_asked() {
    let (world, provider) = with_provider(|oidc| oidc.join = Some(Role::Viewer)).await;
    let mut ada = Traveller::new(&world);
    let address = ada.departs(json!({"next": "/"})).await;
    let trip = ada.jars[&ada.home][TRIP].clone();
    let back = ada.signs_in_there(address, "ada").await;

    let mut victim = Traveller::new(&world);
    let seen = victim.get(&back).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=expired&next=/");
    assert!(!victim.has(SESSION), "another browser");
    victim.departs(json!({})).await;
    let seen = victim.get(&back).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=expired&next=/");
    assert!(!victim.has(SESSION), "another visit");

    let state = back.split("state=").nth(1).expect("a state");
    let state = state.split('&').next().expect("a value");
    let seen = ada.get(&back.replace(state, &"0".repeat(64))).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=expired&next=/");
    assert!(
        !ada.has(SESSION),
        "another state, with the right cookie and code"
    );
    let home = ada.home.clone();
    let jar = ada.jars.get_mut(&home).expect("a jar");
    jar.insert(TRIP.to_owned(), trip.clone());

    let seen = ada.get(&format!("{back}&iss=https://evil.example")).await;
    assert_eq!(seen.status, StatusCode::BAD_REQUEST, "named twice");
    let issuer = back.split("&iss=").next().expect("an address");
    let seen = ada.get(&format!("{issuer}&iss=https://evil.example")).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=unproven&next=/");
    assert!(!ada.has(SESSION), "another provider's answer");

    let jar = ada.jars.get_mut(&home).expect("a jar");
    jar.insert(TRIP.to_owned(), trip.clone());
    assert_eq!(ada.get(&back).await.location, "/");
    assert!(ada.has(SESSION));
    let jar = ada.jars.get_mut(&home).expect("a jar");
    jar.remove(SESSION);
    jar.insert(TRIP.to_owned(), trip);
    let seen = ada.get(&back).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=expired&next=/");
    assert!(!ada.has(SESSION), "the code was used");

    let address = ada.departs(json!({"next": "/"})).await;
    let state = address.split("state=").nth(1).expect("a state");
    let state = state.split('&').next().expect("a value");
    let refused = format!("{home}/api/v2/oidc/callback?state={state}&error=access_denied");
    let seen = ada.get(&refused).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=refused&next=/");
    drop(provider);
}

#[tokio::test]
async fn a_token_that_proves_nothing_signs_nobody_in() {
    let (world, provider) = with_provider(|oidc| oidc.join = Some(Role::Viewer)).await;
    let now = jiff::Timestamp::now().as_second();
    let faults = [
        (
            "another's nonce",
            json!({"claims": {"nonce": "0".repeat(64)}}),
        ),
        ("no nonce", json!({"claims": {"nonce": null}})),
        ("expired", json!({"claims": {"exp": now - 61}})),
        ("made long ago", json!({"claims": {"iat": now - 3600}})),
        (
            "made tomorrow",
            json!({"claims": {"iat": now + 3600, "exp": now + 7200}}),
        ),
        (
            "another's issuer",
            json!({"claims": {"iss": "https://evil.example"}}),
        ),
        ("another's audience", json!({"claims": {"aud": "other"}})),
        (
            "one audience too many",
            json!({"claims": {"aud": ["weir", "other"]}}),
        ),
        ("another's party", json!({"claims": {"azp": "other"}})),
        ("nobody", json!({"claims": {"sub": ""}})),
        (
            "not signed",
            json!({"claims": {}, "header": {"alg": "none"}}),
        ),
        (
            "signed with our secret",
            json!({"claims": {}, "header": {"alg": "HS256"}}),
        ),
        (
            "signed by a stranger",
            json!({"claims": {}, "stranger": true}),
        ),
        (
            "a critical extension",
            json!({"claims": {}, "header": {"crit": ["exp"]}}),
        ),
        ("no token", json!({"missing": true})),
    ];
    for (what, fault) in faults {
        provider.told(json!({"fault": fault})).await;
        let mut eve = Traveller::new(&world);
        let seen = eve.goes("eve", json!({})).await;
        assert_eq!(seen.location, "/sign-in?problem=unproven&next=/", "{what}");
        assert!(!eve.has(SESSION), "{what}");
    }
    provider
        .claims(json!({"exp": now - 30, "aud": ["weir"], "azp": "weir"}))
        .await;
    let mut ada = Traveller::new(&world);
    assert_eq!(
        ada.goes("ada", json!({})).await.location,
        "/",
        "clocks differ a little"
    );
}

#[tokio::test]
async fn new_keys_are_asked_for_and_a_provider_that_is_away_is_named() {
    let (world, mut provider) = with_provider(|oidc| oidc.join = Some(Role::Viewer)).await;
    let mut ada = Traveller::new(&world);
    assert_eq!(ada.goes("ada", json!({})).await.location, "/");
    provider.told(json!({"rotate": true})).await;
    let mut grace = Traveller::new(&world);
    assert_eq!(grace.goes("grace", json!({})).await.location, "/");

    let address = grace.departs(json!({})).await;
    let back = grace.signs_in_there(address, "grace").await;
    provider.stop();
    let seen = grace.get(&back).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=unreachable&next=/");
    assert_eq!(
        grace.session().await["state"],
        "signed_in",
        "the old session stays"
    );
}

#[tokio::test]
async fn a_provider_that_never_answered_is_waited_for_and_passwords_go_on() {
    let (world, mut provider) = with_provider(|_| {}).await;
    let _owner = world.owner().await;
    provider.stop();
    let mut ada = Traveller::new(&world);
    let seen = ada.post("/api/v2/oidc", json!({})).await;
    assert_eq!(seen.status, StatusCode::SERVICE_UNAVAILABLE);
    insta::assert_snapshot!(seen.body, @r#"{"error":"Acme does not answer; try again in a moment. Downloads go on","code":"provider_down"}"#);
    assert!(!ada.has(TRIP));
    let credentials = json!({"name": "Ada", "password": PASSWORD});
    let seen = ada.post("/api/v2/session", credentials).await;
    assert_eq!(seen.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let (world, _provider) = with_provider(|oidc| oidc.join = Some(Role::Viewer)).await;
    for evil in [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\nSet-Cookie: weir=0",
        "javascript:alert(1)",
    ] {
        let mut ada = Traveller::new(&world);
        let seen = ada.goes("ada", json!({"next": evil})).await;
        assert_eq!(seen.location, "/", "{evil:?}");
    }
    // What the browser carries may be changed by whoever has the browser.
    let mut ada = Traveller::new(&world);
    let address = ada.departs(json!({"next": "/"})).await;
    let back = ada.signs_in_there(address, "ada").await;
    let jar = ada.jars.get_mut(&ada.home).expect("a jar");
    let carried = changed(&jar[TRIP], |trip| trip["next"] = json!("//evil.example"));
    jar.insert(TRIP.to_owned(), carried);
    assert_eq!(ada.get(&back).await.location, "/");
}

fn changed(cookie: &str, change: impl FnOnce(&mut Value)) -> String {
    use base64::Engine as _;
    let code = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let json = code.decode(cookie).expect("base64");
    let mut trip = serde_json::from_slice(&json).expect("JSON");
    change(&mut trip);
    code.encode(trip.to_string())
}

#[tokio::test]
async fn an_invitation_is_used_without_a_password_and_once() {
    let (world, provider) = with_provider(|oidc| oidc.password = false).await;
    let mut owner = world.owner().await;
    let mut gus = Traveller::new(&world);
    provider
        .knows("gus", json!({"name": "Gus", "groups": ["any"]}))
        .await;
    let seen = gus.signs_in("gus").await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=not_invited&next=/p/acme/rocket?r=7d");

    let wanted = json!({"role": "guest", "packages": ["acme/rocket"]});
    let link = owner.post("/api/v2/invitations", wanted).await.json();
    let secret = &link["path"].as_str().expect("a path")["/invite#".len()..];
    let by_password = json!({"secret": secret, "name": "Gus", "password": PASSWORD});
    let seen = gus.post("/api/v2/invitation/accept", by_password).await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    let seen = gus.goes("gus", json!({"invitation": secret})).await;
    assert_eq!(seen.location, "/");
    insta::assert_snapshot!(gus.session().await["user"], @r#"{"name":"Gus","role":"guest","packages":["acme/rocket"],"second_factor":false}"#);
    let again = Traveller::new(&world)
        .post("/api/v2/oidc", json!({"invitation": secret}))
        .await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);

    let link = owner
        .post("/api/v2/invitations", json!({"role": "viewer"}))
        .await
        .json();
    let secret = &link["path"].as_str().expect("a path")["/invite#".len()..];
    let seen = gus.goes("gus", json!({"invitation": secret})).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=taken&next=/");

    let proof = json!({"old": "", "new": PASSWORD});
    let address = format!("{}/api/v2/password", gus.home);
    let body = Some(world::provider::Body::Json(proof));
    let seen = gus.send(Method::PUT, &address, body).await;
    insta::assert_snapshot!(seen.body, @r#"{"error":"this account has no password, since a provider signs it in; a link to a new password gives it one","code":"no_password"}"#);
}

#[tokio::test]
async fn where_only_the_provider_signs_in_a_link_of_the_command_lets_the_owner_in() {
    let (world, _provider) = with_provider(|oidc| oidc.password = false).await;
    let _owner = world.owner().await;
    let mut ada = Traveller::new(&world);
    let credentials = json!({"name": "Ada", "password": PASSWORD});
    let seen = ada.post("/api/v2/session", credentials).await;
    assert_eq!(seen.status, StatusCode::FORBIDDEN);
    insta::assert_snapshot!(seen.body, @r#"{"error":"passwords sign nobody in here; use the provider","code":"passwords_off"}"#);

    let console = Actor::console();
    let user = world.accounts.user_named("Ada").await.expect("the owner");
    let link = world
        .accounts
        .reset(&console, &user.id)
        .await
        .expect("a link");
    let path = link.path();
    let secret = path.strip_prefix("/invite#").expect("a secret");
    let rescued = json!({"secret": secret, "password": PASSWORD});
    let seen = ada.post("/api/v2/invitation/accept", rescued).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    assert_eq!(ada.session().await["user"]["role"], "owner");

    // The same by the provider makes it theirs from then on.
    let link = world
        .accounts
        .reset(&console, &user.id)
        .await
        .expect("a link");
    let path = link.path();
    let secret = path.strip_prefix("/invite#").expect("a secret");
    let mut ada = Traveller::new(&world);
    assert_eq!(
        ada.goes("lovelace", json!({"invitation": secret}))
            .await
            .location,
        "/"
    );
    let mut ada = Traveller::new(&world);
    assert_eq!(ada.goes("lovelace", json!({})).await.location, "/");
    assert_eq!(ada.session().await["user"]["name"], "Ada");
}

#[tokio::test]
async fn an_address_opens_an_account_only_where_it_is_verified_and_that_is_allowed() {
    let (world, provider) = with_provider(|oidc| {
        oidc.link_by_email = true;
        oidc.domains = vec!["acme.example".to_owned()];
    })
    .await;
    let (console, all) = (Actor::console(), Packages::ALL);
    let added =
        world
            .accounts
            .add_user(&console, "grace@acme.example", Role::Viewer, &all, PASSWORD);
    added.await.expect("a user");
    let mut grace = Traveller::new(&world);
    let known = |verified| json!({"email": "Grace@acme.example", "email_verified": verified});
    provider.knows("grace", known(false)).await;
    assert_eq!(
        grace.goes("grace", json!({})).await.location,
        "/sign-in?problem=domain&next=/"
    );
    provider.knows("grace", known(true)).await;
    assert_eq!(grace.goes("grace", json!({})).await.location, "/");
    assert_eq!(grace.session().await["user"]["name"], "grace@acme.example");

    // The address moves to somebody else at the provider: the account does not.
    provider.knows("mallory", known(true)).await;
    let mut mallory = Traveller::new(&world);
    let seen = mallory.goes("mallory", json!({})).await;
    assert_eq!(seen.location, "/sign-in?problem=not_invited&next=/");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_where_the_provider_did_not() {
    let (world, provider) = with_provider(|oidc| oidc.link_by_email = true).await;
    let (console, all) = (Actor::console(), Packages::ALL);
    let name = "grace@acme.example";
    let added = world
        .accounts
        .add_user(&console, name, Role::Viewer, &all, PASSWORD);
    added.await.expect("a user");
    let mut browser = world.browser();
    browser
        .post(
            "/api/v2/session",
            json!({"name": name, "password": PASSWORD}),
        )
        .await;
    let proposed = browser
        .post("/api/v2/second-factor", json!({}))
        .await
        .json();
    let secret = proposed["secret"].as_str().expect("text");
    let key = totp_rs::Secret::try_from_base32(secret).expect("base 32");
    let phone = totp_rs::Builder::new()
        .with_secret(key)
        .build()
        .expect("a phone");
    let now = jiff::Timestamp::now().as_second().cast_unsigned();
    let wanted =
        json!({"password": PASSWORD, "secret": secret, "code": phone.generate(now).to_string()});
    let on = browser
        .send(Method::PUT, "/api/v2/second-factor", Some(wanted))
        .await
        .json();

    provider
        .knows("grace", json!({"email": name, "email_verified": true}))
        .await;
    let mut grace = Traveller::new(&world);
    let seen = grace.goes("grace", json!({"next": "/settings"})).await;
    insta::assert_snapshot!(seen.location, @"/sign-in?problem=code&next=/settings");
    assert_eq!(grace.session().await["state"], "second_factor");
    let packages = format!("{}/api/v2/status", grace.home);
    assert_eq!(grace.get(&packages).await.status, StatusCode::UNAUTHORIZED);
    let seen = grace
        .post("/api/v2/session/code", json!({"code": "000000"}))
        .await;
    assert_eq!(seen.status, StatusCode::UNAUTHORIZED);
    let waiting = grace.jars[&grace.home][SESSION].clone();
    let code = json!({"code": on["recovery_codes"][0]});
    let seen = grace.post("/api/v2/session/code", code.clone()).await;
    assert_eq!(seen.status, StatusCode::OK, "{}", seen.body);
    assert_ne!(grace.jars[&grace.home][SESSION], waiting);
    assert_eq!(grace.get(&packages).await.status, StatusCode::OK);
    let seen = Traveller::new(&world)
        .post("/api/v2/session/code", code)
        .await;
    assert_eq!(seen.status, StatusCode::UNAUTHORIZED, "nothing awaits it");

    provider.claims(json!({"amr": ["pwd", "otp"]})).await;
    let mut grace = Traveller::new(&world);
    assert_eq!(grace.goes("grace", json!({})).await.location, "/");
}
