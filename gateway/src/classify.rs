//! What a request in somebody's log would have been here: for importing access logs.

use std::sync::Arc;

use weir_config::Catalogue;
use weir_event::{Answer, Kind};
use weir_ingest::import::{Logged, Refusal, Told};

use crate::date;
use crate::ecosystem::{Plan, oci};
use crate::fact::Fact;
use crate::head::{Fields, Head};
use crate::moment::Moment;
use crate::routes::Routes;

/// What nginx and CloudFront log in the place of a status where the client has closed the connection.
const GIVEN_UP: [u16; 2] = [499, 0];

/// The configuration's routes, asked about requests that others answered.
pub struct Classifier {
    routes: Routes,
}

impl Classifier {
    /// Arranges a checked catalogue for look-up.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            routes: Routes::new(catalogue),
        }
    }

    /// What the request was, with the status that it was answered with.
    pub fn classify(&self, logged: Logged) -> Result<Told, Refusal> {
        if GIVEN_UP.contains(&logged.status) {
            return Err(Refusal::NoAnswer);
        }
        let fields = [
            ("host", &logged.host),
            ("user-agent", &logged.user_agent),
            ("referer", &logged.referrer),
        ];
        let fields = fields.map(|(name, value)| httparse::Header {
            name,
            value: value.as_bytes(),
        });
        let head = Head::new(&logged.method, &logged.target, Fields::raw(&fields))
            .map_err(|_| Refusal::NoRequest)?;
        let decision = date::now(|now| self.routes.decide(&head, Moment::unasked(now)));
        if let Plan::Oci(oci::Ask::Manifest(_) | oci::Ask::Blob(_)) = decision.plan {
            return Err(Refusal::Pull);
        }
        let fact = decision.fact.ok_or(Refusal::Uncounted)?;
        if fact.package.is_empty() {
            return Err(Refusal::NoRoute);
        }
        let mut told = told(answered(fact, logged.status), logged.time);
        told.domain = head.host.clone().into_owned();
        told.method = head.method.as_str();
        told.opted_out = logged.opted_out || head.opted_out;
        told.answer = match logged.status {
            400.. => Answer::None,
            300.. => Answer::Redirect,
            _ => Answer::Serve,
        };
        Ok(Told {
            id: logged.id,
            address: logged.address,
            status: logged.status,
            bytes: logged.bytes,
            target: logged.target,
            user_agent: logged.user_agent,
            referrer: logged.referrer,
            ..told
        })
    }
}

/// The fact, now that the answer is known.
fn answered(mut fact: Fact<'_>, status: u16) -> Fact<'_> {
    match status {
        // The client had it already.
        304 if fact.kind == Kind::Download => fact.kind = Kind::Check,
        200 | 206 | 300..=399 => {}
        _ => fact = fact.failed(status),
    }
    fact
}

fn told(fact: Fact<'_>, time: u32) -> Told {
    let props = fact.props.into_iter();
    Told {
        package: fact.package.into_owned(),
        ecosystem: fact.ecosystem,
        route: fact.route.into_owned(),
        version: fact.version.into_owned(),
        artifact: fact.artifact.into_owned(),
        digest: fact.digest.into_owned(),
        os: fact.os.into_owned(),
        arch: fact.arch.into_owned(),
        props: props
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect(),
        ..Told::new(fact.kind, time)
    }
}

#[cfg(test)]
mod tests;
