//! Who asks: a user, by a session or by a token that may do less.

use super::audit::Actor;
use super::packages::Packages;
use super::role::{Permission, Role, Scope};
use super::user::User;

/// Somebody who was recognised.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user: User,
    pub(crate) via: Via,
    /// What they may see this way.
    pub(crate) packages: Packages,
}

/// By what somebody was recognised.
#[derive(Clone, Debug)]
pub(crate) enum Via {
    /// A session, by its id.
    Session(String),
    /// A token, by its name and what it is for.
    Token(String, Vec<Scope>),
    /// A token of the operator's file, which only imports.
    ImportFile,
}

impl Caller {
    pub(super) fn by_session(user: User, session: String) -> Self {
        Self {
            packages: user.packages.clone(),
            user,
            via: Via::Session(session),
        }
    }

    /// Whoever has a token of the operator's file.
    pub(crate) fn of_import_file() -> Self {
        let user = User {
            id: String::new(),
            name: "import_tokens_file".to_owned(),
            role: Role::Editor,
            packages: Packages::ALL,
            has_second_factor: false,
        };
        Self {
            user,
            via: Via::ImportFile,
            packages: Packages::ALL,
        }
    }

    /// Whether they may do what takes `permission`.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        let by_way = match &self.via {
            Via::Session(_) => true,
            Via::Token(_, scopes) => permission.is_within(scopes),
            Via::ImportFile => permission == Permission::Import,
        };
        by_way && permission.is_of(self.user.role)
    }

    /// The session, unless it is a token.
    pub(crate) fn session(&self) -> Option<&str> {
        match &self.via {
            Via::Session(id) => Some(id),
            Via::Token(..) | Via::ImportFile => None,
        }
    }

    /// How the audit log names them.
    pub(crate) fn actor(&self) -> Actor {
        let User { id, name, role, .. } = &self.user;
        let name = match &self.via {
            Via::Token(token, _) => format!("{name} (token {token})"),
            Via::Session(_) | Via::ImportFile => name.clone(),
        };
        Actor {
            id: id.clone(),
            name,
            role: *role,
        }
    }
}
