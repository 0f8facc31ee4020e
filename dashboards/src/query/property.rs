//! The properties that the rollup `splits` keeps apart, each with the columns of the event it is made of.

use super::dimension::Field;

/// A property of events, or two that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Property {
    /// Client and its version.
    Client,
    /// Operating system and architecture.
    Platform,
    /// Country.
    Country,
    /// First part of the version, and channel.
    Release,
    /// File or image.
    Artifact,
    /// Page seen.
    Page,
    /// Where a visitor came from.
    Source,
}

impl Property {
    const ALL: [Self; 7] = [
        Self::Client,
        Self::Platform,
        Self::Country,
        Self::Release,
        Self::Artifact,
        Self::Page,
        Self::Source,
    ];

    /// The condition on the rollup's rows.
    pub(super) fn condition(self) -> &'static str {
        match self {
            Self::Client => "property = 'client'",
            Self::Platform => "property = 'platform'",
            Self::Country => "property = 'country'",
            Self::Release => "property = 'release'",
            Self::Artifact => "property = 'artifact'",
            Self::Page => "property = 'page'",
            Self::Source => "property = 'source'",
        }
    }

    /// What the rollup's columns `value` and `detail` hold.
    fn fields(self) -> (Field, Option<Field>) {
        match self {
            Self::Client => (Field::Client, Some(Field::ClientVersion)),
            Self::Platform => (Field::Os, Some(Field::Arch)),
            Self::Country => (Field::Country, None),
            Self::Release => (Field::VersionMajor, Some(Field::Channel)),
            Self::Artifact => (Field::Artifact, None),
            Self::Page => (Field::Page, None),
            Self::Source => (Field::Source, Some(Field::ReferrerHost)),
        }
    }

    /// The rollup's column for a column of the event.
    pub(super) fn column(self, field: Field) -> Option<&'static str> {
        let (value, detail) = self.fields();
        if field == value {
            Some("value")
        } else if Some(field) == detail {
            Some("detail")
        } else {
            None
        }
    }

    /// The property that all of `fields` are columns of.
    pub(super) fn of(fields: &[Field]) -> Option<Self> {
        Self::ALL.into_iter().find(|property| {
            let known = |field: &Field| property.column(*field).is_some();
            !fields.is_empty() && fields.iter().all(known)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_one_property_can_be_asked_for_together() {
        assert_eq!(
            Property::of(&[Field::Arch, Field::Os]),
            Some(Property::Platform)
        );
        assert_eq!(Property::of(&[Field::Os, Field::Country]), None);
        assert_eq!(Property::of(&[Field::Domain]), None);
        assert_eq!(Property::of(&[]), None);
    }
}
