//! Hands what was seen to ingest. Called once a request, before its answer leaves.

use std::net::IpAddr;
use std::sync::Arc;

use weir_event::Answer;
use weir_ingest::{ClientIp, Ingest, Observation};

use crate::fact::Fact;
use crate::head::Head;
use crate::run;

/// How a request was answered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Outcome {
    pub(crate) status: u16,
    pub(crate) answer: Answer,
    pub(crate) bytes: u64,
}

/// The gateway's way into the event path.
#[derive(Clone)]
pub(crate) struct Recorder {
    ingest: Arc<Ingest>,
}

impl Recorder {
    pub(crate) fn new(ingest: Arc<Ingest>) -> Self {
        Self { ingest }
    }

    /// Records one request. When this returns the event is the kernel's, or counted as dropped.
    pub(crate) fn record(&self, head: &Head<'_>, peer: IpAddr, fact: &Fact<'_>, outcome: Outcome) {
        let observation = Observation {
            package: &fact.package,
            ecosystem: fact.ecosystem,
            domain: fact.domain(&head.host),
            route: &fact.route,
            version: &fact.version,
            artifact: &fact.artifact,
            digest: &fact.digest,
            os: &fact.os,
            arch: &fact.arch,
            method: head.method.as_str(),
            status: outcome.status,
            answer: outcome.answer,
            bytes: outcome.bytes,
            target: head.target,
            run: run::id(head),
            user_agent: head.text("user-agent"),
            referrer: head.text("referer"),
            opted_out: head.opted_out(),
            props: fact.props.clone(),
            ..Observation::new(fact.kind)
        };
        self.ingest.record(&observation, self.client(head, peer));
    }

    /// A number for one client within this process, for state that lives for minutes.
    pub(crate) fn session(&self, head: &Head<'_>, peer: IpAddr) -> u64 {
        self.ingest
            .session(&self.client(head, peer), head.text("user-agent"))
    }

    fn client(&self, head: &Head<'_>, peer: IpAddr) -> ClientIp {
        self.ingest.client(peer, head.field("x-forwarded-for"))
    }
}
