//! Users under somebody else's hand: roles, removal, passwords, the log.

use super::*;

#[tokio::test]
async fn a_role_counts_from_the_next_request_on() {
    let (world, _) = World::with_owner().await;
    let bob = world.user("Bob", Role::Viewer, Packages::ALL).await;
    let session = world.sign_in("bob", PASSWORD).await.expect("signed in");
    let packages = only(&["acme/rocket"]);
    let changed = world
        .accounts
        .set_role(&Actor::console(), &bob.id, Role::Guest, &packages)
        .await
        .expect("changed");
    assert_eq!((changed.role, &changed.packages), (Role::Guest, &packages));
    let caller = world.accounts.session(&session.secret).await;
    let caller = caller.expect("a database").expect("still signed in");
    assert_eq!(caller.packages, packages);
    assert!(caller.may(Permission::Read) && !caller.may(Permission::Users));
}

#[tokio::test]
async fn only_guests_have_packages_and_they_have_some() {
    let (world, owner) = World::with_owner().await;
    let actor = Actor::from(&owner.user);
    for (role, packages) in [
        (Role::Guest, Packages::ALL),
        (Role::Guest, only(&[])),
        (Role::Viewer, only(&["acme/rocket"])),
        (Role::Owner, only(&[])),
    ] {
        let refused = world.accounts.invite(&actor, role, &packages).await;
        assert!(
            matches!(refused, Err(AccountsError::InvalidPackages)),
            "{role:?} {packages}"
        );
    }
}

#[tokio::test]
async fn an_admin_reaches_everybody_but_owners() {
    let (world, owner) = World::with_owner().await;
    let admin = world.user("Bob", Role::Admin, Packages::ALL).await;
    let viewer = world.user("Cyd", Role::Viewer, Packages::ALL).await;
    let (accounts, bob) = (&world.accounts, &Actor::from(&admin));
    let id = &owner.user.id;
    let refused = [
        accounts.remove_user(bob, id).await,
        accounts.reset(bob, id).await.map(drop),
        accounts
            .set_role(bob, id, Role::Viewer, &Packages::ALL)
            .await
            .map(drop),
        accounts
            .set_role(bob, &viewer.id, Role::Owner, &Packages::ALL)
            .await
            .map(drop),
        accounts
            .invite(bob, Role::Owner, &Packages::ALL)
            .await
            .map(drop),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(AccountsError::NotAllowed)));
    }
    accounts
        .remove_user(bob, &viewer.id)
        .await
        .expect("removed");
    let missing = accounts.remove_user(bob, &viewer.id).await;
    assert!(matches!(missing, Err(AccountsError::Missing("user"))));
}

#[tokio::test]
async fn the_last_owner_stays() {
    let (world, owner) = World::with_owner().await;
    let (accounts, ada) = (&world.accounts, &Actor::from(&owner.user));
    let id = &owner.user.id;
    let removed = accounts.remove_user(ada, id).await;
    assert!(matches!(removed, Err(AccountsError::LastOwner)));
    let demoted = accounts
        .set_role(ada, id, Role::Viewer, &Packages::ALL)
        .await;
    assert!(matches!(demoted, Err(AccountsError::LastOwner)));
    assert!(world.is_alive(&owner).await, "nothing of it happened");

    let eve = world.user("Eve", Role::Owner, Packages::ALL).await;
    let (one, other) = tokio::join!(
        accounts.remove_user(ada, id),
        accounts.remove_user(ada, &eve.id)
    );
    assert_eq!([one, other].iter().filter(|done| done.is_ok()).count(), 1);
    assert!(accounts.has_owner().await.expect("a database"));
}

#[tokio::test]
async fn a_name_is_taken_whatever_its_case() {
    let (world, _) = World::with_owner().await;
    let console = Actor::console();
    let taken = world
        .accounts
        .add_user(&console, "ADA", Role::Viewer, &Packages::ALL, PASSWORD)
        .await
        .expect_err("taken");
    insta::assert_snapshot!(taken, @"#/name: somebody has this name; choose another");
}

