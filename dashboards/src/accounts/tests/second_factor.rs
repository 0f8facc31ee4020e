//! The second factor, with the library's own codes as the phone.

use totp_rs::{Builder, Totp};

use super::*;

/// Ada with a second factor, what makes its codes, and her recovery codes.
async fn enrolled() -> (World, SignedIn, Totp, Vec<String>) {
    let (world, owner) = World::with_owner().await;
    let proposed = Enrolment::new(&owner.user).expect("a proposal");
    let phone = phone(&proposed.secret);
    let code = world.shown(&phone);
    let codes = world
        .accounts
        .turn_on_second_factor(&owner.user, PASSWORD, &proposed.secret, &code)
        .await
        .expect("on");
    (world, owner, phone, codes)
}

fn phone(secret: &str) -> Totp {
    let secret = totp_rs::Secret::try_from_base32(secret).expect("base 32");
    let built = Builder::new().with_secret(secret).build();
    built.expect("a second factor")
}

impl World {
    fn shown(&self, phone: &Totp) -> String {
        let now = self.seconds.load(Ordering::Relaxed);
        phone.generate(now.cast_unsigned()).to_string()
    }

    async fn with_code(&self, code: &str) -> Result<SignIn, AccountsError> {
        self.accounts.sign_in("Ada", PASSWORD, Some(code)).await
    }
}

#[tokio::test]
async fn a_code_is_needed_once_a_second_factor_is_on_and_taken_once() {
    let (world, owner, phone, _) = enrolled().await;
    assert!(world.is_alive(&owner).await);
    let asked = world.accounts.sign_in("Ada", PASSWORD, None).await;
    assert!(matches!(asked, Ok(SignIn::NeedsCode)));
    let first = world.shown(&phone);
    let replayed = world.with_code(&first).await;
    assert!(
        matches!(replayed, Err(AccountsError::WrongSecondFactor)),
        "it turned the factor on already"
    );
    world.pass(60);
    let next = world.shown(&phone);
    assert!(matches!(world.with_code(&next).await, Ok(SignIn::Done(_))));
    assert!(world.with_code(&next).await.is_err(), "the same step again");
    assert!(world.with_code(&first).await.is_err(), "an earlier step");
    world.pass(30);
    let late = world.shown(&phone);
    world.pass(30);
    let spaced = format!("{} {}", &late[..3], &late[3..]);
    assert!(matches!(
        world.with_code(&spaced).await,
        Ok(SignIn::Done(_))
    ));
}

#[tokio::test]
async fn guessing_codes_is_as_slow_as_guessing_passwords() {
    let (world, _, _, _) = enrolled().await;
    for _ in 0..5 {
        let wrong = world.with_code("000000").await;
        assert!(matches!(wrong, Err(AccountsError::WrongSecondFactor)));
    }
    let sixth = world.with_code("000000").await;
    assert!(matches!(sixth, Err(AccountsError::TooManyAttempts { .. })));
}

#[tokio::test]
async fn a_recovery_code_signs_in_once() {
    let (world, _, _, codes) = enrolled().await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert!(matches!(world.with_code(&typed).await, Ok(SignIn::Done(_))));
    assert!(world.with_code(&typed).await.is_err());
    assert!(matches!(
        world.with_code(&codes[4]).await,
        Ok(SignIn::Done(_))
    ));
    assert!(world.log().await.contains("Ada: recovery_code_used Ada"));
}

#[tokio::test]
async fn turning_it_on_takes_the_password_and_a_code_that_fits() {
    let (world, owner) = World::with_owner().await;
    let accounts = &world.accounts;
    let proposed = Enrolment::new(&owner.user).expect("one");
    let code = world.shown(&phone(&proposed.secret));
    let on = |password, secret, code| {
        accounts.turn_on_second_factor(&owner.user, password, secret, code)
    };
    let wrong = on("not the password", &proposed.secret, &code).await;
    assert!(matches!(wrong, Err(AccountsError::WrongPassword)));
    let wrong = on(PASSWORD, &proposed.secret, "12345").await;
    assert!(matches!(wrong, Err(AccountsError::WrongSecondFactor)));
    for secret in ["", "not base 32!", "GEZDGNBV"] {
        let wrong = on(PASSWORD, secret, &code).await;
        assert!(matches!(wrong, Err(AccountsError::InvalidSecondFactor)));
    }
    assert!(world.sign_in("Ada", PASSWORD).await.is_ok());
}

#[tokio::test]
async fn off_is_off_by_the_password_or_by_a_reset() {
    let (world, owner, _, codes) = enrolled().await;
    let accounts = &world.accounts;
    let wrong = accounts
        .turn_off_second_factor(&owner.user, "not the password")
        .await;
    assert!(matches!(wrong, Err(AccountsError::WrongPassword)));
    accounts
        .turn_off_second_factor(&owner.user, PASSWORD)
        .await
        .expect("off");
    assert!(world.sign_in("Ada", PASSWORD).await.is_ok());

    let (world, owner, _, _) = enrolled().await;
    let link = world
        .accounts
        .reset(&Actor::console(), &owner.user.id)
        .await;
    let path = link.expect("a link").path();
    let secret = Secret::from_text(&path["/invite#".len()..]).expect("64 digits");
    world
        .accounts
        .accept(&secret, "", PASSWORD)
        .await
        .expect("signed in");
    assert!(world.sign_in("Ada", PASSWORD).await.is_ok());
    drop(codes);
}

#[tokio::test]
async fn what_an_app_scans_is_what_it_would_be_told() {
    let (_world, owner) = World::with_owner().await;
    let proposed = Enrolment::new(&owner.user);
    let proposed = proposed.expect("a proposal");
    let uri = proposed.uri.replace(&proposed.secret, "SECRET");
    insta::assert_snapshot!(uri, @"otpauth://totp/Weir:Ada?secret=SECRET&issuer=Weir");
    assert!(
        proposed.picture.path.starts_with("M4 4h1v1h-1z"),
        "a corner in a quiet zone"
    );
    assert!((33..80).contains(&proposed.picture.size));
}
