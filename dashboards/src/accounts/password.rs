//! Argon2id with OWASP's parameters, two at a time: 19 MiB each is all that a flood can take.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::AccountsError;
use super::secret::random;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const AT_A_TIME: usize = 2;
/// Longest wait for a turn; who waits longer is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes passwords.
pub(super) struct Passwords {
    turns: Arc<Semaphore>,
    /// Compared with when a name is unknown, so that this takes as long as a wrong password.
    nobody: Arc<str>,
}

/// A turn to hash one password.
pub(super) struct Permit {
    turn: OwnedSemaphorePermit,
    nobody: Arc<str>,
}

impl Passwords {
    pub(super) fn new() -> Result<Self, AccountsError> {
        let nobody = hash(hex::encode(random::<16>()?).as_bytes())?;
        Ok(Self {
            turns: Arc::new(Semaphore::new(AT_A_TIME)),
            nobody: nobody.into(),
        })
    }

    /// Waits for a turn.
    pub(super) async fn permit(&self) -> Result<Permit, AccountsError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        match turn {
            Ok(Ok(turn)) => Ok(Permit {
                turn,
                nobody: Arc::clone(&self.nobody),
            }),
            _ => Err(AccountsError::TooManyAttempts {
                retry_after_s: PATIENCE.as_secs(),
            }),
        }
    }
}

impl Permit {
    /// Makes the hash of a new password.
    pub(super) async fn hash(self, password: String) -> Result<String, AccountsError> {
        self.work(move |_| hash(password.as_bytes())).await
    }

    /// Whether the password is the one of `expected`; with nothing expected it is wrong, just as slowly.
    pub(super) async fn verify(
        self,
        password: String,
        expected: Option<String>,
    ) -> Result<bool, AccountsError> {
        self.work(move |nobody| {
            let expected = expected.as_deref().unwrap_or(nobody);
            Ok(argon2()
                .verify_password(password.as_bytes(), expected)
                .is_ok())
        })
        .await
    }

    async fn work<T: Send + 'static>(
        self,
        work: impl FnOnce(&str) -> Result<T, AccountsError> + Send + 'static,
    ) -> Result<T, AccountsError> {
        let task = tokio::task::spawn_blocking(move || {
            let result = work(&self.nobody);
            drop(self.turn);
            result
        });
        task.await
            .map_err(|error| AccountsError::Hash(error.to_string()))?
    }
}

fn hash(password: &[u8]) -> Result<String, AccountsError> {
    let hash = argon2()
        .hash_password(password)
        .map_err(|error| AccountsError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .expect("the parameters above are within Argon2's limits");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_are_hashed_at_a_time_and_who_waits_too_long_is_told_to_come_back() {
        let passwords = Passwords::new().expect("random bytes");
        let (one, _other) = tokio::join!(passwords.permit(), passwords.permit());
        let third = passwords.permit().await;
        assert!(matches!(
            third.err(),
            Some(AccountsError::TooManyAttempts { retry_after_s: 5 })
        ));
        drop(one);
        assert!(passwords.permit().await.is_ok());
    }
}
