//! What an upstream is asked, as bytes.

use crate::fulfil::Forward;
use crate::head::{Head, Method};
use crate::passing;

/// A client's request, as far as upstreams get it.
pub(super) struct Request {
    pub(super) method: Method,
    /// Whole lines.
    fields: Vec<u8>,
}

impl Request {
    pub(super) fn of(head: &Head<'_>) -> Self {
        let mut fields = Vec::with_capacity(512);
        head.each_field(|name, value| {
            if passing::is_forwarded(name) {
                push(&mut fields, &[name.as_bytes(), b": ", value, b"\r\n"]);
            }
        });
        Self {
            method: head.method,
            fields,
        }
    }

    /// Appends it as it is put to the upstream of `forward`.
    pub(super) fn write(&self, forward: &Forward, bytes: &mut Vec<u8>) {
        let target = passing::target(&forward.url).as_bytes();
        let method = self.method.as_str().as_bytes();
        push(bytes, &[method, b" ", target, b" HTTP/1.1\r\nHost: "]);
        let authority = passing::authority(&forward.url).as_bytes();
        push(bytes, &[authority, b"\r\n"]);
        if let Some(authorization) = &forward.authorization {
            let authorization = authorization.as_bytes();
            push(bytes, &[b"Authorization: ", authorization, b"\r\n"]);
        }
        push(bytes, &[&self.fields, b"\r\n"]);
    }
}

fn push(bytes: &mut Vec<u8>, parts: &[&[u8]]) {
    for part in parts {
        bytes.extend_from_slice(part);
    }
}
