//! The database as a file.

use super::*;

#[tokio::test]
async fn a_folder_that_is_missing_is_named() {
    let at = AccountsAt::File("/nonexistent/weir.db".into());
    let error = Accounts::open(&at, 30, Arc::new(Timestamp::now)).await;
    insta::assert_snapshot!(error.err().expect("no such folder"), @"cannot open the account database /nonexistent/weir.db; check that its folder exists and is writable");
}

/// As the first development versions made it.
const BEFORE: &str = "
CREATE TABLE users (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
    role TEXT NOT NULL CHECK (role IN ('owner')), password TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_owner ON users (role) WHERE role = 'owner';
CREATE TABLE sessions (
    token BLOB PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL, used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID";

#[tokio::test]
async fn the_owner_of_an_older_file_is_still_its_owner() {
    use sqlx::Executor as _;

    let (world, _) = World::with_owner().await;
    let sql = "SELECT password FROM users";
    let (hash,): (String,) = sqlx::query_as(sql)
        .fetch_one(world.accounts.0.database.pool())
        .await
        .expect("a hash");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("weir.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let old = sqlx::SqlitePool::connect_with(options.create_if_missing(true));
    let old = old.await.expect("a file");
    old.execute(BEFORE).await.expect("old tables");
    sqlx::query("INSERT INTO users VALUES (1, 'Ada', 'owner', $1, 1790000000)")
        .bind(hash)
        .execute(&old)
        .await
        .expect("an owner");
    old.close().await;

    let seconds = Arc::clone(&world.seconds);
    for _ in 0..2 {
        let accounts = open(&folder, &seconds).await;
        assert_eq!(accounts.setup_code().await, None);
        let users = accounts.users().await.expect("one");
        assert_eq!((users.len(), users[0].role), (1, Role::Owner));
        let signed_in = accounts.sign_in("ada", PASSWORD, None).await;
        assert!(matches!(signed_in, Ok(SignIn::Done(_))));
    }
}

#[tokio::test]
async fn two_processes_that_open_a_new_file_at_once_both_can() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let seconds = Arc::new(AtomicI64::new(1_790_000_000));
    let opened = (0..4).map(|_| open(&folder, &seconds));
    assert_eq!(futures::future::join_all(opened).await.len(), 4);
}

#[tokio::test]
async fn what_another_process_changes_is_seen_at_once() {
    let (world, owner) = World::with_owner().await;
    let other = open(&world.folder, &world.seconds).await;
    let bob = world.user("Bob", Role::Viewer, Packages::ALL).await;
    assert_eq!(other.users().await.expect("two").len(), 2);
    assert!(other.session(&owner.secret).await.expect("one").is_some());
    other
        .remove_user(&Actor::console(), &bob.id)
        .await
        .expect("removed");
    assert_eq!(world.accounts.users().await.expect("one").len(), 1);
}
