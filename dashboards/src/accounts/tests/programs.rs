//! Tokens: what they let a program do, and when they end.

use super::*;

fn new(scopes: &[Scope], packages: Packages) -> NewToken {
    NewToken {
        name: "nightly build".to_owned(),
        scopes: scopes.to_vec(),
        packages,
        days: 30,
    }
}

#[tokio::test]
async fn a_token_may_what_its_scopes_and_its_user_may() {
    let (world, owner) = World::with_owner().await;
    let viewer = world.user("Vic", Role::Viewer, Packages::ALL).await;
    let accounts = &world.accounts;
    let all = new(&Scope::ALL, Packages::ALL);
    let may = async |user: &User, wanted: &NewToken| {
        let token = accounts
            .create_token(&Actor::from(user), user, wanted)
            .await;
        let caller = accounts.token(&token.expect("a token")).await;
        let caller = caller.expect("a database").expect("a caller");
        [
            Permission::Read,
            Permission::Export,
            Permission::Import,
            Permission::OwnAccount,
            Permission::Users,
            Permission::Audit,
        ]
        .map(|permission| u8::from(caller.may(permission)))
    };
    assert_eq!(may(&owner.user, &all).await, [1, 1, 1, 0, 1, 1]);
    assert_eq!(may(&viewer, &all).await, [1, 1, 0, 0, 0, 0]);
    let import = new(&[Scope::Import], Packages::ALL);
    assert_eq!(may(&owner.user, &import).await, [0, 0, 1, 0, 0, 0]);
    assert_eq!(may(&viewer, &import).await, [0; 6]);
}

#[tokio::test]
async fn a_token_sees_no_package_that_its_user_no_longer_does() {
    let (world, _) = World::with_owner().await;
    let guest = world.user("Gus", Role::Guest, only(&["a", "b"])).await;
    let (accounts, gus) = (&world.accounts, &Actor::from(&guest));
    let beyond = accounts
        .create_token(gus, &guest, &new(&[Scope::Read], only(&["c"])))
        .await;
    insta::assert_snapshot!(beyond.expect_err("not theirs"), @"#/packages: expected packages that its user may see, or null for all of those");
    let token = accounts
        .create_token(gus, &guest, &new(&[Scope::Read], only(&["a"])))
        .await;
    let token = token.expect("a token");
    let sees = async || {
        let caller = accounts.token(&token).await.expect("a database");
        caller.expect("a caller").packages
    };
    assert_eq!(sees().await, only(&["a"]));
    accounts
        .set_role(&Actor::console(), &guest.id, Role::Guest, &only(&["b"]))
        .await
        .expect("changed");
    assert_eq!(sees().await, only(&[]));
}

#[tokio::test]
async fn a_token_ends_when_it_expires_or_is_revoked() {
    let (world, owner) = World::with_owner().await;
    let bob = world.user("Bob", Role::Viewer, Packages::ALL).await;
    let (accounts, ada) = (&world.accounts, &Actor::from(&owner.user));
    let wanted = new(&[Scope::Read], Packages::ALL);
    let late = accounts
        .create_token(ada, &owner.user, &wanted)
        .await
        .expect("one");
    world.pass(30 * 24 * 3600);
    assert!(accounts.token(&late).await.expect("a database").is_none());
    assert!(accounts.tokens(None).await.expect("none").is_empty());

    let token = accounts
        .create_token(ada, &owner.user, &wanted)
        .await
        .expect("one");
    let listed = accounts.tokens(Some(&owner.user)).await.expect("one");
    assert_eq!((listed.len(), listed[0].used_day.as_str()), (1, ""));
    assert!(accounts.token(&token).await.expect("a database").is_some());
    let listed = accounts.tokens(None).await.expect("one");
    assert_eq!(listed[0].used_day, "2026-10-21");
    let id = &listed[0].id;
    assert!(accounts.tokens(Some(&bob)).await.expect("none").is_empty());
    let refused = accounts
        .revoke_token(&Actor::from(&bob), Some(&bob), id)
        .await;
    assert!(matches!(refused, Err(AccountsError::Missing("token"))));
    accounts.revoke_token(ada, None, id).await.expect("revoked");
    assert!(accounts.token(&token).await.expect("a database").is_none());
}

#[tokio::test]
async fn a_token_for_nothing_or_for_ever_is_none() {
    let (world, owner) = World::with_owner().await;
    let ada = Actor::from(&owner.user);
    let refused = async |change: &dyn Fn(&mut NewToken)| {
        let mut wanted = new(&[Scope::Read], Packages::ALL);
        change(&mut wanted);
        let made = world
            .accounts
            .create_token(&ada, &owner.user, &wanted)
            .await;
        made.expect_err("refused").to_string()
    };
    let problems = [
        refused(&|wanted| wanted.scopes.clear()).await,
        refused(&|wanted| wanted.days = 0).await,
        refused(&|wanted| wanted.days = 367).await,
        refused(&|wanted| wanted.packages = only(&[])).await,
        refused(&|wanted| wanted.name.clear()).await,
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    #/scopes: expected at least one of read, export, import, releases:write, sql, admin
    #/days: expected 1 to 366
    #/days: expected 1 to 366
    #/packages: expected packages that its user may see, or null for all of those
    #/name: must have 1 to 64 bytes and no control characters
    ");
}

#[tokio::test]
async fn the_database_does_not_hold_the_text_of_a_token() {
    let (world, owner) = World::with_owner().await;
    let wanted = new(&[Scope::Read], Packages::ALL);
    let token = world
        .accounts
        .create_token(&Actor::from(&owner.user), &owner.user, &wanted)
        .await
        .expect("a token");
    for file in std::fs::read_dir(world.folder.path()).expect("the folder") {
        let bytes = std::fs::read(file.expect("a file").path()).expect("a file");
        let holds = |text: &str| {
            bytes
                .windows(text.len())
                .any(|window| window == text.as_bytes())
        };
        assert!(!holds(&token) && !holds(&token[5..69]));
    }
}
