//! A head that is looked at again where its bytes went meanwhile.

use std::borrow::Cow;
use std::ops::Range;

use crate::head::{Fields, Head, Method};

/// Where the parts of a checked head lie in its bytes, so that they need not be found and checked again. A head has no
/// more bytes than 16 bits count.
pub(crate) struct Places {
    method: Method,
    target: Place,
    /// In the target.
    path: Place,
    /// In the target.
    query: Option<Place>,
    host: Host,
    prefix: &'static str,
    opted_out: bool,
    authority: Place,
    fields: Vec<(Place, Place)>,
}

type Place = Range<u16>;

enum Host {
    /// In the authority.
    Here(Place),
    /// It came in other letters.
    Other(String),
}

impl Places {
    /// Those of `head`, if all of it is in `bytes`.
    pub(crate) fn of(head: &Head<'_>, bytes: &[u8]) -> Option<Self> {
        let in_target = |part: &str| place(part.as_bytes(), head.target.as_bytes());
        let mut fields = Vec::with_capacity(16);
        let mut all_here = true;
        head.each_field(
            |name, value| match (place(name.as_bytes(), bytes), place(value, bytes)) {
                (Some(name), Some(value)) => fields.push((name, value)),
                _ => all_here = false,
            },
        );
        let places = Self {
            method: head.method,
            target: place(head.target.as_bytes(), bytes)?,
            path: in_target(head.path)?,
            query: match head.query {
                Some(query) => Some(in_target(query)?),
                None => None,
            },
            host: match &head.host {
                Cow::Borrowed(host) => {
                    Host::Here(place(host.as_bytes(), head.authority.as_bytes())?)
                }
                Cow::Owned(host) => Host::Other(host.clone()),
            },
            prefix: head.prefix,
            opted_out: head.opted_out,
            authority: place(head.authority.as_bytes(), bytes)?,
            fields,
        };
        all_here.then_some(places)
    }

    /// Runs `with` the head, which `bytes` are again; without one if they are others, so that a request is counted
    /// whatever became of its bytes.
    pub(crate) fn head<T>(&self, bytes: &[u8], with: impl FnOnce(Option<&Head<'_>>) -> T) -> T {
        let fields = self.fields(bytes);
        let head = fields.as_ref().and_then(|fields| self.with(bytes, fields));
        if head.is_none() {
            tracing::error!("a request's head is not where it was, so its event is not recorded");
        }
        with(head.as_ref())
    }

    fn fields<'b>(&self, bytes: &'b [u8]) -> Option<Vec<httparse::Header<'b>>> {
        let fields = self.fields.iter().map(|(name, value)| {
            let (name, value) = (text(bytes, name)?, bytes.get(range(value))?);
            Some(httparse::Header { name, value })
        });
        fields.collect()
    }

    fn with<'b>(&'b self, bytes: &'b [u8], fields: &'b [httparse::Header<'b>]) -> Option<Head<'b>> {
        let target = text(bytes, &self.target)?;
        let authority = text(bytes, &self.authority)?;
        Some(Head {
            method: self.method,
            target,
            path: target.get(range(&self.path))?,
            query: match &self.query {
                Some(query) => Some(target.get(range(query))?),
                None => None,
            },
            host: match &self.host {
                Host::Here(host) => Cow::Borrowed(authority.get(range(host))?),
                Host::Other(host) => Cow::Borrowed(host),
            },
            prefix: self.prefix,
            opted_out: self.opted_out,
            authority,
            fields: Fields::raw(fields),
        })
    }
}

fn text<'b>(bytes: &'b [u8], place: &Place) -> Option<&'b str> {
    std::str::from_utf8(bytes.get(range(place))?).ok()
}

fn range(place: &Place) -> Range<usize> {
    usize::from(place.start)..usize::from(place.end)
}

/// Where `part`, which was taken out of `whole`, lies in it.
fn place(part: &[u8], whole: &[u8]) -> Option<Place> {
    let start = part.as_ptr().addr().checked_sub(whole.as_ptr().addr())?;
    let end = start.checked_add(part.len())?;
    let place = u16::try_from(start).ok()?..u16::try_from(end).ok()?;
    (end <= whole.len()).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All that a head says.
    fn said(head: &Head<'_>) -> String {
        let mut fields = Vec::new();
        head.each_field(|name, value| fields.push(format!("{name}={}", value.escape_ascii())));
        let Head {
            method,
            target,
            path,
            query,
            host,
            prefix,
            opted_out,
            authority,
            ..
        } = head;
        format!(
            "{method:?} {target} {path} {query:?} {host} {prefix:?} {opted_out} {authority} {fields:?}"
        )
    }

    #[test]
    fn a_head_says_the_same_wherever_its_bytes_are() {
        for (target, fields) in [
            ("/a", "Host: a.test"),
            (
                "/a?b=c",
                "HOST:  A.test:80\r\nX-A: \r\nUser-Agent: curl/8 ä",
            ),
            (
                "/-/no-track/a?",
                "Accept: */*\r\nhost: notrack.a.test\r\nAccept: x",
            ),
        ] {
            let bytes = format!("GET {target} HTTP/1.1\r\n{fields}\r\n\r\n").into_bytes();
            let mut parsed = [httparse::EMPTY_HEADER; 8];
            let mut request = httparse::Request::new(&mut parsed);
            request.parse(&bytes).expect("a request");
            let head = Head::new(
                "GET",
                target_in(&bytes, target),
                Fields::raw(request.headers),
            );
            let head = head.expect("a head");
            let places = Places::of(&head, &bytes).expect("all of it");
            let moved = bytes.clone();
            let told = |head: Option<&Head<'_>>| head.map(said);
            assert_eq!(places.head(&moved, told), Some(said(&head)));
            assert_eq!(places.head(&moved[..20], told), None);
            assert!(Places::of(&head, &moved).is_none());
        }
    }

    fn target_in<'a>(bytes: &'a [u8], target: &str) -> &'a str {
        std::str::from_utf8(&bytes[4..4 + target.len()]).expect("text")
    }
}
