//! Links: they work once, for a while, for what they were made for.

use super::*;

fn secret(link: &Link) -> Secret {
    let path = link.path();
    let text = path.strip_prefix("/invite#").expect("behind the path");
    Secret::from_text(text).expect("64 digits")
}

#[tokio::test]
async fn a_link_makes_one_account_of_its_role() {
    let (world, owner) = World::with_owner().await;
    let packages = only(&["acme/rocket"]);
    let ada = Actor::from(&owner.user);
    let link = world.accounts.invite(&ada, Role::Guest, &packages).await;
    let secret = secret(&link.expect("a link"));
    let offer = world.accounts.offer(&secret).await.expect("an offer");
    assert_eq!((offer.role, offer.name), (Role::Guest, None));

    let accounts = &world.accounts;
    let short = accounts.accept(&secret, "Gus", "short").await;
    assert!(matches!(short, Err(AccountsError::InvalidPassword)));
    let taken = accounts.accept(&secret, "ada", PASSWORD).await;
    assert!(matches!(taken, Err(AccountsError::NameTaken)));
    let (one, other) = tokio::join!(
        accounts.accept(&secret, "Gus", PASSWORD),
        accounts.accept(&secret, "Hal", PASSWORD),
    );
    let made: Vec<_> = [one, other].into_iter().filter_map(Result::ok).collect();
    assert_eq!(made.len(), 1, "a link works once");
    assert_eq!(made[0].user.packages, packages);
    assert!(world.is_alive(&made[0]).await);
    let used = accounts.offer(&secret).await;
    assert!(matches!(used, Err(AccountsError::WrongLink)));
}

#[tokio::test]
async fn a_link_ends_after_a_week_or_when_it_is_taken_back() {
    let (world, owner) = World::with_owner().await;
    let (accounts, ada) = (&world.accounts, &Actor::from(&owner.user));
    let link = accounts.invite(ada, Role::Viewer, &Packages::ALL).await;
    let late = secret(&link.expect("a link"));
    world.pass(7 * 24 * 3600);
    let refused = accounts.accept(&late, "Gus", PASSWORD).await;
    assert!(matches!(refused, Err(AccountsError::WrongLink)));
    assert!(accounts.invitations().await.expect("none").is_empty());

    let link = accounts.invite(ada, Role::Viewer, &Packages::ALL).await;
    let secret = secret(&link.expect("a link"));
    let listed = accounts.invitations().await.expect("one");
    assert_eq!(listed[0].created_by, "Ada");
    accounts
        .withdraw(ada, &listed[0].id)
        .await
        .expect("taken back");
    let refused = accounts.accept(&secret, "Gus", PASSWORD).await;
    assert!(matches!(refused, Err(AccountsError::WrongLink)));
}

#[tokio::test]
async fn a_reset_changes_the_password_and_nothing_else_about_them() {
    let (world, _) = World::with_owner().await;
    let bob = world.user("Bob", Role::Editor, Packages::ALL).await;
    let before = world.sign_in("Bob", PASSWORD).await.expect("signed in");
    let accounts = &world.accounts;
    let link = accounts.reset(&Actor::console(), &bob.id).await;
    let secret = secret(&link.expect("a link"));
    let offer = accounts.offer(&secret).await.expect("an offer");
    assert_eq!(offer.name.as_deref(), Some("Bob"));
    assert!(accounts.invitations().await.expect("none").is_empty());

    let after = accounts
        .accept(&secret, "Mallory", "another long password")
        .await;
    let after = after.expect("signed in");
    assert_eq!(after.user, bob);
    assert!(world.is_alive(&after).await && !world.is_alive(&before).await);
    assert!(world.sign_in("Bob", PASSWORD).await.is_err());
    assert!(accounts.accept(&secret, "", PASSWORD).await.is_err());
}
