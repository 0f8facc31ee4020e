//! A JSON value together with the place where it stands, so that every error can name it.

use serde_json::Value;

/// A request that asks for something impossible: where, and what would be possible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("#{pointer}: {message}")]
pub(crate) struct Invalid {
    /// JSON pointer (RFC 6901) to the offending value.
    pub pointer: String,
    /// What is wrong with it and what to write instead.
    pub message: String,
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    pointer: String,
    value: &'a Value,
}

/// How much of a wrong value an error repeats, in characters.
const QUOTED_CHARS: usize = 40;

impl<'a> Place<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self {
            pointer: String::new(),
            value,
        }
    }

    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// The member `key` of this object; JSON `null` counts as absent.
    pub(super) fn member(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let escaped = key.replace('~', "~0").replace('/', "~1");
        Some(Self {
            pointer: format!("{}/{escaped}", self.pointer),
            value,
        })
    }

    /// The elements of this list, at most `most`.
    pub(super) fn items(&self, most: usize) -> Result<Vec<Self>, Invalid> {
        let list = self
            .value
            .as_array()
            .ok_or_else(|| self.invalid("expected a list"))?;
        if list.len() > most {
            return Err(self.invalid(format!("at most {most} elements are allowed")));
        }
        let place = |(index, value)| Self {
            pointer: format!("{}/{index}", self.pointer),
            value,
        };
        Ok(list.iter().enumerate().map(place).collect())
    }

    pub(super) fn text(&self) -> Result<&'a str, Invalid> {
        self.value
            .as_str()
            .ok_or_else(|| self.invalid("expected a string"))
    }

    pub(super) fn truth(&self) -> Result<bool, Invalid> {
        self.value
            .as_bool()
            .ok_or_else(|| self.invalid("expected true or false"))
    }

    pub(super) fn number(&self, range: std::ops::RangeInclusive<u64>) -> Result<u64, Invalid> {
        let (least, most) = (range.start(), range.end());
        self.value
            .as_u64()
            .filter(|number| range.contains(number))
            .ok_or_else(|| self.invalid(format!("expected a whole number from {least} to {most}")))
    }

    /// Refuses members that nothing reads: a misspelt option must not be ignored silently.
    pub(super) fn only(&self, known: &[&str]) -> Result<(), Invalid> {
        let object = self
            .value
            .as_object()
            .ok_or_else(|| self.invalid("expected an object"))?;
        match object.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => {
                let known = known.join(", ");
                Err(self.invalid(format!("unknown member {}; one of {known}", quoted(key))))
            }
        }
    }

    pub(super) fn invalid(&self, message: impl Into<String>) -> Invalid {
        Invalid {
            pointer: self.pointer.clone(),
            message: message.into(),
        }
    }
}

/// The text as an error repeats it: in quotes, escaped, cut.
pub(super) fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(QUOTED_CHARS).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    format!("{cut:?}")
}
