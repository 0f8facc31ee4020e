//! What a rule becomes: one table of our configuration each, before it is written.

/// One image, route, file or project of a package on a domain.
#[derive(Clone)]
pub(super) struct Entry {
    /// The rule's number.
    pub(super) rule: usize,
    pub(super) package: String,
    /// Scarf's key of the package.
    pub(super) id: Option<String>,
    pub(super) domain: String,
    pub(super) item: Item,
}

#[derive(Clone)]
pub(super) enum Item {
    Image {
        name: String,
        upstream: String,
    },
    Route(Route),
    File(ListedFile),
    /// The package is a project of this index.
    Indexed {
        upstream: String,
    },
}

/// `[[package.route]]`
#[derive(Clone)]
pub(super) struct Route {
    pub(super) way: Way,
    pub(super) to: Option<String>,
    /// Takes events, in a package of kind `event`.
    pub(super) collects: bool,
    pub(super) post_only: bool,
    pub(super) tokens: Option<Vec<String>>,
    /// Not a rule itself but what a rule takes as well: gives way to any other.
    pub(super) implied: bool,
    /// What Scarf orders rules of this type by.
    pub(super) order: Vec<String>,
}

/// How a route recognises a request.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Way {
    Path(String),
    Regex(String),
    CatchAll,
}

/// `[[package.file]]`
#[derive(Clone)]
pub(super) struct ListedFile {
    pub(super) filename: String,
    pub(super) url: String,
    pub(super) hash: Option<String>,
    pub(super) requires_python: Option<String>,
    pub(super) gpg_sig: Option<bool>,
}

impl Route {
    pub(super) fn of(way: Way) -> Self {
        Self {
            way,
            to: None,
            collects: false,
            post_only: false,
            tokens: None,
            implied: false,
            order: Vec::new(),
        }
    }

    /// A path that leads nowhere is there for the events that its variables and body make.
    pub(super) fn collecting_without_target(mut self) -> Self {
        self.collects = self.to.is_none();
        self
    }

    /// Where a type of rule stands among others at Scarf: the lower first.
    pub(super) fn class(&self) -> u8 {
        match &self.way {
            Way::Path(_) if !self.post_only => 0,
            Way::Regex(_) => 1,
            Way::Path(_) => 3,
            Way::CatchAll => 4,
        }
    }
}

/// Where files of Python projects stand among routes at Scarf (see [`Route::class`]).
pub(super) const PYTHON: u8 = 2;
