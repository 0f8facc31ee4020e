//! What the body of a request would tell, and what its sender would be answered.

use std::sync::Arc;

use weir_config::Catalogue;

use super::{ExplainError, columns, split};
use crate::date;
use crate::ecosystem::Plan;
use crate::head::{Fields, Head};
use crate::moment::Moment;
use crate::routes::Routes;

/// A request whose body may tell of something.
#[derive(Clone, Copy, Debug)]
pub struct Sent<'r> {
    /// Its method.
    pub method: &'r str,
    /// The whole address that it is sent to.
    pub address: &'r str,
    /// Its fields beside `Host`.
    pub fields: &'r [(&'r str, &'r str)],
}

/// What a body tells.
#[derive(Debug, PartialEq, Eq)]
pub struct BodyExplanation {
    /// The status of the answer.
    pub status: u16,
    /// The answer's text.
    pub answer: String,
    /// The address or a header asks not to be counted.
    pub opted_out: bool,
    /// Of each event, names and values of the columns that are known beforehand.
    pub events: Vec<Vec<(&'static str, String)>>,
}

/// The configuration's routes, asked about bodies that are not kept.
pub struct Bodies {
    routes: Routes,
}

impl Bodies {
    /// Arranges a checked catalogue for look-up.
    pub fn new(catalogue: Arc<Catalogue>) -> Self {
        Self {
            routes: Routes::new(catalogue),
        }
    }

    /// What a body tells that arrives in these `pieces`.
    pub fn explain<'p>(
        &self,
        sent: Sent<'_>,
        pieces: impl IntoIterator<Item = &'p [u8]>,
    ) -> Result<BodyExplanation, ExplainError> {
        let (host, target) = split(sent.address)?;
        let host = ("host", host);
        let fields: Vec<_> = std::iter::once(&host)
            .chain(sent.fields)
            .map(|&(name, value)| httparse::Header {
                name,
                value: value.as_bytes(),
            })
            .collect();
        let head = Head::new(sent.method, target, Fields::raw(&fields))?;
        let decision = date::now(|now| self.routes.decide(&head, Moment::unasked(now)));
        let (Plan::Collect(collector), Some(base)) = (decision.plan, decision.fact) else {
            return Err(ExplainError::NoBody);
        };
        let mut reading = collector.begin(base.into_owned());
        let mut facts = Vec::new();
        for piece in pieces {
            facts.extend(reading.piece(piece));
        }
        let (rest, reply) = reading.end(Ok(()), decision.dialect);
        facts.extend(rest);
        Ok(BodyExplanation {
            status: reply.status,
            answer: String::from_utf8_lossy(&reply.body).into_owned(),
            opted_out: head.opted_out,
            events: facts.iter().map(|fact| columns(&head, fact)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use weir_config::Config;

    use super::*;

    /// What a request as HTTP writes it tells, its body cut into pieces of this many bytes.
    fn told(bodies: &Bodies, request: &[u8], cut: usize) -> BodyExplanation {
        let mut fields = [httparse::EMPTY_HEADER; 16];
        let mut parsed = httparse::Request::new(&mut fields);
        let length = parsed.parse(request).expect("a head").unwrap();
        let text = |value| std::str::from_utf8(value).expect("text");
        let fields: Vec<_> = parsed
            .headers
            .iter()
            .map(|field| (field.name, text(field.value)))
            .collect();
        let ((_, host), others) = fields.split_first().expect("a host comes first");
        let address = format!("http://{host}{}", parsed.path.expect("a target"));
        let sent = Sent {
            method: parsed.method.expect("a method"),
            address: &address,
            fields: others,
        };
        let body = request[length..].chunks(cut);
        bodies.explain(sent, body).expect("a body is read there")
    }

    /// The seeds are what fuzzing begins with: one of each kind of sender.
    #[test]
    fn what_a_body_tells_does_not_depend_on_where_the_network_cuts_it() {
        let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
        let config = Config::load(&fuzz.join("weir.toml"), []).expect("a valid configuration");
        let bodies = Bodies::new(Arc::new(config.catalogue));
        let folder = fs::read_dir(fuzz.join("seeds/collector")).expect("seeds");
        let mut lines: Vec<_> = folder
            .map(|seed| {
                let seed = seed.expect("a seed");
                let request = fs::read(seed.path()).expect("a file");
                let whole = told(&bodies, &request, request.len());
                assert_eq!(told(&bodies, &request, 3), whole);
                let kinds = whole.events.iter().map(|event| event[0].1.as_str());
                let kinds = kinds.collect::<Vec<_>>().join(" ");
                let name = seed.file_name();
                format!("{} {} {kinds}", name.to_string_lossy(), whole.status)
            })
            .collect();
        lines.sort_unstable();
        insta::assert_snapshot!(lines.join("\n"), @"
        array 200 custom custom
        broken 400 
        composer 200 install_ping
        empty 202 custom
        lines 207 custom custom
        lines_typed 207 custom
        many 200 custom custom custom
        object 202 custom
        plausible_debug 200 
        plausible_event 202 custom
        plausible_view 202 view
        plausible_wrong 400 
        route_of_path 202 custom
        scarf_install 200 install_ping
        script_copy 204 custom
        script_unknown 204 broken_link
        script_view 204 view
        typed_wrong 400 
        umami 200 custom
        umami_identify 200
        ");
    }
}
