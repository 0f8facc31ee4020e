//! A user, and how one is read from the database.

use super::packages::Packages;
use super::role::Role;

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Never changes and says nothing.
    pub id: String,
    /// As chosen; the case does not matter for signing in.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// What they may see; all for everybody but guests.
    pub packages: Packages,
    /// Whether signing in takes a second factor.
    pub has_second_factor: bool,
}

/// `id, name, role, packages, totp_secret` of table `users`.
pub(super) type UserRow = (String, String, String, String, String);

impl From<UserRow> for User {
    fn from((id, name, role, packages, totp_secret): UserRow) -> Self {
        Self {
            id,
            name,
            // The table takes no other word; if it did, this is the role that may least.
            role: Role::from_word(&role).unwrap_or(Role::Guest),
            packages: Packages::from_text(&packages),
            has_second_factor: !totp_secret.is_empty(),
        }
    }
}
