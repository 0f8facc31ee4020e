//! First run, sign-in and sessions, with a clock that the test moves.

mod database;
mod links;
mod people;
mod programs;
mod second_factor;

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use super::*;

const PASSWORD: &str = "a long enough password";

/// Accounts in a folder of their own, at a time of their own.
struct World {
    accounts: Accounts,
    folder: tempfile::TempDir,
    seconds: Arc<AtomicI64>,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let seconds = Arc::new(AtomicI64::new(1_790_000_000));
        let accounts = open(&folder, &seconds).await;
        Self {
            accounts,
            folder,
            seconds,
        }
    }

    /// One with an owner called Ada, and her first session.
    async fn with_owner() -> (Self, SignedIn) {
        let world = Self::new().await;
        let code = world.code().await;
        let owner = world
            .accounts
            .create_owner(&code, "Ada", PASSWORD)
            .await
            .expect("an owner");
        (world, owner)
    }

    async fn code(&self) -> String {
        self.accounts.setup_code().await.expect("a code").to_owned()
    }

    fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    async fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, AccountsError> {
        match self.accounts.sign_in(name, password, None).await? {
            SignIn::Done(signed_in) => Ok(*signed_in),
            SignIn::NeedsCode => panic!("a second factor that nobody turned on"),
        }
    }

    async fn is_alive(&self, signed_in: &SignedIn) -> bool {
        let session = self.accounts.session(&signed_in.secret).await;
        session.expect("a database").is_some()
    }

    /// Another user, made on the console.
    async fn user(&self, name: &str, role: Role, packages: Packages) -> User {
        let console = Actor::console();
        let made = self
            .accounts
            .add_user(&console, name, role, &packages, PASSWORD);
        made.await.expect("a user")
    }

    /// The log without its times, oldest first.
    async fn log(&self) -> String {
        let mut lines = self.accounts.audit(None, 100).await.expect("a database");
        lines.reverse();
        let line = |Entry {
                        name,
                        action,
                        object,
                        ..
                    }| format!("{name}: {} {object}", action.as_str());
        lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// The packages of these names.
fn only(names: &[&str]) -> Packages {
    Packages::only(names.iter().map(|&name| name.to_owned()))
}

async fn open(folder: &tempfile::TempDir, seconds: &Arc<AtomicI64>) -> Accounts {
    let seconds = Arc::clone(seconds);
    // A microsecond more each time: the log's order is that of what happened.
    let ticks = AtomicI64::new(0);
    let clock = move || {
        let at = seconds.load(Ordering::Relaxed) * 1_000_000;
        let at = at + ticks.fetch_add(1, Ordering::Relaxed);
        Timestamp::from_microsecond(at).expect("a time")
    };
    let at = AccountsAt::File(folder.path().join("weir.db"));
    let opened = Accounts::open(&at, 30, Arc::new(clock)).await;
    opened.expect("a database")
}

#[tokio::test]
async fn the_code_makes_one_owner_once() {
    let world = World::new().await;
    let code = world.code().await;
    let wrong = world
        .accounts
        .create_owner("0000-0000-0000-0000", "Ada", PASSWORD)
        .await;
    assert!(matches!(wrong, Err(AccountsError::WrongCode)));
    let short = world
        .accounts
        .create_owner(&code, "Ada", "short")
        .await
        .expect_err("too short");
    insta::assert_snapshot!(short, @"#/password: must have at least 12 characters and at most 1024 bytes");
    let unnamed = world
        .accounts
        .create_owner(&code, " ", PASSWORD)
        .await
        .expect_err("no name");
    insta::assert_snapshot!(unnamed, @"#/name: must have 1 to 64 bytes and no control characters");

    let typed = code.to_lowercase().replace('-', " ");
    let owner = world
        .accounts
        .create_owner(&typed, "Ada", PASSWORD)
        .await
        .expect("an owner");
    assert_eq!(owner.user.name, "Ada");
    assert!(world.is_alive(&owner).await);
    assert_eq!(world.accounts.setup_code().await, None);
    let second = world.accounts.create_owner(&code, "Eve", PASSWORD).await;
    assert!(matches!(second, Err(AccountsError::AlreadySetUp)));
}

#[tokio::test]
async fn two_who_set_up_at_once_make_one_owner() {
    let world = World::new().await;
    let code = world.code().await;
    let (first, second) = tokio::join!(
        world.accounts.create_owner(&code, "Ada", PASSWORD),
        world.accounts.create_owner(&code, "Eve", PASSWORD),
    );
    assert_eq!(
        [first, second].iter().filter(|made| made.is_ok()).count(),
        1
    );
}

#[tokio::test]
async fn a_code_lasts_a_day_and_a_start_makes_a_new_one() {
    let world = World::new().await;
    let old = world.code().await;
    world.pass(24 * 3600);
    let late = world
        .accounts
        .create_owner(&old, "Ada", PASSWORD)
        .await
        .expect_err("expired");
    insta::assert_snapshot!(late, @"wrong or expired code; a new one is printed on the console when weir starts");

    let restarted = open(&world.folder, &world.seconds).await;
    let new = restarted.setup_code().await.expect("a code").to_owned();
    assert_ne!(old, new);
    assert!(restarted.create_owner(&new, "Ada", PASSWORD).await.is_ok());
    let again = open(&world.folder, &world.seconds).await;
    assert_eq!(again.setup_code().await, None);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let (world, _) = World::with_owner().await;
    let name = world.sign_in("Eve", PASSWORD).await.expect_err("nobody");
    let password = world
        .sign_in("ada", "not the password")
        .await
        .expect_err("wrong");
    assert_eq!(name.to_string(), password.to_string());
    let right = world.sign_in("ada", PASSWORD).await.expect("signed in");
    assert_eq!(right.user.name, "Ada");
}

#[tokio::test]
async fn the_sixth_try_waits_a_minute_even_when_it_is_right() {
    let (world, _) = World::with_owner().await;
    for _ in 0..5 {
        let wrong = world.sign_in("Ada", "not the password").await;
        assert!(matches!(wrong, Err(AccountsError::WrongPassword)));
    }
    let sixth = world.sign_in("Ada", PASSWORD).await.expect_err("too many");
    insta::assert_snapshot!(sixth, @"too many attempts; wait 60 s");
    world.pass(60);
    assert!(world.sign_in("Ada", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn a_session_ends_when_signed_out_idle_or_old() {
    let (world, first) = World::with_owner().await;
    let out = world.accounts.sign_out(&first.secret).await;
    out.expect("a database");
    assert!(!world.is_alive(&first).await, "signed out");

    let idle = world.sign_in("Ada", PASSWORD).await.expect("signed in");
    world.pass(12 * 3600);
    assert!(!world.is_alive(&idle).await, "unused for twelve hours");

    let busy = world.sign_in("Ada", PASSWORD).await.expect("signed in");
    for _ in 0..13 {
        assert!(world.is_alive(&busy).await, "used every eleven hours");
        world.pass(11 * 3600);
    }
    world.pass(26 * 3600);
    assert!(!world.is_alive(&busy).await, "a week old");
}

#[tokio::test]
async fn the_database_is_private_and_holds_nothing_to_sign_in_with() {
    let (world, owner) = World::with_owner().await;
    let mut found = 0;
    for file in std::fs::read_dir(world.folder.path()).expect("the folder") {
        let path = file.expect("a file").path();
        let mode = std::fs::metadata(&path)
            .expect("a file")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{}", path.display());
        let bytes = std::fs::read(&path).expect("a file");
        let holds = |secret: &[u8]| bytes.windows(secret.len()).any(|window| window == secret);
        assert!(!holds(PASSWORD.as_bytes()) && !holds(owner.secret.as_text().as_bytes()));
        found += 1;
    }
    assert!(found >= 1);
}

#[test]
fn a_secret_survives_its_cookie_and_nothing_else_is_one() {
    let secret = Secret::random().expect("random bytes");
    let read = Secret::from_text(&secret.as_text()).expect("a secret");
    assert_eq!(read.digest(), secret.digest());
    for text in ["", "zz", &"0".repeat(63), &"0".repeat(65), &"g".repeat(64)] {
        assert!(Secret::from_text(text).is_none(), "{text}");
    }
    assert_eq!(format!("{secret:?}"), "Secret(redacted)");
}
