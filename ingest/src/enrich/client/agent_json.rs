//! The JSON that Python's installers send behind their version.
//!
//! Each value is taken as it is met, so that an agent cut short or broken in the middle has told
//! all that stood before; a value of an unexpected type is passed over.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use weir_event::{Ci, Text};

use super::{Client, notes};
use crate::enrich::{platform, words};

/// Reads `26.3 {"cpu": …}`.
pub(super) fn read<'a>(client: &mut Client<'a>, rest: &'a str) {
    let Some(start) = rest.find('{') else {
        return notes::read(client, rest);
    };
    let mut said = Said::default();
    let mut json = serde_json::Deserializer::from_str(&rest[start..]);
    // An error ends the reading; what was said before it stays.
    let _ = Value {
        said: &mut said,
        place: ("", ""),
    }
    .deserialize(&mut json);
    said.tell(client);
}

/// The values that count, as the installers name them.
#[derive(Default)]
struct Said<'a> {
    ci: bool,
    cpu: Text<'a>,
    python: Text<'a>,
    system: Text<'a>,
    release: Text<'a>,
    distro: Text<'a>,
    distro_version: Text<'a>,
    libc: Text<'a>,
    implementation: Text<'a>,
    implementation_version: Text<'a>,
}

impl<'a> Said<'a> {
    /// Where the text under `place` (the object's key, its own key) belongs.
    fn slot(&mut self, place: (&str, &str)) -> Option<&mut Text<'a>> {
        Some(match place {
            ("", "cpu") => &mut self.cpu,
            ("", "python") => &mut self.python,
            ("system", "name") => &mut self.system,
            ("system", "release") => &mut self.release,
            ("distro", "name") => &mut self.distro,
            ("distro", "version") => &mut self.distro_version,
            ("libc", "lib") => &mut self.libc,
            ("implementation", "name") => &mut self.implementation,
            ("implementation", "version") => &mut self.implementation_version,
            _ => return None,
        })
    }

    fn tell(self, client: &mut Client<'a>) {
        // False and null are the same here: outside a build service nobody looks for one.
        if self.ci {
            client.ci = Ci::Yes;
        }
        notes::processor(client, &self.cpu);
        notes::system(client, &self.system);
        match &*self.libc {
            "glibc" => notes::libc(client, "glibc"),
            "musl" => notes::libc(client, "musl"),
            _ => {}
        }
        self.tell_system_version(client);
        let version = if self.implementation_version.is_empty() {
            self.python
        } else {
            self.implementation_version
        };
        client.runtime_version = part(version, words::version);
        client.runtime = match self.implementation {
            name if !name.is_empty() => part_name(name),
            _ if client.runtime_version.is_empty() => "".into(),
            _ => "cpython".into(),
        };
    }

    fn tell_system_version(&self, client: &mut Client<'a>) {
        match (&*client.os, platform::distribution(&self.distro)) {
            ("linux", Some(distribution)) => {
                notes::system_version(client, distribution, &self.distro_version);
            }
            ("darwin", _) => notes::system_version(client, "", &self.distro_version),
            ("windows", _) => notes::system_version(client, "", &self.release),
            _ => {}
        }
    }
}

/// Cuts text to a part of itself, borrowed where it was.
fn part(text: Text<'_>, cut: fn(&str) -> &str) -> Text<'_> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(cut(text)),
        Cow::Owned(text) => Cow::Owned(cut(&text).to_owned()),
    }
}

fn part_name(text: Text<'_>) -> Text<'_> {
    match text {
        Cow::Borrowed(text) => words::name(text).unwrap_or_default(),
        Cow::Owned(text) => Cow::Owned(words::name(&text).unwrap_or_default().into_owned()),
    }
}

/// A key, borrowed unless it is spelled with escapes.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Any value, taken into `said` where it is one that counts.
struct Value<'s, 'a, 'p> {
    said: &'s mut Said<'a>,
    place: (&'p str, &'p str),
}

impl<'de> DeserializeSeed<'de> for Value<'_, 'de, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_, 'de, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            map.next_value_seed(Value {
                said: &mut *self.said,
                place: (self.place.1, &key),
            })?;
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut seq: S) -> Result<(), S::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<(), E> {
        if let Some(slot) = self.said.slot(self.place) {
            *slot = Cow::Borrowed(text);
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        if let Some(slot) = self.said.slot(self.place) {
            *slot = Cow::Owned(text.to_owned());
        }
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        if self.place == ("", "ci") {
            self.said.ci = value;
        }
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
}