#[tokio::test]
async fn somebody_removed_is_signed_out_everywhere() {
    let (world, _) = World::with_owner().await;
    let bob = world.user("Bob", Role::Editor, Packages::ALL).await;
    let session = world.sign_in("Bob", PASSWORD).await.expect("signed in");
    let new = NewToken {
        name: "ci".to_owned(),
        scopes: vec![Scope::Read],
        packages: Packages::ALL,
        days: 1,
    };
    let console = Actor::console();
    let token = world.accounts.create_token(&console, &bob, &new).await;
    let token = token.expect("a token");
    world
        .accounts
        .remove_user(&console, &bob.id)
        .await
        .expect("removed");
    assert!(!world.is_alive(&session).await);
    let caller = world.accounts.token(&token).await.expect("a database");
    assert!(caller.is_none());
    assert!(world.sign_in("Bob", PASSWORD).await.is_err());
}

#[tokio::test]
async fn a_new_password_ends_other_sessions_and_takes_the_old_one() {
    let (world, here) = World::with_owner().await;
    let there = world.sign_in("Ada", PASSWORD).await.expect("signed in");
    let caller = world.accounts.session(&here.secret).await;
    let caller = caller.expect("a database").expect("signed in");
    let session = caller.session().expect("a session").to_owned();
    let accounts = &world.accounts;
    let change = |old, new| accounts.change_password(&here.user, &session, old, new);

    let wrong = change("not the password", "another long password").await;
    assert!(matches!(wrong, Err(AccountsError::WrongPassword)));
    let short = change(PASSWORD, "short").await;
    assert!(matches!(short, Err(AccountsError::InvalidPassword)));
    assert!(world.is_alive(&there).await);

    change(PASSWORD, "another long password")
        .await
        .expect("changed");
    assert!(world.is_alive(&here).await && !world.is_alive(&there).await);
    assert!(world.sign_in("Ada", PASSWORD).await.is_err());
    assert!(world.sign_in("Ada", "another long password").await.is_ok());
}

#[tokio::test]
async fn sessions_end_one_by_one_or_all_at_once_and_nobody_elses() {
    let (world, here) = World::with_owner().await;
    let there = world.sign_in("Ada", PASSWORD).await.expect("signed in");
    let bob = world.user("Bob", Role::Viewer, Packages::ALL).await;
    let theirs = world.sign_in("Bob", PASSWORD).await.expect("signed in");
    let accounts = &world.accounts;
    let caller = accounts.session(&there.secret).await;
    let caller = caller.expect("a database").expect("signed in");
    let id = caller.session().expect("a session");
    assert_eq!(accounts.sessions(&here.user).await.expect("two").len(), 2);

    let refused = accounts.end_session(&bob, id).await;
    assert!(matches!(refused, Err(AccountsError::Missing("session"))));
    assert!(world.is_alive(&there).await);
    accounts.end_session(&here.user, id).await.expect("ended");
    assert!(!world.is_alive(&there).await && world.is_alive(&here).await);

    accounts.end_sessions(&here.user).await.expect("ended");
    assert!(!world.is_alive(&here).await && world.is_alive(&theirs).await);
}

#[tokio::test]
async fn the_log_says_who_did_what_until_it_is_too_old() {
    let (world, owner) = World::with_owner().await;
    let ada = Actor::from(&owner.user);
    let bob = world.user("Bob", Role::Viewer, Packages::ALL).await;
    let accounts = &world.accounts;
    accounts
        .set_role(&ada, &bob.id, Role::Guest, &only(&["acme/rocket"]))
        .await
        .expect("changed");
    accounts.reset(&ada, &bob.id).await.expect("a link");
    world.sign_in("Bob", PASSWORD).await.expect("signed in");
    accounts.remove_user(&ada, &bob.id).await.expect("removed");
    insta::assert_snapshot!(world.log().await, @"
    Ada: set_up Ada
    command line: user_added Bob
    Ada: role_changed Bob: guest
    Ada: reset_asked Bob
    Bob: signed_in Bob
    Ada: user_removed Bob
    ");

    let newest = accounts.audit(None, 1).await.expect("a database");
    assert_eq!(newest[0].action, Action::UserRemoved);
    let earlier = accounts
        .audit(Some(newest[0].at), 1)
        .await
        .expect("a database");
    assert_eq!(earlier[0].action, Action::SignedIn);
    world.pass(30 * 24 * 3600 + 1);
    assert_eq!(world.log().await, "");
}
