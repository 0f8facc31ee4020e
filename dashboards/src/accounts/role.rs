//! What each role may do, and what each scope lets a token do: one table, asked by the guard alone.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May do everything, and alone may make and unmake owners.
    Owner,
    /// Runs the place: users, tokens, the audit log.
    Admin,
    /// Sees all numbers and brings some in.
    Editor,
    /// Sees all numbers.
    Viewer,
    /// Sees the numbers of some packages.
    Guest,
}

/// What a token is for. It never lets its user do more than the user may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Ask questions.
    Read,
    /// Take rows away.
    Export,
    /// Bring events and counts in.
    Import,
    /// Say when releases came out.
    #[serde(rename = "releases:write")]
    Releases,
    /// Run statements of one's own.
    Sql,
    /// Manage users and tokens, read the audit log.
    Admin,
}

/// What a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Numbers of the packages that one may see, and the state of the program.
    Read,
    /// The same as files.
    Export,
    /// Events and counts from elsewhere.
    Import,
    /// Marks of releases.
    Releases,
    /// Statements of one's own, which see every package.
    Sql,
    /// What matches of organisations are wrong, which changes everybody's numbers.
    Correct,
    /// One's own password, second factor, sessions and tokens.
    OwnAccount,
    /// Everybody's accounts, invitations and tokens.
    Users,
    /// What was done by whom.
    Audit,
}

use Role::{Admin, Editor, Guest, Owner, Viewer};

impl Role {
    /// From most to least.
    pub const ALL: [Self; 5] = [Owner, Admin, Editor, Viewer, Guest];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Owner => "owner",
            Admin => "admin",
            Editor => "editor",
            Viewer => "viewer",
            Guest => "guest",
        }
    }

    /// The role that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether somebody with this role may make, change or remove an account of role `other`.
    pub(crate) fn manages(self, other: Self) -> bool {
        match self {
            Owner => true,
            Admin => other != Owner,
            Editor | Viewer | Guest => false,
        }
    }
}

impl Scope {
    /// In the order that people meet them.
    pub const ALL: [Self; 6] = [
        Self::Read,
        Self::Export,
        Self::Import,
        Self::Releases,
        Self::Sql,
        Self::Admin,
    ];

    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Export => "export",
            Self::Import => "import",
            Self::Releases => "releases:write",
            Self::Sql => "sql",
            Self::Admin => "admin",
        }
    }

    /// The scope that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

impl Permission {
    /// The roles that have it, and the scope that lets a token use it; where there is none, only
    /// somebody who signed in may.
    fn given_to(self) -> (&'static [Role], Option<Scope>) {
        match self {
            Self::Read => (&Role::ALL, Some(Scope::Read)),
            Self::Export => (&Role::ALL, Some(Scope::Export)),
            Self::Import => (&[Owner, Admin, Editor], Some(Scope::Import)),
            Self::Releases => (&[Owner, Admin, Editor], Some(Scope::Releases)),
            Self::Sql => (&[Owner, Admin, Editor], Some(Scope::Sql)),
            Self::Correct => (&[Owner, Admin, Editor], None),
            Self::OwnAccount => (&Role::ALL, None),
            Self::Users | Self::Audit => (&[Owner, Admin], Some(Scope::Admin)),
        }
    }

    /// Whether the role has it.
    pub(crate) fn is_of(self, role: Role) -> bool {
        self.given_to().0.contains(&role)
    }

    /// Whether a token with `scopes` may use it, if its user has it.
    pub(crate) fn is_within(self, scopes: &[Scope]) -> bool {
        self.given_to()
            .1
            .is_some_and(|scope| scopes.contains(&scope))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    const PERMISSIONS: [Permission; 9] = [
        Permission::Read,
        Permission::Export,
        Permission::Import,
        Permission::Releases,
        Permission::Sql,
        Permission::Correct,
        Permission::OwnAccount,
        Permission::Users,
        Permission::Audit,
    ];

    #[test]
    fn every_role_and_scope_has_what_the_table_says() {
        let mut table = String::new();
        for permission in PERMISSIONS {
            let roles = Role::ALL.into_iter().filter(|role| permission.is_of(*role));
            let roles: Vec<_> = roles.map(Role::as_str).collect();
            let scopes = Scope::ALL
                .into_iter()
                .filter(|scope| permission.is_within(&[*scope]));
            let scopes: Vec<_> = scopes.map(Scope::as_str).collect();
            let (roles, scopes) = (roles.join(" "), scopes.join(" "));
            writeln!(table, "{permission:?}: {roles} | {scopes}").expect("a string grows");
        }
        insta::assert_snapshot!(table, @"
        Read: owner admin editor viewer guest | read
        Export: owner admin editor viewer guest | export
        Import: owner admin editor | import
        Releases: owner admin editor | releases:write
        Sql: owner admin editor | sql
        Correct: owner admin editor | 
        OwnAccount: owner admin editor viewer guest | 
        Users: owner admin | admin
        Audit: owner admin | admin
        ");
    }

    #[test]
    fn a_token_without_scopes_may_nothing_and_with_all_still_not_what_takes_a_person() {
        for permission in PERMISSIONS {
            assert!(!permission.is_within(&[]), "{permission:?}");
        }
        assert!(!Permission::OwnAccount.is_within(&Scope::ALL));
        assert!(!Permission::Correct.is_within(&Scope::ALL));
    }

    #[test]
    fn only_owners_make_and_unmake_owners() {
        for actor in Role::ALL {
            for object in Role::ALL {
                let expected = match actor {
                    Owner => true,
                    Admin => object != Owner,
                    _ => false,
                };
                assert_eq!(actor.manages(object), expected, "{actor:?} {object:?}");
            }
        }
    }

    #[test]
    fn words_are_read_as_they_are_written() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.as_str()), Some(role));
        }
        for scope in Scope::ALL {
            assert_eq!(Scope::from_word(scope.as_str()), Some(scope));
        }
        assert_eq!(Role::from_word("Owner"), None);
        assert_eq!(Scope::from_word(""), None);
    }
}
