//! Who answers for what is kept, which those who are counted are told.

/// The controller, in the words of the GDPR.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Controller {
    /// A project, a person, a company. Default: nobody is named.
    pub name: Option<String>,
    /// Where to write to. Default: nowhere.
    pub contact: Option<Contact>,
}

/// Where somebody can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// A mail address.
    Mail(String),
    /// A page, by http or https.
    Page(String),
}

impl Contact {
    /// As it was written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Mail(text) | Self::Page(text) => text,
        }
    }
}
